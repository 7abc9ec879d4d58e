"""The checker's own handling of zones and days: standard library and the table of holidays, nothing of the gate's."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import chinese_calendar

BEIJING = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
LONDON = ZoneInfo("Europe/London")
BRUSSELS = ZoneInfo("Europe/Brussels")

EUROPEAN_UNION = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU"}
    | {"LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
)
AMERICAN = frozenset({"US", "PR", "VI", "GU", "MP", "AS"})
"""The states and the territories: Regulation F's word "State" takes in both."""


@cache
def zones_of(countries: frozenset[str]) -> tuple[ZoneInfo, ...]:
    """Every zone the time zone database lists for these countries, mainland and islands."""
    lines = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple(ZoneInfo(row[2]) for row in rows if row[0] in countries)


@cache
def possible_zones(named: tuple[str, ...], places: tuple[str, ...], law: str) -> tuple[ZoneInfo, ...]:
    """Where the person may be: the zones named, else every zone of the places this law is about."""
    if named:
        return tuple(ZoneInfo(each) for each in named)
    if law == "us":
        if "us" not in places:  # Massachusetts and New York City keep one clock
            return (NEW_YORK,)
        return zones_of(AMERICAN)
    if law == "uk":
        return (LONDON,)
    if law == "eu":
        return zones_of(EUROPEAN_UNION)
    return (BEIJING,)


def outside(at: datetime, zones: tuple[ZoneInfo, ...], opens: time, closes: time) -> bool:
    """Whether it is outside ``[opens, closes)`` in one of the zones; past midnight when it closes before it opens."""
    for each in zones:
        clock = at.astimezone(each).time()
        inside = opens <= clock < closes if opens < closes else (clock >= opens or clock < closes)
        if not inside:
            return True
    return False


@cache
def midnight(day: date, where: ZoneInfo) -> datetime:
    """The first instant of a day, in UTC so that instants compare as instants."""
    return datetime(day.year, day.month, day.day, tzinfo=where).astimezone(UTC)


def since_midnight(instants: list[datetime], at: datetime, where: ZoneInfo, days: int) -> int:
    """How many of these sorted instants fall on the day of ``at`` or the ``days - 1`` days before it, there."""
    today = at.astimezone(where).date()
    return len(instants) - bisect_left(instants, midnight(today - timedelta(days=days - 1), where))


def months_later(day: date, months: int) -> date:
    """The corresponding day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError


def working_day_from(day: date) -> date:
    """This day, or the first working day after when it is a Chinese holiday; unmoved in years not announced yet."""
    announced = {each.year for each in chinese_calendar.constants.holidays}
    while day.year in announced and chinese_calendar.is_holiday(day):
        day += timedelta(days=1)
    return day
