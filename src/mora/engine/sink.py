"""Writing positions: row groups as they come, one file, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq

DICTIONARY = frozenset({
    "currency", "bucket", "risk_class", "risk_class_reason", "bureau_status", "product", "branch", "region", "officer",
    "party_kind", "collateral_kind",
})  # fmt: skip
"""Columns of few different strings, kept as dictionaries."""


_BATCH_ROWS = 32_768
"""A row group at a time: Arrow's default of 1,024 rows costs a tenth of the writing."""


def dictionary_schema(schema: pa.Schema) -> pa.Schema:
    """The same schema with its few-valued strings dictionary-encoded."""
    return pa.schema([
        each.with_type(pa.dictionary(pa.int32(), pa.string())) if each.name in DICTIONARY else each
        for each in schema
    ])  # fmt: skip


class Sink:
    """A Parquet file that appears under its name only when everything was written.

    Use as a context manager; an exception inside leaves no file and keeps what stood there before.
    """

    def __init__(self, path: Path, schema: pa.Schema, metadata: Mapping[str, str] | None = None) -> None:
        self.path = path
        self.schema = dictionary_schema(schema)
        if metadata:
            self.schema = self.schema.with_metadata({**metadata})
        self.rows = 0
        self._part = path.with_name(f".{path.name}.{os.getpid()}.part")
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Sink:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        names = [each.name for each in self.schema if pa.types.is_dictionary(each.type)]
        self._writer = pq.ParquetWriter(
            self._part, self.schema, compression="lz4", use_dictionary=names,
            write_statistics=False, write_batch_size=_BATCH_ROWS,
        )  # fmt: skip
        return self

    def write(self, table: pa.Table) -> None:
        """Append a row group; columns beyond the schema are left out, their order does not matter."""
        assert self._writer is not None
        arrays = [_fit(table[each.name], each.type) for each in self.schema]
        self._writer.write_table(pa.table(arrays, schema=self.schema), row_group_size=max(1, table.num_rows))
        self.rows += table.num_rows

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        assert self._writer is not None
        self._writer.close()
        if kind is None:
            os.replace(self._part, self.path)
        else:
            self._part.unlink(missing_ok=True)


def _fit(column: pa.ChunkedArray, wanted: pa.DataType) -> pa.ChunkedArray:
    if column.type == wanted:
        return column
    if pa.types.is_dictionary(wanted) and pa.types.is_string(column.type):
        return column.dictionary_encode()
    return column.cast(wanted)
