"""On which day does a number of days or months end? The day of the event itself is never counted."""

from __future__ import annotations

from datetime import date, timedelta

from mora.core.calendar import Adjusted, Adjustment, Calendar, Weekends, adjust


def days_after(start: date, days: int) -> date:
    """The last of so many calendar days after ``start``."""
    return start + timedelta(days=days)


def business_days_after(start: date, count: int, calendar: Calendar) -> Adjusted:
    """The last of so many business days after ``start``.

    When a day on the way lies in a year that is not announced, the days from there on are counted without holidays
    and the result is provisional: it is the earliest the day can be.
    """
    day, left, provisional = start, count, False
    while left > 0:
        day += timedelta(days=1)
        provisional = provisional or not calendar.is_known(day)
        if (calendar if calendar.is_known(day) else Weekends()).is_business_day(day):
            left -= 1
    return Adjusted(day, provisional)


def rolled(day: date, calendar: Calendar) -> Adjusted:
    """The day itself, or the first business day after when it is a holiday; provisional and unmoved when unknown."""
    return adjust(day, Adjustment.FOLLOWING, calendar)
