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
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mora.ageing import columns as ageing
from mora.core.errors import BadInput
from mora.core.findings import Finding, Severity
from mora.engine.book.manifest import Book
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
        rows = np.repeat(keep, self.loans["n_schedule"].to_numpy())
        entries = np.repeat(keep, self.loans["n_postings"].to_numpy())
        return Chunk(
            self.loans.filter(pa.array(keep)),
            self.schedule.filter(pa.array(rows)),
            self.postings.filter(pa.array(entries)),
        )


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
        footer = pq.read_metadata(each.loans)
        units += [Unit(each, group, footer.row_group(group).num_rows) for group in range(footer.num_row_groups)]
    return units


_open = threading.local()


def _parquet(path: str, dictionary: bool) -> pq.ParquetFile:
    """A file opened once per thread: a reader must not be shared, and footers of wide files cost."""
    held: dict[str, pq.ParquetFile] = _open.__dict__.setdefault("files", {})
    if path not in held:
        if len(held) > 12:
            held.clear()
        read = {"read_dictionary": list(_AS_DICTIONARY)} if dictionary else {}
        held[path] = pq.ParquetFile(path, memory_map=True, **read)
    return held[path]


def read_unit(unit: Unit, *, known_at: bool = False, whole: bool = False, more: Sequence[str] = ()) -> Chunk:
    """Read one row group.

    :param known_at: also read when postings were booked.
    :param whole: read every column (to copy rows elsewhere).
    :param more: further columns of loans, left out where the book has none of that name.
    """
    loans_file = _parquet(unit.files.loans, dictionary=True)
    if whole:
        loans = loans_file.read_row_group(unit.row_group, use_threads=False)
        names_schedule: list[str] | None = None
        names_postings: list[str] | None = None
    else:
        held = set(loans_file.schema_arrow.names)
        wanted = [name for name in dict.fromkeys((*ageing.LOANS_READ, *CLASSIFIED_BY, *more)) if name in held]
        loans = loans_file.read_row_group(unit.row_group, columns=wanted, use_threads=False)
        flags = np.bitwise_or.reduce(loans["flags"].to_numpy(), initial=0)
        names_schedule, names_postings = list(ageing.SCHEDULE_READ), list(ageing.POSTINGS_READ)
        if flags & (ageing.FLAG_VERSIONS | ageing.FLAG_SPECIAL):
            names_schedule += ageing.SCHEDULE_READ_VERSIONED
        if flags & ageing.FLAG_SPECIAL:
            names_postings += ageing.POSTINGS_READ_SPECIAL
        if known_at:
            names_postings.append("booked_at")
    schedule = _parquet(unit.files.schedule, dictionary=False).read_row_group(
        unit.row_group, columns=names_schedule, use_threads=False
    )
    postings = _parquet(unit.files.postings, dictionary=False).read_row_group(
        unit.row_group, columns=names_postings, use_threads=False
    )
    return Chunk(loans, schedule, postings)


def find_loan(book: Book, loan_id: str) -> Chunk | None:
    """The rows of one loan, all columns; None when the book has no such loan.

    Row groups are sorted by loan id, so their statistics leave one to read.
    """
    from mora.engine.book.partition import partition_of  # the hash is the book's own affair

    if not book.partitions:
        return None
    number = partition_of(loan_id, book.partitions)
    paths = [book.file(table, number) for table in ("loans", "schedule", "postings")]
    if not all(paths):
        return None
    files = Files(*(str(path) for path in paths))
    meta = pq.read_metadata(files.loans)
    column = meta.schema.names.index("loan_id")
    for group in range(meta.num_row_groups):
        statistics = meta.row_group(group).column(column).statistics
        if statistics is not None and statistics.has_min_max and not statistics.min <= loan_id <= statistics.max:
            continue
        chunk = read_unit(Unit(files, group, meta.row_group(group).num_rows), whole=True)
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
        for name in pc.unique(pq.read_table(files.loans, columns=["product"])["product"]).to_pylist():
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

