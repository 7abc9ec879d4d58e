"""What a book is: one manifest that names the live files. Whoever reads it sees a whole generation or the one before.

Data files are never changed; an import writes new ones and then replaces ``book.json`` in one step. Files no manifest
names are what a killed import left, and are removed by the next.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from mora.feeds.faults import refused

FORMAT = 1
MANIFEST = "book.json"
LOAN_TABLES = ("loans", "schedule", "postings")
"""One file a partition each."""
SINGLE_TABLES = ("parties", "roles", "contact_points")
"""One file each; absent when nothing was given."""
ROW_GROUP_LOANS = 25_000


@dataclass(frozen=True, slots=True)
class Book:
    """A generation of a book, as its manifest tells it."""

    path: Path
    generation: int = 0
    """0: nothing was imported yet."""
    partitions: int = 0
    synthetic: bool = False
    files: dict[str, Any] = field(default_factory=dict)
    """Table -> list of file names, partition by partition (loans, schedule, postings), or one name, or None."""
    facts: tuple[str, ...] = ()
    """Columns of loans beyond the format, in every partition."""
    products: str | None = None
    """Product terms as imported."""
    touched: str | None = None
    """File of the loan ids whose rows or facts this generation changed; None when it changed none."""
    imports: tuple[dict[str, Any], ...] = ()
    counts: dict[str, int] = field(default_factory=dict)

    def file(self, table: str, partition: int | None = None) -> Path | None:
        """The live file of a table (and partition); None when the table was never given."""
        name = self.files.get(table)
        if partition is not None and name is not None:
            name = name[partition]
        return self.path / name if name else None

    def loans_file(self, partition: int) -> Path:
        """The loans of a partition of a book that holds something."""
        return self.path / str(self.files["loans"][partition])

    def scan(self, table: str) -> pl.LazyFrame:
        """A whole table, lazily. Empty without columns when it was never given."""
        names = self.files.get(table) or []
        paths = [self.path / name for name in ([names] if isinstance(names, str) else names)]
        return pl.scan_parquet(paths) if paths else pl.LazyFrame()

    def touched_ids(self) -> pl.Series:
        """Loan ids that the latest generation changed."""
        if self.touched is None:
            return pl.Series("loan_id", [], dtype=pl.String)
        return pl.read_parquet(self.path / self.touched)["loan_id"]

    def as_json(self) -> str:
        """The text of ``book.json``."""
        return json.dumps(
            {
                "format": FORMAT, "generation": self.generation, "partitions": self.partitions,
                "synthetic": self.synthetic, "files": self.files, "facts": list(self.facts), "touched": self.touched,
                "products": self.products, "counts": self.counts, "imports": list(self.imports),
            },
            ensure_ascii=False, indent=1,
        )  # fmt: skip

    def live(self) -> set[str]:
        """Names, relative to the book, of every file this generation needs."""
        names = {self.touched} if self.touched else set()
        for held in self.files.values():
            names.update([held] if isinstance(held, str) else held or [])
        return names


def open_book(path: Path, *, new: bool = False) -> Book:
    """The book at ``path`` as its last whole import left it.

    ``products.yaml`` beside the manifest is a copy for people; were an import killed between the two, the manifest is
    right and the copy is written again here.

    :param new: an empty or absent directory is an empty book.
    :raises BadInput: not a book, or of a format this version does not know.
    """
    manifest = path / MANIFEST
    if not manifest.is_file():
        empty = not path.exists() or (path.is_dir() and not _foreign(path))
        if new and empty:
            return Book(path)
        raise refused("BOOK.NOT_A_BOOK", detail=str(path))
    try:
        told = json.loads(manifest.read_text(encoding="utf-8"))
        if told["format"] != FORMAT:
            raise KeyError("format")
        book = Book(
            path, told["generation"], told["partitions"], told["synthetic"], told["files"], tuple(told["facts"]),
            told["products"], told["touched"], tuple(told["imports"]), told["counts"],
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        raise refused("BOOK.NOT_A_BOOK", detail=str(manifest)) from None
    _mend_products(book)
    return book


def _foreign(path: Path) -> bool:
    """Whether a directory holds anything an import would not have made."""
    made = {"data", "quarantine", "positions", "products.yaml", ".lock", MANIFEST + ".new"}
    return any(entry.name not in made for entry in path.iterdir())


def _mend_products(book: Book) -> None:
    copy = book.path / "products.yaml"
    if book.products is None or (copy.is_file() and copy.read_text(encoding="utf-8") == book.products):
        return
    if os.access(book.path, os.W_OK):
        replace(copy, book.products)


def replace(path: Path, text: str) -> None:
    """Put ``text`` at ``path`` in one step: whoever looks sees the old or the new, whole, also after a power cut."""
    new = path.with_name(path.name + ".new")
    with new.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Make the directory's entries durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
