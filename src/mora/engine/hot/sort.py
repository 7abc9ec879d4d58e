"""Sorting aged loans into the hot partition's files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from mora.core.dates import day_number, from_day_number
from mora.engine.book.manifest import Book
from mora.engine.classify import linked
from mora.engine.hot.calendar import ALWAYS, Days, Flags
from mora.engine.hot.state import FOLDER, Hot, Kept, forget
from mora.engine.scan import REPORTED_BY, Chunk, read_unit, units_of
from mora.engine.trio import TrioWriter, files_named, remove


@dataclass(frozen=True, slots=True)
class Part:
    """Loans of a chunk that go to the same place."""

    day: int
    """ALWAYS, or the due date they rest until."""
    is_linked: bool
    """Whether it is not known yet: they wait until it is seen which debtors are in trouble."""
    chunk: Chunk
    next_on: Days


class Sorter:
    """Takes over the rows that a day before ``until`` may need."""

    def __init__(self, book: Book, as_of: date, until: date) -> None:
        self.book, self.as_of, self.until = book, as_of, day_number(until)
        self._mark = f"{as_of}-g{book.generation}"
        self._held = TrioWriter(book.path / FOLDER, f"held-{self._mark}")
        self._held_days: list[Days] = []
        self._due: dict[int, TrioWriter] = {}
        self._linked = TrioWriter(book.path / FOLDER, f"linked-{self._mark}")
        self._linked_days: list[Days] = []
        forget(book, as_of.isoformat())

    def parts(self, chunk: Chunk, next_on: Days) -> list[Part]:
        """What of a chunk goes where; changes nothing, so that threads may do it."""
        apart = linked(chunk.loans)
        return [*self._parts(chunk, next_on, ~apart), *self._part(chunk, next_on, ALWAYS, apart, is_linked=True)]

    def _parts(self, chunk: Chunk, next_on: Days, among: Flags) -> list[Part]:
        found = []
        for day in (ALWAYS, *range(day_number(self.as_of) + 1, self.until)):
            found += self._part(chunk, next_on, day, among & (next_on == day))
        return found

    @staticmethod
    def _part(chunk: Chunk, next_on: Days, day: int, keep: Flags, *, is_linked: bool = False) -> list[Part]:
        return [Part(day, is_linked, chunk.take(keep), next_on[keep])] if keep.any() else []

    def take_over(self, parts: Iterable[Part]) -> None:
        """Write down what goes where."""
        for part in parts:
            if part.is_linked:
                self._linked.add(part.chunk)
                self._linked_days.append(part.next_on)
            elif part.day == ALWAYS:
                self._held.add(part.chunk)
                self._held_days.append(part.next_on)
            else:
                if part.day not in self._due:
                    name = f"due-{from_day_number(part.day)}-since-{self._mark}"
                    self._due[part.day] = TrioWriter(self.book.path / FOLDER, name)
                self._due[part.day].add(part.chunk)

    def sort_linked(self, parties: pl.Series, is_npl: pl.Series) -> None:
        """Sort the linked loans: all loans of a debtor stand while one of them stands or is non-performing.

        Contagion needs a non-performing loan, and none that rests now can become one within the window, which is
        shorter than the ninety days that takes.

        :param parties, is_npl: of each linked loan, in the order it came.
        """
        if not self._linked.close():
            return
        days = np.concatenate(self._linked_days)
        frame = pl.DataFrame({"party": parties.cast(pl.String), "trouble": (days == ALWAYS) | is_npl.to_numpy()})
        trouble = frame.select(pl.col("trouble").any().over("party")).to_series().to_numpy()
        days = np.where(trouble, ALWAYS, days).astype(np.int32)
        at = 0
        for unit in units_of([files_named(self._linked.folder, self._linked.name)]):
            chunk = read_unit(unit, keep=True, more=REPORTED_BY)
            self.take_over(self._parts(chunk, days[at : at + unit.loans], np.ones(unit.loans, np.bool_)))
            at += unit.loans
        remove(self._linked.folder, self._linked.name)

    def finish(self) -> Kept:
        """Complete the files and say what the partition now holds."""
        held, next_on = [], {}
        if self._held.close():
            held = [self._held.name]
            next_on = {self._held.name: np.concatenate(self._held_days)}
        due = {from_day_number(day).isoformat(): writer.name for day, writer in self._due.items() if writer.close()}
        until = from_day_number(self.until).isoformat()
        hot = Hot(self.as_of.isoformat(), until, self.book.generation, held, due)
        return Kept(hot, next_on, pl.Series("loan_id", [], pl.String))
