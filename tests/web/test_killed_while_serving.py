"""The pages' process is killed while several people send outcomes; started again, each outcome is there once or never.

What was answered with success is there exactly once. What was not answered is there once or not at all, and sent again
with its own key it is there once. The audit chain holds, and says as many contacts and promises as there are.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mora.casework.people import DEMO_PASSWORD
from mora.engine.book import import_book
from mora.engine.book.manifest import open_book
from mora.engine.day import run_day
from web.test_serving import KEYS, PATIENCE, SOURCE, _Browser, _children, _free_port, _until

pytestmark = pytest.mark.long
CASES, CLIENTS = 8, 3
ENOUGH = 7
"""So many are answered before the kill: some are then under way, and some not yet sent."""
Form = tuple[str, dict[str, str]]


@pytest.fixture
def late_book(tmp_path: Path) -> Path:
    """Eight loans of 1,000.00 due on 18 November 2026 and not paid, seen two days later."""
    source = tmp_path / "source"
    source.mkdir()
    rows: dict[str, list[str]] = {
        "loans": ["loan_id,party_id,product,currency,principal,annual_rate,started_on,matures_on"],
        "schedule": ["loan_id,n,due_on,principal,interest"],
        "postings": ["loan_id,posting_id,value_on,kind,amount"],
        "parties": ["party_id,kind,region,name"],
        "contact_points": ["party_id,channel,value"],
    }
    for n in range(CASES):
        rows["loans"].append(f"L{n},P{n},card,CNY,1000.00,0.0,2026-01-01,2026-11-18")
        rows["schedule"].append(f"L{n},1,2026-11-18,1000.00,0.00")
        rows["postings"].append(f"L{n},D{n},2026-01-01,disbursement,1000.00")
        rows["parties"].append(f"P{n},person,CN-SH,林小明")
        rows["contact_points"].append(f"P{n},mobile,+861380000000{n}")
    for name, lines in rows.items():
        (source / f"{name}.csv").write_text("\n".join(lines) + "\n")
    import_book(source, tmp_path / "book")
    run_day(open_book(tmp_path / "book"), date(2026, 11, 20))
    return tmp_path / "book"


class Installation:
    """A folder and a database of its own, whoever serves it."""

    def __init__(self, book: Path, folder: Path, database: str) -> None:
        self.book, self.folder = book, folder
        self.environment = os.environ | {
            "PYTHONPATH": str(SOURCE), "PYTHONUNBUFFERED": "1", "MORA_HOME": str(folder / "home"), "MORA_NIGHTLY": "0",
            "MORA_BOOK": str(book), "MORA_DATABASE": database, **KEYS,
        }  # fmt: skip
        self.environment.pop("DJANGO_SETTINGS_MODULE", None)
        self.running: subprocess.Popen[bytes] | None = None
        self.beside = subprocess.Popen(
            [sys.executable, str(Path(__file__).parent / "seen_from_beside.py"), str(book)], env=self.environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ask(self, what: str) -> Any:
        """``prepare`` or ``show``."""
        assert self.beside.stdin is not None
        assert self.beside.stdout is not None
        self.beside.stdin.write(what + "\n")
        self.beside.stdin.flush()
        return json.loads(self.beside.stdout.readline())

    def serve(self) -> int:
        """``mora serve``, until it answers; the port."""
        port, said = _free_port(), self.folder / f"said-{time.monotonic_ns()}"
        words = ["serve", "--book", str(self.book), "--home", str(self.folder / "home"), "--port", str(port)]
        with said.open("wb") as out:
            self.running = subprocess.Popen(
                [sys.executable, "-m", "mora.cli.main", *words], stdout=out, stderr=subprocess.STDOUT,
                env=self.environment,
            )  # fmt: skip
        _until(f"http://127.0.0.1:{port}/", said, self.running)
        return port

    def kill_pages(self) -> None:
        """SIGKILL for what answers pages, at this very moment; then the rest ends."""
        assert self.running is not None
        below = _children(self.running.pid)
        pages = {pid for pid in below if b"mora.web.wsgi" in _command(pid)}
        answering = {pid for head in pages for pid in _children(head)} or pages
        assert answering
        for pid in answering:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.end()

    def end(self) -> None:
        """No process of the workbench is left."""
        if self.running is None:
            return
        below = _children(self.running.pid)
        self.running.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.running.wait(timeout=PATIENCE)
        self.running.kill()
        self.running.wait()
        for pid in below:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.running = None


def _command(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


@pytest.fixture
def installed(late_book: Path, tmp_path: Path) -> Iterator[Installation]:
    """On SQLite, or in a database of its own on the server of MORA_DATABASE."""
    server, name = os.environ.get("MORA_DATABASE", ""), f"mora_served_{os.getpid()}"
    if server:
        import psycopg

        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"create database {name}".encode())
    made = Installation(late_book, tmp_path, f"{server.rpartition('/')[0]}/{name}" if server else "")
    try:
        yield made
    finally:
        made.end()
        assert made.beside.stdin is not None
        made.beside.stdin.close()
        made.beside.wait()
        if server:
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f"drop database {name} with (force)".encode())


class _Stay(urllib.request.HTTPRedirectHandler):
    """Goes nowhere: the redirect is the answer."""

    def redirect_request(self, *_: object) -> None:
        return None


class _Client(_Browser):
    """Somebody at a form: an answer is the redirect after it."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.post("/accounts/login/", self.get("/accounts/login/"), login="chen", password=DEMO_PASSWORD)
        self.page = self.get("/queue/")

        cookies = next(each for each in self.opener.handlers if isinstance(each, urllib.request.HTTPCookieProcessor))
        self.opener = urllib.request.build_opener(_Stay(), cookies)

    def send(self, form: Form) -> int:
        """The status; 0 when nothing came back."""
        path, fields = form
        try:
            self.post(path, self.page, **fields)
        except urllib.error.HTTPError as answer:
            return answer.code
        except OSError:
            return 0
        return 200


def _forms(cases: list[list[str]]) -> list[Form]:
    """For each case a contact, a promise in a talk, and a promise by itself, each form with its key."""
    made: list[Form] = []
    for number, point in cases:
        way = {"way": f"voice:{point}"}
        promise = {"amount": "100", "due_on": "+5", **way}
        made += [
            (f"/cases/{number}/record/", {"key": f"record-{number}", "result_call": "no_answer", **way}),
            (f"/cases/{number}/promise/", {"key": f"talk-{number}", "talked": "on", **promise}),
            (f"/cases/{number}/promise/", {"key": f"promise-{number}", **promise}),
        ]
    return made


def _send_and_kill(installed: Installation, port: int, forms: list[Form]) -> dict[str, int]:
    """Key to status of what was sent by several people until the pages were killed."""
    waiting: queue.SimpleQueue[Form] = queue.SimpleQueue()
    for form in forms:
        waiting.put(form)
    clients = [_Client(port) for _ in range(CLIENTS)]
    told: dict[str, int] = {}
    enough = threading.Semaphore(0)

    def work(client: _Client) -> None:
        with suppress(queue.Empty):
            while True:
                form = waiting.get_nowait()
                status = told[form[1]["key"]] = client.send(form)
                enough.release()
                if not status:
                    return

    people = [threading.Thread(target=work, args=(client,)) for client in clients]
    for each in people:
        each.start()
    for _ in range(ENOUGH):
        assert enough.acquire(timeout=PATIENCE)
    installed.kill_pages()
    for each in people:
        each.join(timeout=PATIENCE)
    return told


def _stands(state: dict[str, Any], key: str) -> tuple[int, int]:
    """How many attempts and how many promises bear a key."""
    return state["attempts"].get(key, 0), state["promises"].get(key, 0)


def _whole(key: str) -> tuple[int, int]:
    return {"record": (1, 0), "talk": (1, 1), "promise": (0, 1)}[key.partition("-")[0]]


def _the_chain_says_as_much(state: dict[str, Any]) -> None:
    assert state["breaks"] == []
    assert state["events"].get("contact.record", 0) == sum(state["attempts"].values())
    assert state["events"].get("promise.take", 0) == sum(state["promises"].values())


def test_pages_killed_while_outcomes_are_sent(installed: Installation) -> None:
    forms = _forms(installed.ask("prepare"))
    assert len(forms) == 3 * CASES
    told = _send_and_kill(installed, installed.serve(), forms)
    assert sorted(set(told.values()) - {0}) == [302], "every answer was a success"
    assert 0 in told.values(), "somebody was waiting for an answer when the pages were killed"
    state = installed.ask("show")
    _the_chain_says_as_much(state)
    for key, status in told.items():
        if status:
            assert _stands(state, key) == _whole(key), f"{key} was answered"
        else:
            assert _stands(state, key) in ((0, 0), _whole(key)), f"{key} was not answered"
    for key in {form[1]["key"] for form in forms} - set(told):
        assert _stands(state, key) == (0, 0), f"{key} was never sent"

    # Started again: people send what was not answered once more, somebody also what was, and then the rest.
    client = _Client(installed.serve())
    assert {client.send(form) for form in forms} == {302}
    state = installed.ask("show")
    _the_chain_says_as_much(state)
    for form in forms:
        assert _stands(state, form[1]["key"]) == _whole(form[1]["key"])
