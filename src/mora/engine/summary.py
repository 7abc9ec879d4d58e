"""What a day's report is made from: today's snapshot, the day before's, and what imports set aside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from mora.engine import snapshots
from mora.engine.book.manifest import Book
from mora.engine.reread import read_changes
from mora.engine.scan import products_of
from mora.insight import CurrencySummary, DaySummary, HistoryChanges, SetAside, summarise, summarise_history
from mora.law import load
from mora.riskclass.numbers import read_numbers
from mora.riskclass.provision import Measure, coverage_requirement, legal_measure
from mora.riskclass.terms import class_of


def summary_of(book: Book, as_of: date, *, measure: Measure | None = None) -> DaySummary:
    """The summary of a day that was run, compared with the latest earlier day that was.

    :param measure: what the law asks of the book's provisions, from :func:`provision_measure`.
    :raises Refused: the day was not run.
    """
    today = snapshots.positions(book, as_of)
    before = snapshots.last_run(book, as_of)
    earlier = date.fromisoformat(before.as_of) if before else None
    summary = summarise(
        today,
        None if earlier is None else snapshots.positions(book, earlier),
        as_of=as_of,
        previous_as_of=earlier,
        synthetic=book.synthetic,
        set_aside=set_aside(book),
        history=_history(book, as_of),
    )
    if measure is None:
        return summary
    chinese = {name for name, product in products_of(book).items() if product.jurisdiction == "cn"}
    return replace(summary, currencies=tuple(_required(each, measure, chinese) for each in summary.currencies))


def provision_measure(as_of: date, house: Path | None = None) -> Measure | None:
    """What Chinese law asks of a bank's provisions on a day; None: nothing.

    :raises Refused: a house pack states a setting outside the law's band, or cannot be read.
    """
    return legal_measure(read_numbers(load("cn", house=house), on=as_of))


def _required(book: CurrencySummary, measure: Measure, chinese: set[str]) -> CurrencySummary:
    """With what the law asks, where every loan is under Chinese law and class and provision of each are known."""
    products = {line.key for line in book.drills.get("product", ())}
    held = book.total.known_provision_minor
    if not products or not products <= chinese or held is None or any(line.key is None for line in book.classes):
        return book
    balances = {class_of(str(line.key)): line.figures.principal_minor for line in book.classes}
    return replace(book, requirement=coverage_requirement(balances, held, measure))


def _history(book: Book, as_of: date) -> list[HistoryChanges]:
    """What the day's run found when it read earlier days again."""
    run = snapshots.run_of(book, as_of)
    return [
        summarise_history(
            read_changes(book, each),
            as_of=date.fromisoformat(each.as_of),
            not_compared=each.not_compared,
            terms_changed=each.terms_changed,
            file=f"{snapshots.FOLDER}/{each.file}",
        )
        for each in (run.rereads if run else ())
    ]


def set_aside(book: Book) -> Iterable[SetAside]:
    """Rows in quarantine, by code and file, over all imports."""
    files = sorted((book.path / "quarantine").glob("*/*.parquet"))
    frames = [pl.read_parquet(path) for path in files]
    counted = [frame for frame in frames if {"code", "file"} <= set(frame.columns)]
    if not counted:
        return []
    told = ("code", "file", "message_en", "message_zh")
    whole = pl.concat([
        frame.select(pl.col(name).cast(pl.String) if name in frame.columns else pl.lit("").alias(name) for name in told)
        for frame in counted
    ])  # fmt: skip
    grouped = whole.group_by("code", "file").agg(pl.len().alias("rows"), pl.col("message_en", "message_zh").first())
    return [
        SetAside(row["code"], row["rows"], row["file"] or "", row["message_en"] or "", row["message_zh"] or "")
        for row in grouped.to_dicts()
    ]
