"""Public holidays that a statute fixes by rule: United States (federal), England and Wales.

Unlike China's, these need no yearly announcement to be worked out. The United States' stand in 5 U.S.C. 6103(a) for
every year to come. England's and Wales' rule is changed now and then by proclamation, so only the years whose list
has been published are known; later ones are provisional.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6
_DAY = timedelta(days=1)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth Monday (0) ... Sunday (6) of a month.

    >>> nth_weekday(2026, 11, 3, 4)
    datetime.date(2026, 11, 26)
    """
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def last_monday(year: int, month: int) -> date:
    """The last Monday of a month that has 31 days."""
    last = date(year, month, 31)
    return last - timedelta(days=last.weekday())


def easter_sunday(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876, known as Meeus/Jones/Butcher)."""
    golden, century, rest = year % 19, year // 100, year % 100
    leap_centuries, century_rest = century // 4, century % 4
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - correction + 15) % 30
    weekday = (32 + 2 * century_rest + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


# United States ------------------------------------------------------------------------------------------------------

_MARTIN_LUTHER_KING_FROM, _JUNETEENTH_FROM = 1986, 2021
"""First years in which the holiday was kept: Pub. L. 98-144; Pub. L. 117-17 (signed on 17 June 2021)."""


@lru_cache(maxsize=256)
def federal_holidays(year: int) -> frozenset[date]:
    """The legal public holidays of 5 U.S.C. 6103(a), on the days the statute names.

    Inauguration Day, 6103(c), binds the District of Columbia's surroundings only and is left out.
    """
    days = {
        date(year, 1, 1),
        nth_weekday(year, 2, _MONDAY, 3),
        last_monday(year, 5),
        date(year, 7, 4),
        nth_weekday(year, 9, _MONDAY, 1),
        nth_weekday(year, 10, _MONDAY, 2),
        date(year, 11, 11),
        nth_weekday(year, 11, _THURSDAY, 4),
        date(year, 12, 25),
    }
    if year >= _MARTIN_LUTHER_KING_FROM:
        days.add(nth_weekday(year, 1, _MONDAY, 3))
    if year >= _JUNETEENTH_FROM:
        days.add(date(year, 6, 19))
    return frozenset(days)


@lru_cache(maxsize=256)
def observed_federal_holidays(year: int) -> frozenset[date]:
    """The weekdays on which federal offices close instead: Friday for a Saturday, Monday for a Sunday.

    5 U.S.C. 6103(b); Executive Order 11582 for Sundays. New Year's Day of the next year may be kept on 31 December.
    """
    found = set()
    for holiday in federal_holidays(year) | federal_holidays(year + 1):
        away = {_SATURDAY: -_DAY, _SUNDAY: _DAY}.get(holiday.weekday())
        if away is not None and (holiday + away).year == year:
            found.add(holiday + away)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class UnitedStatesCalendar:
    """Monday to Friday without the federal public holidays; every year from 1986 is known.

    Texts such as 12 CFR 1006.34(b)(5) leave out Saturdays, Sundays and the holidays of 6103(a). Whether the day on
    which a holiday is *observed* is left out too, they do not say: a period that protects the consumer is counted
    with ``observed`` (longer), a period in which we must act without (shorter).
    """

    observed: bool = True
    name: str = "us"

    def is_known(self, day: date) -> bool:
        """Since 1986; before, the list was another."""
        return day.year >= _MARTIN_LUTHER_KING_FROM

    def is_business_day(self, day: date) -> bool:
        """Monday to Friday, no holiday, nor the day one is observed."""
        if day.weekday() >= _SATURDAY or day in federal_holidays(day.year):
            return False
        return not (self.observed and day in observed_federal_holidays(day.year))


# England and Wales --------------------------------------------------------------------------------------------------

PUBLISHED = range(2019, 2028)
"""Years whose bank holidays the government had published when this was last looked at (November 2026)."""

_MOVED = {date(2020, 5, 4): date(2020, 5, 8), date(2022, 5, 30): date(2022, 6, 2)}
"""By proclamation: the early May holiday to Victory in Europe Day, the spring holiday to the Platinum Jubilee."""

_ADDED = frozenset({date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)})
"""By proclamation: Platinum Jubilee, the Queen's funeral, the King's coronation."""


@lru_cache(maxsize=256)
def english_bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of England and Wales, substitute days included.

    Banking and Financial Dealings Act 1971, schedule 1, with the days kept by custom (Good Friday, Christmas Day) and
    by yearly proclamation (New Year's Day, the first Monday in May), and what single years changed. Whether a year's
    list is final is asked of :data:`PUBLISHED`.
    """
    easter = easter_sunday(year)
    days = {easter - 2 * _DAY, easter + _DAY, nth_weekday(year, 5, _MONDAY, 1), last_monday(year, 5)}
    days |= {last_monday(year, 8), date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)}
    for fixed in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        if fixed.weekday() >= _SATURDAY:
            substitute = fixed
            while substitute.weekday() >= _SATURDAY or substitute in days:
                substitute += _DAY
            days.add(substitute)
    return frozenset(_MOVED.get(day, day) for day in days) | {day for day in _ADDED if day.year == year}


@dataclass(frozen=True, slots=True)
class EnglishCalendar:
    """Monday to Friday without the bank holidays of England and Wales; years without a published list are unknown."""

    name: str = "uk"

    def is_known(self, day: date) -> bool:
        """Whether the year's list had been published."""
        return day.year in PUBLISHED

    def is_business_day(self, day: date) -> bool:
        """Monday to Friday, no bank holiday."""
        return day.weekday() < _SATURDAY and day not in english_bank_holidays(day.year)
