"""The tables as files: Parquet with minor units, or CSV with decimals; the same names in both."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from types import TracebackType

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

PLACES = 2
"""Decimals of every currency in the catalogue (a test holds this)."""
MINOR = "_minor"
PARTS = "_e12"
"""Yearly rates in parts of 10^-12; all of the catalogue's are whole millionths."""


class Form(StrEnum):
    """How a synthetic book is written."""

    PARQUET = "parquet"
    """Typed columns, amounts as int64 minor units in columns ending in ``_minor``; for large books."""
    CSV = "csv"
    """UTF-8 text, amounts as decimals in major units; for reading and small trials."""


class TableFile:
    """One table's file, written block by block; a context manager."""

    def __init__(self, directory: Path, table: str, part: str, form: Form) -> None:
        """
        :param part: '' for the only file of the table, else for instance ``-0003``.
        """
        self._form = form
        self._path = directory / f"{table}{part}.{form.value}"
        self._writer: pq.ParquetWriter | None = None

    def write(self, rows: pa.Table) -> None:
        """Append a block: one Parquet row group, or so many lines."""
        if self._form is Form.CSV:
            self._write_lines(rows)
            return
        if self._writer is None:
            self._writer = self._open(rows.schema)
        self._writer.write_table(rows, row_group_size=max(1, rows.num_rows))

    def _write_lines(self, rows: pa.Table) -> None:
        frame = pl.DataFrame(pl.from_arrow(as_text(rows)))
        with self._path.open("ab") as file:
            frame.write_csv(file, include_header=file.tell() == 0, line_terminator="\n", quote_style="necessary")

    def _open(self, schema: pa.Schema) -> pq.ParquetWriter:
        repeated = [field.name for field in schema if pa.types.is_dictionary(field.type)]
        numbers = [field.name for field in schema if pa.types.is_integer(field.type) or pa.types.is_date(field.type)]
        # Without the Arrow schema in the file every reader sees plain strings, not this writer's dictionaries.
        return pq.ParquetWriter(
            self._path, schema, compression="zstd", compression_level=1,
            use_dictionary=repeated + numbers, store_schema=False,
        )  # fmt: skip

    def __enter__(self) -> TableFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writer is not None:
            self._writer.close()


def as_text(rows: pa.Table) -> pa.Table:
    """The CSV form: ``principal_minor`` 1234 becomes ``principal`` 12.34, ``annual_rate_e12``
    becomes a decimal fraction, instants end in Z, words are written out."""
    return pa.table(dict(_text_column(name, _whole(rows[name])) for name in rows.column_names))


def _text_column(name: str, values: pa.Array) -> tuple[str, pa.Array]:
    if name.endswith(MINOR):
        return name.removesuffix(MINOR), _point(values, PLACES)
    if name.endswith(PARTS):
        return name.removesuffix(PARTS), _point(pc.divide(values, 10**6), 6)
    if pa.types.is_dictionary(values.type):
        return name, values.cast(pa.string())
    if pa.types.is_timestamp(values.type):
        return name, pc.strftime(values.cast(pa.timestamp("s", tz="UTC")), format="%Y-%m-%dT%H:%M:%SZ")
    return name, values


def _point(whole: pa.Array, places: int) -> pa.Array:
    """Whole numbers as exact decimals: the same digits, the point moved. No float is involved."""
    digits = whole.cast(pa.decimal128(19, 0))
    return pa.Array.from_buffers(pa.decimal128(19, places), len(digits), digits.buffers(), offset=digits.offset)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
