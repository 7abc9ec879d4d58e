"""How is a product written down so that it reads back as the very same terms?

Every key is written, defaults too: the file then means the same whatever a later default is.
"""

from __future__ import annotations

from collections.abc import Mapping

from mora.loans.product_keys import (
    CALENDAR_KEY,
    LATENESS_KEYS,
    MATERIALITY_KEYS,
    PENALTY_KEYS,
    PRODUCT_KEYS,
    SCHEDULE_KEYS,
    SWITCH_KEYS,
    Key,
)
from mora.loans.product_reading import ProductSheet, parse_sheets
from mora.loans.product_values import Order, text
from mora.loans.terms import Product, Step, Switch
from mora.loans.waterfalls import NAMED, as_order


def dump_products(products: Mapping[str, Product | ProductSheet]) -> str:
    """``products.yaml`` text with every key of every product, products in the order given.

    A :class:`Product` alone is written without ``schedule`` and ``calendar``.

    :raises ValueError: a product holds what a product file cannot say (a waterfall that never pays a past due
        component, a rate of more than ten decimals, a name that is not the key it stands under).
    """
    lines: list[str] = []
    for name, given in products.items():
        sheet = given if isinstance(given, ProductSheet) else None
        product = given.product if isinstance(given, ProductSheet) else given
        if product.name != name:
            raise ValueError(f"the product under {name!r} is named {product.name!r}")
        lines += [f"{text(name)}:", *_product(product)]
        if sheet is not None:
            lines += ["  " + CALENDAR_KEY.name + ": " + text(sheet.calendar), "  schedule:"]
            lines += _keys(sheet.plan, SCHEDULE_KEYS, 4)
        lines.append("")
    written = "\n".join(lines)
    _reads_back(written, products)
    return written


def _reads_back(written: str, products: Mapping[str, Product | ProductSheet]) -> None:
    sheets, findings = parse_sheets(written) if products else ({}, [])
    for name, given in products.items():
        sheet = sheets.get(name)
        if sheet is None or (sheet if isinstance(given, ProductSheet) else sheet.product) != given:
            why = "; ".join(str(finding) for finding in findings) or "it reads back otherwise"
            raise ValueError(f"product {name!r} cannot be written as a product file: {why}")


def _product(product: Product) -> list[str]:
    by_name = {key.name: key for key in PRODUCT_KEYS}
    lines = _keys(product, (by_name.pop("jurisdiction"), by_name.pop("kind")), 2)
    lines += _waterfall(product)
    lines += _keys(product, (by_name.pop("early_money"),), 2)
    lines += ["  penalty:", *_keys(product.penalty, PENALTY_KEYS, 4)]
    lines += ["  lateness:", *_keys(product.lateness, LATENESS_KEYS, 4)]
    if product.lateness.materiality is None:
        lines.append("    materiality: null")
    else:
        lines += ["    materiality:", *_keys(product.lateness.materiality, MATERIALITY_KEYS, 6)]
    return lines + _keys(product, tuple(by_name.values()), 2)


def _keys(holder: object, keys: tuple[Key, ...], indent: int) -> list[str]:
    return [f"{' ' * indent}{key.name}: {key.kind.write(getattr(holder, key.attr))}" for key in keys]


def _waterfall(product: Product) -> list[str]:
    for name, (steps, switch) in NAMED.items():
        if (product.steps, product.switch) == (steps, switch):
            return [f"  waterfall: {name}"]
    for name, (steps, switch) in NAMED.items():
        if switch is None and product.steps == steps:
            return [f"  waterfall: {name}", *_switch(product.switch)]
    return ["  waterfall:", *_steps(product.steps), *_switch(product.switch)]


def _switch(switch: Switch | None) -> list[str]:
    if switch is None:
        return ["  switch: null"]
    return ["  switch:", *_keys(switch, SWITCH_KEYS, 4), *_steps(switch.steps)]


def _steps(steps: tuple[Step, ...]) -> list[str]:
    single = as_order(steps)
    if single is not None:
        order, direction = single
        return [f"    direction: {direction}", f"    order: {Order().write(order)}"]
    pairs = [f"      - [{step.state.name.lower()}, {Order().write(step.components)}]" for step in steps]
    return ["    steps:", *pairs]
