"""FFIEC: re-ageing, the day of charge-off, non-accrual, and what only warns."""

from __future__ import annotations

from datetime import date

import pytest

from mora.riskclass.terms import Scheme
from mora.riskclass.us_retail import ReAge, charge_off_on, is_non_accrual, may_re_age, special_dates
from riskclass.street import cases, law_on

DAY = date(2026, 6, 15)


@pytest.mark.parametrize("case", [pytest.param(each, id=each["name"]) for each in cases("re_age")])
def test_re_ageing_is_refused_with_every_reason(case):
    ask = dict(case["ask"])
    earlier = tuple(ReAge(**each) for each in ask.pop("earlier", ()))
    verdict = may_re_age(ask.pop("opened_on"), DAY, law_on(DAY).need("us.urcc.reage"), earlier=earlier, **ask)
    assert [reason.short for reason in verdict.refusals] == case["refused"]
    assert verdict.allowed == (not case["refused"])
    assert all(reason.rule_id == "us.urcc.reage" and reason.words.zh for reason in verdict.refusals)


@pytest.mark.parametrize(
    ("scheme", "due_on", "by"),
    [
        # 2026-01-10 + 120 days = 2026-05-10 -> end of May; + 180 = 2026-07-09 -> end of July
        (Scheme.US_CLOSED_END, date(2026, 1, 10), date(2026, 5, 31)),
        (Scheme.US_OPEN_END, date(2026, 1, 10), date(2026, 7, 31)),
        # 2025-11-01 + 120 days = 2026-03-01, the first of a month: its last day counts
        (Scheme.US_CLOSED_END, date(2025, 11, 1), date(2026, 3, 31)),
        (Scheme.US_REAL_ESTATE, date(2026, 1, 10), None),
    ],
)
def test_a_loan_is_charged_off_by_the_end_of_the_month_that_brings_the_days(scheme, due_on, by):
    assert charge_off_on(scheme, due_on, law_on(DAY).need("us.urcc.chargeoff")) == by


def test_interest_stops_being_income_at_90_days_unless_secured_and_in_collection():
    rule = law_on(DAY).need("us.nonaccrual")
    assert not is_non_accrual(89, well_secured=False, in_collection=False, rule=rule)
    assert is_non_accrual(90, well_secured=False, in_collection=False, rule=rule)
    assert is_non_accrual(90, well_secured=True, in_collection=False, rule=rule)
    assert not is_non_accrual(90, well_secured=True, in_collection=True, rule=rule)


def test_bankruptcy_and_fraud_dates_only_warn():
    rule = law_on(DAY).get("us.urcc.special")
    assert rule is not None
    assert not rule.decides
    found = special_dates(rule, bankruptcy_notice_on=date(2026, 1, 1), fraud_found_on=date(2026, 1, 1))
    # 2026-01-01 + 60 days = 2026-03-02; + 90 days = 2026-04-01
    assert ["2026-03-02" in found[0].message, "2026-04-01" in found[1].message] == [True, True]
    assert {each.severity.value for each in found} == {"warning"}
