"""The words of what is owed: components, postings, and every product term that changes a cent or a day.

Each enum's first member is the default; docs/algorithms/ says what each choice does, with
worked tables. A loan is (terms, schedule versions, postings); everything else follows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum

from mora.core.money import Rounding


class Component(IntEnum):
    """What a part of a debt is. Numbers are the column codes."""

    PRINCIPAL = 1
    INTEREST = 2
    FEE = 3
    PENALTY = 4
    """Penalty interest 罚息, accrued day by day on what is late."""
    COMPOUND = 5
    """Compound interest 复利: interest on overdue interest."""


class PostingKind(IntEnum):
    """What a posting does. Numbers are the column codes; names are the book format's."""

    DISBURSEMENT = 1
    """Money to the borrower. Recorded; the debt itself comes from the schedule."""
    PAYMENT = 2
    """Money in, poured through the waterfall."""
    REVERSAL = 3
    """The posting it names never happened, seen from the reversal's own value date."""
    REFUND = 4
    """Money back to the borrower out of held credit."""
    FEE = 5
    """A charge: its own item, late from its own date (or added to an instalment)."""
    PENALTY_ADJUSTMENT = 6
    """Penalty interest added (positive) or taken off (negative) by hand."""
    WAIVER = 7
    """Part of one component given up."""
    WRITE_OFF = 8
    """Taken off the lender's books; the claim lives on by default (账销案存)."""
    RECOVERY = 9
    """Money in after write-off, poured like a payment."""
    INTEREST_PAUSE = 10
    """Penalty and compound interest stop."""
    INTEREST_RESUME = 11
    DELINQUENCY_PAUSE = 12
    """Days stop counting as delinquent."""
    DELINQUENCY_RESUME = 13
    RE_AMORTISE = 14
    """Money (its amount, or held credit when zero) goes to future principal; the rest of the plan shrinks with it."""
    RESCHEDULE = 15
    """Announces a schedule version; the version's own effective date does the work."""


REVERSIBLE = frozenset({
    PostingKind.PAYMENT, PostingKind.REFUND, PostingKind.FEE, PostingKind.PENALTY_ADJUSTMENT, PostingKind.WAIVER,
    PostingKind.WRITE_OFF, PostingKind.RECOVERY, PostingKind.INTEREST_PAUSE, PostingKind.INTEREST_RESUME,
    PostingKind.DELINQUENCY_PAUSE, PostingKind.DELINQUENCY_RESUME,
})  # fmt: skip
"""Kinds a reversal may name. A reversal is not one: a wrong reversal is mended by posting its target again."""


class DueState(IntEnum):
    """Where an item stands on the day money comes."""

    PAST_DUE = 0
    DUE = 1
    """Due that very day."""
    IN_ADVANCE = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a waterfall: within it, money goes item by item, and inside an item component by component."""

    state: DueState
    components: tuple[Component, ...]


STANDARD_ORDER = (Component.PENALTY, Component.FEE, Component.INTEREST, Component.COMPOUND, Component.PRINCIPAL)


def by_instalment(order: tuple[Component, ...]) -> tuple[Step, ...]:
    """The steps of 'instalment by instalment': past due, then due today, then early, each in ``order``."""
    return tuple(Step(state, order) for state in DueState)


def by_component(order: tuple[Component, ...]) -> tuple[Step, ...]:
    """The steps of 'component by component' within past due, due today and early money in turn."""
    return tuple(Step(state, (component,)) for state in DueState for component in order)


class Direction(StrEnum):
    """How a plain component order becomes steps."""

    INSTALMENT = "instalment"
    COMPONENT = "component"


class EarlyMoney(StrEnum):
    """What money beyond everything due does."""

    NEXT = "next"
    """Pays the next instalments, nearest first."""
    LAST = "last"
    """Pays the last instalments first: the loan ends sooner."""
    RE_AMORTISE = "re_amortise"
    """Pays future principal in proportion; future interest shrinks with it."""
    HOLD = "hold"
    """Stays as credit until something falls due."""


class SwitchMeasured(StrEnum):
    """When the days past due that trigger a waterfall switch are read."""

    BEFORE_POSTING = "before_posting"
    START_OF_DAY = "start_of_day"


@dataclass(frozen=True, slots=True)
class Switch:
    """Another waterfall once the loan is more than ``beyond_days`` past due (cards: 90, art. 57)."""

    beyond_days: int
    steps: tuple[Step, ...]
    measured: SwitchMeasured = SwitchMeasured.BEFORE_POSTING
    start: date = date(1950, 1, 1)
    """First value date on which the switch applies: dated law stays dated."""
    end: date = date(2200, 1, 1)
    """First value date on which it no longer applies."""


class PenaltyBase(StrEnum):
    """What late money is charged on."""

    PRINCIPAL = "principal"
    PRINCIPAL_AND_INTEREST = "principal_and_interest"


class PenaltyUnit(StrEnum):
    """What is rounded once: the unit of the cumulative amount."""

    ITEM = "item"
    """One instalment's whole cumulative penalty."""
    LOAN = "loan"
    """The loan's whole cumulative penalty, kept on the first item that accrued."""
    SPELL = "spell"
    """Each run of consecutive charged days on one unchanged base."""
    DAY = "day"
    """Each day's charge."""


class GraceStyle(StrEnum):
    """What penalty grace forgives."""

    AFTER = "after"
    """Days up to due + grace are free for good."""
    RETROACTIVE = "retroactive"
    """Nothing until the evening of due + grace; if then still unpaid, all those days are charged, else never."""


class PauseBoundary(StrEnum):
    """Which days a pause from p to r frees."""

    AFTER_PAUSE = "after_pause"
    """p < d <= r: what is dated d bears on accrual from d + 1."""
    FROM_PAUSE = "from_pause"
    """p <= d < r."""


@dataclass(frozen=True, slots=True)
class PenaltyTerms:
    """How lateness costs money."""

    uplift: str = "1.5"
    """Contract rate times this, unless the loan states its own ``penalty_rate`` (cn.rate.penalty: 1.3 to 1.5)."""
    base: PenaltyBase = PenaltyBase.PRINCIPAL
    basis: int = 360
    rounding: Rounding = Rounding.HALF_UP
    unit: PenaltyUnit = PenaltyUnit.ITEM
    grace_days: int = 0
    grace_style: GraceStyle = GraceStyle.AFTER
    compound: bool = False
    """Compound interest at the penalty rate on overdue interest; never on penalty or on itself."""
    rate_cap_e12: int | None = None
    """Ceiling of the yearly penalty rate."""
    cap_percent: int | None = None
    """Penalty and compound accrued over the loan's life stop at this percentage of its principal."""
    pause_boundary: PauseBoundary = PauseBoundary.AFTER_PAUSE


class DaysRule(StrEnum):
    """How days past due are counted (docs/algorithms/days-past-due.md)."""

    OLDEST_UNPAID = "oldest_unpaid"
    """as_of - due date of the oldest item open; due today is not late."""
    DUE_DAY_COUNTS = "due_day_counts"
    """The due day is day one."""
    MBA = "mba"
    """30 per missed month; a month is missed at the evening before the next due date."""
    OTS = "ots"
    """30 per missed month; a month is missed at the evening of the next due date."""


@dataclass(frozen=True, slots=True)
class Materiality:
    """Both thresholds must be passed for arrears to count, with a day counter of its own (EU 2018/171)."""

    absolute_minor: int
    relative_ppm: int
    """Share of outstanding principal in millionths: 1 % is 10000."""


@dataclass(frozen=True, slots=True)
class LatenessTerms:
    """How late becomes a number."""

    rule: DaysRule = DaysRule.OLDEST_UNPAID
    residue_counts: bool = False
    """Penalty or compound interest left open keeps an item late."""
    tolerance_minor: int = 0
    """An item with no more than this open in principal, interest and fee is taken as paid."""
    materiality: Materiality | None = None
    grace_days: int = 0
    """Contractual grace; lowers delinquent_days, not days_past_due."""
    grace_is_threshold: bool = False
    """Once above grace, all days count."""
    count_fee_items: bool = True
    """Whether fee items count as missed instalments."""
    count_ever_missed: bool = False
    """missed_count says how many were ever missed instead of how many are unpaid now."""


class WriteOffStyle(StrEnum):
    """What a write-off does to the claim."""

    CLAIM_KEPT = "claim_kept"
    """Balances and lateness go on; accrual stops."""
    REDUCES = "reduces"
    """Open amounts leave in a given order; accrual goes on on the rest."""


class RescheduleStyle(StrEnum):
    """What a new schedule version replaces."""

    FROM_EFFECTIVE = "from_effective"
    """Instalments due on or after the effective date; money on them is poured again."""
    EVERYTHING = "everything"
    """All open amounts are cancelled, penalty stays, lateness starts anew."""


class FeeStyle(StrEnum):
    """Where a fee posting lands."""

    OWN_ITEM = "own_item"
    ON_INSTALMENT = "on_instalment"
    """Added to the instalment it names, late from that due date; its own item when it names none."""


class ReversalStyle(StrEnum):
    """From when a reversed posting is unseen."""

    FROM_REVERSAL = "from_reversal"
    """Views before the reversal's value date still hold the target."""
    EVERY_VIEW = "every_view"


class PayoffStyle(StrEnum):
    """Which interest a payoff figure contains."""

    DUE = "due"
    """Interest and fees due by the as-of date."""
    ALL_SCHEDULED = "all_scheduled"
    ACCRUED = "accrued"
    """As DUE, plus interest from the last due date to the as-of date at the contract rate."""


@dataclass(frozen=True, slots=True)
class Product:
    """Every term of a product that changes a cent or a day. Frozen; compare and hash freely."""

    name: str = "default"
    jurisdiction: str = "cn"
    kind: str = "loan"
    """loan | card | mortgage; classification rules ask."""
    steps: tuple[Step, ...] = by_instalment(STANDARD_ORDER)
    early: EarlyMoney = EarlyMoney.NEXT
    switch: Switch | None = None
    penalty: PenaltyTerms = field(default_factory=PenaltyTerms)
    lateness: LatenessTerms = field(default_factory=LatenessTerms)
    write_off: WriteOffStyle = WriteOffStyle.CLAIM_KEPT
    write_off_order: tuple[Component, ...] = STANDARD_ORDER
    recovery_is_income: bool = False
    """With WRITE_OFF reducing: recoveries are the lender's income and do not touch the claim."""
    reschedule: RescheduleStyle = RescheduleStyle.FROM_EFFECTIVE
    fee: FeeStyle = FeeStyle.OWN_ITEM
    waiver_excess_refused: bool = False
    reversal: ReversalStyle = ReversalStyle.FROM_REVERSAL
    payoff: PayoffStyle = PayoffStyle.DUE
    next_due_after_as_of: bool = False
    """next_due looks strictly after the as-of date instead of from it."""
    last_paid_sums_day: bool = False
    """last_paid_minor is the day's sum instead of the last posting's own amount."""


@dataclass(frozen=True, slots=True)
class Instalment:
    """A row of a schedule version."""

    n: int
    due_on: date
    principal: int
    interest: int
    fee: int = 0
    version: int = 1
    effective_on: date | None = None
    """When its version takes effect; the first version is in force from the start whatever this says."""


@dataclass(frozen=True, slots=True)
class Posting:
    """Something that happened to the loan's account. Immutable; a correction is another posting."""

    posting_id: str
    value_on: date
    kind: PostingKind
    amount: int = 0
    booked_at: datetime | None = None
    """When it became known (UTC); None: at its value date."""
    component: Component | None = None
    reverses: str | None = None
    instalment_n: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Loan:
    """One loan as the book holds it: terms, schedule versions, postings in booked order."""

    loan_id: str
    party_id: str
    product: Product
    currency: str
    principal: int
    annual_rate_e12: int
    started_on: date
    matures_on: date
    schedule: tuple[Instalment, ...]
    postings: tuple[Posting, ...] = ()
    penalty_rate_e12: int | None = None
    written_off_on: date | None = None
    sold_on: date | None = None
    restructured_on: date | None = None
