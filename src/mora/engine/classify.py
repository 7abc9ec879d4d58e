"""Classification over chunks: the law read once for a day, then each chunk; debtors with several loans at the end.

Contagion needs all loans of a debtor, and a chunk holds only some. So the few loans whose
debtor may be contagious are held back while the rest streams by, and classified together
when the last chunk has been seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from mora.ageing.columns import FLAG_LINKED, STANDING
from mora.core.errors import Refused
from mora.law import load
from mora.loans.terms import Product
from mora.riskclass.debtors import (
    NO_CONTAGION,
    Contagion,
    add_totals,
    apply_contagion,
    contagious,
    party_totals,
)
from mora.riskclass.frames import Classified, classify_chunk
from mora.riskclass.numbers import Numbers, read_numbers
from mora.riskclass.rows import ProductSchemes
from mora.riskclass.tables import Tables, make_tables


@dataclass(frozen=True, slots=True)
class Classifier:
    """What is needed to classify any chunk of a book on one day."""

    as_of: date
    numbers: Numbers
    schemes: ProductSchemes
    tables: Tables | None
    why_not: str = ""
    """Why nothing can be classified: a rule that had no value on the day. Unknown stays unknown."""

    @classmethod
    def of(cls, products: Mapping[str, Product], as_of: date, house: Path | None = None) -> Classifier:
        """Read the law for the products' jurisdictions as it stood on ``as_of``."""
        first = sorted({each.jurisdiction for each in products.values()}) or ["cn"]
        packs = dict.fromkeys([*first, "eu"])  # the accounting stages' source is held in the eu pack
        numbers = read_numbers(load(*packs, house=house), on=as_of)
        schemes = ProductSchemes.of(products)
        try:
            return cls(as_of, numbers, schemes, make_tables(numbers, schemes.schemes))
        except Refused as error:
            return cls(as_of, numbers, schemes, None, str(error))

    def alone(self, loans: pa.Table, table: pa.Table) -> pa.Table:
        """Add class, reason, stage, provision and bureau status to loans that stand for themselves.

        :param table: positions and standing of the same loans in the same order.
        """
        return self._finish(table, self._classified(loans, table))

    def spread(self, parts: Iterable[tuple[pa.Table, pa.Table]]) -> Contagion:
        """Among whose claims contagion spreads, from all loans (loans, table) of debtors with several."""
        if self.tables is None:
            return NO_CONTAGION
        totals = []
        for loans, table in parts:
            chunk = self._classified(loans, table)
            assert chunk is not None
            totals.append(party_totals(loans, chunk, self.tables))
        return contagious(add_totals(totals), self.numbers)

    def together(self, loans: pa.Table, table: pa.Table, spread: Contagion) -> pa.Table:
        """The same as :meth:`alone`, with contagion laid over it."""
        chunk = self._classified(loans, table)
        if chunk is not None and self.tables is not None:
            chunk = apply_contagion(loans, chunk, spread, self.tables)
        return self._finish(table, chunk)

    def _classified(self, loans: pa.Table, table: pa.Table) -> Classified | None:
        if self.tables is None:
            return None
        standing = {name: table[name] for name in STANDING.names}
        return classify_chunk(self.as_of, loans, _by_name(table), standing, products=self.schemes, tables=self.tables)

    def _finish(self, table: pa.Table, chunk: Classified | None) -> pa.Table:
        if chunk is None or self.tables is None:
            return _unclassified(table, self.why_not)
        for name, column in chunk.columns(self.tables).items():
            table = table.append_column(name, column)
        return table


def linked(loans: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which loans of a chunk must be classified together with others."""
    flags: np.ndarray[tuple[int], np.dtype[np.bool_]] = (loans["flags"].to_numpy() & FLAG_LINKED) != 0
    return flags


def _by_name(table: pa.Table) -> dict[str, pa.ChunkedArray]:
    return {name: table[name] for name in table.column_names}


def _unclassified(table: pa.Table, why: str) -> pa.Table:
    rows = table.num_rows
    columns: Sequence[tuple[str, pa.Array]] = (
        ("risk_class", pa.nulls(rows, pa.string())),
        ("risk_class_reason", pa.array([f"unknown: {why}"] * rows, pa.string())),
        ("ecl_stage", pa.nulls(rows, pa.int8())),
        ("provision_minor", pa.nulls(rows, pa.int64())),
        ("bureau_status", pa.nulls(rows, pa.string())),
    )
    for name, column in columns:
        table = table.append_column(name, column)
    return table
