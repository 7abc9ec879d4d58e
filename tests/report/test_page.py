"""The page: complete, self-contained, safe, in both languages, and light."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

from mora.core.words import Language, Words
from mora.insight import DaySummary, HistoryChange, HistoryChanges, LatePosting, SetAside, summarise
from mora.report import render_day, words, write_day
from report.random_positions import TODAY, YESTERDAY, two_days


def day_of(n: int, currencies: tuple[str, ...] = ("CNY",), **more: object) -> DaySummary:
    today, before = two_days(n, currencies=currencies)
    settings: dict[str, object] = {"synthetic": True, **more}
    return summarise(today, before, as_of=TODAY, previous_as_of=YESTERDAY, **settings)  # type: ignore[arg-type]


class Outline(HTMLParser):
    """Open tags and text, with a check that tags close in order."""

    VOID = frozenset({"meta", "rect", "line", "br", "link", "img"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.labels: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.labels += [given["aria-labelledby"] or ""] if "aria-labelledby" in given else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.VOID, f"<{tag}/> is not a thing in HTML"

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.mark.parametrize("language", list(Language))
def test_the_page_is_well_formed_and_every_region_has_its_name(language: Language) -> None:
    outline = Outline(render_day(day_of(400, ("CNY", "USD")), language))
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.labels) <= set(outline.ids)
    assert len(outline.labels) > 10


@pytest.mark.parametrize("language", list(Language))
def test_the_page_asks_nobody_for_anything_and_runs_nothing(language: Language) -> None:
    page = render_day(day_of(200), language)
    for forbidden in ("http:", "https:", "<script", "<link", "<img", "@import", "url(", "javascript:", " on"):
        places = [m.start() for m in re.finditer(re.escape(forbidden), re.sub(r">[^<]*<", "><", page))]
        assert not places, forbidden


def test_the_page_says_what_the_summary_says() -> None:
    summary = day_of(3_000)
    (book,) = summary.currencies
    text = Outline(render_day(summary, Language.EN)).text
    assert f"{book.total.late_loans:,} loans are late" in text
    largest = book.largest[0]
    assert largest.loan_id in text
    assert f"{largest.arrears_minor // 100:,}.{largest.arrears_minor % 100:02d}" in text
    for line in book.ladder:
        assert f"{line.figures.principal_minor // 100:,}.{line.figures.principal_minor % 100:02d}" in text


def test_names_in_the_data_cannot_become_markup() -> None:
    today = two_days(300)[0].with_columns(product=pl.lit("<script>alert(1)</script>"), branch=pl.lit('"><b>x'))
    aside = [SetAside("BOOK.X", 1, "<i>.csv", "value '<u>' & more")]
    summary = summarise(today, as_of=TODAY, synthetic=False, set_aside=aside)
    page = render_day(summary, Language.ZH)
    assert "<script" not in page
    assert "<b>x" not in page
    assert "<u>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("language", list(Language))
def test_synthetic_books_say_so_in_both_languages_and_real_ones_do_not(language: Language) -> None:
    assert "合成数据 SYNTHETIC" in render_day(day_of(5), language)
    assert "SYNTHETIC" not in render_day(day_of(5, synthetic=False), language)


def test_empty_states_say_why_they_are_empty() -> None:
    assert "The book holds no loans" in render_day(day_of(0), Language.EN)
    current = two_days(200)[0].filter(pl.col("days_past_due") == 0)
    first = render_day(summarise(current, as_of=TODAY, synthetic=False), Language.EN)
    for said in ("No loan is late.", "Nothing is in arrears.", "This is the first day.", "none was set aside"):
        assert said in first
    unclassified = summarise(current.drop("risk_class"), as_of=TODAY, synthetic=False)
    assert "Not classified on this day" in render_day(unclassified, Language.EN)


def test_a_currency_whose_last_loan_left_still_has_its_page() -> None:
    today, before = two_days(50)
    summary = summarise(today.clear(), before, as_of=TODAY, previous_as_of=YESTERDAY, synthetic=False)
    assert "Gone" in render_day(summary, Language.EN)


def test_one_loan_is_not_called_loans() -> None:
    late = two_days(300)[0].filter(pl.col("days_past_due") > 0).head(1)
    assert "1 loan is late" in render_day(summarise(late, as_of=TODAY, synthetic=False), Language.EN)


def reread(because: tuple[LatePosting, ...], **more: object) -> HistoryChanges:
    changes = (
        HistoryChange("L1", "arrears_minor", "90000", None, "back_dated", because, "CNY"),
        HistoryChange("L1", "risk_class", "normal", "special_mention", "back_dated", because, "CNY"),
    )
    told = {"by_reason": {"back_dated": 1}, "examples": changes, "example_loans": 1} | more
    return HistoryChanges(YESTERDAY, 1, **told)  # type: ignore[arg-type]


PAID = LatePosting("P7", "payment", date(2026, 2, 20), 60000, datetime(2026, 3, 5, tzinfo=UTC), "2026-03-06T08:00:00")
UNDONE = LatePosting("R1", "reversal", date(2026, 2, 21), 5000, reverses="P3")


def test_changes_of_history_are_listed_with_the_postings_that_made_them() -> None:
    page = render_day(day_of(20, history=[reread((PAID, UNDONE))]), Language.EN)
    assert "differs from what was reported for 1 loan." in page
    assert "payment 600.00, posting P7 of 2026-02-20, booked 2026-03-05, imported 2026-03-06" in page
    assert "reversal 50.00, posting R1 of 2026-02-21, reverses P3" in page
    assert ">900.00 CNY<" in page
    assert ">Special mention<" in page
    chinese = render_day(day_of(20, history=[reread((PAID, UNDONE))]), Language.ZH)
    assert "还款 600.00，流水 P7，起息日 2026-02-20，2026-03-05 入账，2026-03-06 导入" in chinese
    assert "冲正 50.00，流水 R1，起息日 2026-02-21，冲正 P3" in chinese
    nothing = HistoryChanges(YESTERDAY, 0)
    assert "is as it was reported" in render_day(day_of(20, history=[nothing]), Language.EN)


def test_a_list_of_changes_is_bounded_and_says_what_it_leaves_out() -> None:
    history = replace(reread((PAID,) * 9), loans=400, file="positions/x.parquet")
    page = render_day(day_of(20, history=[history]), Language.EN)
    assert page.count("posting P7 of") == 3
    assert "9 postings in all" in page
    assert "Below, the 1 whose arrears changed most; every difference is in the book" in page
    assert "positions/x.parquet" in page
    left = HistoryChanges(YESTERDAY, 0, not_compared=9000, terms_changed=True)
    page = render_day(day_of(20, history=[left]), Language.EN)
    assert "9,000 loans got back-dated postings" in page
    assert "may differ too" in page
    assert "as it was reported" not in page


def test_many_branches_become_one_last_row_that_keeps_the_sum() -> None:
    today = two_days(400)[0].with_columns(branch=pl.col("loan_id"))
    summary = summarise(today, as_of=TODAY, synthetic=False)
    lines = summary.currencies[0].drills["branch"]
    assert f"{len(lines) - 12} others" in render_day(summary, Language.EN)


@pytest.mark.parametrize("language", list(Language))
def test_a_page_of_three_currencies_weighs_less_than_200_kb(language: Language) -> None:
    today, before = two_days(6_000, currencies=("CNY", "USD", "JPY"))
    both = [
        frame.with_columns(branch=pl.col("loan_id").str.tail(3), officer=pl.col("branch")) for frame in (today, before)
    ]
    summary = summarise(*both, as_of=TODAY, previous_as_of=YESTERDAY, synthetic=True)
    assert len(render_day(summary, language).encode()) < 200_000


def test_the_two_files_link_to_each_other(tmp_path: Path) -> None:
    paths = write_day(day_of(10), tmp_path)
    assert 'href="day.en.html"' in paths[Language.ZH].read_text(encoding="utf-8")
    assert 'href="day.zh.html"' in paths[Language.EN].read_text(encoding="utf-8")
    assert "href" not in render_day(day_of(10), Language.EN).replace("hreflang", "")


def test_every_pair_of_words_has_both_languages() -> None:
    pairs: dict[str, Words] = {}
    for name, value in vars(words).items():
        if isinstance(value, Words):
            pairs[name] = value
        elif isinstance(value, dict) and name.isupper() and name != "ONE":
            pairs |= {f"{name}.{key}": pair for key, pair in value.items()}
    pairs |= {f"METHOD.{n}": pair for n, pair in enumerate(words.METHOD_LINES)}
    chinese = re.compile(r"[\u4e00-\u9fff]")
    assert len(pairs) > 80
    for name, pair in pairs.items():
        if name == "OTHER_LANGUAGE":
            continue
        assert chinese.search(pair.zh) or "{" in pair.zh, name
        assert pair.en, name
        assert not chinese.search(pair.en), name
        assert set(re.findall(r"{\w+}", pair.zh)) == set(re.findall(r"{\w+}", pair.en)), name


def test_an_unknown_word_is_an_error_not_a_blank() -> None:
    with pytest.raises(AttributeError, match="no pair 'NO_SUCH'"):
        _ = words.Speaker(Language.EN).NO_SUCH
