"""How the table is read: one line becomes a loan, its only instalment, and its payment when there is one.

Cells that cannot be read are handed on as they are; the door tells of them. The source's own count of days past due is
not read: it is the answer that ageing has to find. Age, schooling and sex are not read either.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import polars as pl

from mora.feeds import ROW, RawBook, RawTable
from mora.feeds.faults import refused

CURRENCY = "XXX"
"""ISO 4217 for 'no currency': the source names none."""

NEEDED = ("Loan_ID", "loan_status", "Principal", "terms", "effective_date", "due_date", "paid_off_time_ori")

COLUMNS = {
    "loans": ("loan_id", "party_id", "product", "currency", "principal", "annual_rate", "started_on", "matures_on",
              "first_due_on", "status", "nominal_days"),
    "schedule": ("loan_id", "n", "due_on", "principal", "interest"),
    "postings": ("loan_id", "posting_id", "value_on", "kind", "amount", "booked_at"),
    "parties": ("party_id", "kind", "region"),
}  # fmt: skip

PRODUCTS = """\
bullet:
  penalty: {uplift: 0}     # the source records no interest of any kind
"""


def find_tables(source: Path) -> list[Path]:
    """CSV files of the directory (or the file itself) whose header has the table's names."""
    paths = [source] if source.is_file() else sorted(source.glob("*.csv")) if source.is_dir() else []
    return [path for path in paths if path.suffix.lower() == ".csv" and set(_header(path)) >= set(NEEDED)]


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        return next(csv.reader(file), [])


def read_directory(source: Path) -> RawBook:
    """Every such table of the directory, with the terms of its one product."""
    tables: list[RawTable] = []
    for path in find_tables(source):
        made = _book(path)
        tables += [_table(path, name, made[name]) for name in COLUMNS]
    order = list(COLUMNS)
    tables.sort(key=lambda table: order.index(table.table))
    return RawBook(tuple(tables), products_yaml=PRODUCTS, products_file="products of one-instalment loans")


def _book(path: Path) -> dict[str, list[tuple[str | int, ...]]]:
    """Rows of each table, cells as text in the order of COLUMNS, then the line they come from."""
    made: dict[str, list[tuple[str | int, ...]]] = {name: [] for name in COLUMNS}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            for cells in reader:
                given = {name: (cells[name] or "").strip() for name in NEEDED}
                for table, row in _rows(given).items():
                    made[table].append((*row, reader.line_num))
    except UnicodeDecodeError as error:
        raise refused("BOOK.ENCODING", file=path.name, detail=str(error)) from None
    return made


def _rows(cells: dict[str, str]) -> dict[str, tuple[str, ...]]:
    loan_id, principal = cells["Loan_ID"], cells["Principal"]
    due = _day(cells["due_date"])
    started = _day(cells["effective_date"])
    rows: dict[str, tuple[str, ...]] = {
        "loans": (loan_id, loan_id, "bullet", CURRENCY, principal, "0", started, due, due, cells["loan_status"],
                  cells["terms"]),
        "schedule": (loan_id, "1", due, principal, "0"),
        "parties": (loan_id, "person", "unknown"),
    }  # fmt: skip
    if cells["paid_off_time_ori"]:
        day, moment = _moment(cells["paid_off_time_ori"])
        rows["postings"] = (loan_id, "payoff", day, "payment", principal, moment)
    return rows


def _day(text: str) -> str:
    """Month first to year first; unreadable text as it is."""
    try:
        return datetime.strptime(text, "%m/%d/%Y").date().isoformat()  # noqa: DTZ007  a day has no zone
    except ValueError:
        return text


def _moment(text: str) -> tuple[str, str]:
    """The day, and the moment on a clock whose zone the source does not name (written as UTC)."""
    try:
        moment = datetime.strptime(text, "%m/%d/%Y %H:%M")  # noqa: DTZ007  the zone is not known
    except ValueError:
        return text, ""
    return moment.date().isoformat(), moment.isoformat() + "Z"


def _table(path: Path, name: str, rows: list[tuple[str | int, ...]]) -> RawTable:
    columns = COLUMNS[name]
    schema = dict.fromkeys(columns, pl.String()) | {ROW: pl.Int64()}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return RawTable(name, f"{path.name} ({name})", columns, partial(_once, frame), rows=len(rows), sources=(path,))


def _once(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    yield frame
