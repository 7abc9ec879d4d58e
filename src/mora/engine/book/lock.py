"""One writer at a time: a file that holds the writer's process number. A dead writer's lock is taken over."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mora.feeds.faults import refused

LOCK = ".lock"


@contextmanager
def writing(book: Path) -> Iterator[None]:
    """Hold the book's lock. The system lets go of it when the process ends, however it ends.

    :raises BadInput: another process holds it; the message names it.
    """
    if book.exists() and not book.is_dir():
        raise refused("BOOK.NOT_A_BOOK", detail=str(book))
    book.mkdir(parents=True, exist_ok=True)
    handle = os.open(book / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(handle, 32, 0).decode(errors="replace").strip()
            raise refused("BOOK.LOCKED", detail=holder or "?") from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)
