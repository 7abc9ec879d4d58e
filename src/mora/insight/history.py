"""Changes of history: a past day read again with today's knowledge, against how it was read then.

A back-dated posting changes days that were already reported. That is right, and it must not be
silent: each figure that differs is listed with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

import polars as pl

from mora.insight.terms import HistoryChange, HistoryChanges, LatePosting
from mora.loans.terms import PostingKind


class ChangeReason(StrEnum):
    """Why a figure of a past day reads differently."""

    BACK_DATED = "back_dated"
    """A posting with a value date on or before that day came after it was reported."""
    APPEARED = "appeared"
    """The loan was not in the earlier reading."""
    DISAPPEARED = "disappeared"
    """The loan is not in the later reading."""
    DEBTOR = "debtor"
    """Only the class, and what follows from it, differs, and it comes or came from the debtor's other loans."""
    TERMS = "terms"
    """No posting explains it: the loan's data, its schedule, the product's terms, the law or the software changed."""


FIGURES = (
    "currency", "days_past_due", "delinquent_days", "oldest_unpaid_due_on", "missed_count", "overdue_principal_minor",
    "overdue_interest_minor", "overdue_fee_minor", "penalty_minor", "compound_minor", "arrears_minor",
    "outstanding_principal_minor", "payoff_minor", "credit_minor", "next_due_on", "next_due_minor", "last_paid_on",
    "last_paid_minor", "worst_days_past_due", "bucket", "risk_class", "risk_class_reason", "ecl_stage",
    "provision_minor", "bureau_status",
)  # fmt: skip
"""Columns compared, where both frames have them."""


LATE_POSTING = pl.Struct({
    "posting_id": pl.String, "kind": pl.String, "value_on": pl.Date, "amount_minor": pl.Int64,
    "booked_at": pl.Datetime("us", "UTC"), "imported_at": pl.String, "reverses": pl.String,
})  # fmt: skip
"""Type of a late posting in ``because``; the fields of :class:`mora.insight.LatePosting`."""

DIFFERENCES = {
    "loan_id": pl.String(), "column": pl.String(), "was": pl.String(), "now": pl.String(), "reason": pl.String(),
    "because": pl.List(LATE_POSTING), "currency": pl.String(),
}  # fmt: skip
"""Columns of :func:`differences`."""


def differences(was: pl.LazyFrame, now: pl.LazyFrame, *, late_postings: pl.LazyFrame | None = None) -> pl.LazyFrame:
    """Which loans differ in which columns between two readings of the same day, and why.

    One part of a book at a time keeps memory bounded: both readings' parts must hold the same loans.

    :param was: positions as reported.
    :param now: positions of the same ``as_of``, read later.
    :param late_postings: postings that the earlier reading could not have seen and the later one does, with
        ``loan_id, posting_id, kind, value_on, amount_minor`` and, where known, ``booked_at, imported_at, reverses``.
    :return: the columns of :data:`DIFFERENCES`, one row a difference, by loan and column in the order of the
        positions. A loan only in one reading has one row, its column ``loan_id``. ``was`` and ``now`` are the values
        as text, amounts in minor units. ``because`` is null where no late posting explains the difference.
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
        pl.lit(None, DIFFERENCES["because"]).alias("because"),
        currency,
    )
    because = _because(late_postings)
    of_debtor = _of_debtor(columns)
    changed = [
        both.filter(in_both & pl.col(name).ne_missing(pl.col(f"{name}_now")))
        .select(
            "loan_id",
            pl.lit(name).alias("column"),
            pl.lit(place).cast(pl.Int32).alias("place"),
            pl.col(name).cast(pl.String).alias("was"),
            pl.col(f"{name}_now").cast(pl.String).alias("now"),
            currency,
            of_debtor.alias("of_debtor"),
        )
        .join(because, on="loan_id", how="left")
        .select(
            "loan_id", "column", "place", "was", "now",
            pl.when(pl.col("because").is_not_null())
            .then(pl.lit(ChangeReason.BACK_DATED.value))
            .when(pl.col("of_debtor"))
            .then(pl.lit(ChangeReason.DEBTOR.value))
            .otherwise(pl.lit(ChangeReason.TERMS.value))
            .alias("reason"),
            "because", "currency",
        )
        for place, name in enumerate(columns)
    ]  # fmt: skip
    return pl.concat([one_side, *changed]).sort("loan_id", "place").drop("place")


_OF_CLASS = ("risk_class", "risk_class_reason", "ecl_stage", "provision_minor", "bureau_status")


def _of_debtor(columns: Sequence[str]) -> pl.Expr:
    """Whether a loan differs by contagion alone; reasons of :mod:`mora.riskclass.contagion` name it."""
    if "risk_class_reason" not in columns:
        return pl.lit(value=False)
    reasons = [pl.col(name).cast(pl.String).str.contains("contagion") for name in _REASONS]
    others = [pl.col(name).eq_missing(pl.col(f"{name}_now")) for name in columns if name not in _OF_CLASS]
    return pl.any_horizontal(reasons).fill_null(value=False) & pl.all_horizontal(others)


_REASONS = ("risk_class_reason", "risk_class_reason_now")


def _because(late_postings: pl.LazyFrame | None) -> pl.LazyFrame:
    """By loan, the late postings by value date."""
    if late_postings is None:
        return pl.LazyFrame(schema={"loan_id": pl.String(), "because": DIFFERENCES["because"]})
    schema = late_postings.collect_schema()
    kind = pl.col("kind")
    if schema["kind"].is_integer():
        codes = {int(code): code.name.lower() for code in PostingKind}
        kind = kind.cast(pl.Int32).replace_strict(codes, default=None, return_dtype=pl.String)
    fields = [
        (kind if name == "kind" else pl.col(name) if name in schema else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in LATE_POSTING.to_schema().items()
    ]
    return (
        late_postings.sort("loan_id", "value_on", "posting_id")
        .select(pl.col("loan_id").cast(pl.String), pl.struct(fields).alias("because"))
        .group_by("loan_id", maintain_order=True)
        .agg("because")
    )


TELLING = ("loan_id", "days_past_due", "arrears_minor", "risk_class")
"""Columns a reader wants to see first."""


def summarise_history(
    changes: pl.DataFrame,
    *,
    as_of: date,
    loans_shown: int = 12,
    not_compared: int = 0,
    terms_changed: bool = False,
    file: str = "",
) -> HistoryChanges:
    """What :func:`differences` found, for a report.

    :param changes: its collected result.
    :param as_of: the past day.
    :param loans_shown: how many loans to show in full: those whose arrears changed most, then by loan id.
    :param not_compared: loans with late postings that nobody read again.
    :param terms_changed: products, law or software changed between the readings.
    :param file: where the whole list lies.
    """
    by_reason = changes.group_by("reason").agg(pl.col("loan_id").n_unique()).sort("reason")
    by_column = changes.group_by("column", maintain_order=True).agg(pl.col("loan_id").n_unique())
    by_column = by_column.sort("loan_id", "column", descending=[True, False])
    is_arrears = pl.col("column") == "arrears_minor"
    moved = (pl.col("now").cast(pl.Int64, strict=False) - pl.col("was").cast(pl.Int64, strict=False)).abs()
    most = (
        changes.group_by("loan_id")
        .agg(moved=pl.when(is_arrears).then(moved).max().fill_null(0))
        .sort("moved", "loan_id", descending=[True, False])
        .head(loans_shown)
    )
    rows = most.join(changes, on="loan_id", how="left", maintain_order="left_right")
    is_telling = pl.col("column").is_in(TELLING)
    # A loan that differs in nothing telling is shown by the first column that does.
    first = pl.int_range(pl.len()).over("loan_id") == 0
    shown = rows.filter(is_telling | (first & ~is_telling.any().over("loan_id"))).drop("moved")
    return HistoryChanges(
        as_of=as_of,
        loans=changes.get_column("loan_id").n_unique(),
        by_reason=dict(by_reason.iter_rows()),
        by_column=dict(by_column.iter_rows()),
        examples=tuple(_example(row) for row in shown.iter_rows(named=True)),
        example_loans=most.height,
        not_compared=not_compared,
        terms_changed=terms_changed,
        file=file,
    )


def _example(row: dict[str, Any]) -> HistoryChange:
    because = tuple(LatePosting(**each) for each in row["because"] or ())
    return HistoryChange(**(row | {"because": because}))
