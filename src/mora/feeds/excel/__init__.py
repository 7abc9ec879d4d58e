"""The book format as workbooks: ``loans.xlsx`` (its first sheet), or one workbook with sheets named like the tables.

Cells are read as they show: a date cell as its date, a number as its shortest decimal. Row numbers are the sheet's.
"""

from __future__ import annotations

from pathlib import Path

from mora.core.words import Words
from mora.feeds import RawBook
from mora.feeds.excel.read import read_directory
from mora.feeds.files import find

NAME = "excel"
about = Words("账簿格式的 Excel 工作簿", "Excel workbooks in the book format")


def recognises(source: Path) -> bool:
    """Whether the directory holds a workbook."""
    found = find(source, ".xlsx")
    return bool(found.tables or found.strangers)


def read(source: Path) -> RawBook:
    """Every table of the directory.

    :raises BadInput: a workbook cannot be read, or a sheet is empty.
    """
    return read_directory(source)
