"""Chance that does not depend on the order of work.

Every drawing has an address: (seed, block, name). The address is the key of a counter-based
generator (Philox 4x64), so a block can be made first, last, alone or in another process and
comes out the same, and a new kind of drawing does not disturb the others.

Only the generator's raw words are used, which NumPy keeps stable from release to release;
turning words into choices is integer arithmetic done here.
"""

from __future__ import annotations

from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


class Draws:
    """The drawings of one block of a synthetic book."""

    def __init__(self, seed: int, block: int, prefix: str = "") -> None:
        """
        :param seed: 0 <= seed < 2**64.
        :param block: number of the block, from 0.
        :param prefix: put before every name.
        """
        self._seed = seed
        self._block = block
        self._prefix = prefix

    def under(self, prefix: str) -> Draws:
        """Drawings of the same block whose names begin with ``prefix``."""
        return Draws(self._seed, self._block, f"{self._prefix}{prefix}/")

    def below(self, name: str, bound: int, *shape: int) -> Ints:
        """Whole numbers in ``[0, bound)``, evenly spread (to one part in 2**32), of the given shape.

        :param name: what is drawn; the same name gives the same numbers again.
        :param bound: 1 to 2**31.
        """
        size = int(np.prod(shape))
        key = np.array([self._seed, self._block << 32 | crc32(f"{self._prefix}{name}".encode())], dtype=np.uint64)
        words = np.random.Philox(key=key).random_raw((size + 1) // 2).astype("<u8", copy=False)
        halves = words.view("<u4")[:size].astype(np.uint64)
        halves *= np.uint64(bound)
        halves >>= np.uint64(32)
        return halves.astype(np.int64).reshape(shape)

    def between(self, name: str, low: int, high: int, *shape: int) -> Ints:
        """Whole numbers in ``[low, high]``, both ends included."""
        return self.below(name, high - low + 1, *shape) + low

    def choice(self, name: str, weights: tuple[int, ...], *shape: int) -> Ints:
        """Positions in ``weights``, each as likely as its weight says."""
        edges = np.cumsum(np.array(weights, dtype=np.int64))
        return np.searchsorted(edges, self.below(name, int(edges[-1]), *shape), side="right").astype(np.int64)
