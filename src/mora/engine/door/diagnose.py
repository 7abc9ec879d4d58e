"""Why a cell cannot be read: the plain words for what :mod:`mora.engine.door.accept` turned away.

Each function takes the text as given (spaces at both ends removed, not empty) and returns ``(code, detail)``,
or None when the text is fine. Tests hold the two modules to the same answer on every text.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from difflib import get_close_matches

from mora.core.dates import FIRST_DAY, LAST_DAY
from mora.feeds.columns import Column, Kind

Reason = tuple[str, str]

ID_LONGEST, TEXT_LONGEST = 64, 1000
CONTROL = r"[\x00-\x1f\x7f]"
CONTROL_IN_TEXT = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
"""Free text may hold tabs and line breaks."""
_YEAR_FIRST = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})|(\d{4})(\d{2})(\d{2})")
_PLAIN = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
LARGEST_WHOLE = 9 * 10**15
"""More major units than this are too many in any currency, and their thousandths would leave 63 bits."""


def reason(column: Column, text: str) -> Reason | None:
    """Why ``text`` cannot stand in ``column``; None when it can."""
    if re.search(CONTROL_IN_TEXT if column.kind is Kind.TEXT else CONTROL, text):
        return "BOOK.CONTROL", ""
    match column.kind:
        case Kind.ID:
            return ("BOOK.ID_LENGTH", "") if len(text) > ID_LONGEST else None
        case Kind.TEXT:
            return ("BOOK.TEXT_LENGTH", "") if len(text) > TEXT_LONGEST else None
        case Kind.CURRENCY:
            return None if re.fullmatch("[A-Z]{3}", text) else ("BOOK.CURRENCY_CODE", "")
        case Kind.CHOICE:
            return None if text in column.choices else ("BOOK.CHOICE", _near(text, column.choices))
        case Kind.NUMBER:
            good = re.fullmatch("[0-9]{1,7}", text) and 1 <= int(text) <= 1_000_000
            return None if good else ("BOOK.NUMBER", "")
        case Kind.DATE:
            return of_date(text)
        case Kind.INSTANT:
            return None if read_instant(text) else ("BOOK.INSTANT", "")
        case Kind.AMOUNT:
            return of_amount(text)
        case Kind.RATE:
            return of_rate(text)


def read_date(text: str) -> date | None:
    """The day a year-first date names: 2026-01-05, 2026/1/5 or 20260105; None when it is none of these."""
    found = _YEAR_FIRST.fullmatch(text) if text.isascii() else None
    if not found:
        return None
    year, month, day = (found[1], found[3], found[4]) if found[1] else (found[5], found[6], found[7])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def of_date(text: str) -> Reason | None:
    """Why a text is not a date."""
    day = read_date(text)
    if day is not None:
        return None if FIRST_DAY <= day <= LAST_DAY else ("BOOK.DATE_RANGE", "")
    if re.fullmatch(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.]([0-9]{4}|[0-9]{2})", text):
        return "BOOK.DATE_ORDER", ""
    if re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", text):
        serial = date(1899, 12, 30) + timedelta(days=int(float(text)))
        return "BOOK.DATE_SERIAL", f"（{serial}）| ({serial})"
    if read_date(re.split("[ T]", text)[0]) is not None:
        return "BOOK.DATE_TIME", ""
    return "BOOK.DATE", ""


def read_instant(text: str) -> datetime | None:
    """The moment an ISO 8601 text with an offset names; None when it has none or is not one."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None or not FIRST_DAY < moment.date() < LAST_DAY:
        return None
    return moment


def of_amount(text: str) -> Reason | None:
    """Why a text is not an amount. Which decimals a currency has is asked later, when the loan is known."""
    if _PLAIN.fullmatch(text):
        whole, _, part = text.lstrip("+-").partition(".")
        if int(whole or "0") > LARGEST_WHOLE or (int(whole or "0") == LARGEST_WHOLE and part.strip("0")):
            return "BOOK.AMOUNT_HUGE", ""
        if len(part.rstrip("0")) > 3:
            return "BOOK.AMOUNT_DECIMALS", "任何币种的最小单位|any currency has"
        return None
    if re.fullmatch(r"[+-]?[0-9]{1,3}([,' ][0-9]{3})+(\.[0-9]*)?", text) or re.fullmatch(
        r"[+-]?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+", text
    ):
        return "BOOK.AMOUNT_THOUSANDS", ""
    if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", text):
        return "BOOK.AMOUNT_COMMA", ""
    return "BOOK.AMOUNT", ""


def of_rate(text: str) -> Reason | None:
    """Why a text is not a rate."""
    if not _PLAIN.fullmatch(text):
        return "BOOK.RATE", ""
    whole, _, part = text.lstrip("+-").partition(".")
    whole, part = whole.lstrip("0"), part.rstrip("0")
    if text.startswith("-") and (whole or part):
        return "BOOK.RATE", ""
    if len(whole) > 2 or int(whole or "0") > 10 or (whole == "10" and part):
        return "BOOK.RATE_PERCENT", ""
    return ("BOOK.RATE_DECIMALS", "") if len(part) > 10 else None


def _near(text: str, choices: tuple[str, ...]) -> str:
    close = get_close_matches(text.lower(), choices, n=1)
    listed = ", ".join(choices)
    if close:
        return f"，是否为 {close[0]}？（可选：{listed}）|; did you mean {close[0]}? (One of: {listed})"
    return f"（可选：{listed}）| (one of: {listed})"
