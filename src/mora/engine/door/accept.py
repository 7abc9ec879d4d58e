"""Cells to values, a column at a time: what is read becomes a typed value, what cannot be read becomes null.

Text is stripped of spaces at both ends; an empty text is no value. No float is on the way: an amount's digits go
through a fixed-point decimal into an integer of thousandths (``milli``), a rate's into parts of 10^-12. Why a cell was
turned away is asked of :mod:`mora.engine.door.diagnose`, for those cells only.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from mora.core.dates import FIRST_DAY, LAST_DAY
from mora.core.rates import MAX_RATE
from mora.engine.door.diagnose import (
    CONTROL,
    CONTROL_IN_TEXT,
    ID_LONGEST,
    LARGEST_WHOLE,
    TEXT_LONGEST,
    read_date,
    read_instant,
)
from mora.feeds.columns import COMPONENTS, KINDS, Column, Kind
from mora.loans.terms import Component, PostingKind

_MILLI = r"^[+-]?(0*[0-9]{1,16}(\.[0-9]{0,3}0*)?|\.[0-9]{1,3}0*)$"
_INSTANT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-5][0-9])$"
_RATE = r"^([+]?(0*[0-9]{1,2}(\.[0-9]{0,10}0*)?|\.[0-9]{1,10}0*)|-0*(0|0\.0*|\.0+))$"
CODES: dict[tuple[str, str], dict[str, int]] = {
    ("postings", "kind"): {name: PostingKind[name.upper()].value for name in KINDS},
    ("postings", "component"): {name: Component[name.upper()].value for name in COMPONENTS},
}
"""Words that are kept as their numbers."""


def dtype(table: str, column: Column) -> pl.DataType:
    """The type a column has once read."""
    if (table, column.name) in CODES:
        return pl.UInt8()
    match column.kind:
        case Kind.AMOUNT | Kind.RATE:
            return pl.Int64()
        case Kind.DATE:
            return pl.Date()
        case Kind.INSTANT:
            return pl.Datetime("us", "UTC")
        case Kind.NUMBER:
            return pl.Int32()
        case _:
            return pl.String()


def tidy(name: str) -> pl.Expr:
    """Text without spaces at its ends; null when nothing is left."""
    text = pl.col(name).str.strip_chars(" ")
    return pl.when(text.str.len_bytes() > 0).then(text)


def read_text(table: str, column: Column) -> pl.Expr:
    """The value of a tidy text column, null where it cannot be read at first sight (see :func:`second_look`)."""
    text = pl.col(column.name)
    if (table, column.name) in CODES:
        return text.replace_strict(CODES[table, column.name], default=None, return_dtype=pl.UInt8)
    match column.kind:
        case Kind.ID:
            return pl.when((text.str.len_chars() <= ID_LONGEST) & ~text.str.contains(CONTROL)).then(text)
        case Kind.TEXT:
            return pl.when((text.str.len_chars() <= TEXT_LONGEST) & ~text.str.contains(CONTROL_IN_TEXT)).then(text)
        case Kind.CURRENCY:
            return pl.when(text.str.contains("^[A-Z]{3}$")).then(text)
        case Kind.CHOICE:
            return pl.when(text.is_in(column.choices)).then(text)
        case Kind.NUMBER:
            number = pl.when(text.str.contains("^[0-9]{1,7}$")).then(text).cast(pl.Int32, strict=False)
            return pl.when(number.is_between(1, 1_000_000)).then(number)
        case Kind.DATE:
            iso = pl.when(text.str.contains("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")).then(text)
            return _in_range(iso.str.to_date("%Y-%m-%d", strict=False))
        case Kind.INSTANT:
            whole_text = pl.when(text.str.contains(_INSTANT)).then(text)
            moment = whole_text.str.to_datetime(
                "%Y-%m-%dT%H:%M:%S%.f%#z", strict=False, time_unit="us", time_zone="UTC"
            )
            return pl.when(moment.dt.date().is_between(FIRST_DAY, LAST_DAY, closed="none")).then(moment)
        case Kind.AMOUNT:
            amount = pl.when(text.str.contains(_MILLI)).then(text).cast(pl.Decimal(38, 3), strict=False)
            return pl.when(amount.abs() <= LARGEST_WHOLE).then(amount)
        case Kind.RATE:
            rate = pl.when(text.str.contains(_RATE)).then(text).cast(pl.Decimal(38, 12), strict=False)
            return pl.when(rate <= MAX_RATE // 10**12).then(rate)


def second_look(column: Column, text: pl.Series) -> pl.Series | None:
    """Values of texts not read at first sight but well formed all the same: other ways to write a date or an instant.

    None where the kind has only one way.
    """
    if column.kind is Kind.DATE:
        return _in_range_series(text.map_elements(read_date, return_dtype=pl.Date))
    if column.kind is Kind.INSTANT:
        moments = [moment if (moment := read_instant(t)) else None for t in text.to_list()]
        return pl.Series(moments, dtype=pl.Datetime("us", "UTC"))
    return None


def whole(decimal: pl.Series) -> pl.Series:
    """A decimal column as the integers it is made of (12.340 at scale 3 is 12340), nulls kept.

    LARGEST_WHOLE keeps the value inside 63 bits, so the low half of the 128 bits is the whole value.
    """
    array = decimal.to_arrow()
    halves = np.frombuffer(array.buffers()[1], dtype=np.int64)[2 * array.offset : 2 * (array.offset + len(array)) : 2]
    values = pl.Series(decimal.name, halves.copy())
    return (
        values
        if decimal.null_count() == 0
        else values.zip_with(decimal.is_not_null(), pl.Series([None], dtype=pl.Int64))
    )


def read_typed(column: Column) -> pl.Expr:
    """The value of a column that came typed; null when it is out of range."""
    value = pl.col(column.name)
    match column.kind:
        case Kind.DATE:
            return _in_range(value.cast(pl.Date))
        case Kind.INSTANT:
            moment = value.cast(pl.Datetime("us", "UTC"))
            return pl.when(moment.dt.date().is_between(FIRST_DAY, LAST_DAY, closed="none")).then(moment)
        case Kind.NUMBER:
            return pl.when(value.is_between(1, 1_000_000)).then(value).cast(pl.Int32)
        case Kind.RATE:
            return pl.when(value.is_between(0, MAX_RATE)).then(value).cast(pl.Int64)
        case _:
            return value.cast(pl.Int64, strict=False)


def _in_range(day: pl.Expr) -> pl.Expr:
    return pl.when(day.is_between(FIRST_DAY, LAST_DAY)).then(day)


def _in_range_series(days: pl.Series) -> pl.Series:
    return days.to_frame("day").select(_in_range(pl.col("day"))).to_series()
