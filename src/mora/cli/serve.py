"""``mora serve``: the workbench for a small lender in one command - pages, worker and clock together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from mora.cli.arguments import refusing
from mora.core.errors import Refused

Home = Annotated[
    Path, typer.Option("--home", metavar="DIR", help="安装目录：数据库、密钥、附件 Database, keys, attachments")
]


def configure(home: Path, book: Path | None) -> None:
    """Point Django at an installation and set it up.

    :raises Refused: the pages' packages are not installed.
    """
    os.environ["MORA_HOME"] = str(home.resolve())
    if book is not None:
        os.environ["MORA_BOOK"] = str(book.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mora.web.settings")
    try:
        import django  # noqa: PLC0415  only the workbench needs it
    except ImportError:
        raise Refused("the workbench needs its packages: pip install 'mora[web]'") from None
    django.setup()


def prepare(console: Console, *, demo: bool) -> None:
    """Bring tables, words and static files up to date; make the demonstration's people when asked."""
    from django.core.management import call_command  # noqa: PLC0415

    from mora.casework.asking import local_now  # noqa: PLC0415
    from mora.casework.people import DEMO_PASSWORD, demonstration  # noqa: PLC0415

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    if demo:
        console.print(f"\n演示登录 Demonstration log-ins, password {DEMO_PASSWORD}", highlight=False)
        for user in demonstration(local_now()):
            console.print(f"  {user.username:8} {user.get_role_display()}", highlight=False)


@refusing
def take_in(
    book: Annotated[Path, typer.Option("--book", metavar="BOOK", help="账簿目录 The book")],
    home: Home = Path(".mora"),
) -> None:
    """把最近一日的结果转为案件。 Take the latest day of a book into work: cases open, move and close."""
    configure(home, book)
    from mora.casework.nightly import take_latest_day  # noqa: PLC0415

    console = Console()
    prepare(console, demo=False)
    as_of, taken = take_latest_day(book)
    console.print(
        f"{as_of}: {taken.opened} 新立 opened, {taken.updated} 更新 updated, {taken.closed} 结案 closed, "
        f"{taken.escalated} 升级 escalated, {taken.eased} 降级 eased",
        highlight=False,
    )


@refusing
def serve(
    book: Annotated[Path, typer.Option("--book", metavar="BOOK", help="账簿目录 The book")],
    home: Home = Path(".mora"),
    port: Annotated[int, typer.Option("--port", help="端口 Port on this machine")] = 8020,
    host: Annotated[str, typer.Option("--host", help="监听地址 Address to listen on")] = "127.0.0.1",
    demo: Annotated[bool, typer.Option("--demo", help="建立演示账号 Make the demonstration's people")] = False,
) -> None:
    """启动工作台。 Start the workbench: pages, worker and clock in one command."""
    configure(home, book)
    console = Console()
    prepare(console, demo=demo)
    console.print(f"\n工作台 The workbench: http://{host}:{port}/  (Ctrl-C 结束 ends)", highlight=False, style="bold")
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    pages = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
             "--log-level", "warning", "mora.web.wsgi:application"]  # fmt: skip
    worker = [sys.executable, "-m", "huey.bin.huey_consumer", "mora.web.clock.clock", "-w", "1", "-k", "thread"]
    children = [subprocess.Popen(command, env=environment) for command in (pages, worker)]
    try:
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
        raise Refused("a part of the workbench ended; see its last lines above")
    except KeyboardInterrupt:
        console.print("结束。 Ended.")
    finally:
        for child in children:
            child.send_signal(signal.SIGTERM)
        for child in children:
            child.wait(timeout=20)


@refusing
def verify(
    home: Home = Path(".mora"),
    upto: Annotated[
        str,
        typer.Option("--head", metavar="NUMBER:HASH", help="先前记下的链尾 The chain's end, written down before"),
    ] = "",
) -> None:
    """核验审计链。 Find any event altered, removed or moved; exit 2 when there is one."""
    configure(home, None)
    from mora.store import audit  # noqa: PLC0415

    number, _, hash_ = upto.partition(":")
    if upto and not (number.isdigit() and len(hash_) == 64):
        raise Refused(f"--head is NUMBER:HASH as `mora audit verify` printed it, not {upto!r}")
    breaks = list(audit.verify(upto=(int(number), hash_) if upto else None))
    for each in breaks:
        Console(stderr=True).print(f"{each.seq}: {each.what}", style="red", highlight=False)
    seq, last = audit.head()
    Console().print(f"{seq} 条 events; 链尾 head {seq}:{last}", highlight=False, soft_wrap=True)
    if breaks:
        raise typer.Exit(2)


audit_app = typer.Typer(help="审计链。 The audit chain.", no_args_is_help=True)
audit_app.command("verify")(verify)


@audit_app.callback()
def _audit() -> None:
    """One command now, others later."""
