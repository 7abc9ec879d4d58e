"""What a day must look at: held loans whose day has come, due dates that have come, and what was touched.

Nothing is copied: a due date's file and a file of touched loans become held files where they lie.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mora.core.dates import day_number
from mora.engine.book.manifest import Book
from mora.engine.hot.calendar import ALWAYS, NEVER, Days, Flags
from mora.engine.hot.state import FOLDER, Kept
from mora.engine.hot.touched import touched_ids
from mora.engine.scan import REPORTED_BY, Chunk, Unit, read_unit, units_of
from mora.engine.trio import files_named

_NOBODY = pa.array([], pa.string())


@dataclass(frozen=True, slots=True)
class Piece:
    """Loans to age today, and where they stand."""

    chunk: Chunk
    held_in: str
    places: Days
    """Their places in that file's order."""
    stood: Flags
    """Whether they were to be looked at every day, whatever falls due."""


@dataclass(frozen=True, slots=True)
class Look:
    """One unit of a held file to look into."""

    unit: Unit
    held_in: str
    offset: int
    """Loans of the file before this unit."""
    gone: pa.Array
    """Loans whose rows stand in another file by now."""


def looks(book: Book, kept: Kept, touched: list[str], as_of: date) -> list[Look]:
    """The units ``as_of`` must look into; ``kept`` holds from now on the files that have come.

    :param touched: names of the kept files of imports since, the newest first.
    """
    held = list(kept.hot.held)
    come = [name for day, name in kept.hot.due.items() if day <= as_of.isoformat()]
    brought = [touched_ids(book, name) for name in touched]
    moved = pa.concat_arrays([_NOBODY, *brought])
    earlier = pa.concat_arrays([moved, pa.array(kept.superseded.to_list(), pa.string())])
    today = day_number(as_of)
    found = []
    for name in held:
        found += _units(book, kept, name, moved, NEVER)
    for name in come:
        found += _units(book, kept, name, earlier, today)
    for number, name in enumerate(touched):
        found += _units(book, kept, name, pa.concat_arrays([_NOBODY, *brought[:number]]), ALWAYS)
    kept.take_in(come, touched, moved, as_of)
    return found


def _units(book: Book, kept: Kept, name: str, gone: pa.Array, first: int) -> list[Look]:
    """The units of a file; where it was not held before, all its loans are due on the day ``first``."""
    found, offset = [], 0
    for unit in units_of([files_named(book.path / FOLDER, name)]):
        found.append(Look(unit, name, offset, gone))
        offset += unit.loans
    kept.next_on.setdefault(name, np.full(offset, first, np.int32))
    return found


def read_look(look: Look, kept: Kept, today: int) -> Piece | None:
    """The loans of one unit that matter today; None when there are none. Those gone are marked so."""
    days = kept.next_on[look.held_in][look.offset : look.offset + look.unit.loans]
    if not (days <= today).any() and not len(look.gone):
        return None
    chunk = read_unit(look.unit, keep=True, more=REPORTED_BY)
    days[_among(chunk.loans["loan_id"], look.gone)] = NEVER
    keep = days <= today
    if not keep.any():
        return None
    places = (look.offset + np.flatnonzero(keep)).astype(np.int32)
    return Piece(chunk.take(keep), look.held_in, places, days[keep] == ALWAYS)


def _among(ids: pa.ChunkedArray, some: pa.Array) -> Flags:
    if not len(some):
        return np.zeros(len(ids), np.bool_)
    found: Flags = pc.is_in(ids, value_set=some).to_numpy()
    return found
