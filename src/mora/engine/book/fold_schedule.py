"""Schedules of one partition: which versions of which loans stand.

1. Rows find their loan; those without one are set aside.
2. Rows of a version the book holds must repeat it; those that do change nothing.
3. Every other version is judged whole: version 1 sums to the loan's principal to the minor unit; a later one (which
   replaces only part of the plan) must ask for something and say since when; numbers rise with due dates.
4. A new loan with a version that does not stand, or without version 1, is set aside with all that belongs to it. A loan
   of the book stays as it was, and the version is set aside.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from mora.core.money import MAX_MINOR, format_minor
from mora.engine.book.columns import SCHEDULE, STORED
from mora.engine.book.faultlog import FaultLog, Tally, minor
from mora.engine.book.fold_loans import Loans
from mora.engine.book.twice import settle_twice

LONGEST = 9_000
"""Rows of a loan's schedule. Their sum at the largest amount each stays inside 63 bits."""
_AMOUNTS = ("principal", "interest", "fee")
_CONTENT = ["due_on", "effective_on", "principal_minor", "interest_minor", "fee_minor"]
_VERSION = ["ix", "version"]
_WHY = {
    "BOOK.SCHEDULE_MISSING": "没有还款计划|it has no schedule",
    "BOOK.SCHEDULE_ROW": "计划中有一行读不出|a row of its schedule cannot be read",
    "BOOK.SCHEDULE_SUM": "计划本金合计不等于贷款本金|its schedule does not sum to its principal",
    "BOOK.DUPLICATE_DIFFERS": "计划中同一期次出现两次|its schedule has an instalment twice",
    "BOOK.SCHEDULE_ORDER": "计划期次与日期顺序不一致|its instalments and due dates are not in the same order",
    "BOOK.SCHEDULE_LONG": "计划过长|its schedule is too long",
    "BOOK.SCHEDULE_ZERO": "计划没有金额|a version of its schedule asks for nothing",
    "BOOK.VERSION_DATE": "计划版本缺生效日|a version of its schedule has no effective date",
    "BOOK.VERSION_ORDER": "计划版本生效次序不对|versions of its schedule take effect in the wrong order",
}


@dataclass(slots=True)
class Schedules:
    """Rows that stand, with ``ix``: the loan's place in the partition's loans."""

    frame: pl.DataFrame
    touched: pl.Series
    """ix of loans that got rows."""
    refused: pl.DataFrame
    """ix, why: new loans set aside for their schedule's sake."""


def unmoved_schedules(frame: pl.DataFrame) -> Schedules:
    """Schedules to which this import brings nothing."""
    nobody = pl.DataFrame(schema={"ix": pl.Int64, "why": pl.String})
    return Schedules(frame, nobody["ix"], nobody)


def find_loans(
    staged: pl.DataFrame, loans: Loans, ids: pl.DataFrame, log: FaultLog, tally: Tally, amount: pl.Expr
) -> pl.DataFrame:
    """Rows of loans that are there, with the loan's ``ix``, ``_unit``, ``currency`` and the columns of ``ids``.

    The others are set aside: their loan is unknown, or is itself set aside. Amounts are minor units afterwards.
    """
    rows = staged.rename({"currency": "_said"}, strict=False).join(ids, on="loan_id", how="left", maintain_order="left")
    if rows["ix"].null_count():
        lost = rows.filter(pl.col("ix").is_null()).join(
            loans.refused.select("loan_id", "why", pl.col("currency").alias("_currency")), on="loan_id", how="left"
        )
        count = lost.with_columns(minor(a, pl.col("_milli"), pl.lit(10)).alias(a) for a in _present(lost))
        tally.add("in", count, amount, pl.col("_currency"))
        named = lost.filter(~pl.col("_bad"))
        log.add(named.filter(pl.col("why").is_null()), "BOOK.UNKNOWN_LOAN", "loan_id")
        log.add(named.filter(pl.col("why").is_not_null()), "BOOK.LOAN_SET_ASIDE", "loan_id", pl.col("why"))
        rows = rows.filter(pl.col("ix").is_not_null())
    amounts = _present(rows)
    inexact = pl.col("_milli") & pl.any_horizontal((pl.col(a) % pl.col("_unit") != 0).fill_null(False) for a in amounts)
    rows = rows.drop("loan_id").with_columns(
        inexact.alias("_inexact"), *(minor(a, pl.col("_milli"), pl.col("_unit")).alias(a) for a in amounts)
    )
    tally.add("in", rows, amount, pl.col("currency"))
    told = ~pl.col("_bad")
    huge = pl.any_horizontal((pl.col(a).abs() > MAX_MINOR).fill_null(False) for a in amounts)
    foreign = (pl.col("_said") != pl.col("currency")).fill_null(False)
    wrong = rows.select((pl.col("_inexact") | huge | foreign).alias("wrong"))["wrong"]
    if not wrong.any():
        return rows.drop("_inexact", "_said")
    odd = rows.filter(wrong & ~rows["_bad"])
    where = amounts[0]
    log.add(odd.filter(foreign), "BOOK.CURRENCY", "currency", pl.col("currency"))
    log.add(
        odd.filter(~foreign & pl.col("_inexact")),
        "BOOK.AMOUNT_DECIMALS",
        where,
        pl.format("{}|{} has", "currency", "currency"),
    )
    log.add(odd.filter(~foreign & ~pl.col("_inexact") & told), "BOOK.AMOUNT_HUGE", where)
    return rows.with_columns((pl.col("_bad") | wrong).alias("_bad")).drop("_inexact", "_said")


def _present(rows: pl.DataFrame) -> list[str]:
    return [a for a in (*_AMOUNTS, "amount") if a in rows.columns]


def fold_schedule(
    base: pl.DataFrame, staged: pl.DataFrame, loans: Loans, ids: pl.DataFrame, places: list[str], log: FaultLog,
    tally: Tally,
) -> Schedules:  # fmt: skip
    """The partition's schedules after this import.

    :param base: ix and the columns of the book's schedule, sorted; ``ids``: loan_id, ix, _unit, currency, started_on,
        lent (its principal), _new of every loan of the partition.
    """
    amount = pl.sum_horizontal(pl.col(a).fill_null(0).clip(0, 10 * MAX_MINOR) for a in _AMOUNTS)
    rows = find_loans(staged, loans, ids.select("loan_id", "ix", "currency", "_unit"), log, tally, amount)
    rows = rows.with_columns(pl.col("fee").fill_null(0)).rename({a: STORED[a] for a in _AMOUNTS})
    tainted = rows.filter("_bad")["ix"].unique()
    rows = rows.filter(~pl.col("_bad"))
    if len(base) and len(rows):
        rows = _against_book(base, rows, log, tally)
    rows = _in_order(rows)
    rows = settle_versions_twice(rows, places, log)
    verdicts = _judge(rows, base, ids, tainted)
    refused = _refused_loans(verdicts, rows, ids, tainted)
    _tell(verdicts, refused, rows, ids, log)
    if len(verdicts) or len(refused):
        rows = rows.join(verdicts, on=_VERSION, how="anti").join(refused, on="ix", how="anti")
    names = rows.select("ix", "currency", *SCHEDULE)
    tally.add("kept", names, pl.sum_horizontal("principal_minor", "interest_minor", "fee_minor"), pl.col("currency"))
    rows = names.drop("currency")
    touched = rows["ix"].unique()
    if len(base):
        rows = pl.concat([base.select(rows.columns), rows])
    return Schedules(_in_order(rows), touched, refused.select("ix", "why"))


def _in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """Sorted by (ix, version, due_on, n); rows that come so, as most files do, are left alone."""
    key = rows.lazy().select(
        ix=pl.col("ix").diff(), version=pl.col("version").diff(), due=pl.col("due_on").to_physical().diff(),
        n=pl.col("n").diff(),
    )  # fmt: skip
    later = (pl.col("ix") > 0) | (
        (pl.col("ix") == 0)
        & ((pl.col("version") > 0)
           | ((pl.col("version") == 0) & ((pl.col("due") > 0) | ((pl.col("due") == 0) & (pl.col("n") >= 0)))))
    )  # fmt: skip
    if key.select(later.all()).collect().item():
        return rows
    return rows.sort("ix", "version", "due_on", "n", maintain_order=True)


def settle_versions_twice(rows: pl.DataFrame, places: list[str], log: FaultLog) -> pl.DataFrame:
    """Without instalments that come again word for word. Those that differ stay, for their version to be judged by."""
    again = rows.select("ix", "version", "n", *_CONTENT).is_duplicated() if _may_repeat(rows) else None
    if again is None or not again.any():
        return rows
    equal = settle_twice(rows.filter(again), ["ix", "version", "n", *_CONTENT], ["n"], "n", None, places, log)
    return _in_order(pl.concat([rows.filter(~again), equal]))


def _may_repeat(rows: pl.DataFrame) -> bool:
    """Whether neighbours in order share loan, version, due date and number: a cheap look before a costly one."""
    same = rows.lazy().select(
        ((pl.col("ix").diff() == 0) & (pl.col("version").diff() == 0) & (pl.col("n").diff() == 0)
         & (pl.col("due_on").to_physical().diff() == 0)).any()
    )  # fmt: skip
    return bool(same.collect().item())


def _against_book(base: pl.DataFrame, rows: pl.DataFrame, log: FaultLog, tally: Tally) -> pl.DataFrame:
    """Rows of versions the book has not; the others repeat it (nothing to do) or are set aside."""
    held = base.join(rows.select("ix").unique(), on="ix", how="semi")
    versions = held.select(_VERSION).unique()
    known = rows.join(versions, on=_VERSION, how="semi")
    if not len(known):
        return rows
    there = held.select("ix", "version", "n", *(pl.col(c).alias(c + "_book") for c in _CONTENT))
    known = known.join(there, on=["ix", "version", "n"], how="left", maintain_order="left")
    same = pl.all_horizontal(pl.col(c).eq_missing(pl.col(c + "_book")) for c in _CONTENT)
    tally.add("unchanged", known.filter(same), pl.sum_horizontal("principal_minor", "interest_minor", "fee_minor"),
              pl.col("currency"))  # fmt: skip
    log.add(known.filter(~same), "BOOK.CONFLICT", "n",
            pl.format("第 {} 版已在账簿中，改动请用新版本|version {} is there; a changed schedule is a new version",
                      "version", "version"))  # fmt: skip
    return rows.join(versions, on=_VERSION, how="anti", maintain_order="left")


def _judge(rows: pl.DataFrame, base: pl.DataFrame, ids: pl.DataFrame, tainted: pl.Series) -> pl.DataFrame:
    """ix, version, code, detail of every version that does not stand."""
    same = (pl.col("ix") == pl.col("ix").shift()) & (pl.col("version") == pl.col("version").shift())
    versions = (
        rows.lazy()
        .with_columns(
            (same & (pl.col("n") <= pl.col("n").shift())).fill_null(False).alias("_back"),
            (same & ~pl.col("effective_on").eq_missing(pl.col("effective_on").shift()))
            .fill_null(False)
            .alias("_moves"),
        )
        .group_by(_VERSION, maintain_order=True)
        .agg(
            pl.len().alias("rows"),
            pl.col("principal_minor").sum().alias("principal"),
            pl.col("interest_minor").sum().alias("interest"),
            pl.col("fee_minor").sum().alias("fee"),
            pl.col("effective_on").first().alias("since"),
            pl.col("_moves").any().alias("moves"),
            pl.col("_back").any().alias("back"),
        )
        .collect()
    )
    versions = versions.join(ids.select("ix", "lent", "currency"), on="ix", how="left")
    book = (
        base.group_by(_VERSION).agg(pl.col("effective_on").first().alias("since"))
        if len(base)
        else versions.clear().select("ix", "version", "since")
    )
    line = pl.concat([versions.select("ix", "version", "since", pl.lit(True).alias("mine")),
                      book.join(versions.select("ix").unique(), on="ix", how="semi")
                      .with_columns(pl.lit(False).alias("mine"))])  # fmt: skip
    line = line.sort(_VERSION).with_columns(pl.col("since").forward_fill().shift().over("ix").alias("before"))
    early = line.filter(pl.col("mine") & (pl.col("since") < pl.col("before"))).select(
        *_VERSION, pl.lit(True).alias("early")
    )
    versions = versions.join(early, on=_VERSION, how="left")
    first = pl.col("version") == 1
    code = (
        pl.when(pl.col("ix").is_in(tainted.implode())).then(pl.lit("BOOK.SCHEDULE_ROW"))
        .when("back").then(pl.lit("BOOK.SCHEDULE_ORDER"))
        .when(pl.col("rows") > LONGEST).then(pl.lit("BOOK.SCHEDULE_LONG"))
        .when(pl.col("moves") | (~first & pl.col("since").is_null())).then(pl.lit("BOOK.VERSION_DATE"))
        .when(first & (pl.col("principal") != pl.col("lent"))).then(pl.lit("BOOK.SCHEDULE_SUM"))
        .when(~first & (pl.max_horizontal("principal", "interest", "fee") == 0)).then(pl.lit("BOOK.SCHEDULE_ZERO"))
        .when(pl.col("early")).then(pl.lit("BOOK.VERSION_ORDER"))
    )  # fmt: skip
    wrong = versions.with_columns(code.alias("code")).filter(pl.col("code").is_not_null())
    if (wrong["code"] == "BOOK.SCHEDULE_ORDER").any():
        wrong = _numbers_twice(wrong, rows)
    details = [
        f"{format_minor(p, c)} / {format_minor(q, c)}" if code == "BOOK.SCHEDULE_SUM" else str(version)
        for p, q, c, code, version in wrong.select("principal", "lent", "currency", "code", "version").iter_rows()
    ]
    return wrong.select(*_VERSION, "code", pl.Series("detail", details, dtype=pl.String))


def _numbers_twice(wrong: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Out of order because a number comes twice: say that instead."""
    twice = (
        rows.join(wrong.select(_VERSION), on=_VERSION, how="semi")
        .group_by(_VERSION)
        .agg((pl.col("n").n_unique() < pl.len()).alias("_twice"))
    )
    differs = (pl.col("code") == "BOOK.SCHEDULE_ORDER") & pl.col("_twice")
    return wrong.join(twice, on=_VERSION, how="left").with_columns(
        pl.when(differs).then(pl.lit("BOOK.DUPLICATE_DIFFERS")).otherwise("code").alias("code")
    )


def _refused_loans(verdicts: pl.DataFrame, rows: pl.DataFrame, ids: pl.DataFrame, tainted: pl.Series) -> pl.DataFrame:
    """ix, code, detail, why of new loans that cannot stand."""
    new = ids.filter("_new").select("ix", "_file", "_row")
    if not len(new):
        return pl.DataFrame(schema={"ix": ids.schema["ix"], "code": pl.String, "detail": pl.String, "why": pl.String})
    wrong = verdicts.sort(_VERSION).group_by("ix", maintain_order=True).first().select("ix", "code", "detail")
    spoilt = new.filter(pl.col("ix").is_in(tainted.implode())).select(
        "ix", pl.lit("BOOK.SCHEDULE_ROW").alias("code"), pl.lit("").alias("detail"))  # fmt: skip
    planned = rows.filter(pl.col("version") == 1).select("ix").unique()
    bare = new.join(planned, on="ix", how="anti").select(
        "ix", pl.lit("BOOK.SCHEDULE_MISSING").alias("code"), pl.lit("").alias("detail"))  # fmt: skip
    told = pl.concat([wrong.join(new, on="ix", how="semi"), spoilt, bare]).unique(
        "ix", keep="first", maintain_order=True
    )
    return told.with_columns(pl.col("code").replace_strict(_WHY, return_dtype=pl.String).alias("why"))


def _tell(verdicts: pl.DataFrame, refused: pl.DataFrame, rows: pl.DataFrame, ids: pl.DataFrame, log: FaultLog) -> None:
    """Say to each row why: the loan's own, rows of the version at fault, and the loan's other versions."""
    own = ids.join(refused, on="ix", how="inner")
    log.add(own.filter(pl.col("_file").is_not_null()), pl.col("code"), "loan_id", pl.col("detail"))
    at_fault = rows.join(verdicts, on=_VERSION, how="inner", maintain_order="left")
    for column in ("version", "n"):
        by_n = pl.col("code").is_in(
            [
                "BOOK.SCHEDULE_ORDER",
                "BOOK.DUPLICATE_DIFFERS",
                "BOOK.SCHEDULE_SUM",
                "BOOK.SCHEDULE_ROW",
                "BOOK.SCHEDULE_LONG",
            ]
        )
        part = at_fault.filter(by_n if column == "n" else ~by_n)
        log.add(part, pl.col("code"), column, pl.col("detail"))
    others = rows.join(verdicts, on=_VERSION, how="anti").join(refused, on="ix", how="inner")
    log.add(others, "BOOK.LOAN_SET_ASIDE", "loan_id", pl.col("why"))
