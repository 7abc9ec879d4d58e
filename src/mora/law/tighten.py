"""Is a lender's own value looser than the law's? Asked parameter by parameter, by the direction the rule declares."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from mora.law.terms import Direction

CLASSES = ("normal", "special_mention", "substandard", "doubtful", "loss")
"""Risk classes from best to worst, as packs write them."""


def is_looser(direction: Direction, law: object, house: object) -> bool:
    """Whether ``house`` asks less than ``law``. Equal is not looser.

    :raises ValueError: the two cannot be compared in that direction; the message says what would be accepted.
    """
    return _LOOSER[direction](law, house)


def _less(a: object, b: object) -> bool:
    for kind in ((int, Decimal), (date,), (str,)):
        if isinstance(a, kind) and isinstance(b, kind) and not isinstance(a, bool) and not isinstance(b, bool):
            return bool(a < b)  # type: ignore[operator]
    raise ValueError("two numbers, two dates, or two times of day such as 22:00")


def _members(value: object) -> frozenset[object]:
    if not isinstance(value, tuple):
        raise ValueError("a list")
    return frozenset(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def _rank(value: object) -> int:
    if value not in CLASSES:
        raise ValueError("one of " + ", ".join(CLASSES))
    return CLASSES.index(str(value))


def _bands_looser(law: object, house: object) -> bool:
    law_bands, house_bands = _bands(law), _bands(house)
    days = sorted({first for first, _ in law_bands} | {first for first, _ in house_bands})
    return any(_class_on(house_bands, day) < _class_on(law_bands, day) for day in days)


def _bands(value: object) -> list[tuple[int, int]]:
    """``(first day, rank)`` in order, from rows that begin with the first day and end with the class."""
    accepted = ValueError('rows such as [91, "substandard"]')
    if not isinstance(value, tuple):
        raise accepted
    rows: list[tuple[int, int]] = []
    for row in value:
        if not isinstance(row, tuple) or len(row) < 2 or not isinstance(row[0], int):
            raise accepted
        rows.append((row[0], _rank(row[-1])))
    return sorted(rows)


def _class_on(bands: list[tuple[int, int]], day: int) -> int:
    return max((rank for first, rank in bands if first <= day), default=0)


_LOOSER: dict[Direction, Callable[[object, object], bool]] = {
    Direction.LOWER: _less,
    Direction.EARLIER: _less,
    Direction.HIGHER: lambda law, house: _less(house, law),
    Direction.LATER: lambda law, house: _less(house, law),
    Direction.SET_GROWS: lambda law, house: not _members(house) >= _members(law),
    Direction.SET_SHRINKS: lambda law, house: not _members(house) <= _members(law),
    Direction.BECOMES_TRUE: lambda law, house: _flag(law) and not _flag(house),
    Direction.BECOMES_FALSE: lambda law, house: _flag(house) and not _flag(law),
    Direction.SEVERER: lambda law, house: _rank(house) < _rank(law),
    Direction.BANDS_SEVERER: _bands_looser,
}
