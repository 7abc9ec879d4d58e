"""How a product's terms become a row of whole numbers for the kernels (``Terms`` in account.h)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from mora.core.dates import day_number
from mora.core.money import Rounding
from mora.loans.account import SCHEDULED
from mora.loans.terms import (
    Component,
    DaysRule,
    DueState,
    EarlyMoney,
    FeeStyle,
    GraceStyle,
    PauseBoundary,
    PayoffStyle,
    PenaltyBase,
    PenaltyUnit,
    Product,
    RescheduleStyle,
    ReversalStyle,
    Step,
    SwitchMeasured,
    WriteOffStyle,
)

COMPONENTS = len(Component)
MAX_STEPS = 15
NONE = -1
"""A term the product does not have."""


def encode(products: Sequence[Product]) -> npt.NDArray[np.int64]:
    """Terms of each product, shape (products, width), in the order of the C struct's fields."""
    rows = [_money(each) + _lateness(each) + _steps(each.steps) + _switch_steps(each) for each in products]
    return np.array(rows, np.int64)


def _money(product: Product) -> list[int]:
    penalty, switch = product.penalty, product.switch
    order = [int(component) for component in product.write_off_order]
    return [
        list(EarlyMoney).index(product.early),
        switch.beyond_days if switch else NONE,
        int(switch is not None and switch.measured is SwitchMeasured.START_OF_DAY),
        day_number(switch.start) if switch else 0,
        day_number(switch.end) if switch else 0,
        int(penalty.base is PenaltyBase.PRINCIPAL_AND_INTEREST),
        list(Rounding).index(penalty.rounding),
        list(PenaltyUnit).index(penalty.unit),
        penalty.grace_days,
        int(penalty.grace_style is GraceStyle.RETROACTIVE),
        int(penalty.compound),
        NONE if penalty.cap_percent is None else penalty.cap_percent,
        int(penalty.pause_boundary is PauseBoundary.FROM_PAUSE),
        int(product.write_off is WriteOffStyle.REDUCES),
        int(product.recovery_is_income),
        int(product.reschedule is RescheduleStyle.EVERYTHING),
        int(product.fee is FeeStyle.ON_INSTALMENT),
        int(product.waiver_excess_refused),
        int(product.reversal is ReversalStyle.EVERY_VIEW),
        *order,
        *[0] * (COMPONENTS - len(order)),
        *(int(exact) for exact in settles_exactly(product)),
    ]


def settles_exactly(product: Product) -> tuple[bool, bool]:
    """Whether money equal to the one open item due today, or to the next one, settles it in any component order.

    Due today: all of principal, interest and fee are poured before anything early. Early: the three
    stand in one step of 'next instalment first'. A switch that a loan not late could meet rules both out.
    """
    if product.switch is not None and product.switch.beyond_days < 1:
        return False, False
    states = [step.state for step in product.steps]
    early_at = states.index(DueState.IN_ADVANCE) if DueState.IN_ADVANCE in states else len(states)
    due = {c for step in product.steps[:early_at] if step.state is DueState.DUE for c in step.components}
    early = product.early is EarlyMoney.NEXT and any(
        set(SCHEDULED) <= set(step.components) for step in product.steps if step.state is DueState.IN_ADVANCE
    )
    return set(SCHEDULED) <= due, early


def _lateness(product: Product) -> list[int]:
    lateness, material = product.lateness, product.lateness.materiality
    return [
        list(DaysRule).index(lateness.rule),
        int(lateness.residue_counts),
        lateness.tolerance_minor,
        material.absolute_minor if material else NONE,
        material.relative_ppm if material else 0,
        lateness.grace_days,
        int(lateness.grace_is_threshold),
        int(lateness.count_fee_items),
        int(lateness.count_ever_missed),
        list(PayoffStyle).index(product.payoff),
        int(product.next_due_after_as_of),
        int(product.last_paid_sums_day),
    ]


def _steps(steps: Sequence[Step]) -> list[int]:
    row = [len(steps)]
    for step in steps:
        components = [int(component) for component in step.components]
        row += [int(step.state), len(components), *components, *[0] * (COMPONENTS - len(components))]
    return row + [0] * (1 + MAX_STEPS * (2 + COMPONENTS) - len(row))


def _switch_steps(product: Product) -> list[int]:
    return _steps(product.switch.steps if product.switch else ())
