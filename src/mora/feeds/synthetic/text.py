"""Many short texts at once: numbers to digits and byte tables to Arrow strings, without a loop per row."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
NO_DAY = -(10**6)
"""A day number (before the common era) that stands for no date."""


def digits(numbers: NDArray[np.int64], width: int) -> Bytes:
    """Numbers as ASCII digits with leading zeros, one row each; digits beyond ``width`` are cut off at the left."""
    out = np.empty((len(numbers), width), dtype=np.uint8)
    rest = numbers.astype(np.int64)
    for place in range(width - 1, -1, -1):
        rest, digit = np.divmod(rest, 10)
        out[:, place] = digit + ord("0")
    return out


def constant(text: str, rows: int) -> Bytes:
    """The same text in every row."""
    return np.broadcast_to(np.frombuffer(text.encode(), dtype=np.uint8), (rows, len(text.encode())))


def strings(*parts: Bytes) -> pa.Array:
    """Rows of bytes, side by side, as an Arrow string column."""
    rows = np.ascontiguousarray(np.concatenate(parts, axis=1))
    count, width = rows.shape
    offsets = np.arange(count + 1, dtype=np.int32) * np.int32(width)
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(rows))


def numbered(prefix: str, numbers: NDArray[np.int64], width: int) -> pa.Array:
    """``prefix`` and the number with leading zeros: ``SYN000000042``."""
    return strings(constant(prefix, len(numbers)), digits(numbers, width))


def scattered(values: pa.Array, at: NDArray[np.int64], rows: int) -> pa.Array:
    """A column of ``rows`` entries holding ``values`` at the positions ``at`` and nothing elsewhere."""
    where = np.full(rows, -1, dtype=np.int64)
    where[at] = np.arange(len(at))
    return values.take(pa.array(where, mask=where < 0))


def palette(codes: NDArray[np.int64], words: list[str | None]) -> pa.DictionaryArray:
    """A column that takes its texts from a short list; the code of a ``None`` word gives nothing.

    Each text is stored once: given a dictionary with repeats, the Parquet writer leaves a tail of
    whatever was in memory, and the same book would not have the same bytes.
    """
    known = list(dict.fromkeys(word for word in words if word is not None))
    place = {word: code for code, word in enumerate(known)}
    where = np.array([-1 if word is None else place[word] for word in words], dtype=np.int32)[codes]
    mask = where < 0
    return pa.DictionaryArray.from_arrays(
        pa.array(where, mask=mask if mask.any() else None), pa.array(known, pa.string())
    )  # fmt: skip


def dates(days: NDArray[np.int64]) -> pa.Array:
    """Day numbers since 1970-01-01 as dates; NO_DAY gives nothing."""
    return pa.array(days.astype(np.int32), pa.int32(), mask=days == NO_DAY).cast(pa.date32())
