"""The words of lateness: the position of a loan on a day, what else is known of it, and buckets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mora.loans.terms import Component

BUCKETS = ("M0", "M1", "M2", "M3", "M4", "M5", "M6", "M7+")
"""Ageing buckets 逾期阶段."""

BUCKET_STARTS = (0, 1, 31, 61, 91, 121, 151, 181)
"""First day past due of each bucket; a bucket holds its start and not the next one's."""

NPL_DAYS = 90
"""More days past due than this is remembered as ``last_npl_on`` (the floor of 次级 in every jurisdiction held here)."""


def bucket(days_past_due: int) -> str:
    """The bucket of a number of days past due: 0 is M0, 1 to 30 M1, 31 to 60 M2, above 180 M7+."""
    return next(name for name, start in zip(BUCKETS[::-1], BUCKET_STARTS[::-1], strict=True) if days_past_due >= start)


@dataclass(frozen=True, slots=True)
class Position:
    """Where one loan stands at the evening of ``as_of``. Amounts in minor units; columns of the book format."""

    loan_id: str
    as_of: date
    currency: str
    days_past_due: int
    delinquent_days: int
    """After contractual grace and pauses."""
    oldest_unpaid_due_on: date | None
    missed_count: int
    overdue_principal_minor: int
    overdue_interest_minor: int
    overdue_fee_minor: int
    penalty_minor: int
    compound_minor: int
    arrears_minor: int
    """Sum of the five above."""
    outstanding_principal_minor: int
    payoff_minor: int
    credit_minor: int
    next_due_on: date | None
    next_due_minor: int | None
    last_paid_on: date | None
    last_paid_minor: int | None
    worst_days_past_due: int
    bucket: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What else the replay knows and classification asks for; kept in snapshots, not in ``positions``."""

    material_days: int
    """Own counter of the materiality rule: consecutive days both thresholds are passed; 0 when not."""
    missed_consecutive: int
    """Instalments unpaid in a row, counted back from the latest due."""
    missed_ever: int
    first_payment_default: bool
    """The first instalment was once past due."""
    last_late_on: date | None
    """Last day that ended late."""
    last_npl_on: date | None
    """Last day that ended more than 90 days past due."""
    last_missed_due_on: date | None
    """Due date of the latest item that was ever late."""
    observation_start_on: date | None
    """Restructured: first repayment date after the change, or the last missed due date since
    (cn.class2023.restructured.obs)."""
    observation_second_on: date | None
    """Due date of the second repayment after ``observation_start_on``."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """What happened to one component of one item, in minor units."""

    due: int
    """Asked for: scheduled, charged or accrued, less what a new schedule took away."""
    paid: int
    paid_in_advance: int
    paid_late: int
    waived: int
    written_off: int
    outstanding: int


@dataclass(frozen=True, slots=True)
class ItemPosition:
    """One instalment or fee on a day; a row of ``mora age --instalments``."""

    loan_id: str
    n: int
    """Number in the schedule; 0 for a fee."""
    version: int
    is_fee: bool
    due_on: date
    amounts: dict[Component, Amounts]
