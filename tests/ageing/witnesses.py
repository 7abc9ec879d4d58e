"""One view of some loans through both witnesses: the plain rules, and the compiled kernel over a chunk."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from ageing.books import tables
from mora.ageing import columns
from mora.ageing.frames import ProductTable, age_chunk, instalment_columns, position_columns, standing_columns
from mora.ageing.rules import Aged, age, item_positions
from mora.loans.terms import Loan


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """One loan as one witness sees it, in the words of the columns."""

    columns: dict[str, Any]
    items: list[dict[str, Any]]


def by_rules(loan: Loan, as_of: date, known_at: datetime | None = None) -> Seen:
    """What the plain rules say."""
    return told_by(age(loan, as_of, known_at=known_at))


def told_by(aged: Aged) -> Seen:
    """A loan aged by the plain rules, in the words of the columns."""
    rows = []
    for item in item_positions(aged.life):
        row = {name: getattr(item, name) for name in ("loan_id", "n", "version", "is_fee", "due_on")}
        for component, amounts in item.amounts.items():
            for name in columns.ITEM_AMOUNTS:
                row[f"{name}_{component.name.lower()}_minor"] = getattr(amounts, name)
        rows.append(row)
    return Seen(dataclasses.asdict(aged.position) | dataclasses.asdict(aged.standing), rows)


def by_kernel(loans: Sequence[Loan], as_of: date, known_at: datetime | None = None) -> list[Seen]:
    """What the compiled kernel says of loans with different ids."""
    heads, schedule, postings, products = tables(loans)
    aged = age_chunk(heads, schedule, postings, ProductTable.of(products), as_of, known_at=known_at, instalments=True)
    rows = pa.table(position_columns(heads, as_of, aged) | standing_columns(aged)).to_pylist()
    # Without instalments the kernel takes a shorter way for loans that pay promptly.
    short = age_chunk(heads, schedule, postings, ProductTable.of(products), as_of, known_at=known_at)
    for loan, told, row in zip(
        loans, pa.table(position_columns(heads, as_of, short) | standing_columns(short)).to_pylist(), rows, strict=True
    ):
        assert told == row, f"{loan}\nas of {as_of}, known at {known_at}"
    items: dict[str, list[dict[str, Any]]] = {row["loan_id"]: [] for row in rows}
    for row in instalment_columns(heads, as_of, aged).to_pylist():
        del row["as_of"]
        items[row["loan_id"]].append(row)
    return [Seen(row, items[row["loan_id"]]) for row in rows]
