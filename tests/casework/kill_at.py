"""Runs work in a process of its own that is killed at a named place, and shows what stands afterwards.

    python tests/casework/kill_at.py

Orders are lines of {"do", "home", "database", "place"}: ``prepare`` makes an installation, ``kill`` forks, does the
work named and is killed (SIGKILL) at the place, ``finish`` does what a restart does and tells the whole state. Each
answer is a line. Every order is carried out in a fork of this one process, which has read code, law and policy once.
A database is a file of SQLite, or the name of one on the server of MORA_DATABASE.

A place is ``before module.function n`` or ``after module.function n``, at its n-th call; or ``day step``, the moment
at which the day reaches one of its own steps. No production code knows of any of this: functions are wrapped from here.
"""

from __future__ import annotations

import gc
import hashlib
import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import django

BEIJING = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 20, 15, 0, tzinfo=BEIJING)
NIGHT = date(2026, 11, 20)
SECRET_FIELDS = {"name", "id_number", "value"}
"""Sealed anew with another nonce each time."""


def use(order: dict[str, str]) -> None:
    """Work on this installation from now on."""
    from django.conf import settings
    from django.db import connections

    connections["default"].close()
    connections["default"].settings_dict["NAME"] = order["database"]
    settings.HOME, settings.MORA_BOOK = Path(order["home"]), order["home"] + "/book"


def prepare(order: dict[str, str]) -> str:
    """A house with two days behind it, promises that the third will judge, and money for one of them."""
    from django.core.management import call_command
    from typer.testing import CliRunner

    from mora.casework import nightly, people, promises, running
    from mora.cli.main import app
    from mora.engine.book import import_book, open_book
    from mora.store.models import Case, Team, User

    home = Path(order["home"])
    run = CliRunner()
    assert run.invoke(app, ["synth", "150", "--out", str(home / "trial")]).exit_code == 0
    assert run.invoke(app, ["import", str(home / "trial"), "--book", str(home / "book")]).exit_code in (0, 1)
    call_command("migrate", verbosity=0, interactive=False)
    people.demonstration(AT - timedelta(days=3))
    book = open_book(home / "book")
    for back in (10, 5):
        nightly.night(book, NIGHT - timedelta(days=back), AT - timedelta(days=back))
    Case.objects.update(team=Team.objects.get(code="collector"))
    chen = User.objects.get(username="chen")
    cases = list(Case.objects.filter(state="open").order_by("number")[:4])
    for case in cases:
        made = promises.promise(chen, case, 10_000, date(2026, 11, 19), "voice", AT - timedelta(days=1, hours=4))
        made.grace_days = 0
        made.save()
    # Money for one promise, and enough to cure another case.
    paid = [(cases[1].loans.order_by("loan_id")[0].loan_id, 10_000)]
    paid += [(loan.loan_id, loan.arrears_minor + 50_000) for loan in cases[3].loans.order_by("loan_id")]
    lines = [
        f"{loan},NEW-{n},2026-11-20,payment,{minor // 100}.{minor % 100:02},2026-11-20T01:00:00Z\n"
        for n, (loan, minor) in enumerate(paid)
    ]
    more = home / "more"
    more.mkdir()
    (more / "postings.csv").write_text("loan_id,posting_id,value_on,kind,amount,booked_at\n" + "".join(lines))
    import_book(more, home / "book", at=AT)
    running.ask(User.objects.get(username="qian"), NIGHT, AT)
    return "ready"


def night() -> None:
    """What the worker does with the day that was asked for."""
    from mora.casework import running

    for job in running.broken_off():
        running.work(job, AT)


def _case() -> tuple[Any, Any]:
    from mora.store.models import Case, User

    case = Case.objects.filter(state="open", currency="CNY").order_by("-number")[0]
    return User.objects.get(username="chen"), case


def take_next() -> None:
    from mora.casework import queue

    queue.next_case(_case()[0], AT)


def record() -> None:
    from mora.casework import contact
    from mora.gate.terms import Channel, Result

    user, case = _case()
    contact.record_attempt(user, case, channel=Channel.VOICE, point=None, result=Result.NO_ANSWER, at=AT, key="k1")


def promise() -> None:
    from mora.casework import promises

    user, case = _case()
    promises.promise(user, case, 5_000, NIGHT + timedelta(days=5), "voice", AT)


def note() -> None:
    from mora.casework import acts

    user, case = _case()
    acts.note(user, case, "rang twice", AT)


def hold() -> None:
    from mora.casework import acts
    from mora.gate.terms import HoldKind

    user, case = _case()
    acts.hold(user, case, HoldKind.HARDSHIP, AT + timedelta(days=90), "in hospital", AT)


def complain() -> None:
    from mora.casework import complaints

    user, case = _case()
    complaints.take(user, case, "complaint", NIGHT, "too many calls", AT)


def snooze() -> None:
    from mora.casework import queue

    user, case = _case()
    queue.snooze(user, case, AT + timedelta(days=1), "later", AT)


def pay() -> None:
    """A payment that cures."""
    from mora.casework import payments
    from mora.casework.intake import book_if_any
    from mora.store.models import Case

    book = book_if_any()
    assert book is not None
    case = Case.objects.filter(currency="CNY").order_by("-number")[0]
    loan = case.loans.order_by("loan_id")[0]
    payments.post_payment(book, loan.loan_id, "TOLD-1", 3_000_000, "CNY", NIGHT, AT)


WORK: dict[str, Callable[[], None]] = {
    "night": night, "take_next": take_next, "record": record, "promise": promise, "note": note, "hold": hold,
    "complain": complain, "snooze": snooze, "pay": pay,
}  # fmt: skip


def killed() -> None:
    """Nothing after this runs: no rollback of ours, no finally."""
    os.kill(os.getpid(), signal.SIGKILL)


def wait_for(place: str) -> None:
    """Be killed at this place."""
    words = place.split()
    if words[0] == "day":
        from mora.casework import nightly

        run = nightly.run_day
        nightly.run_day = lambda *given, **named: run(  # type: ignore[assignment]
            *given, **named, hook=lambda step: killed() if step == words[1] else None
        )
        return
    when, path, nth = words[0], words[1], int(words[2])
    module, _, name = path.rpartition(".")
    try:
        held: Any = importlib.import_module(module)
    except ModuleNotFoundError:
        module, _, owner = module.rpartition(".")
        held = getattr(importlib.import_module(module), owner)
    inner, calls = getattr(held, name), 0

    def wrapped(*given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == nth and when == "before":
            killed()
        answer = inner(*given, **named)
        if calls == nth and when == "after":
            killed()
        return answer

    setattr(held, name, wrapped)


def kill(order: dict[str, str]) -> int:
    """The signal that ended the work; 0 when it came to its end, because it never was at the place."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            use(order)
            wait_for(order["place"])
            WORK[order["work"]]()
            status = 0
        finally:
            os._exit(status)
    ended = os.waitpid(child, 0)[1]
    return os.WTERMSIG(ended) if os.WIFSIGNALED(ended) else -os.WEXITSTATUS(ended)


def finish(order: dict[str, str]) -> dict[str, Any]:
    """In a process of its own, since the one that forks must stay without threads: do the work (again), and show."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            use(order)
            WORK[order["work"]]()
            with os.fdopen(writer, "w") as out:
                json.dump(show(), out)
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader) as told:
        text = told.read()
    assert os.waitpid(child, 0)[1] == 0, f"{order['work']} did not come to its end"
    return json.loads(text)


REFERS = {"note": "Note", "promise": "Promise", "hold": "Hold", "supersedes": "Promise", "approval": "Approval"}
"""Keys of events and requests that hold the number of a row, or several, of a table."""
MADE_OF_NUMBERS = {"hash", "before"}
"""Of an event: made over row numbers, too. Whether the chain holds is asked of the chain itself."""


def show() -> dict[str, Any]:
    """Everything in the tables and in the book, rows by what they are and not by the number a database gave them.

    Numbers of rows that never were are given again by SQLite and not by PostgreSQL; which comes first is the same.
    """
    from django.apps import apps
    from django.db.models import AutoField, UUIDField

    from mora.casework.intake import book_if_any
    from mora.engine import snapshots
    from mora.store import audit
    from mora.store.models import Case, ContactPoint, DayJob, DayRun, Party, User

    lots = {str(c.pk): c.number for c in Case.objects.all()} | {str(p.pk): p.party_id for p in Party.objects.all()}
    lots |= {str(u.pk): u.username for u in User.objects.all()}
    lots |= {str(p.pk): p.value_mask for p in ContactPoint.objects.all()}
    models = list(apps.get_app_config("store").get_models())
    places = {
        model.__name__: {pk: n for n, pk in enumerate(model.objects.order_by("pk").values_list("pk", flat=True), 1)}
        for model in models if isinstance(model._meta.pk, AutoField)
    }  # fmt: skip
    book = book_if_any()
    assert book is not None

    def row(table: str, number: Any) -> Any:
        return f"{table} {places[table].get(number, number)}" if isinstance(number, int) else number

    def plain(value: object, refers: str = "") -> Any:
        if isinstance(value, dict):
            return {key: plain(each, REFERS.get(key, "")) for key, each in sorted(value.items())}
        if isinstance(value, (list, tuple)):
            return [plain(each, refers) for each in value]
        if refers:
            return row(refers, value)
        return "BOOK" if str(value).endswith("/book") else lots.get(str(value), str(value))

    tables = {}
    for model in models:
        fields = [f for f in model._meta.concrete_fields if f.name not in SECRET_FIELDS | {"password"}]
        if model.__name__ == "Event":
            fields = [f for f in fields if f.name not in MADE_OF_NUMBERS]
        if isinstance(model._meta.pk, (UUIDField, AutoField)) and model is not DayJob:
            fields = [f for f in fields if not f.primary_key]
        named = [f.related_model.__name__ if f.is_relation and f.related_model in models else "" for f in fields]
        refers = [name if name in places else "" for name in named]
        tables[model.__name__] = sorted(
            json.dumps([plain(value, to) for value, to in zip(values, refers, strict=True)], ensure_ascii=False)
            for values in model.objects.values_list(*(f.attname for f in fields))
        )
    positions = snapshots.positions(book, date.fromisoformat(snapshots.runs(book)[-1].as_of)).sort("loan_id").collect()
    files = sorted((book.path / "reports").rglob("*.html"))
    return {
        "tables": tables,
        "breaks": [f"{each.seq} {each.what}" for each in audit.verify()],
        "runs": [each.as_of for each in snapshots.runs(book)],
        "positions": hashlib.sha256(positions.write_csv().encode()).hexdigest(),
        "reports": {str(each.relative_to(book.path)): hashlib.sha256(each.read_bytes()).hexdigest() for each in files},
        "unfinished": DayRun.objects.filter(finished_at__isnull=True).count(),
    }


def prepared(order: dict[str, str]) -> str:
    """Prepared in a process of its own, for the same reason."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            use(order)
            prepare(order)
            status = 0
        finally:
            os._exit(status)
    return "ready" if os.waitpid(child, 0)[1] == 0 else "failed"


def warm() -> None:
    """Read once, for all forks, what each would read for itself: code, law, policy. No thread may be begun here."""
    for module in ("acts", "complaints", "contact", "nightly", "payments", "promises", "queue", "running"):
        importlib.import_module(f"mora.casework.{module}")
    importlib.import_module("mora.web.urls")
    from mora.casework import asking, complaints, policy_files
    from mora.law import load

    load("cn")
    asking.gate()
    complaints.rule()
    for policy in (policy_files.levels, policy_files.rights, policy_files.promise_rule, policy_files.authority):
        policy()


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "mora.web.settings"
    django.setup()
    warm()
    gc.collect()
    gc.freeze()  # forks then share these pages instead of copying them when they collect
    do = {"prepare": prepared, "kill": kill, "finish": finish}
    for line in sys.stdin:
        order = json.loads(line)
        sys.stdout.write(json.dumps(do[order["do"]](order)) + "\n")
        sys.stdout.flush()
