"""Repayment plans of many loans at once, in whole minor units.

A plan is a matrix: one row a loan, one column an instalment. Interest is a twelfth of the
yearly rate on the balance (30/360; the first period counts as a month whatever its days),
each rounded half up; the last instalment takes what is left, so principal sums exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from mora.core.money import round_fraction
from mora.feeds.synthetic.catalogue import Plan, Shape

Matrix = NDArray[np.int64]
MILLION = 10**6


@dataclass(slots=True)
class Schedule:
    """Instalments of loans of one product and term."""

    due: Matrix
    """Due dates as day numbers."""
    principal: Matrix
    interest: Matrix
    fee: Matrix

    @property
    def total(self) -> Matrix:
        """What each instalment asks for."""
        return self.principal + self.interest + self.fee


def monthly_due(start: NDArray[np.int64], day_of_month: NDArray[np.int64], count: int) -> Matrix:
    """``count`` due dates a month apart, the first 20 to 51 days after ``start``.

    A day the month does not have is its last day (31 -> 28 February); the next month has it again.
    """
    month = start.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    first = _day_in_month(month + 1, day_of_month)
    return months_on(month + 1 + (first - start < 20), day_of_month, count)


def months_on(month: NDArray[np.int64], day_of_month: NDArray[np.int64], count: int) -> Matrix:
    """The same day in ``count`` months from ``month`` (months since 1970-01)."""
    return _day_in_month(month[:, None] + np.arange(count), day_of_month[:, None])


def _day_in_month(month: NDArray[np.int64], day: NDArray[np.int64]) -> NDArray[np.int64]:
    begins = month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    ends = (month + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    days: NDArray[np.int64] = begins + np.minimum(day, ends - begins) - 1
    return days


def month_of_interest(balance: NDArray[np.int64], rate_ppm: NDArray[np.int64]) -> NDArray[np.int64]:
    """A twelfth of a year's interest, half up."""
    return (2 * balance * rate_ppm + 12 * MILLION) // (24 * MILLION)


def plan(shape: Shape, principal: NDArray[np.int64], rate_ppm: NDArray[np.int64], due: Matrix) -> Schedule:
    """The schedule of each loan; rows as in ``principal``, columns as in ``due``."""
    loans, count = due.shape
    zero = np.zeros((loans, count), dtype=np.int64)
    if shape.plan is Plan.INTEREST_ONLY:
        repaid = zero.copy()
        repaid[:, -1] = principal
        return Schedule(due, repaid, np.repeat(month_of_interest(principal, rate_ppm)[:, None], count, axis=1), zero)
    if shape.plan is Plan.EQUAL_PRINCIPAL_FEE:
        fee = (2 * principal * shape.fee_rate_ppm + MILLION) // (2 * MILLION)
        return Schedule(
            due, equal_parts(principal, np.full(loans, count)), zero, np.repeat(fee[:, None], count, axis=1)
        )
    repaid, interest = zero.copy(), zero.copy()
    instalment = _annuity(principal, rate_ppm, count)
    balance = principal.copy()
    for k in range(count):
        interest[:, k] = month_of_interest(balance, rate_ppm)
        repaid[:, k] = balance if k == count - 1 else instalment - interest[:, k]
        balance -= repaid[:, k]
    return Schedule(due, repaid, interest, zero)


def _annuity(principal: NDArray[np.int64], rate_ppm: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """The equal instalment, from an exact factor of nine decimals for each rate of the palette."""
    out = np.zeros_like(principal)
    for ppm in np.unique(rate_ppm):
        rate = Fraction(int(ppm), 12 * MILLION)
        factor = round_fraction(rate / (1 - (1 + rate) ** -count) * 10**9)
        some = rate_ppm == ppm
        out[some] = (principal[some] * factor + 5 * 10**8) // 10**9
    return out


def equal_parts(principal: NDArray[np.int64], counts: NDArray[np.int64], width: int | None = None) -> Matrix:
    """Each principal in ``counts`` parts that sum to it exactly; zero in the columns beyond."""
    columns = np.arange(int(counts.max()) if width is None else width)
    seen = np.minimum(columns[None, :] + 1, counts[:, None])
    upto = principal[:, None] * seen // counts[:, None]
    return np.diff(upto, axis=1, prepend=0)
