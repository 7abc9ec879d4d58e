"""What must be known about a mortgage, a credit agreement or a breathing space in the United Kingdom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

Order = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MissedPayment:
    """A payment not made on its day, and when it was made after all (null while it is not)."""

    due_on: date
    paid_on: date | None = None
    ORDER: ClassVar[Order] = (("due_on", "paid_on"),)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A payment shortfall on a regulated mortgage."""

    began_on: date
    aware_on: date
    """When the firm became aware of it."""
    information_sent_on: date | None = None
    statements: tuple[date, ...] = ()
    """Statements sent while in shortfall."""
    cleared_on: date | None = None
    ORDER: ClassVar[Order] = (("began_on", "aware_on"), ("aware_on", "information_sent_on"), ("began_on", "cleared_on"))


@dataclass(frozen=True, slots=True)
class CreditAgreement:
    """A regulated fixed-sum credit agreement."""

    missed: tuple[MissedPayment, ...] = ()
    arrears_notices: tuple[date, ...] = ()
    default_notice_served_on: date | None = None
    plan_begun_on: date | None = None
    """When a repayment plan began to be worked out with the customer."""


@dataclass(frozen=True, slots=True)
class BreathingSpace:
    """A moratorium under the Debt Respite Scheme, England and Wales."""

    began_on: date
    mental_health_crisis: bool = False
    treatment_ended_on: date | None = None
    cancelled_on: date | None = None
    review_requested_on: date | None = None
    review_decided_on: date | None = None
    ORDER: ClassVar[Order] = (
        ("began_on", "treatment_ended_on"),
        ("began_on", "cancelled_on"),
        ("began_on", "review_requested_on"),
        ("review_requested_on", "review_decided_on"),
    )
