"""One loan's account: items, what is open on each, and how money moves between them.

The model in the reader's head: an *item* is a line that falls due (an instalment, or a fee).
Each item has five components. Money pays components of items; penalty and compound interest
grow on late items day by day and are rounded only when looked at. The order of items is
fixed: due date, instalments before fees, then number, version and order of posting.

Plain and exact rather than quick: this is the specification the compiled kernel is held to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from mora.core.money import Rounding, round_fraction, split
from mora.core.rates import daily_ratio, times
from mora.loans.terms import (
    Component,
    DaysRule,
    DueState,
    EarlyMoney,
    Instalment,
    Loan,
    PenaltyBase,
    PenaltyUnit,
    Product,
    Step,
)

SCHEDULED = (Component.PRINCIPAL, Component.INTEREST, Component.FEE)
ACCRUED = (Component.PENALTY, Component.COMPOUND)


@dataclass(slots=True)
class Spell:
    """Consecutive days charged on one unchanged base, for people who ask why."""

    item: str
    component: Component
    base: int
    """Minor units open the evening before each of its days."""
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it holds, both ends counted."""
        return (self.last - self.first).days + 1


@dataclass(slots=True)
class Accrual:
    """What has grown on one item by one kind of interest; rounded under the product's unit."""

    ratio: Fraction
    """One day's interest on one minor unit."""
    unit: PenaltyUnit
    rounding: Rounding
    unit_days: int = 0
    """Sum of base x days not yet turned into money (the cumulative exact amount is this times ``ratio``)."""
    settled_spells: int = 0
    """Minor units of spells or days already rounded for good."""
    spell_base: int = 0
    spell_last: date | None = None

    def add(self, day: date, base: int) -> None:
        """Charge one day on ``base`` minor units."""
        if self.unit is PenaltyUnit.DAY:
            self.settled_spells += round_fraction(base * self.ratio, self.rounding)
            return
        if self.unit is PenaltyUnit.SPELL:
            if self.spell_base != base or self.spell_last != day - timedelta(days=1):
                self.settled_spells += round_fraction(self.unit_days * self.ratio, self.rounding)
                self.unit_days = 0
            self.spell_base, self.spell_last = base, day
        self.unit_days += base

    def minor(self) -> int:
        """The amount as money, rounded once under its name."""
        return self.settled_spells + round_fraction(self.unit_days * self.ratio, self.rounding)

    def copy(self) -> Accrual:
        """A snapshot, so that a day that would pass a cap can be undone."""
        return Accrual(
            self.ratio, self.unit, self.rounding, self.unit_days, self.settled_spells, self.spell_base, self.spell_last
        )


def _nothing() -> dict[Component, int]:
    return dict.fromkeys(Component, 0)


@dataclass(slots=True)
class Item:
    """A line that falls due, and everything that happened to it."""

    due_on: date
    is_fee: bool
    n: int
    version: int
    arrival: int
    """Order of posting among fee items."""
    penalty: Accrual
    compound: Accrual
    due: dict[Component, int] = field(default_factory=_nothing)
    """Scheduled amounts; for penalty, what was added or topped up by hand."""
    paid: dict[Component, int] = field(default_factory=_nothing)
    paid_in_advance: dict[Component, int] = field(default_factory=_nothing)
    paid_late: dict[Component, int] = field(default_factory=_nothing)
    waived: dict[Component, int] = field(default_factory=_nothing)
    written_off: dict[Component, int] = field(default_factory=_nothing)
    cancelled: dict[Component, int] = field(default_factory=_nothing)
    """Taken away by a new schedule version or a re-amortisation."""
    grace_days_held: int = 0
    """Penalty unit-days waiting for the evening a retroactive grace ends."""
    grace_compound_held: int = 0
    never_charged: bool = False
    ever_missed: bool = False

    @property
    def order(self) -> tuple[date, bool, int, int, int]:
        """Sort key of items."""
        return (self.due_on, self.is_fee, self.n, self.version, self.arrival)

    def charged(self, component: Component) -> int:
        """Everything ever asked for in one component, in minor units."""
        if component is Component.PENALTY:
            return self.due[component] + self.penalty.minor()
        if component is Component.COMPOUND:
            return self.compound.minor()
        return self.due[component]

    def open(self, component: Component) -> int:
        """What is still to be paid in one component, in minor units; never negative."""
        gone = self.paid[component] + self.waived[component] + self.written_off[component] + self.cancelled[component]
        return max(0, self.charged(component) - gone)

    def open_scheduled(self) -> int:
        """Principal, interest and fee still open: what makes an item late."""
        return sum(self.open(component) for component in SCHEDULED)


class Account:
    """The items of one loan and the money held for it, on some day."""

    def __init__(self, loan: Loan) -> None:
        self.loan = loan
        self.product: Product = loan.product
        self.items: list[Item] = []
        self.left: list[Item] = []
        """Instalments a later version replaced."""
        self.credit = 0
        self.received = 0
        self.refunded = 0
        self.income = 0
        """Recoveries that were the lender's income and did not touch the claim."""
        self.capped = False
        self.accrual_stopped = False
        self.interest_paused = False
        self.spells: list[Spell] | None = None
        """Filled while a journal is kept; None otherwise."""
        self._arrivals = 0
        self._topped_up = 0
        self._carrier: dict[Component, Item] = {}
        terms = self.product.penalty
        self.penalty_rate_e12 = penalty_rate(loan)
        self._ratio = Fraction(*daily_ratio(self.penalty_rate_e12, terms.basis))

    # -- items -----------------------------------------------------------------------------

    def add_instalment(self, row: Instalment) -> Item:
        """A schedule row becomes an item."""
        due = _nothing() | {
            Component.PRINCIPAL: row.principal,
            Component.INTEREST: row.interest,
            Component.FEE: row.fee,
        }
        return self._add(Item(row.due_on, False, row.n, row.version, 0, *self._accruals(), due=due))

    def add_fee(self, due_on: date, amount: int) -> Item:
        """A fee posting becomes its own item, late from its own date."""
        self._arrivals += 1
        due = _nothing() | {Component.FEE: amount}
        return self._add(Item(due_on, True, 0, 0, self._arrivals, *self._accruals(), due=due))

    def _accruals(self) -> tuple[Accrual, Accrual]:
        terms = self.product.penalty
        return (
            Accrual(self._ratio, terms.unit, terms.rounding),
            Accrual(self._ratio, terms.unit, terms.rounding),
        )

    def _add(self, item: Item) -> Item:
        self.items.append(item)
        self.items.sort(key=lambda each: each.order)
        return item

    def instalment(self, n: int) -> Item | None:
        """The live instalment with this number, the latest version first."""
        found = [item for item in self.items if not item.is_fee and item.n == n]
        return max(found, key=lambda item: item.version) if found else None

    def take_away(self, item: Item) -> int:
        """Remove an instalment a new version replaces; gives back the money that lay on it."""
        self.items.remove(item)
        self.left.append(item)
        return sum(item.paid.values())

    # -- growth ----------------------------------------------------------------------------

    def accrued_minor(self) -> int:
        """Penalty and compound interest accrued over the loan's life, in minor units, adjustments left out."""
        return sum(item.penalty.minor() + item.compound.minor() for item in self.items) + self._topped_up

    def cap_minor(self) -> int | None:
        """The ceiling of :meth:`accrued_minor`, when the product has one."""
        percent = self.product.penalty.cap_percent
        return None if percent is None else round_fraction(Fraction(self.loan.principal * percent, 100))

    def accrue(self, day: date) -> None:
        """Charge ``day`` on what the evening before left open (step (a) of the day)."""
        if self.accrual_stopped or self.interest_paused or self.capped:
            return
        cap = self.cap_minor()
        late = [item for item in self.items if item.due_on < day]
        before = self.accrued_minor() if cap is not None else 0
        kept = [(item, item.penalty.copy(), item.compound.copy()) for item in late] if cap is not None else []
        for item in late:
            self._accrue_item(item, day)
        if cap is not None and self.accrued_minor() > cap:
            for item, penalty, compound in kept:
                item.penalty, item.compound = penalty, compound
            self._top_up(late, cap - before)

    def _accrue_item(self, item: Item, day: date) -> None:
        terms = self.product.penalty
        principal, interest = item.open(Component.PRINCIPAL), item.open(Component.INTEREST)
        base = principal + (interest if terms.base is PenaltyBase.PRINCIPAL_AND_INTEREST else 0)
        compound_base = interest if terms.compound else 0
        if (day - item.due_on).days <= terms.grace_days:
            item.grace_days_held += base
            item.grace_compound_held += compound_base
            return
        if item.never_charged:
            return
        for component, amount in ((Component.PENALTY, base), (Component.COMPOUND, compound_base)):
            if amount:
                self._growing(item, component).add(day, amount)
                if self.spells is not None:
                    self._note_charge(item, component, day, amount)

    def _note_charge(self, item: Item, component: Component, day: date, base: int) -> None:
        assert self.spells is not None
        name = item_name(item)
        for spell in reversed(self.spells):
            if spell.item == name and spell.component is component:
                if spell.base == base and spell.last == day - timedelta(days=1):
                    spell.last = day
                    return
                break
        self.spells.append(Spell(name, component, base, day, day))

    def _growing(self, item: Item, component: Component) -> Accrual:
        """Where growth is kept: on the item, or on the first item that accrued when the unit is the loan."""
        if self.product.penalty.unit is PenaltyUnit.LOAN:
            item = self._carrier.setdefault(component, item)
        return item.penalty if component is Component.PENALTY else item.compound

    def end_grace(self, item: Item) -> None:
        """The evening a retroactive grace ends: charge the held days if something is open, else never."""
        if item.open_scheduled() == 0:
            item.never_charged = True
            return
        if self.accrual_stopped or self.capped:
            return
        cap, before = self.cap_minor(), self.accrued_minor()
        growth = [
            self._growing(item, component)
            for component, held in (
                (Component.PENALTY, item.grace_days_held),
                (Component.COMPOUND, item.grace_compound_held),
            )
            if held
        ]
        kept = [each.copy() for each in growth]
        held = [each for each in (item.grace_days_held, item.grace_compound_held) if each]
        for each, amount in zip(growth, held, strict=True):
            each.settled_spells += _rounded_alone(each, amount)
            each.unit_days += 0 if _by_piece(each) else amount
        if cap is not None and self.accrued_minor() > cap:
            for each, old in zip(growth, kept, strict=True):
                each.unit_days, each.settled_spells = old.unit_days, old.settled_spells
            self._top_up([item], cap - before)

    def _top_up(self, late: list[Item], amount: int) -> None:
        """The last charge before a cap: exactly up to it, on the oldest late item with something open."""
        self.capped = True
        for item in late:
            if item.open_scheduled():
                item.due[Component.PENALTY] += amount
                self._topped_up += amount
                return

    # -- money -----------------------------------------------------------------------------

    def pour(self, money: int, day: date, steps: tuple[Step, ...], *, early: bool = True) -> int:
        """Pour money through a waterfall on ``day``; returns what found nothing to pay."""
        for step in steps:
            if step.state is not DueState.IN_ADVANCE:
                money = self._pour_items(money, day, self._in_state(step.state, day), step.components)
            elif early and self.product.early is EarlyMoney.RE_AMORTISE:
                money = self.re_amortise(money, day)
            elif early and self.product.early is not EarlyMoney.HOLD:
                future = self._in_state(DueState.IN_ADVANCE, day)
                if self.product.early is EarlyMoney.LAST:
                    future.reverse()
                money = self._pour_items(money, day, future, step.components)
        return money

    def _in_state(self, state: DueState, day: date) -> list[Item]:
        if state is DueState.PAST_DUE:
            return [item for item in self.items if item.due_on < day]
        if state is DueState.DUE:
            return [item for item in self.items if item.due_on == day]
        return [item for item in self.items if item.due_on > day]

    def _pour_items(self, money: int, day: date, items: list[Item], components: tuple[Component, ...]) -> int:
        for item in items:
            for component in components:
                if money == 0:
                    return 0
                money -= self._pay(item, component, min(money, item.open(component)), day)
        return money

    @staticmethod
    def _pay(item: Item, component: Component, amount: int, day: date) -> int:
        item.paid[component] += amount
        if item.due_on > day:
            item.paid_in_advance[component] += amount
        elif item.due_on < day:
            item.paid_late[component] += amount
        return amount

    def re_amortise(self, money: int, day: date) -> int:
        """Early money to all future principal in proportion; future interest shrinks by the same proportion.

        The interest of instalments without principal shrinks too: it is asked for on principal that comes later.
        For an annuity or an equal-principal plan at an unchanged rate this is the plan computed anew.
        """
        future = self._in_state(DueState.IN_ADVANCE, day)
        opens = [item.open(Component.PRINCIPAL) for item in future]
        total = sum(opens)
        used = min(money, total)
        if used == 0:
            return money
        for item, share in zip(future, split(used, opens), strict=True):
            self._pay(item, Component.PRINCIPAL, share, day)
            interest = item.open(Component.INTEREST)
            item.cancelled[Component.INTEREST] += interest - round_fraction(Fraction(interest * (total - used), total))
        return money - used

    def apply_credit(self, day: date, steps: tuple[Step, ...]) -> None:
        """Held credit pays what is past due and due today, never early items."""
        self.credit = self.pour(self.credit, day, steps, early=False)

    # -- balance ---------------------------------------------------------------------------

    def paid_minor(self) -> int:
        """All money lying on items."""
        return sum(sum(item.paid.values()) for item in self.items)

    def balanced(self) -> bool:
        """Received = paid + credit + refunded (+ income): no unit of money appears or vanishes."""
        return self.received == self.paid_minor() + self.credit + self.refunded + self.income


def item_name(item: Item) -> str:
    """What people call an item: ``3 (2026-04-10)`` or ``fee (2026-05-02)``."""
    return f"fee ({item.due_on})" if item.is_fee else f"{item.n} ({item.due_on})"


def _by_piece(accrual: Accrual) -> bool:
    return accrual.unit in (PenaltyUnit.SPELL, PenaltyUnit.DAY)


def _rounded_alone(accrual: Accrual, unit_days: int) -> int:
    """Held grace days of a per-spell or per-day product are one piece, rounded by itself."""
    return round_fraction(unit_days * accrual.ratio, accrual.rounding) if _by_piece(accrual) else 0


def penalty_rate(loan: Loan) -> int:
    """The yearly penalty rate in 10^-12 parts: the loan's own, or its contract rate times the uplift, capped."""
    terms = loan.product.penalty
    rate = loan.penalty_rate_e12
    if rate is None:
        rate = times(loan.annual_rate_e12, terms.uplift)
    return rate if terms.rate_cap_e12 is None else min(rate, terms.rate_cap_e12)


def is_late(item: Item, day: date, product: Product) -> bool:
    """Whether an item is past due at the evening of ``day`` under the product's rule."""
    terms = product.lateness
    last_due = day if terms.rule is DaysRule.DUE_DAY_COUNTS else day - timedelta(days=1)
    if item.due_on > last_due:
        return False
    if item.open_scheduled() > terms.tolerance_minor:
        return True
    return terms.residue_counts and any(item.open(component) for component in ACCRUED)
