"""How figures are written for people: exact, short, as shares, as changes. Unknown is a dash, zero is zero."""

from __future__ import annotations

from fractions import Fraction

from mora.ageing.terms import BUCKET_STARTS, BUCKETS
from mora.core.money import exponent, format_minor, round_fraction, round_ratio
from mora.core.words import Language
from mora.riskclass.terms import RiskClass

DASH = "–"
MINUS = "\u2212"
"""A true minus is as wide as a digit, so columns stay straight."""

_UNITS = {
    Language.ZH: ((10**4, "万"), (10**8, "亿"), (10**12, "万亿")),
    Language.EN: ((10**3, "k"), (10**6, "m"), (10**9, "bn"), (10**12, "tn")),
}


def amount(minor: int | None, currency: str) -> str:
    """Major units with thousands separators, exact."""
    return DASH if minor is None else format_minor(minor, currency).replace("-", MINUS)


def signed(minor: int, currency: str) -> str:
    """A change of an amount, always with its sign; zero has none."""
    return ("+" if minor > 0 else "") + amount(minor, currency)


def short(minor: int, currency: str, language: Language, places: int = 2) -> str:
    """Major units rounded half up to ``places`` decimals of 万, 亿 (zh) or k, m, bn (en): ``12.35 亿``.

    Below the smallest unit the amount is exact.
    """
    one, size, units = 10 ** exponent(currency), abs(minor), _UNITS[language]
    if size < units[0][0] * one:
        return amount(minor, currency)
    unit, word = units[0]
    for larger, larger_word in units[1:]:
        # A figure that rounding carries to the next unit is shown in it: 1.00 亿, not 10,000.00 万.
        if round_ratio(size * 10**places, unit * one) < larger // unit * 10**places:
            break
        unit, word = larger, larger_word
    scaled = round_ratio(size * 10**places, unit * one)
    return f"{_decimal(-scaled if minor < 0 else scaled, places)}\u2009{word}"


def count(n: int) -> str:
    """``12,345``."""
    return f"{n:,}".replace("-", MINUS)


def signed_count(n: int) -> str:
    """A change of a count, always with its sign."""
    return ("+" if n > 0 else "") + count(n)


def percent(share: Fraction | None, places: int = 2) -> str:
    """An exact share as a percentage, half up. What is not zero never reads as zero."""
    if share is None:
        return DASH
    scaled = round_fraction(share * 100 * 10**places)
    if scaled == 0 and share != 0:
        return ("<" if share > 0 else f">{MINUS}") + f"{_decimal(1, places)}%"
    return f"{_decimal(scaled, places)}%"


def points(now: Fraction | None, before: Fraction | None, places: int = 2) -> str | None:
    """Change of a share in percentage points with its sign; None when either is unknown or nothing shows."""
    if now is None or before is None:
        return None
    scaled = round_fraction((now - before) * 100 * 10**places)
    return None if scaled == 0 else ("+" if scaled > 0 else "") + _decimal(scaled, places)


def _decimal(scaled: int, places: int) -> str:
    whole, part = divmod(abs(scaled), 10**places)
    return (MINUS if scaled < 0 else "") + f"{whole:,}" + (f".{part:0{places}d}" if places else "")


def bucket_days(name: str) -> str:
    """The days a bucket holds: ``1–30``, ``181+``, ``0``."""
    place = BUCKETS.index(name)
    start = BUCKET_STARTS[place]
    if place + 1 == len(BUCKETS):
        return f"{start}+"
    last = BUCKET_STARTS[place + 1] - 1
    return str(start) if last == start else f"{start}–{last}"


LATENESS_STEP = dict(zip(BUCKETS, (0, 1, 2, 2, 3, 3, 3, 4), strict=True))
"""Five steps of one colour ladder: current, early, up to 90 days, non-performing by days, very late."""

CLASS_STEP = {grade.word: int(grade) for grade in RiskClass}
"""Five classes on the same ladder."""

STAGE_STEP = {"1": 0, "2": 1, "3": 3}
