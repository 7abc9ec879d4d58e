"""CSV to raw tables, in blocks of whole lines.

A block is cut at a line end outside quotes. Arrow splits it into fields; when that gives exactly one row for each line
end, line numbers follow. Otherwise (a quoted line break, a blank line, a row with too many or too few fields) the
block goes once more through the plain reader, which knows where each row begins and which rows have the wrong shape.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.csv

from mora.feeds import ROW, SHAPE, RawBook, RawTable
from mora.feeds.csv.encoding import UndecodableError, blocks, detect
from mora.feeds.faults import refused
from mora.feeds.files import find, is_synthetic, products_text, stranger

LONGEST_ROW = 1 << 26
"""Bytes after which a quote that was not closed is taken as a slip, and the lines as they stand."""


def read_directory(source: Path) -> RawBook:
    """The CSV tables of a directory."""
    found = find(source, ".csv")
    return RawBook(
        tables=tuple(open_table(table, path) for table, path in found.tables),
        products_yaml=products_text(source),
        synthetic=is_synthetic(source),
        findings=tuple(stranger(path.name) for path in found.strangers),
    )


def open_table(table: str, path: Path) -> RawTable:
    """Decide the encoding, read the header, and leave the rest for later.

    :raises BadInput: empty, undecodable, or not separated by commas.
    """
    if path.stat().st_size == 0:
        raise refused("BOOK.EMPTY_FILE", file=path.name)
    try:
        encoding = detect(path)
    except UndecodableError as error:
        raise refused("BOOK.ENCODING", file=path.name, detail=str(error)) from None
    first = next(_cut(blocks(path, encoding)), b"")
    header, _, _ = first.partition(b"\n")
    text = header.decode().strip()
    if not text:
        raise refused("BOOK.EMPTY_FILE", file=path.name)
    try:
        names = tuple(name.strip() for name in next(csv.reader([text])))
    except csv.Error:
        names = tuple(text.split(","))
    for mark, word in (
        (";", "分号|semicolons"),
        ("\t", "制表符|tabs"),
        ("|", "竖线|bars"),
        ("，", "全角逗号|full-width commas"),
    ):
        if len(names) == 1 and mark in text:
            raise refused("BOOK.SEPARATOR", file=path.name, detail=word)
    return RawTable(table, path.name, names, partial(_batches, path, encoding, names), sources=(path,))


def _batches(path: Path, encoding: str, names: tuple[str, ...]) -> Iterator[pl.DataFrame]:
    line = 1
    for number, whole in enumerate(_cut(blocks(path, encoding))):
        block, lines = whole, whole.count(b"\n")
        if number == 0:
            block = whole.partition(b"\n")[2]
            lines -= 1
            line = 2
        if block.strip(b"\r\n"):
            yield _split(block, names, line, lines)
        line += lines


def _cut(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Blocks that end at a line end outside quotes. The last line gets a line end if it has none."""
    rest, held = b"", b""
    for given in pieces:
        # Every way to end a line becomes one; a carriage return at the very end may be half of a pair.
        piece = held + given
        held = b"\r" if piece.endswith(b"\r") else b""
        if b"\r" in piece:
            piece = piece.removesuffix(held).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        rest += piece
        at = _last_line_end(rest)
        if at:
            yield rest[:at]
            rest = rest[at:]
    if held:
        rest += b"\n"
    if rest:
        yield rest if rest.endswith(b"\n") else rest + b"\n"


def _last_line_end(block: bytes) -> int:
    at = block.rfind(b"\n") + 1
    if b'"' not in block or not at:
        return at
    # An odd number of quotes before a line end means that it stands inside quotes: try the one before.
    quotes = block.count(b'"', 0, at)
    while at and quotes % 2:
        before = block.rfind(b"\n", 0, at - 1) + 1
        quotes -= block.count(b'"', before, at)
        at = before
    return at if at or len(block) < LONGEST_ROW else block.rfind(b"\n") + 1


def _split(block: bytes, names: tuple[str, ...], line: int, lines: int) -> pl.DataFrame:
    wrong: list[object] = []

    def skip(row: pyarrow.csv.InvalidRow) -> str:
        wrong.append(row)
        return "skip"

    # Names are positions here: a header may hold a name twice, which is the door's to refuse.
    positions = [str(i) for i in range(len(names))]
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(block),
            read_options=pyarrow.csv.ReadOptions(column_names=positions, block_size=1 << 25),
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=b'"' in block, invalid_row_handler=skip),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(positions, pa.string()), strings_can_be_null=False, check_utf8=False
            ),
        )
    except pa.ArrowInvalid:
        return _plainly(block, names, line)
    if wrong or table.num_rows != lines:
        return _plainly(block, names, line)
    frame = pl.DataFrame({p: pl.Series(p, table[p]) for p in positions})
    frame.columns = [name if names.index(name) == i else f"{name}\x00{i}" for i, name in enumerate(names)]
    return frame.with_columns(pl.int_range(line, line + lines, dtype=pl.Int64).alias(ROW))


def _plainly(block: bytes, names: tuple[str, ...], line: int) -> pl.DataFrame:
    """The same with the standard library's reader: slower, and knows each row's line and shape."""
    width = len(names)
    reader = csv.reader(io.StringIO(block.decode(), newline=""))
    rows: list[list[str]] = []
    at: list[int] = []
    shape: list[str | None] = []
    begin = line
    while True:
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            row = []
            shape.append(str(error))
            rows.append([""] * width)
            at.append(begin)
        if row:
            shape.append(None if len(row) == width else f"{len(row)} 个而非 {width} 个|{len(row)} instead of {width}")
            # Surplus fields stay in the last column, so that the row can be kept as it was given.
            rows.append(
                [*row, *[""] * (width - len(row))]
                if len(row) <= width
                else [*row[: width - 1], ",".join(row[width - 1 :])]
            )
            at.append(begin)
        begin = line + reader.line_num
    columns = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return frame.with_columns(pl.Series(ROW, at, dtype=pl.Int64), pl.Series(SHAPE, shape, dtype=pl.String))
