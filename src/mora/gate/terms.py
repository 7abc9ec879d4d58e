"""The words of the gate: what is asked, what happened before, and what is answered.

These records are the published request (docs/reference/gate-request.schema.json is made from them): unknown fields are
refused, instants carry a zone, and a fact nobody gave is None, which is never read as yes or no.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from mora.core.words import Words
from mora.law.vocabulary import ProductKind

Instant = Annotated[datetime, Meta(tz=True)]
"""A moment with its offset: 2026-03-02T21:59:59+08:00."""
Id = Annotated[str, Meta(min_length=1, max_length=120)]
Minor = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
"""Minor units of the claim's currency."""
DailyTime = Annotated[str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class Channel(StrEnum):
    """The way of reaching a person."""

    VOICE = "voice"
    """A person calls."""
    VOICE_ROBOT = "voice_robot"
    """A machine calls and talks back."""
    VOICE_NOTICE = "voice_notice"
    """A one-way announcement by telephone."""
    SMS = "sms"
    EMAIL = "email"
    IM = "im"
    """An instant message."""
    LETTER = "letter"
    VISIT = "visit"
    """At the person's home or place of work."""
    INTERVIEW = "interview"
    """At the lender's branch, by appointment."""


CALLS = frozenset({Channel.VOICE, Channel.VOICE_ROBOT, Channel.VOICE_NOTICE})
TALKS = frozenset({Channel.VOICE, Channel.VOICE_ROBOT})
"""Calls in which the person can answer."""


class Purpose(StrEnum):
    """What the contact is for."""

    COLLECT = "collect"
    """To ask for payment, or speak about the debt."""
    LOCATE = "locate"
    """To ask where the debtor can be reached, or to have a message passed on."""
    INFORM = "inform"
    """To tell what the law or a plan obliges us to tell: a confirmation, a statutory notice, that efforts end."""
    REPLY = "reply"
    """To answer what the person asked us."""


class ActorKind(StrEnum):
    """Who acts."""

    LENDER = "lender"
    """The lender's own people or machines."""
    AGENCY = "agency"
    """An outside agency for the lender."""
    SERVICER = "servicer"
    """Whoever runs the loan for its owner."""


class Mode(StrEnum):
    """By whose hand."""

    PERSON = "person"
    AUTOMATIC = "automatic"


class LenderKind(StrEnum):
    """What kind of creditor holds the claim."""

    BANK = "bank"
    CONSUMER_FINANCE = "consumer_finance"
    MICRO_LOAN = "micro_loan"
    PRIVATE_LENDER = "private_lender"
    INSURER = "insurer"
    PAYMENT_FIRM = "payment_firm"
    TRANSFEREE = "transferee"
    """Bought the claim."""
    OTHER = "other"
    """A lender that none of these names."""


class Role(StrEnum):
    """What the person reached is to the debt."""

    DEBTOR = "debtor"
    CO_BORROWER = "co_borrower"
    GUARANTOR = "guarantor"
    SPOUSE = "spouse"
    HEIR = "heir"
    EXECUTOR = "executor"
    """Executor or administrator of the debtor's estate."""
    GUARDIAN = "guardian"
    """Guardian of the debtor, or parent of a minor debtor."""
    ATTORNEY = "attorney"
    """The debtor's lawyer or appointed adviser."""
    CONTACT = "contact"
    """Anybody else: a relative, colleague, neighbour, emergency contact."""


class JointBasis(StrEnum):
    """Why a debt is the spouse's as well (Civil Code 1064)."""

    BOTH_AGREE = "both_agree"
    """Both signed."""
    RATIFIED = "ratified"
    """The spouse agreed afterwards."""
    HOUSEHOLD_NEED = "household_need"
    """For the daily needs of the household."""
    PROVEN_COMMON_USE = "proven_common_use"
    """The creditor can prove that both lived or traded on it."""


class PointKind(StrEnum):
    """What kind of contact point."""

    MOBILE = "mobile"
    HOME = "home"
    WORK = "work"
    EMAIL = "email"
    IM = "im"
    ADDRESS = "address"
    BRANCH = "branch"
    OTHER = "other"


class Result(StrEnum):
    """What became of an attempt; the closed list that the counters stand on."""

    NO_ANSWER = "no_answer"
    """Rang out."""
    BUSY = "busy"
    """Engaged: the call did not connect to the dialled number."""
    NOT_IN_SERVICE = "not_in_service"
    """The number does not exist or is disconnected."""
    REJECTED = "rejected"
    """The person declined the call without answering."""
    VOICEMAIL = "voicemail"
    DROPPED = "dropped"
    """Connected and lost before anybody spoke."""
    CONNECTED = "connected"
    """Somebody answered; who it was is not known. For a one-way call: it was played."""
    RIGHT_PARTY = "right_party"
    """Spoke with the person meant, identity confirmed."""
    WRONG_PARTY = "wrong_party"
    """Reached somebody unconnected with the case."""
    THIRD_PARTY = "third_party"
    """Reached a third person and asked him or her only what is permitted."""
    THIRD_PARTY_REFUSED = "third_party_refused"
    """The third person asked not to be contacted again."""
    SENT = "sent"
    """A message or letter left; nothing more is known."""
    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"
    NOT_MET = "not_met"
    """A visit that found nobody."""


class HoldKind(StrEnum):
    """Why contact about a claim, or with a person, rests."""

    DISPUTE = "dispute"
    COMPLAINT = "complaint"
    HARDSHIP = "hardship"
    """Hardship is declared and under review."""
    PLAN_BEING_MADE = "plan_being_made"
    """The debtor or an adviser is working out a plan."""
    PLAN_IN_FORCE = "plan_in_force"
    """A plan is agreed and kept."""
    REPRESENTED = "represented"
    """A lawyer or adviser acts for the person."""
    BANKRUPTCY = "bankruptcy"
    DEATH = "death"
    BREATHING_SPACE = "breathing_space"
    BREATHING_SPACE_CRISIS = "breathing_space_crisis"
    """The mental-health crisis form."""
    MILITARY = "military"
    VULNERABLE = "vulnerable"
    CEASE_REQUESTED = "cease_requested"
    """The person asked in writing that contact stops."""
    OPTED_OUT = "opted_out"
    """The person refused this channel or this contact point, or withdrew consent to it."""
    INCONVENIENT_TIME = "inconvenient_time"
    """The person called these hours inconvenient."""
    INCONVENIENT_PLACE = "inconvenient_place"
    EMPLOYER_FORBIDS = "employer_forbids"
    """The employer does not allow such calls at work."""
    NO_WORK_CALLS = "no_work_calls"
    """The person asked by word of mouth not to be called at work."""
    BARRED_STATED = "barred_stated"
    """The person said he or she will not pay because the debt is barred by time."""
    FRAUD = "fraud"
    """The person says the debt was made in his or her name by somebody else."""


class PermissionKind(StrEnum):
    """How a base rule is set aside in one case."""

    CONSENT = "consent"
    AGREEMENT = "agreement"
    DEBTOR_CALLED = "debtor_called"
    """The debtor called and asked for this contact."""
    COURT_ORDER = "court_order"


class Lender(Struct, frozen=True, forbid_unknown_fields=True):
    """Who holds the claims."""

    id: Id
    """Identifies the lender."""
    kind: LenderKind


class Actor(Struct, frozen=True, forbid_unknown_fields=True):
    """Who would make the contact."""

    kind: ActorKind
    id: Id
    """Identifies the organisation: counters that run per collector count by it."""
    mode: Mode = Mode.PERSON
    trained_on: date | None = None
    """When the person who acts was last trained."""


class Point(Struct, frozen=True, forbid_unknown_fields=True):
    """The number, address or account that would be used."""

    id: Id
    """Identifies it in the history, in holds and in permissions."""
    kind: PointKind
    used_by_party_on: date | None = None
    """Last day the person wrote or called from it."""
    checked_on: date | None = None
    """Last day it was checked as not re-assigned to somebody else."""
    notice_sent_on: date | None = None
    """Day on which the creditor announced its use for this debt with a way to opt out."""


class Guarantee(Struct, frozen=True, forbid_unknown_fields=True):
    """What the guarantor promised."""

    general: bool | None = None
    """General (True) or joint and several (False) guarantee; None when the deed does not say."""
    period_until: date | None = None
    """First day on which the guarantee period is over; None when it is not agreed."""
    debt_due_on: date | None = None
    """When the principal debt fell due: the period runs from then when none is agreed."""
    claimed_on: date | None = None
    """Day within the period on which the guarantor was asked (joint), or the debtor was sued (general)."""
    limit_minor: Minor | None = None
    """Most the guarantor owes; None when unlimited or unknown."""


class Estate(Struct, frozen=True, forbid_unknown_fields=True):
    """What an heir took."""

    value_minor: Minor | None = None
    """What was inherited is really worth."""
    renounced: bool | None = None
    """Whether the heir gave the inheritance up."""


class Party(Struct, frozen=True, forbid_unknown_fields=True):
    """Whom we would reach."""

    id: Id
    """Identifies the person in the history, in holds and in permissions."""
    role: Role
    zones: tuple[str, ...] = ()
    """IANA zones the person may be in; all must allow. Empty: unknown, and every zone of the place must allow."""
    born_on: date | None = None
    """Date of birth."""
    identified: bool | None = None
    """Whether it is confirmed that this person is who we mean."""
    joint_basis: JointBasis | None = None
    """A spouse: why the debt is joint; None: no reason is recorded, and the spouse is a third person."""
    volunteers: bool = False
    """A third person who offered to pay of his or her own accord."""
    guarantee: Guarantee | None = None
    estate: Estate | None = None


class Debtor(Struct, frozen=True, forbid_unknown_fields=True):
    """The debtor, when somebody else would be reached."""

    id: Id
    """Identifies the debtor in the history."""
    points_invalid: bool | None = None
    """Whether every known contact point is known to be dead."""
    deceased: bool | None = None
    """Whether the debtor is known to be dead."""
    incapacitated: bool | None = None
    """Whether the debtor is known to have lost capacity."""


class Owed(Struct, frozen=True, forbid_unknown_fields=True):
    """What is known about whether the claim is owed, each question with its own answer; None is unanswered."""

    identity_matched: bool | None = None
    """Name, document and number are the debtor's."""
    balance_reconciled: bool | None = None
    """The balance agrees with the ledger."""
    payment_in_transit: bool | None = None
    """A payment was made and has not posted."""
    dispute_open: bool | None = None
    """The debt is disputed and not yet answered."""
    complaint_open: bool | None = None
    """A complaint about it is open."""
    time_barred: bool | None = None
    """Limitation has run; answered by ``barred_from`` when left out."""
    guarantor_in_scope: bool | None = None
    """The guarantee reaches this claim; asked only of guarantors."""
    owned_by_lender: bool | None = None
    """False when the claim was assigned or sold to somebody else."""
    insolvency_known: bool | None = None
    """Insolvency proceedings are known."""
    death_known: bool | None = None
    """The debtor's death is known."""


class Claim(Struct, frozen=True, forbid_unknown_fields=True):
    """One debt the contact would be about."""

    id: Id
    """Identifies the claim in the history, in holds and in permissions."""
    products: tuple[ProductKind, ...]
    """What kind of debt; wider kinds follow by themselves (a card is consumer, personal, retail and revolving)."""
    amount_minor: Minor | None = None
    """What would be asked for; None when unknown."""
    account: Id | None = None
    """Account number; student loans under one number are one debt."""
    student_loan: bool = False
    """Serviced with others under one account number."""
    placed_with: tuple[Id, ...] = ()
    """Agencies the claim is placed with."""
    barred_from: date | None = None
    """First day on which limitation has run; None when unknown."""
    assignment_notified_on: date | None = None
    """Day the debtor was told that the claim had been assigned."""
    assignment_notice_in_form_on: date | None = None
    """Day the durable notice with the statutory fields was given (Directive (EU) 2021/2167)."""
    outsourcing_told_on: date | None = None
    """Day the debtor was told that an agency would collect."""
    validation_sent_on: date | None = None
    """Day the validation notice was sent."""
    owed: Owed | None = None


class Agency(Struct, frozen=True, forbid_unknown_fields=True):
    """What is known about the agency."""

    listed: bool | None = None
    """Stands on the lender's published list."""
    contract_until: date | None = None
    """First day on which its data-processing contract is over."""
    unlawful_record: bool | None = None
    """Has a record of violent or unlawful collection."""


class Visit(Struct, frozen=True, forbid_unknown_fields=True):
    """How a visit or interview would go."""

    visitors: int | None = None
    """How many go."""
    shows_identity: bool | None = None
    """Whether they show identity and authority."""
    records: bool | None = None
    """Whether it is recorded in sound and picture."""
    appointment_agreed: bool | None = None
    """An interview: whether it was agreed beforehand."""
    entry_agreed: bool | None = None
    """Whether the person agrees that they come in."""


class Message(Struct, frozen=True, forbid_unknown_fields=True):
    """What would be said or sent."""

    text: str | None = None
    """What is said or sent, word for word."""
    language: str = "zh"
    """zh or en."""
    discloses: bool | None = None
    """Whether the debt is named before anybody is identified; None: messages to the debtor name it, calls do not."""
    contains: tuple[str, ...] | None = None
    """Mandatory fields the text holds, when somebody has checked."""
    required_disclosure: bool = False
    """A disclosure the law requires in writing."""
    electronic_consent: bool | None = None
    """Whether the person agreed to receive such messages electronically."""
    mentions_suit: bool = False
    """Speaks of suing."""


class Attempt(Struct, frozen=True, forbid_unknown_fields=True):
    """One contact or attempt that happened, by the lender or anybody for it."""

    at: Instant
    """When."""
    actor: Id
    """Which organisation acted."""
    channel: Channel
    party: Id
    """Whom it was meant to reach."""
    result: Result
    point: Id | None = None
    """Number, address or account used."""
    claims: tuple[Id, ...] = ()
    """Which debts it was about; empty: nobody recorded it, and it counts for each."""
    inbound: bool = False
    """The person contacted us."""
    with_consent: bool = False
    """Made under a permission given to this collector beforehand."""
    at_work: bool = False
    """To the person's place of work, or elsewhere than home and the person's own telephone."""


class Hold(Struct, frozen=True, forbid_unknown_fields=True):
    """Contact rests, from an instant until another, wholly or for some claims, channels, points or hours."""

    kind: HoldKind
    since: Instant
    """First instant at which it holds."""
    until: Instant | None = None
    """First instant at which it no longer holds; None: until it is lifted."""
    party: Id | None = None
    """Whom it protects; None: everybody contacted about the claims."""
    claims: tuple[Id, ...] = ()
    """Claims it is about; empty: all."""
    channels: tuple[Channel, ...] = ()
    """Channels it is about; empty: all."""
    points: tuple[Id, ...] = ()
    """Contact points it is about; empty: all."""
    hours: tuple[DailyTime, DailyTime] | None = None
    """Local hours ``[from, to)`` it is about."""
    written: bool = True
    """Whether the person said so in writing."""


class Permission(Struct, frozen=True, forbid_unknown_fields=True):
    """An exception attached to one base rule, with its scope and expiry."""

    rule: Id
    """The one rule it sets aside."""
    kind: PermissionKind
    since: Instant
    """First instant at which it holds."""
    until: Instant | None = None
    """First instant at which it no longer holds; None: until it is withdrawn."""
    party: Id | None = None
    """Whose contact it permits; None: anybody's."""
    channels: tuple[Channel, ...] = ()
    """Channels it covers; empty: all."""
    points: tuple[Id, ...] = ()
    """Contact points it covers; empty: all."""
    claims: tuple[Id, ...] = ()
    """Claims it covers; empty: all."""
    evidence: str = ""
    """Where it is recorded."""


class Request(Struct, frozen=True, forbid_unknown_fields=True):
    """May this person be contacted, by this channel, now, by us?"""

    at: Instant
    """When the contact would be made."""
    places: Annotated[tuple[str, ...], Meta(min_length=1)]
    """Whose law applies: cn, us, us-ma, us-ny-nyc, uk, eu. All that are named apply."""
    lender: Lender
    """Who holds the claims."""
    actor: Actor
    channel: Channel
    party: Party
    claims: Annotated[tuple[Claim, ...], Meta(min_length=1)]
    """Debts the contact would be about, one at least."""
    point: Point | None = None
    purpose: Purpose = Purpose.COLLECT
    debtor: Debtor | None = None
    """The debtor, when somebody else would be reached."""
    history: tuple[Attempt, ...] = ()
    """What was tried and what came of it, by everybody who acts for the lender; later than ``at`` is left out."""
    holds: tuple[Hold, ...] = ()
    """Everything that runs, ran or will run."""
    permissions: tuple[Permission, ...] = ()
    """Every recorded exception."""
    agency: Agency | None = None
    visit: Visit | None = None
    message: Message | None = None


class Outcome(StrEnum):
    """The answer, from open to shut."""

    ALLOWED = "allowed"
    WARNED = "warned"
    """It may go on; somebody should read why first."""
    REFUSED = "refused"


class Effect(StrEnum):
    """What one finding does to the answer."""

    NOTE = "note"
    """Nothing; a reader would ask."""
    EXCUSED = "excused"
    """The rule is broken, and a recorded permission sets it aside."""
    WARN = "warn"
    REFUSE = "refuse"


class Finding(Struct, frozen=True):
    """One rule that had something to say."""

    rule: str
    """Its id; ``mora law show`` explains it."""
    clause: str
    """Instrument and article, in Chinese."""
    effect: Effect
    message_zh: str
    """What is not kept, in Chinese."""
    message_en: str
    """What is not kept, in English."""
    clause_en: str
    """Instrument and article, in English."""
    verified: bool = True
    """False: the rule, or the part that speaks, was not found in a source; it warns and says so."""
    counter: int | None = None
    """The figure that was reached, when there is one."""
    limit: int | None = None
    """The figure the rule sets."""
    clears_at: datetime | None = None
    """When this finding goes away by waiting alone; None when it does not."""
    permission: str | None = None
    """Evidence of the permission that excuses it, or why one that was offered does not."""


class Counter(Struct, frozen=True):
    """A counter or clock that was looked at, whether or not it said no."""

    rule: str
    """The rule that counts."""
    what: str
    """What is counted: calls, contacts, hours, a hold."""
    count: int
    """How many; for hours 1 is open and 0 shut."""
    limit: int | None = None
    """How many the rule allows."""
    key: str = ""
    """Who and what was counted: collector, claim, number."""
    since: datetime | None = None
    """First instant of the window, or of the clock."""
    until: datetime | None = None
    """First instant after it."""


class Verdict(Struct, frozen=True):
    """The answer to one request."""

    outcome: Outcome
    findings: tuple[Finding, ...]
    """What the rules had to say."""
    counters: tuple[Counter, ...]
    """What was counted, whether or not it said no."""
    earliest_at: datetime | None
    """First instant, from the request's own on, at which nothing would refuse, other facts unchanged; None when
    waiting alone does not help, or not within the year looked at."""
    at: datetime
    """The request's instant."""
    rules: tuple[str, ...] = ()
    """Every rule that applied, as ``id@first day of its version``."""
    house: str = ""
    """Name or folder of the house pack; empty for the law alone."""

    @property
    def allowed(self) -> bool:
        """Whether the contact may be made (perhaps with a warning)."""
        return self.outcome is not Outcome.REFUSED


def words(finding: Finding) -> Words:
    """A finding's sentence in both languages."""
    return Words(zh=finding.message_zh, en=finding.message_en)
