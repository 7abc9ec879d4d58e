"""Reading the book for ageing: one row group at a time, only the columns somebody needs.

A unit is one row group of one partition: at most 25,000 loans with exactly their schedule and
postings. Units are independent, so threads and Spark tasks share them out as they like.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mora.ageing import columns as ageing
from mora.core.errors import BadInput
from mora.core.findings import Finding, Severity
from mora.engine.book.manifest import Book
from mora.engine.book.partition import partition_of
from mora.loans.products import parse_products
from mora.loans.terms import Product
from mora.riskclass.columns import LOANS_READ_IF_PRESENT

CLASSIFIED_BY = ("party_id", "sold_on", *LOANS_READ_IF_PRESENT)
"""Loan columns classification asks for beyond ageing's own; facts the book does not have are left out."""
REPORTED_BY = ("branch", "region", "officer")
"""Loan columns snapshots carry for reports."""
_AS_DICTIONARY = ("product", "currency", "party_kind", "branch", "region", "officer")


@dataclass(frozen=True, slots=True)
class Files:
    """The three tables of some loans, as files with aligned row groups."""

    loans: str
    schedule: str
    postings: str


@dataclass(frozen=True, slots=True)
class Unit:
    """One row group of the three tables."""

    files: Files
    row_group: int
    loans: int
    """How many it holds."""
    schedule: tuple[int, int]
    """Offset and number of its rows in the schedule file."""
    postings: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some loans with exactly their rows; offsets follow from n_schedule and n_postings."""

    loans: pa.Table
    schedule: pa.Table
    postings: pa.Table

    def take(self, keep: np.ndarray[Any, np.dtype[np.bool_]]) -> Chunk:
        """The same chunk with only some of its loans.

        :param keep: one truth per loan.
        """
        if keep.all():
            return self
        counts = [self.loans[name].to_numpy() for name in ("n_schedule", "n_postings")]
        places = np.flatnonzero(keep)
        if len(places) * _FEW > len(keep):
            rows, entries = (pa.array(np.repeat(keep, each)) for each in counts)
            return Chunk(self.loans.filter(pa.array(keep)), self.schedule.filter(rows), self.postings.filter(entries))
        rows, entries = (_places_of_rows(each, places) for each in counts)
        return Chunk(self.loans.take(pa.array(places)), self.schedule.take(rows), self.postings.take(entries))


_FEW = 10
"""To gather the rows of less than a tenth of the loans is quicker than to filter them out."""


def _places_of_rows(counts: np.ndarray[Any, Any], places: np.ndarray[Any, np.dtype[np.int64]]) -> pa.Array:
    """Where the rows of the loans at some places stand, from every loan's number of rows."""
    begin = np.cumsum(counts, dtype=np.int64) - counts
    taken = counts[places]
    first = np.cumsum(taken, dtype=np.int64) - taken
    return pa.array(np.arange(taken.sum()) + np.repeat(begin[places] - first, taken))


def partitions(book: Book) -> list[Files]:
    """The files of each partition."""
    found = []
    for number in range(book.partitions):
        paths = [book.file(table, number) for table in ("loans", "schedule", "postings")]
        if all(paths):
            found.append(Files(*(str(path) for path in paths)))
    return found


def units_of(files: Sequence[Files]) -> list[Unit]:
    """Every row group of these files."""
    units = []
    for each in files:
        loans, schedule, postings = (_row_groups(path) for path in (each.loans, each.schedule, each.postings))
        units += [Unit(each, group, held[1], schedule[group], postings[group]) for group, held in enumerate(loans)]
    return units


def _row_groups(path: str) -> list[tuple[int, int]]:
    """Offset and number of rows of each row group."""
    footer = pq.read_metadata(path)
    found, offset = [], 0
    for group in range(footer.num_row_groups):
        rows = footer.row_group(group).num_rows
        found.append((offset, rows))
        offset += rows
    return found


_open = threading.local()


def _loans_file(path: str) -> pq.ParquetFile:
    """A loans file opened once per thread: a reader must not be shared, and footers of wide files cost."""
    held: dict[str, pq.ParquetFile] = _open.__dict__.setdefault("files", {})
    if path not in held:
        if len(held) > 12:
            held.clear()
        held[path] = pq.ParquetFile(path, memory_map=True, read_dictionary=list(_AS_DICTIONARY))
    return held[path]


def read_unit(
    unit: Unit, *, known_at: bool = False, whole: bool = False, keep: bool = False, more: Sequence[str] = ()
) -> Chunk:
    """Read one row group.

    :param known_at: also read when postings were booked.
    :param whole: read every column.
    :param keep: read every column ageing may ever ask for, so that the rows can be kept beside others.
    :param more: further columns of loans, left out where the book has none of that name.
    """
    loans_file = _loans_file(unit.files.loans)
    if whole:
        loans = loans_file.read_row_group(unit.row_group, use_threads=False)
        return Chunk(loans, _rows(unit.files.schedule, unit.schedule), _rows(unit.files.postings, unit.postings))
    held = set(loans_file.schema_arrow.names)
    wanted = [name for name in dict.fromkeys((*ageing.LOANS_READ, *CLASSIFIED_BY, *more)) if name in held]
    loans = loans_file.read_row_group(unit.row_group, columns=wanted, use_threads=False)
    flags = np.bitwise_or.reduce(loans["flags"].to_numpy(), initial=0)
    of_schedule, of_postings = list(ageing.SCHEDULE_READ), list(ageing.POSTINGS_READ)
    if keep or flags & (ageing.FLAG_VERSIONS | ageing.FLAG_SPECIAL):
        of_schedule += ageing.SCHEDULE_READ_VERSIONED
    if keep or flags & ageing.FLAG_SPECIAL:
        of_postings += ageing.POSTINGS_READ_SPECIAL
    if known_at:
        of_postings.append("booked_at")
    return Chunk(
        loans,
        _rows(unit.files.schedule, unit.schedule, of_schedule),
        _rows(unit.files.postings, unit.postings, of_postings),
    )


def _rows(path: str, place: tuple[int, int], columns: Sequence[str] | None = None) -> pa.Table:
    """Some rows of a file, by offset and number.

    Polars decodes the long tables in little more than half of Arrow's time when asked for a row group at a time.
    """
    rows = pl.scan_parquet(path).slice(*place)
    frame = (rows if columns is None else rows.select(columns)).collect()
    return frame.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())


def find_loan(book: Book, loan_id: str) -> Chunk | None:
    """The rows of one loan, all columns; None when the book has no such loan.

    Row groups are sorted by loan id, so their statistics leave one to read.
    """
    if not book.partitions:
        return None
    number = partition_of(loan_id, book.partitions)
    paths = [book.file(table, number) for table in ("loans", "schedule", "postings")]
    if not all(paths):
        return None
    files = Files(*(str(path) for path in paths))
    meta = pq.read_metadata(files.loans)
    column = meta.schema.names.index("loan_id")
    for unit in units_of([files]):
        statistics = meta.row_group(unit.row_group).column(column).statistics
        if statistics is not None and statistics.has_min_max and not statistics.min <= loan_id <= statistics.max:
            continue
        chunk = read_unit(unit, whole=True)
        keep = pc.equal(chunk.loans["loan_id"], loan_id).to_numpy()
        if keep.any():
            return chunk.take(keep)
    return None


def products_of(book: Book) -> dict[str, Product]:
    """Terms of every product a loan of the book uses; products without terms have the defaults, under their name.

    :raises BadInput: the book's products do not parse.
    """
    text = book.products
    found: dict[str, Product] = {}
    if text:
        found, findings = parse_products(text, "products.yaml")
        errors = tuple(each for each in findings if each.severity is Severity.ERROR)
        if errors:
            raise BadInput(f"the book's products.yaml has {len(errors)} errors; first: {errors[0]}", errors)
    for files in partitions(book):
        # As dictionaries, whose words are told without looking at every loan.
        column = pq.ParquetFile(files.loans, read_dictionary=["product"]).read(["product"])["product"]
        for name in sorted({name for piece in column.chunks for name in piece.dictionary.to_pylist()}):
            if name not in found:
                found[name] = Product(name=name)
    return found


def untold_products(book: Book) -> list[Finding]:
    """Products loans use but products.yaml does not describe."""
    told: dict[str, Product] = parse_products(book.products, "products.yaml")[0] if book.products else {}
    return [
        Finding(
            "PRODUCT.UNTOLD",
            f"product {name} has no terms; the defaults of docs/reference/products.md are used",
            file="products.yaml",
            value=name,
            severity=Severity.WARNING,
        )
        for name in products_of(book)
        if name not in told
    ]
