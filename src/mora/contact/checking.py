"""What is wrong with a template, and with a message about to leave? The wording guard's findings, placed.

A template is read with sample values, small and huge, for each language, medium, place and actor it is for; a figure
written into it by hand equals no sample and is found. A message is read with its real values against the real
position. What the law asks of a message is always looked for. What only the lender's own rule asks of messages about
something overdue (how many days, what delay costs ...) is not asked of texts that tell of nothing overdue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product

from mora.contact.filling import Filled, back, fill
from mora.contact.terms import Kind, Medium, Template
from mora.contact.variables import Variable, variables
from mora.contact.written import Amount, Type, Value
from mora.core.words import Language
from mora.gate.clauses import Clauses
from mora.gate.terms import ActorKind, Effect
from mora.gate.words import Kind as Fault
from mora.gate.words import Position, WordFinding, read
from mora.gate.words.facts import AMOUNTS, DATES, DAYS
from mora.law.vocabulary import ProductKind

CURRENCY_OF = {"cn": "CNY", "us": "USD", "uk": "GBP", "eu": "EUR"}
"""What sample amounts are in, by jurisdiction."""
_HOUSE = "house."
_ABOUT_ARREARS = frozenset({"amount", "days_late", "further_cost", "how_to_pay"})
NOT_ASKED: Mapping[Kind, frozenset[str]] = {
    Kind.BEFORE_DUE: frozenset({"days_late", "further_cost"}),
    Kind.PROMISE_REMINDER: frozenset({"days_late", "further_cost"}),
    Kind.PLAN_CONFIRMED: frozenset({"days_late", "further_cost"}),
    Kind.HARDSHIP_OFFER: _ABOUT_ARREARS,
    Kind.INTERVIEW: _ABOUT_ARREARS,
    Kind.VISIT: _ABOUT_ARREARS,
    Kind.VALIDATION: frozenset({"days_late", "further_cost"}),
    Kind.CURE_THANKS: _ABOUT_ARREARS,
    Kind.STATEMENT: _ABOUT_ARREARS,
    Kind.GUIDE: _ABOUT_ARREARS,
}
"""Items of the lender's own rule that a text of this kind need not hold. The law's items are always asked."""


@dataclass(frozen=True, slots=True)
class TemplateFinding:
    """A finding of the guard, and where it stands in the template."""

    language: Language
    medium: Medium
    place: str
    actor: ActorKind
    huge: bool
    """Found with the huge sample values (or with both)."""
    field: str
    """``subject`` or ``body``; empty when something is missing."""
    start: int
    end: int
    """``[start, end)`` in the template's text as written; a variable is taken whole. 0, 0 when something is missing."""
    finding: WordFinding


def check(
    template: Template,
    on: date,
    rules: Clauses | None = None,
    known: Mapping[str, Variable] | None = None,
) -> tuple[TemplateFinding, ...]:
    """Everything the guard finds in a template with sample values, each finding once for a language.

    :param on: the day whose law decides.
    :param rules: the rules; the law with the prudent house pack by default.
    """
    catalogue = variables() if known is None else known
    made: dict[tuple[object, ...], TemplateFinding] = {}
    for language, medium, place, actor, huge in product(
        Language, template.media, template.places, template.actors, (False, True)
    ):
        values = samples(template, language, huge, CURRENCY_OF[place[:2]], catalogue)
        filled = fill(template, values, language, catalogue)
        position = _position(values, catalogue, CURRENCY_OF[place[:2]])
        for each in _read(template, filled, medium, (place,), actor, template.products, position, on, rules, huge):
            key = (language, each.field, each.start, each.end, each.finding.kind, each.finding.pattern)
            made.setdefault(key, each)
    return tuple(made.values())


def check_filled(
    template: Template,
    filled: Filled,
    values: Mapping[str, Value],
    *,
    position: Mapping[str, object] | None,
    on: date,
    medium: Medium,
    places: tuple[str, ...],
    actor: ActorKind = ActorKind.LENDER,
    products: tuple[ProductKind, ...] = (),
    rules: Clauses | None = None,
    known: Mapping[str, Variable] | None = None,
) -> tuple[TemplateFinding, ...]:
    """Everything the guard finds in a message about to leave.

    :param values: what it was filled with: figures of variables that repeat a position's column are held against the
        position, others are named beside it.
    :param position: the row of positions at this moment; None when nothing is known, and figures are then not checked.
    """
    catalogue = variables() if known is None else known
    row: Position | None = None
    if position is not None:
        beside = _position(values, catalogue, str(position.get("currency")), own=False)
        held = Position.of(position)
        row = Position(
            held.currency, held.amounts, held.days, held.dates,
            (*held.other_amounts, *beside.other_amounts), (*held.other_dates, *beside.other_dates),
        )  # fmt: skip
    return tuple(_read(template, filled, medium, places, actor, products, row, on, rules, False))


def samples(
    template: Template, language: Language, huge: bool, currency: str, known: Mapping[str, Variable] | None = None
) -> dict[str, Value]:
    """Sample values for every variable of a template's text."""
    catalogue = variables() if known is None else known
    return {name: catalogue[name].sample(language, huge, currency) for name in template.text(language).names}


def _position(
    values: Mapping[str, Value], known: Mapping[str, Variable], currency: str, *, own: bool = True
) -> Position:
    """The figures among values, as a position (``own``) or only those that no position holds."""
    amounts: dict[str, int] = {}
    days: dict[str, int] = {}
    dates: dict[str, date] = {}
    others: list[int] = []
    days_named: list[date] = []
    for name, value in values.items():
        column = known[name].column if own else ""
        if not own and known[name].column:
            continue
        if isinstance(value, Amount):
            if column in AMOUNTS:
                amounts[column] = value.minor
            elif value.currency == currency:
                others.append(value.minor)
        elif known[name].type is Type.DAYS and isinstance(value, int):
            if column in DAYS:
                days[column] = value
        elif isinstance(value, date):
            day = date(value.year, value.month, value.day)
            if column in DATES:
                dates[column] = day
            else:
                days_named.append(day)
    return Position(currency, amounts, days, dates, tuple(others), tuple(days_named))


_BETWEEN = "\n\n"


def _read(
    template: Template,
    filled: Filled,
    medium: Medium,
    places: tuple[str, ...],
    actor: ActorKind,
    products: tuple[ProductKind, ...],
    position: Position | None,
    on: date,
    rules: Clauses | None,
    huge: bool,
) -> Iterator[TemplateFinding]:
    lead = f"{filled.subject}{_BETWEEN}" if filled.subject else ""
    reading = read(
        lead + filled.body, on=on, language=filled.language.value, position=position, places=places,
        channel=medium.channel, actor=actor, products=products, first=template.first, rules=rules,
    )  # fmt: skip
    spared = NOT_ASKED.get(template.kind, frozenset())
    for each in reading.findings:
        if each.kind is Fault.MISSING:
            if each.rule.startswith(_HOUSE) and each.pattern in spared:
                continue
            field, start, end = "", 0, 0
        elif each.start < len(filled.subject):
            field = "subject"
            start, end = back(filled.subject_from, each.start, min(each.end, len(filled.subject)))
        else:
            field = "body"
            start, end = back(filled.body_from, each.start - len(lead), each.end - len(lead))
        yield TemplateFinding(filled.language, medium, places[0], actor, huge, field, start, end, each)


def worst(findings: tuple[TemplateFinding, ...]) -> Effect | None:
    """The worst a finding does; None when there is none."""
    effects = {each.finding.effect for each in findings}
    return Effect.REFUSE if Effect.REFUSE in effects else Effect.WARN if effects else None
