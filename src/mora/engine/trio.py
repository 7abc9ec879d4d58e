"""Copies of some loans' rows in files of their own, laid out like a partition of the book."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mora.engine.scan import Chunk, Files

TABLES = ("loans", "schedule", "postings")
_FLUSH_LOANS = 12_500
"""Several of these files are filled at once, each with so many loans in memory."""
_ALWAYS_GIVEN = frozenset({
    "due_on", "n", "version", "principal_minor", "interest_minor", "fee_minor", "value_on", "kind", "amount_minor",
    "component", "instalment_n", "reversed_by_ix", "n_schedule", "n_postings", "flags",
})  # fmt: skip
"""Columns that always hold a value: to say so makes them quicker to write and to read."""
_OPTIONS: dict[str, Any] = {"compression": "lz4", "write_statistics": False, "write_batch_size": 32_768}
"""These files live for days: they are made to be written and read quickly, not to be small."""


def files_named(folder: Path, name: str) -> Files:
    """Where the three tables of ``name`` lie."""
    return Files(*(str(folder / f"{name}.{table}.parquet") for table in TABLES))


class TrioWriter:
    """Collects loans with their rows and writes them in aligned row groups. Nothing is written for no loans."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.loans = 0
        self._held: list[Chunk] = []
        self._held_loans = 0
        self._writers: list[pq.ParquetWriter] = []

    def add(self, chunk: Chunk) -> None:
        """Take over the loans of a chunk."""
        if not chunk.loans.num_rows:
            return
        self._held.append(chunk)
        self._held_loans += chunk.loans.num_rows
        if self._held_loans >= _FLUSH_LOANS:
            self._flush()

    def _flush(self) -> None:
        tables = [
            pa.concat_tables([getattr(each, table) for each in self._held], promote_options="default")
            for table in TABLES
        ]
        if not self._writers:
            self.folder.mkdir(parents=True, exist_ok=True)
            paths = files_named(self.folder, self.name)
            for table, path in zip(tables, (paths.loans, paths.schedule, paths.postings), strict=True):
                schema = _plain(table.schema)
                texts = [each.name for each in schema if pa.types.is_string(each.type)]
                self._writers.append(pq.ParquetWriter(path, schema, use_dictionary=texts, **_OPTIONS))
        for writer, table in zip(self._writers, tables, strict=True):
            writer.write_table(table.cast(writer.schema), row_group_size=max(1, table.num_rows))
        self.loans += self._held_loans
        self._held, self._held_loans = [], 0

    def close(self) -> bool:
        """Finish the files; False when there was nothing to write, and then there are none."""
        if self._held_loans:
            self._flush()
        for writer in self._writers:
            writer.close()
        return bool(self._writers)


def _plain(schema: pa.Schema) -> pa.Schema:
    """The schema without dictionaries, whose values differ from chunk to chunk."""
    return pa.schema([
        pa.field(
            each.name,
            each.type.value_type if pa.types.is_dictionary(each.type) else each.type,
            nullable=each.name not in _ALWAYS_GIVEN,
        )
        for each in schema
    ])  # fmt: skip


def remove(folder: Path, name: str) -> None:
    """Delete the three files, where they are."""
    paths = files_named(folder, name)
    for path in (paths.loans, paths.schedule, paths.postings):
        if os.path.exists(path):
            os.remove(path)
