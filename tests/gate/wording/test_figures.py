"""Amounts, days late and dates against a position: worked cases, and the numerals they stand on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mora.core.errors import BadInput
from mora.core.money import format_minor
from mora.gate.words.facts import Position, mismatches
from mora.gate.words.numerals import chinese_integer, scaled

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "cases/figures.yaml").read_text(encoding="utf-8"))
ROW: dict[str, object] = {
    "currency": "CNY", "as_of": date(2026, 3, 17), "days_past_due": 35, "oldest_unpaid_due_on": "2026-02-10",
    "overdue_principal_minor": 120_000, "overdue_interest_minor": 3_000, "penalty_minor": 456, "arrears_minor": 123_456,
    "next_due_on": date(2026, 4, 10), "next_due_minor": 50_000, "last_paid_on": None,
    "other_amounts_minor": [30_000], "other_dates": ["2026-03-31"],
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_worked_cases(case: dict[str, Any]) -> None:
    found = [
        {"kind": each.kind.value, "quote": case["text"][each.start : each.end]}
        for each in mismatches(case["text"], Position.of(ROW))
    ]
    assert found == case["wrong"]


@given(st.integers(0, 10**11))
def test_an_amount_as_mora_writes_it_is_read_back(minor: int) -> None:
    position = Position("CNY", {"arrears_minor": minor})
    assert (
        list(mismatches(f"您应还{format_minor(minor, 'CNY')}元。You owe CNY {format_minor(minor, 'CNY')}.", position))
        == []
    )
    assert len(list(mismatches(f"您应还{format_minor(minor + 1, 'CNY')}元。", position))) == 1


@given(st.integers(1, 99_999_999))
def test_chinese_numerals_are_read_back(number: int) -> None:
    digits, units = "零一二三四五六七八九", ["", "十", "百", "千"]

    def below(part: int) -> str:
        out, gap = "", False
        for place in (3, 2, 1, 0):
            digit = part // 10**place % 10
            if digit:
                out += ("零" if gap and out else "") + digits[digit] + units[place]
                gap = False
            else:
                gap = True
        return out

    high, low = divmod(number, 10_000)
    written = (
        (below(high) + "万" if high else "")
        + ("零" if high and low and low < 1000 else "")
        + (below(low) if low else "")
    )
    assert chinese_integer(written) == number


def test_numerals_people_write() -> None:
    written = ("十", "三千五", "一百二", "两万", "壹拾贰万叁仟", "二〇二六", "一亿二千万")
    assert [chinese_integer(each) for each in written] == [
        10, 3500, 120, 20_000, 123_000, 2026, 120_000_000,
    ]  # fmt: skip
    assert chinese_integer("一二x") is None
    assert scaled("0.001", "", 2) is None  # finer than a cent is not an amount


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({}, "three capital letters"),
        ({"currency": "CNY", "arrears_minor": 12.5}, "minor units"),
        ({"currency": "CNY", "arrears_minor": True}, "minor units"),
        ({"currency": "CNY", "next_due_on": "soon"}, "date such as"),
        ({"currency": "CNY", "other_amounts_minor": 5}, "list"),
    ],
)
def test_a_position_that_is_none(row: dict[str, object], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        Position.of(row)
