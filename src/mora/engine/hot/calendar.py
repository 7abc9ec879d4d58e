"""When is each loan next of interest? Every day, on its first unpaid due date, or not before somebody touches it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mora.ageing.kernels import NO_DAY
from mora.engine.scan import Chunk
from mora.loans.terms import PayoffStyle, Product

Days = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

ALWAYS = -(2**31) + 1
"""A standing loan: every day."""
NEVER = 2**31 - 1
"""Nothing is left to fall due, or its rows stand elsewhere."""

_DATED = ("written_off_on", "sold_on", "started_on", "first_due_on")
"""Dates on which class or bureau status may change by themselves."""


def next_days(chunk: Chunk, first_open_on: Days, ever_npl: Flags, daily: frozenset[str], today: int) -> Days:
    """The next day number each loan of a chunk must be looked at again, its debtor's other loans left aside.

    :param first_open_on: due date of the first item with something open, NO_DAY when none.
    :param ever_npl: the loan was once more than 90 days past due, so the clocks of its upgrade run.
    :param daily: products under which every figure moves every day.
    """
    loans = chunk.loans
    standing = (first_open_on != NO_DAY) & (first_open_on <= today)
    standing |= ever_npl
    standing |= loans["restructured_on"].combine_chunks().is_valid().to_numpy(zero_copy_only=False)
    for name in _DATED:
        if name in loans.column_names:
            standing |= _day_numbers(loans[name]) > today
    standing |= _dated_later(chunk, today)
    if daily:
        standing |= pa.compute.is_in(loans["product"].cast(pa.string()), value_set=pa.array(sorted(daily))).to_numpy()
    result = np.where(first_open_on == NO_DAY, NEVER, first_open_on).astype(np.int32)
    result[standing] = ALWAYS
    return result


def daily_products(products: Mapping[str, Product]) -> frozenset[str]:
    """Products under which every loan changes every day: payoff with interest accrued to the day."""
    return frozenset(name for name, each in products.items() if each.payoff is PayoffStyle.ACCRUED)


def _day_numbers(column: pa.ChunkedArray) -> Days:
    result: Days = column.cast(pa.int32()).fill_null(NO_DAY).to_numpy()
    return result


def _dated_later(chunk: Chunk, today: int) -> Flags:
    """Loans with a posting or a schedule version dated after today."""
    ends = np.cumsum(chunk.loans["n_postings"].to_numpy())
    result = np.zeros(len(ends), np.bool_)
    later = np.flatnonzero(_day_numbers(chunk.postings["value_on"]) > today)
    result[np.searchsorted(ends, later, side="right")] = True
    if "effective_on" in chunk.schedule.column_names:
        ends = np.cumsum(chunk.loans["n_schedule"].to_numpy())
        later = np.flatnonzero(_day_numbers(chunk.schedule["effective_on"]) > today)
        result[np.searchsorted(ends, later, side="right")] = True
    return result
