"""Which partition a loan lives in: a hash that means the same on every machine and in every version.

FNV-1a, 64 bits, of the id's UTF-8 bytes, folded once (high half into low) and taken modulo the number of partitions.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mora.engine.kernels import fnv1a_64

LOANS_PER_PARTITION = 250_000
GROWTH = 2
"""A book this many times larger than its partitions were made for is partitioned anew."""


def fnv1a(text: str) -> int:
    """FNV-1a, 64 bits, the plain words for :func:`mora.engine.kernels.fnv1a_64`.

    >>> hex(fnv1a("a"))
    '0xaf63dc4c8601ec8c'
    """
    h = 0xCBF29CE484222325
    for byte in text.encode():
        h = (h ^ byte) * 0x100000001B3 % 2**64
    return h


def partition_of(loan_id: str, partitions: int) -> int:
    """The partition of one loan."""
    h = fnv1a(loan_id)
    return (h ^ (h >> 32)) % partitions


def partitions_of(ids: pl.Series, partitions: int) -> NDArray[np.int64]:
    """:func:`partition_of` for a column; a missing id is the empty text's."""
    if partitions == 1:
        return np.zeros(len(ids), dtype=np.int64)
    array = ids.fill_null("").to_arrow(compat_level=pl.CompatLevel.oldest())
    offsets = np.frombuffer(array.buffers()[1], dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    data = array.buffers()[2]
    out = np.empty(len(array), dtype=np.uint64)
    fnv1a_64(offsets, np.frombuffer(data, dtype=np.uint8) if data else np.zeros(0, dtype=np.uint8), out)
    out ^= out >> np.uint64(32)
    return (out % np.uint64(partitions)).astype(np.int64)


def partitions_for(loans: int, current: int) -> int:
    """How many partitions a book of ``loans`` should have, now that it has ``current`` (0: it is new)."""
    if current and loans <= current * LOANS_PER_PARTITION * GROWTH:
        return current
    return max(1, -(-loans // LOANS_PER_PARTITION))
