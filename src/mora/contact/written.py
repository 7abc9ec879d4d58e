"""How a value is written in each language. The types of variables, and what each accepts.

money         12345 minor units of CNY     123.45元                CNY 123.45
date          2026-11-24                   2026年11月24日           24 November 2026
moment        2026-11-24T14:30+08:00       2026年11月24日14:30      24 November 2026, 14:30
days          12                           12天                    12 days
count         12                           12                      12
name          a person's or firm's         as it is, one line
account_end   6688                         as it is: the last characters of a number, never more than six
link          https://pay.example/a1       as it is; https only
telephone     95500, +86 10 6600 0000      as it is
text          one or more lines            as they are
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from urllib.parse import urlsplit

from mora.core.dates import FIRST_DAY, LAST_DAY
from mora.core.money import format_minor
from mora.core.words import Language


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in minor units of one currency."""

    minor: int
    currency: str


Value = Amount | date | datetime | int | str


class Type(StrEnum):
    """What a variable holds."""

    MONEY = "money"
    DATE = "date"
    MOMENT = "moment"
    """A day and an hour on the clocks of the person; with its zone."""
    DAYS = "days"
    COUNT = "count"
    NAME = "name"
    ACCOUNT_END = "account_end"
    LINK = "link"
    TELEPHONE = "telephone"
    TEXT = "text"


_UNITS = {
    "CNY": "元", "USD": "美元", "EUR": "欧元", "GBP": "英镑", "HKD": "港元", "JPY": "日元", "TWD": "新台币元",
    "KRW": "韩元", "SGD": "新加坡元", "AUD": "澳大利亚元", "CAD": "加拿大元", "CHF": "瑞士法郎", "MOP": "澳门元",
}  # fmt: skip
"""Currencies as Chinese readers call them; others are written with their code."""
_SIGNS = {"USD": "$", "GBP": "£", "EUR": "€"}
"""Currencies that English readers know by a sign; others are written with their code."""
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_TELEPHONE = re.compile(r"\+?[0-9][0-9 ()\-]{2,24}")
_ACCOUNT_END = re.compile(r"[0-9A-Za-z]{2,6}")


def amount_text(amount: Amount, language: Language) -> str:
    """``1,234.56元`` and ``CNY 1,234.56``; every digit of the minor unit is written.

    :raises ValueError: a negative amount, or a currency that is not three capital letters.
    """
    if isinstance(amount.minor, bool) or not isinstance(amount.minor, int) or amount.minor < 0:
        raise ValueError("an amount is a whole number of minor units, not negative")
    figures = format_minor(amount.minor, amount.currency)
    if language is Language.ZH:
        unit = _UNITS.get(amount.currency)
        return f"{figures}{unit}" if unit else f"{figures} {amount.currency}"
    sign = _SIGNS.get(amount.currency)
    return f"{sign}{figures}" if sign else f"{amount.currency} {figures}"


def date_text(day: date, language: Language) -> str:
    """``2026年11月24日`` and ``24 November 2026``."""
    if language is Language.ZH:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def days_text(days: int, language: Language) -> str:
    """``12天``; ``1 day`` and ``12 days``."""
    if language is Language.ZH:
        return f"{days}天"
    return f"{days} day" if days == 1 else f"{days} days"


def _money(value: object, language: Language) -> str:
    if not isinstance(value, Amount):
        raise TypeError("an Amount: whole minor units and a currency, such as Amount(123456, 'CNY')")
    return amount_text(value, language)


def _date(value: object, language: Language) -> str:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError("a date such as 2026-11-24")
    if not FIRST_DAY <= value <= LAST_DAY:
        raise ValueError(f"a date from {FIRST_DAY} to {LAST_DAY}")
    return date_text(value, language)


def _moment(value: object, language: Language) -> str:
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise TypeError("a moment with its zone, such as 2026-11-24T14:30+08:00")
    clock = f"{value.hour}:{value.minute:02d}"
    day = _date(value.date(), language)
    return f"{day}{clock}" if language is Language.ZH else f"{day}, {clock}"


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**6:
        raise TypeError("a whole number from 0 to 999,999")
    return value


def _days(value: object, language: Language) -> str:
    return days_text(_whole(value), language)


def _count(value: object, _: Language) -> str:
    return str(_whole(value))


def _line(value: object, limit: int, lines: bool = False) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > limit:
        raise TypeError(f"text of 1 to {limit} characters")
    if any(unicodedata.category(char) in ("Cc", "Cs", "Co") and not (lines and char == "\n") for char in value):
        raise ValueError("text without control characters" + ("" if lines else ", in one line"))
    if any(char in value for char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029"):
        raise ValueError("text without marks that turn its direction or break its line")
    return value


def _name(value: object, _: Language) -> str:
    return _line(value, 200)


def _account_end(value: object, _: Language) -> str:
    if not isinstance(value, str) or _ACCOUNT_END.fullmatch(value) is None:
        raise TypeError("the last two to six letters or digits of a number, such as 6688; never the whole number")
    return value


def _link(value: object, _: Language) -> str:
    text = _line(value, 500)
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        host = None
    if host is None or parts.scheme != "https" or parts.username is not None or any(c.isspace() for c in text):
        raise ValueError("an address that begins with https:// and names a host")
    return text


def _telephone(value: object, _: Language) -> str:
    if not isinstance(value, str) or _TELEPHONE.fullmatch(value) is None:
        raise TypeError("a telephone number such as 95500 or +86 10 6600 0000")
    return value


def _text(value: object, _: Language) -> str:
    return _line(value, 4000, lines=True)


_WRITERS: Mapping[Type, Callable[[object, Language], str]] = {
    Type.MONEY: _money, Type.DATE: _date, Type.MOMENT: _moment, Type.DAYS: _days, Type.COUNT: _count,
    Type.NAME: _name, Type.ACCOUNT_END: _account_end, Type.LINK: _link, Type.TELEPHONE: _telephone, Type.TEXT: _text,
}  # fmt: skip


def written(type_: Type, value: object, language: Language) -> str:
    """A value as it stands in a text of that language.

    :raises ValueError: it is not of the type; the message names what would be accepted and never the value, which may
        be personal data.
    """
    try:
        return _WRITERS[type_](value, language)
    except TypeError as error:
        raise ValueError(str(error)) from None
