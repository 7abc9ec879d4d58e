"""Money is a whole number of minor units in one currency; nothing here is a float.

The model in the reader's head: ``12.34 CNY`` is the integer ``1234`` and the currency's
*exponent* 2. Decimals exist only at the door (reading) and at the window (showing).
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

INT64_MAX = 2**63 - 1

MAX_MINOR = 10**15
"""Largest single amount accepted at the door, in minor units (ten trillion major units).

A book of 1000 such instalments still sums inside int64, and penalty numerators
(amount x days x rate) stay inside the kernel's 128-bit products."""

_EXPONENTS = {
    "BHD": 3, "CLP": 0, "ISK": 0, "IQD": 3, "JOD": 3, "JPY": 0, "KRW": 0, "KWD": 3, "LYD": 3,
    "OMR": 3, "PYG": 0, "RWF": 0, "TND": 3, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
}  # fmt: skip
"""ISO 4217 exponents that are not 2."""

_CURRENCY = re.compile(r"[A-Z]{3}")
_PLAIN_DECIMAL = re.compile(r"[+-]?\d+(\.\d*)?|[+-]?\.\d+")


class Rounding(StrEnum):
    """How a value between two units becomes a unit. Every rounding in a contract has a name."""

    HALF_UP = "half_up"
    """Half a unit goes away from zero: 0.5 -> 1, -0.5 -> -1 (四舍五入)."""
    HALF_EVEN = "half_even"
    """Half a unit goes to the even neighbour: 0.5 -> 0, 1.5 -> 2 (banker's)."""
    DOWN = "down"
    """Towards zero: the fraction is given up (舍去)."""
    UP = "up"
    """Away from zero: any fraction counts as a whole unit (up to the cent, 进一)."""


def exponent(currency: str) -> int:
    """How many decimals the currency's minor unit has (ISO 4217).

    :raises ValueError: when ``currency`` is not three capital letters.
    """
    if not _CURRENCY.fullmatch(currency):
        raise ValueError(f"currency {currency!r} is not three capital letters such as CNY")
    return _EXPONENTS.get(currency, 2)


def round_ratio(numerator: int, denominator: int, rounding: Rounding = Rounding.HALF_UP) -> int:
    """The integer nearest to ``numerator / denominator`` under a named rounding; exact at any size.

    :param denominator: positive.
    """
    if denominator <= 0:
        raise ValueError("denominator must be positive")
    sign = -1 if numerator < 0 else 1
    whole, rest = divmod(abs(numerator), denominator)
    if rounding is Rounding.HALF_UP:
        whole += 2 * rest >= denominator
    elif rounding is Rounding.HALF_EVEN:
        whole += 2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1)
    elif rounding is Rounding.UP:
        whole += rest > 0
    return sign * whole


def round_fraction(value: Fraction, rounding: Rounding = Rounding.HALF_UP) -> int:
    """The integer nearest to an exact fraction under a named rounding."""
    return round_ratio(value.numerator, value.denominator, rounding)


def split(total: int, weights: list[int]) -> list[int]:
    """Share ``total`` by ``weights`` so that the parts sum to it exactly.

    Each prefix is rounded half up and differences are taken, so no part is off by more
    than one unit from its exact share and order decides who gets the odd unit.

    :param weights: not negative, not all zero.

    >>> split(100, [1, 1, 1])
    [33, 34, 33]
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must not be negative nor all zero")
    parts, before, seen = [], 0, 0
    for weight in weights:
        seen += weight
        upto = round_ratio(total * seen, whole)
        parts.append(upto - before)
        before = upto
    return parts


def parse_minor(text: str, currency: str) -> int:
    """Read a decimal in major units as minor units, exactly.

    Accepts an optional sign, digits and a decimal point; nothing else (no thousands
    separators, no exponent). Digits beyond the minor unit are accepted only if zero.

    :raises ValueError: says which of these was broken and what would be accepted.
    """
    text = text.strip()
    if not _PLAIN_DECIMAL.fullmatch(text):
        raise ValueError(f"{text!r} is not a plain decimal such as 1234.50")
    places = exponent(currency)
    scaled = Decimal(text).scaleb(places)
    minor = int(scaled)
    if minor != scaled:
        raise ValueError(f"{text!r} has more than {places} decimals, which {currency} has not")
    return minor


def format_minor(minor: int, currency: str, *, thousands: bool = True) -> str:
    """Show minor units as a decimal in major units: ``1234567 -> '12,345.67'``."""
    places = exponent(currency)
    sign = "-" if minor < 0 else ""
    whole, part = divmod(abs(minor), 10**places)
    digits = f"{whole:,}" if thousands else str(whole)
    return f"{sign}{digits}.{part:0{places}d}" if places else f"{sign}{digits}"
