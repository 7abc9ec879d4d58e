"""Workbooks to raw tables. A sheet has at most a million rows and is read whole."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import fastexcel
import polars as pl

from mora.feeds import ROW, RawBook, RawTable
from mora.feeds.columns import TABLES
from mora.feeds.faults import RefusedBook, refused
from mora.feeds.files import find, is_synthetic, products_text, stranger, table_of


def read_directory(source: Path) -> RawBook:
    """The sheets of a directory's workbooks that are tables."""
    found = find(source, ".xlsx")
    tables, findings = [], []
    for table, path in found.tables:
        tables.append(_open_sheet(table, path, None))
    for path in found.strangers:
        sheets = _sheets(path)
        for sheet in sheets:
            if table_of(sheet):
                tables.append(_open_sheet(table_of(sheet), path, sheet))
            else:
                findings.append(stranger(f"{path.name}/{sheet}"))
    order = list(TABLES)
    return RawBook(
        tables=tuple(sorted(tables, key=lambda raw: (order.index(raw.table), raw.file))),
        products_yaml=products_text(source),
        synthetic=is_synthetic(source),
        findings=tuple(findings),
    )


def _sheets(path: Path) -> list[str]:
    try:
        return list(fastexcel.read_excel(path).sheet_names)
    except fastexcel.FastExcelError as error:
        raise _unreadable(path.name, error) from None


def _open_sheet(table: str, path: Path, sheet: str | None) -> RawTable:
    name = sheet if sheet is not None else _sheets(path)[0]
    file = f"{path.name}/{sheet}" if sheet is not None else path.name
    frame = _load(path, name, file)
    if frame.height == 0:
        raise refused("BOOK.EMPTY_FILE", file=file)
    names = tuple(text.strip() for text in frame.row(0) if text is not None)
    return RawTable(
        table, file, names, partial(_batches, path, name, file, names), rows=frame.height - 1, sources=(path,)
    )


def _batches(path: Path, sheet: str, file: str, names: tuple[str, ...]) -> Iterator[pl.DataFrame]:
    frame = _load(path, sheet, file)
    cells = frame.select(pl.nth(i).fill_null("").alias(name) for i, name in enumerate(dict.fromkeys(names)))
    # A date cell comes out with its midnight; a real time of day stays and is the door's to refuse.
    cells = cells.with_columns(pl.all().str.replace(r"^([0-9]{4}-[0-9]{2}-[0-9]{2}) 00:00:00$", "$1"))
    numbered = cells.with_columns(pl.int_range(1, frame.height + 1, dtype=pl.Int64).alias(ROW)).slice(1)
    filled = numbered.filter(pl.any_horizontal(pl.col(name) != "" for name in cells.columns))
    if filled.height:
        yield filled


def _load(path: Path, sheet: str, file: str) -> pl.DataFrame:
    try:
        loaded = fastexcel.read_excel(path).load_sheet(sheet, header_row=None, dtypes="string")
    except fastexcel.FastExcelError as error:
        raise _unreadable(file, error) from None
    return loaded.to_polars()


def _unreadable(file: str, error: Exception) -> RefusedBook:
    return refused("BOOK.WORKBOOK", file=file, detail=str(error).splitlines()[0].replace("|", "/"))
