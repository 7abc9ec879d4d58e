"""Where a loan goes when it does not simply get paid: a new schedule, or write-off and what comes after it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mora.feeds.synthetic.behaviour import NEVER
from mora.feeds.synthetic.catalogue import Character
from mora.feeds.synthetic.group import Group
from mora.feeds.synthetic.ledger import AFTER, GIVEN_UP, NEW_SCHEDULE, OFF
from mora.feeds.synthetic.plans import Schedule, equal_parts, month_of_interest, months_on
from mora.loans.terms import Component, PostingKind

Ints = NDArray[np.int64]
MOST_INSTALMENTS = 120


@dataclass(slots=True)
class SecondVersion:
    """The new schedules of the restructured loans of a group."""

    row: Ints
    """The loan's row in the group."""
    effective_on: Ints
    first_n: Ints
    count: Ints
    """Instalments of each; columns beyond hold nothing."""
    schedule: Schedule
    paid_on: Ints


def restructure(group: Group) -> SecondVersion:
    """Version 2: what is left, in equal parts over twice the months (at least twelve for interest-only loans).

    *From effective*: the missed instalments are paid that day and stay in version 1; version 2
    holds the principal of the rest. *Everything*: version 2 holds all open principal, and the
    penalty that had run up is waived. One in four stops paying again.
    """
    shape, loan, plan, done = group.shape, group.loan, group.plan, group.done
    draws, ledger = group.draws, group.ledger
    row = np.flatnonzero(done.character == Character.RESTRUCTURED)
    loans, months = plan.due.shape
    next_column = done.start[row] + done.length[row]
    from_column = done.start[row] if shape.replaces_everything else next_column
    left = np.where(np.arange(months)[None, :] >= from_column[:, None], plan.principal[row], 0).sum(axis=1)
    count = np.minimum(np.maximum(2 * (months - next_column), 12), MOST_INSTALMENTS)
    width = int(count.max()) if len(row) else 1
    first_due = plan.due[row, next_column]
    month = first_due.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    due = months_on(month, group.day_of_month[row], width)
    principal = equal_parts(left, count, width)
    before = left[:, None] - np.cumsum(principal, axis=1) + principal
    interest = month_of_interest(before, group.rate_ppm[row][:, None])
    schedule = Schedule(due, principal, interest, np.zeros_like(interest))

    effective_on = done.restructured_on[row]
    ledger.add(PostingKind.RESCHEDULE, loan[row], effective_on, 0, hour=9, note=NEW_SCHEDULE)
    if shape.replaces_everything:
        for component, amount in ((Component.PENALTY, group.costs.penalty), (Component.COMPOUND, group.costs.compound)):
            run_up = np.where(done.in_episode, amount, 0).sum(axis=1)[row]
            some = run_up > 0
            ledger.add(
                PostingKind.WAIVER, loan[row[some]], effective_on[some], run_up[some],
                hour=10, component=component, note=GIVEN_UP,
            )  # fmt: skip

    again = draws.below("second/again", 4, loans)[row] == 0
    stops = np.where(again, 1 + draws.below("second/stop", MOST_INSTALMENTS, loans)[row] % count, width)
    early = draws.below("second/early", 4, loans, MOST_INSTALMENTS)[row, :width]
    column = np.arange(width)[None, :]
    real = column < count[:, None]
    paid_on = np.where(real & (column < stops[:, None]), due - early, NEVER)
    r, c = np.nonzero(paid_on < ledger.until)
    ledger.add(PostingKind.PAYMENT, loan[row[r]], paid_on[r, c], schedule.total[r, c])
    return SecondVersion(row, effective_on, next_column + 1, count, schedule, paid_on)


def write_off(group: Group, as_of: int) -> Ints:
    """Write off seven in ten who are that late by the as-of date; returns the date, NEVER for the others.

    A third of them pay something back afterwards. Of the defaulters not written off, a third
    make token payments, and a few get a charge added to their penalty by hand.
    """
    shape, loan, plan, done = group.shape, group.loan, group.plan, group.done
    draws, ledger = group.draws, group.ledger
    loans, months = plan.due.shape
    rows = np.arange(loans)
    defaulter = done.character == Character.DEFAULTER
    first_missed = plan.due[rows, done.start]
    on = first_missed + shape.write_off_after + draws.below("write_off/wait", 40, loans)
    hit = defaulter & (on <= as_of) & (draws.below("write_off", 10, loans) < 7)
    left = np.where(np.arange(months)[None, :] >= done.start[:, None], plan.principal, 0).sum(axis=1)
    r = np.flatnonzero(hit)
    ledger.add(PostingKind.WRITE_OFF, loan[r], on[r], left[r], hour=9, note=OFF)

    chance = draws.below("after/chance", 100, loans)
    for time in range(3):
        percent = draws.between(f"after/percent/{time}", 2, 12, loans)
        wait = draws.between(f"after/wait/{time}", 20, 120, loans) + 120 * time
        some = chance < (35, 20, 10)[time]
        r = np.flatnonzero(hit & some & (on + wait < ledger.until))
        ledger.add(PostingKind.RECOVERY, loan[r], (on + wait)[r], left[r] * percent[r] // 100 + 1, note=AFTER)
        token = plan.total[rows, done.start] * (4 * percent) // 100 + 1
        r = np.flatnonzero(defaulter & ~hit & some & (first_missed + wait < ledger.until))
        ledger.add(PostingKind.PAYMENT, loan[r], (first_missed + wait)[r], token[r])
    r = np.flatnonzero(defaulter & ~hit & (chance >= 96) & (first_missed + 40 < ledger.until))
    ledger.add(PostingKind.PENALTY_ADJUSTMENT, loan[r], first_missed[r] + 40, 500)
    return np.where(hit, on, NEVER)
