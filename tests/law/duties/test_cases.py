"""The worked cases: the days a lawyer worked out are the days that are computed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from law.duties.casebook import EXPECTED, Case, casebook, seen
from mora.law import load
from mora.law.duties import duties_of, read_matters
from mora.law.duties.us.delinquency import days_delinquent, missed

LAW = load()
CASES = casebook()
ROWS = [
    *(f"us-early-intervention/T-US-X{number}" for number in range(1, 10)),
    "cn-limitation/T-CN-12", "cn-limitation/T-CN-12-holiday", "cn-court/T-CN-13", "cn-court/T-CN-14",
    "cn-guarantee/T-CN-15",
]  # fmt: skip


def test_every_row_of_the_rule_tables_is_a_case() -> None:
    assert [row for row in ROWS if row not in CASES] == []


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_case_comes_out_as_worked(case: Case) -> None:
    """All duties of every rule a case names, in order of day, each as expected."""
    found = duties_of(LAW, case.facts, case.as_of)
    rules = [expected["rule"] for expected in case.expect]
    for rule in dict.fromkeys(rules):
        duties = [duty for duty in found if duty.rule_id == rule]
        wanted = [expected for expected in case.expect if expected["rule"] == rule]
        assert [duty.day for duty in duties] == [expected["day"] for expected in wanted]
        for duty, expected in zip(duties, wanted, strict=True):
            assert set(expected) <= EXPECTED
            plain = {"provisional": False, "decides": True} | expected
            also, zh = plain.pop("also", []), plain.pop("zh", "")
            assert {name: seen(duty)[name] for name in plain} == plain, duty.sentence.en
            assert set(also) <= set(duty.also)
            assert zh in duty.sentence.zh
    assert {duty.rule_id for duty in found}.isdisjoint(case.none)


@pytest.mark.parametrize(
    "case", [case for case in CASES.values() if case.delinquent_days is not None], ids=lambda c: c.name
)
def test_days_of_delinquency(case: Case) -> None:
    loan = read_matters(case.facts)[0][2]
    assert days_delinquent(LAW, missed(loan.payments, case.as_of), case.as_of) == case.delinquent_days


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_everybody_may_rely_on(case: Case) -> None:
    """The sentence names the day and says what is unsure; acts after the as-of date are not known."""
    for duty in duties_of(LAW, case.facts, case.as_of):
        assert duty.as_of == case.as_of
        assert duty.met_on is None or duty.met_on <= case.as_of
        for text in (duty.sentence.zh, duty.sentence.en):
            assert duty.day is None or str(duty.day) in text
        assert ("暂定" in duty.sentence.zh) == duty.provisional == ("provisional" in duty.sentence.en)
        if not duty.decides:
            assert re.search("未经核实|规则包未载", duty.sentence.zh)
        assert re.search("[\u4e00-\u9fff]", duty.sentence.zh)
        assert not re.search("[\u4e00-\u9fff]", duty.sentence.en)
        assert duty.clause.zh
        assert duty.clause.en


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_no_act_by_day_is_due_and_overdue(case: Case) -> None:
    """The day after its day, whatever was due and not done is overdue or fallen away, and never still due."""
    for duty in duties_of(LAW, case.facts, case.as_of):
        if duty.status == "due" and duty.day is not None:
            later = duties_of(LAW, case.facts, duty.day + timedelta(days=1))
            same = [each for each in later if (each.rule_id, each.counted_from, each.day, each.matter)
                    == (duty.rule_id, duty.counted_from, duty.day, duty.matter)]  # fmt: skip
            assert all(each.status != "due" for each in same)
