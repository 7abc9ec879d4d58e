"""Schedules: worked cases, and what holds for every schedule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mora.core.calendar import CALENDARS, Adjustment, ChineseCalendar, HolidayCalendar, adjust
from mora.core.dates import DayCount
from mora.core.errors import Refused
from mora.core.money import Rounding, parse_minor
from mora.core.rates import SCALE, parse_rate
from mora.law.reading import read_nodes
from mora.loans.product_keys import SCHEDULE_KEYS
from mora.loans.products import parse_sheets
from mora.loans.schedule import generate, plan
from mora.loans.schedule_terms import (
    AccrueTo,
    FirstPeriod,
    Frequency,
    InterestBy,
    Method,
    Payment,
    PlanTerms,
    Residue,
    ScheduleTerms,
)

CASES = [
    (path.stem, case)
    for path in sorted((Path(__file__).parent / "cases").glob("schedule_*.yaml"))
    for case in read_nodes(path.read_text(encoding="utf-8")).plain()  # type: ignore[union-attr]
]


def minor(amount: object) -> int:
    return parse_minor(str(amount), "CNY")


def terms_of(given: Any) -> ScheduleTerms:
    words = {key.name: given.get("plan", {}).get(key.name) for key in SCHEDULE_KEYS}
    written = ", ".join(f"{k}: {str(v).lower()}" for k, v in words.items() if v is not None)
    calendar = given.get("calendar", "none")
    sheets, findings = parse_sheets(f"p: {{calendar: {calendar}, schedule: {{{written}}}}}")
    assert findings == []
    balloon = given.get("balloon")
    return ScheduleTerms(
        principal=minor(given["principal"]),
        annual_rate_e12=parse_rate(str(given["annual_rate"])),
        started_on=given["started_on"],
        count=given.get("count", 0),
        first_due_on=given.get("first_due_on"),
        due_day=given.get("due_day"),
        balloon_minor=None if balloon is None else minor(balloon),
        custom=tuple((day, minor(amount)) for day, amount in given.get("custom", ())),
        plan=sheets["p"].plan,
        calendar=CALENDARS[calendar],
    )


@pytest.mark.parametrize(("file", "case"), CASES, ids=[f"{file}: {case['name']}" for file, case in CASES])
def test_the_worked_cases_come_out_to_the_cent(file: str, case: Any) -> None:
    rows = plan(terms_of(case["terms"]))
    made = [(row.instalment.due_on, row.instalment.principal, row.instalment.interest) for row in rows]
    assert made == [(day, minor(principal), minor(interest)) for day, principal, interest in case["rows"]]
    if "unadjusted" in case:
        assert [row.unadjusted_on for row in rows] == list(case["unadjusted"])
    assert [row.provisional for row in rows] == list(case.get("provisional", [False] * len(rows)))


def test_there_are_worked_cases_of_every_method_and_frequency() -> None:
    said = [case["terms"].get("plan", {}) for _, case in CASES]
    assert {words.get("method", "annuity") for words in said} == set(Method)
    assert {words.get("frequency", "monthly") for words in said} == set(Frequency)


plan_terms = st.builds(
    PlanTerms,
    method=st.sampled_from([method for method in Method if method not in {Method.CUSTOM, Method.BALLOON}]),
    frequency=st.sampled_from(Frequency), interest=st.sampled_from(InterestBy), day_count=st.sampled_from(DayCount),
    rounding=st.sampled_from(Rounding), payment=st.sampled_from(Payment), payment_rounding=st.sampled_from(Rounding),
    residue=st.sampled_from(Residue), first_period=st.sampled_from(FirstPeriod),
    interest_only_periods=st.integers(0, 3), end_of_month=st.booleans(), accrue_to=st.sampled_from(AccrueTo),
    adjustment=st.sampled_from(Adjustment),
)  # fmt: skip


@st.composite
def schedule_terms(draw: st.DrawFn) -> ScheduleTerms:
    made = draw(plan_terms)
    count = draw(st.integers(made.interest_only_periods + 1, 60))
    started_on = draw(st.dates(date(2005, 1, 1), date(2040, 1, 1)))
    first = started_on + timedelta(days=draw(st.integers(1, 100)))
    terms = ScheduleTerms(
        principal=draw(st.one_of(st.integers(1, 1000), st.integers(1, 10**13))),
        annual_rate_e12=draw(st.integers(0, 10**7)) * 10**5,
        started_on=started_on,
        count=count,
        first_due_on=draw(st.sampled_from([None, first])),
        plan=made,
        calendar=draw(st.sampled_from([CALENDARS["weekends"], CALENDARS["cn"]])),
    )
    if draw(st.booleans()):
        over = draw(st.integers(count, count + 300))
        terms = replace(terms, plan=replace(made, method=Method.BALLOON, amortise_over=over))
    return terms


@given(schedule_terms())
@settings(max_examples=250, deadline=None)
def test_principal_sums_exactly_dates_rise_and_nothing_is_negative(terms: ScheduleTerms) -> None:
    refusal, rows = "", ()
    try:
        rows = generate(terms)
    except Refused as why:
        refusal = str(why)
    # Weeks shorter than a holiday, or a first date moved onto the start, are refused rather than bent.
    assert "is not after" in refusal or not refusal
    assume(not refusal)
    assert sum(row.principal for row in rows) == terms.principal
    assert all(row.principal >= 0 and row.interest >= 0 for row in rows)
    assert all(a.due_on < b.due_on for a, b in pairwise(rows))
    assert rows[0].due_on > terms.started_on
    assert [row.n for row in rows] == list(range(1, len(rows) + 1))
    assert len(rows) == (1 if terms.plan.method is Method.BULLET else terms.count)


rates = st.integers(1, 4000).map(lambda ten_thousandths: ten_thousandths * SCALE // 10_000)


@given(st.integers(10_000, 10**11), rates, st.integers(2, 120))
@settings(max_examples=150, deadline=None)
def test_an_annuity_pays_what_the_textbook_formula_says(principal: int, rate: int, count: int) -> None:
    rows = generate(ScheduleTerms(principal, rate, date(2026, 1, 1), count))
    with localcontext() as context:
        context.prec = 80
        monthly = Decimal(rate) / SCALE / 12
        exact = principal * monthly / (1 - (1 + monthly) ** -count)
    payment = rows[0].principal + rows[0].interest
    assert abs(payment - exact) <= Decimal("0.5")
    assert all(row.principal + row.interest == payment for row in rows[:-1])


@given(st.integers(1000, 10**10), rates, st.integers(2, 40), st.sampled_from(InterestBy))
@settings(max_examples=100, deadline=None)
def test_no_other_payment_leaves_the_last_instalment_nearer(
    principal: int, rate: int, count: int, interest: InterestBy
) -> None:
    terms = ScheduleTerms(
        principal, rate, date(2026, 1, 1), count, plan=PlanTerms(payment=Payment.CLOSEST, interest=interest)
    )
    rows = plan(terms)

    def apart(payment: int) -> int:
        balance = principal
        for row in rows[:-1]:
            charged = Fraction(balance * rate, SCALE) * row.year_part
            balance -= min(balance, max(0, payment - int(charged + Fraction(1, 2))))
        return abs(balance + int(Fraction(balance * rate, SCALE) * rows[-1].year_part + Fraction(1, 2)) - payment)

    payment = rows[0].instalment.principal + rows[0].instalment.interest
    last = rows[-1].instalment.principal + rows[-1].instalment.interest
    assert abs(last - payment) == apart(payment)
    assert all(apart(payment) <= apart(payment + other) for other in (-3, -2, -1, 1, 2, 3) if payment + other >= 0)


@given(st.integers(10_000, 10**11), rates, st.integers(2, 60))
@settings(max_examples=100, deadline=None)
def test_a_spread_residue_leaves_no_instalment_two_units_off(principal: int, rate: int, count: int) -> None:
    rows = generate(ScheduleTerms(principal, rate, date(2026, 1, 1), count, plan=PlanTerms(residue=Residue.SPREAD)))
    totals = [row.principal + row.interest for row in rows]
    assert max(totals) - min(totals) <= 3
    assert sum(row.principal for row in rows) == principal


def refused(**changes: Any) -> str:
    base = ScheduleTerms(100_000, SCALE // 10, date(2026, 1, 10), 12)
    with pytest.raises(Refused) as caught:
        generate(replace(base, **changes))
    return str(caught.value)


def test_terms_that_make_no_schedule_are_refused_with_what_would() -> None:
    assert "1 to" in refused(principal=0)
    assert "at least one" in refused(count=0)
    assert "not after the start" in refused(first_due_on=date(2026, 1, 10))
    assert "1 to 31" in refused(due_day=32)
    assert "leave none of 12" in refused(plan=PlanTerms(interest_only_periods=12))
    assert "either amortise_over" in refused(plan=PlanTerms(method=Method.BALLOON))
    assert "shorter than the 12" in refused(plan=PlanTerms(method=Method.BALLOON, amortise_over=6))
    assert "needs a calendar" in refused(plan=PlanTerms(adjustment=Adjustment.FOLLOWING))
    by_days = PlanTerms(method=Method.CUSTOM, interest=InterestBy.DAYS)
    assert "sum to 5" in refused(plan=by_days, custom=((date(2026, 2, 1), 5),))
    assert "no regular period" in refused(plan=PlanTerms(method=Method.CUSTOM), custom=((date(2026, 2, 1), 100_000),))
    backwards = ((date(2026, 3, 1), 50_000), (date(2026, 2, 1), 50_000))
    assert "not after 2026-03-01" in refused(plan=by_days, custom=backwards)


def test_weeks_within_one_long_holiday_are_refused_rather_than_doubled() -> None:
    holiday = frozenset(date(2026, 10, day) for day in range(1, 9))
    calendar = HolidayCalendar("house", holiday)
    weekly = PlanTerms(frequency=Frequency.WEEKLY, adjustment=Adjustment.FOLLOWING)
    text = refused(started_on=date(2026, 9, 24), plan=weekly, calendar=calendar)
    assert "2026-10-08 becomes 2026-10-09" in text


def test_a_calendar_says_when_it_does_not_know_the_year() -> None:
    calendar = ChineseCalendar()
    assert calendar.is_known(date(2026, 10, 1))
    assert not calendar.is_known(date(2003, 12, 31))
    assert adjust(date(2026, 10, 1), Adjustment.FOLLOWING, calendar).day == date(2026, 10, 8)
    # 3 January 2026 is in the New Year's holiday; the Sunday worked instead is the 4th.
    assert adjust(date(2026, 1, 3), Adjustment.FOLLOWING, calendar).day == date(2026, 1, 4)
    assert adjust(date(2003, 6, 1), Adjustment.FOLLOWING, calendar).provisional
    closed = HolidayCalendar("closed", frozenset(date(2026, 1, 1) + timedelta(days=k) for k in range(365)))
    with pytest.raises(ValueError, match="no business day"):
        adjust(date(2026, 1, 1), Adjustment.FOLLOWING, closed)
