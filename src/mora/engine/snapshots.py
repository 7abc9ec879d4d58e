"""Positions of every day: a whole snapshot now and then, and for the days between only the loans that changed.

A loan that is not in a day's file stands as it stood before, but for the as-of date.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from mora.core.errors import Refused
from mora.engine.book.manifest import Book
from mora.engine.book.manifest import replace as replace_file

FOLDER = "positions"
LOG = "log.json"
WHOLE, CHANGED = "whole", "changed"


@dataclass(frozen=True, slots=True)
class Reread:
    """A day that was reported before, read again with what the book knows now (:mod:`mora.engine.reread`)."""

    as_of: str
    since: int
    """Generation of the book the earlier reading saw."""
    file: str
    """Every difference (columns of :data:`mora.insight.DIFFERENCES`)."""
    not_compared: int = 0
    """Loans with late postings that were too many to read again."""
    terms_changed: bool = False
    """Products, law or software changed between the readings."""


@dataclass(frozen=True, slots=True)
class Run:
    """One day that was run."""

    as_of: str
    generation: int
    """Of the book it read."""
    kind: str
    """``whole`` or ``changed``."""
    file: str
    loans: int
    """Rows in the file."""
    terms: str
    """Mark of what else decides the figures: products, law, house pack, version of Mora."""
    hot: str = ""
    """Name of the hot partition's state after it; empty when none was kept."""
    rereads: tuple[Reread, ...] = ()
    """Days reported before which imports since may have changed, this day's own earlier run first."""


def runs(book: Book) -> list[Run]:
    """Every day that was run, in order of as-of date."""
    path = book.path / FOLDER / LOG
    if not path.is_file():
        return []
    return [_run(each) for each in json.loads(path.read_text(encoding="utf-8"))["runs"]]


def _run(told: dict[str, Any]) -> Run:
    return Run(**(told | {"rereads": tuple(Reread(**each) for each in told.get("rereads", ()))}))


def record(book: Book, run: Run) -> None:
    """Add a day to the log, in the place of an earlier run of the same day. The last step of a run."""
    kept = [each for each in runs(book) if each.as_of != run.as_of]
    # Days after it that only held changes stood on what this run may have changed.
    later = [each for each in kept if each.as_of > run.as_of]
    chain = [each for each in later if each.kind == CHANGED and not _whole_between(later, run.as_of, each.as_of)]
    kept = [each for each in kept if each not in chain]
    told = sorted([*kept, run], key=lambda each: each.as_of)
    (book.path / FOLDER).mkdir(exist_ok=True)
    replace_file(book.path / FOLDER / LOG, json.dumps({"runs": [asdict(each) for each in told]}, indent=1))


def _whole_between(later: list[Run], start: str, end: str) -> bool:
    return any(each.kind == WHOLE and start < each.as_of < end for each in later)


def last_run(book: Book, before: date) -> Run | None:
    """The latest run of a day before ``before``."""
    earlier = [each for each in runs(book) if each.as_of < before.isoformat()]
    return earlier[-1] if earlier else None


def chain(book: Book, as_of: date) -> list[Run]:
    """The runs that together say how every loan stood on ``as_of``: a whole one, then the changes since.

    :raises Refused: that day was not run.
    """
    known = runs(book)
    wanted = [each for each in known if each.as_of == as_of.isoformat()]
    if not wanted:
        days = ", ".join(each.as_of for each in known[-5:]) or "none"
        raise Refused(
            f"{as_of} was not run on this book; runs there are: {days}. Run: mora day --as-of {as_of}",
            zh=f"该账簿没有 {as_of} 的跑批；已有：{days}。请先运行 mora day --as-of {as_of}",
        )
    upto = [each for each in known if each.as_of <= as_of.isoformat()]
    starts = [place for place, each in enumerate(upto) if each.kind == WHOLE]
    return upto[starts[-1] :]


def run_of(book: Book, as_of: date) -> Run | None:
    """The run of a day; None when it was not run."""
    return next((each for each in runs(book) if each.as_of == as_of.isoformat()), None)


def positions(book: Book, as_of: date, *, loans: pl.Series | None = None) -> pl.LazyFrame:
    """The snapshot of every loan at the evening of ``as_of`` (columns of ``engine.age.SNAPSHOT``).

    :param loans: only these loans.
    :raises Refused: that day was not run.
    """
    files = [book.path / FOLDER / each.file for each in chain(book, as_of)]
    frames = [pl.scan_parquet(path) for path in files]
    if loans is not None:
        frames = [frame.filter(pl.col("loan_id").is_in(loans.implode())) for frame in frames]
    newest = frames[-1]
    parts = [newest]
    seen = newest.select("loan_id")
    for frame in reversed(frames[:-1]):
        parts.append(frame.join(seen, on="loan_id", how="anti"))
        seen = pl.concat([seen, frame.select("loan_id")])
    return pl.concat(parts).with_columns(as_of=pl.lit(as_of))


def folder(book: Book) -> Path:
    """Where snapshots lie."""
    return book.path / FOLDER
