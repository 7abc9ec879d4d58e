"""The page on production, carried out: its commands in their order on a throw-away PostgreSQL, then its services.

Folders of the page lie in a temporary one, the server's address is that of the throw-away, and ``sudo`` changes no user
(it only says who would have run what). Passwords are not asked for by that server; rights of roles are real.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import on_postgresql

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/howto/production.md"
FENCE = re.compile(r"(<!-- by hand -->\n)?```(\w+)\n(.*?)```", re.DOTALL)
SUDO = """#!{python}
import os, sys
words = sys.argv[1:]
user = "root"
if words[0] == "-u":
    user, words = words[1], words[2:]
if words[0] == "install":  # owners are this machine's business
    for option in ("-o", "-g"):
        at = words.index(option)
        del words[at : at + 2]
if user == "postgres":
    os.environ |= {{"PGHOST": "127.0.0.1", "PGPORT": "{port}", "PGUSER": "mora", "PGDATABASE": "postgres"}}
os.execvp(words[0], words)
"""

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        on_postgresql.binaries() is None or not all(map(shutil.which, ("bash", "psql", "openssl", "tar"))),
        reason="PostgreSQL, its client or bash is not here (Debian: postgresql)",
    ),
]


@dataclass
class Place:
    """Where the page was carried out."""

    folder: Path
    port: str
    said: str

    def moved(self, text: str) -> str:
        """A text of the page with its folders and its server in their temporary places."""
        for name in ("/srv/mora", "/etc/mora", "/opt/mora", "/var/backups/mora"):
            text = text.replace(name, str(self.folder) + name)
        return text.replace("localhost:5432", f"127.0.0.1:{self.port}")

    def settings(self) -> dict[str, str]:
        """What the services get from their file of settings."""
        lines = (self.folder / "etc/mora/mora.env").read_text().splitlines()
        return os.environ | dict(line.split("=", 1) for line in lines) | {"PYTHONPATH": str(ROOT / "src")}

    def service(self, name: str) -> list[str]:
        """The command of a service."""
        unit = next(text for _, kind, text in FENCE.findall(PAGE.read_text()) if kind == "ini" and f"/{name}\n" in text)
        found = re.search(r"^ExecStart=(.*)$", unit, re.MULTILINE)
        assert found is not None
        return self.moved(found.group(1)).split()


@pytest.fixture(scope="module")
def carried_out(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Every block of the page that is not by hand, one after the other in one shell."""
    folder = tmp_path_factory.mktemp("production")
    with on_postgresql.server() as address:
        port = address.rpartition(":")[2].partition("/")[0]
        place = Place(folder, port, "")
        for name in ("srv", "etc", "opt/mora", "var/backups", "bin"):
            (folder / name).mkdir(parents=True)
        (folder / "opt/mora/venv").symlink_to(Path(sys.executable).parents[1])
        sudo = folder / "bin/sudo"
        sudo.write_text(SUDO.format(python=sys.executable, port=port))
        sudo.chmod(0o755)
        blocks = [text for hand, kind, text in FENCE.findall(PAGE.read_text()) if kind == "sh" and not hand]
        assert len(blocks) >= 9
        script = "set -euo pipefail\n" + place.moved("\n".join(blocks))
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MORA_", "DJANGO_", "PG"))}
        done = subprocess.run(
            ["bash", "-c", script], capture_output=True, text=True, check=False, cwd=folder,
            env=kept | {"PATH": f"{folder}/bin:{os.environ['PATH']}", "PYTHONPATH": str(ROOT / "src")},
        )  # fmt: skip
        assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-6000:]}"
        place.said = done.stdout
        yield place


def _psql(place: Place, sql: str, user: str = "mora", database: str = "mora") -> str:
    command = ["psql", "-h", "127.0.0.1", "-p", place.port, "-U", user, "-d", database, "-At", "-c", sql]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_the_page_holds_from_top_to_bottom(carried_out: Place) -> None:
    heads = re.findall(r"head (\d+):([0-9a-f]{64})", carried_out.said)
    assert len(heads) >= 3
    assert int(_psql(carried_out, "select count(*) from store_event")) == int(heads[-1][0])
    assert int(_psql(carried_out, "select count(*) from store_case where state = 'open'")) > 0
    assert _psql(carried_out, "select username || ' ' || role from store_user") == "administrator administrator"


def test_secrets_are_closed_to_others(carried_out: Place) -> None:
    etc = carried_out.folder / "etc/mora"
    assert stat.S_IMODE((etc / "mora.env").stat().st_mode) == 0o640
    assert stat.S_IMODE((etc / "owner.env").stat().st_mode) == 0o600
    assert not (carried_out.folder / "srv/mora/secrets.json").exists(), "all three keys were given"


def test_the_application_owns_no_table_and_holds_no_more_than_it_needs(carried_out: Place) -> None:
    owned = _psql(carried_out, "select count(*) from pg_tables where schemaname = 'public' and tableowner = 'mora_app'")
    assert owned == "0"
    held = _psql(
        carried_out,
        "select string_agg(privilege_type, ' ' order by privilege_type) from information_schema.role_table_grants "
        "where grantee = 'mora_app' and table_name = 'store_event'",
    )
    assert held == "INSERT SELECT"


def test_the_services_run_and_are_well(carried_out: Place) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    pages = [port if word == "8020" else word for word in carried_out.service("mora-pages.service")]
    worker = carried_out.service("mora-worker.service")
    settings = carried_out.settings()
    started = [subprocess.Popen(command, env=settings, cwd=carried_out.folder) for command in (pages, worker)]
    try:
        told = _well(f"http://localhost:{port}/health/", started)
        assert told == {"ok": True, "checks": {"database": True, "book": True, "day": True}}
        asked = (
            "import django; django.setup()\n"
            "from datetime import date\n"
            "from mora.casework import asking, running\n"
            "from mora.web.clock import run_job\n"
            "run_job(str(running.ask_by_clock(date(2026, 11, 21), asking.local_now()).pk))\n"
        )
        subprocess.run([worker[0], "-c", asked], env=settings, check=True, cwd=carried_out.folder)
        for _ in range(600):
            state = _psql(carried_out, "select state from store_dayjob")
            if state not in ("waiting", "running"):
                break
            assert all(each.poll() is None for each in started)
            time.sleep(0.2)
        assert state == "done"
        assert int(_psql(carried_out, "select count(*) from pg_tables where schemaname = 'jobs'")) >= 3
    finally:
        for each in started:
            each.terminate()
        for each in started:
            each.wait(timeout=60)


def _well(address: str, started: list[subprocess.Popen[bytes]]) -> dict[str, object]:
    for _ in range(600):
        assert all(each.poll() is None for each in started), "a service ended"
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                return json.load(answer)  # type: ignore[no-any-return]
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    pytest.fail("the pages never answered")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_units_are_well_formed(carried_out: Place) -> None:
    units = carried_out.folder / "units"
    units.mkdir()
    for _, kind, text in FENCE.findall(PAGE.read_text()):
        if kind == "ini":
            first, _, rest = text.partition("\n")
            (units / Path(first.removeprefix("# ")).name).write_text(carried_out.moved(rest))
    names = sorted(str(each) for each in units.iterdir())
    assert len(names) == 4
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *names],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    complaints = [line for line in done.stderr.splitlines() if "mora-" in line and "postgresql.service" not in line]
    assert not complaints, "\n".join(complaints)
