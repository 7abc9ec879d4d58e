"""Running the day from a page: asked for, worked by the clock's worker, watched, and taken up again after a kill."""

from __future__ import annotations

import time
import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from mora.casework import nightly
from mora.casework.book import days_run, held_books
from mora.casework.intake import book_if_any, main_book
from mora.casework.rights import require
from mora.core.errors import Refused
from mora.core.words import Words
from mora.store import audit
from mora.store.models import DayJob, DayRun, User

YEARS_BACK = 30
"""A day longer ago is a slip of the keyboard."""
EVERY = 0.25
"""Seconds between two tellings of how far a step is."""
_FAULT = Words(
    "程序出错，案件与账簿保持一致；可再次运行，若仍失败请查看服务器日志",
    "a fault of Mora; cases and book agree. Run it again; if it fails again, see the server's log",
)


def ask(user: User, as_of: date, at: datetime) -> DayJob:
    """Ask for a day to be run; while the same day is being run, that run is the answer.

    :raises NotAllowed: the person may not.
    :raises Refused: there is no book yet, the day is ahead or decades ago, lies before one that is in work, or another
        is being run.
    """
    require(user, "run_day", None, at.date())
    main_book()
    if as_of > at.date():
        raise Refused(
            Words(
                f"{as_of} 还没有到，最晚为今天 {at.date()}",
                f"{as_of} is still to come; the latest day is {at.date()}",
            ),
            about="as_of",
        )
    first = date(at.year - YEARS_BACK, 1, 1)
    if as_of < first:
        raise Refused(Words(f"日期不得早于 {first}", f"the earliest day is {first}"), about="as_of")
    last = DayRun.objects.filter(finished_at__isnull=False).order_by("-as_of").first()
    if last is not None and as_of < last.as_of:
        raise Refused(
            Words(
                f"案件已更新至 {last.as_of}，不能再运行更早的 {as_of}",
                f"cases stand at {last.as_of} already; the earlier {as_of} cannot be run any more",
            ),
            about="as_of",
        )
    return _ask(user, as_of, at)


def _ask(user: User | None, as_of: date, at: datetime) -> DayJob:
    active = DayJob.objects.filter(state__in=(DayJob.State.WAITING, DayJob.State.RUNNING)).first()
    if active is not None and active.as_of != as_of:
        raise Refused(
            Words(f"正在运行 {active.as_of}，请等它结束", f"{active.as_of} is being run; wait until it has ended"),
            about="busy",
        )
    if active is not None:
        return active
    try:
        with transaction.atomic():
            job = DayJob.objects.create(as_of=as_of, asked_by=user, asked_at=at)
            audit.append(user.username if user else "mora", "day.ask", f"day {as_of}", at=at, job=job.pk)
    except IntegrityError:
        # Somebody asked at the same moment.
        return DayJob.objects.get(as_of=as_of, state__in=(DayJob.State.WAITING, DayJob.State.RUNNING))
    return job


def ask_by_clock(as_of: date, at: datetime) -> DayJob | None:
    """The clock's own asking, at night; None when there is nothing to run, or another day is being run."""
    if not settings.MORA_BOOK or book_if_any() is None:
        return None
    try:
        return _ask(None, as_of, at)
    except Refused:
        return None


def work(job_id: uuid.UUID, at: datetime) -> DayJob:
    """Do what was asked; a job that ended is left as it is, one that was broken off is done again.

    :param at: the moment written into the audit chain.
    """
    job = DayJob.objects.get(pk=job_id)
    if not job.active:
        return job
    job.state, job.step, job.done, job.total = DayJob.State.RUNNING, "", 0, None
    job.save()
    try:
        # A person asks for the main book's day; the clock runs that of every book.
        books = held_books() if job.asked_by_id is None else [main_book()]
        done = [nightly.night(book, job.as_of, at, told=_Telling(job)).counts() for book in books]
    except Refused as refusal:
        return _end(job, DayJob.State.REFUSED, at, why=refusal.words)
    except Exception:
        _end(job, DayJob.State.FAILED, at, why=_FAULT)
        raise
    # Promises are those of the house, whichever book they wait for money in.
    job.counts = {name: sum(each[name] for each in done) for name in done[0]} | {"judged": done[-1]["judged"]}
    return _end(job, DayJob.State.DONE, at)


def _end(job: DayJob, state: Any, at: datetime, why: Words | None = None) -> DayJob:
    job.state, job.finished_at = state, at
    job.why = {"zh": why.zh, "en": why.en} if why is not None else {}
    with transaction.atomic():
        job.save()
        audit.append(
            "mora", f"day.{state}", f"day {job.as_of}", at=at, reason=why.en[:400] if why else "", job=job.pk,
            counts=job.counts,
        )  # fmt: skip
    return job


class _Telling:
    """Writes how far a job is, a few times a second."""

    def __init__(self, job: DayJob) -> None:
        self.job, self.last = job, 0.0

    def __call__(self, step: str, done: int, total: int | None) -> None:
        job, now = self.job, time.monotonic()
        new = step != job.step
        job.step, job.done, job.total = step, done, total
        if new or now - self.last >= EVERY:
            DayJob.objects.filter(pk=job.pk).update(step=job.step, done=job.done, total=job.total)
            self.last = now


def broken_off() -> list[uuid.UUID]:
    """Jobs that were asked for and never ended: what a worker that starts takes up, oldest first."""
    active = DayJob.objects.filter(state__in=(DayJob.State.WAITING, DayJob.State.RUNNING))
    return list(active.order_by("asked_at").values_list("pk", flat=True))


def missed_night(at: datetime) -> date | None:
    """Yesterday, where the clock ran nights before and was off when that of yesterday was due; else None."""
    yesterday = at.date() - timedelta(days=1)
    nights = DayJob.objects.filter(asked_by__isnull=True, as_of__lt=yesterday)
    book = book_if_any() if settings.MORA_BOOK and nights.exists() else None
    if book is None or any(day >= yesterday for day in days_run(book)):
        return None
    return yesterday


def report_taken(user: User, as_of: date, at: datetime) -> None:
    """Record that a day's report leaves the house.

    :raises NotAllowed: the person may not.
    """
    require(user, "see_portfolio", None, at.date())
    with transaction.atomic():
        audit.append(user.username, "report.take", f"day {as_of}", at=at)
