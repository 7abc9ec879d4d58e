"""From conduct to postings: every kind the book format knows, each where a lender's ledger would have it.

Hours order what happens to one loan on one day: pauses, reversals, waivers and adjustments
early, then the payment, then what follows from it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mora.feeds.synthetic.behaviour import NEVER
from mora.feeds.synthetic.catalogue import Character
from mora.feeds.synthetic.group import Group
from mora.feeds.synthetic.ledger import DISPUTE, GIVEN_UP, HARDSHIP, IN_ERROR, PART_EARLY, RETURNED, TWICE
from mora.loans.terms import Component, PostingKind

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
USUAL = (Character.PROMPT, Character.EARLY, Character.SELF_CURER)


def post(group: Group) -> None:
    """Add the postings under the first schedule version of a group of loans."""
    asked = group.plan.total
    owed = group.costs.owed.copy()
    _re_amortise(group, asked, owed)
    special = _overpay(group, owed)
    special |= _double(group, asked)
    _fees(group)
    _penalty_given_up(group)
    _pauses(group)
    _bounce(group, asked)
    _first_parts(group)
    _payments(group, owed, special)


def _payments(group: Group, owed: Ints, special: Flags) -> None:
    """The payment of each instalment; an episode's instalments come in one sum with its last.

    Six in a hundred punctual payments are booked days after their value date (back-dated).
    """
    shape, loan, plan, done, draws, ledger = group.shape, group.loan, group.plan, group.done, group.draws, group.ledger
    loans, count = plan.due.shape
    rows = np.arange(loans)
    episodes = done.settled_with >= 0
    sums = np.where(done.in_episode, owed, 0).sum(axis=1)
    if shape.replaces_everything:
        sums[done.character == Character.RESTRUCTURED] = 0
    owed[done.in_episode] = 0
    owed[rows[episodes], done.settled_with[episodes]] = sums[episodes]

    plain = np.isin(done.character, USUAL)[:, None] & (done.paid_on <= plan.due) & (done.bounced_on == NEVER) & ~special
    late = draws.below("booked/late", 1000, loans, count)
    days = np.where(late < 940, 0, np.where(late < 990, 1 + late % 3, 5 + late % 11))
    booked_late = np.where(plain, days, 0)
    r, c = np.nonzero((done.paid_on < ledger.until) & (owed > 0))
    ledger.add(PostingKind.PAYMENT, loan[r], done.paid_on[r, c], owed[r, c], booked_late=booked_late[r, c])


def _first_parts(group: Group) -> None:
    loan, plan, costs, ledger = group.loan, group.plan, group.costs, group.ledger
    r, c = np.nonzero((costs.first_part > 0) & (plan.due < ledger.until))
    ledger.add(PostingKind.PAYMENT, loan[r], plan.due[r, c], costs.first_part[r, c])


def _bounce(group: Group, asked: Ints) -> None:
    loan, done, ledger = group.loan, group.done, group.ledger
    r, c = np.nonzero(done.bounced_on < ledger.until)
    paid = ledger.add(PostingKind.PAYMENT, loan[r], done.bounced_on[r, c], asked[r, c])
    back = done.returned_on[r, c] < ledger.until
    r, c = r[back], c[back]
    ledger.add(
        PostingKind.REVERSAL, loan[r], done.returned_on[r, c], asked[r, c], hour=1, note=RETURNED, reverses=paid[back]
    )  # fmt: skip


def _overpay(group: Group, owed: Ints) -> Flags:
    """Six in a hundred round the very last payment up and get the difference back five days later."""
    loan, plan, done, draws, ledger = group.loan, group.plan, group.done, group.draws, group.ledger
    loans, count = plan.due.shape
    last = count - 1
    extra = np.where(draws.below("overpay", 100, loans) < 6, draws.between("overpay/amount", 1, 5000, loans), 0)
    fine = np.isin(done.character, USUAL) & (done.paid_on[:, last] <= plan.due[:, last])
    extra = np.where(fine & (done.bounced_on[:, last] == NEVER), extra, 0)
    owed[:, last] += extra
    r = np.flatnonzero((extra > 0) & (done.paid_on[:, last] + 5 < ledger.until))
    ledger.add(PostingKind.REFUND, loan[r], done.paid_on[r, last] + 5, extra[r], hour=8)
    marked = np.zeros((loans, count), dtype=np.bool_)
    marked[:, last] = extra > 0
    return marked


def _double(group: Group, asked: Ints) -> Flags:
    """Where credit is held, three in a thousand pay twice, a day apart, and get one back three days after that."""
    shape, loan, plan, done, draws, ledger = group.shape, group.loan, group.plan, group.done, group.draws, group.ledger
    loans, count = plan.due.shape
    if not shape.holds_credit:
        return np.zeros((loans, count), dtype=np.bool_)
    hit: Flags = (draws.below("double", 1000, loans, count) < 3) & (done.character == Character.PROMPT)[:, None]
    hit &= (done.paid_on <= plan.due) & (done.bounced_on == NEVER)
    hit[:, -1] = False
    r, c = np.nonzero(hit & (done.paid_on < ledger.until))
    ledger.add(PostingKind.PAYMENT, loan[r], done.paid_on[r, c] + 1, asked[r, c], note=TWICE)
    ledger.add(PostingKind.REFUND, loan[r], done.paid_on[r, c] + 4, asked[r, c], hour=8, note=TWICE)
    return hit


def _re_amortise(group: Group, asked: Ints, owed: Ints) -> None:
    """Three in a hundred good payers, never late later, bring a quarter of what is left ten days after a due date.

    From then on they pay less, and round the smaller instalments up by three minor units, more than its rounding
    can come to.
    """
    shape, loan, plan, done, draws, ledger = group.shape, group.loan, group.plan, group.done, group.draws, group.ledger
    loans, count = plan.due.shape
    if not shape.re_amortises:
        return
    rows, column = np.arange(loans), np.arange(count)[None, :]
    good = np.isin(done.character, (Character.PROMPT, Character.EARLY)) & (done.start < count - 3)
    good &= draws.below("re_amortise", 100, loans) < 3
    after = column > done.start[:, None]
    # Only those never late afterwards: what a late one owes would depend on the engine's rounding of the smaller plan.
    good &= ~(after & (done.paid_on > plan.due)).any(axis=1)
    quarter = np.where(after, plan.principal, 0).sum(axis=1) // 4
    on = plan.due[rows, done.start] + 10
    r = np.flatnonzero(good & (on < ledger.until))
    ledger.add(PostingKind.RE_AMORTISE, loan[r], on[r], quarter[r], note=PART_EARLY)
    smaller = good[:, None] & after
    for amounts in (asked, owed):
        amounts[smaller] += 3 - amounts[smaller] // 4


def _fees(group: Group) -> None:
    shape, loan, plan, done, costs, ledger = group.shape, group.loan, group.plan, group.done, group.costs, group.ledger
    day = plan.due + shape.late_fee_after
    r, c = np.nonzero(costs.fee_charged & (day < ledger.until))
    number = c + 1 if shape.fee_names_instalment else np.full(len(c), -1)
    charged = ledger.add(PostingKind.FEE, loan[r], day[r, c], shape.late_fee, hour=5, instalment_n=number)
    wrong = costs.fee_reversed[r, c]
    ledger.add(
        PostingKind.REVERSAL, loan[r[wrong]], day[r, c][wrong] + 1, shape.late_fee,
        hour=1, note=IN_ERROR, reverses=charged[wrong],
    )  # fmt: skip
    r, c = np.nonzero(costs.fee_waived & (done.paid_on < ledger.until))
    number = c + 1 if shape.fee_names_instalment else np.full(len(c), -1)
    ledger.add(
        PostingKind.WAIVER, loan[r], done.paid_on[r, c], shape.late_fee,
        hour=3, component=Component.FEE, instalment_n=number, note=GIVEN_UP,
    )  # fmt: skip


def _penalty_given_up(group: Group) -> None:
    loan, done, costs, ledger = group.loan, group.done, group.costs, group.ledger
    for component, amount in ((Component.PENALTY, costs.penalty), (Component.COMPOUND, costs.compound)):
        r, c = np.nonzero(costs.penalty_waived & (amount > 0) & (done.paid_on < ledger.until))
        ledger.add(
            PostingKind.WAIVER, loan[r], done.paid_on[r, c], amount[r, c],
            hour=3, component=component, instalment_n=c + 1, note=GIVEN_UP,
        )  # fmt: skip
    r, c = np.nonzero(costs.penalty_taken_off & (done.paid_on < ledger.until))
    ledger.add(
        PostingKind.PENALTY_ADJUSTMENT, loan[r], done.paid_on[r, c], -costs.penalty[r, c],
        hour=4, instalment_n=c + 1, note=GIVEN_UP,
    )  # fmt: skip


def _pauses(group: Group) -> None:
    loan, done, ledger = group.loan, group.done, group.ledger
    note = np.where(done.character == Character.DISPUTED, DISPUTE, HARDSHIP)
    for day, kinds in (
        (done.pause.begin, (PostingKind.INTEREST_PAUSE, PostingKind.DELINQUENCY_PAUSE)),
        (done.pause.end, (PostingKind.INTEREST_RESUME, PostingKind.DELINQUENCY_RESUME)),
    ):
        r = np.flatnonzero((done.pause.end > done.pause.begin) & (day < ledger.until))
        for kind in kinds:
            ledger.add(kind, loan[r], day[r], 0, hour=1, note=note[r])
