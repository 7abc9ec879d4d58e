"""What a day must look at: held loans whose day has come, due dates that have come, and what was touched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mora.engine.book.manifest import Book
from mora.engine.hot.calendar import NEVER, Days, Flags
from mora.engine.hot.state import FOLDER, Kept
from mora.engine.scan import REPORTED_BY, Chunk, Unit, read_unit, units_of
from mora.engine.trio import files_named


@dataclass(frozen=True, slots=True)
class Piece:
    """Loans to age today, and where they came from."""

    chunk: Chunk
    held_in: str | None = None
    """The held file they stay in; None: they are taken over anew."""
    places: Days | None = None
    """Their places in that file's order."""
    is_touched: bool = False
    """Whether an import brought them."""


@dataclass(frozen=True, slots=True)
class Look:
    """One unit to look into."""

    unit: Unit
    held_in: str | None
    offset: int
    """Loans of the file before this unit."""


def looks(book: Book, kept: Kept, as_of: date) -> list[Look]:
    """The units of the hot partition that ``as_of`` must look into."""
    folder = book.path / FOLDER
    found = []
    for name in kept.hot.held:
        offset = 0
        for unit in units_of([files_named(folder, name)]):
            found.append(Look(unit, name, offset))
            offset += unit.loans
    for day, name in kept.hot.due.items():
        if day <= as_of.isoformat():
            found += [Look(unit, None, 0) for unit in units_of([files_named(folder, name)])]
    return found


def read_look(look: Look, kept: Kept, touched: pa.Array, superseded: pa.Array, today: int) -> Piece | None:
    """The loans of one unit that matter today; None when there are none.

    Touched loans come out of the book itself: in a held file they are marked as gone.
    """
    if look.held_in is not None:
        days = kept.next_on[look.held_in][look.offset : look.offset + look.unit.loans]
        if not (days <= today).any() and not len(touched):
            return None
        chunk = read_unit(look.unit, keep=True, more=REPORTED_BY)
        gone = _among(chunk.loans["loan_id"], touched)
        days[gone] = NEVER
        keep = days <= today
        if not keep.any():
            return None
        return Piece(chunk.take(keep), look.held_in, (look.offset + np.flatnonzero(keep)).astype(np.int32))
    chunk = read_unit(look.unit, keep=True, more=REPORTED_BY)
    ids = chunk.loans["loan_id"]
    keep = ~_among(ids, touched) & ~_among(ids, superseded)
    return Piece(chunk.take(keep)) if keep.any() else None


def _among(ids: pa.ChunkedArray, some: pa.Array) -> Flags:
    if not len(some):
        return np.zeros(len(ids), np.bool_)
    found: Flags = pc.is_in(ids, value_set=some).to_numpy()
    return found
