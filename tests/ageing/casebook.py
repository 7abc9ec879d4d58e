"""Worked cases as people write them, turned into loans and the columns they must come out with.

A case holds ``id``, ``title``, ``story``, ``product`` (keys of products.yaml), ``loan``, ``schedule``, ``versions``,
``postings`` and ``expect``. Amounts are in major units. What is left out: an empty product, no interest rate (so no
penalty interest), CNY, started on 2026-01-10, principal the sum of the first version.

- ``schedule``: rows ``[n, due_on, principal, interest, fee]``, the fee may be left out; or
  ``{count, first_due_on, principal, interest}`` for equal monthly instalments.
- ``versions``: ``{effective_on: ..., schedule: [...]}``, numbered 2, 3, ...
- ``postings``: rows ``[value_on, kind, amount, {id, booked_at, component, reverses, instalment_n}]``, the last
  may be left out.
- ``expect``: one mapping a view: ``as_of``, ``known_at``, columns of positions and standing; amounts without the
  ``_minor`` of the column's name. ``items`` holds, under an instalment's number or ``fee``, ``fee 2`` ..., amounts
  such as ``paid_interest``; ``excess`` holds what postings could not do.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from mora.ageing import columns
from mora.core.dates import add_months
from mora.core.money import parse_minor
from mora.core.rates import parse_rate
from mora.law.reading import read_nodes
from mora.loans.products import parse_products
from mora.loans.terms import Component, Instalment, Loan, Posting, PostingKind, Product

FOLDER = Path(__file__).parent / "cases"
COLUMNS = {*columns.POSITIONS.names, *columns.STANDING.names}
ITEM_COLUMNS = set(columns.INSTALMENTS.names[6:])
CASE_KEYS = {"id", "title", "story", "product", "loan", "schedule", "versions", "postings", "expect"}
LOAN_KEYS = {
    "currency", "principal", "annual_rate", "penalty_rate", "started_on", "written_off_on", "restructured_on",
}  # fmt: skip
POSTING_KEYS = {"id", "booked_at", "component", "reverses", "instalment_n"}


@dataclass(frozen=True, slots=True)
class View:
    """What one view of a case must show."""

    as_of: date
    known_at: datetime | None
    columns: dict[str, object]
    """By the column's own name, amounts in minor units."""
    items: dict[str, dict[str, int]]
    """Under an item's name: columns of instalments in minor units."""
    excess: dict[str, int] | None
    """What each posting could not do, in minor units; None when the case does not say."""


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case."""

    case_id: str
    """File and id: ``grace/subtracts``."""
    title: str
    loan: Loan
    views: tuple[View, ...]


@cache
def casebook() -> dict[str, Case]:
    """All cases under their ids."""
    found: dict[str, Case] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for told in read_nodes(path.read_text(encoding="utf-8")).plain():  # type: ignore[union-attr,attr-defined]
            case = _case(path.stem, told)
            if case.case_id in found:
                raise ValueError(f"{case.case_id} is told twice")
            found[case.case_id] = case
    return found


def _known(told: Mapping[str, Any], keys: set[str], where: str) -> None:
    if unknown := set(told) - keys:
        raise ValueError(f"{where}: unknown keys {sorted(unknown)}; known are {sorted(keys)}")


def _case(theme: str, told: Mapping[str, Any]) -> Case:
    case_id = f"{theme}/{told['id']}"
    _known(told, CASE_KEYS, case_id)
    if missing := {"title", "story", "schedule", "expect"} - set(told):
        raise ValueError(f"{case_id} lacks {sorted(missing)}")
    loan = _loan(case_id, told)
    return Case(case_id, told["title"], loan, tuple(_view(case_id, view, loan.currency) for view in told["expect"]))


def _loan(case_id: str, told: Mapping[str, Any]) -> Loan:
    given = told.get("loan", {})
    _known(given, LOAN_KEYS, f"{case_id}: loan")
    currency = given.get("currency", "CNY")
    schedule = [_instalment(row, 1, None, currency) for row in _rows(told["schedule"])]
    principal = sum(row.principal for row in schedule)
    for number, version in enumerate(told.get("versions", ()), 2):
        schedule += [_instalment(row, number, version["effective_on"], currency) for row in version["schedule"]]
    own = given.get("penalty_rate")
    return Loan(
        loan_id=case_id,
        party_id="",
        product=_product(case_id, told.get("product", {})),
        currency=currency,
        principal=parse_minor(str(given["principal"]), currency) if "principal" in given else principal,
        annual_rate_e12=parse_rate(str(given.get("annual_rate", 0))),
        started_on=given.get("started_on", date(2026, 1, 10)),
        matures_on=max(row.due_on for row in schedule),
        schedule=tuple(schedule),
        postings=tuple(_posting(at, row, currency) for at, row in enumerate(told.get("postings", ()), 1)),
        penalty_rate_e12=None if own is None else parse_rate(str(own)),
        written_off_on=given.get("written_off_on"),
        restructured_on=given.get("restructured_on"),
    )


def _rows(told: Any) -> list[tuple[Any, ...]]:
    if isinstance(told, Mapping):
        first = told["first_due_on"]
        amounts = (told["principal"], told["interest"])
        return [(n + 1, add_months(first, n), *amounts) for n in range(told["count"])]
    return list(told)


def _product(case_id: str, told: Mapping[str, Any]) -> Product:
    products, findings = parse_products("p: " + _written(told))
    if findings:
        raise ValueError(f"{case_id}: {[str(finding) for finding in findings]}")
    return products["p"]


def _written(value: object) -> str:
    """A value as YAML on one line, decimals as they were written."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_written(each)}" for key, each in value.items()) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_written, value)) + "]"
    if isinstance(value, str | bool) or value is None:
        return json.dumps(value)
    return str(value)


def _instalment(row: tuple[Any, ...], version: int, effective_on: date | None, currency: str) -> Instalment:
    n, due_on, *amounts = row
    return Instalment(n, due_on, *(parse_minor(str(a), currency) for a in amounts), version=version,
                      effective_on=effective_on)  # fmt: skip


def _posting(at: int, row: tuple[Any, ...], currency: str) -> Posting:
    value_on, kind, amount, *rest = row
    more = rest[0] if rest else {}
    _known(more, POSTING_KEYS, f"posting {row}")
    component = more.get("component")
    return Posting(
        posting_id=more.get("id", f"t{at}"),
        value_on=value_on,
        kind=PostingKind[kind.upper()],
        amount=parse_minor(str(amount), currency),
        booked_at=_instant(more.get("booked_at")),
        component=Component[component.upper()] if component else None,
        reverses=more.get("reverses"),
        instalment_n=more.get("instalment_n"),
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def _view(case_id: str, told: Mapping[str, Any], currency: str) -> View:
    plain = {key: value for key, value in told.items() if key not in ("as_of", "known_at", "items", "excess")}
    items = {
        str(item): {
            name: value for word, amount in amounts.items() for name, value in [_amount(word, amount, currency)]
        }
        for item, amounts in told.get("items", {}).items()
    }
    if unknown := {name for amounts in items.values() for name in amounts} - ITEM_COLUMNS:
        raise ValueError(f"{case_id}: items have no {sorted(unknown)}")
    excess = told.get("excess")
    return View(
        told["as_of"],
        _instant(told.get("known_at")),
        dict(_column(case_id, word, value, currency) for word, value in plain.items()),
        items,
        None if excess is None else {str(key): parse_minor(str(each), currency) for key, each in excess.items()},
    )


def _amount(word: str, amount: object, currency: str) -> tuple[str, int]:
    return f"{word}_minor", parse_minor(str(amount), currency)


def _column(case_id: str, word: str, value: object, currency: str) -> tuple[str, object]:
    if word in COLUMNS and not word.endswith("_minor"):
        return word, value
    if f"{word}_minor" in COLUMNS:
        return (f"{word}_minor", None) if value is None else _amount(word, value, currency)
    raise ValueError(f"{case_id}: there is no column {word}")
