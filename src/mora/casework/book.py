"""The loan book this installation works on, and the days that were run on it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.conf import settings

from mora.engine import snapshots
from mora.engine.book.manifest import Book, open_book


def held_book() -> Book | None:
    """The book of the setting ``MORA_BOOK``; None when none is named.

    :raises BadInput: what is named is not a book.
    """
    return open_book(Path(settings.MORA_BOOK)) if settings.MORA_BOOK else None


def days_run(book: Book) -> list[date]:
    """Days that were run, oldest first."""
    return [date.fromisoformat(run.as_of) for run in snapshots.runs(book)]
