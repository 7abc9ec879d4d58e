"""The contract of a book's files, checked: order, alignment of row groups, counts, flags, places of reversals."""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from mora.engine.book.columns import FLAG_REVERSAL, FLAG_SPECIAL, FLAG_VERSIONS, UTC_MOMENT
from mora.engine.book.manifest import ROW_GROUP_LOANS, Book
from mora.engine.book.partition import partitions_of
from mora.loans.terms import PostingKind


def check_alignment(book: Book) -> list[str]:
    """What of the layout does not hold, as plain sentences; empty when all of it does.

    Reads every row group of loans, schedule and postings once.
    """
    wrong: list[str] = []
    for part in range(book.partitions):
        files = {table: pq.ParquetFile(book.file(table, part)) for table in ("loans", "schedule", "postings")}
        groups = {table: file.num_row_groups for table, file in files.items()}
        if len(set(groups.values())) > 1:
            wrong.append(f"partition {part}: numbers of row groups differ: {groups}")
            continue
        last = ""
        for group in range(groups["loans"]):
            loans, schedule, postings = (
                pl.DataFrame(pl.from_arrow(files[t].read_row_group(group))) for t in ("loans", "schedule", "postings")
            )
            where = f"partition {part}, row group {group}"
            wrong += [f"{where}: {fault}" for fault in _check_group(loans, schedule, postings, book.partitions, part)]
            if len(loans) and loans["loan_id"][0] <= last:
                wrong.append(f"{where}: loans are not in order of loan_id across row groups")
            last = loans["loan_id"][-1] if len(loans) else last
        for file in files.values():
            file.close()
    return wrong


def _check_group(
    loans: pl.DataFrame, schedule: pl.DataFrame, postings: pl.DataFrame, partitions: int, part: int
) -> list[str]:
    wrong = []
    ids = loans["loan_id"]
    if len(loans) > ROW_GROUP_LOANS:
        wrong.append(f"{len(loans)} loans in one row group")
    if not ids.is_sorted() or ids.n_unique() != len(ids):
        wrong.append("loans are not in order of loan_id, each once")
    if (partitions_of(ids, partitions) != part).any():
        wrong.append("a loan is in a partition that is not its own")
    for name, rows in (("schedule", schedule), ("postings", postings)):
        expected = pl.Series(np.repeat(ids.to_numpy(), loans[f"n_{name}"].to_numpy()), dtype=pl.String)
        if not expected.equals(rows["loan_id"].cast(pl.String)):
            wrong.append(f"{name} does not hold n_{name} rows of each loan in order")
            return wrong
    if not schedule.equals(schedule.sort("loan_id", "version", "due_on", "n", maintain_order=True)):
        wrong.append("schedule is not in order of version, due_on, n")
    booked = pl.col("booked_at").fill_null(pl.col("value_on").cast(UTC_MOMENT))
    tie = pl.when(pl.col("booked_at").is_not_null()).then(pl.col("posting_id")).otherwise(pl.lit(""))
    if not postings.equals(postings.sort("loan_id", "value_on", booked, tie, "seq", maintain_order=True)):
        wrong.append("postings are not in order of value_on, booked_at, posting_id, seq")
    return wrong + _check_flags(loans, schedule, postings) + _check_reversals(postings)


def _check_flags(loans: pl.DataFrame, schedule: pl.DataFrame, postings: pl.DataFrame) -> list[str]:
    ordinary = [PostingKind.DISBURSEMENT.value, PostingKind.PAYMENT.value]
    expected = {
        FLAG_VERSIONS: schedule.group_by("loan_id").agg(pl.col("version").n_unique() > 1).filter("version")["loan_id"],
        FLAG_SPECIAL: postings.filter(~pl.col("kind").is_in(ordinary))["loan_id"],
        FLAG_REVERSAL: postings.filter(pl.col("kind") == PostingKind.REVERSAL.value)["loan_id"],
    }
    wrong = []
    for bit, ids in expected.items():
        told = loans.filter((pl.col("flags") & bit) > 0)["loan_id"]
        if set(told) != set(ids.unique()):
            wrong.append(f"flag {bit} is not what the rows say")
    return wrong


def _check_reversals(postings: pl.DataFrame) -> list[str]:
    at = postings.with_columns(pl.int_range(pl.len()).over("loan_id").cast(pl.Int32).alias("at"))
    back = at.filter(pl.col("kind") == PostingKind.REVERSAL.value)
    target = at.select(
        "loan_id", pl.col("at").alias("reverses_ix"), "posting_id", pl.col("reversed_by_ix").alias("back_at")
    )
    met = back.join(target, on=["loan_id", "reverses_ix"], how="left", suffix="_target")
    good = met.filter((pl.col("posting_id_target") == pl.col("reverses")) & (pl.col("back_at") == pl.col("at")))
    others = at.filter(pl.col("kind") != PostingKind.REVERSAL.value)
    if len(good) != len(back) or (others["reverses_ix"] != -1).any():
        return ["reverses_ix does not lead to the posting reversed"]
    if int((at["reversed_by_ix"] >= 0).sum()) != len(back):
        return ["reversed_by_ix does not lead to the reversal"]
    return []
