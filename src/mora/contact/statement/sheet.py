"""A statement as plain strings in the order of the page, and as PDF."""

from __future__ import annotations

from typing import Any

from mora.contact.advice import help_in
from mora.contact.statement import words as w
from mora.contact.statement.facts import Component, Line, Loan, Statement, add
from mora.contact.statement.paper import Paper, lines, paper
from mora.contact.written import Amount, amount_text, date_text, days_text
from mora.core.money import format_minor
from mora.core.words import Language, Words

WIDE = 16
"""Characters of the longest amount up to which the tables stand in columns; longer ones are stacked, loan by loan."""

_SIX = ((12, 8.0), (14, 7.2), (WIDE, 6.5))
_FOUR = ((18, 8.0), (20, 7.5), (23, 7.0), (26, 6.5), (10**6, 5.5))
"""Size of figures in points by the longest amount's characters, so that six or four stand side by side."""


def statement_pdf(statement: Statement, on: Paper | None = None) -> bytes:
    """The statement as PDF/A; the same statement gives the same bytes with the same fonts.

    :raises NoGlyph: no font on this machine has a character of it.
    :raises Refused: there is no Chinese font at all.
    """
    return (on or paper()).pdf("statement.typ", sheet(statement), statement.issued_on)


def sheet(statement: Statement) -> dict[str, Any]:
    """Everything the page prints, as strings; nothing is worked out on the page."""
    language = statement.language

    def say(words: Words) -> str:
        return words.in_(language)

    sections = [_section(statement, currency) for currency in statement.currencies]
    return {
        "language": language.value,
        "title": say(w.TITLE),
        "sender": sender_of(statement),
        "recipient": recipient(statement.name, statement.address, language),
        "info": [
            [say(w.REFERENCE), statement.reference],
            [say(w.ISSUED), date_text(statement.issued_on, language)],
            [say(w.AS_OF), date_text(statement.as_of, language)],
        ],
        "sections": sections,
        "note": say(w.HOW_COUNTED),
        "several": say(w.SEVERAL) if len(sections) > 1 else "",
        "guide": [
            [say(w.HOW_TO_PAY), list(statement.how_to_pay)],
            [say(w.ASK), [statement.ask]],
            [say(w.RIGHTS), _rights(statement)],
        ],
        "page": say(w.PAGE).split("{}"),
        "footer": f"{statement.sender.name} · {statement.reference}",
    }


def sender_of(statement: Statement) -> dict[str, Any]:
    """The letterhead."""
    return lines(statement.sender)


def recipient(name: str, address: tuple[str, ...], language: Language) -> list[str]:
    """The address window: in China the address comes before the name."""
    return [*address, name] if language is Language.ZH else [name, *address]


def _section(statement: Statement, currency: str) -> dict[str, Any]:
    language = statement.language
    loans = [loan for loan in statement.loans if loan.currency == currency]
    whole = add(tuple(loan.line for loan in loans))

    def say(words: Words) -> str:
        return words.in_(language)

    def money(minor: int) -> str:
        return format_minor(minor, currency)

    def shown(minor: int | None) -> str:
        return say(w.UNKNOWN) if minor is None else amount_text(Amount(minor, currency), language)

    further = [loan.further_day for loan in loans]
    known = [each for each in further if each is not None]
    whole_further = sum(known) if len(known) == len(further) else None
    worst = max(loan.days_past_due for loan in loans)
    longest = max(len(money(each)) for part in (*whole.parts(), whole.total) for each in _four(part))
    four = longest > WIDE or len(loans) == 1
    name = w.CURRENCY_NAMES.get(currency)
    return {
        "currency": f"{say(name)} ({currency})" if name and language is Language.EN else f"{say(name)}（{currency}）"
        if name else currency,
        "named": len(statement.currencies) > 1,
        "key": [
            [say(w.OVERDUE), shown(whole.total.overdue)],
            [say(w.LATE), days_text(worst, language)],
            [say(w.FURTHER), shown(whole_further)],
        ]
        if whole.total.overdue
        else [[say(w.NOTHING), shown(0)]],
        "stacked": longest > WIDE,
        "figure_size": next(size for most, size in (_FOUR if four else _SIX) if longest <= most),
        "one": len(loans) == 1,
        "matrix": [_matrix(loan.line, currency, language) for loan in loans],
        "matrix_total": _matrix(whole, currency, language),
        "total": say(w.TOTAL),
        "matrix_head": [say(each) for each in (w.COMPONENT, w.DUE, w.PAID, w.RELIEVED, w.OPEN)],
        "extra": [_extra(loan, language, alone=len(loans) == 1) for loan in loans],
        "names": [_name(loan, language) for loan in loans],
        "loans_title": say(w.EACH),
        "account_title": say(w.ACCOUNT),
        "loans_head": [say(each) for each in (w.LOAN, w.SINCE, w.DAYS, w.DUE, w.PAID, w.RELIEVED, w.OPEN)],
        "loans": [_loan_row(loan, language) for loan in loans],
        "loans_total": [say(w.TOTAL), "", "", *(money(each) for each in _four(whole.total))],
        "parts_title": say(w.PARTS),
        "parts_head": [say(w.LOAN), *(say(each) for each in w.COMPONENT_WORDS), say(w.TOTAL)],
        "parts": [_parts_row(_name(loan, language), loan.line, currency) for loan in loans],
        "parts_total": _parts_row([say(w.TOTAL), ""], whole, currency),
    }  # fmt: skip


def _name(loan: Loan, language: Language) -> list[str]:
    return [loan.name, f"{w.ENDING.in_(language)}{loan.account_end}"]


def _four(part: Component) -> tuple[int, int, int, int]:
    return part.due, part.paid, part.relieved, part.overdue


def _loan_row(loan: Loan, language: Language) -> list[Any]:
    since = loan.oldest_due_on.isoformat() if loan.oldest_due_on else "–"
    return [
        _name(loan, language), since, str(loan.days_past_due),
        *(format_minor(each, loan.currency) for each in _four(loan.line.total)),
    ]  # fmt: skip


def _parts_row(name: list[str], line: Line, currency: str) -> list[Any]:
    return [name, *(format_minor(each.overdue, currency) for each in (*line.parts(), line.total))]


def _matrix(line: Line, currency: str, language: Language) -> list[list[str]]:
    rows = zip((*w.COMPONENT_WORDS, w.TOTAL), (*line.parts(), line.total), strict=True)
    return [[name.in_(language), *(format_minor(each, currency) for each in _four(part))] for name, part in rows]


def _extra(loan: Loan, language: Language, *, alone: bool) -> list[list[str]]:
    """What else is known of a loan; of one that stands alone, what the key figures have not said already."""
    made: list[list[str]] = []

    def put(words: Words, minor: int | None, on: str = "") -> None:
        if minor is not None:
            made.append([words.in_(language), amount_text(Amount(minor, loan.currency), language) + on])

    if loan.oldest_due_on is not None:
        made.append([w.SINCE.in_(language), date_text(loan.oldest_due_on, language)])
        if not alone:
            made.append([w.DAYS.in_(language), days_text(loan.days_past_due, language)])
            if loan.further_day is None:
                made.append([w.FURTHER.in_(language), w.UNKNOWN.in_(language)])
            put(w.FURTHER, loan.further_day)
    put(w.PRINCIPAL_LEFT, loan.outstanding_principal)
    put(w.PAYOFF, loan.payoff)
    if loan.next_due_on is not None:
        day = date_text(loan.next_due_on, language)
        put(w.NEXT, loan.next_due, f"（{day}）" if language is Language.ZH else f" ({day})")
    return made


def _rights(statement: Statement) -> list[str]:
    language = statement.language
    known = help_in(statement.place) or ()
    stop = "。" if language is Language.ZH else "."

    def named(kind: str) -> str:
        if language is Language.ZH:
            return "；".join(f"{each.name.zh}（{each.contact}）" for each in known if each.kind == kind)
        return "; ".join(f"{each.name.en} ({each.contact})" for each in known if each.kind == kind)

    elsewhere, advice = named("complaint"), named("advice")
    complain = f"{w.RIGHT_COMPLAIN.in_(language)}{statement.complain}{stop}"
    if elsewhere:
        gap = "" if language is Language.ZH else " "
        complain += f"{gap}{w.RIGHT_COMPLAIN_ELSEWHERE.in_(language)}{elsewhere}{stop}"
    hardship = w.RIGHT_HARDSHIP.in_(language)
    if statement.hardship:
        hardship += statement.hardship if language is Language.ZH else f" {statement.hardship}"
    found = f"{advice}{stop}" if advice else w.ADVICE_UNKNOWN.in_(language)
    return [w.RIGHT_DISPUTE.in_(language), complain, hardship, f"{w.RIGHT_ADVICE.in_(language)}{found}"]
