"""How much does this text promise? Exact, and only when one amount is named in the loan's own currency."""

from __future__ import annotations

import re
from typing import NamedTuple

from mora.core.money import MAX_MINOR, exponent
from mora.gate.words.numerals import CHINESE, chinese_integer, scaled

_SIGNS = {
    "CNY": ("¥", "元", "块", "块钱", "圆", "rmb", "人民币", "cny", "yuan"),
    "USD": ("$", "usd", "dollars", "dollar", "bucks", "美元", "刀"),
    "GBP": ("£", "gbp", "pounds", "pound", "quid", "英镑"),
    "EUR": ("€", "eur", "euros", "euro", "欧元"),
}
_BY_SIGN = {sign: currency for currency, signs in _SIGNS.items() for sign in signs}
_SIGN = "|".join(re.escape(sign) for sign in sorted(_BY_SIGN, key=len, reverse=True))
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,3})?|\d{1,9}(?:\.\d{1,3})?"
_AMOUNT = re.compile(
    rf"(?P<before>{_SIGN})?\s?(?<![\d.])(?:(?P<digits>{_DIGITS})\s?(?P<unit>[万千百]|k\b)?|(?P<han>[{CHINESE}]{{1,12}}))"
    rf"\s?(?P<after>{_SIGN})?(?![\d%]|\.\d)"
)
_OTHER_THINGS = re.compile(
    r"\s?(?:期|个|天|次|点|些|下|号|日|月|周|星期|礼拜|年|折|成|倍|分之|笔|半|部分|遍|定|起|样|直"
    r"|days?\b|weeks?\b|months?\b|times?\b|instal)"
)
_VERB = re.compile(
    r"(?:[还付转存缴汇]|打款|打钱|还款|还清|支付|pay|paying|send|transfer|settle|you|of|another|only|just|约|先|上|入|你)\s?$"
)
_IN_FULL = re.compile(
    r"全部|全款|全额|全都?还|都还|结清|还清|付清|一次性"
    r"|\bin full\b|\beverything\b|\ball of it\b|\bfull amount\b|\bwhole (?:amount|thing)\b"
)
_LEAST_BARE = 10
"""A bare Chinese numeral below is part of a word (一定, 一起)."""


class Amount(NamedTuple):
    """An amount named in a text."""

    start: int
    end: int
    minor: int | None
    """None when in another currency, finer than a minor unit, or no amount a person owes."""


def amounts(text: str, currency: str, without: list[tuple[int, int]]) -> list[Amount]:
    """Every amount: with a sign or word of a currency, or bare after a word for paying.

    :param text: as for days.
    :param without: stretches that were read as days already.
    """
    found = []
    for match in _AMOUNT.finditer(text):
        start, end = match.span()
        if any(start < closes and opens < end for opens, closes in without):
            continue
        sign = match["before"] or match["after"]
        if sign is None and (_OTHER_THINGS.match(text, end) or not _VERB.search(text[max(0, start - 12) : start])):
            continue
        minor = _minor(match, currency, sign)
        if match["han"] and sign is None and (minor is None or minor < _LEAST_BARE * 10 ** exponent(currency)):
            continue
        found.append(Amount(start, end, minor))
    return found


def _minor(match: re.Match[str], currency: str, sign: str | None) -> int | None:
    if sign is not None and _BY_SIGN[sign] != currency:
        return None
    if match["han"]:
        whole = chinese_integer(match["han"])
        minor = None if whole is None else whole * 10 ** exponent(currency)
    else:
        minor = scaled(match["digits"], match["unit"] or "", exponent(currency))
    return minor if minor is not None and 0 < minor <= MAX_MINOR else None


def in_full(text: str) -> bool:
    """Whether everything is promised."""
    return _IN_FULL.search(text) is not None
