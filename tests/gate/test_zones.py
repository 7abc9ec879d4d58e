"""Places and clocks: every state and member is there, and local time is found to the second."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mora.core.errors import BadInput
from mora.gate.zones import (
    OWN_ZONE,
    PLACES,
    check_places,
    check_zones,
    inside,
    instant_of,
    local,
    next_inside,
    next_outside,
    start_of_day,
    zones_in,
)  # fmt: skip

ZONES = sorted({zone for zones in PLACES.values() for zone in zones} | {"America/Havana", "Australia/Lord_Howe"})
STATES = """
al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or pa ri sc
sd tn tx ut vt va wa wv wi wy dc pr vi gu mp as
"""
MEMBERS = "at be bg cy cz de dk ee es fi fr gr hr hu ie it lt lu lv mt nl pl pt ro se si sk"

INSTANTS = st.integers(1735689600, 1861920000).map(lambda second: datetime.fromtimestamp(second, UTC))
"""Seconds from 2025 to 2028."""
MINUTES = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


def test_every_state_territory_member_and_nation_is_a_place() -> None:
    assert {place for place in PLACES if place.startswith("us-")} == {f"us-{each}" for each in STATES.split()} | {
        "us-ny-nyc"
    }
    assert {place for place in PLACES if place.startswith("eu-")} == {f"eu-{each}" for each in MEMBERS.split()}
    assert {place for place in PLACES if place[:2] in ("uk", "cn")} == {
        "cn", "uk", "uk-eng", "uk-wls", "uk-sct", "uk-nir",
    }  # fmt: skip
    assert all(zones and set(zones) <= available_timezones() for zones in PLACES.values())
    assert all(OWN_ZONE[root] in PLACES[root] for root in OWN_ZONE)


@pytest.mark.parametrize(
    ("places", "zones"),
    [
        (["us-ca"], ("America/Los_Angeles",)),
        (["us-tn"], ("America/New_York", "America/Chicago")),
        (["us-az"], ("America/Phoenix", "America/Denver")),
        (["us-ny", "us-ny-nyc", "us-ca"], ("America/New_York", "America/Los_Angeles")),
        (["us", "us-ca"], ("America/Los_Angeles",)),
        (["us", "cn"], PLACES["us"]),
        (["cn"], ()),
    ],
)
def test_the_narrowest_places_named_say_where_somebody_may_be(places: list[str], zones: tuple[str, ...]) -> None:
    assert zones_in("us", tuple(places)) == zones


def test_an_unknown_place_or_zone_is_refused_with_what_would_do() -> None:
    check_places(["us-ma", "cn"])
    with pytest.raises(BadInput, match=r"'us-mq' is not a place Mora knows\. Did you mean us-nm\?"):
        check_places(["cn", "us-mq"])
    check_zones(["America/New_York", "UTC"])
    for name in ("Beijing", "America/Nowhere", "", "../etc/passwd", "America/"):
        with pytest.raises(BadInput, match="is not a time zone; write it as America/New_York"):
            check_zones(["UTC", name])


def test_a_window_holds_its_first_instant_and_not_its_last() -> None:
    day, night = (time(8), time(22)), (time(22), time(8))
    for clock, by_day in (
        (time(7, 59, 59, 999999), False),
        (time(8), True),
        (time(21, 59, 59), True),
        (time(22), False),
        (time(0), False),
    ):
        assert inside(clock, day) is by_day
        assert inside(clock, night) is not by_day
    assert not inside(time(8), (time(8), time(8)))


def test_a_day_begins_at_its_first_instant_also_where_it_has_no_midnight() -> None:
    assert start_of_day(date(2026, 3, 2), "Asia/Shanghai") == datetime(2026, 3, 1, 16, tzinfo=UTC)
    assert start_of_day(date(2027, 3, 14), "America/Havana") == datetime(2027, 3, 14, 5, tzinfo=UTC)
    assert start_of_day(date(2026, 11, 1), "America/Havana") == datetime(2026, 11, 1, 4, tzinfo=UTC)
    assert instant_of(date(2026, 3, 8), time(2, 30), "America/New_York") == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)


@given(INSTANTS, st.sampled_from(ZONES))
def test_a_day_begins_where_the_date_changes(at: datetime, zone: str) -> None:
    start = start_of_day(local(at, zone).date(), zone)
    assert start <= at
    assert local(start, zone).date() == local(at, zone).date()
    assert local(start - timedelta(seconds=1), zone).date() < local(start, zone).date()


@settings(deadline=None)
@given(INSTANTS, st.tuples(MINUTES, MINUTES), st.lists(st.sampled_from(ZONES), min_size=1, max_size=3, unique=True))
def test_the_next_instant_inside_is_the_first(at: datetime, window: tuple[time, time], zones: list[str]) -> None:
    """Against trying every minute; a window's ends are whole minutes, and so are the offsets of these zones."""
    for search, wanted in ((next_inside, True), (next_outside, False)):
        found = search(at, window, tuple(zones))
        first = _by_minutes(at, window, zones, wanted=wanted)
        assert found == first if first is not None else found is None or found > at + timedelta(days=2)


def _by_minutes(at: datetime, window: tuple[time, time], zones: list[str], *, wanted: bool) -> datetime | None:
    clocks = [ZoneInfo(zone) for zone in zones]

    def fits(instant: datetime) -> bool:
        return all(inside(instant.astimezone(clock).time(), window) is wanted for clock in clocks)

    if fits(at):
        return at
    minute = at.replace(second=0, microsecond=0)
    for step in range(1, 2 * 24 * 60):
        if fits(minute + timedelta(minutes=step)):
            return minute + timedelta(minutes=step)
    return None


def test_hours_that_meet_only_between_two_changes_of_clocks() -> None:
    # Nine to five in Los Angeles and in London: eight hours apart they never meet. American clocks change on 8 March
    # 2026 (10:00 UTC), British ones on 29 March: between them it is seven, and 9:00 there is 16:00 here, the first day.
    zones, day = ("America/Los_Angeles", "Europe/London"), (time(9), time(17))
    assert next_inside(datetime(2026, 2, 1, tzinfo=UTC), day, zones) == datetime(2026, 3, 8, 16, tzinfo=UTC)
    assert next_inside(datetime(2026, 3, 7, 23, tzinfo=UTC), day, zones) == datetime(2026, 3, 8, 16, tzinfo=UTC)
    # The last such hour of spring is on the 28th; then they wait for 25 October, when British clocks go back first.
    assert next_inside(datetime(2026, 3, 28, 17, tzinfo=UTC), day, zones) == datetime(2026, 10, 25, 16, tzinfo=UTC)
    # On the change's own day, before it and after.
    assert next_inside(datetime(2026, 10, 25, 0, 30, 15, 400, tzinfo=UTC), day, zones) == datetime(
        2026, 10, 25, 16, tzinfo=UTC
    )


def test_hours_that_never_meet_are_never() -> None:
    # Nine to five in Kolkata (+5:30) and in Phoenix (-7), which never change their clocks: twelve and a half apart.
    zones = ("Asia/Kolkata", "America/Phoenix")
    assert next_inside(datetime(2026, 2, 1, tzinfo=UTC), (time(9), time(17)), zones) is None
