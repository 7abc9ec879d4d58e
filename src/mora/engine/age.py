"""Ageing a book: units shared out to threads, results written as they come.

Decoding Parquet, the kernel and encoding all release the interpreter lock, so two threads use
two cores. Memory holds a few chunks whatever the size of the book.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mora.ageing.columns import INSTALMENTS, POSITIONS, STANDING
from mora.ageing.frames import (
    Columns,
    ProductTable,
    age_chunk,
    instalment_columns,
    position_columns,
    standing_columns,
)
from mora.ageing.kernels import FIRST_OPEN_ON, LAST_NPL_ON, NO_DAY
from mora.engine.classify import Classifier, linked
from mora.engine.scan import REPORTED_BY, Chunk, Unit, read_unit
from mora.engine.sink import Sink

Progress = Callable[[int], None]
"""Called with the number of loans just done."""

_PIECE_LOANS = 25_000

Given = TypeVar("Given")
Made = TypeVar("Made")

SNAPSHOT = pa.schema([
    *POSITIONS, *STANDING, ("product", pa.string()), ("party_id", pa.string()), ("party_kind", pa.string()),
    ("written_off_on", pa.date32()), ("sold_on", pa.date32()), *((name, pa.string()) for name in REPORTED_BY),
])  # fmt: skip
"""Columns of the day's snapshots: positions, what else is known, and what reports group by."""


@dataclass(frozen=True, slots=True)
class View:
    """What is asked of every chunk: the day, what was known, and the terms and law that apply."""

    as_of: date
    products: ProductTable
    classifier: Classifier
    known_at: datetime | None = None
    instalments: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one chunk gives: rows that are ready, rows that wait for their debtor's other loans, instalments."""

    loans: int
    ready: pa.Table
    waiting: pa.Table
    waiting_loans: pa.Table
    items: pa.Table | None = None
    first_open_on: npt.NDArray[np.int32] | None = None
    """Due date (day number, NO_DAY when none) of the first item with something open, in order of the chunk's loans."""
    ever_npl: npt.NDArray[np.bool_] | None = None
    """Whether each loan was once more than 90 days past due, in the same order."""


def age_one(chunk: Chunk, view: View) -> Outcome:
    """Age and classify a chunk; loans linked to others by their debtor are left unclassified and given back apart."""
    wait = linked(chunk.loans)
    count, alone = len(wait), int((~wait).sum())
    places = np.where(wait, alone + np.cumsum(wait), np.cumsum(~wait)) - 1 if alone < count else None
    aged = age_chunk(
        chunk.loans,
        chunk.schedule,
        chunk.postings,
        view.products,
        view.as_of,
        known_at=view.known_at,
        instalments=view.instalments,
        places=places,
    )
    items = instalment_columns(chunk.loans, view.as_of, aged) if view.instalments else None
    first_open_on, ever_npl = aged.ints[FIRST_OPEN_ON], aged.ints[LAST_NPL_ON] != NO_DAY
    if places is None:
        ready = view.classifier.alone(chunk.loans, _table(chunk.loans, aged, view))
        return Outcome(count, ready, ready.slice(0, 0), chunk.loans.slice(0, 0), items, first_open_on, ever_npl)
    loans, linked_loans = chunk.loans.filter(pa.array(~wait)), chunk.loans.filter(pa.array(wait))
    ready = view.classifier.alone(loans, _table(loans, aged.between(0, alone), view))
    waiting = _table(linked_loans, aged.between(alone, count).copied(), view)
    return Outcome(count, ready, waiting, linked_loans, items, first_open_on[places], ever_npl[places])


def _table(loans: pa.Table, aged: Columns, view: View) -> pa.Table:
    """Positions and standing of loans, and what else snapshots carry of them."""
    columns = position_columns(loans, view.as_of, aged) | standing_columns(aged)
    for name in SNAPSHOT.names:
        if name in loans.column_names and name not in columns:
            columns[name] = loans[name].combine_chunks()
    return pa.table(columns)


def read_for(unit: Unit, view: View, more: Sequence[str] = ()) -> Chunk:
    """What a view needs to know of a unit.

    Instalments are told by their numbers and versions, which ageing by itself can do without in most units.
    """
    return read_unit(unit, known_at=view.known_at is not None, keep=view.instalments, more=more)


def in_order(work: Callable[[Given], Made], given: Iterable[Given], threads: int) -> Iterator[Made]:
    """Results of ``work`` in the order given, a few ahead of the reader, on some threads."""
    waiting: deque[Future[Made]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for each in given:
                waiting.append(pool.submit(work, each))
                if len(waiting) > threads + 1:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for left in waiting:
                left.cancel()


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0))


def age_units(
    units: Sequence[Unit], view: View, *, snapshot: bool = False, progress: Progress | None = None
) -> Iterator[Outcome]:
    """Age and classify units; the last items hold the loans that had to wait for each other.

    :param snapshot: also read what reports group by.
    """
    more = REPORTED_BY if snapshot else ()

    def work(unit: Unit) -> Outcome:
        return age_one(read_for(unit, view, more), view)

    waiting = Waiting()
    for made in in_order(work, units, cores()):
        waiting.add(made)
        if progress is not None:
            progress(made.loans)
        yield made
    yield from waiting.settle(view)


class Waiting:
    """Loans that wait for their debtor's other loans, gathered into pieces worth a pass and a row group each."""

    def __init__(self) -> None:
        self._pieces: list[tuple[pa.Table, pa.Table]] = []
        self._fresh: list[tuple[pa.Table, pa.Table]] = []

    def add(self, outcome: Outcome) -> None:
        """Keep the rows of an outcome that wait, and nothing else of it."""
        if outcome.waiting.num_rows:
            self._fresh.append((outcome.waiting_loans, outcome.waiting))
            if sum(table.num_rows for _, table in self._fresh) >= _PIECE_LOANS:
                self._gather()

    def _gather(self) -> None:
        if self._fresh:
            loans, tables = zip(*self._fresh, strict=True)
            self._pieces.append((_as_one(loans), _as_one(tables)))
            self._fresh = []

    def settle(self, view: View) -> Iterator[Outcome]:
        """Classify them together, in the order they came: first all totals of their debtors, then piece by piece."""
        self._gather()
        spread = view.classifier.spread(self._pieces) if self._pieces else None
        for loans, table in self._pieces:
            assert spread is not None
            done = view.classifier.together(loans, table, spread)
            yield Outcome(0, done, done.slice(0, 0), loans.slice(0, 0))


def _as_one(tables: Sequence[pa.Table]) -> pa.Table:
    return pa.concat_tables(tables, promote_options="default").unify_dictionaries().combine_chunks()


def write_positions(
    units: Sequence[Unit],
    view: View,
    out: Path,
    *,
    instalments: Path | None = None,
    progress: Progress | None = None,
) -> int:
    """Age units into ``out`` (and instalments into their own file); returns how many loans.

    Nothing appears under either name unless everything was written.
    """
    with Sink(out, POSITIONS) as sink:
        if instalments is None:
            for made in age_units(units, view, progress=progress):
                sink.write(made.ready)
        else:
            with Sink(instalments, INSTALMENTS) as items:
                for made in age_units(units, view, progress=progress):
                    sink.write(made.ready)
                    if made.items is not None:
                        items.write(made.items)
    return sink.rows
