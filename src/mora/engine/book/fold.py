"""One partition: the book's rows and this import's become the partition's next generation, in the order and alignment
that ageing reads (docs/reference/book-format.md).

Loans are merged for the whole partition; then, a run of consecutive loans at a time, schedule and postings are judged,
merged and written as one row group each. Memory holds the partition's loans and one run's rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mora.engine.book.base import AT, InPlace, Resplit
from mora.engine.book.columns import COUNTS, FLAG_LINKED, FLAG_REVERSAL, FLAG_SPECIAL, FLAG_VERSIONS, POSTINGS, SCHEDULE
from mora.engine.book.faultlog import FaultLog, Tally, unit_of
from mora.engine.book.fold_loans import Loans, fold_loans
from mora.engine.book.fold_postings import REVERSAL, fold_postings
from mora.engine.book.fold_schedule import fold_schedule
from mora.engine.book.write import RowsFile
from mora.loans.terms import PostingKind


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What all partitions of an import share."""

    facts: tuple[str, ...]
    given: dict[str, dict[str, list[int]]]
    """Table -> optional column -> numbers of the files that may set it."""
    products: frozenset[str] | None
    places: list[str]
    """File names by number."""
    import_number: int
    log: FaultLog
    tallies: Mapping[str, Tally]


@dataclass(slots=True)
class Folded:
    """A partition after the import."""

    loans: pl.DataFrame
    """With counts, and flags but for FLAG_LINKED, which needs the whole book; that bit is as it was."""
    groups: list[int]
    """Loans in each row group."""
    touched: pl.Series
    """Loan ids whose rows or facts changed."""
    fresh: bool
    """Whether there are new loans."""
    unresolved: pl.DataFrame
    written: bool
    """Whether schedule and postings files were written."""


def fold_partition(
    base: InPlace | Resplit, staged_loans: pl.DataFrame, staged: Callable[[str, int], pl.DataFrame],
    bounds: list[tuple[str | None, str | None]], around: Circumstances, paths: Mapping[str, Path], *, always: bool,
) -> Folded:  # fmt: skip
    """Judge and merge one partition; its schedule and postings files stay only if something changed (or ``always``).

    :param staged: (table, which of ``bounds``) -> this import's rows of the loans within those bounds.
    """
    held = base.loans.drop(list(COUNTS))
    loans = fold_loans(held, staged_loans, around.facts, around.given["loans"], around.products,
                       around.places, around.log, around.tallies["loans"])  # fmt: skip
    files = {"schedule": RowsFile(paths["schedule"], SCHEDULE), "postings": RowsFile(paths["postings"], POSTINGS)}
    linked = base.loans.filter((pl.col("flags") & FLAG_LINKED) > 0)["loan_id"]
    done = []
    for number, (low, high) in enumerate(bounds):
        rows = {table: staged(table, number) for table in files}
        run = _run(loans, low, high)
        done.append(_fold_run(base, run, loans, rows, (low, high), around, files))
        del rows
    base.close()
    everything = pl.concat([run.loans for run in done])
    final = everything.drop("_new", "_changed", "_file", "_row").with_columns(
        (pl.col("flags") | pl.when(pl.col("loan_id").is_in(linked.implode())).then(FLAG_LINKED).otherwise(0)).cast(
            pl.UInt32
        )
    )
    touched = pl.concat([run.touched for run in done])
    written = bool(len(touched)) or always
    for file in files.values():
        file.close(keep=written)
    return Folded(final, [len(run.loans) for run in done if len(run.loans)], touched, bool(everything["_new"].any()),
                  pl.concat([run.unresolved for run in done]), written)  # fmt: skip


@dataclass(slots=True)
class _Done:
    loans: pl.DataFrame
    touched: pl.Series
    unresolved: pl.DataFrame


def _run(loans: Loans, low: str | None, high: str | None) -> pl.DataFrame:
    ids = loans.frame["loan_id"]
    begin = 0 if low is None else int(ids.search_sorted(low, side="left"))
    end = len(ids) if high is None else int(ids.search_sorted(high, side="left"))
    return loans.frame.slice(begin, end - begin)


def _fold_run(
    base: InPlace | Resplit, run: pl.DataFrame, loans: Loans, rows: Mapping[str, pl.DataFrame],
    bounds: tuple[str | None, str | None], around: Circumstances, files: Mapping[str, RowsFile],
) -> _Done:  # fmt: skip
    """Schedule and postings of a run of loans: judged, merged, written."""
    frame = run.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("ix"))
    ids = frame.select(
        "loan_id", "ix", "currency", "started_on", pl.col("principal_minor").alias("lent"), "_new", "_file", "_row"
    ).with_columns(unit_of(frame["currency"]).alias("_unit"))
    placed = base.loans.select("loan_id").join(
        ids.select("loan_id", "ix"), on="loan_id", how="left", maintain_order="left"
    )
    old = {table: _placed(base.rows(table, *bounds), placed["ix"]) for table in files}
    schedules = fold_schedule(old["schedule"], rows["schedule"], loans, ids, around.places, around.log,
                              around.tallies["schedule"])  # fmt: skip
    postings = fold_postings(old["postings"], rows["postings"], loans, ids, schedules.refused, schedules.frame,
                             around.import_number, around.places, around.log, around.tallies["postings"])  # fmt: skip
    stays = ~frame["ix"].is_in(schedules.refused["ix"].implode())
    # New loans count as kept only now that their schedules stand.
    around.tallies["loans"].add(
        "kept", frame.filter(stays & frame["_new"]), pl.col("principal_minor"), pl.col("currency")
    )
    changed = (
        frame["_changed"]
        | frame["ix"].is_in(schedules.touched.implode())
        | frame["ix"].is_in(postings.touched.implode())
    )
    touched = frame.filter(changed & stays)["loan_id"]
    rows_s, rows_p = schedules.frame, postings.frame
    if not stays.all():
        place = stays.cast(pl.Int64).cum_sum() - 1
        frame = frame.filter(stays)
        rows_s = rows_s.with_columns(place.gather(rows_s["ix"]).alias("ix"))
        rows_p = rows_p.with_columns(place.gather(rows_p["ix"]).alias("ix"))
    ix_s, ix_p = rows_s["ix"].to_numpy(), rows_p["ix"].to_numpy()
    if len(frame):
        files["schedule"].write(frame["loan_id"], ix_s, rows_s)
        files["postings"].write(frame["loan_id"], ix_p, rows_p)
    counted = frame.drop("ix").with_columns(
        pl.Series("n_schedule", np.bincount(ix_s, minlength=len(frame)).astype(np.int32)),
        pl.Series("n_postings", np.bincount(ix_p, minlength=len(frame)).astype(np.int32)),
        pl.Series("flags", _flags(rows_s, rows_p, len(frame))),
    )
    return _Done(counted, touched, postings.unresolved)


def _placed(rows: pl.DataFrame, ix: pl.Series) -> pl.DataFrame:
    """The book's rows with ``ix``, their loan's place in the run as it is now."""
    return rows.with_columns(ix.gather(rows[AT]).alias("ix")).drop(AT)


def _flags(schedule: pl.DataFrame, postings: pl.DataFrame, loans: int) -> NDArray[np.uint32]:
    versions = _any(schedule.filter(pl.col("version") > 1)["ix"], loans)
    ordinary = [PostingKind.DISBURSEMENT.value, PostingKind.PAYMENT.value]
    special = _any(postings.filter(~pl.col("kind").is_in(ordinary))["ix"], loans)
    reversal = _any(postings.filter(pl.col("kind") == REVERSAL)["ix"], loans)
    return (versions * FLAG_VERSIONS + special * FLAG_SPECIAL + reversal * FLAG_REVERSAL).astype(np.uint32)


def _any(ix: pl.Series, loans: int) -> NDArray[np.int64]:
    return np.minimum(np.bincount(ix.to_numpy(), minlength=loans), 1)
