"""Faults and tallies as the work goes on: which rows are set aside and why, and how much came, stayed and went."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import polars as pl

from mora.core.money import exponent
from mora.engine.door.table import FAULTS_SCHEMA

LOG_SCHEMA = {"file": pl.UInt16, **FAULTS_SCHEMA}
LATER = 100
"""``place`` of faults found after the door: told after those of the row's own cells."""


class FaultLog:
    """Every fault of an import. Held in memory: some 60 bytes for each."""

    def __init__(self) -> None:
        self._frames: list[pl.DataFrame] = []

    def from_door(self, file: int, faults: pl.DataFrame) -> None:
        """Take over what the door found in a file."""
        if len(faults):
            self._frames.append(faults.select(pl.lit(file, pl.UInt16).alias("file"), *FAULTS_SCHEMA))

    def add(self, rows: pl.DataFrame, code: str | pl.Expr, column: str = "", detail: str | pl.Expr = "") -> None:
        """Set rows aside. ``rows`` has ``_file`` and ``_row``; ``code`` and ``detail`` may be columns of it.

        The value told is the one the row has in ``column``; it is looked up when the original row is read again.
        """
        if not len(rows):
            return
        self._frames.append(
            rows.select(
                pl.col("_file").alias("file"),
                pl.col("_row").alias("row"),
                pl.lit(LATER, pl.Int16).alias("place"),
                (pl.lit(code) if isinstance(code, str) else code).alias("code"),
                pl.lit(column).alias("column"),
                pl.lit(None, pl.String).alias("value"),
                (pl.lit(detail) if isinstance(detail, str) else detail).cast(pl.String).alias("detail"),
            ).select(*LOG_SCHEMA)
        )

    def frame(self) -> pl.DataFrame:
        """All faults, by file and row, a row's faults leftmost column first."""
        if not self._frames:
            return pl.DataFrame(schema=LOG_SCHEMA)
        return pl.concat(self._frames).sort("file", "row", "place", maintain_order=True)


@dataclass(slots=True)
class Tally:
    """Rows and amounts of one table by what became of them, amounts in minor units by currency.

    Amounts of rows whose loan (and so currency) is unknown stand under ``?`` as if it had two decimals; cells that
    could not be read count nothing.
    """

    rows: Counter[str] = field(default_factory=Counter)
    amounts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """fate -> currency -> sum."""

    def add(self, fate: str, frame: pl.DataFrame, amount: pl.Expr | None, currency: pl.Expr | None) -> None:
        """Count rows, and sum an amount by currency."""
        self.rows[fate] += len(frame)
        if amount is None or currency is None or not len(frame):
            return
        # In two halves, so that no sum leaves 63 bits.
        sums = (
            frame.lazy()
            .group_by(currency.fill_null("?").alias("currency"))
            .agg((amount // 10**6).sum().alias("high"), (amount % 10**6).sum().alias("low"))
            .collect()
        )
        for name, high, low in sums.iter_rows():
            self.amounts[fate][name] += high * 10**6 + low

    def as_dict(self) -> dict[str, object]:
        """Plain values; whatever came and neither stayed nor was there already was set aside."""
        came = self.amounts.get("in", Counter())
        aside = {
            currency: came[currency] - self.amounts["kept"][currency] - self.amounts["unchanged"][currency]
            for currency in came
        }
        return {
            "rows": {fate: self.rows[fate] for fate in ("in", "kept", "unchanged")}
            | {"set_aside": self.rows["in"] - self.rows["kept"] - self.rows["unchanged"]},
            "amounts": {fate: dict(sorted(self.amounts[fate].items())) for fate in ("in", "kept", "unchanged")}
            | {"set_aside": dict(sorted(aside.items()))},
        }


def minor(column: str, milli: pl.Expr, unit: pl.Expr) -> pl.Expr:
    """An amount in minor units: thousandths divided by ``unit`` (1, 10 or 1000) where ``milli``, else as it is."""
    return pl.when(milli).then(pl.col(column) // unit).otherwise(pl.col(column))


def unit_of(currencies: pl.Series) -> pl.Expr:
    """Thousandths of the major unit in one minor unit of each row's currency; 10 when it has none.

    :param currencies: the column, whose values are looked up once each.
    """
    known = {name: 10 ** (3 - exponent(name)) for name in currencies.drop_nulls().unique().to_list()}
    if not known:
        return pl.lit(10, pl.Int64)
    return pl.col(currencies.name).replace_strict(known, default=10, return_dtype=pl.Int64)
