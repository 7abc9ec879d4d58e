"""Expected loss: PD x LGD x EAD period by period, discounted at the effective rate; and provision matrices.

Probabilities, loss shares and rates are the lender's, given as exact fractions; nothing is estimated here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from mora.core.money import round_fraction


@dataclass(frozen=True, slots=True)
class Period:
    """One period ahead: what it costs if the borrower defaults in it."""

    pd: Fraction
    """Marginal probability: default in this very period, seen from today. The periods' sum is at most 1."""
    lgd: Fraction
    """Share of the exposure lost, as of the default."""
    ead_minor: int
    """Exposure at default in this period, minor units."""


@dataclass(frozen=True, slots=True)
class TermStructure:
    """A loan's periods ahead, nearest first."""

    periods: tuple[Period, ...]
    periods_per_year: int
    rate_per_period: Fraction
    """Effective interest rate of one period: a default in period k is discounted by (1 + rate)^k, its end."""

    def __post_init__(self) -> None:
        shares = [share for each in self.periods for share in (each.pd, each.lgd)]
        if not self.periods or self.periods_per_year < 1 or any(not 0 <= share <= 1 for share in shares):
            raise ValueError("a term structure has periods, and pd and lgd between 0 and 1")
        if sum(each.pd for each in self.periods) > 1:
            raise ValueError("the marginal probabilities of default sum to more than 1")


def marginal(conditional: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Marginal probabilities from conditional ones (default in the period, having survived those before)."""
    alive, found = Fraction(1), []
    for each in conditional:
        found.append(alive * each)
        alive *= 1 - each
    return tuple(found)


def expected_loss(terms: TermStructure, stage: int) -> Fraction:
    """Expected loss in minor units, exact: twelve months for stage 1, lifetime for stage 2.

    Stage 3: default has happened, so its probability is 1 today and the loss is the first period's
    LGD x EAD, undiscounted.

    :raises ValueError: a stage other than 1, 2, 3.
    """
    if stage == 3:
        return terms.periods[0].lgd * terms.periods[0].ead_minor
    if stage not in (1, 2):
        raise ValueError(f"stage {stage} is not 1, 2 or 3")
    seen = terms.periods[: terms.periods_per_year] if stage == 1 else terms.periods
    growth = 1 + terms.rate_per_period
    losses = (each.pd * each.lgd * each.ead_minor / growth**k for k, each in enumerate(seen, 1))
    return sum(losses, Fraction(0))


def expected_loss_minor(terms: TermStructure, stage: int) -> int:
    """:func:`expected_loss` rounded once, half up, to minor units."""
    return round_fraction(expected_loss(terms, stage))


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One age band of a provision matrix; half open, ``[first_day, next row's first_day)``."""

    first_day: int
    rate: Fraction


def matrix_row(rows: Sequence[MatrixRow], days: int) -> MatrixRow:
    """The row a number of days past due falls into; rows start at day 0 and rise."""
    return [row for row in rows if row.first_day <= days][-1]


def matrix_allowance(rows: Sequence[MatrixRow], gross_minor: Sequence[int]) -> tuple[tuple[int, ...], int]:
    """Allowance by row, half up each, and their sum (IFRS 9 B5.5.35; Illustrative Example 12)."""
    parts = tuple(round_fraction(row.rate * gross) for row, gross in zip(rows, gross_minor, strict=True))
    return parts, sum(parts)
