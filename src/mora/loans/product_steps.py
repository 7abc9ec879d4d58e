"""How are the waterfall and its switch of a product file read?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mora.core.words import Words
from mora.law.reading import Node
from mora.loans.product_keys import ORDER_KEYS, SWITCH_KEYS
from mora.loans.product_values import Order, WrongValueError
from mora.loans.terms import Direction, DueState, Step, Switch
from mora.loans.waterfalls import NAMED, STATE_NAMES, doubled_pairs, from_order, unreached

if TYPE_CHECKING:
    from mora.loans.product_reading import Reader

_NAMES = ", ".join(NAMED)
WATERFALL_ACCEPTS = Words(
    f"下列之一：{_NAMES}；或 {{order: [...], direction: instalment|component}}；"
    "或 {steps: [[状态, [成分, ...]], ...]}",
    f"one of {_NAMES}; or {{order: [...], direction: instalment|component}}; "
    "or {steps: [[state, [component, ...]], ...]}",
)
_STATES = ", ".join(STATE_NAMES)
STEP_ACCEPTS = Words(
    f"[状态, [成分, ...]]，状态为：{_STATES}", f"[state, [component, ...]] where state is one of {_STATES}"
)


def read_waterfall(reader: Reader, node: Node, path: str) -> tuple[tuple[Step, ...], Switch | None]:
    """Steps, and the switch that comes with a named waterfall; findings go to the reader."""
    if isinstance(node.value, str):
        if node.value in NAMED:
            return NAMED[node.value]
        reader.wrong(WrongValueError(node, WATERFALL_ACCEPTS, tuple(NAMED)), path)
        return NAMED["standard"]
    if not node.is_mapping:
        reader.wrong(WrongValueError(node, WATERFALL_ACCEPTS), path)
        return NAMED["standard"]
    _known(reader, node, path, ())
    return _order_or_steps(reader, node, path), None


def read_switch(reader: Reader, node: Node, path: str) -> Switch | None:
    """The switch, or None for ``null``; findings go to the reader."""
    if node.value is None:
        return None
    before = reader.errors
    if not _known(reader, node, path, tuple(key.name for key in SWITCH_KEYS)):
        return None
    given: dict[str, Any] = {}
    for name, value, _ in node.items():
        for key in SWITCH_KEYS:
            if key.name == name:
                given[key.attr] = reader.value(key, value, path)
    if "beyond_days" not in given:
        reader.tell("PRODUCT.MISSING", node.line, path, detail="beyond_days")
    steps = _order_or_steps(reader, node, path)
    if reader.errors != before:
        return None
    switch = Switch(steps=steps, **given)
    if switch.start >= switch.end:
        reader.tell("PRODUCT.PERIOD", node.line, path)
    return switch


def _known(reader: Reader, node: Node, path: str, more: tuple[str, ...]) -> bool:
    reader.entries(node, path, (*more, "order", "direction", "steps"))
    return node.is_mapping


def _order_or_steps(reader: Reader, node: Node, path: str) -> tuple[Step, ...]:
    entries = {str(key): value for key, value, _ in node.items()}
    before = reader.errors
    if "steps" in entries:
        for other in ("order", "direction"):
            if other in entries:
                reader.tell("PRODUCT.EITHER", entries[other].line, path, detail=f"steps, {other}")
        steps = _steps(reader, entries["steps"], f"{path}.steps")
    elif "order" in entries:
        read = {key.attr: reader.value(key, entries[key.name], path) for key in ORDER_KEYS if key.name in entries}
        order, direction = read["order"], read.get("direction", Direction.INSTALMENT)
        steps = ()
        if isinstance(order, tuple) and isinstance(direction, Direction):
            steps = from_order(order, direction)
    else:
        reader.tell("PRODUCT.MISSING", node.line, path, detail="order, steps")
        return ()
    if reader.errors == before:
        for state, component in doubled_pairs(steps):
            reader.tell("PRODUCT.PAIR_TWICE", node.line, path, detail=f"{state.name.lower()} {component.name.lower()}")
        missing = unreached(steps)
        if missing:
            names = ", ".join(component.name.lower() for component in missing)
            reader.tell("PRODUCT.UNREACHED", node.line, path, detail=names)
    return steps


def _steps(reader: Reader, node: Node, path: str) -> tuple[Step, ...]:
    steps: list[Step] = []
    if not node.members():
        reader.wrong(WrongValueError(node, STEP_ACCEPTS), path)
    for number, member in enumerate(node.members()):
        at = f"{path}[{number + 1}]"
        pair = member.members()
        if len(pair) != 2:
            reader.wrong(WrongValueError(member, STEP_ACCEPTS), at)
            continue
        state, components = pair
        if not isinstance(state.value, str) or state.value not in STATE_NAMES:
            reader.wrong(WrongValueError(state, STEP_ACCEPTS, tuple(STATE_NAMES)), at)
            continue
        try:
            steps.append(Step(DueState(STATE_NAMES[state.value]), Order().read(components)))
        except WrongValueError as wrong:
            reader.wrong(wrong, at)
    return tuple(steps)
