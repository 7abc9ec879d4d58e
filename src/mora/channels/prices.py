"""What does it cost? Prices are dated data of the lender's contract, exact decimals; a sum is rounded once, at its end.

One segment at 0.035 CNY is three and a half fen: rounding each message would make a million of them wrong by 5,000.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from mora.channels.terms import Attachment
from mora.core.money import exponent, round_fraction


class Price(Struct, frozen=True, forbid_unknown_fields=True):
    """From a day on, until the next price's day."""

    from_on: date
    per_unit: Decimal
    """Major units for each segment, page or message."""
    per_message: Decimal = Decimal(0)
    """Major units beside it: an envelope, registered post, the set-up of a call."""
    currency: str = "CNY"


def price_on(prices: Iterable[Price], on: date) -> Price | None:
    """The price in force on that day; None when no contract says."""
    in_force = [each for each in prices if each.from_on <= on]
    return max(in_force, key=lambda each: each.from_on, default=None)


def cost(price: Price, units: int, messages: int = 1) -> Fraction:
    """The exact cost in minor units, which may be a fraction of one.

    >>> cost(Price(date(2026, 1, 1), Decimal("0.035")), 2)
    Fraction(7, 1)
    """
    major = Fraction(price.per_unit) * units + Fraction(price.per_message) * messages
    return major * Fraction(10 ** exponent(price.currency))


def total_minor(costs: Iterable[Fraction]) -> int:
    """Costs of one currency summed exactly and rounded half up, once."""
    return round_fraction(sum(costs, Fraction(0)))


def pages(attachments: Iterable[Attachment]) -> int | None:
    """Pages of a letter; None when somebody did not count."""
    counted = [each.pages for each in attachments]
    return None if None in counted else sum(each or 0 for each in counted)
