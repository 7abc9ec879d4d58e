"""The summary of a day: from positions of today and of the day before to a :class:`DaySummary`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import polars as pl

from mora.ageing.terms import BUCKETS
from mora.insight.columns import DRILLS
from mora.insight.roll import movements, roll
from mora.insight.tally import Groups, Tally
from mora.insight.terms import CurrencySummary, DaySummary, Figures, HistoryChanges, Line, SetAside, Standing
from mora.riskclass.terms import RiskClass

CLASS_ORDER = tuple(grade.word for grade in RiskClass)
"""Risk classes, best first; words the room does not know follow by name."""

CHUNK_ROWS = 1_000_000
"""Rows of one day held at once by :func:`summarise`: 0.8 GB with both days, however large the book."""

Part = tuple[pl.LazyFrame | pl.DataFrame, pl.LazyFrame | pl.DataFrame | None]


def summarise(
    today: pl.LazyFrame | pl.DataFrame,
    before: pl.LazyFrame | pl.DataFrame | None = None,
    *,
    as_of: date,
    previous_as_of: date | None = None,
    synthetic: bool,
    set_aside: Iterable[SetAside] = (),
    history: Iterable[HistoryChanges] = (),
    top: int = 20,
    chunk_rows: int = CHUNK_ROWS,
) -> DaySummary:
    """What the book says today, and how it moved since the previous day.

    Books above ``chunk_rows`` are counted in several passes over the frames, a share of the loans at a time, so
    that memory stays bounded; a book already in partitions is cheaper through :func:`summarise_parts`.

    :param today: positions, one row a loan (columns of the book format; also product, branch, region, party_kind,
        officer, written_off_on and sold_on where known).
    :param before: positions of ``previous_as_of``; None on a first day.
    :param set_aside: what imports could not use.
    :param history: differences of past days, from :func:`mora.insight.history.summarise_history`.
    :param top: how many of the largest arrears to keep, per currency.
    :raises BadInput: a frame lacks a column, holds a loan twice, an unknown bucket or another day's rows.
    :raises ValueError: only one of ``before`` and ``previous_as_of`` is given.
    """
    if (before is None) != (previous_as_of is None):
        raise ValueError("before and previous_as_of belong together: give both or neither")
    return summarise_parts(
        _shares(today.lazy(), None if before is None else before.lazy(), chunk_rows),
        as_of=as_of, previous_as_of=previous_as_of, synthetic=synthetic, set_aside=set_aside, history=history, top=top,
    )  # fmt: skip


def summarise_parts(
    parts: Iterable[Part],
    *,
    as_of: date,
    previous_as_of: date | None = None,
    synthetic: bool,
    set_aside: Iterable[SetAside] = (),
    history: Iterable[HistoryChanges] = (),
    top: int = 20,
) -> DaySummary:
    """As :func:`summarise`, for a book that comes in parts.

    :param parts: pairs (today's part, the day before's part of the same loans). One part is held at a time. A loan
        must not be in two parts of one day; it is the caller's promise, as a check would hold every id.
    """
    tally = Tally(as_of, previous_as_of, top=top)
    for today, before in parts:
        tally.add(today, before)
    currencies = {currency for currency, _ in tally.by["standing"]}
    currencies |= {currency for currency, _ in tally.total_before}
    summaries = [_currency(tally, currency) for currency in sorted(currencies)]
    summaries.sort(key=lambda one: (-one.total.loans, one.currency))
    return DaySummary(
        as_of=as_of,
        previous_as_of=previous_as_of,
        synthetic=synthetic,
        currencies=tuple(summaries),
        set_aside=tuple(sorted(set_aside, key=lambda one: (-one.rows, one.code, one.file))),
        history=tuple(history),
    )


def _shares(today: pl.LazyFrame, before: pl.LazyFrame | None, chunk_rows: int) -> Iterable[Part]:
    """Both frames cut by the hash of the loan id, which keeps a loan's two rows together within this process."""
    frames = [frame for frame in (today, before) if frame is not None]
    rows = max(int(frame.select(pl.len()).collect().item()) for frame in frames)
    shares = max(1, -(-rows // chunk_rows))
    if shares == 1:
        yield today, before
        return
    share_of = pl.col("loan_id").cast(pl.String).hash(seed=7) % shares
    for share in range(shares):
        yield today.filter(share_of == share), None if before is None else before.filter(share_of == share)


def _currency(tally: Tally, currency: str) -> CurrencySummary:
    standing = _lines(tally.by["standing"], currency)
    total = next((line.figures for line in standing if line.key == Standing.ON_BOOK), Figures())
    buckets = {line.key: line.figures for line in _lines(tally.by["bucket"], currency)}
    cells = roll(tally.cells, currency)
    before = None
    if tally.previous_as_of is not None:
        before = tally.total_before.get((currency, Standing.ON_BOOK.value), Figures())
    return CurrencySummary(
        currency=currency,
        total=total,
        total_before=before,
        ladder=tuple(Line(name, buckets.get(name, Figures())) for name in BUCKETS),
        classes=_ordered(_lines(tally.by["risk_class"], currency), CLASS_ORDER),
        stages=_ordered(_lines(tally.by["ecl_stage"], currency), ("1", "2", "3")),
        off_book=_ordered([line for line in standing if line.key != Standing.ON_BOOK], tuple(Standing)),
        roll=cells,
        movements=movements(cells),
        largest=tuple(tally.largest.get(currency, ())),
        drills={
            column: tuple(sorted(_lines(tally.by[column], currency), key=_drill_order))
            for column in DRILLS
            if column in tally.present
        },
    )


def _lines(groups: Groups, currency: str) -> list[Line]:
    return [Line(key, figures) for (of, key), figures in groups.items() if of == currency]


def _ordered(lines: list[Line], order: Sequence[str]) -> tuple[Line, ...]:
    place = {name: n for n, name in enumerate(order)}
    return tuple(
        sorted(lines, key=lambda line: (line.key is None, place.get(line.key or "", len(order)), line.key or ""))
    )


def _drill_order(line: Line) -> tuple[int, int, bool, str]:
    return -line.figures.late_principal_minor, -line.figures.principal_minor, line.key is None, line.key or ""
