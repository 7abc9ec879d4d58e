"""The day: named steps over a book for an as-of date, each safe to repeat; the log is written last.

 1. ``terms``     products, law and house pack for the day; their mark decides whether yesterday can be built on
 2. ``age``       the whole book, or only what the day can have changed (the hot partition)
 3. ``snapshot``  positions of the day, whole or changes
 4. ``reread``    days reported before, where imports since may have changed them
 5. ``record``    the run in the log; from here on the day counts as done

A killed day leaves no run in the log and is simply run again; a day run twice gives the same files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import blake2b
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa

from mora import __version__
from mora.ageing.frames import ProductTable
from mora.core.dates import day_number
from mora.core.words import Words
from mora.engine import snapshots
from mora.engine.age import SNAPSHOT, Outcome, Progress, View, Waiting, age_one, age_units, cores, in_order
from mora.engine.book.lock import writing
from mora.engine.book.manifest import Book
from mora.engine.classify import Classifier, linked
from mora.engine.hot.calendar import ALWAYS, Days, daily_products, next_days
from mora.engine.hot.read import Look, Piece, looks, read_look
from mora.engine.hot.sort import Part, Sorter
from mora.engine.hot.state import Kept, load, save, sweep
from mora.engine.hot.touched import touched_since
from mora.engine.reread import reread_before, reread_same
from mora.engine.scan import REPORTED_BY, Unit, partitions, products_of, read_unit, units_of
from mora.engine.sink import Sink
from mora.law.packs import house_files
from mora.loans.terms import Product
from mora.riskclass.terms import RiskClass

WINDOW_DAYS = 7
"""How many days ahead a whole run sorts due dates; after as many days the next run is whole again."""

Hook = Callable[[str], None]
"""Told the name of each step as it is reached; tests end the process there."""


def _unheard(_: object) -> None:
    """For whoever does not listen."""


@dataclass(frozen=True, slots=True)
class DayRun:
    """What a day did."""

    run: snapshots.Run
    before: snapshots.Run | None
    """The run of the latest earlier day."""
    why_whole: Words | None
    """Why the whole book was read; None when only changes were."""


def run_day(
    book: Book,
    as_of: date,
    *,
    whole: bool = False,
    house: Path | None = None,
    window: int = WINDOW_DAYS,
    spark_master: str | None = None,
    progress: Progress | None = None,
    total: Callable[[int], None] = _unheard,
    hook: Hook = _unheard,
) -> DayRun:
    """Run the day ``as_of`` over a book.

    :param whole: read the whole book even where the hot partition would do.
    :param window: how many days ahead to hold due dates; 0 keeps no hot partition.
    :param spark_master: run whole inside Spark at this address; no hot partition is kept then.
    :param total: told how many loans will be looked at, before ``progress`` counts them.
    :raises Refused: another process writes to the book; products do not parse.
    """
    with writing(book.path):
        hook("terms")
        products = products_of(book)
        view = View(as_of, ProductTable.of(products), Classifier.of(products, as_of, house))
        terms = _mark(book, products, house)
        before = snapshots.last_run(book, as_of)
        kept, why = _can_build_on(book, before, as_of, terms, whole)
        hook("age")
        if spark_master is not None:
            run = _run_spark(book, view, terms, spark_master, progress, total)
        elif kept is None:
            sorter = Sorter(book, as_of, as_of + timedelta(days=window + 1)) if window else None
            run = _run_whole(book, view, sorter, daily_products(products), terms, progress, total)
        else:
            run = _run_changed(book, view, kept, daily_products(products), terms, progress, total)
        hook("reread")
        run = replace(run, rereads=_rereads(book, run, before, terms, products, house))
        hook("record")
        snapshots.record(book, run)
        sweep(book, [each.hot for each in snapshots.runs(book)[-2:] if each.hot])
        hook("done")
        return DayRun(run, before, why)


def _rereads(
    book: Book, run: snapshots.Run, before: snapshots.Run | None, terms: str, products: dict[str, Product],
    house: Path | None,
) -> tuple[snapshots.Reread, ...]:  # fmt: skip
    """What imports since then changed in an earlier run of the same day, and in the day before."""
    found = []
    own = snapshots.run_of(book, date.fromisoformat(run.as_of))
    if own is not None and own.generation < book.generation:
        found.append(reread_same(book, own, snapshots.folder(book) / run.file, terms))
    elif own is not None:
        found += [each for each in own.rereads if each.as_of == run.as_of]
    if before is not None and before.generation < book.generation:
        day = date.fromisoformat(before.as_of)
        view = View(day, ProductTable.of(products), Classifier.of(products, day, house))
        found.append(reread_before(book, before, view, terms, date.fromisoformat(run.as_of)))
    return tuple(found)


def _mark(book: Book, products: dict[str, Product], house: Path | None) -> str:
    """What besides loans and postings decides a day's figures; another mark means yesterday cannot be built on."""
    packs = "".join(file.text for file in house_files(house)).encode() if house else b""
    told = repr(sorted(products.items())).encode() + packs + __version__.encode() + str(book.partitions).encode()
    return blake2b(told, digest_size=8).hexdigest()


def _can_build_on(
    book: Book, before: snapshots.Run | None, as_of: date, terms: str, whole: bool
) -> tuple[Kept | None, Words | None]:
    """The hot partition left by the latest run, or why it will not do."""
    if whole:
        return None, Words("按要求", "asked for")
    if before is None:
        return None, Words("首次运行", "first run")
    if not before.hot:
        return None, Words("没有保留热分区", "no hot partition was kept")
    if before.terms != terms:
        return None, Words("产品条款、规则包或版本有变", "products, law or version changed")
    kept = load(book, before.hot)
    if kept is None:
        return None, Words("热分区已不存在", "the hot partition is gone")
    if as_of.isoformat() >= kept.hot.until:
        until = kept.hot.until
        return None, Words(f"到期日只预备至 {until}", f"due dates are held only until {until}")
    if touched_since(book, before.generation) is None:
        return None, Words("此后账簿大部分有变动", "much of the book was touched since")
    return kept, None


def _first_open(outcome: Outcome) -> Days:
    assert outcome.first_open_on is not None
    return outcome.first_open_on


def _ever_npl(outcome: Outcome) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    assert outcome.ever_npl is not None
    return outcome.ever_npl


def _run_whole(
    book: Book,
    view: View,
    sorter: Sorter | None,
    daily: frozenset[str],
    terms: str,
    progress: Progress | None,
    total: Callable[[int], None],
) -> snapshots.Run:
    units = units_of(partitions(book))
    total(sum(unit.loans for unit in units))
    today = day_number(view.as_of)

    def work(unit: Unit) -> tuple[Outcome, list[Part]]:
        chunk = read_unit(unit, keep=sorter is not None, more=REPORTED_BY)
        outcome = age_one(chunk, view)
        if sorter is None:
            return outcome, []
        next_on = next_days(chunk, _first_open(outcome), _ever_npl(outcome), daily, today)
        return outcome, sorter.parts(chunk, next_on)

    name = f"{view.as_of}.g{book.generation}.{snapshots.WHOLE}.parquet"
    waiting = Waiting()
    with Sink(snapshots.folder(book) / name, SNAPSHOT) as sink:
        for outcome, parts in in_order(work, units, cores()):
            sink.write(outcome.ready)
            waiting.add(outcome)
            if sorter is not None:
                sorter.take_over(parts)
            if progress is not None:
                progress(outcome.loans)
        settled = []
        for outcome in waiting.settle(view):
            sink.write(outcome.ready)
            settled.append(_parties(outcome.ready))
        if sorter is not None and settled:
            sorter.sort_linked(*(pl.concat(each) for each in zip(*settled, strict=True)))
    hot = ""
    if sorter is not None:
        save(book, sorter.finish())
        hot = view.as_of.isoformat()
    return snapshots.Run(
        view.as_of.isoformat(), book.generation, snapshots.WHOLE, name, sink.rows, terms, hot
    )  # fmt: skip


def _run_spark(
    book: Book, view: View, terms: str, master: str, progress: Progress | None, total: Callable[[int], None]
) -> snapshots.Run:
    from mora.engine import spark  # noqa: PLC0415 - an extra, and slow to import

    units = units_of(partitions(book))
    total(sum(unit.loans for unit in units))
    name = f"{view.as_of}.g{book.generation}.{snapshots.WHOLE}.parquet"
    out = snapshots.folder(book) / name
    loans = spark.write_positions(units, view, out, snapshot=True, progress=progress, master=master)
    return snapshots.Run(view.as_of.isoformat(), book.generation, snapshots.WHOLE, name, loans, terms)


def _parties(settled: pa.Table) -> tuple[pl.Series, pl.Series]:
    """Debtor of each loan, and whether it is non-performing."""
    classes = pl.Series(settled["risk_class"].cast(pa.string()).to_pylist(), dtype=pl.String)
    bad = [each.word for each in RiskClass if each.is_npl]
    return pl.Series(settled["party_id"].to_pylist(), dtype=pl.String), classes.is_in(bad).fill_null(value=True)


def _run_changed(
    book: Book,
    view: View,
    kept: Kept,
    daily: frozenset[str],
    terms: str,
    progress: Progress | None,
    total: Callable[[int], None],
) -> snapshots.Run:
    touched = touched_since(book, kept.hot.generation)
    assert touched is not None
    today = day_number(view.as_of)
    found = looks(book, kept, touched, view.as_of)
    total(sum(int((days <= today).sum()) for days in kept.next_on.values()))

    def work(look: Look) -> tuple[Outcome, Piece, Days] | None:
        piece = read_look(look, kept, today)
        if piece is None:
            return None
        outcome = age_one(piece.chunk, view)
        next_on = next_days(piece.chunk, _first_open(outcome), _ever_npl(outcome), daily, today)
        # Contagion looks at all linked loans of a debtor: those brought together by trouble or by an import stay so.
        next_on[linked(piece.chunk.loans) & piece.stood] = ALWAYS
        return outcome, piece, next_on

    name = f"{view.as_of}.g{book.generation}.{snapshots.CHANGED}.parquet"
    waiting = Waiting()
    with Sink(snapshots.folder(book) / name, SNAPSHOT) as sink:
        for done in in_order(work, found, cores()):
            if done is None:
                continue
            outcome, piece, next_on = done
            sink.write(outcome.ready)
            waiting.add(outcome)
            kept.next_on[piece.held_in][piece.places] = next_on
            if progress is not None:
                progress(outcome.loans)
        for outcome in waiting.settle(view):
            sink.write(outcome.ready)
    kept.hot = replace(kept.hot, as_of=view.as_of.isoformat(), generation=book.generation)
    save(book, kept)
    return snapshots.Run(
        view.as_of.isoformat(), book.generation, snapshots.CHANGED, name, sink.rows, terms, view.as_of.isoformat()
    )  # fmt: skip


def whole_positions(book: Book, as_of: date, *, house: Path | None = None) -> Iterator[pa.Table]:
    """Every loan aged afresh, for comparing with what a chain of days says."""
    products = products_of(book)
    view = View(as_of, ProductTable.of(products), Classifier.of(products, as_of, house))
    units = units_of(partitions(book))
    return (outcome.ready for outcome in age_units(units, view, snapshot=True))
