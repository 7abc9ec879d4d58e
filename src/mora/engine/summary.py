"""What a day's report is made from: today's snapshot, the day before's, and what imports set aside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from mora.engine import snapshots
from mora.engine.book.manifest import Book
from mora.engine.reread import read_changes
from mora.insight import DaySummary, HistoryChanges, SetAside, summarise, summarise_history


def summary_of(book: Book, as_of: date) -> DaySummary:
    """The summary of a day that was run, compared with the latest earlier day that was.

    :raises Refused: the day was not run.
    """
    today = snapshots.positions(book, as_of)
    before = snapshots.last_run(book, as_of)
    earlier = date.fromisoformat(before.as_of) if before else None
    return summarise(
        today,
        None if earlier is None else snapshots.positions(book, earlier),
        as_of=as_of,
        previous_as_of=earlier,
        synthetic=book.synthetic,
        set_aside=set_aside(book),
        history=_history(book, as_of),
    )


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
    whole = pl.concat([frame.select(pl.col("code", "file").cast(pl.String), _message(frame)) for frame in counted])
    grouped = whole.group_by("code", "file").agg(rows=pl.len(), example=pl.col("message").first())
    return [SetAside(row["code"], row["rows"], row["file"] or "", row["example"] or "") for row in grouped.to_dicts()]


def _message(frame: pl.DataFrame) -> pl.Expr:
    for name in ("message_zh", "message", "message_en"):
        if name in frame.columns:
            return pl.col(name).cast(pl.String).alias("message")
    return pl.lit("").alias("message")
