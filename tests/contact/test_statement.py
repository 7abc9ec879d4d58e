"""What a person reads on paper equals the facts to the cent; the same facts give the same bytes."""

from __future__ import annotations

import random
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import typst

from mora.contact import fill, starter
from mora.contact.checking import samples
from mora.contact.statement import (
    Letter,
    Line,
    Loan,
    NoGlyph,
    Paper,
    letter_pdf,
    line_of,
    paper,
    statement_pdf,
)  # fmt: skip
from mora.contact.statement.facts import COMPONENTS
from mora.contact.statement.letters import blocks
from mora.contact.statement.paper import FAMILIES
from mora.contact.terms import Medium
from mora.core.errors import BadInput, Refused
from mora.core.money import format_minor
from mora.core.words import Language
from mora.engine.book import import_book, open_book
from mora.engine.explain import explain
from mora.feeds.synthetic import Order, write_book

from .papers import DAY, EN, RARE, ZH, a_loan, a_sender, a_statement, pages_of, part, text_of


@pytest.mark.parametrize("language", Language)
def test_every_figure_of_one_loan_is_there_to_the_cent(language: Language) -> None:
    text = text_of(statement_pdf(a_statement(language, (a_loan(language),))))
    # due 12,345.67 + 456.78 + 5.00 + 12.34 + 0.12; paid 10,300.00; waived 5.00; 2,345.67 + 156.78 + 12.34 + 0.12 open
    for figure in ("12,345.67", "456.78", "12,819.91", "10,300.00", "5.00", "2,345.67", "156.78", "12.34", "0.12",
                   "2,514.91", "0.87", "80,000.00", "83,000.00", "2,500.00"):  # fmt: skip
        assert figure in text, figure


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_thirty_loans_say_each_figure_and_the_sums(language: Language, seed: int) -> None:
    rng = random.Random(seed)

    def component() -> object:
        due = rng.randrange(10**8)
        paid = rng.randrange(due + 1)
        return part(due, paid, rng.randrange(due - paid + 1))

    loans = tuple(
        replace(a_loan(language, number), line=Line(*(component() for _ in COMPONENTS)))  # type: ignore[arg-type]
        for number in range(30)
    )
    pages = pages_of(statement_pdf(a_statement(language, loans)))
    text = "".join(pages)
    for loan in loans:
        total = loan.line.total
        row = "".join(format_minor(each, "CNY") for each in (total.due, total.paid, total.relieved, total.overdue))
        assert f"{loan.days_past_due}{row}" in text
        opened = [each.overdue for each in loan.line.parts()]
        assert "".join(format_minor(each, "CNY") for each in (*opened, sum(opened))) in text
    for name in ("due", "paid", "relieved", "overdue"):
        assert format_minor(sum(getattr(loan.line.total, name) for loan in loans), "CNY") in text
    heads = {"zh": ("贷款最早未还逾期天数", "贷款本金利息费用"), "en": ("LoanUnpaidsince", "LoanPrincipalInterestFees")}
    assert len(pages) == 4
    with_rows = [bool(re.search(r"尾号10|ending10", page)) for page in pages]
    assert [bool(re.search("|".join(heads[language.value]), page)) for page in pages] == with_rows
    assert sum(with_rows) >= 3
    assert all(f"{number}" in page for number, page in enumerate(pages, 1))


def test_a_statement_of_one_loan_is_one_page_in_chinese() -> None:
    assert len(pages_of(statement_pdf(a_statement(ZH, (a_loan(),))))) == 1


@pytest.mark.parametrize("language", Language)
def test_currencies_are_never_added_up(language: Language) -> None:
    loans = (a_loan(language), a_loan(language, 2, "USD", 3), a_loan(language, 3, "JPY"))
    text = text_of(statement_pdf(a_statement(language, loans)))
    # 251,491 cents of yuan, three times that of dollars, and 251,491 yen
    for figure in ("2,514.91", "7,544.73", "251,491"):
        assert figure in text
    for mixed in ("10,059.64", "1,005,964", "754,473", "12,574.55"):
        assert mixed not in text


@pytest.mark.parametrize("language", Language)
def test_nothing_owed_and_huge_sums_are_both_told(language: Language) -> None:
    nothing = Loan("L", "0000", "CNY", Line(), 0)
    said = text_of(statement_pdf(a_statement(language, (nothing,))))
    assert ("没有逾期款项" if language is ZH else "Nothingisoverdue") in said
    times = 10**12
    huge = text_of(
        statement_pdf(a_statement(language, (a_loan(language, 1, times=times), a_loan(language, 2, times=times))))
    )
    for minor in (251_491 * times, 502_982 * times, 1_281_991 * times, 2 * 1_281_991 * times):
        assert format_minor(minor, "CNY") in huge


def test_what_a_further_day_costs_is_said_to_be_unknown_when_one_loan_does_not_know() -> None:
    known, unknown = a_loan(number=1), replace(a_loan(number=2), further_day=None)
    text = text_of(statement_pdf(a_statement(ZH, (known, unknown))))
    assert "每多逾期一天增加未计算" in text
    assert "0.87" not in text


def test_figures_that_do_not_add_up_are_refused() -> None:
    loan = a_loan()
    wrong = replace(loan.line, fee=replace(loan.line.fee, overdue=1))
    with pytest.raises(BadInput, match="fee due 500"):
        a_statement(ZH, (replace(loan, line=wrong),))
    with pytest.raises(BadInput, match="needs a loan"):
        a_statement(ZH, ())


# -- names, scripts, and text that looks like markup ----------------------------------------------------------


@pytest.mark.parametrize("language", Language)
def test_rare_and_traditional_characters_are_printed_as_they_are(language: Language) -> None:
    text = text_of(statement_pdf(a_statement(language, (a_loan(language, name=RARE),), name=RARE, address=(RARE,))))
    assert text.count(RARE) == 3


def test_a_character_no_font_has_stops_the_work_and_is_named() -> None:
    with pytest.raises(NoGlyph) as caught:
        statement_pdf(a_statement(ZH, (a_loan(),), name="李\U00032000"))
    assert "\U00032000" in caught.value.text
    assert "U+32000" in str(caught.value)
    assert "U+32000" in caught.value.zh


@pytest.mark.parametrize("name", [
    "*粗体* _x_ `code` ```x``` $1 + 1$", "#panic(\"no\") #set text(fill: red)", "@ref <label> [x] {y} ~ -- ---",
    "\\u{41} \\ // /* */ = Title", "- item + item / term: x", "&lt;b&gt; %s {0} {{x}}",
])  # fmt: skip
def test_what_looks_like_markup_is_printed_as_it_is(name: str) -> None:
    text = text_of(statement_pdf(a_statement(ZH, (a_loan(name=name),), name=name)))
    assert text.count(re.sub(r"\s", "", name)) == 2


@pytest.mark.parametrize("language", Language)
def test_very_long_names_and_addresses_stay_whole(language: Language) -> None:
    name = ("阿卜杜热合曼" * 10) if language is ZH else ("Wilhelmina Oyelaran-Featherstonehaugh " * 5).strip()
    address = tuple(f"{name} {number}" for number in range(4))
    pages = pages_of(statement_pdf(a_statement(language, (a_loan(language),), name=name, address=address)))
    assert pages[0].count(re.sub(r"\s", "", name)) == 5


# -- the same facts, the same bytes ---------------------------------------------------------------------------


def test_the_same_facts_give_the_same_bytes() -> None:
    statement = a_statement(ZH, (a_loan(), a_loan(number=2)))
    first = statement_pdf(statement)
    assert statement_pdf(a_statement(EN, (a_loan(EN),))) != first
    assert statement_pdf(statement) == first
    assert statement_pdf(statement, Paper()) == first
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: statement_pdf(statement), range(8))) == {first}


def test_it_is_an_archive_pdf_and_names_its_day() -> None:
    made = statement_pdf(a_statement(ZH, (a_loan(),)))
    assert b"pdfaid:part" in made
    assert b"pdfuaid:part" in made
    assert b"2026-11-24" in made


def test_without_a_chinese_font_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    class Bare:
        def __init__(self, **_: object) -> None: ...

        def families(self) -> list[str]:
            return ["DejaVu Sans"]

    monkeypatch.setattr(typst, "Fonts", Bare)
    with pytest.raises(Refused, match="fonts-noto-cjk") as caught:
        Paper()
    assert "fonts-noto-cjk" in caught.value.zh


def test_it_prints_with_the_first_family_that_is_there() -> None:
    assert paper().family in FAMILIES


# -- letters --------------------------------------------------------------------------------------------------

LETTERS = [code for code, template in starter().items() if Medium.LETTER in template.media]


@pytest.mark.parametrize("code", LETTERS)
@pytest.mark.parametrize("language", Language)
def test_every_letter_of_the_starter_set_says_on_paper_what_it_says(code: str, language: Language) -> None:
    template = starter()[code]
    for huge in (False, True):
        filled = fill(template, samples(template, language, huge, "CNY"), language)
        made = text_of(
            letter_pdf(Letter(a_sender(language), RARE, ("地址", RARE), "云银催字〔2026〕第188号", DAY, filled))
        )
        assert made.count(RARE) == 2
        assert re.sub(r"\s", "", filled.subject) in made
        for row in filled.body.splitlines():
            words = re.sub(r"\s|^\s*[-□]", "", row)
            assert words.replace("□", "") in made.replace("□", ""), row


def test_a_body_is_cut_into_what_a_letter_consists_of() -> None:
    body = "尊敬的王先生：\n\n第一段。\n\n- 一\n- 二\n\n□ 是\n□ 否\n\n云溪银行\n经办人：周宁（工号1）\n"
    assert [(each["kind"], each["rows"]) for each in blocks(body)] == [
        ("salutation", ["尊敬的王先生："]), ("paragraph", ["第一段。"]), ("list", ["一", "二"]),
        ("boxes", ["是", "否"]),
        ("signature", ["云溪银行", "经办人：周宁（工号1）"]),
    ]  # fmt: skip
    assert [each["kind"] for each in blocks("Dear Mr Wang,\n\nHello.\n\nYours sincerely,\nA, for B")] == [
        "salutation", "paragraph", "signature"
    ]  # fmt: skip


# -- from the engine's own explanation ------------------------------------------------------------------------


def test_a_loan_of_the_book_becomes_a_line_that_adds_up_to_its_position(tmp_path: Path) -> None:
    write_book(Order(loans=100, seed=5, as_of=DAY, days=0), tmp_path / "source")
    import_book(tmp_path / "source", tmp_path / "book")
    book = open_book(tmp_path / "book")
    late = 0
    for partition in range(book.partitions):
        path = book.file("loans", partition)
        if path is None:
            continue
        for loan_id in _ids(path)[::6]:
            told = explain(book, loan_id, DAY)
            tomorrow = explain(book, loan_id, DAY + timedelta(days=1))["position"]
            loan = line_of(told, "贷款", loan_id[-4:], tomorrow)
            position = told["position"]
            assert loan.line.total.overdue == position["arrears_minor"]
            assert [each.overdue for each in loan.line.parts()] == [
                position[name] for name in ("overdue_principal_minor", "overdue_interest_minor", "overdue_fee_minor",
                                            "penalty_minor", "compound_minor")
            ]  # fmt: skip
            assert loan.further_day is not None
            assert loan.further_day >= 0
            if position["arrears_minor"] and late < 3:
                late += 1
                text = text_of(statement_pdf(a_statement(ZH, (loan,))))
                assert format_minor(position["arrears_minor"], loan.currency) in text
    assert late


def _ids(path: Path) -> list[str]:
    import pyarrow.parquet as pq

    return pq.read_table(path, columns=["loan_id"])["loan_id"].to_pylist()


def test_an_explanation_that_does_not_add_up_is_refused() -> None:
    told = {"position": {"as_of": date(2026, 1, 1), "arrears_minor": 5}, "items": []}
    with pytest.raises(BadInput, match="its position says 5"):
        line_of(told, "L", "0001")
