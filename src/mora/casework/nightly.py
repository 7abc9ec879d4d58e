"""What happens at night: the day over the book, its cases, and the promises whose time is up."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from mora.casework.allocation import share_out
from mora.casework.asking import local_now
from mora.casework.from_day import Progress, Taken, silent, take_in, taken_before
from mora.casework.level_clock import escalate_overdue
from mora.casework.payments import judge_promises
from mora.core.errors import Refused
from mora.engine import snapshots
from mora.engine.book.manifest import Book, open_book
from mora.engine.day import run_day


def take_latest_day(path: Path, progress: Progress = silent) -> tuple[date, Taken | None]:
    """Take the latest day that was run into work, and judge promises as of it.

    :returns: the day, and what taking it in did; None when it was in already.
    :param progress: told how many late parties are done, and of how many.
    :raises Refused: no day was run on the book.
    """
    book = open_book(path)
    known = snapshots.runs(book)
    if not known:
        raise Refused(
            f"no day was run on {path} yet: mora day --book {path} --as-of DATE",
            zh=f"{path} 还没有跑批：mora day --book {path} --as-of DATE",
        )
    as_of = date.fromisoformat(known[-1].as_of)
    at = local_now()
    taken = None if taken_before(book, as_of) else take_in(book, as_of, at=at, progress=progress)
    judge_promises(book, as_of, at)
    escalate_overdue(at)
    share_out(at)
    return as_of, taken


def night(book: Book, as_of: date, at: datetime) -> Taken:
    """The whole night for a day: age, take in, judge, escalate. Each step may be repeated, so may a broken night."""
    run_day(book, as_of)
    taken = take_in(book, as_of, at=at)
    judge_promises(book, as_of, at)
    escalate_overdue(at)
    share_out(at)
    return taken
