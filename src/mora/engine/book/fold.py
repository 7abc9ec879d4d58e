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
from mora.engine.book.fold_postings import REVERSAL, fold_postings, unmoved_postings
from mora.engine.book.fold_schedule import fold_schedule, unmoved_schedules
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
    written: frozenset[str]
    """Of schedule and postings, those with a new file; the others stay as the book has them."""


def fold_partition(
    base: InPlace | Resplit, staged_loans: pl.DataFrame, staged: Callable[[str, int], pl.DataFrame],
    bounds: list[tuple[str | None, str | None]], around: Circumstances, paths: Mapping[str, Path], *,
    brought: frozenset[str], always: bool,
) -> Folded:  # fmt: skip
    """Judge and merge one partition. Its files stay as they are unless something changed (or ``always``).

    :param staged: (table, which of ``bounds``) -> this import's rows of the loans within those bounds.
    :param brought: which of schedule and postings this import brings rows of, for this partition.
    """
    held = base.loans.drop(list(COUNTS))
    loans = fold_loans(held, staged_loans, around.facts, around.given["loans"], around.products,
                       around.places, around.log, around.tallies["loans"])  # fmt: skip
    runs = [_run(loans, low, high) for low, high in bounds]
    same_groups = not loans.frame["_new"].any() and [len(run) for run in runs if len(run)] == base.groups
    # A table without new rows, under the same loans in the same row groups, need not be read nor written.
    moving = {t: columns for t, columns in (("schedule", SCHEDULE), ("postings", POSTINGS))
              if always or not same_groups or t in brought}  # fmt: skip
    files = {table: RowsFile(paths[table], columns) for table, columns in moving.items()}
    done = []
    for number, limits in enumerate(bounds):
        rows = {table: staged(table, number) for table in ("schedule", "postings")}
        done.append(_fold_run(base, runs[number], loans, rows, limits, around, files))
        del rows
    base.close()
    everything = pl.concat([run.loans for run in done])
    linked = base.loans.filter((pl.col("flags") & FLAG_LINKED) > 0)["loan_id"]
    flags = pl.col("flags") | pl.when(pl.col("loan_id").is_in(linked.implode())).then(FLAG_LINKED).otherwise(0)
    final = everything.drop("_new", "_changed", "_file", "_row").with_columns(flags.cast(pl.UInt32).alias("flags"))
    touched = pl.concat([run.touched for run in done])
    keep = bool(len(touched)) or always
    for file in files.values():
        file.close(keep=keep)
    return Folded(final, [len(run.loans) for run in done if len(run.loans)], touched, bool(everything["_new"].any()),
                  pl.concat([run.unresolved for run in done]), frozenset(files) if keep else frozenset())  # fmt: skip


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
    held = base.loans.join(frame.select("loan_id"), on="loan_id", how="semi", maintain_order="left")
    if "schedule" in files:
        old = _placed(base.rows("schedule", *bounds), placed["ix"])
        schedules = fold_schedule(old, rows["schedule"], loans, ids, around.places, around.log,
                                  around.tallies["schedule"])  # fmt: skip
    else:
        named = rows["postings"]["instalment_n"].null_count() < len(rows["postings"])
        plan = base.rows("schedule", *bounds) if named else base.no_rows("schedule")
        schedules = unmoved_schedules(_placed(plan, placed["ix"]))
    if "postings" in files:
        old = _placed(base.rows("postings", *bounds), placed["ix"])
        postings = fold_postings(old, rows["postings"], loans, ids, schedules.refused, schedules.frame,
                                 around.import_number, around.places, around.log,
                                 around.tallies["postings"])  # fmt: skip
    else:
        postings = unmoved_postings()
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
    counted = frame.drop("ix").with_columns(
        _counted("schedule", rows_s, frame, held, files),
        _counted("postings", rows_p, frame, held, files),
        pl.Series("flags", _flags(rows_s, rows_p, len(frame), held["flags"], files)),
    )
    return _Done(counted, touched, postings.unresolved)


def _counted(
    table: str, rows: pl.DataFrame, frame: pl.DataFrame, held: pl.DataFrame, files: Mapping[str, RowsFile]
) -> pl.Series:
    """Write a table's rows, and count them by loan; a table that does not move keeps its counts."""
    if table not in files:
        return held[f"n_{table}"]
    ix = rows["ix"].to_numpy()
    if len(frame):
        files[table].write(frame["loan_id"], ix, rows)
    return pl.Series(f"n_{table}", np.bincount(ix, minlength=len(frame)).astype(np.int32))


def _placed(rows: pl.DataFrame, ix: pl.Series) -> pl.DataFrame:
    """The book's rows with ``ix``, their loan's place in the run as it is now."""
    return rows.with_columns(ix.gather(rows[AT]).alias("ix")).drop(AT)


def _flags(
    schedule: pl.DataFrame, postings: pl.DataFrame, loans: int, held: pl.Series, files: Mapping[str, RowsFile]
) -> NDArray[np.uint32]:
    flags = np.zeros(loans, dtype=np.int64)
    if "schedule" in files:
        flags |= _any(schedule.filter(pl.col("version") > 1)["ix"], loans) * FLAG_VERSIONS
    else:
        flags |= held.to_numpy() & FLAG_VERSIONS
    if "postings" in files:
        ordinary = [PostingKind.DISBURSEMENT.value, PostingKind.PAYMENT.value]
        flags |= _any(postings.filter(~pl.col("kind").is_in(ordinary))["ix"], loans) * FLAG_SPECIAL
        flags |= _any(postings.filter(pl.col("kind") == REVERSAL)["ix"], loans) * FLAG_REVERSAL
    else:
        flags |= held.to_numpy() & (FLAG_SPECIAL | FLAG_REVERSAL)
    return flags.astype(np.uint32)


def _any(ix: pl.Series, loans: int) -> NDArray[np.int64]:
    return np.minimum(np.bincount(ix.to_numpy(), minlength=loans), 1)
