"""The position of one loan on a day: plain, exact, explainable.

Reads the account evening by evening (:mod:`mora.loans.replay`) and writes down what it
sees. The compiled kernel answers the same question without visiting the days.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction

from mora.ageing.terms import NPL_DAYS, Amounts, ItemPosition, Position, Standing, bucket
from mora.core.money import round_fraction
from mora.core.rates import daily_ratio
from mora.loans.account import SCHEDULED, Account, Item, is_late
from mora.loans.replay import Life, count_days, oldest_late, replay
from mora.loans.terms import Component, DaysRule, Loan, PayoffStyle, PostingKind


@dataclass(slots=True)
class Diary:
    """What each evening adds to a loan's record of lateness."""

    worst: int = 0
    last_late_on: date | None = None
    last_npl_on: date | None = None
    material_since: date | None = None

    def evening(self, day: date, life: Life) -> None:
        """Step (e) of the day."""
        account = life.account
        oldest = oldest_late(account, day)
        if oldest is not None:
            days = count_days(oldest.due_on, day, account.product.lateness.rule)
            self.worst = max(self.worst, days)
            if days > 0:
                self.last_late_on = day
            if days > NPL_DAYS:
                self.last_npl_on = day
            for item in account.items:
                item.ever_missed |= is_late(item, day, account.product)
        if not is_material(account, day):
            self.material_since = None
        elif self.material_since is None:
            self.material_since = day


def is_material(account: Account, day: date) -> bool:
    """Whether arrears pass both thresholds at the evening of ``day`` (EU 2018/171 art. 1-2: both at once).

    Arrears are principal, interest and fee of late items above the tolerance; an item late for its residue of
    penalty alone adds nothing. Exposure is outstanding principal.
    """
    limits = account.product.lateness.materiality
    if limits is None:
        return False
    tolerance = account.product.lateness.tolerance_minor
    late = (item.open_scheduled() for item in account.items if is_late(item, day, account.product))
    arrears = sum(owed for owed in late if owed > tolerance)
    exposure = sum(item.open(Component.PRINCIPAL) for item in account.items)
    return arrears > limits.absolute_minor and arrears * 1_000_000 > limits.relative_ppm * exposure


@dataclass(slots=True)
class Aged:
    """A loan's position, its standing and the life they were read from."""

    position: Position
    standing: Standing
    life: Life
    diary: Diary = field(default_factory=Diary)


def age(loan: Loan, as_of: date, *, known_at: datetime | None = None, journal: bool = False) -> Aged:
    """Replay one loan to the evening of ``as_of`` and say where it stands."""
    diary = Diary()
    life = replay(loan, as_of, known_at=known_at, watch=diary.evening, journal=journal)
    return Aged(_position(life, diary, as_of), _standing(life, diary, as_of), life, diary)


def _position(life: Life, diary: Diary, as_of: date) -> Position:
    account, loan = life.account, life.loan
    terms = loan.product.lateness
    late = [item for item in account.items if is_late(item, as_of, loan.product)]
    oldest = late[0] if late else None
    days = count_days(oldest.due_on, as_of, terms.rule) if oldest else 0
    overdue = {component: sum(item.open(component) for item in late) for component in SCHEDULED}
    penalty = sum(item.open(Component.PENALTY) for item in account.items)
    compound = sum(item.open(Component.COMPOUND) for item in account.items)
    next_on, next_minor = _next_due(account, as_of)
    last_on, last_minor = _last_paid(life)
    return Position(
        loan_id=loan.loan_id,
        as_of=as_of,
        currency=loan.currency,
        days_past_due=days,
        delinquent_days=_delinquent_days(life, days, oldest, as_of),
        oldest_unpaid_due_on=oldest.due_on if oldest else None,
        missed_count=_missed_count(account, late),
        overdue_principal_minor=overdue[Component.PRINCIPAL],
        overdue_interest_minor=overdue[Component.INTEREST],
        overdue_fee_minor=overdue[Component.FEE],
        penalty_minor=penalty,
        compound_minor=compound,
        arrears_minor=sum(overdue.values()) + penalty + compound,
        outstanding_principal_minor=sum(item.open(Component.PRINCIPAL) for item in account.items),
        payoff_minor=_payoff(life, as_of, penalty + compound),
        credit_minor=account.credit,
        next_due_on=next_on,
        next_due_minor=next_minor,
        last_paid_on=last_on,
        last_paid_minor=last_minor,
        worst_days_past_due=diary.worst,
        bucket=bucket(days),
    )


def _missed_count(account: Account, late: list[Item]) -> int:
    terms = account.product.lateness
    items = [item for item in account.items if item.ever_missed] if terms.count_ever_missed else late
    return sum(1 for item in items if terms.count_fee_items or not item.is_fee)


def _delinquent_days(life: Life, days: int, oldest: Item | None, as_of: date) -> int:
    if oldest is None:
        return 0
    terms = life.loan.product.lateness
    paused = sum(
        max(0, (min(until or as_of, as_of) - max(start, oldest.due_on)).days)
        for start, until in life.delinquency_pauses
    )
    counted = days - paused
    if terms.grace_is_threshold:
        return max(0, counted) if counted > terms.grace_days else 0
    return max(0, counted - terms.grace_days)


def _next_due(account: Account, as_of: date) -> tuple[date | None, int | None]:
    first = as_of + timedelta(days=1) if account.product.next_due_after_as_of else as_of
    coming = [item for item in account.items if item.due_on >= first and item.open_scheduled()]
    if not coming:
        return None, None
    return coming[0].due_on, sum(item.open_scheduled() for item in coming if item.due_on == coming[0].due_on)


def _last_paid(life: Life) -> tuple[date | None, int | None]:
    paid = [p for p in life.postings if p.kind in (PostingKind.PAYMENT, PostingKind.RECOVERY)]
    if not paid:
        return None, None
    last = paid[-1]
    if life.loan.product.last_paid_sums_day:
        return last.value_on, sum(p.amount for p in paid if p.value_on == last.value_on)
    return last.value_on, last.amount


def _payoff(life: Life, as_of: date, accrued: int) -> int:
    account = life.account
    style = account.product.payoff
    principal = sum(item.open(Component.PRINCIPAL) for item in account.items)
    counted = [item for item in account.items if style is PayoffStyle.ALL_SCHEDULED or item.due_on <= as_of]
    owed = principal + sum(item.open(Component.INTEREST) + item.open(Component.FEE) for item in counted) + accrued
    if style is PayoffStyle.ACCRUED:
        owed += _running_interest(life, as_of)
    return max(0, owed - account.credit)


def _running_interest(life: Life, as_of: date) -> int:
    """Interest since the last due date at the contract rate, at most what the next instalment asks for.

    Only on principal not yet due: late principal bears penalty interest in place of it (cn.rate.penalty).
    """
    schedule = [item for item in life.account.items if not item.is_fee]
    coming = next((item for item in schedule if item.due_on > as_of), None)
    if coming is None:
        return 0
    passed = [item.due_on for item in schedule if item.due_on <= as_of]
    start = max([life.loan.started_on, *passed])
    ratio = Fraction(*daily_ratio(life.loan.annual_rate_e12, life.loan.product.penalty.basis))
    days = max(0, (as_of - start).days)
    principal = sum(item.open(Component.PRINCIPAL) for item in schedule if item.due_on > as_of)
    return min(coming.open(Component.INTEREST), round_fraction(principal * days * ratio))


def _standing(life: Life, diary: Diary, as_of: date) -> Standing:
    account = life.account
    schedule = [item for item in account.items if not item.is_fee]
    last_due = as_of if account.product.lateness.rule is DaysRule.DUE_DAY_COUNTS else as_of - timedelta(days=1)
    consecutive = 0
    for item in reversed([item for item in schedule if item.due_on <= last_due]):
        if not is_late(item, as_of, account.product):
            break
        consecutive += 1
    missed = [item for item in account.items if item.ever_missed]
    start, second = _observation(life, missed, schedule)
    return Standing(
        material_days=(as_of - diary.material_since).days + 1 if diary.material_since else 0,
        missed_consecutive=consecutive,
        missed_ever=len(missed),
        first_payment_default=bool(schedule) and schedule[0].ever_missed,
        last_late_on=diary.last_late_on,
        last_npl_on=diary.last_npl_on,
        last_missed_due_on=max((item.due_on for item in missed), default=None),
        observation_start_on=start,
        observation_second_on=second,
    )


def _observation(life: Life, missed: list[Item], schedule: list[Item]) -> tuple[date | None, date | None]:
    changed = life.loan.restructured_on
    if changed is None:
        return None, None
    start = next((item.due_on for item in schedule if item.due_on > changed), None)
    if start is None:
        return None, None
    start = max([start, *(item.due_on for item in missed if item.due_on >= start)])
    later = sorted({item.due_on for item in schedule if item.due_on > start})
    return start, later[1] if len(later) > 1 else None


def item_positions(life: Life) -> list[ItemPosition]:
    """Every live item of a loan, in item order, by component."""
    return [
        ItemPosition(
            life.loan.loan_id,
            item.n,
            item.version,
            item.is_fee,
            item.due_on,
            {
                component: Amounts(
                    item.charged(component) - item.cancelled[component],
                    item.paid[component],
                    item.paid_in_advance[component],
                    item.paid_late[component],
                    item.waived[component],
                    item.written_off[component],
                    item.open(component),
                )
                for component in Component
            },
        )
        for item in life.account.items
    ]
