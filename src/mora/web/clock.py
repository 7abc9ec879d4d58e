"""The clock: jobs that run by themselves, and long work pages hand over. An SQLite file, or PostgreSQL in production.

Jobs take ids and dates only, and call the application; a job run twice changes nothing.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from uuid import UUID

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mora.web.settings")
django.setup()

from huey import SqliteHuey, crontab  # noqa: E402  after Django knows its settings

from mora.casework import asking, reminders, running  # noqa: E402
from mora.store.models import DayJob  # noqa: E402


def _clock() -> SqliteHuey:
    address = os.environ.get("MORA_DATABASE", "")
    if address:
        from huey import PostgresHuey  # noqa: PLC0415  only where a server is named

        return PostgresHuey("mora", dsn=address, utc=False)
    return SqliteHuey("mora", filename=str(settings.HOME / "jobs.sqlite3"), utc=False)


clock = _clock()


@clock.periodic_task(crontab(hour="1", minute="30"))
def nightly_day() -> None:
    """Half past one in the lender's zone: the day that ended at midnight."""
    if not settings.MORA_NIGHTLY:
        return
    run_night((asking.local_now().date() - timedelta(days=1)).isoformat())


@clock.periodic_task(crontab(minute="*/10"))
def remind() -> None:
    """Every ten minutes: reminders whose time has come are put to the gate."""
    reminders.run(asking.local_now())


@clock.task(retries=2, retry_delay=300)
def run_night(as_of: str) -> None:
    """The night for one day; tried again a little later when another process was writing to a book."""
    job = running.ask_by_clock(date.fromisoformat(as_of), asking.local_now())
    if job is not None and running.work(job.pk, asking.local_now()).state == DayJob.State.REFUSED:
        raise RuntimeError(f"the night of {as_of} was refused: {job.why}")


@clock.task()
def run_job(job: str) -> None:
    """A day somebody asked for."""
    running.work(UUID(job), asking.local_now())


@clock.on_startup()
def take_up() -> None:
    """What was broken off when the worker last ended, and the night it slept through."""
    for job in running.broken_off():
        run_job(str(job))
    missed = running.missed_night(asking.local_now()) if settings.MORA_NIGHTLY else None
    if missed is not None:
        run_night(missed.isoformat())
