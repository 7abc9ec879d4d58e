"""Amounts and days as people type them. What cannot be understood says what would be."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from django.http import QueryDict

from mora.core.errors import Refused
from mora.core.money import MAX_MINOR, exponent
from mora.core.words import Words

_UNITS = {"千": 10**3, "k": 10**3, "万": 10**4, "w": 10**4, "m": 10**6, "亿": 10**8}
_AMOUNT = re.compile(
    r"(?:cny|rmb|usd|gbp|eur|¥|￥|\$|£|€)?([+-]?[\d,.]+)(千|万|亿|k|w|m)?(?:元|块|cny|rmb|usd|gbp|eur)?"
)
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?|\d+(\.\d*)?|\.\d+")
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6,
             "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}  # fmt: skip
_NAMED = {"今天": 0, "今日": 0, "today": 0, "明天": 1, "明日": 1, "tomorrow": 1, "后天": 2, "大后天": 3}
_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}


def amount(text: str, currency: str) -> int:
    """Minor units of an amount: ``1,234.56``, ``1 234.56``, ``12万``, ``1.5k``, ``￥３００``.

    :raises Refused: not an amount, or finer than the currency; says what is accepted.
    """
    plain = re.sub(r"[\s_']", "", unicodedata.normalize("NFKC", text)).lower().replace("，", ",")
    found = _AMOUNT.fullmatch(plain)
    if not plain or found is None or not _GROUPED.fullmatch(found.group(1).lstrip("+-")):
        wrong = Words(
            zh=f"“{text}”看不出金额；可写 1,234.56、12万 或 3千",
            en=f"“{text}” is no amount; write 1,234.56, 1.5k or 12万",
        )
        none = Words(zh="请填写金额，如 1,234.56 或 12万", en="give an amount: 1,234.56")
        raise Refused(wrong if text.strip() else none, about="amount")
    try:
        value = Decimal(found.group(1).replace(",", "")) * _UNITS.get(found.group(2) or "", 1)
    except InvalidOperation:
        raise Refused(Words(zh=f"“{text}”看不出金额", en=f"“{text}” is no amount"), about="amount") from None
    places = exponent(currency)
    minor = value.scaleb(places)
    if minor != int(minor):
        raise Refused(
            Words(zh=f"{currency} 最多 {places} 位小数", en=f"{currency} has {places} decimals at most"), about="amount"
        )
    if abs(minor) > MAX_MINOR:
        raise Refused(Words(zh="金额过大", en="the amount is too large"), about="amount")
    return int(minor)


def day(text: str, today: date) -> date:
    """A day: ``2026-12-01``, ``12-1``, ``12月1日``, ``5号``, ``+7``, ``7天后``, ``下周五``, ``月底``, ``friday``.

    A weekday is the next one to come; 下周 is the week from Monday on. A day of the month that has passed is the next
    month's.

    :raises Refused: not a day; says what is accepted.
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()
    found = _whole(plain) or _relative(plain, today) or _weekday(plain, today) or _of_year(plain, today)
    if found is None:
        wrong = Words(
            zh=f"“{text}”看不出日期；可写 2026-12-01、12-1、+7 或 下周五",
            en=f"“{text}” is no day; write 2026-12-01, +7 or next friday",
        )
        none = Words(zh="请填写日期，如 +7、下周五 或 2026-12-01", en="give a day: +7, friday, 2026-12-01")
        raise Refused(wrong if plain else none, about="due_on")
    return found


def fits(asked: QueryDict, most: int = 400, **longer: int) -> None:
    """Go on when every text of a form can be kept: not too long, and without characters that are not seen.

    :param most: letters of a field that is not named.
    :param longer: the most of fields that take another number.
    :raises Refused: says which field, and what would be accepted.
    """
    for name, values in asked.lists():
        longest = longer.get(name, most)
        for value in values:
            if any(unicodedata.category(char) == "Cc" and char not in "\n\r\t" for char in value):
                raise Refused(
                    Words("含有不可见的控制字符，请删除后重试", "it holds characters that are not seen; take them out"),
                    about=name,
                )
            if len(value) > longest:
                raise Refused(
                    Words(
                        f"最长 {longest} 字，现有 {len(value)} 字", f"{longest} letters at most, here are {len(value)}"
                    ),
                    about=name,
                )


def _whole(text: str) -> date | None:
    match = re.fullmatch(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?", text)
    return _date(*map(int, match.groups())) if match else None


def _relative(text: str, today: date) -> date | None:
    if text in _NAMED:
        return today + timedelta(days=_NAMED[text])
    match = re.fullmatch(r"\+(\d{1,3})d?|(\d{1,3}|[一二两三四五六七八九十])天后|in(\d{1,3})days?", text)
    if match:
        number = next(each for each in match.groups() if each)
        return today + timedelta(days=_DIGITS.get(number) or int(number))
    match = re.fullmatch(r"\+?(\d{1,2}|[一二两三四])(?:周后|个?星期后|w|weeks?)", text)
    if match:
        return today + timedelta(weeks=_DIGITS.get(match.group(1)) or int(match.group(1)))
    if text in {"月底", "月末", "本月底", "monthend", "endofmonth"}:
        return today.replace(day=monthrange(today.year, today.month)[1])
    return None


def _weekday(text: str, today: date) -> date | None:
    match = re.fullmatch(r"(下下|下|本|这)?个?(?:周|星期|礼拜)([一二三四五六日天])", text)
    if match:
        ahead, wanted = {"下": 1, "下下": 2}.get(match.group(1) or "", 0), _WEEKDAYS[match.group(2)]
        monday = today - timedelta(days=today.weekday())
        if match.group(1) is None:
            return today + timedelta(days=(wanted - today.weekday()) % 7 or 7)
        return monday + timedelta(weeks=ahead, days=wanted)
    match = re.fullmatch(r"(next|this)?(mon|tue|wed|thu|fri|sat|sun)[a-z]*", text)
    if match:
        wanted = _WEEKDAYS[match.group(2)]
        if match.group(1) == "next":
            return today - timedelta(days=today.weekday()) + timedelta(weeks=1, days=wanted)
        return today + timedelta(days=(wanted - today.weekday()) % 7 or 7)
    return None


def _of_year(text: str, today: date) -> date | None:
    match = re.fullmatch(r"(\d{1,2})[-/.月](\d{1,2})[日号]?", text)
    if match:
        month, number = map(int, match.groups())
        found = _date(today.year, month, number)
        return _date(today.year + 1, month, number) if found is not None and found < today else found
    match = re.fullmatch(r"(下个?月)?(\d{1,2})[日号]", text)
    if match:
        number = int(match.group(2))
        year, month = today.year, today.month
        if match.group(1) or number < today.day:
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        return _date(year, month, number)
    return None


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None
