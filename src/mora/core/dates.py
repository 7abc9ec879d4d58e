"""Calendar days, periods and day counts.

A period is half open: it holds its start and not its end. A number of days is
``end - start``. Dates cross into columns as days since 1970-01-01.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

EPOCH = date(1970, 1, 1)
FIRST_DAY = date(1950, 1, 1)
LAST_DAY = date(2199, 12, 31)
"""Dates outside ``[FIRST_DAY, LAST_DAY]`` are refused at the door as slips of the pen."""


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def from_day_number(number: int) -> date:
    """The date that many days after 1970-01-01."""
    return EPOCH + timedelta(days=number)


def add_months(start: date, months: int) -> date:
    """The corresponding day ``months`` later, or the month's last day when it has none.

    The rule of Civil Code art. 202 (到期月的对应日；没有对应日的，月末日).

    >>> add_months(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    index = start.year * 12 + start.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def whole_months(start: date, end: date) -> int:
    """How many times ``add_months(start, n) <= end`` holds for n = 1, 2, ...; never negative."""
    if end <= start:
        return 0
    months = (end.year - start.year) * 12 + end.month - start.month
    while add_months(start, months) > end:
        months -= 1
    return months


class DayCount(StrEnum):
    """Which fraction of a year lies between two dates; named as the markets name them (ISDA 2006, 4.16)."""

    ACT_360 = "act/360"
    """Actual days over 360: Chinese bank loans, US commercial mortgages."""
    ACT_365F = "act/365f"
    """Actual days over 365, leap year or not: sterling."""
    ACT_ACT = "act/act"
    """Actual/actual ISDA: days in leap years over 366, others over 365."""
    THIRTY_360 = "30/360"
    """Bond basis (30/360 US): every month 30 days; a 31st counts as 30th."""
    THIRTY_E_360 = "30e/360"
    """Eurobond basis: both dates' 31st is the 30th."""


def year_fraction(start: date, end: date, day_count: DayCount) -> Fraction:
    """The exact part of a year in ``[start, end)``; zero when ``end <= start``.

    Source: 2006 ISDA Definitions, section 4.16.
    """
    if end <= start:
        return Fraction(0)
    if day_count is DayCount.ACT_360:
        return Fraction((end - start).days, 360)
    if day_count is DayCount.ACT_365F:
        return Fraction((end - start).days, 365)
    if day_count is DayCount.ACT_ACT:
        return _actual_actual(start, end)
    d1, d2 = min(start.day, 30), end.day
    if day_count is DayCount.THIRTY_E_360 or d1 == 30:
        d2 = min(d2, 30)
    return Fraction(360 * (end.year - start.year) + 30 * (end.month - start.month) + d2 - d1, 360)


def _actual_actual(start: date, end: date) -> Fraction:
    total = Fraction(0)
    for year in range(start.year, end.year + 1):
        first, last = max(start, date(year, 1, 1)), min(end, date(year + 1, 1, 1))
        total += Fraction((last - first).days, 365 + (monthrange(year, 2)[1] == 29))
    return total
