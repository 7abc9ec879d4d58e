"""The portfolio on the last day run: ladder, classes, roll, trend; the figures and pictures of the day's report."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mora.casework.book import days_run, held_book, held_paths
from mora.core.errors import Refused
from mora.engine import snapshots
from mora.engine.book.manifest import open_book
from mora.engine.summary import summary_of
from mora.insight import DaySummary
from mora.report import charts, figures
from mora.report.tables import book_tables
from mora.report.words import Speaker
from mora.web.refused import language, sentence
from mora.web.workbench.asked import page

TREND_DAYS = 30


@page("see_portfolio")
def show(request: HttpRequest) -> HttpResponse:
    """The page; one currency at a time, since currencies are never added together."""
    speaker = Speaker(language())
    told: dict[str, object] = {"w": speaker}
    try:
        books = [path.resolve().name for path in held_paths()]
        book = held_book(request.GET.get("book", "")) or held_book()
        days = days_run(book) if book is not None else []
        if book is None or not days:
            return render(request, "portfolio/page.html", told | {"empty": True})
        as_of = _asked(request, days)
        summary = _summary(str(book.path), book.generation, as_of, len(days))
    except Refused as refusal:
        return render(request, "portfolio/page.html", told | {"problem": sentence(refusal)}, status=409)
    names = [one.currency for one in summary.currencies]
    chosen = request.GET.get("currency") if request.GET.get("currency") in names else (names[0] if names else "")
    one = next((each for each in summary.currencies if each.currency == chosen), None)
    told |= {
        "as_of": as_of, "days": days[::-1][:TREND_DAYS], "currencies": names, "currency": chosen,
        "books": books, "named": book.path.resolve().name, "synthetic": summary.synthetic,
        "previous": summary.previous_as_of,
        "book": book_tables(one, speaker, first_day=summary.previous_as_of is None) if one else None,
        "trend": _trend(str(book.path), book.generation, tuple(day for day in days if day <= as_of)[-TREND_DAYS:],
                        chosen),
    }  # fmt: skip
    return render(request, "portfolio/page.html", told)


def _asked(request: HttpRequest, days: list[date]) -> date:
    try:
        asked = date.fromisoformat(request.GET.get("as_of", ""))
    except ValueError:
        return days[-1]
    return asked if asked in days else days[-1]


@lru_cache(maxsize=8)
def _summary(path: str, generation: int, as_of: date, runs: int) -> DaySummary:  # noqa: ARG001  keys of the cache
    return summary_of(open_book(Path(path)), as_of)


@lru_cache(maxsize=512)
def _late(path: str, generation: int, as_of: date, currency: str) -> tuple[int, int, int]:  # noqa: ARG001
    """Late loans, their arrears, and principal of late loans on a day."""
    frame = snapshots.positions(open_book(Path(path)), as_of)
    late = frame.filter(pl.col("currency") == currency, pl.col("days_past_due") > 0, pl.col("arrears_minor") > 0)
    row = late.select(pl.len(), pl.col("arrears_minor").sum(), pl.col("outstanding_principal_minor").sum()).collect()
    return tuple(int(each or 0) for each in row.row(0))  # type: ignore[return-value]


def _trend(path: str, generation: int, days: tuple[date, ...], currency: str) -> list[dict[str, object]]:
    """A row a day, newest first, with bars of arrears on one scale."""
    lines = [(day, *_late(path, generation, day, currency)) for day in days]
    most = max((arrears for _, _, arrears, _ in lines), default=0)
    return [
        {
            "day": day, "loans": figures.count(loans), "arrears": figures.amount(arrears, currency),
            "principal": figures.amount(principal, currency), "bar": charts.bar(arrears, most, 2),
        }
        for day, loans, arrears, principal in reversed(lines)
    ]  # fmt: skip
