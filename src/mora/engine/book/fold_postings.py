"""Postings of one partition: which of them stand.

1. Rows find their loan; those without one are set aside.
2. A posting the book holds must be repeated word for word, and then changes nothing: a posting is immutable.
3. The same posting_id twice in one import: equal rows are one posting, others none.
4. Not before the loan's start; an instalment it names must be in the schedule.
5. A reversal names a posting of its loan, of a kind that can be reversed, not later than itself, with the same amount,
   and not reversed already. Reversals cannot be reversed, so one pass settles them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from mora.core.money import MAX_MINOR, format_minor
from mora.engine.book.columns import POSTINGS, UTC_MOMENT
from mora.engine.book.faultlog import FaultLog, Tally
from mora.engine.book.fold_loans import Loans, held_as, held_detail
from mora.engine.book.fold_schedule import find_loans
from mora.engine.book.twice import settle_twice
from mora.loans.terms import REVERSIBLE, PostingKind

_CONTENT = ["value_on", "kind", "amount_minor", "booked_at", "component", "instalment_n", "reverses", "note"]
_ORDER = ["ix", "value_on", "_booked", "_tie"]
REVERSAL = PostingKind.REVERSAL.value
_NAMES = {kind.value: kind.name.lower() for kind in PostingKind}


@dataclass(slots=True)
class Postings:
    """Rows that stand, with ``ix``, in the book's order, with the places of reversals and their targets."""

    frame: pl.DataFrame
    touched: pl.Series
    unresolved: pl.DataFrame
    """Reversals whose target is nowhere in their loan: _file, _row, reverses. Another loan's, or nobody's."""


def unmoved_postings() -> Postings:
    """Postings to which this import brings nothing."""
    nothing = pl.DataFrame(schema=dict[str, pl.DataType]({"ix": pl.Int64()}) | POSTINGS)
    lost = pl.DataFrame(schema={"_file": pl.UInt16, "_row": pl.Int64, "reverses": pl.String})
    return Postings(nothing, nothing["ix"], lost)


def fold_postings(
    base: pl.DataFrame, staged: pl.DataFrame, loans: Loans, ids: pl.DataFrame, refused: pl.DataFrame,
    schedule: pl.DataFrame, import_number: int, places: list[str], log: FaultLog, tally: Tally,
) -> Postings:  # fmt: skip
    """The partition's postings after this import.

    :param base: ix and the columns of the book's postings; ``refused``: ix, why of loans set aside for their schedule.
    :param schedule: the rows that stand, for the instalments that postings name.
    """
    amount = pl.col("amount").fill_null(0).clip(-10 * MAX_MINOR, 10 * MAX_MINOR)
    rows = find_loans(staged, loans, ids.select("loan_id", "ix", "currency", "started_on", "_unit"), log, tally, amount)
    rows = rows.filter(~pl.col("_bad")).rename({"amount": "amount_minor"})
    rows = rows.with_columns(
        pl.col("component").fill_null(0), pl.col("instalment_n").fill_null(-1), pl.col("note").fill_null("")
    )
    if len(refused):
        gone = rows.join(refused.select("ix", "why"), on="ix", how="inner", maintain_order="left")
        log.add(gone, "BOOK.LOAN_SET_ASIDE", "loan_id", pl.col("why"))
        rows = rows.join(refused, on="ix", how="anti", maintain_order="left")
    early = pl.col("value_on") < pl.col("started_on")
    if len(wrong := rows.filter(early)):
        log.add(wrong, "BOOK.BEFORE_START", "value_on", pl.col("started_on"))
        rows = rows.filter(~early)
    if len(base):
        rows = _against_book(base, rows, log, tally)
    rows = settle_twice(rows, ["ix", "posting_id"], _CONTENT, "posting_id", None, places, log)
    rows = _with_instalment(rows, schedule, log)
    rows, unresolved = _with_target(base, rows, log)
    tally.add("kept", rows, pl.col("amount_minor"), pl.col("currency"))
    return Postings(_arrange(base, rows, import_number), rows["ix"].unique(), unresolved)


def _against_book(base: pl.DataFrame, rows: pl.DataFrame, log: FaultLog, tally: Tally) -> pl.DataFrame:
    key = ["ix", "posting_id"]
    held = base.join(rows.select("ix").unique(), on="ix", how="semi")
    there = held.select(*key, *(pl.col(c).alias(c + "_book") for c in _CONTENT)).with_columns(
        pl.col("note_book").fill_null("")
    )
    known = rows.join(there, on=key, how="inner", maintain_order="left")
    if not len(known):
        return rows
    same = pl.all_horizontal(pl.col(c).eq_missing(pl.col(c + "_book")) for c in _CONTENT)
    tally.add("unchanged", known.filter(same), pl.col("amount_minor"), pl.col("currency"))
    differing = known.filter(~same)
    for column in _CONTENT:
        part = differing.filter(~pl.col(column).eq_missing(pl.col(column + "_book")))
        differing = differing.join(part.select("_file", "_row"), on=["_file", "_row"], how="anti")
        name = "amount" if column == "amount_minor" else column
        log.add(part.with_columns(held_as(part, column)), "BOOK.CONFLICT", name, held_detail(name))
    return rows.join(there.select(key), on=key, how="anti", maintain_order="left")


def _with_instalment(rows: pl.DataFrame, schedule: pl.DataFrame, log: FaultLog) -> pl.DataFrame:
    named = rows.filter(pl.col("instalment_n") >= 0)
    if not len(named):
        return rows
    planned = schedule.select("ix", pl.col("n").alias("instalment_n"))
    wrong = named.join(planned, on=["ix", "instalment_n"], how="anti", maintain_order="left")
    if not len(wrong):
        return rows
    log.add(wrong, "BOOK.UNKNOWN_INSTALMENT", "instalment_n")
    return rows.join(wrong.select("_file", "_row"), on=["_file", "_row"], how="anti", maintain_order="left")


def _with_target(base: pl.DataFrame, rows: pl.DataFrame, log: FaultLog) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Without reversals that cannot stand."""
    back = rows.filter(pl.col("kind") == REVERSAL)
    nothing = back.clear().select("_file", "_row", "reverses")
    if not len(back):
        return rows, nothing
    key = ["ix", "posting_id"]
    facts = [*key, "value_on", "_booked", "kind", "amount_minor"]
    pool = [
        _timed(part).join(back.select("ix").unique(), on="ix", how="semi").select(facts)
        for part in (base, rows)
        if len(part)
    ]
    targets = pl.concat(pool).rename({"posting_id": "reverses", "value_on": "t_value_on", "_booked": "t_booked",
                                      "kind": "t_kind", "amount_minor": "t_amount"})  # fmt: skip
    back = _timed(back).join(targets, on=["ix", "reverses"], how="left", maintain_order="left")
    done = base.filter((pl.col("kind") == REVERSAL) & (pl.col("reverses_ix") >= 0)).select(
        "ix", "reverses", pl.lit(True).alias("done"))  # fmt: skip
    back = back.join(done, on=["ix", "reverses"], how="left", maintain_order="left")
    kinds = [kind.value for kind in REVERSIBLE]
    code = (
        pl.when(pl.col("t_kind").is_null()).then(pl.lit("BOOK.REVERSAL_UNKNOWN"))
        .when(~pl.col("t_kind").is_in(kinds)).then(pl.lit("BOOK.REVERSAL_KIND"))
        .when(pl.col("t_value_on") > pl.col("value_on")).then(pl.lit("BOOK.REVERSAL_LATER"))
        .when(pl.col("t_amount") != pl.col("amount_minor")).then(pl.lit("BOOK.REVERSAL_AMOUNT"))
        .when(pl.col("done")).then(pl.lit("BOOK.REVERSAL_TWICE"))
    )  # fmt: skip
    back = back.with_columns(code.alias("code")).sort(*_ORDER, "posting_id")
    again = pl.col("code").is_null() & (pl.int_range(pl.len()).over("ix", "reverses", "code") > 0)
    back = back.with_columns(pl.when(again).then(pl.lit("BOOK.REVERSAL_TWICE")).otherwise("code").alias("code"))
    wrong = back.filter(pl.col("code").is_not_null())
    if not len(wrong):
        return rows, nothing
    amounts = pl.Series("t_shown", [
        "" if amount is None else format_minor(amount, currency, thousands=False)
        for amount, currency in wrong.select("t_amount", "currency").iter_rows()
    ], dtype=pl.String)  # fmt: skip
    wrong = wrong.with_columns(
        amounts, pl.col("t_kind").replace_strict(_NAMES, default="", return_dtype=pl.String).alias("t_name")
    )
    for column, detail, where in (
        ("amount", "t_shown", pl.col("code") == "BOOK.REVERSAL_AMOUNT"),
        ("reverses", "t_name", pl.col("code") != "BOOK.REVERSAL_AMOUNT"),
    ):
        log.add(wrong.filter(where), pl.col("code"), column, pl.col(detail))
    rows = rows.join(wrong.select("_file", "_row"), on=["_file", "_row"], how="anti", maintain_order="left")
    return rows, wrong.filter(pl.col("code") == "BOOK.REVERSAL_UNKNOWN").select("_file", "_row", "reverses")


def _timed(rows: pl.DataFrame) -> pl.DataFrame:
    """With ``_booked`` (booked_at, or the value date's midnight) and ``_tie`` (posting_id where booked_at is given)."""
    return rows.with_columns(
        pl.col("booked_at").fill_null(pl.col("value_on").cast(UTC_MOMENT)).alias("_booked"),
        pl.when(pl.col("booked_at").is_not_null()).then(pl.col("posting_id")).otherwise(pl.lit("")).alias("_tie"),
    )


def _arrange(base: pl.DataFrame, rows: pl.DataFrame, import_number: int) -> pl.DataFrame:
    """Old and new in the book's order. ``seq`` numbers a loan's new postings as they arrived within their order."""
    rows = _sorted(_timed(rows).with_columns(pl.lit(0, pl.Int64).alias("seq")))
    rows = rows.with_columns((_place(rows["ix"]) + (import_number << 32)).alias("seq"))
    rows = rows.with_columns(pl.when(pl.col("note") != "").then(pl.col("note")).alias("note"))
    columns = ["ix", *(name for name in POSTINGS if not name.endswith("_ix"))]
    if len(base):
        rows = _sorted(_timed(pl.concat([base.select(columns), rows.select(columns)])))
    rows = rows.select(columns)
    return _linked(rows).select("ix", *POSTINGS)


def _sorted(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that come in order without ties, as most files do, are left alone."""
    days = pl.col("value_on").to_physical().diff()
    later = (days > 0) | ((days == 0) & (pl.col("_booked").to_physical().diff() > 0))
    if rows.lazy().select(((pl.col("ix").diff() > 0) | ((pl.col("ix").diff() == 0) & later)).all()).collect().item():
        return rows
    return rows.sort(*_ORDER, "seq", maintain_order=True)


def _place(ix: pl.Series) -> pl.Series:
    """Each row's place within its loan, from 0; ``ix`` is ascending."""
    values, at = ix.to_numpy(), np.arange(len(ix), dtype=np.int64)
    begins = np.concatenate([[True], values[1:] != values[:-1]])[: len(values)]
    return pl.Series(at - np.maximum.accumulate(np.where(begins, at, 0)), dtype=pl.Int64)


def _linked(rows: pl.DataFrame) -> pl.DataFrame:
    """With the places of reversals and of what they reverse, -1 for none."""
    if not (rows["kind"] == REVERSAL).any():
        return rows.with_columns(
            pl.lit(-1, pl.Int32).alias("reverses_ix"), pl.lit(-1, pl.Int32).alias("reversed_by_ix")
        )
    rows = rows.with_columns(_place(rows["ix"]).cast(pl.Int32).alias("_at"))
    back = rows.filter(pl.col("kind") == REVERSAL).select(
        "ix", pl.col("reverses").alias("posting_id"), pl.col("_at").alias("reversed_by_ix")
    )
    target = rows.join(back.select("ix").unique(), on="ix", how="semi").select(
        "ix", pl.col("posting_id").alias("reverses"), pl.col("_at").alias("reverses_ix"))  # fmt: skip
    rows = rows.join(back, on=["ix", "posting_id"], how="left", maintain_order="left")
    rows = rows.join(target, on=["ix", "reverses"], how="left", maintain_order="left")
    return rows.with_columns(pl.col("reverses_ix").fill_null(-1), pl.col("reversed_by_ix").fill_null(-1))
