"""Pages of a long list by the keys of its last row: the thousandth page costs what the first does.

Rows that come or go between two pages move nothing else.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet

from mora.casework.finding import DUE, Wanted, first
from mora.store.models import Case, User

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
    return piece(cases.annotate(due=DUE), ORDERS.get(order, ORDERS["priority"]), after, size)


def beyond(order: str, after: str) -> tuple[tuple[str, ...], Q]:
    """The fields of an order, and the rows after a key; all of them where the key does not fit."""
    fields = ORDERS.get(order, ORDERS["priority"])
    key = _read(after, len(fields))
    return fields, _beyond(fields, key) if key is not None else Q()


def cases(user: User, wanted: Wanted, at: datetime, order: str, after: str) -> Page:
    """A page of cases a person may see, found first and read then: what is not shown is not read."""
    fields, further = beyond(order, after)
    found = first(user, wanted, at, fields, SIZE + 1, further).annotate(due=DUE).order_by(*fields)
    keys = list(found.values_list("pk", flat=True)[: SIZE + 1])
    read = Case.objects.filter(pk__in=keys[:SIZE]).select_related("party", "owner", "team", "taken_by")
    by_key = {each.pk: each for each in read.annotate(n_loans=Count("loans"), due=DUE)}
    rows = [by_key[key] for key in keys[:SIZE] if key in by_key]
    return Page(rows, _write(rows[-1], fields) if len(keys) > SIZE and rows else "")


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
