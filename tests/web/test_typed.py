"""What people type, and what it means. Today is Friday, 20 November 2026."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mora.core.errors import Refused
from mora.core.money import format_minor
from mora.web import typed

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1234.56", 123456),
        ("1,234.56", 123456),
        ("1，234.56", 123456),  # the comma of a Chinese keyboard
        (" 1 234.56 ", 123456),  # pasted with spaces
        ("12万", 12_000_000),
        ("1.5万", 1_500_000),
        ("3千", 300_000),
        ("1.5k", 150_000),
        ("￥３００", 30_000),  # full width
        ("300元", 30_000),
        ("CNY 300", 30_000),
        (".5", 50),
        ("0.1万", 100_000),
    ],
)
def test_amounts(text: str, minor: int) -> None:
    assert typed.amount(text, "CNY") == minor


@pytest.mark.parametrize("text", ["", "  ", "abc", "1,23", "12万5", "1.2.3", "一百", "1e5", "--3", "9" * 30])
def test_no_amounts(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        typed.amount(text, "CNY")
    assert refusal.value.about == "amount"


def test_finer_than_the_currency_is_refused() -> None:
    with pytest.raises(Refused, match="2 decimals"):
        typed.amount("1.234", "CNY")
    assert typed.amount("1.2345万", "CNY") == 1_234_500  # 12,345.00
    with pytest.raises(Refused, match="0 decimals"):
        typed.amount("1.5", "JPY")


@given(st.integers(min_value=0, max_value=10**14))
def test_what_is_shown_can_be_typed_again(minor: int) -> None:
    assert typed.amount(format_minor(minor, "CNY"), "CNY") == minor


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-01", date(2026, 12, 1)),
        ("2026/12/1", date(2026, 12, 1)),
        ("20261201", date(2026, 12, 1)),
        ("2026年12月1日", date(2026, 12, 1)),
        ("12-1", date(2026, 12, 1)),
        ("12月1日", date(2026, 12, 1)),
        ("1-5", date(2027, 1, 5)),  # 5 January has passed this year
        ("+7", date(2026, 11, 27)),
        ("＋7", date(2026, 11, 27)),
        ("7天后", date(2026, 11, 27)),
        ("三天后", date(2026, 11, 23)),
        ("今天", FRIDAY),
        ("明天", date(2026, 11, 21)),
        ("tomorrow", date(2026, 11, 21)),
        ("大后天", date(2026, 11, 23)),
        ("周一", date(2026, 11, 23)),  # the next one to come
        ("周五", date(2026, 11, 27)),  # today is Friday: the next one
        ("本周日", date(2026, 11, 22)),
        ("下周五", date(2026, 11, 27)),  # the week from Monday on
        ("下周一", date(2026, 11, 23)),
        ("下下周一", date(2026, 11, 30)),
        ("friday", date(2026, 11, 27)),
        ("next friday", date(2026, 11, 27)),
        ("5号", date(2026, 12, 5)),  # the fifth has passed this month
        ("25号", date(2026, 11, 25)),
        ("下月5号", date(2026, 12, 5)),
        ("月底", date(2026, 11, 30)),
        ("两周后", date(2026, 12, 4)),
    ],
)
def test_days(text: str, day: date) -> None:
    assert typed.day(text, FRIDAY) == day


@pytest.mark.parametrize("text", ["", "someday", "2026-02-30", "13-1", "31月5日", "下周八", "+", "0-0"])
def test_no_days(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        typed.day(text, FRIDAY)
    assert refusal.value.about == "due_on"


@given(st.text(max_size=20))
def test_any_text_is_understood_or_refused(text: str) -> None:
    for reader in (lambda: typed.amount(text, "CNY"), lambda: typed.day(text, FRIDAY)):
        with suppress(Refused):
            reader()


@given(st.integers(min_value=0, max_value=400))
def test_days_ahead(days: int) -> None:
    assert (typed.day(f"+{days}", FRIDAY) - FRIDAY).days == days
