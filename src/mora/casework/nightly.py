"""What happens at night: the day over the book, its cases, and the promises whose time is up.

 1. ``age``       the day over the book (:mod:`mora.engine.day`, with steps of its own)
 2. ``cases``     its late loans become cases, party by party (:mod:`mora.casework.from_day`)
 3. ``promises``  open promises are judged by the money that came, one by one
 4. ``report``    the page of the day, in both languages, beside the book

Each step may be repeated: a night broken off anywhere is run again, and ends as if it had not been.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

from mora.casework.allocation import share_out
from mora.casework.asking import local_now
from mora.casework.from_day import Progress, Taken, silent, take_in, taken_before
from mora.casework.level_clock import escalate_overdue
from mora.casework.payments import judge_promises
from mora.core.errors import Refused
from mora.core.words import Language
from mora.engine import snapshots
from mora.engine.book.manifest import Book, open_book
from mora.engine.day import run_day
from mora.engine.summary import summary_of
from mora.report import write_day
from mora.store.models import Promise

STEPS = ("age", "cases", "promises", "levels", "report")
"""In their order."""
REPORTS = "reports"
"""Folder of the book in which each day's pages lie."""
Told = Callable[[str, int, int | None], None]
"""Told (step, how much of it is done, of how much if that is known)."""


@dataclass(frozen=True, slots=True)
class Night:
    """What a night did."""

    taken: Taken
    judged: int
    """Promises settled as of the day: kept, partly kept or broken. Counted at the end, so that a night that was broken
    off and run again tells the same."""

    def counts(self) -> dict[str, int]:
        """As plain numbers."""
        return asdict(self.taken) | {"judged": self.judged}


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


def night(book: Book, as_of: date, at: datetime, *, told: Told = lambda *_: None) -> Night:
    """The whole night for a day.

    :param at: the moment written into the audit chain.
    :raises Refused: another process writes to the book, or its products do not parse.
    """
    told("age", 0, None)
    aged = _Aged(told)
    run_day(book, as_of, progress=aged.further, total=aged.of)
    told("cases", 0, None)
    taken = take_in(book, as_of, at=at, progress=partial(told, "cases"))
    told("promises", 0, None)
    judge_promises(book, as_of, at)
    told("levels", 0, None)
    escalate_overdue(at)
    share_out(at)
    told("report", 0, None)
    write_report(book, as_of)
    settled = (Promise.State.KEPT, Promise.State.PARTLY, Promise.State.BROKEN)
    return Night(taken, Promise.objects.filter(settled_on=as_of, state__in=settled).count())


class _Aged:
    """Adds up how many loans were looked at."""

    def __init__(self, told: Told) -> None:
        self.told, self.done, self.total = told, 0, 0

    def of(self, loans: int) -> None:
        """So many there are."""
        self.total = loans
        self.told("age", self.done, self.total)

    def further(self, loans: int) -> None:
        """So many more were looked at."""
        self.done += loans
        self.told("age", self.done, self.total)


def write_report(book: Book, as_of: date) -> dict[Language, Path]:
    """Write the pages of a day that was run, and say where they lie.

    :raises Refused: that day was not run.
    """
    folder = book.path / REPORTS / as_of.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    return write_day(summary_of(book, as_of), folder)
