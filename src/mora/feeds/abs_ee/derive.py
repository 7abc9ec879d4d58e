"""What happened to a loan, by its monthly reports? Reports to instalments and postings.

The model in the reader's head: each report covers one period and asks for one instalment, due on the loan's due day in
that period. The paid-through date says up to which due date instalments have been paid *by the end of the period*. So
when it moves forward, the instalments it passes were paid in the period; when it goes back, payments were returned.
The trustee's delinquency status is never looked at: it is the answer that ageing has to find.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date

from mora.core.dates import add_months
from mora.loans.terms import PostingKind


@dataclass(frozen=True, slots=True)
class Report:
    """One row of Schedule AL, amounts in minor units."""

    line: int
    begins_on: date
    ends_on: date
    paid_through: date | None
    """None once the loan has left the trust."""
    principal: int
    interest: int
    unscheduled: int
    premium: int
    loss: int
    """Realised loss, cumulative."""
    left_on: date | None
    """Liquidation or prepayment date."""
    opening_balance: int
    closing_balance: int
    """Scheduled balances; kept by the source in 32-bit floats, so known only to a few dollars."""


@dataclass(frozen=True, slots=True)
class Contract:
    """What does not change from report to report."""

    loan_id: str
    principal: int
    first_due_on: date
    matures_on: date


@dataclass(frozen=True, slots=True)
class Row:
    """An instalment."""

    due_on: date
    principal: int
    interest: int

    @property
    def total(self) -> int:
        """What is asked for."""
        return self.principal + self.interest


@dataclass(frozen=True, slots=True)
class Entry:
    """A posting."""

    posting_id: str
    value_on: date
    kind: PostingKind
    amount: int
    reverses: str = ""
    note: str = ""


@dataclass(slots=True)
class Derived:
    """A loan's schedule and postings, postings in the order in which they act."""

    contract: Contract
    asked: dict[date, Row]
    """What reports asked for, by due date, and the opening line."""
    rows: list[Row]
    """The schedule: as asked, and the rest of the principal at maturity."""
    entries: list[Entry] = field(default_factory=list)
    lost_on: date | None = None
    """Day the realised loss was written off."""
    opening_difference: int = 0
    """Principal paid before the first report as derived, less as reported; not zero only by the source's floats."""
    paid: dict[date, list[str]] = field(default_factory=dict)
    """Payments of each due date so far, those that were returned too."""
    live: dict[date, str] = field(default_factory=dict)
    """The payment that stands, by due date."""


def due_on(report: Report, due_day: int) -> date | None:
    """The loan's due date in the report's period, both of its ends included; None when there is none."""
    for month in (report.begins_on, report.ends_on):
        day = month.replace(day=min(due_day, monthrange(month.year, month.month)[1]))
        if report.begins_on <= day <= report.ends_on:
            return day
    return None


def derive(contract: Contract, reports: list[Report]) -> Derived:
    """The instalments and postings of one loan from its reports in order of period."""
    asked = _asked(contract, reports)
    derived = Derived(contract, asked, _schedule(contract, asked))
    derived.opening_difference = _opening_difference(contract, reports)
    for number, report in enumerate(reports):
        if report.paid_through is not None:
            _pay(derived, report, report.paid_through, first=number == 0)
            _return(derived, report, report.paid_through)
        _leave(derived, report, reports[number - 1].loss if number else 0)
    return derived


def _asked(contract: Contract, reports: list[Report]) -> dict[date, Row]:
    """The opening line and one line for each report that asks for something."""
    rows: dict[date, Row] = {}
    for report in reports:
        day = due_on(report, contract.first_due_on.day)
        if day is not None and report.principal + report.interest:
            rows[day] = Row(day, report.principal, report.interest)
    scheduled = sum(row.principal for row in rows.values())
    opening = _opening(contract, reports, scheduled)
    before = _opening_due_on(contract, reports[0])
    if opening:
        rows[before] = Row(before, opening, 0)
    return rows


def _schedule(contract: Contract, asked: dict[date, Row]) -> list[Row]:
    """What was asked for, and at maturity the principal that no report asked for."""
    rows, last = dict(asked), contract.matures_on
    rest = contract.principal - sum(row.principal for row in asked.values())
    if rest:
        there = rows.get(last, Row(last, 0, 0))
        rows[last] = Row(last, there.principal + rest, there.interest)
    return [rows[day] for day in sorted(rows)]


def _opening_due_on(contract: Contract, first: Report) -> date:
    """The last due date before the first report's period."""
    day = due_on(first, contract.first_due_on.day) or first.begins_on
    return add_months(day, -1)


def _opening(contract: Contract, reports: list[Report], scheduled: int) -> int:
    """Principal paid before the first report.

    For a loan that has left, what is not accounted for otherwise: every reported amount then stands as reported. For a
    loan still there, by the first report's opening balance.
    """
    if reports[-1].closing_balance == 0:
        left = sum(report.unscheduled for report in reports) + max(report.loss for report in reports)
        return max(0, contract.principal - scheduled - left)
    return contract.principal - reports[0].opening_balance


def _opening_difference(contract: Contract, reports: list[Report]) -> int:
    scheduled = sum(report.principal for report in reports)
    return _opening(contract, reports, scheduled) - (contract.principal - reports[0].opening_balance)


def _pay(derived: Derived, report: Report, paid_through: date, *, first: bool) -> None:
    """Instalments the paid-through date has passed since the report before.

    The reports say that the money came in the period, not on which day. The period's own instalment is taken as paid
    on its due date; older ones as paid with it, or, when it is not paid, on the period's last day. A balloon is no part
    of it: it is paid by unscheduled principal.
    """
    new = [day for day in sorted(derived.asked) if day <= paid_through and day not in derived.live]
    own = due_on(report, derived.contract.first_due_on.day)
    together = own if own in new else report.ends_on
    for day in new:
        before = derived.paid.setdefault(day, [])
        posting_id = f"pay-{day}" + (f"-{len(before) + 1}" if before else "")
        before.append(posting_id)
        derived.live[day] = posting_id
        # What was paid before the reports begin, or is paid ahead of them, is dated on its own due date.
        on_its_day = day > report.ends_on or (first and day < report.begins_on)
        value_on = day if on_its_day else together
        derived.entries.append(Entry(posting_id, value_on, PostingKind.PAYMENT, derived.asked[day].total))


def _return(derived: Derived, report: Report, paid_through: date) -> None:
    """Payments the paid-through date has gone back behind: returned, so reversed on the period's last day."""
    for day in sorted(derived.live, reverse=True):
        if day > paid_through:
            target = derived.live.pop(day)
            value_on = max(report.ends_on, day)
            note = f"paid through went back to {paid_through}"
            amount = derived.asked[day].total
            derived.entries.append(Entry(f"return-{target}", value_on, PostingKind.REVERSAL, amount, target, note))


def _leave(derived: Derived, report: Report, loss_before: int) -> None:
    """Unscheduled principal, its premium, and the loss realised since the report before."""
    in_period = report.left_on is not None and report.begins_on <= report.left_on <= report.ends_on
    day = report.left_on if report.left_on is not None and in_period else report.ends_on
    if report.premium:
        note = "prepayment premium or yield maintenance"
        fee = Entry(f"premium-{day}", day, PostingKind.FEE, report.premium, note=note)
        derived.entries += [fee, Entry(f"pay-premium-{day}", day, PostingKind.PAYMENT, report.premium)]
    if report.unscheduled:
        derived.entries.append(
            Entry(f"unscheduled-{day}", day, PostingKind.PAYMENT, report.unscheduled, note="unscheduled principal")
        )
    if report.loss > loss_before:
        derived.lost_on = day
        derived.entries.append(
            Entry(f"loss-{day}", day, PostingKind.WRITE_OFF, report.loss - loss_before, note="realised loss")
        )
