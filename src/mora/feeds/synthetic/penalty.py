"""The penalty interest a late payer owes on the day he pays, so that he can pay it exactly.

For one item paid whole at one go: open amount x charged days x rate / basis, rounded half up
once (docs/algorithms/penalty-interest.md). The generator needs only this case; everything
harder is left to Mora, which replays the postings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mora.feeds.synthetic.catalogue import Shape
from mora.feeds.synthetic.plans import MILLION

Ints = NDArray[np.int64]


def penalty_rate_ppm(shape: Shape, rate_ppm: Ints) -> Ints:
    """The yearly penalty rate of each loan."""
    if shape.penalty_rate_ppm is not None:
        return np.full_like(rate_ppm, shape.penalty_rate_ppm)
    return rate_ppm * shape.uplift_percent // 100


@dataclass(slots=True)
class Pause:
    """Days ``p < d <= r`` that bear no penalty interest; p = r for none. One row a loan."""

    begin: Ints
    end: Ints


def charged_days(due: Ints, paid_on: Ints, grace: int, pause: Pause | None) -> Ints:
    """Days ``due + grace < d <= paid_on`` outside the pause."""
    begins = due + grace
    days: Ints = np.maximum(paid_on - begins, 0)
    if pause is None:
        return days
    overlap = np.minimum(paid_on, pause.end[:, None]) - np.maximum(begins, pause.begin[:, None])
    free: Ints = np.maximum(overlap, 0)
    charged: Ints = np.maximum(days - free, 0)
    return charged


def charge(open_amount: Ints, days: Ints, rate_ppm: Ints, basis: int) -> Ints:
    """Half up of ``open_amount x days x rate / basis``; within int64 up to 10**10 minor units and ten years."""
    unit = basis * MILLION
    return (2 * open_amount * days * rate_ppm + unit) // (2 * unit)
