"""Changes of history: a past day read again with today's knowledge, against how it was read then.

A back-dated posting changes days that were already reported. That is right, and it must not be
silent: each figure that differs is listed with the reason.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import polars as pl

from mora.insight.terms import HistoryChange, HistoryChanges
from mora.loans.terms import PostingKind


class ChangeReason(StrEnum):
    """Why a figure of a past day reads differently."""

    BACK_DATED = "back_dated"
    """A posting with a value date on or before that day came after it was reported."""
    APPEARED = "appeared"
    """The loan was not in the earlier reading."""
    DISAPPEARED = "disappeared"
    """The loan is not in the later reading."""
    TERMS = "terms"
    """No posting explains it: the loan's terms, its schedule, the product, the rules or the software changed."""


FIGURES = (
    "currency", "days_past_due", "delinquent_days", "oldest_unpaid_due_on", "missed_count", "overdue_principal_minor",
    "overdue_interest_minor", "overdue_fee_minor", "penalty_minor", "compound_minor", "arrears_minor",
    "outstanding_principal_minor", "payoff_minor", "credit_minor", "next_due_on", "next_due_minor", "last_paid_on",
    "last_paid_minor", "worst_days_past_due", "bucket", "risk_class", "risk_class_reason", "ecl_stage",
    "provision_minor", "bureau_status",
)  # fmt: skip
"""Columns compared, where both frames have them."""


def differences(was: pl.LazyFrame, now: pl.LazyFrame, *, late_postings: pl.LazyFrame | None = None) -> pl.LazyFrame:
    """Which loans differ in which columns between two readings of the same day, and why.

    One part of a book at a time keeps memory bounded: both readings' parts must hold the same loans.

    :param was: positions as reported.
    :param now: positions of the same ``as_of``, read later.
    :param late_postings: postings that the earlier reading could not have seen and the later one does, with
        ``loan_id, posting_id, kind, value_on`` and perhaps ``booked_at``.
    :return: ``loan_id, column, was, now, reason, because, currency``, one row a difference, by loan and column in the
        order of the positions. A loan only in one reading has one row, its column ``loan_id``. ``was`` and ``now``
        are the values as text, amounts in minor units.
    """
    shared = set(was.collect_schema().names()) & set(now.collect_schema().names())
    columns = [name for name in FIGURES if name in shared]
    both = was.select("loan_id", *columns, in_was=True).join(
        now.select("loan_id", *columns, in_now=True), on="loan_id", how="full", coalesce=True, suffix="_now"
    )
    of_money = [pl.col(name) for name in ("currency_now", "currency") if "currency" in columns]
    currency = (pl.coalesce(of_money).cast(pl.String) if of_money else pl.lit(None, pl.String)).alias("currency")
    in_both = pl.col("in_was").is_not_null() & pl.col("in_now").is_not_null()
    one_side = both.filter(~in_both).select(
        "loan_id",
        pl.lit("loan_id").alias("column"),
        pl.lit(-1).cast(pl.Int32).alias("place"),
        pl.when("in_was").then("loan_id").alias("was"),
        pl.when("in_now").then("loan_id").alias("now"),
        pl.when(pl.col("in_was").is_null())
        .then(pl.lit(ChangeReason.APPEARED.value))
        .otherwise(pl.lit(ChangeReason.DISAPPEARED.value))
        .alias("reason"),
        pl.lit(None, pl.String).alias("because"),
        currency,
    )
    because = _because(late_postings)
    changed = [
        both.filter(in_both & pl.col(name).ne_missing(pl.col(f"{name}_now")))
        .select(
            "loan_id",
            pl.lit(name).alias("column"),
            pl.lit(place).cast(pl.Int32).alias("place"),
            pl.col(name).cast(pl.String).alias("was"),
            pl.col(f"{name}_now").cast(pl.String).alias("now"),
            currency,
        )
        .join(because, on="loan_id", how="left")
        .select(
            "loan_id", "column", "place", "was", "now",
            pl.when(pl.col("because").is_not_null())
            .then(pl.lit(ChangeReason.BACK_DATED.value))
            .otherwise(pl.lit(ChangeReason.TERMS.value))
            .alias("reason"),
            "because", "currency",
        )
        for place, name in enumerate(columns)
    ]  # fmt: skip
    return pl.concat([one_side, *changed]).sort("loan_id", "place").drop("place")


def _because(late_postings: pl.LazyFrame | None) -> pl.LazyFrame:
    """By loan, the late postings in words a ledger clerk can search for."""
    if late_postings is None:
        return pl.LazyFrame(schema={"loan_id": pl.String, "because": pl.String})
    schema = late_postings.collect_schema()
    kind = pl.col("kind")
    if schema["kind"].is_integer():
        codes = {int(code): code.name.lower() for code in PostingKind}
        kind = kind.cast(pl.Int32).replace_strict(codes, default=None, return_dtype=pl.String)
    booked = pl.lit("")
    if "booked_at" in schema:
        stamp = pl.col("booked_at").dt.strftime("%Y-%m-%d")
        booked = pl.concat_str(pl.lit(", booked "), stamp).fill_null("")
    line = pl.concat_str(
        kind.cast(pl.String).fill_null("posting"), pl.lit(" "), pl.col("posting_id"), pl.lit(" of "),
        pl.col("value_on").cast(pl.String), booked,
    )  # fmt: skip
    return (
        late_postings.sort("loan_id", "value_on", "posting_id")
        .group_by(pl.col("loan_id").cast(pl.String), maintain_order=True)
        .agg(line.alias("lines"))
        .select("loan_id", pl.col("lines").list.join("; ").alias("because"))
    )


def summarise_history(changes: pl.DataFrame, *, as_of: date, examples: int = 12) -> HistoryChanges:
    """What :func:`differences` found, for a report.

    :param changes: its collected result.
    :param as_of: the past day.
    :param examples: how many differences to show in full, first of each loan's.
    """
    by_reason = changes.group_by("reason").agg(pl.col("loan_id").n_unique()).sort("reason")
    by_column = changes.group_by("column", maintain_order=True).agg(pl.col("loan_id").n_unique())
    by_column = by_column.sort("loan_id", "column", descending=[True, False])
    telling = changes.filter(pl.col("column").is_in(["loan_id", "days_past_due", "arrears_minor", "risk_class"]))
    shown = (telling if telling.height else changes).head(examples)
    return HistoryChanges(
        as_of=as_of,
        loans=changes.get_column("loan_id").n_unique(),
        by_reason=dict(by_reason.iter_rows()),
        by_column=dict(by_column.iter_rows()),
        examples=tuple(HistoryChange(**row) for row in shown.iter_rows(named=True)),
    )
