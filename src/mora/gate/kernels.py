"""The door to the compiled gate (``gate.c``): its layouts, and three calls.

The kernel equals :meth:`mora.gate.verdict.Gate.ask` for every candidate. Layouts here and in the C file are compared by
a test.
"""

from __future__ import annotations

import ctypes
from enum import IntEnum
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from mora.core.compiled import library

NO_DAY = -(2**31)
NO_AMOUNT = -(2**63)
NEVER = 2**63 - 1
NOBODY = -1
NO_POINT = 8
ROOTS = ("cn", "us", "uk", "eu")
ARGS = 8
GUARANTEED = 1 << 31
"""What a guarantor is asked for is a guaranteed debt: a bit of its own among the kinds a rule speaks about."""


class Question(IntEnum):
    """What the kernel can ask, in the order of the C file."""

    HOURS = 0
    EFFECTIVE_CALLS = 1
    CONNECTED_NOTICES = 2
    UNANSWERED = 3
    SEVEN_IN_SEVEN = 4
    AFTER_CONVERSATION = 5
    MASSACHUSETTS = 6
    NEW_YORK_CITY = 7
    ONLY_LIABLE = 8
    ONLY_WHEN_LOST = 9
    NO_THIRD_PARTY = 10
    SPOUSE = 11
    HEIR = 12
    GUARANTOR = 13
    CONSUMER_ONLY = 14
    OF_AGE = 15
    IDENTITY = 16
    LETTER = 17
    OPT_OUT = 18
    ESIGN = 19
    ELECTRONIC = 20
    SAFE_ADDRESS = 21
    SUIT = 22
    VISIT = 23
    VALIDATION = 24
    LISTED = 25
    OUTSOURCING = 26
    PROCESSOR = 27
    RECORD = 28
    TRAINED = 29
    NOT_TOLD = 30
    IN_FORM = 31
    PLACED = 32
    OWED = 33
    RESTS = 34
    CEASE = 35
    DISPUTED = 36
    BREATHING_SPACE = 37
    CRISIS = 38
    PLAN_BEING_MADE = 39
    ORAL_AT_WORK = 40


class Fact(IntEnum):
    """Bits of a candidate's facts."""

    IDENTIFIED = 0
    VOLUNTEERS = 1
    RENOUNCED = 2
    POINTS_INVALID = 3
    DECEASED = 4
    INCAPACITATED = 5
    LISTED_KNOWN = 6
    LISTED = 7
    UNLAWFUL = 8
    SHOWS = 9
    RECORDS = 10
    APPOINTED = 11
    ENTRY_REFUSED = 12
    DISCLOSES_KNOWN = 13
    DISCLOSES = 14
    REQUIRED = 15
    CONSENTED = 16
    SUIT = 17


FROM_INBOUND, FROM_CONSENT, FROM_WORK = 1, 2, 4

RULE = ("root", "ident", "actors", "kinds", "products", "channels", "accepts", "calls", "first", "last")
VERSION = 3 * len(ROOTS) + 2
ITEM = 2 + ARGS
WHERE = 1 + len(ROOTS) + 1

_POINTERS: dict[str, type] = {
    "zone_start": np.int64, "change": np.int64, "offset": np.int64, "set_start": np.int64, "set_zone": np.int32,
    "rule": np.int64, "version": np.int64, "item": np.int64, "lost_after": np.int64,
    "left_out": np.int64, "where_table": np.int64, "hours_set": np.int32,
    "at": np.int64, "where": np.int32, "party": np.int32, "actor": np.int32, "channel": np.uint8, "purpose": np.uint8,
    "lender": np.uint8, "actor_kind": np.uint8, "mode": np.uint8, "role": np.uint8, "debtor": np.int32,
    "point": np.int32, "point_kind": np.uint8, "basis": np.uint8, "facts": np.uint32, "trained_on": np.int32,
    "born_on": np.int32, "used_on": np.int32, "checked_on": np.int32, "notice_on": np.int32,
    "guarantee_last": np.int32, "guarantee_claimed_on": np.int32,
    "contract_until": np.int32, "visitors": np.int32, "guarantee_limit": np.int64, "estate_value": np.int64,
    "contains": np.int64,
    "claim_start": np.int64, "claim": np.int32, "debt": np.int32, "kinds": np.uint32, "amount": np.int64,
    "barred_from": np.int32, "outsourcing_on": np.int32, "notified_on": np.int32, "in_form_on": np.int32,
    "validation_on": np.int32, "owed": np.uint32,
    "placed_start": np.int64, "placed": np.int32,
    "h_start": np.uint32, "h_order": np.uint32, "h_at": np.int64, "h_actor": np.int32, "h_point": np.int32,
    "h_channel": np.uint8, "h_result": np.uint8, "h_flags": np.uint8, "h_claim_start": np.int64, "h_claim": np.int32,
    "d_start": np.uint32, "d_since": np.int64, "d_until": np.int64, "d_from": np.int64, "d_to": np.int64,
    "d_kind": np.uint8, "d_written": np.uint8, "d_channels": np.uint16, "d_claim_start": np.int64,
    "d_point_start": np.int64, "d_claim": np.int32, "d_point": np.int32,
    "p_start": np.uint32, "p_since": np.int64, "p_until": np.int64, "p_rule": np.int32, "p_kind": np.uint8,
    "p_channels": np.uint16, "p_claim_start": np.int64, "p_point_start": np.int64, "p_claim": np.int32,
    "p_point": np.int32,
    "outcome": np.uint8, "refused": np.uint64, "warned": np.uint64, "excused": np.uint64, "noted": np.uint64,
    "earliest": np.int64, "counters": np.int32,
}  # fmt: skip
"""Arrays the kernel is lent, with their types; what is None is not known of any row."""

_TRAINING = tuple(f"_training_{word}" for word in range(4))
_NUMBERS = (
    "zones", "sets", "windows", "limit", "rules", "lost_afters", "left_outs", "rows", *_TRAINING,
)  # fmt: skip

_ORDER = (
    "zone_start", "change", "offset", "set_start", "set_zone", "zones", "sets", "windows", "limit", "_hint", "_today",
    "_seen", *_TRAINING,
    "rule", "version", "item", "lost_after", "left_out", "rules", "lost_afters",
    "left_outs", "where_table", "hours_set",
    *list(_POINTERS)[list(_POINTERS).index("at") :], "rows",
)  # fmt: skip
"""Fields with an underscore are the kernel's own."""


class Table(ctypes.Structure):
    """What the kernel reads and writes, in the order of the C struct."""

    _fields_ = tuple((name, ctypes.c_int64 if name in _NUMBERS else ctypes.c_void_p) for name in _ORDER)


Arrays = dict[str, npt.NDArray[Any] | None]


def table_of(arrays: Arrays, numbers: dict[str, int]) -> Table:
    """A table that borrows these arrays; they must outlive it.

    :raises TypeError: an array has the wrong type or does not lie in one piece.
    """
    made = Table(**numbers)
    for name, array in arrays.items():
        if array is None:
            continue
        dtype = _POINTERS[name]
        if array.dtype != dtype or not array.flags.c_contiguous:
            raise TypeError(f"{name} must be a contiguous array of {dtype.__name__}, not {array.dtype}")
        setattr(made, name, array.ctypes.data if array.size else _NOTHING.ctypes.data)
    return made


_NOTHING = np.zeros(8, np.int64)


@cache
def _gate() -> Any:
    function = library().mora_gate
    function.restype = ctypes.c_int64
    function.argtypes = [ctypes.POINTER(Table), ctypes.c_int64, ctypes.c_int64]
    return function


def answer(table: Table, first: int, last: int) -> None:
    """Answers the candidates in ``[first, last)``; several threads may share a table.

    :raises MemoryError: the kernel cannot get its work space.
    :raises AssertionError: a rule says that it clears at an instant that is past, or a candidate meets too many rules.
    """
    failed = _gate()(ctypes.byref(table), first, last)
    if failed == -1:
        raise MemoryError("the gate kernel could not get its work space")
    if failed:
        raise AssertionError("a rule clears in the past" if failed == -2 else "too many questions for one candidate")


def by_party(
    party: npt.NDArray[np.int32], at: npt.NDArray[np.int64], parties: int
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32] | None]:
    """Offsets of each party's rows, and the order that puts them together, oldest first; None when they lie so."""
    start = np.empty(parties + 1, np.uint32)
    order = np.empty(len(party), np.uint32)
    function = library().mora_gate_order
    function.restype = ctypes.c_int64
    pointer, long = ctypes.c_void_p, ctypes.c_int64
    function.argtypes = [long, pointer, pointer, long, pointer, pointer]
    lies = function(len(party), party.ctypes.data, at.ctypes.data, parties, start.ctypes.data, order.ctypes.data)
    return start, None if lies else order


def layout() -> tuple[int, ...]:
    """Sizes the kernel was built with: table, rule, version, item, place; then the lengths of its lists of words."""
    function = library().mora_gate_layout
    function.restype = ctypes.c_int64
    return tuple(function(ctypes.c_int64(what)) for what in range(20))
