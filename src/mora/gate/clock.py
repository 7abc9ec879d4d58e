"""Zones as tables of clock changes, for the kernel (``clock.h``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from mora.gate.zones import OWN_ZONE

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = -(2**63), 2**63 - 1


def microseconds(at: datetime) -> int:
    """Microseconds since 1970-01-01 UTC."""
    since = at - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


@lru_cache(maxsize=2048)
def changes(name: str, first_year: int, last_year: int) -> tuple[tuple[int, int], ...]:
    """When clocks of a zone change in these years, and the offset from then on, both in microseconds.

    The first pair is the offset that held before; outside these years the nearest offset stands. Changes less than a
    day apart that undo each other are not seen; there are none.
    """
    zone = ZoneInfo(name)
    day, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    offset = _offset(day, zone)
    found = [(_FIRST, offset // timedelta(microseconds=1))]
    while day < end:
        then = day + timedelta(days=1)
        later = _offset(then, zone)
        if later != offset:
            low, high = 0, 86_400
            while high - low > 1:
                middle = (low + high) // 2
                if _offset(day + timedelta(seconds=middle), zone) == offset:
                    low = middle
                else:
                    high = middle
            found.append((microseconds(day + timedelta(seconds=high)), later // timedelta(microseconds=1)))
        day, offset = then, later
    return tuple(found)


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


class ZoneSets:
    """Sets of zones by number. The first four hold one zone each, in which the jurisdictions' days turn."""

    def __init__(self) -> None:
        self._zones: dict[str, int] = {}
        self._sets: dict[tuple[str, ...], int] = {}
        for name in OWN_ZONE.values():
            self.number((name,))

    def __len__(self) -> int:
        return len(self._sets)

    @property
    def zones(self) -> int:
        """How many zones there are in all sets together."""
        return len(self._zones)

    def number(self, names: Sequence[str]) -> int:
        """The number of a set."""
        key = tuple(names)
        for name in key:
            self._zones.setdefault(name, len(self._zones))
        return self._sets.setdefault(key, len(self._sets))

    def arrays(self, first_year: int, last_year: int) -> dict[str, npt.NDArray[np.int64] | npt.NDArray[np.int32]]:
        """The kernel's tables, with the changes of these years."""
        start, change, offset = [0], [], []
        for name in self._zones:
            told = changes(name, first_year, last_year)
            change += [at for at, _ in told] + [_LAST]
            offset += [by for _, by in told] + [told[-1][1]]
            start.append(len(change))
        members = [[self._zones[name] for name in names] for names in self._sets]
        return {
            "zone_start": np.array(start, np.int64),
            "change": np.array(change, np.int64),
            "offset": np.array(offset, np.int64),
            "set_start": np.cumsum([0, *map(len, members)], dtype=np.int64),
            "set_zone": np.array([each for names in members for each in names], np.int32),
        }
