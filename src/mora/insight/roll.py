"""The roll matrix between two days, and what it says about each loan that moved.

Buckets are half-open by days past due (M1 holds days 1 to 30). Rows are where loans were, columns where
they are; new loans are a row of their own and loans that left a column by how they left, so that
every loan of either day is in exactly one cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mora.ageing.terms import BUCKETS
from mora.insight.terms import NEW, Movement, MovementKind, RollCell, Standing

ORIGINS = (*BUCKETS, NEW)
TARGETS = (*BUCKETS, Standing.SETTLED.value, Standing.WRITTEN_OFF.value, Standing.SOLD.value, Standing.ABSENT.value)


def roll(cells: Mapping[tuple[str, str, str], tuple[int, ...]], currency: str) -> tuple[RollCell, ...]:
    """One currency's cells in reading order.

    :param cells: by (currency, origin, target): loans, principal before, principal, arrears before, arrears.
    """
    found = [RollCell(origin, target, *sums) for (of, origin, target), sums in cells.items() if of == currency]
    return tuple(sorted(found, key=lambda cell: (ORIGINS.index(cell.origin), TARGETS.index(cell.target))))


def movement_kind(origin: str, target: str) -> MovementKind:
    """What going from ``origin`` to ``target`` means; see :class:`MovementKind`."""
    current = BUCKETS[0]
    if origin == NEW:
        return MovementKind.NEW_CURRENT if target == current else MovementKind.NEW_LATE
    if target not in BUCKETS:
        return MovementKind.LEFT if origin == current else MovementKind.LEFT_LATE
    if origin == current:
        return MovementKind.CURRENT if target == current else MovementKind.FELL_LATE
    if target == current:
        return MovementKind.CURED
    step = BUCKETS.index(target) - BUCKETS.index(origin)
    return MovementKind.WORSENED if step > 0 else MovementKind.EASED if step < 0 else MovementKind.STAYED


def movements(cells: Iterable[RollCell]) -> tuple[Movement, ...]:
    """The cells by what happened. Arrears before, plus all changes, are arrears today, exactly."""
    sums: dict[MovementKind, list[int]] = {}
    for cell in cells:
        add = (
            cell.loans,
            cell.principal_before_minor,
            cell.principal_minor,
            cell.arrears_before_minor,
            cell.arrears_minor,
        )
        had = sums.setdefault(movement_kind(cell.origin, cell.target), [0] * len(add))
        for n, amount in enumerate(add):
            had[n] += amount
    return tuple(Movement(kind, *sums[kind]) for kind in MovementKind if kind in sums)
