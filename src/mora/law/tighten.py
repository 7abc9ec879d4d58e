"""Is a lender's own value looser than the law's? Asked parameter by parameter, by the direction the rule declares."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from mora.law.terms import Direction

CLASSES = ("normal", "special_mention", "substandard", "doubtful", "loss")
"""Risk classes from best to worst, as packs write them."""


def is_looser(direction: Direction, law: object, house: object) -> bool:
    """Whether ``house`` asks less than ``law``. Equal is not looser.

    :raises ValueError: the two cannot be compared in that direction; the message says what would be accepted.
    """
    match direction:
        case Direction.LOWER | Direction.EARLIER:
            return _less(law, house)
        case Direction.HIGHER | Direction.LATER:
            return _less(house, law)
        case Direction.SET_GROWS:
            return not _members(house) >= _members(law)
        case Direction.SET_SHRINKS:
            return not _members(house) <= _members(law)
        case Direction.BECOMES_TRUE:
            return _flag(law) and not _flag(house)
        case Direction.BECOMES_FALSE:
            return _flag(house) and not _flag(law)
        case Direction.SEVERER:
            return _rank(house) < _rank(law)
        case Direction.BANDS_SEVERER:
            return _bands_looser(law, house)


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
