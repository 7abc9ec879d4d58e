"""Loans of one product and term, side by side: what every step of the making works on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mora.feeds.synthetic.behaviour import Conduct
from mora.feeds.synthetic.catalogue import Shape
from mora.feeds.synthetic.charges import Charges
from mora.feeds.synthetic.draws import Draws
from mora.feeds.synthetic.ledger import Ledger
from mora.feeds.synthetic.plans import Schedule

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Group:
    """Vectors have one entry a loan, matrices one row a loan and one column an instalment."""

    shape: Shape
    loan: Ints
    """Each loan's number in the block."""
    rate_ppm: Ints
    day_of_month: Ints
    plan: Schedule
    done: Conduct
    costs: Charges
    draws: Draws
    """The group's own drawings."""
    ledger: Ledger
