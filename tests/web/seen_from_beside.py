"""Prepares an installation that is served, and tells what its database holds, from a process of its own.

    python tests/web/seen_from_beside.py BOOK

Each line read is answered by one: ``prepare`` makes tables, people and cases; ``show`` tells what stands there now.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import django
from django.db import connections


def prepare(book: Path) -> list[list[str]]:
    """Cases of the book's last day in the collectors' team, each with its number and its contact point's key."""
    from django.core.management import call_command

    from mora.casework import from_day, people
    from mora.casework.asking import local_now
    from mora.engine import snapshots
    from mora.engine.book.manifest import open_book
    from mora.store.models import Case, Team

    call_command("migrate", verbosity=0, interactive=False)
    people.demonstration(local_now())
    held = open_book(book)
    from_day.take_in(held, date.fromisoformat(snapshots.runs(held)[-1].as_of), at=local_now())
    Case.objects.update(team=Team.objects.get(code="collector"))
    return [[case.number, str(case.party.points.get().pk)] for case in Case.objects.order_by("number")]


def show() -> dict[str, object]:
    """How often each form's key stands in the tables and in the chain, and whether the chain holds."""
    from mora.store import audit
    from mora.store.models import Attempt, Event, Promise

    return {
        "attempts": Counter(Attempt.objects.values_list("key", flat=True)),
        "promises": Counter(Promise.objects.filter(key__isnull=False).values_list("key", flat=True)),
        "events": Counter(Event.objects.values_list("action", flat=True)),
        "breaks": [f"{each.seq} {each.what}" for each in audit.verify()],
    }


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "mora.web.settings"
    django.setup()
    for line in sys.stdin:
        answer = prepare(Path(sys.argv[1])) if line.strip() == "prepare" else show()
        connections.close_all()
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
