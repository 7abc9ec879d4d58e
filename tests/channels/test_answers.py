"""What people write back: worked sentences, and what must hold of any text."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mora.channels.answers import Meaning, answers
from mora.channels.answers.amount import amounts
from mora.channels.answers.when import days

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "answers.yaml").read_text(encoding="utf-8"))
WEDNESDAY = date(2026, 3, 4)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["say"]))
def test_worked_sentences(case: dict[str, Any]) -> None:
    text = str(case["say"])
    found = answers(text, WEDNESDAY, case.get("currency", "CNY"))
    said = sorted(f"{each.meaning}{'!' if each.certain or each.urgent else ''}" for each in found)
    assert said == sorted(case.get("means", [])), [(each.meaning.value, each.quote) for each in found]
    assert all(text[each.start : each.end] == each.quote for each in found)
    if "quote" in case:
        assert case["quote"] in [each.quote for each in found]
    promise = next((each for each in found if each.meaning is Meaning.PROMISE), None)
    if promise is not None:
        amount = case.get("amount")
        minor = None if amount is None else int(Decimal(str(amount)) * 100)
        read = (promise.due_on, promise.amount_minor, promise.in_full)
        assert read == (case.get("due_on"), minor, case.get("in_full", False))


def test_there_are_enough_sentences_and_none_twice() -> None:
    told = [case["say"] for case in CASES]
    assert len(told) == len(set(told)) >= 120
    near = [case for case in CASES if not case.get("means")]
    assert len(near) >= 60


ANY = st.text(max_size=60)
WORDS = st.lists(
    st.sampled_from(
        ["退订", "STOP", "TD", "已还", "还", "没", "不", "下周五", "五百", "500元", "I", "paid", "don't",
         "wrong number",
         " ", "，", "?",
         "困难", "我没借", "明天", "tomorrow", "will pay", "2月30日", "99号", "¥", "1.2.3", "万"]
    ),
    max_size=8,
).map("".join)  # fmt: skip


@settings(deadline=None)
@given(st.one_of(ANY, WORDS))
def test_no_text_stops_the_reading_and_quotes_are_the_texts_own(text: str) -> None:
    for each in answers(text, WEDNESDAY):
        assert text[each.start : each.end] == each.quote != ""
        assert each.due_on is None or each.due_on >= WEDNESDAY
        assert each.amount_minor is None or each.amount_minor > 0


@settings(deadline=None)
@given(st.one_of(ANY, WORDS))
def test_only_a_refusal_alone_is_certain(text: str) -> None:
    found = answers(text, WEDNESDAY)
    if any(each.certain for each in found):
        (only,) = found
        assert only.meaning is Meaning.OPT_OUT


@settings(deadline=None)
@given(
    st.sampled_from([each["say"] for each in CASES if each.get("means") == ["opt_out!"]]),
    st.text("甲乙abc1", min_size=3),
)
def test_a_refusal_with_other_words_beside_it_is_for_a_person(refusal: str, more: str) -> None:
    assert not any(each.certain for each in answers(f"{refusal} {more}", WEDNESDAY))


def test_a_text_too_long_to_be_read_is_never_certain() -> None:
    assert not any(each.certain for each in answers("STOP" + " " * 6000 + "not at all", WEDNESDAY))


@settings(deadline=None)
@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)))
def test_days_are_those_of_the_calendar(on: date) -> None:
    (friday,) = days("下周五", on)
    assert friday.on is not None
    assert friday.on.weekday() == 4
    assert (friday.on - timedelta(days=friday.on.weekday())) - (on - timedelta(days=on.weekday())) == timedelta(days=7)
    (end,) = days("月底", on)
    assert end.on is not None
    assert (end.on + timedelta(days=1)).day == 1
    assert end.on >= on
    (tomorrow,) = days("tomorrow", on)
    assert tomorrow.on == on + timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "minor"),
    [("还五百", 50_000), ("还1.5万元", 1_500_000), ("还500.00元", 50_000), ("还三千五", 350_000),
     ("还一万二", 1_200_000), ("500块", 50_000), ("还0.5元", 50), ("还0元", None), ("还1.234元", None)],
)  # fmt: skip
def test_amounts_are_exact(text: str, minor: int | None) -> None:
    assert [each.minor for each in amounts(text, "CNY", [])] == [minor]


@pytest.mark.parametrize(
    "text", ["还一点", "还两期", "还三次", "电话13800138000", "500", "还12345678901234", "身份证110101"]
)
def test_what_is_no_amount(text: str) -> None:
    assert amounts(text, "CNY", []) == []
