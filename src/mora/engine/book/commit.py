"""The last step of an import, and its traces: what was set aside, which loans were touched, and the manifest."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from mora.core.errors import MoraError
from mora.engine.book.manifest import MANIFEST, Book, replace, sync_directory
from mora.engine.book.quarantine import set_aside
from mora.engine.book.report import ImportReport
from mora.engine.book.work import Mark, Work
from mora.engine.book.write import sync
from mora.feeds import RawBook


def fingerprint(raw: RawBook) -> Mark:
    """What this import is: sha256 over its tables' names, its files' contents and its product terms."""
    files = {}
    for table in raw.tables:
        whole = hashlib.sha256()
        for source in table.sources:
            with source.open("rb") as file:
                whole.update(hashlib.file_digest(file, "sha256").digest())
        files[table.file] = whole.hexdigest()
    parts = sorted((table.table, files[table.file]) for table in raw.tables)
    text = json.dumps([parts, raw.products_yaml, raw.synthetic])
    return hashlib.sha256(text.encode()).hexdigest(), files


def skipped(book: Book, mark: Mark) -> ImportReport | None:
    """The report of an import that need not be read: the very same came before, and reading it again cannot matter.

    It cannot when nothing was set aside then, or when nothing came since.
    """
    for place, done in enumerate(book.imports):
        if done["fingerprint"] != mark[0]:
            continue
        aside = sum(t["rows"]["set_aside"] for t in done["tables"].values())
        if aside and place != len(book.imports) - 1:
            continue
        tables = {table: _all_there(told) for table, told in done["tables"].items()}
        folder = book.path / "quarantine" / done["id"]
        return ImportReport(done["id"], book.generation, False, tables, done["codes"], folder if aside else None)
    return None


def _all_there(told: dict) -> dict:  # type: ignore[type-arg]
    rows, amounts = told["rows"], told["amounts"]
    there = {c: amounts["in"][c] - amounts["set_aside"].get(c, 0) for c in amounts["in"]}
    return {
        "rows": rows | {"kept": 0, "unchanged": rows["in"] - rows["set_aside"]},
        "amounts": amounts | {"kept": {}, "unchanged": there},
    }


def commit(work: Work, at: datetime | None, hook: Callable[[str], None]) -> ImportReport:
    """Set aside, write what was touched, make all of it durable, and put the new manifest in place."""
    book = work.book
    faults = _resolved(work)
    same = next((d for d in book.imports if d["fingerprint"] == work.mark[0]), None)
    name = same["id"] if same and not work.changes() else f"{len(book.imports) + 1:04d}-{work.mark[0][:8]}"
    folder = book.path / "quarantine" / name
    if folder.exists():
        shutil.rmtree(folder)
    own_names = [door.columns for door in work.doors]
    codes, examples = set_aside(folder, list(work.raw.tables), own_names, faults, work.progress)
    hook("set aside")
    tables = {table: tally.as_dict() for table, tally in work.tallies.items()}
    _nothing_lost(tables, codes)
    if same and not work.changes():
        return ImportReport(name, book.generation, False, tables, codes, folder if codes else None,
                            tuple(work.warnings), examples)  # fmt: skip
    touched_name = f"data/touched-g{work.generation}.parquet"
    (book.path / "data").mkdir(exist_ok=True)
    touched = _write_touched(work, book.path / touched_name)
    sync_directory(book.path / "data")
    hook("durable")
    record = {"id": name, "fingerprint": work.mark[0], "generation": work.generation, "files": work.mark[1],
              "tables": tables, "codes": codes} | ({"at": at.isoformat()} if at else {})  # fmt: skip
    after = Book(
        book.path, work.generation, work.partitions, book.synthetic or work.raw.synthetic, work.files, work.facts,
        work.terms.text, touched_name, (*book.imports, record), {},
    )  # fmt: skip
    after.counts.update(
        {t: int(after.scan(t).select(pl.len()).collect().item()) if after.files.get(t) else 0 for t in work.files}
    )
    replace(book.path / MANIFEST, after.as_json())
    hook("committed")
    if after.products is not None:
        replace(book.path / "products.yaml", after.products)
    return ImportReport(name, work.generation, work.changes(), tables, codes, folder if codes else None,
                        tuple(work.warnings), examples, touched)  # fmt: skip


def _write_touched(work: Work, path: Path) -> int:
    """The loan ids that were touched, each once, a partition a row group; returns how many."""
    count = 0
    schema = pa.schema([("loan_id", pa.large_string())])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for _, parts in sorted(work.touched.items()):
            ids = pl.concat(parts).unique().sort().to_frame("loan_id")
            writer.write_table(ids.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema))
            count += len(ids)
    sync(path)
    return count


def _nothing_lost(tables: dict[str, dict[str, Any]], codes: dict[str, int]) -> None:
    """Every row is in the book, was there, or lies in quarantine with its reason; else nothing is committed."""
    missing = sum(table["rows"]["set_aside"] for table in tables.values()) - sum(codes.values())
    if missing:
        raise MoraError(
            f"{missing} rows are neither in the book nor set aside; the book was left as it is. Please report this."
        )


def _resolved(work: Work) -> pl.DataFrame:
    """The faults, with reversals of another loan's posting told apart from reversals of nobody's."""
    faults = work.log.frame()
    lost = pl.concat(work.unresolved) if work.unresolved else None
    if lost is None or not len(lost):
        return faults
    held = [pl.scan_parquet(work.book.path / str(name)).select("posting_id") for name in work.files["postings"] if name]
    wanted = lost.lazy().select(pl.col("reverses").alias("posting_id")).unique()
    found = pl.concat(held).join(wanted, on="posting_id", how="semi").collect(engine="streaming")["posting_id"]
    elsewhere = lost.filter(pl.col("reverses").is_in(found.implode())).select(
        pl.col("_file").alias("file"), pl.col("_row").alias("row"), pl.lit(True).alias("_elsewhere"))  # fmt: skip
    other = pl.col("_elsewhere").is_not_null() & (pl.col("code") == "BOOK.REVERSAL_UNKNOWN")
    return (
        faults.join(elsewhere, on=["file", "row"], how="left", maintain_order="left")
        .with_columns(pl.when(other).then(pl.lit("BOOK.REVERSAL_OTHER_LOAN")).otherwise("code").alias("code"))
        .drop("_elsewhere")
    )


def clear_garbage(book: Book) -> None:
    """Remove what no manifest names: files and folders of imports that were killed, and generations gone by."""
    live = book.live()
    data = book.path / "data"
    if data.is_dir():
        for entry in data.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)
            elif f"data/{entry.name}" not in live:
                entry.unlink()
    kept = {done["id"] for done in book.imports}
    aside = book.path / "quarantine"
    if aside.is_dir():
        for entry in aside.iterdir():
            if entry.name not in kept:
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    (book.path / (MANIFEST + ".new")).unlink(missing_ok=True)
