"""What the book already holds of one partition, ready to be merged with, a run of loans at a time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from mora.engine.book.columns import COUNTS, LOANS, POSTINGS, SCHEDULE
from mora.engine.book.manifest import SINGLE_TABLES, Book
from mora.engine.book.partition import Buckets, partitions_of
from mora.engine.book.people import columns_of
from mora.engine.book.stage import Stage

AT = "loan_at"
"""A row's loan, as its place in ``loans`` of its partition."""


class InPlace:
    """A partition of the book as it lies on disk; empty when the book is new."""

    def __init__(self, book: Book, part: int) -> None:
        self.book, self.part = book, part
        path = book.file("loans", part) if book.generation else None
        self.loans = pl.read_parquet(path) if path else pl.DataFrame(schema=LOANS | COUNTS)
        self._rows = (
            {table: _Rows(book.file(table, part), self.loans[f"n_{table}"]) for table in ("schedule", "postings")}
            if path
            else {}
        )

    def rows(self, table: str, low: str | None, high: str | None) -> pl.DataFrame:
        """Rows of loans whose id is in ``[low, high)``, in order, with ``loan_at``."""
        columns = SCHEDULE if table == "schedule" else POSTINGS
        if not self._rows:
            return self.no_rows(table)
        ids = self.loans["loan_id"]
        begin = 0 if low is None else int(ids.search_sorted(low, side="left"))
        end = len(ids) if high is None else int(ids.search_sorted(high, side="left"))
        return self._rows[table].read(begin, end, list(columns))

    def no_rows(self, table: str) -> pl.DataFrame:
        """What :meth:`rows` gives where there are none."""
        return pl.DataFrame(
            schema=dict[str, pl.DataType]({AT: pl.Int64()}) | (SCHEDULE if table == "schedule" else POSTINGS)
        )

    @property
    def groups(self) -> list[int]:
        """Loans in each row group, as the files have them."""
        if not self._rows:
            return []
        held = pq.read_metadata(self.book.loans_file(self.part))
        return [held.row_group(g).num_rows for g in range(held.num_row_groups)]

    def close(self) -> None:
        """Let go of the files."""
        for rows in self._rows.values():
            rows.file.close()


class _Rows:
    """A table's file, read by loan."""

    def __init__(self, path: Path | None, counts: pl.Series) -> None:
        self.file = pq.ParquetFile(path)
        self.counts = counts.to_numpy().astype(np.int64)
        self.ends = np.concatenate([[0], np.cumsum(self.counts)])
        groups = [self.file.metadata.row_group(g).num_rows for g in range(self.file.num_row_groups)]
        self.group_begins = np.concatenate([[0], np.cumsum(groups, dtype=np.int64)]).tolist()

    def read(self, begin: int, end: int, columns: list[str]) -> pl.DataFrame:
        """Rows of loans ``begin`` to ``end``."""
        first, last = int(self.ends[begin]), int(self.ends[end])
        low = max(0, bisect_right(self.group_begins, first) - 1)
        high = low
        while high < self.file.num_row_groups and self.group_begins[high] < last:
            high += 1
        table = self.file.read_row_groups(list(range(low, high)), columns=columns)
        rows = pl.DataFrame(pl.from_arrow(table)).slice(first - self.group_begins[low], last - first)
        places = np.repeat(np.arange(begin, end, dtype=np.int64), self.counts[begin:end])
        return rows.insert_column(0, pl.Series(AT, places))


class SplitAnew:
    """The book's rows split for another number of partitions, for a book that has outgrown its own."""

    def __init__(self, book: Book, folder: Path, partitions: int) -> None:
        self.folder, self.book = folder, book
        where = partial(partitions_of, partitions=partitions)
        facts = dict.fromkeys(book.facts, pl.String())
        self.loans = Stage(folder, "book-loans", LOANS | facts | COUNTS, partitions, "loan_id", where)
        self._fill(self.loans, [book.file("loans", part) for part in range(book.partitions)])
        self.people: dict[str, Stage] = {}
        for table in SINGLE_TABLES:
            if (path := book.file(table)) is not None:
                key = "loan_id" if table == "roles" else "party_id"
                self.people[table] = Stage(folder, f"book-{table}", columns_of(table), partitions, key, where)
                self._fill(self.people[table], [path])

    def split_rows(self, buckets: Buckets) -> None:
        """Schedule and postings, once the buckets are known."""
        own = {"loan_id": pl.String()}
        self.rows = {}
        for table, columns in (("schedule", SCHEDULE), ("postings", POSTINGS)):
            self.rows[table] = Stage(self.folder, f"book-{table}", own | columns, len(buckets), "loan_id", buckets.of)
            self._fill(self.rows[table], [self.book.file(table, part) for part in range(self.book.partitions)])

    def _fill(self, stage: Stage, paths: list[Path | None]) -> None:
        for path in paths:
            for frame in _row_groups(path):
                stage.add(frame)
        stage.close()

    def partition(self, part: int, buckets: range) -> Resplit:
        """A partition under the new split."""
        return Resplit(self, part, buckets)


class Resplit:
    """One partition of a book split anew; looks like :class:`InPlace`. Buckets are asked for in order."""

    def __init__(self, split: SplitAnew, part: int, buckets: range) -> None:
        self.split = split
        self.loans = split.loans.read(part).sort("loan_id")
        self._ids = self.loans.select("loan_id", pl.int_range(pl.len(), dtype=pl.Int64).alias(AT))
        self._next: dict[str, Iterator[int]] = {"schedule": iter(buckets), "postings": iter(buckets)}

    def rows(self, table: str, _low: str | None, _high: str | None) -> pl.DataFrame:
        """The next bucket's rows."""
        bucket = next(self._next[table])
        stage = self.split.rows[table]
        frame = stage.read(bucket).join(self._ids, on="loan_id", how="left", maintain_order="left")
        stage.drop(bucket)
        columns = SCHEDULE if table == "schedule" else POSTINGS
        return frame.drop("loan_id").sort(AT, maintain_order=True).select(AT, *columns)

    def no_rows(self, table: str) -> pl.DataFrame:
        """What :meth:`rows` gives where there are none."""
        return pl.DataFrame(
            schema=dict[str, pl.DataType]({AT: pl.Int64()}) | (SCHEDULE if table == "schedule" else POSTINGS)
        )

    @property
    def groups(self) -> list[int]:
        """None stay as they are."""
        return []

    def close(self) -> None:
        """Nothing is held open."""


def _row_groups(path: Path | None) -> Iterator[pl.DataFrame]:
    if path is None:
        return
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            yield pl.DataFrame(pl.from_arrow(file.read_row_group(group)))


def bounds(cuts: pl.Series) -> list[tuple[str | None, str | None]]:
    """For each bucket of a partition, its first loan id and the next bucket's; None for no bound."""
    ids: list[str | None] = [None, *cuts.to_list(), None]
    return list(pairwise(ids))
