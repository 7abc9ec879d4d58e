"""What time is it where the person is? Zones of each place, and steps in local time.

Zones are those of the IANA database (zone1970.tab, the ``tzdata`` package). A person whose zone is unknown may be in
any zone of the place, and all must allow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mora.core.errors import BadInput
from mora.law.fields import did_you_mean

_US_STATES = {
    "America/New_York": "ct dc de ga ma md me nc nh nj ny oh pa ri sc va vt wv",
    "America/New_York America/Chicago": "fl tn",
    "America/Detroit America/Menominee": "mi",
    "America/Indiana/Indianapolis America/Chicago": "in",
    "America/New_York America/Kentucky/Louisville America/Chicago": "ky",
    "America/Chicago": "al ar ia il la mn mo ms ok wi",
    "America/Chicago America/Denver": "ks nd ne sd tx",
    "America/Denver": "co mt nm ut wy",
    "America/Phoenix America/Denver": "az",
    "America/Boise America/Los_Angeles": "id",
    "America/Los_Angeles": "ca nv wa",
    "America/Los_Angeles America/Boise": "or",
    "America/Anchorage America/Adak": "ak",
    "Pacific/Honolulu": "hi",
    "America/Puerto_Rico": "pr vi",
    "Pacific/Guam": "gu mp",
    "Pacific/Pago_Pago": "as",
}
_EU_MEMBERS = {
    "at": "Europe/Vienna", "be": "Europe/Brussels", "bg": "Europe/Sofia", "cy": "Asia/Nicosia", "cz": "Europe/Prague",
    "de": "Europe/Berlin", "dk": "Europe/Copenhagen", "ee": "Europe/Tallinn",
    "es": "Europe/Madrid Atlantic/Canary", "fi": "Europe/Helsinki", "fr": "Europe/Paris", "gr": "Europe/Athens",
    "hr": "Europe/Zagreb", "hu": "Europe/Budapest", "ie": "Europe/Dublin", "it": "Europe/Rome",
    "lt": "Europe/Vilnius", "lu": "Europe/Luxembourg", "lv": "Europe/Riga", "mt": "Europe/Malta",
    "nl": "Europe/Amsterdam", "pl": "Europe/Warsaw", "pt": "Europe/Lisbon Atlantic/Azores",
    "ro": "Europe/Bucharest", "se": "Europe/Stockholm", "si": "Europe/Ljubljana", "sk": "Europe/Bratislava",
}  # fmt: skip


def _all_places() -> dict[str, tuple[str, ...]]:
    states = {f"us-{state}": tuple(zones.split()) for zones, names in _US_STATES.items() for state in names.split()}
    members = {f"eu-{member}": tuple(zones.split()) for member, zones in _EU_MEMBERS.items()}
    whole = {
        "cn": ("Asia/Shanghai",),
        "us": tuple(dict.fromkeys(zone for zones in states.values() for zone in zones)),
        "uk": ("Europe/London",),
        "eu": tuple(dict.fromkeys(zone for zones in members.values() for zone in zones)),
    }
    nations = dict.fromkeys(("uk-eng", "uk-wls", "uk-sct", "uk-nir"), ("Europe/London",))
    return whole | states | members | nations | {"us-ny-nyc": ("America/New_York",)}


PLACES = _all_places()
"""Every place a request may name, with the zones a person there may be in."""

OWN_ZONE = {"cn": "Asia/Shanghai", "us": "America/New_York", "uk": "Europe/London", "eu": "Europe/Brussels"}
"""The zone in which a jurisdiction's day decides which version of a rule is in force."""


def check_places(places: Iterable[str]) -> None:
    """Whether every place is known.

    :raises BadInput: one is not; the near miss is suggested.
    """
    for place in places:
        if place not in PLACES:
            hint = did_you_mean(place, PLACES)
            raise BadInput(
                f"places: {place!r} is not a place Mora knows.{hint} Say cn, us, us-ma, us-ny-nyc, uk, eu-de"
            )


def check_zones(names: Iterable[str]) -> None:
    """Whether every zone is in the IANA database.

    :raises BadInput: one is not.
    """
    for name in names:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise BadInput(f"party.zones: {name!r} is not a time zone; write it as America/New_York") from None


@lru_cache(maxsize=4096)
def zones_in(jurisdiction: str, places: tuple[str, ...]) -> tuple[str, ...]:
    """Zones a person may be in when nobody said: of the narrowest places named under this jurisdiction."""
    named = [place for place in places if place == jurisdiction or place.startswith(jurisdiction + "-")]
    narrow = [place for place in named if not any(other.startswith(place + "-") for other in named)]
    return tuple(dict.fromkeys(zone for place in narrow for zone in PLACES[place]))


@lru_cache(maxsize=512)
def zone(name: str) -> ZoneInfo:
    """A zone of the database."""
    return ZoneInfo(name)


def local(at: datetime, name: str) -> datetime:
    """The instant as clocks there show it."""
    return at.astimezone(zone(name))


def instant_of(day: date, clock: time, name: str) -> datetime:
    """When a local clock first shows this time on this day, in UTC.

    A time that a clock change leaves out comes as much after the change as it lies inside the gap.
    """
    return datetime.combine(day, clock, tzinfo=zone(name)).astimezone(UTC)


def start_of_day(day: date, name: str) -> datetime:
    """The first instant of a local day, in UTC."""
    return instant_of(day, time(), name)


def inside(clock: time, window: tuple[time, time]) -> bool:
    """Whether a local time lies in ``[from, to)``; a window that ends before it begins runs over midnight.

    Equal ends hold nothing: an empty window allows no minute, and forbids none.
    """
    start, end = window
    if start <= end:
        return start <= clock < end
    return clock >= start or clock < end


@lru_cache(maxsize=1 << 12)
def next_inside(at: datetime, windows: tuple[time, time], names: tuple[str, ...]) -> datetime | None:
    """The first instant from ``at`` on that lies in the daily window in every zone; None when there is none in a year.

    Moving to the latest of the next openings until nothing moves gives the least common instant.
    """
    return _settle(at, names, lambda clock: inside(clock, windows), windows[0])


def next_outside(at: datetime, windows: tuple[time, time], names: tuple[str, ...]) -> datetime | None:
    """The first instant from ``at`` on that lies outside the daily window in every zone; None when there is none."""
    return _settle(at, names, lambda clock: not inside(clock, windows), windows[1])


def _settle(at: datetime, zones: tuple[str, ...], fits: Callable[[time], bool], opens: time) -> datetime | None:
    """What no day of a week has, no later day has either until clocks change somewhere."""
    limit = at + timedelta(days=366)
    while at <= limit:
        found = _this_week(at, zones, fits, opens)
        if found is not None:
            return found
        changes = [change for name in zones if (change := _change_after(at, name)) is not None]
        if not changes:
            return None
        at = min(changes)
    return None


def _change_after(at: datetime, name: str) -> datetime | None:
    """When clocks of a zone change next; None when they do not within 400 days."""
    day = at.astimezone(UTC).date()
    change = _change_from(day, name)
    return change if change is None or change > at else _change_from(change.date() + timedelta(days=1), name)


@lru_cache(maxsize=8192)
def _change_from(day: date, name: str) -> datetime | None:
    low = datetime.combine(day, time(), UTC)
    offset = local(low, name).utcoffset()
    for _ in range(400):
        high = low + timedelta(days=1)
        if local(high, name).utcoffset() != offset:
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
                low, high = (middle, high) if local(middle, name).utcoffset() == offset else (low, middle)
            return high
        low = high
    return None


def _this_week(at: datetime, zones: tuple[str, ...], fits: Callable[[time], bool], opens: time) -> datetime | None:
    limit = at + timedelta(days=7)
    moved = True
    while moved and at <= limit:
        moved = False
        for name in zones:
            if not fits(local(at, name).time()):
                at, moved = _next_fit(at, name, fits, opens), True
    return None if moved else at


def _next_fit(at: datetime, name: str, fits: Callable[[time], bool], opens: time) -> datetime:
    """The next instant after ``at`` that may fit: the window's opening, or on a day clocks change the exact minute."""
    here = local(at, name)
    if here.utcoffset() != local(at + timedelta(hours=26), name).utcoffset():
        minute = at.replace(second=0, microsecond=0)
        for _ in range(26 * 60):
            minute += timedelta(minutes=1)
            if fits(local(minute, name).time()):
                return minute
        return minute
    then = instant_of(here.date(), opens, name)
    return then if then > at else instant_of(here.date() + timedelta(days=1), opens, name)
