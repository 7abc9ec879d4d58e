"""The door to the compiled kernel (``age.c``): layouts, and one call.

The kernel equals :func:`mora.ageing.rules.age` for every loan of a chunk. Layouts here and in
the C file are compared by a test.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache
from typing import cast

import numpy as np
import numpy.typing as npt

from mora.core.compiled import library

NO_DAY = -(2**31)
"""An unknown date in a column of day numbers."""

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

# Columns of the loan block.
(PRODUCT, PRINCIPAL, RATE, PER, OWN_RATE, OWN_PER, STARTED_ON, WRITTEN_ON, CHANGED_ON, FLAGS, PLACE,
 LOAN_FIELDS) = range(12)  # fmt: skip

# Rows of the output blocks.
(DAYS, DELINQUENT, OLDEST_ON, MISSED, NEXT_ON, LAST_ON, WORST, BUCKET, MATERIAL_DAYS, CONSECUTIVE, MISSED_EVER,
 FIRST_DEFAULT, LAST_LATE_ON, LAST_NPL_ON, LAST_MISSED_ON, OBSERVED_ON, OBSERVED_SECOND_ON,
 FIRST_OPEN_ON, INTS) = range(19)  # fmt: skip
(OVERDUE_P, OVERDUE_I, OVERDUE_F, PENALTY_AT, COMPOUND_AT, ARREARS, OUTSTANDING, PAYOFF_AT, CREDIT_AT, NEXT_MINOR,
 LAST_MINOR, AMOUNTS) = range(12)  # fmt: skip
ITEM_META, ITEM_BLOCK = 5, 35


@cache
def _age() -> Callable[..., int]:
    function = library().mora_age
    pointer, long = ctypes.c_void_p, ctypes.c_int64
    function.restype = long
    function.argtypes = [long, *[pointer] * 18, ctypes.c_int32, long, long, *[pointer] * 4]
    return cast("Callable[..., int]", function)


def layout() -> tuple[int, ...]:
    """Widths the kernel was built with: terms, loan block, ints, amounts, item meta, item block."""
    function = library().mora_age_layout
    function.restype = ctypes.c_int64
    return tuple(function(ctypes.c_int64(what)) for what in range(6))


def _pointer(array: npt.NDArray[np.generic] | None, dtype: type, name: str) -> int | None:
    if array is None:
        return None
    if array.dtype != dtype or not array.flags.c_contiguous:
        raise TypeError(f"{name} must be a contiguous array of {dtype.__name__}, not {array.dtype}")
    return array.ctypes.data if array.size else _NOTHING.ctypes.data


_NOTHING = np.zeros(8, np.int64)


def age_loans(
    loans: Longs,
    s_start: Longs,
    p_start: Longs,
    *,
    due: Ints,
    number: Ints | None,
    version: Ints | None,
    effective: Ints | None,
    principal: Longs,
    interest: Longs,
    fee: Longs,
    value: Ints,
    kind: Bytes,
    amount: Longs,
    component: Bytes | None,
    named: Ints | None,
    reversed_by: Ints | None,
    booked: Longs | None,
    terms: Longs,
    as_of: int,
    known_at: int,
    capacity: int,
    ints: Ints,
    amounts: Longs,
    meta: Longs | None,
    block: Longs | None,
) -> int:
    """Age every loan of a chunk to the evening of ``as_of``; returns the item rows written.

    :param loans: (n, LOAN_FIELDS); PLACE is the column of the outputs a loan's outcome goes to, each once.
    :param s_start, p_start: n + 1 offsets of each loan's schedule rows (by version, then item order) and
        postings (in acting order).
    :param booked, known_at: microseconds since 1970-01-01 UTC; ``known_at`` -1 for everything known today.
    :param capacity: at least the largest number of schedule rows plus postings of one loan.
    :param ints, amounts: outputs (INTS, n) and (AMOUNTS, n).
    :param meta, block: outputs with room for all schedule rows plus postings, or None.
    :raises MemoryError: when the kernel cannot get its work space.
    """
    columns = (
        (loans, np.int64, "loans"), (s_start, np.int64, "s_start"), (p_start, np.int64, "p_start"),
        (due, np.int32, "due"), (number, np.int32, "number"), (version, np.int32, "version"),
        (effective, np.int32, "effective"), (principal, np.int64, "principal"), (interest, np.int64, "interest"),
        (fee, np.int64, "fee"), (value, np.int32, "value"), (kind, np.uint8, "kind"), (amount, np.int64, "amount"),
        (component, np.uint8, "component"), (named, np.int32, "named"), (reversed_by, np.int32, "reversed_by"),
        (booked, np.int64, "booked"), (terms, np.int64, "terms"),
    )  # fmt: skip
    outputs = (
        (ints, np.int32, "ints"), (amounts, np.int64, "amounts"), (meta, np.int64, "meta"), (block, np.int64, "block"),
    )  # fmt: skip
    written: int = _age()(
        len(loans), *(_pointer(*column) for column in columns), as_of, known_at, capacity,
        *(_pointer(*column) for column in outputs),
    )  # fmt: skip
    if written < 0:
        raise MemoryError("the ageing kernel could not get its work space")
    return written
