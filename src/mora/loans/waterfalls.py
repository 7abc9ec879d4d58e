"""Which waterfalls have a name, and how is any waterfall written down and read back?

A waterfall is a list of steps; a product file may say it three ways: by name, as one order of
components with a direction, or step by step. All three become the same steps.
"""

from __future__ import annotations

from datetime import date

from mora.loans.terms import (
    STANDARD_ORDER,
    Component,
    Direction,
    DueState,
    Step,
    Switch,
    by_component,
    by_instalment,
)

CIVIL_CODE_561_ORDER = (
    Component.FEE,
    Component.PENALTY,
    Component.COMPOUND,
    Component.INTEREST,
    Component.PRINCIPAL,
)
"""Costs of enforcing, then interest of every kind, then principal (cn.civil.561)."""

CIVIL_CODE_561_STEPS = (
    *(Step(state, (part,)) for part in CIVIL_CODE_561_ORDER for state in (DueState.PAST_DUE, DueState.DUE)),
    Step(DueState.IN_ADVANCE, CIVIL_CODE_561_ORDER),
)
"""The Code ranks costs, interest and principal of the whole debt that is due, not of one instalment after another:
costs posted last month come before the principal of an instalment that fell due last year. Early money is not its
subject and pays the next instalment in the same order."""

_ALL_BUT_PRINCIPAL = CIVIL_CODE_561_ORDER[:-1]

CARD_ART57_BEYOND = (
    Step(DueState.PAST_DUE, (Component.PRINCIPAL,)),
    Step(DueState.DUE, (Component.PRINCIPAL,)),
    Step(DueState.PAST_DUE, _ALL_BUT_PRINCIPAL),
    Step(DueState.DUE, _ALL_BUT_PRINCIPAL),
    Step(DueState.IN_ADVANCE, (Component.PRINCIPAL, *_ALL_BUT_PRINCIPAL)),
)
"""Principal of everything that is due, then what was charged on it: a reading of 'principal first' that leaves no
interest paid while principal is late."""

CARD_ART57_SWITCH = Switch(beyond_days=90, steps=CARD_ART57_BEYOND, start=date(2011, 1, 13))
"""Cards from the 91st day past due (cn.card2011.a57.order, in force from 2011-01-13)."""

STANDARD = "standard"
CIVIL_CODE_561 = "civil_code_561"
CARD_ART57 = "card_art57"

NAMED: dict[str, tuple[tuple[Step, ...], Switch | None]] = {
    STANDARD: (by_instalment(STANDARD_ORDER), None),
    CIVIL_CODE_561: (CIVIL_CODE_561_STEPS, None),
    CARD_ART57: (CIVIL_CODE_561_STEPS, CARD_ART57_SWITCH),
}
"""Steps and switch of each named waterfall."""

STATE_NAMES = {state.name.lower(): state for state in DueState}
COMPONENT_NAMES = {component.name.lower(): component for component in Component}


def from_order(order: tuple[Component, ...], direction: Direction) -> tuple[Step, ...]:
    """The steps of one order of components, applied to past due, due and early money in turn."""
    return by_instalment(order) if direction is Direction.INSTALMENT else by_component(order)


def as_order(steps: tuple[Step, ...]) -> tuple[tuple[Component, ...], Direction] | None:
    """The order and direction that give exactly these steps; None when no single order does."""
    if not steps:
        return None
    for order in (steps[0].components, tuple(c for step in steps if step.state is DueState.PAST_DUE
                                             for c in step.components)):  # fmt: skip
        for direction in Direction:
            if from_order(order, direction) == steps:
                return order, direction
    return None


def doubled_pairs(steps: tuple[Step, ...]) -> list[tuple[DueState, Component]]:
    """Pairs of due state and component that stand in more than one place."""
    seen: set[tuple[DueState, Component]] = set()
    twice = []
    for step in steps:
        for component in step.components:
            pair = (step.state, component)
            if pair in seen:
                twice.append(pair)
            seen.add(pair)
    return twice


def unreached(steps: tuple[Step, ...], state: DueState = DueState.PAST_DUE) -> list[Component]:
    """Components that no step of ``state`` pays: money would pass them by for ever."""
    reached = {component for step in steps if step.state is state for component in step.components}
    return [component for component in Component if component not in reached]
