"""A public table of consumer loans with one instalment each: paid, open, or paid late (columns in README.md)."""

from __future__ import annotations

from pathlib import Path

from mora.core.words import Words
from mora.feeds import RawBook
from mora.feeds.bullet_loans.read import find_tables, read_directory

NAME = "bullet_loans"
about = Words("一次还清的消费贷款表（一行一笔）", "A table of consumer loans with one instalment each, one row a loan")


def recognises(source: Path) -> bool:
    """Whether the directory holds a CSV with this table's column names."""
    return bool(find_tables(source))


def read(source: Path) -> RawBook:
    """Loans, schedule, postings and parties of every such table of the directory.

    :raises BadInput: a file is empty, lacks a column, or cannot be decoded.
    """
    return read_directory(source)
