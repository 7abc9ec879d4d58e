"""The terminal: whole figures at 80 columns, no colour needed."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from rich.cells import cell_len
from rich.console import Console

from mora.core.words import Language
from mora.insight import DaySummary, HistoryChange, HistoryChanges, LatePosting, SetAside, summarise
from mora.report import print_day
from report.random_positions import TODAY, YESTERDAY, two_days


def printed(summary: DaySummary, language: Language, width: int = 80) -> str:
    out = io.StringIO()
    print_day(summary, language, Console(file=out, width=width, no_color=True, force_terminal=False))
    return out.getvalue()


def day_of(n: int, factor: int = 1, currencies: tuple[str, ...] = ("CNY",)) -> DaySummary:
    scale = [pl.col(name) * factor for name in ("arrears_minor", "outstanding_principal_minor", "provision_minor")]
    today, before = (frame.with_columns(scale) for frame in two_days(n, currencies=currencies))
    aside = [SetAside("BOOK.DATE", 2, "loans.csv", "2026-02-30 is not a day of the calendar")]
    return summarise(today, before, as_of=TODAY, previous_as_of=YESTERDAY, synthetic=True, set_aside=aside)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("factor", [1, 10_000])
def test_nothing_is_wider_than_the_terminal_nor_cut(language: Language, factor: int) -> None:
    text = printed(day_of(2_000, factor), language)
    assert max(cell_len(line) for line in text.splitlines()) <= 80
    assert "…" not in text


@pytest.mark.parametrize("language", list(Language))
def test_the_tables_hold_the_summary_s_figures(language: Language) -> None:
    summary = day_of(2_000)
    (book,) = summary.currencies
    text = printed(summary, language, width=140)
    for amount in (
        book.total.arrears_minor,
        book.ladder[1].figures.principal_minor,
        book.classes[1].figures.provision_minor,
        book.largest[0].arrears_minor,
    ):
        assert f"{amount // 100:,}.{amount % 100:02d}" in text
    for word in ("合成数据 SYNTHETIC", "BOOK.DATE", "M7+", book.largest[0].loan_id):
        assert word in text


def test_without_colour_there_are_no_escape_codes() -> None:
    assert "\x1b" not in printed(day_of(50), Language.EN)


def test_two_currencies_stand_apart() -> None:
    text = printed(day_of(400, currencies=("CNY", "USD")), Language.EN)
    assert "Ageing ladder  CNY" in text
    assert "Ageing ladder  USD" in text


def test_empty_book_and_first_day_say_so() -> None:
    today = two_days(0)[0]
    assert "The book holds no loans" in printed(summarise(today, as_of=TODAY, synthetic=False), Language.EN)
    first = printed(summarise(two_days(20)[0], as_of=TODAY, synthetic=False), Language.EN)
    assert "This is the first day." in first
    assert "SYNTHETIC" not in first


def test_a_past_day_that_reads_differently_names_loan_figures_and_posting() -> None:
    because = (LatePosting("P7", "payment", date(2026, 2, 20), 60000),)
    change = HistoryChange("L1", "arrears_minor", "90000", "30000", "back_dated", because, "CNY")
    history = HistoryChanges(YESTERDAY, 1, {"back_dated": 1}, examples=(change,), example_loans=1)
    text = printed(replace(day_of(50), history=(history,)), Language.ZH)
    assert f"历史更正  {YESTERDAY}" in text
    assert "还款 600.00，流水 P7，起息日 2026-02-20" in text
    assert "欠款  900.00 CNY → 300.00 CNY" in text
