"""What must hold whatever the facts: more that extends never shortens, and no unknown holiday is guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from mora.core.calendar import ChineseCalendar, Weekends
from mora.core.dates import add_months
from mora.core.public_holidays import EnglishCalendar, UnitedStatesCalendar
from mora.law import load
from mora.law.duties import DutyStatus
from mora.law.duties.cn.facts import Claim, Interruption, InterruptionKind, Obstacle, Proof
from mora.law.duties.cn.limitation import limitation
from mora.law.duties.cn.periods import CIVIL, COURT, last_day
from mora.law.duties.counting import business_days_after
from mora.law.duties.us.facts import DuePayment, Mortgage
from mora.law.duties.us.live_contact import live_contacts
from mora.law.duties.us.written_notice import written_notices

CN, US = load("cn"), load("us")
AS_OF = date(2026, 11, 24)
CALENDARS = (Weekends(), ChineseCalendar(), EnglishCalendar(), UnitedStatesCalendar(), UnitedStatesCalendar(False))

due_days = st.dates(date(2021, 1, 1), date(2026, 6, 30))
past = st.dates(date(2021, 1, 1), AS_OF)
demands = st.builds(
    Interruption, kind=st.just(InterruptionKind.DEMAND), done_on=past, proof=st.sampled_from([None, *Proof])
)
# Obstacles that are gone: while one lasts the end is not known, and nothing can be compared with it.
spans = st.tuples(past, st.integers(0, 400)).map(lambda t: Obstacle(t[0], min(AS_OF, t[0] + timedelta(days=t[1]))))
claims = st.builds(
    Claim,
    due_on=st.lists(due_days, min_size=1, max_size=4).map(tuple),
    interruptions=st.lists(demands, max_size=4).map(tuple),
    obstacles=st.lists(spans, max_size=2).map(tuple),
)


def end(claim: Claim) -> date:
    """The last day."""
    day = limitation(CN, claim, AS_OF)[0].day
    assert day is not None
    return day


@given(claims, demands)
def test_one_more_demand_never_shortens_the_limitation_period(claim: Claim, demand: Interruption) -> None:
    assert end(replace(claim, interruptions=(*claim.interruptions, demand))) >= end(claim)


@given(claims, spans)
def test_one_more_obstacle_never_shortens_the_limitation_period(claim: Claim, obstacle: Obstacle) -> None:
    assert end(replace(claim, obstacles=(*claim.obstacles, obstacle))) >= end(claim)


@given(claims, due_days)
def test_a_later_instalment_never_shortens_the_limitation_period(claim: Claim, due: date) -> None:
    assert end(replace(claim, due_on=(max(claim.due_on),))) <= end(replace(claim, due_on=(max(claim.due_on), due)))


@given(claims)
def test_demands_without_proof_change_nothing(claim: Claim) -> None:
    bare = replace(claim, interruptions=tuple(each for each in claim.interruptions if each.proof is not None))
    assert end(bare) == end(claim)


@given(claims)
def test_the_order_of_the_facts_does_not_matter(claim: Claim) -> None:
    turned = replace(
        claim, due_on=claim.due_on[::-1], interruptions=claim.interruptions[::-1], obstacles=claim.obstacles[::-1]
    )
    assert end(turned) == end(claim)


@given(claims)
def test_no_period_passes_the_long_stop_by_more_than_a_holiday(claim: Claim) -> None:
    assert end(claim) <= add_months(max(claim.due_on), 240) + timedelta(days=15)


@given(st.sampled_from([CIVIL, COURT]), st.dates(date(2024, 1, 1), date(2029, 12, 31)))
def test_a_period_ends_on_a_working_day_or_says_that_it_is_provisional(counting: str, day: date) -> None:
    last = last_day(CN, counting, day)
    calendar = ChineseCalendar()
    if last.provisional:
        assert last.day == day  # never moved by a guess
        assert not calendar.is_known(day) or not calendar.is_known(date(day.year + 1, 1, 1))
    else:
        assert calendar.is_business_day(last.day)
        between = ((day + timedelta(days=n)) for n in range((last.day - day).days))
        assert not any(calendar.is_business_day(each) for each in between)


@given(st.sampled_from(CALENDARS), st.dates(date(2024, 1, 1), date(2029, 12, 31)), st.integers(1, 40))
def test_business_days_count_every_business_day_once(calendar, start: date, count: int) -> None:  # type: ignore[no-untyped-def]
    there = business_days_after(start, count, calendar)
    days = [start + timedelta(days=n) for n in range(1, (there.day - start).days + 1)]
    assert there.provisional == any(not calendar.is_known(day) for day in days)
    if not there.provisional:
        assert sum(calendar.is_business_day(day) for day in days) == count
        assert calendar.is_business_day(days[-1])
        assert business_days_after(start, count + 1, calendar).day > there.day


# Regulation X ---------------------------------------------------------------------------------------------------------

MONTHS = [add_months(date(2024, 1, 1), n) for n in range(30)]
payments = st.lists(
    st.tuples(st.sampled_from(MONTHS), st.one_of(st.none(), st.integers(1, 200))), unique_by=lambda t: t[0], max_size=8
).map(lambda rows: tuple(DuePayment(d, None if n is None else d + timedelta(days=n)) for d, n in rows))
days = st.dates(date(2024, 1, 1), date(2026, 10, 1))


def open_day(loan: Mortgage) -> date:
    """The day of the notice still to be given; later than any when none is."""
    waiting = [each for each in written_notices(US, loan, AS_OF) if each.status in (DutyStatus.DUE, DutyStatus.OVERDUE)]
    assert len(waiting) <= 1
    return waiting[0].day or date.max if waiting else date.max


@given(payments, st.lists(days, max_size=4), days)
def test_giving_one_more_notice_never_brings_the_next_one_forward(due, notices, more: date) -> None:  # type: ignore[no-untyped-def]
    before = Mortgage(due, notices=tuple(notices))
    assume(all(notice < more for notice in notices))
    assert open_day(replace(before, notices=(*before.notices, more))) >= open_day(before)


@given(payments, st.lists(days, max_size=6))
def test_no_notice_is_asked_for_within_180_days_of_the_one_before(due, notices) -> None:  # type: ignore[no-untyped-def]
    duties = written_notices(US, Mortgage(due, notices=tuple(notices)), AS_OF)
    for duty in duties:
        before = [
            each.met_on for each in duties if each.met_on and duty.day and each.met_on < duty.day and each != duty
        ]
        if duty.status is not DutyStatus.NOT_NEEDED and duty.met_on is None and before:
            assert duty.day is not None
            assert (duty.day - max(before)).days >= 180


def test_a_servicer_who_always_writes_on_the_last_day_writes_every_180_days() -> None:
    loan = Mortgage(tuple(DuePayment(month) for month in MONTHS))
    given_on: list[date] = []
    while (day := open_day(replace(loan, notices=tuple(given_on)))) <= date(2026, 6, 1):
        given_on.append(day)
    assert given_on[0] == MONTHS[0] + timedelta(days=45)
    assert {(b - a).days for a, b in pairwise(given_on)} == {180}
    assert len(given_on) == 5  # 2024-02-15, 2024-08-13, 2025-02-09, 2025-08-08, 2026-02-04


@given(payments, st.lists(days, max_size=5), days)
def test_one_more_contact_never_undoes_a_contact(due, contacts, more: date) -> None:  # type: ignore[no-untyped-def]
    before = live_contacts(US, Mortgage(due, contacts=tuple(contacts)), AS_OF)
    after = live_contacts(US, Mortgage(due, contacts=(*contacts, more)), AS_OF)
    done = (DutyStatus.MET, DutyStatus.NOT_NEEDED)
    for one, other in zip(before, after, strict=True):
        assert (one.counted_from, one.day) == (other.counted_from, other.day)
        assert one.status not in done or other.status in done
        assert not (other.late and not one.late and one.status is DutyStatus.MET)


@given(payments, st.lists(days, max_size=5))
def test_a_contact_in_time_lies_between_the_due_date_and_its_36th_day(due, contacts) -> None:  # type: ignore[no-untyped-def]
    for duty in live_contacts(US, Mortgage(due, contacts=tuple(contacts)), AS_OF):
        assert duty.counted_from is not None
        window = [each for each in contacts if duty.counted_from <= each <= duty.counted_from + timedelta(days=36)]
        if duty.status is DutyStatus.MET:
            assert duty.late == (not window)
        else:
            assert not window or duty.status is DutyStatus.NOT_NEEDED
