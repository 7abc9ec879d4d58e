"""What must be known about a mortgage, an application or a collection account in the United States."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

Order = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DuePayment:
    """A periodic payment that fell due, and when it was satisfied in full (null while it is not)."""

    due_on: date
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """A loss mitigation application and what became of it. ``sale_on``: the foreclosure sale, null when none is set."""

    received_on: date
    acknowledged_on: date | None = None
    complete_on: date | None = None
    sale_on: date | None = None
    decided_on: date | None = None
    """When the written decision with its offer, or its denial, was given to the borrower."""
    answered_on: date | None = None
    """When the borrower accepted or rejected the offer."""
    appealed_on: date | None = None
    appeal_decided_on: date | None = None
    resolved_on: date | None = None
    """When nothing of it is pending any longer: no appeal open, offer rejected, or the borrower failed to perform."""
    ORDER: ClassVar[Order] = (
        ("received_on", "acknowledged_on"),
        ("received_on", "complete_on"),
        ("complete_on", "decided_on"),
        ("decided_on", "answered_on"),
        ("decided_on", "appealed_on"),
        ("appealed_on", "appeal_decided_on"),
        ("received_on", "resolved_on"),
    )


@dataclass(frozen=True, slots=True)
class Mortgage:
    """A mortgage loan as its present servicer sees it."""

    payments: tuple[DuePayment, ...]
    """Every periodic payment due and not paid on its day; later ones help to see the end of a delinquency."""
    contacts: tuple[date, ...] = ()
    """Live contacts, and good-faith efforts to establish one."""
    notices: tuple[date, ...] = ()
    """Written early intervention notices, whoever was servicer then."""
    transferred_on: tuple[date, ...] = ()
    """Transfers of servicing."""
    staff_assigned_on: date | None = None
    application: Application | None = None


@dataclass(frozen=True, slots=True)
class CollectionAccount:
    """A debt at a third-party collector."""

    first_contact_on: date | None = None
    """The initial communication."""
    validation_sent_on: date | None = None
    validation_received_on: date | None = None
    """When the consumer received it, if that is known."""
    spoke_on: date | None = None
    """First conversation about the debt."""
    letter_sent_on: date | None = None
    """First letter or electronic message about the debt."""
    undeliverable_on: date | None = None
    """A notice that it could not be delivered."""
    last_activity_on: date | None = None
    """Last collection activity; null while collection goes on."""
    recorded_calls: tuple[date, ...] = ()
    new_york_city: bool = False
    no_work_calls_asked_on: date | None = None
    """Massachusetts: when the debtor asked by word of mouth not to be called at work."""
    ORDER: ClassVar[Order] = (
        ("validation_sent_on", "validation_received_on"),
        ("letter_sent_on", "undeliverable_on"),
    )
