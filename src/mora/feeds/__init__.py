"""Feeds: ways into the book. One folder each, the same files in each; a lender writes its own by copying one.

A feed is a module (``mora.feeds.<name>``) with

    NAME: str                        what ``--feed`` is given
    about: Words                     one sentence: what it reads
    recognises(source: Path) -> bool may this directory be read by it? Looks at names and headers only
    read(source: Path) -> RawBook    tables in the book format's column names (docs/reference/book-format.md)

and holds ``__init__.py`` (the four names) and ``read.py`` (how). A feed translates; it does not judge: what is
wrong with a row is found by the engine's door, the same for every feed. A feed raises
`refused(...)` of :mod:`mora.feeds.faults` only when a file cannot be read as a whole.

A :class:`RawTable` can be read again and again: the engine passes once to check, and once more over files that have
rows set aside, to keep those rows as they were given. So ``batches`` is a function, and gives the same rows each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

import polars as pl

from mora.feeds.faults import Told, refused

ROW = "_row"
"""The column every batch carries (int64): the line of the row's first character as an editor shows it
(header is line 1), the row number a spreadsheet shows, or the row's place from 1 in a Parquet file."""

SHAPE = "_shape"
"""Optional column of a batch (str): why the row is not a row at all (too many fields, say); null when it is one."""


@dataclass(frozen=True, slots=True)
class RawTable:
    """One file's worth of one table, unjudged."""

    table: str
    """loans | schedule | postings | parties | roles | contact_points."""
    file: str
    """The name people know it by, as findings tell it."""
    columns: tuple[str, ...]
    """What it gives, in order, without ``_row``. Text columns carry the book format's names; typed ones
    (``principal_minor`` int64, ``annual_rate_e12`` int64, dates as date32) only where the source is typed."""
    batches: Callable[[], Iterator[pl.DataFrame]]
    """Frames of ``columns`` + ``_row`` (+ ``_shape``), each small enough to hold; empty text means no value.
    Give row numbers in ascending order."""
    rows: int | None = None
    """How many rows, when that is known without reading (for the progress bar)."""
    sources: tuple[Path, ...] = ()
    """The files it is made from; their sha256 tells whether they came before."""


@dataclass(frozen=True, slots=True)
class RawBook:
    """Everything one directory brings."""

    tables: tuple[RawTable, ...]
    products_yaml: str | None = None
    """Product terms as YAML text: the directory's ``products.yaml``, or what the feed knows of its source."""
    products_file: str = "products.yaml"
    """Where findings about product terms point."""
    synthetic: bool = False
    """The loans are made up; every page says so."""
    findings: tuple[Told, ...] = ()
    """What the reader should hear about the directory, such as files that were not read."""


def feed_names() -> tuple[str, ...]:
    """Every feed there is, by name: the folders beside this file that say ``recognises``."""
    here = Path(__file__).parent
    folders = sorted(p.name for p in here.iterdir() if (p / "__init__.py").is_file() and (p / "read.py").is_file())
    return tuple(folders)


def load_feed(name: str) -> ModuleType:
    """The feed of that name.

    :raises BadInput: no such feed; the message lists those there are.
    """
    names = feed_names()
    if name not in names:
        raise refused("BOOK.UNKNOWN_FEED", value=name, detail=", ".join(names))
    return import_module(f"mora.feeds.{name}")


def feeds_for(source: Path) -> tuple[ModuleType, ...]:
    """Every feed that recognises the directory."""
    return tuple(feed for name in feed_names() if (feed := load_feed(name)).recognises(source))
