"""Pages of a long list by the keys of its last row: the thousandth page costs what the first does.

Rows that come or go between two pages move nothing else.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from mora.store.models import Case

FAR = date(9999, 12, 31)
"""Stands for no date, so that the undated come last."""
SIZE = 50

ORDERS: dict[str, tuple[str, ...]] = {
    "priority": ("-pinned", "-priority", "pk"),
    "days": ("-days_past_due", "pk"),
    # By worth at the house's rates where there are some; else each currency by itself.
    "amount": ("-worth_minor", "currency", "-arrears_minor", "pk"),
    "clock": ("due", "pk"),
    "newest": ("-opened_on", "pk"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and where the next begin."""

    rows: list[Any]
    after: str
    """Empty when nothing follows."""


def cut(cases: QuerySet[Case], order: str, after: str, size: int = SIZE) -> Page:
    """The rows after a key, in an order; an order or key that does not fit starts from the beginning."""
    cases = cases.annotate(due=Coalesce(F("level_due_on"), Value(FAR)))
    return piece(cases, ORDERS.get(order, ORDERS["priority"]), after, size)


def piece(found: QuerySet[Any], fields: tuple[str, ...], after: str, size: int = SIZE) -> Page:
    """The rows of any list after a key, by the fields of its order; a key that does not fit starts anew."""
    found = found.order_by(*fields)
    key = _read(after, len(fields))
    if key is not None:
        with suppress(ValidationError, ValueError):
            found = found.filter(_beyond(fields, key))
    rows = list(found[: size + 1])
    follows = len(rows) > size
    rows = rows[:size]
    return Page(rows, _write(rows[-1], fields) if follows else "")


def _beyond(fields: tuple[str, ...], key: list[str]) -> Q:
    """Later in the order than the key: later by the first field, or equal in it and later by the rest."""
    name, value, rest = fields[0], _value(fields[0], key[0]), fields[1:]
    bare = name.lstrip("-")
    further = Q(**{f"{bare}__{'lt' if name.startswith('-') else 'gt'}": value})
    return further | (Q(**{bare: value}) & _beyond(rest, key[1:])) if rest else further


def _value(name: str, text: str) -> Any:
    return text == "True" if name == "-pinned" else text


def _write(row: Any, fields: tuple[str, ...]) -> str:
    return "~".join(str(getattr(row, name.lstrip("-"))) for name in fields)


def _read(text: str, length: int) -> list[str] | None:
    parts = text.split("~")
    return parts if text and len(parts) == length else None
