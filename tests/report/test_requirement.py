"""What the law asks of provisions beside what a book holds: which clause, met or not; silent where it asks nothing."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from rich.console import Console

from mora.core.words import Language
from mora.insight import DaySummary, summarise
from mora.law import load
from mora.report import print_day, render_day
from mora.report.tables import requirement_rows
from mora.report.words import Speaker
from mora.riskclass.numbers import read_numbers
from mora.riskclass.provision import coverage_requirement, legal_measure
from mora.riskclass.terms import RiskClass
from report.random_positions import TODAY, two_days


def day(provision_minor: int) -> DaySummary:
    """A thousand loans of 1,000.00, of which fifteen doubtful, with so much provided for each of these."""
    frame = two_days(1000)[0].with_columns(
        outstanding_principal_minor=pl.lit(100_000, pl.Int64), written_off_on=pl.lit(None, pl.Date),
        sold_on=pl.lit(None, pl.Date), currency=pl.lit("CNY"),
        risk_class=pl.when(pl.int_range(pl.len()) < 15).then(pl.lit("doubtful")).otherwise(pl.lit("normal")),
        provision_minor=pl.when(pl.int_range(pl.len()) < 15).then(provision_minor).otherwise(0).cast(pl.Int64),
    )  # fmt: skip
    summary = summarise(frame, as_of=TODAY, synthetic=False)
    (book,) = summary.currencies
    measure = legal_measure(read_numbers(load("cn"), on=date(2026, 1, 1)))
    assert measure is not None
    assert book.total.known_provision_minor is not None
    balances = {RiskClass.NORMAL: 985 * 100_000, RiskClass.DOUBTFUL: 15 * 100_000}
    asked = coverage_requirement(balances, book.total.known_provision_minor, measure)
    return replace(summary, currencies=(replace(book, requirement=asked),))


def told(summary: DaySummary, language: Language) -> str:
    out = io.StringIO()
    print_day(summary, language, Console(file=out, width=100, no_color=True, force_terminal=False))
    return out.getvalue()


def test_provisions_below_the_higher_of_the_two_are_short_by_the_difference() -> None:
    # Of 1,000,000.00 lent 2.5 % is 25,000.00; 150 % of 15,000.00 is 22,500.00. Held: 15 x 1,600.00 = 24,000.00.
    rows = requirement_rows(day(160_000).currencies[0], Speaker(Language.EN))
    assert [(row.held, row.required, row.result) for row in rows] == [
        ("2.40%", "2.50%", "not met"),
        ("160.00%", "150.00%", "met"),
        ("24,000.00", "25,000.00", "1,000.00 short"),
    ]


def test_enough_is_said_to_be_met() -> None:
    rows = requirement_rows(day(170_000).currencies[0], Speaker(Language.ZH))
    assert [row.result for row in rows] == ["达到", "达到", "达到"]


def test_a_hair_below_does_not_read_like_enough() -> None:
    # 24,999.90 of 1,000,000.00 is 2.49999 %, which two decimals show as 2.50 %.
    rows = requirement_rows(day(166_666).currencies[0], Speaker(Language.EN))
    assert (rows[0].held, rows[0].required, rows[0].result) == ("2.499990%", "2.500000%", "not met")


@pytest.mark.parametrize(
    ("language", "clause", "result"),
    [
        (
            Language.ZH,
            "《商业银行贷款损失准备管理办法》（中国银行业监督管理委员会令2011年第4号）第7条",
            "缺口 1,000.00",
        ),
        (Language.EN, "Measures on loan-loss provisions (CBRC Order 2011-4), art. 7", "1,000.00 short"),
    ],
)
def test_page_and_terminal_name_the_clause(language: Language, clause: str, result: str) -> None:
    summary = day(160_000)
    for text in (render_day(summary, language), told(summary, language).replace("\n", "")):
        assert clause.replace(" ", "") in text.replace(" ", "")
        assert result in text
        assert "cn.prov2011.ratios" in text
    json.dumps(summary.as_dict())


@pytest.mark.parametrize("language", list(Language))
def test_where_the_law_asks_nothing_nothing_is_said(language: Language) -> None:
    silent = replace(day(160_000), currencies=(replace(day(160_000).currencies[0], requirement=None),))
    for text in (render_day(silent, language), told(silent, language)):
        assert Speaker(language).REQUIREMENT not in text
