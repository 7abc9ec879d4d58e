"""Parquet to raw tables, a row group's worth at a time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from mora.feeds import ROW, RawBook, RawTable
from mora.feeds.faults import RefusedBook, refused
from mora.feeds.files import find, is_synthetic, products_text, stranger

BATCH_ROWS = 1 << 19


def read_directory(source: Path) -> RawBook:
    """The Parquet tables of a directory."""
    found = find(source, ".parquet")
    return RawBook(
        tables=tuple(open_table(table, path) for table, path in found.tables),
        products_yaml=products_text(source),
        synthetic=is_synthetic(source),
        findings=tuple(stranger(path.name) for path in found.strangers),
    )


def open_table(table: str, path: Path) -> RawTable:
    """Read the footer: columns and rows.

    :raises BadInput: empty, cut short, or not Parquet.
    """
    if path.stat().st_size == 0:
        raise refused("BOOK.EMPTY_FILE", file=path.name)
    try:
        with pq.ParquetFile(path) as file:
            names, rows = tuple(file.schema_arrow.names), file.metadata.num_rows
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, error) from None
    return RawTable(table, path.name, names, partial(_batches, path), rows=rows, sources=(path,))


def _damaged(path: Path, error: Exception) -> RefusedBook:
    return refused("BOOK.TRUNCATED", file=path.name, detail=str(error).splitlines()[0].replace("|", "/"))


def _batches(path: Path) -> Iterator[pl.DataFrame]:
    begin = 1
    try:
        with pq.ParquetFile(path, pre_buffer=False, buffer_size=1 << 20) as file:
            for batch in file.iter_batches(BATCH_ROWS):
                frame = pl.DataFrame(pl.from_arrow(pa.Table.from_batches([batch])))
                yield frame.with_columns(pl.int_range(begin, begin + len(frame), dtype=pl.Int64).alias(ROW))
                begin += len(frame)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, error) from None
