"""Which day does this text name? Only days that everybody would read alike; otherwise the day is unknown, not guessed.

Weeks begin on Monday, as in China: 下周五 is the Friday of the week after this one. "Next Friday" is read both ways by
English speakers, and 3/4 by Americans and others, so both are unknown. A day that lies behind is unknown too: nobody
promises it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from mora.core.dates import add_months
from mora.gate.words.numerals import CHINESE, chinese_integer


class Day(NamedTuple):
    """A day named in a text."""

    start: int
    end: int
    on: date | None
    """None when it is not clear which."""


_N = rf"(?:\d{{1,2}}|[{CHINESE}]{{1,3}})"
_WEEKDAYS = {char: n for n, chars in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天7")) for char in chars}
_WEEK = r"(?:周|星期|礼拜)"
_MONTHS = {
    name: n
    for n, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DAYS = {name: n for n, name in enumerate(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])}
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_NUMBERS = {
    name: n for n, name in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], 1)
}
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(_NUMBERS)}|a)"
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)"


def days(text: str, on: date) -> list[Day]:
    """Every day named, in order and apart.

    :param text: lower case, simplified characters, full-width forms folded.
    :param on: the day it was written.
    """
    found: list[Day] = []
    taken = [False] * len(text)
    for pattern, meant in _READINGS:
        for match in pattern.finditer(text):
            if not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = [True] * (match.end() - match.start())
                named = _safely(meant, match, on)
                found.append(Day(match.start(), match.end(), named if named is not None and named >= on else None))
    return sorted(found)


def _safely(meant: Callable[[re.Match[str], date], date | None], match: re.Match[str], on: date) -> date | None:
    try:
        return meant(match, on)
    except (ValueError, OverflowError, KeyError):  # 31 February, or a numeral that is none
        return None


def _number(text: str) -> int:
    value = int(text) if text.isascii() and text.isdigit() else chinese_integer(text)
    if value is None:
        raise ValueError(text)
    return value


def _count(text: str) -> int:
    return 1 if text == "a" else _NUMBERS.get(text) or int(text)


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


def _coming(weekday: int, on: date) -> date | None:
    """The next such weekday; None when it is today, for then it may be today or in a week."""
    ahead = (weekday - on.weekday()) % 7
    return on + timedelta(days=ahead) if ahead else None


def _of_month(day: int, months: int, on: date) -> date:
    first = add_months(on.replace(day=1), months)
    return first.replace(day=day)


def _month_end(months: int, on: date) -> date:
    return add_months(on.replace(day=1), months + 1) - timedelta(days=1)


def _next_such(day: int, on: date) -> date:
    this = _of_month(day, 0, on)
    return this if this >= on else _of_month(day, 1, on)


def _of_year(month: int, day: int, on: date) -> date | None:
    """This year's, or next year's when this year's lies half a year behind or more."""
    this = date(on.year, month, day)
    if this >= on:
        return this
    return date(on.year + 1, month, day) if (on - this).days > 183 else None


def _written(match: re.Match[str], on: date) -> date | None:
    """3/25 or 25/3: clear only when one of the two is no month."""
    one, other = int(match[1]), int(match[2])
    if (one > 12) == (other > 12):
        return None
    return _of_year(min(one, other), max(one, other), on)


def _readings() -> Iterator[tuple[str, Callable[[re.Match[str], date], date | None]]]:
    """The longest forms first: what one of them takes, no later one reads."""
    yield r"(?<!\d)(20\d\d)[-/年.](\d{1,2})[-/月.](\d{1,2})[日号]?(?!\d)", lambda m, _: date(*map(int, m.groups()))
    yield rf"({_N})月份?({_N})[号日]", lambda m, on: _of_year(_number(m[1]), _number(m[2]), on)
    yield r"下下个?月[^,。]{0,2}", lambda _m, _on: None
    yield rf"下个?月({_N})[号日]", lambda m, on: _of_month(_number(m[1]), 1, on)
    yield rf"(?:这个?|本)月({_N})[号日]", lambda m, on: _of_month(_number(m[1]), 0, on)
    yield r"下个?月(?:月)?底", lambda _m, on: _month_end(1, on)
    yield r"(?:这个?|本)?月(?:月)?底", lambda _m, on: _month_end(0, on)
    yield r"下个?月|(?:这个?|本)月", lambda _m, _on: None
    yield rf"下下个?{_WEEK}([一二三四五六日天1-7])", lambda m, on: _monday(on) + timedelta(14 + _WEEKDAYS[m[1]])
    yield rf"下个?{_WEEK}([一二三四五六日天1-7])", lambda m, on: _monday(on) + timedelta(7 + _WEEKDAYS[m[1]])
    yield rf"(?:这个?|本){_WEEK}([一二三四五六日天1-7])", lambda m, on: _monday(on) + timedelta(_WEEKDAYS[m[1]])
    yield rf"下?下个?{_WEEK}|(?:这个?|本)周|周末", lambda _m, _on: None
    yield rf"{_WEEK}([一二三四五六日天])", lambda m, on: _coming(_WEEKDAYS[m[1]], on)
    yield r"大后天", lambda _m, on: on + timedelta(3)
    yield r"后天", lambda _m, on: on + timedelta(2)
    yield r"明天|明日|明晚|明早|明儿", lambda _m, on: on + timedelta(1)
    yield r"今天|今日|今晚|今儿|现在|马上", lambda _m, on: on
    yield (
        r"过?(?:几|两三|三五|一两|十来)个?(?:天|日|周|星期|礼拜|月)(?:后|内|之后|之内|以内|以后)?|过两天|过些天|这两天",
        lambda _m, _on: None,
    )
    yield rf"(?:再?过)?({_N})(?:天|日)(?:后|内|之后|之内|以内|以后)", lambda m, on: on + timedelta(_number(m[1]))
    yield rf"(?:再?过)?({_N})个?{_WEEK}(?:后|内|之后|之内|以内|以后)", lambda m, on: on + timedelta(7 * _number(m[1]))
    yield rf"(?:再?过)?({_N})个月(?:后|内|之后|之内|以内|以后)", lambda m, on: add_months(on, _number(m[1]))
    yield rf"(?<![{CHINESE}\d])({_N})号", lambda m, on: _next_such(_number(m[1]), on)
    yield r"(?:发了?(?:工资|薪水|薪)|开工资|有钱)(?:后|之后|以后|了|就)?", lambda _m, _on: None
    yield rf"\b({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?\b", lambda m, on: _of_year(_MONTHS[m[1][:3]], int(m[2]), on)
    yield (
        rf"\b(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?({_MONTH})\b",
        lambda m, on: _of_year(_MONTHS[m[2][:3]], int(m[1]), on),
    )
    yield r"\bday after tomorrow\b", lambda _m, on: on + timedelta(2)
    yield r"\btomorrow\b|\btmrw?\b|\btmr\b", lambda _m, on: on + timedelta(1)
    yield r"\btoday\b|\btonight\b|\bright now\b", lambda _m, on: on
    yield r"\bend of (?:the|this) month\b|\bmonth[- ]end\b", lambda _m, on: _month_end(0, on)
    yield rf"\bin ({_COUNT}) days?\b|\bwithin ({_COUNT}) days?\b", lambda m, on: on + timedelta(_count(m[1] or m[2]))
    yield rf"\bin ({_COUNT}) weeks?\b", lambda m, on: on + timedelta(7 * _count(m[1]))
    yield rf"\bnext (?:{_DAY}|week|month|pay ?day)\b|\bnext\b", lambda _m, _on: None
    yield (
        rf"\b(?:this|on|by|coming|this coming) ({_DAY})\b|\b({_DAY})\b",
        lambda m, on: _coming(_DAYS[(m[1] or m[2])[:3]], on),
    )
    yield rf"\b(?:on |by )?(?:the )?({_ORDINAL})(?: of next month)\b", lambda m, on: _of_month(int(m[1][:-2]), 1, on)
    yield rf"\b(?:on |by )?(?:the )?({_ORDINAL})\b", lambda m, on: _next_such(int(m[1][:-2]), on)
    yield r"\b(?:pay ?day|this week|this month|soon|later|weekend)\b", lambda _m, _on: None
    yield r"(?<![\d/.])(\d{1,2})/(\d{1,2})(?![\d/.])", _written


_READINGS = tuple((re.compile(pattern), meant) for pattern, meant in _readings())
