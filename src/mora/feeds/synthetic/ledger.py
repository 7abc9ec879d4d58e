"""The postings of a block: collected kind by kind, then put in the order they were booked and numbered.

Posting ids are the loan id and a running number in booked order, so an id does not depend on
how many days are asked for: what comes later has a higher number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mora.loans.terms import Component, PostingKind

Ints = NDArray[np.int64]
DAY_SECONDS = 86_400

NOTES: list[str | None] = [
    None,
    "扣款退回 debit returned",
    "重复付款 paid twice",
    "争议核查 dispute under review",
    "困难帮扶 hardship",
    "账单重组 new schedule",
    "误收退还 charged in error",
    "部分提前还款 part repaid early",
    "受让余额 balance bought in",
    "减免 given up",
    "核销 written off",
    "核销后回收 recovered after write-off",
]
"""What a posting may say; position is the code. Invented, in both languages."""
RETURNED, TWICE, DISPUTE, HARDSHIP, NEW_SCHEDULE, IN_ERROR, PART_EARLY, BOUGHT_IN, GIVEN_UP, OFF, AFTER = range(1, 12)


@dataclass(slots=True)
class Booked:
    """The block's postings in order of (loan, booked instant)."""

    loan: Ints
    serial: Ints
    """Running number within the loan, from 1."""
    kind: Ints
    value_on: Ints
    amount: Ints
    second: Ints
    """Booked instant: seconds since 1970-01-01 UTC."""
    component: Ints
    instalment_n: Ints
    """-1: none."""
    note: Ints
    reverses: Ints
    """Serial of the posting taken back; 0: none."""


class Ledger:
    """Takes postings in any order."""

    def __init__(self, seed: int, until: int) -> None:
        """
        :param until: first day number no longer wanted.
        """
        self._seed = seed
        self.until = until
        self._rows: list[dict[str, Ints]] = []
        self._count = 0

    def add(
        self,
        kind: PostingKind,
        loan: Ints,
        value_on: Ints,
        amount: Ints | int,
        *,
        hour: int = 6,
        booked_late: Ints | int = 0,
        component: Component | int = 0,
        instalment_n: Ints | int = -1,
        note: Ints | int = 0,
        reverses: Ints | int = -1,
    ) -> Ints:
        """Add postings; returns their row numbers, by which a reversal names its target.

        :param hour: of booking (UTC). Postings of one loan and day that depend on each other
            are given rising hours.
        :param booked_late: days between value date and booking.
        :param reverses: row numbers from an earlier ``add``.
        """
        size = len(loan)
        second = (value_on + booked_late) * DAY_SECONDS + hour * 3600 + _second_of_hour(self._seed, loan, value_on)
        self._rows.append({
            "loan": loan, "kind": _column(kind, size), "value_on": value_on, "amount": _column(amount, size),
            "second": second, "component": _column(component, size), "instalment_n": _column(instalment_n, size),
            "note": _column(note, size), "reverses": _column(reverses, size),
        })  # fmt: skip
        rows = np.arange(self._count, self._count + size, dtype=np.int64)
        self._count += size
        return rows

    def booked(self) -> Booked:
        """Everything booked before ``until``, in order, numbered."""
        columns = {name: np.concatenate([rows.pop(name) for rows in self._rows]) for name in list(self._rows[0])}
        self._rows.clear()
        order = np.lexsort((columns["second"], columns["loan"]))
        loan = columns["loan"][order]
        first = np.flatnonzero(np.diff(loan, prepend=-1))
        serial = np.arange(len(loan), dtype=np.int64) - np.repeat(first, np.diff(first, append=len(loan))) + 1
        serial_of_row = np.empty_like(serial)
        serial_of_row[order] = serial
        target = columns["reverses"]
        columns["reverses"] = np.where(target >= 0, serial_of_row[target], 0)
        kept = order[columns["second"][order] < self.until * DAY_SECONDS]
        return Booked(serial=serial_of_row[kept], **{name: values[kept] for name, values in columns.items()})


def _column(value: Ints | int, size: int) -> Ints:
    return np.full(size, int(value), dtype=np.int64) if np.ndim(value) == 0 else np.asarray(value, dtype=np.int64)


def _second_of_hour(seed: int, loan: Ints, day: Ints) -> Ints:
    """A second of the hour, scrambled from loan and day (SplitMix64's finisher).

    Not drawn by position: which postings exist depends on how many days are asked for, and the
    hour of one must not change with the others.
    """
    word = loan.astype(np.uint64) << np.uint64(32) | day.astype(np.uint64)
    word += np.uint64((seed * 0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15) % 2**64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        word = (word ^ word >> np.uint64(shift)) * np.uint64(factor)
    return ((word ^ word >> np.uint64(31)) % np.uint64(3600)).astype(np.int64)
