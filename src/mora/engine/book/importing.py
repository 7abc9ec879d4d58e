"""A directory into the book.

 1. Choose the feed; take the book's lock; clear away what a killed import left.
 2. Files that came before, all of them, and left nothing open: done, nothing changes.
 3. Every header through the door: a file that cannot be used refuses the import before anything is read.
 4. Stage: loans first (they decide the number of partitions), then the other tables, each row checked on its own and
    sent to its partition's temporary file. One pass over the input, one batch in memory.
 5. Fold each partition that got rows: tables against each other and against the book; write its new files.
 6. Parties, roles, contact points; then what loans hold of their parties.
 7. Read once more the files with rows set aside, and keep those rows as given, with the reasons.
 8. Commit: everything on disk, then the manifest in one step.

Until step 8 the book is what it was, whenever the process dies.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from mora.engine.book.commit import clear_garbage, commit, fingerprint, skipped
from mora.engine.book.lock import writing
from mora.engine.book.manifest import open_book
from mora.engine.book.report import ImportReport
from mora.engine.book.work import Work
from mora.feeds import RawBook, feeds_for, load_feed
from mora.feeds.faults import refused
from mora.feeds.files import find

Progress = Callable[[str, int, int | None], None]
"""Told (what is being done, rows or partitions further, how many in all if known)."""
Hook = Callable[[str], None]
"""Told the name of each step as it is reached; tests end the process there."""

WORK = "data/importing"


def import_book(
    source: Path, path: Path, *, feed: str | None = None, at: datetime | None = None,
    progress: Progress = lambda *_: None, hook: Hook = lambda _: None,
) -> ImportReport:  # fmt: skip
    """Read ``source`` into the book at ``path``, which is made when it is not there.

    :param feed: name of the feed; needed only where several recognise the directory.
    :param at: when, for the book's record of imports; it decides nothing.
    :raises BadInput: refused as a whole, the book is as it was; the exception carries findings.
    """
    raw = _read(source, feed)
    with writing(path):
        book = open_book(path, new=True)
        folder = path / WORK
        clear_garbage(book)
        hook("cleared")
        mark = fingerprint(raw)
        before = skipped(book, mark)
        if before is not None:
            return before
        try:
            work = Work(raw, book, folder, mark, progress, hook)
            work.run()
            hook("worked")
            return commit(work, at, hook)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _read(source: Path, feed: str | None) -> RawBook:
    if not source.exists():
        raise refused("BOOK.NO_FEED", detail=f"：{source} 不存在|: {source} does not exist")
    if not source.is_dir():
        raise refused("BOOK.NO_FEED", detail=f"：{source} 是文件，不是目录|: {source} is a file, not a directory")
    if feed is not None:
        raw: RawBook = load_feed(feed).read(source)
        if not raw.tables and raw.products_yaml is None:
            raise refused("BOOK.NO_FEED", file=str(source))
        return raw
    able = feeds_for(source)
    if len(able) > 1:
        raise refused("BOOK.MIXED", file=str(source), detail=", ".join(f.NAME for f in able))
    if not able:
        strangers = [p.name for p in find(source, ".csv", ".xlsx", ".parquet").strangers]
        hint = f"；见到 {', '.join(strangers)}|; there are {', '.join(strangers)}" if strangers else ""
        raise refused("BOOK.NO_FEED", file=str(source), detail=hint)
    return able[0].read(source)  # type: ignore[no-any-return]
