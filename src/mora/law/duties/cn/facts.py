"""What must be known about a claim, a guarantee, a court step, a complaint or an agency in mainland China."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

Order = tuple[tuple[str, str], ...]


class InterruptionKind(StrEnum):
    """What may interrupt limitation 时效中断 (Civil Code art. 195)."""

    DEMAND = "demand"
    """The creditor demanded performance; counts with a proof that article 8 of the SPC's provisions names."""
    ACKNOWLEDGEMENT = "acknowledgement"
    """The debtor acknowledged the debt in a way article 14 names."""
    SUIT = "suit"
    """A suit was brought; the period starts again when the proceedings end."""
    ARBITRATION = "arbitration"
    """Arbitration was applied for; likewise."""
    EQUIVALENT = "equivalent"
    """Another act of the same effect, such as applying for a payment order."""
    ASSIGNMENT_NOTICE = "assignment_notice"
    """Notice that the claim was assigned reached the debtor (article 17)."""


class Proof(StrEnum):
    """How it is shown that a demand or notice arrived (SPC limitation provisions art. 8)."""

    SIGNED_RECEIPT = "signed_receipt"
    DELIVERY_EVIDENCE = "delivery_evidence"
    ACCOUNT_DEBIT = "account_debit"
    PUBLIC_NOTICE = "public_notice"


class Acknowledged(StrEnum):
    """How a debtor acknowledged (SPC limitation provisions art. 14)."""

    PART_PAYMENT = "part_payment"
    INSTALMENT_PLAN = "instalment_plan"
    EXTENSION_REQUEST = "extension_request"
    SECURITY = "security"


class DemandChannel(StrEnum):
    """How a card issuer's demand was sent to the contact data the cardholder left (SPC bank-card provisions art. 3)."""

    SMS = "sms"
    LETTER = "letter"
    EMAIL = "email"
    PHONE = "phone"


class GuaranteeKind(StrEnum):
    """What kind of guarantee was agreed; unclear is a general one (Civil Code art. 686)."""

    GENERAL = "general"
    JOINT = "joint"
    UNCLEAR = "unclear"


class FrozenThing(StrEnum):
    """What is frozen, seized or sealed."""

    DEPOSIT = "deposit"
    MOVABLE = "movable"
    IMMOVABLE = "immovable"
    """Real estate and other rights."""


@dataclass(frozen=True, slots=True)
class Interruption:
    """An act that may interrupt limitation, on the day it reached the other side or was done."""

    kind: InterruptionKind
    done_on: date
    proof: Proof | None = None
    how: Acknowledged | None = None
    channel: DemandChannel | None = None
    to_reserved_contact: bool = False
    rest_given_up: bool = False
    """Only part was demanded and the rest clearly given up (article 9): nothing is restarted for the rest."""
    ended_on: date | None = None
    """When the suit, arbitration or like proceedings ended; null while they are pending."""
    ORDER: ClassVar[Order] = (("done_on", "ended_on"),)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that keeps the creditor from claiming (Civil Code art. 194), such as force majeure."""

    began_on: date
    ended_on: date | None = None
    ORDER: ClassVar[Order] = (("began_on", "ended_on"),)


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim for a loan: one debt, in one sum or in instalments."""

    due_on: tuple[date, ...]
    """Due dates; several are the instalments of one debt."""
    accelerated_on: date | None = None
    """The day from which all of it was due early."""
    card: bool = False
    interruptions: tuple[Interruption, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    signed_after_expiry_on: date | None = None
    """When the debtor signed or sealed a demand for a claim whose period had ended."""
    mortgaged: bool = False
    WITH_MEMBERS: ClassVar[tuple[str, ...]] = ("due_on",)


@dataclass(frozen=True, slots=True)
class Guarantee:
    """A guarantee 保证 of a debt."""

    debt_due_on: date
    kind: GuaranteeKind = GuaranteeKind.UNCLEAR
    agreed_until: date | None = None
    """Last day of an agreed period; null when none, or only until paid off, was agreed."""
    debtor_sued_on: date | None = None
    """When the debtor was sued or arbitration was applied for."""
    guarantor_demanded_on: date | None = None


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """A payment order 支付令."""

    issued_on: date | None = None
    served_on: date | None = None
    objected_on: date | None = None
    ended_on: date | None = None
    """When the creditor received the ruling that ends the procedure after an objection."""
    suit_declined_on: date | None = None
    """When the creditor told the court it does not agree to a suit."""
    ORDER: ClassVar[Order] = (
        ("issued_on", "served_on"),
        ("served_on", "objected_on"),
        ("ended_on", "suit_declined_on"),
    )


@dataclass(frozen=True, slots=True)
class Preservation:
    """Preservation before suit 诉前财产保全."""

    measure_on: date
    filed_on: date | None = None
    """When suit was brought or arbitration applied for."""


@dataclass(frozen=True, slots=True)
class Freeze:
    """Property frozen, seized or sealed."""

    what: FrozenThing
    frozen_on: date
    until: date | None = None
    """Last day by the order when that is shorter than the longest the law allows."""
    renewed_on: date | None = None
    """When renewal was applied for."""
    lifted_on: date | None = None
    ORDER: ClassVar[Order] = (("frozen_on", "until"), ("frozen_on", "renewed_on"), ("frozen_on", "lifted_on"))


@dataclass(frozen=True, slots=True)
class Judgment:
    """A judgment or other enforceable document 执行依据."""

    perform_by: tuple[date, ...]
    """Last days for performance; several are instalments."""
    applied_on: date | None = None
    """When enforcement was applied for."""
    interruptions: tuple[Interruption, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    WITH_MEMBERS: ClassVar[tuple[str, ...]] = ("perform_by",)


@dataclass(frozen=True, slots=True)
class NotarisedDeed:
    """A loan deed notarised as enforceable 赋强公证债权文书."""

    due_on: tuple[date, ...]
    certificate_applied_on: date | None = None
    """When the execution certificate 执行证书 was applied for, which interrupts the term."""
    applied_on: date | None = None
    """When enforcement was applied for."""
    ORDER: ClassVar[Order] = (("certificate_applied_on", "applied_on"),)
    WITH_MEMBERS: ClassVar[tuple[str, ...]] = ("due_on",)


@dataclass(frozen=True, slots=True)
class Complaint:
    """A consumer's complaint."""

    received_on: date
    answered_on: date | None = None
    forwarded_by_pboc: bool = False
    about_collection: bool = False
    """About collecting an online consumer loan, where GB/T 45251-2025 speaks too."""
    ORDER: ClassVar[Order] = (("received_on", "answered_on"),)


@dataclass(frozen=True, slots=True)
class CreditObjection:
    """An objection to credit information 征信异议."""

    received_on: date
    answered_on: date | None = None
    ORDER: ClassVar[Order] = (("received_on", "answered_on"),)


@dataclass(frozen=True, slots=True)
class CreditRecord:
    """A negative credit record 个人不良信息."""

    ended_on: date | None = None
    """When the bad conduct or event ended, such as arrears fully paid; null while it lasts."""


@dataclass(frozen=True, slots=True)
class Agency:
    """An outside collection agency."""

    contract_began_on: date
    contract_ends_on: date | None = None
    evaluations: tuple[date, ...] = ()
    ORDER: ClassVar[Order] = (("contract_began_on", "contract_ends_on"),)


@dataclass(frozen=True, slots=True)
class CollectorTraining:
    """A collector's training."""

    starts_work_on: date
    trainings: tuple[date, ...] = ()
    left_on: date | None = None
    ORDER: ClassVar[Order] = (("starts_work_on", "left_on"),)
