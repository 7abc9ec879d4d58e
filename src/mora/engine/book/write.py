"""Writing a partition: aligned row groups. Group k of schedule and postings holds the rows of group k's loans, in order."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from mora.engine.book.manifest import ROW_GROUP_LOANS

OPTIONS: dict[str, Any] = {"compression": "zstd", "compression_level": 1, "write_statistics": True,
                           "store_schema": False}  # fmt: skip
"""Without the Arrow schema kept inside, dictionary-encoded text reads back as plain text everywhere."""


def write_loans(path: Path, loans: pl.DataFrame) -> None:
    """The loans of a partition, sorted by loan_id."""
    schema = loans.to_arrow(compat_level=pl.CompatLevel.oldest()).schema
    with pq.ParquetWriter(path, schema, **OPTIONS) as writer:
        for begin in range(0, len(loans), ROW_GROUP_LOANS):
            table = loans.slice(begin, ROW_GROUP_LOANS).to_arrow(compat_level=pl.CompatLevel.oldest())
            writer.write_table(table.cast(schema), row_group_size=ROW_GROUP_LOANS)
    sync(path)


def write_rows(path: Path, loan_ids: pl.Series, counts: NDArray[np.int64], rows: pl.DataFrame) -> None:
    """A loan's rows after its loan: ``rows`` has ``ix`` ascending and ``counts[ix]`` rows for each loan."""
    ends = np.concatenate([[0], np.cumsum(counts)])
    body = rows.drop("ix")
    ix = rows["ix"].to_numpy()
    schema = pa.schema(
        [("loan_id", pa.dictionary(pa.int32(), pa.large_string())), *body.to_arrow(compat_level=pl.CompatLevel.oldest()).schema]
    )
    with pq.ParquetWriter(path, schema, **OPTIONS) as writer:
        for begin in range(0, len(loan_ids), ROW_GROUP_LOANS):
            end = min(begin + ROW_GROUP_LOANS, len(loan_ids))
            first, last = int(ends[begin]), int(ends[end])
            ids = loan_ids.slice(begin, end - begin).to_arrow(compat_level=pl.CompatLevel.oldest())
            codes = pa.array((ix[first:last] - begin).astype(np.int32))
            part = body.slice(first, last - first).to_arrow(compat_level=pl.CompatLevel.oldest())
            table = pa.Table.from_arrays([pa.DictionaryArray.from_arrays(codes, ids), *part.columns], schema=schema)
            writer.write_table(table, row_group_size=max(1, last - first))
    sync(path)


def sync(path: Path) -> None:
    """Make a file's bytes durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
