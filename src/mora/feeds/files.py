"""Which files of a directory hold which table: ``loans.csv``, or several such as ``loans-2026-01.csv``."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from mora.feeds.columns import TABLES
from mora.feeds.faults import Told

SYNTHETIC_MARK = "SYNTHETIC.txt"
"""A file of this name says that the loans beside it are made up."""


@dataclass(frozen=True, slots=True)
class Found:
    """Files of one suffix in a directory."""

    tables: tuple[tuple[str, Path], ...]
    """(table, file), tables in reading order, files of a table by name."""
    strangers: tuple[Path, ...]
    """Files with that suffix whose name is no table's."""


def find(source: Path, *suffixes: str) -> Found:
    """The files with one of ``suffixes`` in ``source`` (or the one file ``source`` is)."""
    paths = [source] if source.is_file() else sorted(source.iterdir()) if source.is_dir() else []
    paths = [p for p in paths if p.is_file() and p.suffix.lower() in suffixes and not p.name.startswith((".", "~$"))]
    known = [(table, path) for path in paths if (table := table_of(path.stem))]
    order = list(TABLES)
    return Found(
        tuple(sorted(known, key=lambda pair: (order.index(pair[0]), pair[1].name))),
        tuple(path for path in paths if not table_of(path.stem)),
    )


def table_of(stem: str) -> str:
    """The table a file or sheet name stands for: the name itself, or the name and ``-`` or ``.`` and anything."""
    stem = stem.lower()
    for table in TABLES:
        if stem == table or stem.startswith((table + "-", table + ".")):
            return table
    return ""


def stranger(name: str) -> Told:
    """That a file or sheet was not read, with the table it may have been meant for."""
    close = get_close_matches(Path(name).stem.lower(), TABLES, n=1)
    hint = f"；是否应名为 {close[0]}？|; should it be called {close[0]}?" if close else ""
    return Told("BOOK.UNKNOWN_FILE", file=name, detail=hint)


def products_text(source: Path) -> str | None:
    """The text of ``products.yaml`` beside the tables, when there is one."""
    path = (source if source.is_dir() else source.parent) / "products.yaml"
    return path.read_text(encoding="utf-8-sig") if path.is_file() else None


def is_synthetic(source: Path) -> bool:
    """Whether the directory says that its loans are made up."""
    return ((source if source.is_dir() else source.parent) / SYNTHETIC_MARK).exists()
