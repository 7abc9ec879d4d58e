"""Staging: rows of one table, split into temporary Arrow streams so that each part of the book can be worked on alone.

Memory holds one batch; disk holds the rows once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4")


class Stage:
    """A table being split. Close it before reading."""

    def __init__(
        self, folder: Path, name: str, schema: dict[str, pl.DataType], parts: int, key: str,
        where: Callable[[pl.Series], NDArray[np.int64]],
    ) -> None:  # fmt: skip
        self.folder, self.name, self.schema, self.parts, self.key, self.where = folder, name, schema, parts, key, where
        self._writers: dict[int, pa.ipc.RecordBatchStreamWriter] = {}
        self._arrow = pl.DataFrame(schema=schema).to_arrow(compat_level=pl.CompatLevel.oldest()).schema
        self.rows = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Split a batch by where its key belongs. Columns the schema has and the batch has not are null."""
        frame = frame.select(
            (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
            for name, dtype in self.schema.items()
        )
        if not len(frame):
            return
        self.rows += len(frame)
        where = self.where(frame[self.key])
        if (where[1:] < where[:-1]).any():
            order = np.argsort(where, kind="stable")
            frame, where = frame[order], where[order]
        begins = np.flatnonzero(np.concatenate([[True], where[1:] != where[:-1]]))[: len(where)]
        for begin, end in zip(begins, [*begins[1:], len(where)], strict=True):
            self._write(int(where[begin]), frame.slice(int(begin), int(end - begin)))

    def _write(self, part: int, frame: pl.DataFrame) -> None:
        if part not in self._writers:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._writers[part] = pa.ipc.new_stream(self._path(part), self._arrow, options=_OPTIONS)
        self._writers[part].write_table(frame.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(self._arrow))

    def close(self) -> None:
        """No more rows."""
        for writer in self._writers.values():
            writer.close()

    def _path(self, part: int) -> str:
        return str(self.folder / f"{self.name}-{part:04d}.arrows")

    def has(self, part: int) -> bool:
        """Whether the part got any row."""
        return part in self._writers

    def read(self, part: int) -> pl.DataFrame:
        """The part's rows, in the order they came."""
        if part not in self._writers:
            return pl.DataFrame(schema=self.schema)
        with pa.memory_map(self._path(part)) as file, pa.ipc.open_stream(file) as stream:
            return pl.DataFrame(pl.from_arrow(stream.read_all()))

    def batches(self, part: int) -> Iterator[pl.DataFrame]:
        """The part's rows, a batch at a time."""
        if part not in self._writers:
            return
        with pa.memory_map(self._path(part)) as file, pa.ipc.open_stream(file) as stream:
            for batch in stream:
                yield pl.DataFrame(pl.from_arrow(pa.Table.from_batches([batch])))

    def drop(self, part: int) -> None:
        """Free the part's disk."""
        Path(self._path(part)).unlink(missing_ok=True)
