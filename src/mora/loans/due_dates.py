"""When do instalments fall due, before and after business-day adjustment?"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from mora.core.calendar import Adjustment, adjust
from mora.core.dates import add_months
from mora.core.errors import Refused
from mora.loans.schedule_terms import Method, ScheduleTerms


@dataclass(frozen=True, slots=True)
class DueDate:
    """One due date."""

    unadjusted_on: date
    due_on: date
    provisional: bool = False
    """The calendar does not know the year yet; ``due_on`` is the unadjusted date and may move."""


def due_dates(terms: ScheduleTerms, count: int) -> tuple[DueDate, ...]:
    """The first ``count`` due dates, strictly rising and after ``started_on``.

    Each date is counted from the first one, not from the one before, so a short month moves only itself.

    :raises Refused: a due date is not after the one before (holidays longer than a period), or adjustment is asked
        for without a calendar.
    """
    plan = terms.plan
    if plan.adjustment is not Adjustment.NONE and terms.calendar is None:
        raise Refused(f"adjustment {plan.adjustment} needs a calendar, such as ChineseCalendar()")
    days: list[DueDate] = []
    for unadjusted_on in _unadjusted(terms, count):
        moved, provisional = unadjusted_on, False
        if terms.calendar is not None:
            adjusted = adjust(unadjusted_on, plan.adjustment, terms.calendar)
            moved, provisional = adjusted.day, adjusted.provisional
        before = days[-1].due_on if days else terms.started_on
        if moved <= before:
            raise Refused(
                f"the due date {unadjusted_on} becomes {moved} by {plan.adjustment}, which is not after {before}; "
                "choose another adjustment or a longer period"
            )
        days.append(DueDate(unadjusted_on, moved, provisional))
    return tuple(days)


def first_is_full(terms: ScheduleTerms) -> bool:
    """Whether ``started_on`` lies exactly one period before the first due date."""
    if terms.first_due_on is None:
        return True
    frequency = terms.plan.frequency
    if frequency.days:
        return terms.first_due_on - timedelta(days=frequency.days) == terms.started_on
    one_later = add_months(terms.started_on, frequency.months)
    return terms.first_due_on == one_later or terms.started_on == _in_month(terms, -1)


def _unadjusted(terms: ScheduleTerms, count: int) -> list[date]:
    if terms.plan.method is Method.CUSTOM:
        return [day for day, _ in terms.custom]
    frequency = terms.plan.frequency
    if frequency.days:
        first = terms.first_due_on or terms.started_on + timedelta(days=frequency.days)
        return [first + timedelta(days=frequency.days * k) for k in range(count)]
    return [_in_month(terms, k) for k in range(count)]


def _in_month(terms: ScheduleTerms, k: int) -> date:
    """The due date ``k`` periods after the first, by month."""
    first = terms.first_due_on or add_months(terms.started_on, terms.plan.frequency.months)
    if k == 0:
        return first
    default_day = first.day if terms.first_due_on else terms.started_on.day
    wanted = terms.due_day or default_day
    if terms.plan.end_of_month and first.day == monthrange(first.year, first.month)[1]:
        wanted = 31
    there = add_months(first.replace(day=1), terms.plan.frequency.months * k)
    return there.replace(day=min(wanted, monthrange(there.year, there.month)[1]))
