"""``mora serve`` as people start it: all of it comes up, somebody logs in and finds work, all of it ends."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from mora.casework.people import DEMO_PASSWORD
from mora.engine.book.manifest import Book

SOURCE = Path(__file__).parents[2] / "src"
KEYS = dict.fromkeys(("MORA_SECRET_KEY", "MORA_SEAL_KEY", "MORA_INDEX_KEY"), "made-up-" * 8)
"""The same for each start: on PostgreSQL they all open one database."""
PATIENCE = 240
"""Seconds after which a part that does not come or go is taken to be stuck; says nothing about speed."""


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _start(book: Path, home: Path, port: int, said: Path) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "mora.cli.main", "serve", "--book", str(book), "--home", str(home),
             "--port", str(port), "--demo"]  # fmt: skip
    environment = os.environ | {"PYTHONPATH": str(SOURCE), "PYTHONUNBUFFERED": "1", **KEYS}
    for name in ("MORA_HOME", "DJANGO_SETTINGS_MODULE", "MORA_BOOK"):
        environment.pop(name, None)
    with said.open("wb") as out:
        return subprocess.Popen(words, stdout=out, stderr=subprocess.STDOUT, env=environment)


def _until(what: object, said: Path, running: subprocess.Popen[bytes]) -> str:
    """The text printed so far, once it holds ``what``."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        text = said.read_text()
        if str(what) in text:
            return text
        assert running.poll() is None, text
        time.sleep(0.2)
    raise AssertionError(f"{what!r} was never said: {said.read_text()}")


def _children(pid: int) -> set[int]:
    """Every process below one, from the system's own table."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    found: set[int] = set()
    more = {pid}
    while more:
        more = {child for child, parent in parents.items() if parent in more} - found
        found |= more
    return found


def _alive(pid: int) -> bool:
    with suppress(OSError):
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


class _Browser:
    """Cookies, forms and nothing else."""

    def __init__(self, port: int) -> None:
        self.at = f"http://127.0.0.1:{port}"
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def get(self, path: str) -> str:
        return str(self.opener.open(self.at + path, timeout=60).read().decode())

    def post(self, path: str, page: str, **fields: str) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None
        told = urllib.parse.urlencode({"csrfmiddlewaretoken": token.group(1), **fields}).encode()
        return str(self.opener.open(urllib.request.Request(self.at + path, told), timeout=60).read().decode())


@pytest.fixture
def port() -> int:
    return _free_port()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the workbench is installed: by the first test that starts it, found as it was left by the others."""
    return tmp_path_factory.mktemp("serving") / "home"


@pytest.fixture
def served(book: Book, home: Path, tmp_path: Path, port: int) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """The workbench on its folder."""
    said = tmp_path / "said"
    running = _start(book.path, home, port, said)
    try:
        yield running, said
    finally:
        below = _children(running.pid)
        running.kill()
        running.wait()
        for pid in below:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _somebody_finds_work(port: int) -> None:
    browser = _Browser(port)
    assert json.loads(browser.get("/health/")) == {
        "ok": True,
        "checks": {"database": True, "book": True, "day": True},
    }
    log_in = browser.get("/")
    assert 'name="login"' in log_in
    for sheet in re.findall(r'(?:href|src)="(/static/[^"]+)"', log_in):
        assert browser.get(sheet)
    queue = browser.post("/accounts/login/", log_in, login="chen", password=DEMO_PASSWORD)
    numbers = re.findall(r"/cases/(C\d+-[^/\"]+)/", queue)
    assert numbers, "the collector's queue holds cases"
    assert browser.get(f"/cases/{numbers[0]}/").count(numbers[0]) > 0


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="counts processes in /proc")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_work_and_ends_with_everything_it_started(
    served: tuple[subprocess.Popen[bytes], Path], port: int, how: signal.Signals
) -> None:
    running, said = served
    text = _until(f"http://127.0.0.1:{port}/", said, running)
    assert DEMO_PASSWORD in text
    assert re.search(r"chen\s+催收员\s+Collector", text)

    if how is signal.SIGINT:
        _somebody_finds_work(port)

    parts = _children(running.pid)
    assert len(parts) >= 3, "granian, its worker, and the clock"
    running.send_signal(how)
    assert running.wait(timeout=PATIENCE) == 0
    assert not [pid for pid in parts if _alive(pid)]
    assert "已停止" in said.read_text()


def test_a_taken_port_is_said_before_any_work(book: Book, tmp_path: Path, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        running = _start(book.path, tmp_path / "home", port, tmp_path / "said")
        assert running.wait(timeout=PATIENCE) == 2
    text = (tmp_path / "said").read_text()
    assert f"127.0.0.1:{port}" in text
    assert f"--port {port + 1}" in text
    assert not (tmp_path / "home").exists()


def test_a_part_that_ends_by_itself_ends_the_rest_and_is_named(
    served: tuple[subprocess.Popen[bytes], Path], port: int
) -> None:
    running, said = served
    _until(f"http://127.0.0.1:{port}/", said, running)
    parts = _children(running.pid)
    clock = [pid for pid in parts if b"huey" in (Path("/proc") / str(pid) / "cmdline").read_bytes()]
    os.kill(clock[0], signal.SIGKILL)
    assert running.wait(timeout=PATIENCE) == 2
    assert "worker" in said.read_text()
    assert not [pid for pid in parts if _alive(pid)]
