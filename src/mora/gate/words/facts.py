"""Do the figures in a text equal the position? Amounts, days late and dates, each against what the position says.

Every amount, count of days late and date that is found must equal one figure of the position, or one that the sender
names beside it (an instalment agreed, the date of a notice). What equals none is a finding with what the position says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from mora.core.errors import BadInput
from mora.core.money import exponent, format_minor
from mora.core.words import Words
from mora.gate.words.numerals import CHINESE, chinese_integer, scaled
from mora.gate.words.terms import Kind
from mora.gate.words.view import View, cells, view

AMOUNTS: Mapping[str, Words] = {
    "arrears_minor": Words(zh="逾期金额合计", en="arrears"),
    "overdue_principal_minor": Words(zh="逾期本金", en="overdue principal"),
    "overdue_interest_minor": Words(zh="逾期利息", en="overdue interest"),
    "overdue_fee_minor": Words(zh="逾期费用", en="overdue fees"),
    "penalty_minor": Words(zh="罚息", en="penalty interest"),
    "compound_minor": Words(zh="复利", en="compound interest"),
    "outstanding_principal_minor": Words(zh="剩余本金", en="outstanding principal"),
    "payoff_minor": Words(zh="全部结清金额", en="payoff"),
    "next_due_minor": Words(zh="下期应还", en="next amount due"),
    "last_paid_minor": Words(zh="最近一次还款", en="last payment"),
    "credit_minor": Words(zh="预存款", en="credit"),
}
"""Amounts of a position, by column."""
DATES: Mapping[str, Words] = {
    "as_of": Words(zh="观察日", en="as-of date"),
    "oldest_unpaid_due_on": Words(zh="最早未还应还款日", en="oldest unpaid due date"),
    "next_due_on": Words(zh="下期应还款日", en="next due date"),
    "last_paid_on": Words(zh="最近还款日", en="date of the last payment"),
}
DAYS: Mapping[str, Words] = {
    "days_past_due": Words(zh="逾期天数", en="days past due"),
    "delinquent_days": Words(zh="计催天数", en="delinquent days"),
}


@dataclass(frozen=True)
class Position:
    """The figures a text is held against: a row of positions, and figures the sender names beside it."""

    currency: str
    amounts: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)
    dates: Mapping[str, date] = field(default_factory=dict)
    other_amounts: tuple[int, ...] = ()
    other_dates: tuple[date, ...] = ()

    @classmethod
    def of(cls, row: Mapping[str, object]) -> Position:
        """Read a row with the columns of ``mora age``; others are left alone, nulls are unknown.

        Besides, ``other_amounts_minor`` (list of minor units) and ``other_dates`` name figures that may stand in the
        text although they are not of the position.

        :raises BadInput: no currency, an amount or count that is not a whole number, a date that is none.
        """
        currency = row.get("currency")
        if not isinstance(currency, str) or re.fullmatch("[A-Z]{3}", currency) is None:
            raise BadInput(f"The position's currency is {currency!r}; it must be three capital letters such as CNY.")
        others = _listed(row, "other_amounts_minor")
        return cls(
            currency,
            {name: _whole(name, row[name]) for name in AMOUNTS if row.get(name) is not None},
            {name: _whole(name, row[name]) for name in DAYS if row.get(name) is not None},
            {name: _date(name, row[name]) for name in DATES if row.get(name) is not None},
            tuple(_whole("other_amounts_minor", each) for each in others),
            tuple(_date("other_dates", each) for each in _listed(row, "other_dates")),
        )


def _listed(row: Mapping[str, object], name: str) -> list[object]:
    value = row.get(name)
    if value is None:
        return []
    if not isinstance(value, (list, tuple)):
        raise BadInput(f"{name} is {value!r}; it must be a list.")
    return list(value)


def _whole(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadInput(f"{name} is {value!r}; it must be a whole number (amounts in minor units: 1234.50 is 123450).")
    return value


def _date(name: str, value: object) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise BadInput(f"{name} is {value!r}; it must be a date such as 2026-11-22.") from None


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A figure in the text that equals none of the position's."""

    kind: Kind
    start: int
    end: int
    said: Words
    """What the position says instead."""
    over: bool = False
    """An amount above every figure of the position."""


_NUM = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,15})(?:\.[0-9]{1,4})?"
_SIGNS = {
    "¥": "CNY", "rmb": "CNY", "cny": "CNY", "人民币": "CNY", "$": "USD", "us$": "USD", "usd": "USD", "£": "GBP",
    "gbp": "GBP",
    "€": "EUR",
    "eur": "EUR", "hk$": "HKD", "hkd": "HKD", "nt$": "TWD", "元": "", "块": "", "圆": "", "块钱": "", "元整": "",
    "yuan": "CNY",
    "dollars": "USD",
    "dollar": "USD", "bucks": "USD", "pounds": "GBP", "quid": "GBP", "euros": "EUR", "euro": "EUR", "美元": "USD",
    "港元": "HKD",
    "欧元": "EUR",
    "英镑": "GBP", "港币": "HKD",
}  # fmt: skip
_AMOUNT = re.compile(
    rf"(?P<before>us\$|hk\$|nt\$|rmb|cny|usd|gbp|eur|hkd|人民币|[¥$£€]) ?(?P<n1>{_NUM})(?P<u1>万|亿|千|k(?![a-z]))?"
    rf"|(?<![0-9.,a-z])(?P<n2>{_NUM}) ?(?P<u2>万|亿|千|百)?(?P<after>元|块|圆|美元|港元|港币|欧元|英镑|人民币"
    r"|rmb|cny|usd|gbp|eur|yuan|dollars?|bucks|pounds|quid|euros?)"
    rf"(?:(?P<jiao>[0-9])角)?(?:(?P<fen>[0-9])分)?"
    rf"|(?P<zh>[{CHINESE}]{{1,24}})(?P<zhunit>元|块|圆)(?!素|旦)(?:(?P<zhjiao>[{CHINESE}])角)?(?:(?P<zhfen>[{CHINESE}])分)?"
)
_ROUGH = re.compile(
    r"(?:约|大约|近|将近|左右|上下|余|多|about|around|approximately|nearly|almost|roughly|over|some) ?$"
)
_DAYS = re.compile(
    rf"逾期(?:天数|已有|已经|已|了|为|是|共|达|:)?(?:为|是|达)? ?(?P<zh>[0-9]{{1,5}}|[{CHINESE}]{{1,6}}) ?(?:天|日)"
    r"|(?P<en>[0-9]{1,5}) days? (?:past due|past-due|overdue|late|in arrears|delinquent|behind)"
    r"|(?:overdue|late|past due|behind) (?:by|for) (?P<by>[0-9]{1,5}) days?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = re.compile(
    r"(?P<y1>[0-9]{4})[年\-/.](?P<m1>[0-9]{1,2})[月\-/.](?P<d1>[0-9]{1,2})(?:日|号|(?![0-9]))"
    r"|(?<![0-9年])(?P<m2>[0-9]{1,2})月(?P<d2>[0-9]{1,2})(?:日|号)"
    rf"|\b{_MONTH.format('m3')}\.? (?P<d3>[0-9]{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<y3>[0-9]{{4}}))?(?![0-9])"
    rf"|(?<![0-9.,$£€])(?P<d4>[0-9]{{1,2}})(?:st|nd|rd|th)? {_MONTH.format('m4')}\b(?:,? (?P<y4>[0-9]{{4}}))?"
    r"|(?<![0-9/])(?P<a5>[0-9]{1,2})/(?P<b5>[0-9]{1,2})/(?P<y5>[0-9]{4})(?![0-9])"
)


def mismatches(text: str, position: Position) -> Iterator[Mismatch]:
    """Figures of a text that equal none of the position's, in the order amounts, days, dates."""
    seen = view(cells(text))
    yield from _amounts(seen, position)
    yield from _days(seen, position)
    yield from _dates(seen, position)


def _amounts(seen: View, position: Position) -> Iterator[Mismatch]:
    places = exponent(position.currency)
    known = {*position.amounts.values(), *position.other_amounts}
    for match in _AMOUNT.finditer(seen.text):
        sign = match["before"] or match["after"] or match["zhunit"] or ""
        currency = _SIGNS.get(sign, "") or position.currency
        value = _value(match, places)
        rough = _ROUGH.search(seen.text, max(0, match.start() - 14), match.start()) is not None
        if currency == position.currency and value is not None and (value in known or (rough and _close(value, known))):
            continue
        over = value is not None and bool(known) and value > max(known)
        yield Mismatch(Kind.AMOUNT_MISMATCH, *seen.original(*match.span()), _amounts_of(position), over)


def _value(match: re.Match[str], places: int) -> int | None:
    if match["zh"] is not None:
        whole = chinese_integer(match["zh"])
        if whole is None:
            return None
        tenths = (chinese_integer(match["zhjiao"] or "零") or 0) * 10 + (chinese_integer(match["zhfen"] or "零") or 0)
        return (whole * 100 + tenths) * 10**places // 100 if places >= 2 or not tenths else None
    if match["n1"] is not None:
        return scaled(match["n1"], match["u1"] or "", places)
    whole = scaled(match["n2"], match["u2"] or "", places)
    small = int(match["jiao"] or 0) * 10 + int(match["fen"] or 0)
    return None if whole is None or (small and places < 2) else whole + small * 10 ** max(places - 2, 0)


def _close(value: int, known: set[int]) -> bool:
    """Whether a rounded amount is a known one at the precision in which it is written (at least a tenth of it)."""
    step = 1
    while value and value % (step * 10) == 0 and step * 100 <= value:
        step *= 10
    return any(abs(each - value) < step for each in known)


def _amounts_of(position: Position) -> Words:
    listed = [(AMOUNTS[name], amount) for name, amount in position.amounts.items() if amount]
    return Words(
        zh="、".join(f"{name.zh}{format_minor(amount, position.currency)}" for name, amount in listed)
        or "没有应还金额",
        en=", ".join(f"{name.en} {format_minor(amount, position.currency)}" for name, amount in listed)
        or "nothing owed",
    )


def _days(seen: View, position: Position) -> Iterator[Mismatch]:
    if not position.days:
        return
    for match in _DAYS.finditer(seen.text):
        written = match["zh"] or match["en"] or match["by"]
        count = int(written) if written.isdecimal() else chinese_integer(written)
        if count not in position.days.values():
            said = Words(
                zh="、".join(f"{DAYS[name].zh}{days}天" for name, days in position.days.items()),
                en=", ".join(f"{DAYS[name].en} {days}" for name, days in position.days.items()),
            )
            yield Mismatch(Kind.DAYS_MISMATCH, *seen.original(*match.span()), said)


def _dates(seen: View, position: Position) -> Iterator[Mismatch]:
    known = {*position.dates.values(), *position.other_dates}
    if not known:
        return
    for match in _DATE.finditer(seen.text):
        if any((year is None or each.year == year) and (each.month, each.day) == (month, day)
               for each in known for year, month, day in _read(match)):  # fmt: skip
            continue
        said = Words(
            zh="、".join(f"{DATES[name].zh}{day}" for name, day in position.dates.items()),
            en=", ".join(f"{DATES[name].en} {day}" for name, day in position.dates.items()),
        )
        yield Mismatch(Kind.DATE_MISMATCH, *seen.original(*match.span()), said)


def _read(match: re.Match[str]) -> Iterator[tuple[int | None, int, int]]:
    """What a date may mean; 03/02/2026 means two days, and either may be meant."""
    if match["y1"]:
        yield int(match["y1"]), int(match["m1"]), int(match["d1"])
    elif match["m2"]:
        yield None, int(match["m2"]), int(match["d2"])
    elif match["a5"]:
        yield int(match["y5"]), int(match["a5"]), int(match["b5"])
        yield int(match["y5"]), int(match["b5"]), int(match["a5"])
    else:
        month, day, year = (
            (match["m3"], match["d3"], match["y3"]) if match["m3"] else (match["m4"], match["d4"], match["y4"])
        )
        yield int(year) if year else None, _MONTHS.index(month[:3]) + 1, int(day)
