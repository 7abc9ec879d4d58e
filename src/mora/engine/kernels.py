"""Compiled loops of the engine."""

from __future__ import annotations

import ctypes

import numpy as np
from numpy.typing import NDArray

from mora.core.compiled import library


def fnv1a_64(offsets: NDArray[np.int64], data: NDArray[np.uint8], out: NDArray[np.uint64]) -> None:
    """``out[i]`` = FNV-1a, 64 bits, of the bytes ``data[offsets[i]:offsets[i + 1]]``; see :func:`mora.engine.book.partition.fnv1a`."""
    function = library().mora_fnv1a
    function.restype = None
    pointer = ctypes.c_void_p
    function.argtypes = [ctypes.c_int64, pointer, pointer, pointer]
    offsets = np.ascontiguousarray(offsets)
    function(len(out), offsets.ctypes.data, data.ctypes.data, out.ctypes.data)
