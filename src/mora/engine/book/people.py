"""Parties, roles and contact points: one file each, one row group a partition, the latest import's row for each key."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from mora.engine.book.faultlog import FaultLog, Tally
from mora.engine.book.manifest import Book
from mora.engine.book.stage import Stage
from mora.engine.book.twice import settle_twice
from mora.engine.book.write import OPTIONS
from mora.engine.door.accept import dtype
from mora.feeds.columns import TABLES


def columns_of(table: str) -> dict[str, pl.DataType]:
    """Columns of a people table's file: the format's."""
    return {c.name: dtype(table, c) for c in TABLES[table].columns}


def write_people(
    table: str, stage: Stage, base: Stage | None, book: Book, target: Path, given: dict[str, list[int]],
    loan_ids: Stage | None, places: list[str], log: FaultLog, tally: Tally,
) -> bool:  # fmt: skip
    """Merge a people table and write it to ``target``; False, and no file, when nothing changed.

    :param base: the book's rows split anew, when the number of partitions changed; else the book's file is read.
    :param loan_ids: for roles, the loans that stand, by partition; roles of others are set aside.
    """
    columns, key = columns_of(table), list(TABLES[table].key)
    schema = pl.DataFrame(schema=columns).to_arrow(compat_level=pl.CompatLevel.oldest()).schema
    held = book.file(table)
    changed = False
    with pq.ParquetWriter(target, schema, **OPTIONS) as writer:
        old = pq.ParquetFile(held) if held and base is None else None
        for part in range(stage.parts):
            if base is not None:
                before = base.read(part)
            elif old is not None:
                before = pl.DataFrame(pl.from_arrow(old.read_row_group(part)))
            else:
                before = pl.DataFrame(schema=columns)
            rows = stage.read(part)
            stage.drop(part)
            tally.add("in", rows, None, None)
            rows = rows.filter(~pl.col("_bad"))
            rows = settle_twice(rows, key, [c for c in columns if c not in key], key[0], None, places, log)
            if loan_ids is not None:
                there = loan_ids.read(part)
                log.add(
                    rows.join(there, on="loan_id", how="anti", maintain_order="left"), "BOOK.UNKNOWN_LOAN", "loan_id"
                )
                rows = rows.join(there, on="loan_id", how="semi", maintain_order="left")
            after, same = _merge(before, rows, key, list(columns), given)
            tally.rows["kept"] += len(rows) - same
            tally.rows["unchanged"] += same
            changed |= len(rows) > same
            writer.write_table(
                after.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema), row_group_size=1 << 30
            )
        if old is not None:
            old.close()
    if not changed and base is None:
        target.unlink()
        return False
    return True


def _merge(
    before: pl.DataFrame, rows: pl.DataFrame, key: list[str], columns: list[str], given: dict[str, list[int]]
) -> tuple[pl.DataFrame, int]:
    """The rows after, by key, and how many of ``rows`` said nothing new."""
    rest = [c for c in columns if c not in key]
    met = rows.join(before.select(columns), on=key, how="left", suffix="_book", maintain_order="left")
    known = met.join(before.select(key), on=key, how="semi", maintain_order="left")
    after = {
        c: pl.when(pl.col("_file").is_in(given[c])).then(pl.col(c)).otherwise(pl.col(c + "_book"))
        if c in given
        else pl.col(c)
        for c in rest
    }
    same = known.filter(
        pl.all_horizontal([pl.lit(True), *(e.eq_missing(pl.col(c + "_book")) for c, e in after.items())])
    )
    latest = pl.concat([
        known.select(*key, *(e.alias(c) for c, e in after.items())),
        rows.join(before.select(key), on=key, how="anti", maintain_order="left").select(*key, *rest),
    ])  # fmt: skip
    kept = before.select(*key, *rest).join(latest.select(key), on=key, how="anti", maintain_order="left")
    return pl.concat([kept, latest]).sort(key).select(columns), len(same)
