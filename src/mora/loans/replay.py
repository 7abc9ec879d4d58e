"""The truth for one loan: replay its life day by day.

For each day d: (a) accrue penalty and compound interest of d on what d-1 left open;
(b) schedule versions effective on d take effect; (c) instalments due on d fall due and held
credit is applied; (d) postings with value date d, in booked order, credit applied again
after each; (e) observe. So what is dated d bears on accrual from d+1, and a payment on the
due date is on time.

A view is (as_of, known_at): a posting is seen when ``value_on <= as_of`` and, if known_at
is given, ``booked_at <= known_at``. A reversed posting never happened, seen from the
reversal's own value date.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from mora.core.dates import whole_months
from mora.loans.account import Account, Item, is_late, item_name
from mora.loans.terms import (
    Component,
    DaysRule,
    FeeStyle,
    GraceStyle,
    Instalment,
    Loan,
    PauseBoundary,
    Posting,
    PostingKind,
    Product,
    RescheduleStyle,
    ReversalStyle,
    Step,
    SwitchMeasured,
    WriteOffStyle,
)

Watcher = Callable[[date, "Life"], None]
"""Called each evening, step (e)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened in a loan's life, for people who ask why."""

    day: date
    what: str
    """A cause (posting | version | credit) or a movement it made (paid | waived | written_off | held)."""
    posting_id: str = ""
    item: str = ""
    component: Component | None = None
    amount: int = 0
    detail: str = ""


@dataclass(slots=True)
class Life:
    """A loan's account on some day, with what the replay knows around it."""

    loan: Loan
    account: Account
    postings: list[Posting]
    """The postings this view sees, in the order they act."""
    written_off_on: date | None = None
    delinquency_pauses: list[tuple[date, date | None]] = field(default_factory=list)
    """Half-open [from, until); None while it lasts."""
    excess: list[tuple[Posting, int]] = field(default_factory=list)
    """Postings of which part (minor units) had no effect."""
    journal: list[Entry] = field(default_factory=list)


def effective_order(posting: Posting, arrival: int) -> tuple[date, datetime, str, int]:
    """Sort key of postings: value date, then when booked, then id (arrival when no booking time is known)."""
    booked = posting.booked_at or datetime.combine(posting.value_on, time(), UTC)
    return (posting.value_on, booked, posting.posting_id if posting.booked_at else "", arrival)


def visible(loan: Loan, as_of: date, known_at: datetime | None = None) -> list[Posting]:
    """The postings a view sees, in acting order, reversed pairs left out."""

    def known(posting: Posting) -> bool:
        booked = posting.booked_at or datetime.combine(posting.value_on, time(), UTC)
        return known_at is None or booked <= known_at

    ordered = [p for _, p in sorted(enumerate(loan.postings), key=lambda pair: effective_order(pair[1], pair[0]))]
    every_view = loan.product.reversal is ReversalStyle.EVERY_VIEW
    undone = {
        p.reverses
        for p in ordered
        if p.kind is PostingKind.REVERSAL and known(p) and (every_view or p.value_on <= as_of)
    }
    return [
        p
        for p in ordered
        if p.value_on <= as_of and known(p) and p.kind is not PostingKind.REVERSAL and p.posting_id not in undone
    ]


def replay(
    loan: Loan, as_of: date, *, known_at: datetime | None = None, watch: Watcher | None = None, journal: bool = False
) -> Life:
    """Live the loan through the evening of ``as_of`` and return it as it then stands.

    :param known_at: aware instant; only what was booked by then is seen.
    :param watch: called each evening with the day and the life so far.
    :param journal: also record every movement in ``Life.journal`` (slow; for explanations).
    """
    life = Life(loan, Account(loan), visible(loan, as_of, known_at))
    if journal:
        life.account.spells = []
    versions = _versions(loan)
    for row in versions.pop(None, ()):
        life.account.add_instalment(row)
    by_day: dict[date, list[Posting]] = defaultdict(list)
    for posting in life.postings:
        by_day[posting.value_on].append(posting)
    starts = [*by_day, *(day for day in versions if day), *(item.due_on for item in life.account.items), as_of]
    day = min(starts)
    while day <= as_of:
        _live_day(life, day, by_day.get(day, []), versions.get(day, ()), journal)
        if watch is not None:
            watch(day, life)
        day += timedelta(days=1)
    return life


def _versions(loan: Loan) -> dict[date | None, tuple[Instalment, ...]]:
    """Schedule rows by the date their version takes effect; None holds the first version, in force from the start."""
    grouped: dict[date | None, list[Instalment]] = defaultdict(list)
    first = min((row.version for row in loan.schedule), default=0)
    for row in loan.schedule:
        if row.version == first:
            grouped[None].append(row)
        elif row.effective_on is not None:
            grouped[row.effective_on].append(row)
    return {day: tuple(rows) for day, rows in grouped.items()}


def _live_day(life: Life, day: date, postings: list[Posting], rows: tuple[Instalment, ...], journal: bool) -> None:
    account, product = life.account, life.loan.product
    from_pause = product.penalty.pause_boundary is PauseBoundary.FROM_PAUSE
    if from_pause:
        _pause_interest(account, postings)
    if life.loan.written_off_on is not None and product.write_off is WriteOffStyle.CLAIM_KEPT:
        account.accrual_stopped |= day > life.loan.written_off_on
    account.accrue(day)
    if not from_pause:
        _pause_interest(account, postings)
    start_of_day = 0
    if product.switch is not None and product.switch.measured is SwitchMeasured.START_OF_DAY:
        start_of_day = _days_late(account, day, product)
    for version in sorted({row.version for row in rows}):
        replacing = tuple(row for row in rows if row.version == version)
        with _noted(life, Entry(day, "version", detail=f"{version}: {len(replacing)}"), journal):
            _take_effect(life, day, replacing, start_of_day)
    if account.credit and any(item.due_on == day and item.open_scheduled() for item in account.items):
        with _noted(life, Entry(day, "credit", amount=account.credit), journal):
            account.apply_credit(day, _steps(account, day, start_of_day))
    for posting in postings:
        name = posting.kind.name.lower()
        with _noted(life, Entry(day, "posting", posting.posting_id, amount=posting.amount, detail=name), journal):
            _act(life, posting, day, start_of_day)
            if account.credit:
                account.apply_credit(day, _steps(account, day, start_of_day))
    terms = product.penalty
    if terms.grace_style is GraceStyle.RETROACTIVE and terms.grace_days:
        for item in account.items:
            if item.due_on + timedelta(days=terms.grace_days) == day:
                account.end_grace(item)


def _pause_interest(account: Account, postings: list[Posting]) -> None:
    for posting in postings:
        if posting.kind is PostingKind.INTEREST_PAUSE:
            account.interest_paused = True
        elif posting.kind is PostingKind.INTEREST_RESUME:
            account.interest_paused = False


def oldest_late(account: Account, day: date) -> Item | None:
    """The first item, in item order, that is past due at the evening of ``day``."""
    return next((item for item in account.items if is_late(item, day, account.product)), None)


def count_days(due_on: date, as_of: date, rule: DaysRule) -> int:
    """Days past due of an item late since ``due_on``, by a named rule (docs/algorithms/days-past-due.md)."""
    if rule is DaysRule.OLDEST_UNPAID:
        return (as_of - due_on).days
    if rule is DaysRule.DUE_DAY_COUNTS:
        return (as_of - due_on).days + 1
    end = as_of + timedelta(days=1) if rule is DaysRule.MBA else as_of
    return 30 * whole_months(due_on, end)


def _days_late(account: Account, day: date, product: Product) -> int:
    oldest = oldest_late(account, day)
    return 0 if oldest is None else count_days(oldest.due_on, day, product.lateness.rule)


def _steps(account: Account, day: date, start_of_day: int) -> tuple[Step, ...]:
    """The waterfall in force for one pour: the product's, or its switch-over."""
    switch = account.product.switch
    if switch is None or not switch.start <= day < switch.end:
        return account.product.steps
    late = start_of_day
    if switch.measured is SwitchMeasured.BEFORE_POSTING:
        late = _days_late(account, day, account.product)
    return switch.steps if late > switch.beyond_days else account.product.steps


def _take_effect(life: Life, day: date, rows: tuple[Instalment, ...], start_of_day: int) -> None:
    """Step (b): a schedule version takes the place of the ones before it."""
    account = life.account
    money = 0
    for item in list(account.items):
        if item.is_fee and item.due_on >= day:
            continue
        if item.due_on >= day:
            money += account.take_away(item)
        elif life.loan.product.reschedule is RescheduleStyle.EVERYTHING:
            for component in (Component.PRINCIPAL, Component.INTEREST, Component.FEE):
                item.cancelled[component] += item.open(component)
    for row in rows:
        account.add_instalment(row)
    if money:
        account.credit += account.pour(money, day, _steps(account, day, start_of_day))


def _act(life: Life, posting: Posting, day: date, start_of_day: int) -> None:
    """Step (d): what one posting does to the account."""
    account, product = life.account, life.loan.product
    kind, amount = posting.kind, posting.amount
    if kind is PostingKind.RECOVERY and product.write_off is WriteOffStyle.REDUCES and product.recovery_is_income:
        account.received += amount
        account.income += amount
    elif kind in (PostingKind.PAYMENT, PostingKind.RECOVERY):
        account.received += amount
        account.credit += account.pour(amount, day, _steps(account, day, start_of_day))
    elif kind is PostingKind.REFUND:
        used = min(amount, account.credit)
        account.credit -= used
        account.refunded += used
        _excess(life, posting, amount - used)
    elif kind is PostingKind.FEE:
        _charge_fee(account, posting, day)
    elif kind is PostingKind.WAIVER:
        _waive(life, posting, day, posting.component, amount)
    elif kind is PostingKind.PENALTY_ADJUSTMENT:
        _adjust_penalty(life, posting, day)
    elif kind is PostingKind.WRITE_OFF:
        _write_off(life, posting, day)
    elif kind is PostingKind.RE_AMORTISE:
        money = amount or account.credit
        if amount:
            account.received += amount
        else:
            account.credit = 0
        account.credit += account.re_amortise(money, day)
    elif kind is PostingKind.DELINQUENCY_PAUSE:
        if not life.delinquency_pauses or life.delinquency_pauses[-1][1] is not None:
            life.delinquency_pauses.append((day, None))
    elif kind is PostingKind.DELINQUENCY_RESUME and life.delinquency_pauses:
        start, until = life.delinquency_pauses[-1]
        if until is None:
            life.delinquency_pauses[-1] = (start, day)


def _excess(life: Life, posting: Posting, amount: int) -> None:
    if amount:
        life.excess.append((posting, amount))


def _charge_fee(account: Account, posting: Posting, day: date) -> None:
    target = None
    if account.product.fee is FeeStyle.ON_INSTALMENT and posting.instalment_n is not None:
        target = account.instalment(posting.instalment_n)
    if target is None:
        account.add_fee(day, posting.amount)
    else:
        target.due[Component.FEE] += posting.amount


def _waive(life: Life, posting: Posting, day: date, component: Component | None, amount: int) -> None:
    """Give up part of one component: of the instalment named, or oldest first among items due."""
    if component is None:
        _excess(life, posting, amount)
        return
    if posting.instalment_n is not None:
        named = life.account.instalment(posting.instalment_n)
        items = [named] if named else []
    else:
        items = [item for item in life.account.items if item.due_on <= day]
    available = sum(item.open(component) for item in items)
    if amount > available and life.loan.product.waiver_excess_refused:
        _excess(life, posting, amount)
        return
    for item in items:
        used = min(amount, item.open(component))
        item.waived[component] += used
        amount -= used
    _excess(life, posting, amount)


def _adjust_penalty(life: Life, posting: Posting, day: date) -> None:
    """Penalty by hand: a negative amount acts as a waiver of penalty; a positive one is asked for on one item.

    That item is the instalment named, else the oldest late item with something open, else the first item.
    """
    if posting.amount <= 0:
        _waive(life, posting, day, Component.PENALTY, -posting.amount)
        return
    items = life.account.items
    target = None
    if posting.instalment_n is not None:
        target = life.account.instalment(posting.instalment_n)
    else:
        late = [item for item in items if item.due_on < day]
        target = next((item for item in late if any(item.open(c) for c in Component)), items[0] if items else None)
    if target is None:
        _excess(life, posting, posting.amount)
    else:
        target.due[Component.PENALTY] += posting.amount


def _write_off(life: Life, posting: Posting, day: date) -> None:
    account, product = life.account, life.loan.product
    life.written_off_on = life.written_off_on or day
    if product.write_off is WriteOffStyle.CLAIM_KEPT:
        account.accrual_stopped = True
        return
    left = posting.amount or sum(item.open(c) for item in account.items for c in Component)
    for component in product.write_off_order:
        for item in account.items:
            used = min(left, item.open(component))
            item.written_off[component] += used
            left -= used
    _excess(life, posting, left if posting.amount else 0)


_Amounts = dict[tuple[int, Component], tuple[int, int, int]]


def _amounts(account: Account) -> _Amounts:
    return {
        (id(item), c): (item.paid[c], item.waived[c], item.written_off[c]) for item in account.items for c in Component
    }


@contextmanager
def _noted(life: Life, cause: Entry, journal: bool) -> Iterator[None]:
    """Write down a cause and then every movement it made: item by item, and what is held as credit."""
    if not journal:
        yield
        return
    account = life.account
    before, credit = _amounts(account), account.credit
    yield
    life.journal.append(cause)
    for item in account.items:
        for component in Component:
            old = before.get((id(item), component), (0, 0, 0))
            new = (item.paid[component], item.waived[component], item.written_off[component])
            for name, was, now in zip(("paid", "waived", "written_off"), old, new, strict=True):
                if now != was:
                    life.journal.append(Entry(cause.day, name, cause.posting_id, item_name(item), component, now - was))
    if account.credit != credit:
        life.journal.append(Entry(cause.day, "held", cause.posting_id, amount=account.credit - credit))
