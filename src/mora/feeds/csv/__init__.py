"""The book format as comma-separated text: ``loans.csv``, ``schedule.csv``, ``postings.csv`` ...

UTF-8 (with or without byte order mark), UTF-16 with one, or GB18030. Line numbers are an editor's.
"""

from __future__ import annotations

from pathlib import Path

from mora.core.words import Words
from mora.feeds import RawBook
from mora.feeds.csv.read import read_directory
from mora.feeds.files import find

NAME = "csv"
about = Words("账簿格式的 CSV 文件", "CSV files in the book format")


def recognises(source: Path) -> bool:
    """Whether the directory holds a table as CSV."""
    return bool(find(source, ".csv").tables)


def read(source: Path) -> RawBook:
    """Every table of the directory.

    :raises BadInput: a file is empty, cannot be decoded, or is not separated by commas.
    """
    return read_directory(source)
