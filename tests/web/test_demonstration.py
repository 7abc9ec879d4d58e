"""``make run``: books, days, cases and people; a second run keeps what people did in between."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
PEOPLE = {"chen", "lin", "wu", "zhao", "sun", "qian", "zheng", "agency", "admin"}
ASKED = """
import django; django.setup()
from mora.store.models import Approval, Case, Event, Note, User
print(Case.objects.filter(state="open").count(), Note.objects.count(), Event.objects.count())
print(Case.objects.filter(team__agency=True).count(), Approval.objects.filter(state="waiting").count())
print(*sorted(User.objects.values_list("username", flat=True)))
"""
WORK_DONE = """
import django; django.setup()
from mora.casework import acts, asking
from mora.store.models import Case, User
case = Case.objects.filter(team__code="collector", state="open").order_by("number").first()
acts.note(User.objects.get(username="chen"), case, "made-up note", asking.local_now())
"""


def _python(folder: Path, *words: str) -> str:
    environment = os.environ | {
        "PYTHONPATH": str(SOURCE), "MORA_HOME": str(folder / "workbench"), "DJANGO_SETTINGS_MODULE": "mora.web.settings"
    }  # fmt: skip
    done = subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.long
@pytest.mark.skipif("MORA_DATABASE" in os.environ, reason="begins with a database of its own, a file")
def test_the_demonstration_twice_keeps_what_people_did(tmp_path: Path) -> None:
    run = ("-m", "mora.demo", "--work", str(tmp_path), "--samples", str(tmp_path / "none"), "--loans", "600",
           "--no-serve")  # fmt: skip
    said = _python(tmp_path, *run)
    assert "mora take-in" in said
    figures, others, people = _python(tmp_path, "-c", ASKED).splitlines()
    placed, asked = map(int, others.split())
    assert placed > 0, "the agency has cases"
    assert asked == 1, "and the leader something to decide"
    cases, notes, events = map(int, figures.split())
    assert cases > 0
    assert notes == 0
    assert set(people.split()) == PEOPLE

    _python(tmp_path, "-c", WORK_DONE)
    _python(tmp_path, *run)
    figures, again, people = _python(tmp_path, "-c", ASKED).splitlines()
    assert again == others
    assert list(map(int, figures.split())) == [cases, 1, events + 1]
    assert set(people.split()) == PEOPLE
