"""One measurement in a process of its own: ``measure.py WHAT BOOK AS_OF`` prints wall, CPU and peak memory as JSON.

Imports and compilation are done before the clock starts; what is timed is the work itself, reading
product terms and law included. ``rows`` is the number of loans looked at.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl

from mora.ageing import columns
from mora.ageing.frames import ProductTable
from mora.core.compiled import library
from mora.engine.age import View, write_positions
from mora.engine.book.manifest import Book, open_book
from mora.engine.classify import Classifier
from mora.engine.day import run_day
from mora.engine.scan import CLASSIFIED_BY, partitions, products_of, read_unit, units_of

READ = {
    "loans": (*columns.LOANS_READ, *CLASSIFIED_BY),
    "schedule": (*columns.SCHEDULE_READ, *columns.SCHEDULE_READ_VERSIONED),
    "postings": (*columns.POSTINGS_READ, *columns.POSTINGS_READ_SPECIAL),
}
"""Every column ageing reads."""


def floor(book: Book, _: date) -> int:
    """Polars scanning and summing the same columns (lengths of text)."""
    for table, names in READ.items():
        frame = book.scan(table)
        schema = frame.collect_schema()
        wanted = [name for name in dict.fromkeys(names) if name in schema]
        sums = [
            pl.col(name).str.len_bytes().cast(pl.Int64).sum()
            if schema[name] == pl.String
            else pl.col(name).cast(pl.Int64).sum()
            for name in wanted
        ]
        frame.select(sums).collect(engine="streaming")
    return book.counts.get("loans", 0)


def full(book: Book, as_of: date) -> int:
    """Full ageing and classification with results written."""
    products = products_of(book)
    view = View(as_of, ProductTable.of(products), Classifier.of(products, as_of))
    with tempfile.TemporaryDirectory(dir=book.path.parent) as folder:
        return write_positions(units_of(partitions(book)), view, Path(folder) / "positions.parquet")


def plain(book: Book, as_of: date) -> int:
    """Plain Python objects under the full rules: two hundred loans of the first row group."""
    from mora.ageing.rules import age
    from mora.engine.one import loan_of

    products = products_of(book)
    chunk = read_unit(units_of(partitions(book))[0], whole=True)
    loans = []
    start = entries = 0
    for row in chunk.loans.slice(0, 200).select(["n_schedule", "n_postings"]).to_pylist():
        part = type(chunk)(
            chunk.loans.slice(len(loans), 1),
            chunk.schedule.slice(start, row["n_schedule"]),
            chunk.postings.slice(entries, row["n_postings"]),
        )
        start, entries = start + row["n_schedule"], entries + row["n_postings"]
        loans.append(loan_of(part, products))
    began = time.perf_counter(), time.process_time()
    for loan in loans:
        age(loan, as_of)
    plain.times = time.perf_counter() - began[0], time.process_time() - began[1]  # type: ignore[attr-defined]
    return len(loans)


def windows(book: Book, as_of: date) -> int:
    """Polars windows: cumulative dues against the sum paid, no penalty, principal and days past due only."""
    due = (
        book.scan("schedule")
        .filter(pl.col("due_on") < as_of, pl.col("version") == 1)
        .with_columns(owed=pl.col("principal_minor") + pl.col("interest_minor") + pl.col("fee_minor"))
        .with_columns(upto=pl.col("owed").cum_sum().over("loan_id"))
    )
    paid = (
        book.scan("postings")
        .filter(pl.col("value_on") <= as_of, pl.col("kind") == 2)
        .group_by("loan_id")
        .agg(paid=pl.col("amount_minor").sum())
    )
    late = due.join(paid, on="loan_id", how="left").with_columns(pl.col("paid").fill_null(0))
    frame = (
        late.with_columns(open=(pl.col("upto") - pl.col("paid")).clip(0, pl.col("owed")))
        .filter(pl.col("open") > 0)
        .group_by("loan_id")
        .agg(oldest=pl.col("due_on").min(), overdue=pl.col("open").sum())
    )
    return frame.collect(engine="streaming").height


def duckdb(book: Book, as_of: date) -> int:
    """The same in DuckDB SQL."""
    import duckdb as engine

    names = {table: [str(book.path / name) for name in book.files[table]] for table in ("schedule", "postings")}
    sql = """
        with due as (
            select loan_id, due_on, principal_minor + interest_minor + fee_minor as owed,
                   sum(principal_minor + interest_minor + fee_minor)
                       over (partition by loan_id order by due_on, n) as upto
            from read_parquet($schedule) where due_on < $as_of and version = 1),
        paid as (select loan_id, sum(amount_minor) as paid from read_parquet($postings)
                 where value_on <= $as_of and kind = 2 group by loan_id)
        select loan_id, min(due_on), sum(least(owed, upto - coalesce(paid, 0)))
        from due left join paid using (loan_id) where upto > coalesce(paid, 0) group by loan_id"""
    connection = engine.connect(config={"threads": 2})
    return len(connection.execute(sql, {**names, "as_of": as_of}).to_arrow_table())


def day(book: Book, as_of: date) -> int:
    """A day as it comes: changes only where the hot partition will do."""
    done = run_day(book, as_of)
    print(f"{as_of}: {done.run.kind} {done.why_whole}", file=sys.stderr)
    return done.run.loans


def whole_day(book: Book, as_of: date) -> int:
    """A whole day that also sorts the hot partition for the coming week."""
    return run_day(book, as_of, whole=True).run.loans


def bare_day(book: Book, as_of: date) -> int:
    """A whole day that keeps no hot partition: what every day would cost without one."""
    return run_day(book, as_of, whole=True, window=0).run.loans


WHAT: dict[str, Callable[[Book, date], int]] = {
    "floor": floor, "full": full, "plain": plain, "windows": windows, "duckdb": duckdb,
    "day": day, "whole_day": whole_day, "bare_day": bare_day,
}  # fmt: skip


def main() -> None:
    """Measure and print."""
    what, path, as_of = sys.argv[1], Path(sys.argv[2]), date.fromisoformat(sys.argv[3])
    book = open_book(path)
    library()
    wall, cpu = time.perf_counter(), time.process_time()
    rows = WHAT[what](book, as_of)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    wall, cpu = getattr(WHAT[what], "times", (wall, cpu))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"what": what, "rows": rows, "wall": wall, "cpu": cpu, "peak": peak}))


if __name__ == "__main__":
    main()
