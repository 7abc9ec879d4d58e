"""What is the level payment that pays a debt off, exactly?

Everything is whole numbers: period k multiplies a debt by ``p_k / q_k``. Running products give the
debt after n periods as ``(A_n - payment x S_n) / Q_n``, so the payment that leaves ``left`` is
``(A_n - left x Q_n) / S_n``. No float, and no fraction is reduced on the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from mora.core.money import Rounding, round_ratio
from mora.core.rates import SCALE


@dataclass(frozen=True, slots=True)
class Growth:
    """Running products after each period, for one minor unit of debt."""

    grown: tuple[int, ...]
    """A_k for a debt of one."""
    paid: tuple[int, ...]
    """S_k."""
    scale: tuple[int, ...]
    """Q_k."""


def growth(annual_rate_e12: int, year_parts: Sequence[Fraction]) -> Growth:
    """Running products over periods of the given parts of a year."""
    grown, paid, scale = [1], [0], [1]
    for part in year_parts:
        q = SCALE * part.denominator
        p = q + annual_rate_e12 * part.numerator
        scale.append(scale[-1] * q)
        grown.append(grown[-1] * p)
        paid.append(paid[-1] * p + scale[-1])
    return Growth(tuple(grown), tuple(paid), tuple(scale))


def level_payment(
    principal: int,
    annual_rate_e12: int,
    year_parts: Sequence[Fraction],
    left: int = 0,
    rounding: Rounding = Rounding.HALF_UP,
) -> int:
    """The payment, in minor units, that brings ``principal`` down to ``left`` after these periods."""
    g = growth(annual_rate_e12, year_parts)
    return round_ratio(principal * g.grown[-1] - left * g.scale[-1], g.paid[-1], rounding)


def exact_balances(principal: int, annual_rate_e12: int, year_parts: Sequence[Fraction]) -> list[int]:
    """The debt after each period under the exact level payment, rounded half up only for looking at; ends with 0."""
    g = growth(annual_rate_e12, year_parts)
    last = g.paid[-1]
    return [
        round_ratio(principal * (g.grown[k] * last - g.grown[-1] * g.paid[k]), g.scale[k] * last)
        for k in range(1, len(g.paid))
    ]
