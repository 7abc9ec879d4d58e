"""Loans of one partition: new ones, changed facts, and those set aside.

1. Amounts become minor units of the row's own currency.
2. A loan that comes twice: the same content is one loan; different content is none.
3. Its product must be known where product terms are.
4. Against the book: what is fixed must be the same; other facts take the later value, where the file gives the column.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

import polars as pl

from mora.core.money import MAX_MINOR, format_minor
from mora.engine.book.columns import FROM_PARTIES, LOANS, STORED
from mora.engine.book.faultlog import FaultLog, Tally, minor, unit_of
from mora.engine.book.twice import settle_twice
from mora.feeds import columns as book_format
from mora.feeds.columns import Kind
from mora.loans.terms import Component, PostingKind

_AMOUNTS = [c.name for c in book_format.LOANS.columns if c.kind is Kind.AMOUNT]
_FIXED = [STORED.get(c.name, c.name) for c in book_format.LOANS.columns if c.fixed and c.name != "loan_id"]
_LOOSE = {STORED.get(c.name, c.name): c.name for c in book_format.LOANS.columns if not c.fixed}


@dataclass(slots=True)
class Loans:
    """What the partition's loans are, before their schedules were looked at."""

    frame: pl.DataFrame
    """Columns of the book without counts, sorted by loan_id; ``_new`` and ``_changed`` say which this import touched,
    ``_file`` and ``_row`` where a new one came from."""
    refused: pl.DataFrame
    """loan_id, currency, why: loans of this import that are set aside and are not in the book."""


def fold_loans(
    base: pl.DataFrame, staged: pl.DataFrame, facts: tuple[str, ...], given: dict[str, list[int]],
    products: frozenset[str] | None, places: list[str], log: FaultLog, tally: Tally,
) -> Loans:  # fmt: skip
    """The partition's loans after this import.

    :param base: the book's loans (may be empty); ``staged``: this import's.
    :param given: optional column or fact -> numbers of the files that have it.
    :param products: names with terms; None when there are no terms.
    :param places: file names by number.
    """
    stored = [*LOANS, *facts]
    rows = staged.with_columns(unit_of(staged["currency"]).alias("_unit"))
    inexact = pl.col("_milli") & pl.any_horizontal(
        (pl.col(a) % pl.col("_unit") != 0).fill_null(False) for a in _AMOUNTS
    )
    rows = rows.with_columns(
        inexact.alias("_inexact"), *(minor(a, pl.col("_milli"), pl.col("_unit")).alias(a) for a in _AMOUNTS)
    )
    tally.add("in", rows, pl.col("principal").abs().clip(0, 10 * MAX_MINOR), pl.col("currency"))
    good = rows.filter(~pl.col("_bad"))
    good = _turn_away(good, log)
    good = good.rename({name: kept for name, kept in STORED.items() if name in good.columns})
    good = good.with_columns(pl.lit(None, pl.String).alias(name) for name in FROM_PARTIES)
    bad_ids = rows.filter(pl.col("_bad"))["loan_id"].drop_nulls()
    content = [name for name in stored if name not in (*FROM_PARTIES, "loan_id")]
    good = settle_twice(good, ["loan_id"], content, "loan_id", bad_ids, places, log)
    if products is not None:
        good = _with_known_product(good, products, log)
    base = base.with_columns(pl.lit(None, pl.String).alias(f) for f in facts if f not in base.columns)
    old = good.join(base.select(stored), on="loan_id", how="inner", suffix="_book")
    new = good.join(base.select("loan_id"), on="loan_id", how="anti")
    old = _without_conflict(old, given, log)
    updated, changed = _update(base, old, facts, given)
    tally.add(
        "unchanged",
        old.join(changed.to_frame(), on="loan_id", how="anti"),
        pl.col("principal_minor"),
        pl.col("currency"),
    )
    tally.add(
        "kept", old.join(changed.to_frame(), on="loan_id", how="semi"), pl.col("principal_minor"), pl.col("currency")
    )
    frame = pl.concat([
        updated.select(*stored).with_columns(
            pl.lit(False).alias("_new"), pl.col("loan_id").is_in(changed.implode()).alias("_changed"),
            pl.lit(None, pl.UInt16).alias("_file"), pl.lit(None, pl.Int64).alias("_row")),
        new.select(*stored, pl.lit(True).alias("_new"), pl.lit(True).alias("_changed"), "_file", "_row"),
    ]).sort("loan_id")  # fmt: skip
    refused = (
        rows.select("loan_id", "currency")
        .filter(pl.col("loan_id").is_not_null())
        .unique("loan_id", keep="first", maintain_order=True)
        .join(frame.select("loan_id"), on="loan_id", how="anti")
        .with_columns(pl.lit("其所在行有误|its own row has a fault").alias("why"))
    )
    return Loans(frame, refused)


def _turn_away(good: pl.DataFrame, log: FaultLog) -> pl.DataFrame:
    """Without rows whose amounts do not fit their currency or are too large."""
    if good["_inexact"].any():
        wrong = good.filter("_inexact")
        log.add(wrong, "BOOK.AMOUNT_DECIMALS", "principal", pl.format("{}|{} has", "currency", "currency"))
    huge = pl.any_horizontal((pl.col(a) > MAX_MINOR).fill_null(False) for a in _AMOUNTS)
    log.add(good.filter(~pl.col("_inexact") & huge), "BOOK.AMOUNT_HUGE", "principal")
    return good.filter(~pl.col("_inexact") & ~huge)


def _with_known_product(good: pl.DataFrame, products: frozenset[str], log: FaultLog) -> pl.DataFrame:
    named = good["product"].unique().to_list()
    unknown = {}
    for name in named:
        if name not in products:
            close = get_close_matches(name, products, n=1)
            unknown[name] = f"；是否为 {close[0]}？|; did you mean {close[0]}?" if close else ""
    if not unknown:
        return good
    wrong = pl.col("product").is_in(list(unknown))
    log.add(good.filter(wrong), "BOOK.UNKNOWN_PRODUCT", "product",
            pl.col("product").replace_strict(unknown, default="", return_dtype=pl.String))  # fmt: skip
    return good.filter(~wrong)


def _given(column: str, given: dict[str, list[int]]) -> pl.Expr:
    """Whether the row's file has the column at all."""
    return pl.col("_file").is_in(given[column]) if column in given else pl.lit(True)


def _without_conflict(old: pl.DataFrame, given: dict[str, list[int]], log: FaultLog) -> pl.DataFrame:
    plain = {kept: name for name, kept in STORED.items()}
    for column in _FIXED:
        name = plain.get(column, column)
        differs = ~pl.col(column).eq_missing(pl.col(column + "_book")) & _given(name, given)
        wrong = old.filter(differs)
        if len(wrong):
            log.add(wrong.with_columns(held_as(wrong, column)), "BOOK.CONFLICT", name, held_detail(name))
            old = old.filter(~differs)
    return old


def held_as(rows: pl.DataFrame, column: str) -> pl.Series:
    """``_held``: what the book holds in ``column``, as the format would write it."""
    values = rows[column + "_book"].to_list()
    if column.endswith("_minor"):
        shown = [format_minor(v, c, thousands=False) for v, c in zip(values, rows["currency"], strict=True)]
    elif column.endswith("_e12"):
        shown = ["-" if v is None else format(Decimal(v).scaleb(-12).normalize(), "f") for v in values]
    elif column == "kind":
        shown = [PostingKind(v).name.lower() for v in values]
    elif column == "component":
        shown = [Component(v).name.lower() if v else "-" for v in values]
    else:
        shown = ["-" if v in (None, "", -1) else str(v) for v in values]
    return pl.Series("_held", shown, dtype=pl.String)


def held_detail(name: str) -> pl.Expr:
    """Says what the book holds in the column of that name, in both languages; needs ``_held``."""
    held = pl.col("_held")
    return pl.format("账簿中的 {} 为 {}|its {} there is {}", pl.lit(name), held, pl.lit(name), held)


def _update(
    base: pl.DataFrame, old: pl.DataFrame, facts: tuple[str, ...], given: dict[str, list[int]]
) -> tuple[pl.DataFrame, pl.Series]:
    """The book's loans with later facts, and the ids of those that changed."""
    loose = _LOOSE | {fact: fact for fact in facts}
    after = {
        column: pl.when(_given(name, given)).then(pl.col(column)).otherwise(pl.col(column + "_book"))
        for column, name in loose.items()
    }
    differs = pl.any_horizontal(~expr.eq_missing(pl.col(column + "_book")) for column, expr in after.items())
    changed = old.filter(differs).select("loan_id", *(expr.alias(column) for column, expr in after.items()))
    if not len(changed):
        return base, changed["loan_id"]
    return base.update(changed, on="loan_id", how="left", include_nulls=True), changed["loan_id"]
