"""Interest rates are exact decimals, held as whole parts of 10^-12.

Twelve decimals leave room for a contract rate of ten decimals times an uplift of two
(``x 1.5``) without rounding.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from math import gcd

SCALE = 10**12
MAX_RATE = 10 * SCALE
"""1000 % a year. More than that at the door is a mistake (a percentage read as a fraction)."""


def parse_rate(text: str) -> int:
    """Read an annual rate written as a decimal fraction (``0.045`` is 4.5 %) into 10^-12 parts.

    :raises ValueError: not a decimal, negative, above 10 (1000 %), or more than ten decimals.
    """
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a decimal fraction such as 0.045") from None
    if not value.is_finite() or value < 0:
        raise ValueError(f"{text!r} is not a rate of zero or more")
    if value != round(value, 10):
        raise ValueError(f"{text!r} has more than ten decimals")
    scaled = int(value * SCALE)
    if scaled > MAX_RATE:
        raise ValueError(f"{text!r} is above 10 (1000 %); write 4.5 % as 0.045")
    return scaled


def times(rate_e12: int, factor: str) -> int:
    """A rate times a decimal factor of at most two decimals, such as the ``1.5`` of penalty interest."""
    scaled = Decimal(factor) * rate_e12
    if scaled != int(scaled):
        raise ValueError(f"rate times {factor} needs more than twelve decimals")
    return int(scaled)


def daily_ratio(rate_e12: int, basis: int) -> tuple[int, int]:
    """``(numerator, denominator)`` in lowest terms of one day's interest on one minor unit."""
    if rate_e12 == 0:
        return 0, 1
    numerator, denominator = rate_e12, basis * SCALE
    shared = gcd(numerator, denominator)
    return numerator // shared, denominator // shared
