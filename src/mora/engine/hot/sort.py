"""Sorting aged loans into the hot partition's files."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from mora.core.dates import day_number, from_day_number
from mora.engine.book.manifest import Book
from mora.engine.hot.calendar import ALWAYS, Days
from mora.engine.hot.state import FOLDER, Hot, Kept
from mora.engine.scan import REPORTED_BY, Chunk, read_unit, units_of
from mora.engine.trio import TrioWriter, files_named, remove

_NO_IDS = pl.Series("loan_id", [], pl.String)


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

    def wait(self, chunk: Chunk, next_on: Days) -> None:
        """Put loans of debtors with several aside until it is known which of those debtors are in trouble."""
        self._linked.add(chunk, np.ones(len(next_on), np.bool_))
        self._linked_days.append(next_on)

    def sort_waiting(self, parties: pl.Series, is_npl: pl.Series) -> None:
        """Sort what waited: all loans of a debtor stand while one of them stands or is non-performing.

        Contagion needs a non-performing loan, and none that rests now can become one within the window, which is
        shorter than the ninety days that takes.

        :param parties, is_npl: of each loan that waited, in the order it came.
        """
        if not self._linked.close():
            return
        days = np.concatenate(self._linked_days)
        frame = pl.DataFrame({"party": parties.cast(pl.String), "trouble": (days == ALWAYS) | is_npl.to_numpy()})
        trouble = frame.select(pl.col("trouble").any().over("party")).to_series().to_numpy()
        days = np.where(trouble, ALWAYS, days).astype(np.int32)
        at = 0
        for unit in units_of([files_named(self._linked.folder, self._linked.name)]):
            self.sort(read_unit(unit, keep=True, more=REPORTED_BY), days[at : at + unit.loans])
            at += unit.loans
        remove(self._linked.folder, self._linked.name)

    def hold(self, chunk: Chunk, next_on: Days) -> None:
        """Put every loan that is of interest before ``until`` where it is read every day."""
        wanted = next_on < self.until
        self._held.add(chunk, wanted)
        self._held_days.append(next_on[wanted])

    def sort(self, chunk: Chunk, next_on: Days) -> None:
        """Put standing loans where they are read every day, resting ones into the file of their due date."""
        standing = next_on == ALWAYS
        self._held.add(chunk, standing)
        self._held_days.append(next_on[standing])
        for day in range(day_number(self.as_of) + 1, self.until):
            rest = next_on == day
            if rest.any():
                name = f"due-{from_day_number(day)}-since-{self._mark}"
                self._due.setdefault(day, TrioWriter(self.book.path / FOLDER, name)).add(chunk, rest)

    def finish(self, before: Kept | None = None, touched: pl.Series = _NO_IDS) -> Kept:
        """Complete the files and say what the partition now holds.

        :param before: the state this day started from, its arrays brought up to date; None after a whole run.
        :param touched: loans taken over from the book today.
        """
        today = self.as_of.isoformat()
        held = [] if before is None else list(before.hot.held)
        next_on = {} if before is None else dict(before.next_on)
        due = {} if before is None else {day: name for day, name in before.hot.due.items() if day > today}
        if self._held.close():
            held.append(self._held.name)
            next_on[self._held.name] = np.concatenate(self._held_days)
        due |= {from_day_number(day).isoformat(): writer.name for day, writer in self._due.items() if writer.close()}
        superseded = touched if before is None else pl.concat([before.superseded, touched]).unique()
        until = from_day_number(self.until).isoformat()
        return Kept(Hot(today, until, self.book.generation, held, due), next_on, superseded)
