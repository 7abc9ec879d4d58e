"""The book format as Parquet: amounts int64 minor units in ``..._minor``, rates int64 parts of 10^-12 in ``..._e12``.

Decimal and text columns under the plain names are read too; floats are refused. Row numbers count from 1.
"""

from __future__ import annotations

from pathlib import Path

from mora.core.words import Words
from mora.feeds import RawBook
from mora.feeds.files import find
from mora.feeds.parquet.read import read_directory

NAME = "parquet"
about = Words("账簿格式的 Parquet 文件", "Parquet files in the book format")


def recognises(source: Path) -> bool:
    """Whether the directory holds a table as Parquet."""
    return bool(find(source, ".parquet").tables)


def read(source: Path) -> RawBook:
    """Every table of the directory.

    :raises BadInput: a file is empty, or is not a whole Parquet file.
    """
    return read_directory(source)
