"""The loan books this installation works on, and the days that were run on them."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from django.conf import settings

from mora.core.errors import Refused
from mora.engine import snapshots
from mora.engine.book.manifest import Book, open_book


def held_paths() -> list[Path]:
    """The folders the setting ``MORA_BOOK`` names, the lender's main book first.

    :raises Refused: two of them have the same name, by which work tells books apart.
    """
    paths = [Path(each) for each in settings.MORA_BOOK.split(os.pathsep) if each]
    names = [path.resolve().name for path in paths]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise Refused(
            f"two books are called {twice}; rename one folder, since work tells books apart by their names",
            zh=f"有两个账簿目录都叫 {twice}；请改其中一个的名字，案件按目录名区分账簿",
        )
    return paths


def held_books() -> list[Book]:
    """Every book of the installation.

    :raises BadInput: what is named is not a book.
    """
    return [open_book(path) for path in held_paths()]


def held_book(name: str = "") -> Book | None:
    """The book of this name, or the main book; None when it is not one of the installation's.

    :raises BadInput: what is named is not a book.
    """
    found = next((path for path in held_paths() if not name or path.resolve().name == name), None)
    return open_book(found) if found is not None else None


def days_run(book: Book) -> list[date]:
    """Days that were run, oldest first."""
    return [date.fromisoformat(run.as_of) for run in snapshots.runs(book)]
