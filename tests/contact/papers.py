"""Statements to be set, and what a reader finds in the PDF."""

from __future__ import annotations

import re
from datetime import date

import pypdfium2 as pdfium

from mora.contact.statement import Component, Line, Loan, Sender, Statement
from mora.core.words import Language

ZH, EN = Language.ZH, Language.EN
DAY = date(2026, 11, 24)
RARE = "欧阳龘犇囍𠮷（買買提國強）女士"


def part(due: int, paid: int = 0, relieved: int = 0) -> Component:
    return Component(due, paid, relieved, due - paid - relieved)


def a_loan(language: Language = ZH, number: int = 1, currency: str = "CNY", times: int = 1, name: str = "") -> Loan:
    """Principal 12,345.67 less 10,000.00; interest 456.78 less 300.00; a fee of 5.00 waived; 12.34 and 0.12 late."""
    line = Line(
        part(1_234_567 * times, 1_000_000 * times), part(45_678 * times, 30_000 * times),
        part(500 * times, 0, 500 * times), part(1_234 * times), part(12 * times),
    )  # fmt: skip
    return Loan(
        name or ("个人消费贷款" if language is ZH else "Personal loan"), f"{1000 + number}", currency, line, 12,
        date(2026, 11, 12), 87 * times, 8_000_000 * times, 8_300_000 * times, date(2026, 12, 12), 250_000 * times,
    )  # fmt: skip


def a_sender(language: Language) -> Sender:
    if language is ZH:
        return Sender("云溪银行", ("云溪市平安路1号",), "95500", "www.yunxi.example")
    return Sender("Yunxi Bank", ("1 Ping'an Road, Yunxi",), "95500", "www.yunxi.example")


def a_statement(language: Language, loans: tuple[Loan, ...], **changed: object) -> Statement:
    zh = language is ZH
    facts: dict[str, object] = {
        "sender": a_sender(language), "name": "王小明" if zh else "Mr Wang",
        "address": ("100000", "云溪市杏花巷2号") if zh else ("2 Apricot Lane", "Yunxi 100000"),
        "reference": "DZ-2026-000188", "as_of": DAY, "issued_on": DAY, "language": language, "place": "cn",
        "loans": loans, "how_to_pay": ("手机银行", "任一网点") if zh else ("In the app", "At any branch"),
        "ask": "客户服务：95500" if zh else "Customer service: 95500",
        "complain": "拨打95500转3" if zh else "call 95500, option 3",
    } | changed  # fmt: skip
    return Statement(**facts)  # type: ignore[arg-type]


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, without blanks, for typesetting puts thin ones between scripts."""
    document = pdfium.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_bounded() for page in document]
    return [re.sub(r"\s", "", text.replace("\x02", "-")) for text in texts]  # \x02: a hyphen at a line's end


def text_of(pdf: bytes) -> str:
    return "".join(pages_of(pdf))
