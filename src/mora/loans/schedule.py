"""Which instalments does a loan have? Terms to a schedule, exactly.

1. Due dates are counted from the first, then moved to business days.
2. Each period is a part of a year: the same for every full period, or by the day count.
3. Principal is cut up by the method; interest is the balance times rate times part, rounded by name.
4. The last instalment takes what rounding left over, or the exact plan is rounded balance by balance.

No float is on the way; docs/algorithms/schedules.md has the formulas.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

from mora.core.calendar import Adjustment
from mora.core.dates import year_fraction
from mora.core.errors import Refused
from mora.core.money import MAX_MINOR, Rounding, round_ratio, split
from mora.core.rates import MAX_RATE, SCALE
from mora.loans.annuity import exact_balances, level_payment
from mora.loans.due_dates import DueDate, due_dates, first_is_full
from mora.loans.schedule_terms import AccrueTo, FirstPeriod, InterestBy, Method, Payment, Residue, ScheduleTerms
from mora.loans.terms import Instalment


@dataclass(frozen=True, slots=True)
class PlannedInstalment:
    """An instalment and where it comes from."""

    instalment: Instalment
    unadjusted_on: date
    """The due date before business-day adjustment."""
    provisional: bool
    """The calendar does not know that year yet: the date may still move."""
    year_part: Fraction
    """The part of a year its interest is for."""


def generate(terms: ScheduleTerms) -> tuple[Instalment, ...]:
    """The schedule: principal sums exactly to the loan's, due dates rise strictly, no amount is negative.

    Amounts are minor units; ``n`` counts from 1.

    :raises Refused: the terms do not make a schedule; the message says which and what would.
    """
    return tuple(planned.instalment for planned in plan(terms))


def plan(terms: ScheduleTerms) -> tuple[PlannedInstalment, ...]:
    """As :func:`generate`, with unadjusted dates, provisional marks and parts of a year.

    :raises Refused: as :func:`generate`.
    """
    _check(terms)
    count = len(terms.custom) if terms.plan.method is Method.CUSTOM else terms.count
    horizon = max(count, terms.plan.interest_only_periods + (terms.plan.amortise_over or 0))
    # A balloon's annuity runs on after its last instalment; those later dates need no business day.
    days = due_dates(terms, count)
    parts = _year_parts(terms, days, horizon)
    if terms.plan.method is Method.BULLET:
        return (_bullet(terms, days[-1]),)
    principals = _principals(terms, count, parts)
    charged = _first_part(terms, days, parts[:count])
    rows, balance = [], terms.principal
    for n, (day, principal, part) in enumerate(zip(days, principals, charged, strict=True), start=1):
        interest = _interest(terms, balance, part)
        instalment = Instalment(
            n, day.due_on, principal, interest, version=terms.version, effective_on=terms.effective_on
        )
        rows.append(PlannedInstalment(instalment, day.unadjusted_on, day.provisional, part))
        balance -= principal
    return tuple(rows)


def _check(terms: ScheduleTerms) -> None:
    plan_terms = terms.plan
    if not 0 < terms.principal <= MAX_MINOR:
        raise Refused(f"principal is {terms.principal}; a schedule needs 1 to {MAX_MINOR} minor units")
    if not 0 <= terms.annual_rate_e12 <= MAX_RATE:
        raise Refused(f"annual rate {terms.annual_rate_e12} is outside 0 to {MAX_RATE} parts of 10^-12 (1000 %)")
    if terms.first_due_on is not None and terms.first_due_on <= terms.started_on:
        raise Refused(f"the first due date {terms.first_due_on} is not after the start {terms.started_on}")
    if terms.due_day is not None and not 1 <= terms.due_day <= 31:
        raise Refused(f"due_day is {terms.due_day}; a day of the month is 1 to 31")
    if plan_terms.method is Method.CUSTOM:
        _check_custom(terms)
    elif terms.count < 1:
        raise Refused(f"count is {terms.count}; a schedule needs at least one instalment")
    elif plan_terms.interest_only_periods >= terms.count:
        raise Refused(
            f"{plan_terms.interest_only_periods} interest-only periods leave none of {terms.count} for principal"
        )
    if plan_terms.method is Method.BALLOON:
        _check_balloon(terms)


def _check_custom(terms: ScheduleTerms) -> None:
    total = sum(principal for _, principal in terms.custom)
    if total != terms.principal or min((principal for _, principal in terms.custom), default=-1) < 0:
        raise Refused(
            f"custom principal amounts sum to {total} and the loan's principal is {terms.principal}; "
            "they must be equal and none negative"
        )
    if terms.plan.interest is InterestBy.PERIOD:
        raise Refused("custom due dates have no regular period; give interest: days and a day count")


def _check_balloon(terms: ScheduleTerms) -> None:
    over, left = terms.plan.amortise_over, terms.balloon_minor
    if (over is None) == (left is None):
        raise Refused("a balloon plan needs either amortise_over (periods) or balloon_minor (an amount), and not both")
    amortising = terms.count - terms.plan.interest_only_periods
    if over is not None and over < amortising:
        raise Refused(f"amortise_over is {over}, shorter than the {amortising} instalments that pay principal")
    if left is not None and not 0 <= left <= terms.principal:
        raise Refused(f"balloon_minor is {left}; it lies between 0 and the principal {terms.principal}")


def _year_parts(terms: ScheduleTerms, days: tuple[DueDate, ...], horizon: int) -> list[Fraction]:
    """The part of a year of each regular period, to the end of the annuity."""
    if terms.plan.interest is InterestBy.PERIOD:
        return [Fraction(1, terms.plan.frequency.per_year)] * horizon
    adjusted = terms.plan.accrue_to is AccrueTo.ADJUSTED
    ends = [day.due_on if adjusted else day.unadjusted_on for day in days]
    if horizon > len(days):
        later = due_dates(_unadjusted(terms), horizon)
        ends += [day.unadjusted_on for day in later[len(days) :]]
    starts = [terms.started_on, *ends[:-1]]
    return [year_fraction(start, end, terms.plan.day_count) for start, end in zip(starts, ends, strict=True)]


def _unadjusted(terms: ScheduleTerms) -> ScheduleTerms:
    return replace(terms, plan=replace(terms.plan, adjustment=Adjustment.NONE))


def _first_part(terms: ScheduleTerms, days: tuple[DueDate, ...], parts: list[Fraction]) -> list[Fraction]:
    """The parts charged: as the regular ones, but for a first period that is longer or shorter."""
    odd = terms.plan.interest is InterestBy.PERIOD and not first_is_full(terms)
    if not odd or terms.plan.first_period is FirstPeriod.FULL:
        return parts
    return [year_fraction(terms.started_on, days[0].unadjusted_on, terms.plan.day_count), *parts[1:]]


def _interest(terms: ScheduleTerms, balance: int, part: Fraction) -> int:
    numerator = balance * terms.annual_rate_e12 * part.numerator
    return round_ratio(numerator, SCALE * part.denominator, terms.plan.rounding)


def _bullet(terms: ScheduleTerms, last: DueDate) -> PlannedInstalment:
    if terms.plan.interest is InterestBy.PERIOD:
        days = due_dates(terms, terms.count)
        part = sum(_first_part(terms, days, _year_parts(terms, days, terms.count)), Fraction(0))
    else:
        end = last.due_on if terms.plan.accrue_to is AccrueTo.ADJUSTED else last.unadjusted_on
        part = year_fraction(terms.started_on, end, terms.plan.day_count)
    interest = _interest(terms, terms.principal, part)
    instalment = Instalment(
        1, last.due_on, terms.principal, interest, version=terms.version, effective_on=terms.effective_on
    )
    return PlannedInstalment(instalment, last.unadjusted_on, last.provisional, part)


def _principals(terms: ScheduleTerms, count: int, parts: list[Fraction]) -> list[int]:
    """Principal of each instalment; sums to the loan's."""
    method, free = terms.plan.method, terms.plan.interest_only_periods
    if method is Method.CUSTOM:
        return [principal for _, principal in terms.custom]
    if method is Method.INTEREST_ONLY:
        return [0] * (count - 1) + [terms.principal]
    paying = count - free
    if method is Method.EQUAL_PRINCIPAL:
        return [0] * free + _equal_principal(terms, paying)
    amortising = parts[free:]
    if method is Method.ANNUITY and terms.plan.residue is Residue.SPREAD:
        balances = [terms.principal, *exact_balances(terms.principal, terms.annual_rate_e12, amortising)]
        return [0] * free + [before - after for before, after in pairwise(balances)]
    return [0] * free + _paid_down(terms, amortising[:paying], _payment(terms, amortising, paying))


def _equal_principal(terms: ScheduleTerms, paying: int) -> list[int]:
    if terms.plan.residue is Residue.SPREAD:
        return split(terms.principal, [1] * paying)
    part = round_ratio(terms.principal, paying, terms.plan.payment_rounding)
    parts = [min(part, max(0, terms.principal - part * k)) for k in range(paying - 1)]
    return [*parts, terms.principal - sum(parts)]


def _payment(terms: ScheduleTerms, amortising: list[Fraction], paying: int) -> int:
    rate, rounding = terms.annual_rate_e12, terms.plan.payment_rounding
    if terms.plan.method is Method.BALLOON:
        if terms.balloon_minor is None:
            return level_payment(terms.principal, rate, amortising, rounding=rounding)
        return level_payment(terms.principal, rate, amortising[:paying], terms.balloon_minor, rounding)
    if terms.plan.payment is Payment.CLOSEST:
        return _closest_payment(terms, amortising)
    return level_payment(terms.principal, rate, amortising, rounding=rounding)


def _paid_down(terms: ScheduleTerms, parts: list[Fraction], payment: int) -> list[int]:
    """Principal when every instalment but the last is ``payment``; never negative, never more than is left."""
    balance, principals = terms.principal, []
    for part in parts[:-1]:
        principal = min(balance, max(0, payment - _interest(terms, balance, part)))
        principals.append(principal)
        balance -= principal
    return [*principals, balance]


def _closest_payment(terms: ScheduleTerms, parts: list[Fraction]) -> int:
    """The payment whose last instalment differs least from it; the higher of two that differ alike.

    A higher payment never leaves a higher balance, so 'last minus payment' falls strictly: halve to its sign change.
    """

    def over(payment: int) -> int:
        last = _paid_down(terms, parts, payment)[-1]
        return last + _interest(terms, last, parts[-1]) - payment

    formula = level_payment(terms.principal, terms.annual_rate_e12, parts, rounding=Rounding.DOWN)
    low, high = max(0, formula - 1), formula + 1
    while over(low) <= 0 and low > 0:
        low = max(0, low - 2 * (high - low))
    while over(high) > 0:
        high += 2 * (high - low)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if over(middle) > 0 else (low, middle)
    return high if -over(high) <= over(low) else low
