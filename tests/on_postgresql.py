"""Run the tests of the work on a throw-away PostgreSQL: ``python tests/on_postgresql.py [pytest arguments]``.

Starts a server of its own in a temporary folder on a free port of this machine, runs tests/casework and the page that
asks most with it, and takes everything away again. Says so and leaves with 0 when PostgreSQL's binaries are not here.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SUITES = ("tests/casework", "tests/web/test_queue_page.py")
"""All work but its kills, and the page that asks the database most; any others may be named."""


def binaries() -> Path | None:
    """Folder of ``initdb`` and ``pg_ctl``, the newest there is."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def _run(command: list[str], folder: Path) -> None:
    """Run a command quietly as a user PostgreSQL accepts: root is not."""
    whole = command if os.geteuid() != 0 else ["runuser", "-u", "postgres", "--", *command]
    subprocess.run(whole, check=True, stdout=subprocess.DEVNULL, cwd=folder)


@contextmanager
def server() -> Iterator[str]:
    """A running server's address, gone afterwards."""
    bin_ = binaries()
    assert bin_ is not None
    folder = Path(tempfile.mkdtemp(prefix="mora-postgresql-"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    try:
        _run([str(bin_ / "initdb"), "-D", str(data), "-U", "mora", "-A", "trust"], folder)
        _run([str(bin_ / "pg_ctl"), "-D", str(data), "-w", "-o", options, "start"], folder)
        yield f"postgresql://mora@127.0.0.1:{port}/postgres"
    finally:
        if (data / "postmaster.pid").exists():
            _run([str(bin_ / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"], folder)
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Run pytest against the server."""
    if binaries() is None:
        print("PostgreSQL is not installed here, so the tests of the work ran on SQLite only (Debian: postgresql).")
        return 0
    suites = [each for each in SUITES if Path(each).is_dir()]
    with server() as address:
        environment = os.environ | {"MORA_DATABASE": address}
        asked = sys.argv[1:] or ["-n", "auto", "--ignore", "tests/casework/test_killed.py", *suites]
        done = subprocess.run([sys.executable, "-m", "pytest", *asked], env=environment, check=False)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
