"""Writing a partition in aligned row groups: group k of schedule and postings holds the rows of group k's loans."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

OPTIONS: dict[str, Any] = {"compression": "zstd", "compression_level": 1, "write_statistics": True,
                           "store_schema": False}  # fmt: skip
"""Without the Arrow schema kept inside, dictionary-encoded text reads back as plain text everywhere."""


def write_loans(path: Path, loans: pl.DataFrame, groups: list[int]) -> None:
    """The loans of a partition, sorted by loan_id, in row groups of the given numbers of loans."""
    schema = loans.to_arrow(compat_level=pl.CompatLevel.oldest()).schema
    # Ids are all different: a dictionary of them only costs time, in writing and in every reading.
    few = [name for name in schema.names if name not in ("loan_id", "party_id")]
    with pq.ParquetWriter(path, schema, use_dictionary=few, **OPTIONS) as writer:
        begin = 0
        for size in groups:
            table = loans.slice(begin, size).to_arrow(compat_level=pl.CompatLevel.oldest())
            writer.write_table(table.cast(schema), row_group_size=size)
            begin += size
    sync(path)


class RowsFile:
    """A partition's schedule or postings, written a row group at a time."""

    def __init__(self, path: Path, columns: dict[str, pl.DataType]) -> None:
        self.path, self.columns = path, list(columns)
        body = pl.DataFrame(schema=columns).to_arrow(compat_level=pl.CompatLevel.oldest()).schema
        self.schema = pa.schema([("loan_id", pa.dictionary(pa.int32(), pa.large_string())), *body])
        self._writer = pq.ParquetWriter(path, self.schema, **OPTIONS)

    def write(self, loan_ids: pl.Series, ix: NDArray[np.int64], rows: pl.DataFrame) -> None:
        """One row group: the rows of the loans ``loan_ids``; ``ix`` is each row's loan, from 0, ascending."""
        ids = loan_ids.to_arrow(compat_level=pl.CompatLevel.oldest())
        names = pa.DictionaryArray.from_arrays(pa.array(ix.astype(np.int32)), ids)
        body = rows.select(self.columns).rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
        table = pa.Table.from_arrays([names, *body.columns], schema=self.schema)
        self._writer.write_table(table, row_group_size=max(1, len(rows)))

    def close(self, *, keep: bool) -> None:
        """Make the file durable, or take it away."""
        self._writer.close()
        if keep:
            sync(self.path)
        else:
            self.path.unlink()


def sync(path: Path) -> None:
    """Make a file's bytes durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
