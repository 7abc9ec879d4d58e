"""Which partition a loan lives in: a hash that means the same on every machine and in every version.

FNV-1a, 64 bits, of the id's UTF-8 bytes, folded once (high half into low) and taken modulo the number of partitions.
"""

from __future__ import annotations

import ctypes

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mora.core.compiled import library

LOANS_PER_PARTITION = 250_000
GROWTH = 2
"""A book this many times larger than its partitions were made for is partitioned anew."""


def fnv1a(text: str) -> int:
    """FNV-1a, 64 bits: the plain words for the compiled loop in core/hash.c.

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
    _, offsets, data = array.buffers()
    out = np.empty(len(array), dtype=np.uint64)
    library().mora_fnv1a(
        ctypes.c_int64(len(array)),
        ctypes.c_void_p(offsets.address + 8 * array.offset),
        ctypes.c_void_p(data.address if data else 0),
        ctypes.c_void_p(out.ctypes.data),
    )
    out ^= out >> np.uint64(32)
    return (out % np.uint64(partitions)).astype(np.int64)


def partitions_for(loans: int, current: int) -> int:
    """How many partitions a book of ``loans`` should have, now that it has ``current`` (0: it is new)."""
    if current and loans <= current * LOANS_PER_PARTITION * GROWTH:
        return current
    return max(1, -(-loans // LOANS_PER_PARTITION))


class Buckets:
    """Partitions cut into runs of consecutive loan ids, small enough to work on one at a time.

    A bucket becomes one row group of its partition. Bucket numbers run through partition 0, then 1, and so on.
    """

    def __init__(self, cuts: list[pl.Series]) -> None:
        self.cuts = cuts
        """For each partition, the first loan id of each of its buckets but the first."""
        self.first = np.cumsum([0, *(len(c) + 1 for c in cuts)])
        """Number of each partition's first bucket; then the number of buckets."""

    def __len__(self) -> int:
        return int(self.first[-1])

    def of_partition(self, part: int) -> range:
        """The bucket numbers of a partition."""
        return range(int(self.first[part]), int(self.first[part + 1]))

    def of(self, ids: pl.Series) -> NDArray[np.int64]:
        """The bucket of each loan id, whether or not there is such a loan; a missing id is the empty text's."""
        where = partitions_of(ids, len(self.cuts))
        out = self.first[where]
        for part, cuts in enumerate(self.cuts):
            if len(cuts):
                here = np.flatnonzero(where == part)
                out[here] += cuts.search_sorted(ids.gather(here).fill_null(""), side="right").to_numpy()
        return out


def cuts_of(ids: pl.Series, size: int) -> pl.Series:
    """Every ``size``-th of the different ids in order, but not the first: where the next bucket begins."""
    return ids.drop_nulls().unique().sort().gather_every(size, offset=size)
