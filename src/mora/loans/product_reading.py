"""How is a product file read? Its YAML to terms, with a finding for everything that cannot stand.

The file is a mapping from product names to terms; docs/reference/products.md lists every key.
Reading is strict: an unknown key, a wrong value or a waterfall that would never pay something is
a finding with its line, and a product with such a finding is left out.

Order of work: 1. read the YAML; 2. read each product's own keys into a draft; 3. lay drafts over
what they extend; 4. look at each whole product for terms that contradict one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

import yaml

from mora.core.calendar import Adjustment
from mora.core.findings import Finding, Severity
from mora.core.words import Language, Words
from mora.law.reading import Node, UnreadableError, read_nodes
from mora.loans.product_faults import fault
from mora.loans.product_keys import (
    CALENDAR_KEY,
    LATENESS_KEYS,
    MATERIALITY_KEYS,
    PENALTY_KEYS,
    PRODUCT_KEYS,
    SCHEDULE_KEYS,
    SECTIONS,
    Key,
)
from mora.loans.product_steps import read_switch, read_waterfall
from mora.loans.product_values import WrongValueError, shown
from mora.loans.schedule_terms import Method, PlanTerms
from mora.loans.terms import DueState, EarlyMoney, Materiality, Product, WriteOffStyle

LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class ProductSheet:
    """All that a file says of one product: how its debts behave, and how its schedules are made."""

    product: Product
    plan: PlanTerms = field(default_factory=PlanTerms)
    calendar: str = "none"
    """A name in :data:`mora.core.calendar.CALENDARS`."""


@dataclass(slots=True)
class _Draft:
    """A product's own words, before what it extends is laid under them."""

    name: str
    line: int
    extends: str | None = None
    extends_line: int = 0
    own: dict[str, Any] = field(default_factory=dict)
    penalty: dict[str, Any] = field(default_factory=dict)
    lateness: dict[str, Any] = field(default_factory=dict)
    plan: dict[str, Any] = field(default_factory=dict)
    calendar: str | None = None
    lines: dict[str, int] = field(default_factory=dict)
    """Line of each top key, for findings about the whole."""


class Reader:
    """Findings of one file, and the ways every part of it is read."""

    def __init__(self, file: str, language: Language) -> None:
        self.file = file
        self.language = language
        self.findings: list[Finding] = []

    def tell(
        self, code: str, row: int | None, column: str = "", value: str = "", detail: Words | str = "", *, near: str = ""
    ) -> None:
        """Note a finding."""
        self.findings.append(
            fault(code, self.language, file=self.file, row=row, column=column, value=value, detail=detail, near=near)
        )

    @property
    def errors(self) -> int:
        """How many errors so far."""
        return sum(finding.severity is Severity.ERROR for finding in self.findings)

    def entries(self, node: Node, path: str, known: tuple[str, ...]) -> dict[str, tuple[Node, int]]:
        """The mapping's entries whose keys are known; anything else is told, with the nearest known key."""
        if not node.is_mapping:
            listed = ", ".join(known)
            self.tell("PRODUCT.MAPPING", node.line, path, shown(node), Words(f"，键有：{listed}", f"; keys: {listed}"))
            return {}
        found = {}
        for key, value, line in node.items():
            name = str(key)
            if name in known:
                found[name] = (value, line)
            else:
                self.tell("PRODUCT.UNKNOWN_KEY", line, path, name, ", ".join(known), near=nearest(name, known))
        return found

    def value(self, key: Key, node: Node, path: str) -> object | None:
        """One key's value; None (and a finding) when it is not accepted."""
        try:
            return key.kind.read(node)
        except WrongValueError as wrong:
            self.wrong(wrong, f"{path}.{key.name}")
            return None

    def wrong(self, wrong: WrongValueError, path: str) -> None:
        """Tell of a value that is not accepted."""
        value = shown(wrong.node)
        self.tell("PRODUCT.VALUE", wrong.node.line, path, value, wrong.accepted, near=nearest(value, wrong.known))

    def section(self, node: Node, path: str, keys: tuple[Key, ...], more: tuple[str, ...] = ()) -> dict[str, Any]:
        """A mapping of plain keys to attribute values; entries named in ``more`` are left to the caller."""
        read: dict[str, Any] = {}
        before = self.errors
        for name, (value, _) in self.entries(node, path, tuple(key.name for key in keys) + more).items():
            key = next((key for key in keys if key.name == name), None)
            if key is not None:
                got = self.value(key, value, path)
                if self.errors == before:
                    read[key.attr] = got
                before = self.errors
        return read


def nearest(word: str, known: tuple[str, ...]) -> str:
    """The known word most like ``word``, or nothing."""
    close = get_close_matches(word.lower(), known, n=1) if word else []
    return close[0] if close and close[0] != word else ""


def parse_products(
    text: str, file: str = "products.yaml", language: Language = Language.EN
) -> tuple[dict[str, Product], list[Finding]]:
    """The products of a file by name, and everything that is wrong with it.

    :param file: the name findings carry.
    :returns: only products without an error; findings in order of line. Never raises for what the text holds.
    """
    sheets, findings = parse_sheets(text, file, language)
    return {name: sheet.product for name, sheet in sheets.items()}, findings


def parse_sheets(
    text: str, file: str = "products.yaml", language: Language = Language.EN
) -> tuple[dict[str, ProductSheet], list[Finding]]:
    """As :func:`parse_products`, with each product's schedule generation and calendar."""
    reader = Reader(file, language)
    try:
        root = read_nodes(text)
    except UnreadableError as problem:
        reader.tell("PRODUCT.YAML", problem.line, detail=str(problem))
        return {}, reader.findings
    except (yaml.YAMLError, RecursionError) as problem:
        reader.tell("PRODUCT.YAML", 1, detail=str(problem).splitlines()[0])
        return {}, reader.findings
    if root is None or root.value is None or (root.is_mapping and not root.value):
        reader.tell("PRODUCT.EMPTY", None)
        return {}, reader.findings
    if not root.is_mapping:
        reader.tell("PRODUCT.YAML", root.line, detail=shown(root))
        return {}, reader.findings
    drafts: dict[str, _Draft | None] = {}
    for key, node, line in root.items():
        if not isinstance(key, str) or not key.isprintable() or not 1 <= len(key.strip()) <= LONGEST_NAME:
            reader.tell("PRODUCT.NAME", line, value=str(key))
            continue
        before = reader.errors
        draft = _draft(reader, key, node, line)
        drafts[key] = draft if reader.errors == before else None
    sheets: dict[str, ProductSheet | None] = {}
    for name in drafts:
        _resolve(reader, name, drafts, sheets, ())
    reader.findings.sort(key=lambda finding: finding.row or 0)
    return {name: sheet for name in drafts if (sheet := sheets.get(name)) is not None}, reader.findings


def _draft(reader: Reader, name: str, node: Node, line: int) -> _Draft:
    draft = _Draft(name, line)
    if node.value is None:
        return draft
    known = tuple(key.name for key in PRODUCT_KEYS) + SECTIONS
    entries = reader.entries(node, name, known)
    draft.lines = {key: at for key, (_, at) in entries.items()}
    for key in PRODUCT_KEYS:
        if key.name in entries:
            draft.own[key.attr] = reader.value(key, entries[key.name][0], name)
    if "waterfall" in entries:
        steps, switch = read_waterfall(reader, entries["waterfall"][0], f"{name}.waterfall")
        # A waterfall says the whole way money is poured: what an extended product switched to goes with its waterfall.
        draft.own |= {"steps": steps, "switch": switch}
    if "switch" in entries:
        draft.own["switch"] = read_switch(reader, entries["switch"][0], f"{name}.switch")
    if "penalty" in entries:
        draft.penalty = reader.section(entries["penalty"][0], f"{name}.penalty", PENALTY_KEYS)
    if "lateness" in entries:
        draft.lateness = _lateness(reader, entries["lateness"][0], f"{name}.lateness")
    if "schedule" in entries:
        draft.plan = reader.section(entries["schedule"][0], f"{name}.schedule", SCHEDULE_KEYS)
    if "calendar" in entries:
        draft.calendar = str(reader.value(CALENDAR_KEY, entries["calendar"][0], name))
    if "extends" in entries:
        parent, draft.extends_line = entries["extends"]
        draft.extends = shown(parent)
    return draft


def _lateness(reader: Reader, node: Node, path: str) -> dict[str, Any]:
    read = reader.section(node, path, LATENESS_KEYS, ("materiality",))
    for key, value, _ in node.items():
        if key == "materiality":
            read["materiality"] = None if value.value is None else _materiality(reader, value, f"{path}.materiality")
    return read


def _materiality(reader: Reader, node: Node, path: str) -> Materiality | None:
    before = reader.errors
    read = reader.section(node, path, MATERIALITY_KEYS)
    for key in MATERIALITY_KEYS:
        if reader.errors == before and key.attr not in read:
            reader.tell("PRODUCT.MISSING", node.line, path, detail=key.name)
    return Materiality(**read) if reader.errors == before else None


def _resolve(
    reader: Reader,
    name: str,
    drafts: Mapping[str, _Draft | None],
    sheets: dict[str, ProductSheet | None],
    below: tuple[str, ...],
) -> ProductSheet | None:
    """Lay a draft over what it extends; None when either has an error."""
    if name in sheets:
        return sheets[name]
    draft = drafts[name]
    if draft is None:
        sheets[name] = None
        return None
    base: ProductSheet | None = ProductSheet(Product())
    if draft.extends is not None:
        line, column, parent = draft.extends_line, f"{name}.extends", draft.extends
        if parent not in drafts:
            others = tuple(other for other in drafts if other != name)
            reader.tell("PRODUCT.EXTENDS", line, column, parent, ", ".join(others), near=nearest(parent, others))
            base = None
        elif parent in (*below, name):
            reader.tell("PRODUCT.EXTENDS_ITSELF", line, column, parent, " -> ".join((*below, name, parent)))
            base = None
        else:
            base = _resolve(reader, parent, drafts, sheets, (*below, name))
            if base is None:
                reader.tell("PRODUCT.EXTENDS_BROKEN", line, column, parent)
    sheets[name] = _laid_over(reader, draft, base) if base is not None else None
    return sheets[name]


def _laid_over(reader: Reader, draft: _Draft, base: ProductSheet) -> ProductSheet | None:
    product = replace(
        base.product,
        name=draft.name,
        penalty=replace(base.product.penalty, **draft.penalty),
        lateness=replace(base.product.lateness, **draft.lateness),
        **draft.own,
    )
    sheet = ProductSheet(product, replace(base.plan, **draft.plan), draft.calendar or base.calendar)
    before = reader.errors
    _look_at_whole(reader, draft, sheet)
    return sheet if reader.errors == before else None


def _look_at_whole(reader: Reader, draft: _Draft, sheet: ProductSheet) -> None:
    """Terms that contradict one another, told where the product says them."""
    product, plan, name = sheet.product, sheet.plan, draft.name
    if plan.adjustment is not Adjustment.NONE and sheet.calendar == "none":
        at = draft.lines.get("schedule", draft.line)
        reader.tell("PRODUCT.NEEDS_CALENDAR", at, f"{name}.calendar", plan.adjustment)
    if plan.amortise_over is not None and plan.method is not Method.BALLOON:
        at = draft.lines.get("schedule", draft.line)
        reader.tell("PRODUCT.BALLOON_ONLY", at, f"{name}.schedule.amortise_over", plan.method)
    if product.recovery_is_income and product.write_off is not WriteOffStyle.REDUCES:
        why = Words("write_off 不是 reduces，核销不减少债权", "a write-off leaves the claim (write_off is not reduces)")
        at = draft.lines.get("recovery_is_income", draft.lines.get("write_off", draft.line))
        reader.tell("PRODUCT.NO_EFFECT", at, f"{name}.recovery_is_income", detail=why)
    early_steps = any(step.state is DueState.IN_ADVANCE for step in product.steps)
    if product.early is not EarlyMoney.HOLD and not early_steps:
        why = Words("抵充顺序没有 in_advance 步骤，提前的钱只能挂账", "no step says in_advance and early money is held")
        at = draft.lines.get("early_money", draft.lines.get("waterfall", draft.line))
        reader.tell("PRODUCT.NO_EFFECT", at, f"{name}.early_money", str(product.early), why)
