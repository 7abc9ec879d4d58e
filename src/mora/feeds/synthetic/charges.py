"""What each instalment costs on the day it is paid, and what of that is given up: amounts behind the postings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mora.feeds.synthetic.behaviour import NEVER, Conduct
from mora.feeds.synthetic.catalogue import Character, Shape
from mora.feeds.synthetic.draws import Draws
from mora.feeds.synthetic.penalty import charge, charged_days, penalty_rate_ppm
from mora.feeds.synthetic.plans import Schedule

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(slots=True)
class Charges:
    """Matrices as in the schedule, minor units."""

    first_part: Ints
    """Paid on the due date by a part-payer."""
    penalty: Ints
    compound: Ints
    penalty_waived: Flags
    """The whole penalty (and compound) is given up on the day of payment."""
    penalty_taken_off: Flags
    """The penalty is taken off by hand instead."""
    fee_charged: Flags
    fee_waived: Flags
    fee_reversed: Flags
    owed: Ints
    """What the final payment brings."""


def charges(shape: Shape, plan: Schedule, done: Conduct, rate_ppm: Ints, draws: Draws) -> Charges:
    """Work out every instalment's charges on the day it is paid."""
    loans, count = plan.due.shape
    total = plan.total
    first_part = total * done.part_share // 100
    paid_on = np.where(done.paid_on == NEVER, plan.due, done.paid_on)
    days = charged_days(plan.due, paid_on, shape.grace_days, done.pause)
    rate = penalty_rate_ppm(shape, rate_ppm)[:, None]
    penalty = charge(np.minimum(plan.principal, total - first_part), days, rate, shape.basis)
    compound = charge(plan.interest, days, rate, shape.basis) if shape.compound else np.zeros_like(penalty)

    fate = draws.below("penalty/fate", 100, loans, count)
    alone = (penalty > 0) & ~done.in_episode & (done.part_share == 0)
    waived, taken_off = alone & (fate < 5), alone & (fate >= 5) & (fate < 8)
    fee_charged, fee_waived, fee_reversed = _late_fees(shape, plan, done, draws)

    owed = total - first_part
    owed += np.where(waived | taken_off, 0, penalty) + np.where(waived, 0, compound)
    owed += np.where(fee_charged & ~fee_waived & ~fee_reversed, shape.late_fee, 0)
    return Charges(
        first_part, penalty, compound, waived, taken_off, fee_charged, fee_waived, fee_reversed, owed
    )  # fmt: skip


def _late_fees(shape: Shape, plan: Schedule, done: Conduct, draws: Draws) -> tuple[Flags, Flags, Flags]:
    """Who is charged a late fee (not in hardship, dispute or restructuring), who is let off, who was charged wrongly.

    A defaulter is charged for the first three instalments only.
    """
    loans, count = plan.due.shape
    none = np.zeros((loans, count), dtype=np.bool_)
    if shape.late_fee == 0:
        return none, none, none
    spared = np.isin(done.character, (Character.RESTRUCTURED, Character.HARDSHIP, Character.DISPUTED))
    tired = (done.character == Character.DEFAULTER)[:, None] & (np.arange(count)[None, :] >= done.start[:, None] + 3)
    late = done.paid_on > plan.due + shape.late_fee_after
    charged = late & ~spared[:, None] & ~tired & (done.part_share == 0)
    fate = draws.below("fee/fate", 100, loans, count)
    return charged, charged & (fate < 10) & (done.paid_on != NEVER), charged & (fate >= 10) & (fate < 15)
