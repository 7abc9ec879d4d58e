"""What must a message hold, and does it? Mandatory content by law and by the lender's own rule.

Recognising content is generous: a hint of it is enough, for a false alarm on a complete letter teaches people to ignore
alarms. So what is found may still be incomplete; what is missing is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from mora.core.words import Words
from mora.gate.clauses import Clauses, Ruling, fits_channel, products_of
from mora.gate.terms import ActorKind, Channel
from mora.gate.words.grounds import FALSE, LETTER, OPT_OUT, OWN_WORDING, VALIDATION, speaking
from mora.gate.words.grounds import Ground as _Ground
from mora.gate.words.patterns import raw_table
from mora.gate.words.view import cells, joined
from mora.law.vocabulary import ProductKind

WRITTEN = frozenset({Channel.SMS, Channel.EMAIL, Channel.IM, Channel.LETTER})
"""Channels whose text stands by itself, so that something can be missing from it."""
_LETTER_FIELDS = {"balance": "amount", "dispute_channel": "how_to_complain"}
"""Fields of the law on card letters that have another name here."""
VALIDATION_ITEMS = ("validation_creditor", "validation_account", "validation_itemised", "validation_dispute")
"""Items of 12 CFR 1006.34(c); the list is from memory and only warns."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a message must hold."""

    name: str
    title: Words
    add: Words
    found_by: Mapping[str, re.Pattern[str]]


@cache
def items() -> Mapping[str, Item]:
    """Every item that can be asked for, by name."""
    return {
        name: Item(
            name, Words(**row["title"]), Words(**row["add"]),
            {language: re.compile("|".join(f"(?:{each})" for each in row[language])) for language in ("zh", "en")},
        )
        for name, row in raw_table("required.yaml").items()
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Missing:
    """An item that is not there, and the rule that asks for it (None: the caller does)."""

    item: Item
    ruling: Ruling | None
    certain: bool = True
    """False: that the rule asks for this item was not found in a source, so it only warns."""


def asked(
    clauses: Clauses,
    places: tuple[str, ...],
    day: date,
    channel: Channel | None,
    actor: ActorKind,
    products: tuple[ProductKind, ...],
    first: bool,
) -> Iterator[tuple[str, Ruling, bool]]:
    """The items asked for in a message to the debtor, each with the rule that asks and whether that is certain."""
    if channel is None:
        return
    for id_ in (LETTER, OPT_OUT, FALSE, VALIDATION):
        for ruling in speaking((_Ground(id_),), clauses, places, day, actor):
            if not fits_channel(ruling.rule, channel) or not _about(ruling, products):
                continue
            if id_ == LETTER:
                for name in ruling.names("required_fields"):
                    yield _LETTER_FIELDS.get(name, name), ruling, True
            elif id_ == OPT_OUT and ruling.flag("opt_out_required"):
                yield "opt_out", ruling, True
            elif id_ == FALSE and ruling.flag("initial_disclosure"):
                yield ("first_disclosure" if first else "later_disclosure"), ruling, True
            elif id_ == VALIDATION and first and channel in WRITTEN:
                for name in VALIDATION_ITEMS:
                    yield name, ruling, False
    if channel in WRITTEN:
        for ruling in clauses.own_on((OWN_WORDING,), places, day):
            for name in ruling.names("required"):
                yield name, ruling, True


def _about(ruling: Ruling, products: tuple[ProductKind, ...]) -> bool:
    kinds = products_of(products)
    return bool(kinds & set(ruling.rule.scope.products))


def missing(text: str, language: str, wanted: Iterator[tuple[str, Ruling | None, bool]]) -> Iterator[Missing]:
    """Of the items asked for, those that a text does not hold; each once, for the first rule that asks.

    :raises KeyError: an item nobody knows.
    """
    plain = joined(cells(text))
    seen: set[str] = set()
    for name, ruling, certain in wanted:
        if name in seen:
            continue
        seen.add(name)
        item = items()[name]
        languages = ("zh", "en") if language == "mixed" else (language,)
        if not any(item.found_by[each].search(plain) for each in languages):
            yield Missing(item, ruling, certain)
