"""Is this a business day, and does anybody know yet?

Holidays are decided year by year. A calendar therefore answers two questions: whether a day is
a business day, and whether its year has been announced. Beyond that a date is *provisional*: it
is left where it is and says so, instead of being moved by a guess.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

_SATURDAY = 5
_LONGEST = 60
"""Days looked at for a business day; a calendar with none in two months is broken."""


class Calendar(Protocol):
    """What the rooms ask of a calendar."""

    @property
    def name(self) -> str:
        """How product files call it."""
        ...

    def is_known(self, day: date) -> bool:
        """Whether the holidays of that day's year have been announced."""
        ...

    def is_business_day(self, day: date) -> bool:
        """Whether offices work; only asked of known days."""
        ...


class Adjustment(StrEnum):
    """Where a due date goes that is not a business day (2006 ISDA Definitions, section 4.12)."""

    NONE = "none"
    """It stays."""
    FOLLOWING = "following"
    """To the next business day 顺延."""
    MODIFIED_FOLLOWING = "modified_following"
    """To the next business day, or the one before when the next lies in another month."""
    PRECEDING = "preceding"
    """To the business day before 提前."""


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A date after adjustment."""

    day: date
    provisional: bool = False
    """A day it depended on lies in a year not announced; then ``day`` is the unadjusted date."""


def adjust(day: date, adjustment: Adjustment, calendar: Calendar) -> Adjusted:
    """Move a day to a business day by a named rule, or leave it and say 'provisional'.

    :raises ValueError: the calendar has no business day within 60 days.
    """
    if adjustment is Adjustment.NONE:
        return Adjusted(day)
    step = -1 if adjustment is Adjustment.PRECEDING else 1
    moved = _seek(day, step, calendar)
    if moved is not None and adjustment is Adjustment.MODIFIED_FOLLOWING and moved.month != day.month:
        moved = _seek(day, -1, calendar)
    return Adjusted(day, provisional=True) if moved is None else Adjusted(moved)


def _seek(day: date, step: int, calendar: Calendar) -> date | None:
    for away in range(_LONGEST):
        there = day + timedelta(days=step * away)
        if not calendar.is_known(there):
            return None
        if calendar.is_business_day(there):
            return there
    raise ValueError(f"calendar {calendar.name!r} has no business day within {_LONGEST} days of {day}")


@dataclass(frozen=True, slots=True)
class Weekends:
    """Saturdays and Sundays are off, nothing else; every year is known."""

    name: str = "weekends"

    def is_known(self, day: date) -> bool:  # noqa: ARG002  weekends need no announcement
        """Always."""
        return True

    def is_business_day(self, day: date) -> bool:
        """Monday to Friday."""
        return day.weekday() < _SATURDAY


@dataclass(frozen=True)
class HolidayCalendar:
    """Weekends, the holidays given, and the weekend days worked instead 调休; years without an entry are unknown."""

    name: str
    holidays: AbstractSet[date]
    worked: AbstractSet[date] = frozenset()
    years: AbstractSet[int] = frozenset()
    """Years announced; empty: those that ``holidays`` mentions."""

    def is_known(self, day: date) -> bool:
        """The year is among those announced."""
        return day.year in (self.years or {holiday.year for holiday in self.holidays})

    def is_business_day(self, day: date) -> bool:
        """A worked day, or Monday to Friday outside the holidays."""
        return day in self.worked or (day.weekday() < _SATURDAY and day not in self.holidays)


@dataclass(frozen=True, slots=True)
class ChineseCalendar:
    """Mainland China's holidays and make-up working days, as announced by the State Council year by year.

    Data: the ``chinesecalendar`` package; years it does not hold are unknown.
    """

    name: str = "cn"

    def is_known(self, day: date) -> bool:
        """Whether the package holds the year."""
        return day.year in _chinese_years()

    def is_business_day(self, day: date) -> bool:
        """As announced.

        :raises NotImplementedError: the year is not known; ask :meth:`is_known` first.
        """
        import chinese_calendar  # noqa: PLC0415  its tables are wanted only where a calendar is

        return bool(chinese_calendar.is_workday(day))


@lru_cache(maxsize=1)
def _chinese_years() -> frozenset[int]:
    from chinese_calendar.constants import holidays  # noqa: PLC0415

    return frozenset(day.year for day in holidays)


CALENDARS: dict[str, Calendar | None] = {"none": None, "weekends": Weekends(), "cn": ChineseCalendar()}
"""Calendars that product files may name."""
