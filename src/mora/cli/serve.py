"""``mora serve``: the workbench for a small lender in one command - pages, worker and clock together."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from mora.cli.arguments import progress_bar, refusing
from mora.core.errors import Refused

Home = Annotated[
    Path, typer.Option("--home", metavar="DIR", help="安装目录：数据库、密钥、附件 Database, keys, attachments")
]
Books = Annotated[
    list[Path],
    typer.Option("--book", metavar="BOOK", help="账簿目录，可多次给出 The book; several when given several times"),
]
Demo = Annotated[bool, typer.Option("--demo", help="建立演示账号 Make the demonstration's people")]

START_SECONDS = 180
"""How long the pages may take until they answer, on a busy machine; that they ended is noticed at once."""
PAGE_THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)
"""Pages worked out at once; more wait. SQLite lets one write at a time anyway."""
STOP_SECONDS = 20
"""How long a part may take to end what it has in hand."""


def configure(home: Path, books: list[Path], *, demo: bool = False) -> None:
    """Point Django at an installation and set it up.

    :raises Refused: the pages' packages are not installed.
    """
    os.environ["MORA_HOME"] = str(home.resolve())
    if books:
        os.environ["MORA_BOOK"] = os.pathsep.join(str(book.resolve()) for book in books)
    if demo:
        os.environ.setdefault("MORA_ORGANISATION", "示范银行")
        # Nobody posts payments to a demonstration's book: a day run by the clock would make all of it late.
        os.environ.setdefault("MORA_NIGHTLY", "0")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mora.web.settings")
    try:
        import django  # noqa: PLC0415  only the workbench needs it
    except ImportError:
        raise Refused(
            "the workbench needs its packages: pip install 'mora[web]'",
            zh="工作台需要另装软件包：pip install 'mora[web]'",
        ) from None
    django.setup()


def prepare(console: Console, *, demo: bool) -> None:
    """Bring tables, words and static files up to date; make the demonstration's people when asked."""
    from django.core.management import call_command  # noqa: PLC0415

    from mora.casework.asking import local_now  # noqa: PLC0415
    from mora.casework.people import demonstration  # noqa: PLC0415

    console.print("准备数据库与页面… Preparing the database and the pages ...", highlight=False)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    if demo:
        demonstration(local_now())


def _some_work() -> None:
    from mora.casework.asking import local_now  # noqa: PLC0415
    from mora.casework.demonstration import some_work  # noqa: PLC0415

    some_work(local_now())


def take_in_newest(console: Console, books: list[Path]) -> None:
    """Take the newest day of each book into work; one that is in already changes nothing."""
    from mora.casework.nightly import take_latest_day  # noqa: PLC0415
    from mora.engine import snapshots  # noqa: PLC0415
    from mora.engine.book.manifest import open_book  # noqa: PLC0415

    for path in books:
        if not snapshots.runs(open_book(path)):
            console.print(
                f"{path} 还没有跑批，队列为空。 No day was run on {path} yet; no cases of it stand in the queue: "
                f"mora day --book {path} --as-of DATE",
                highlight=False, soft_wrap=True,
            )  # fmt: skip
            continue
        with progress_bar(f"{path.name} 立案 cases") as bar:
            line = bar.add_task("", total=None)

            def told(done: int, of: int, line: object = line) -> None:
                bar.update(line, completed=done, total=of)  # type: ignore[arg-type]

            as_of, taken = take_latest_day(path, told)
        if taken is None:
            console.print(f"{path.name} {as_of}: 已在队列中 in work already", highlight=False)
            continue
        console.print(
            f"{path.name} {as_of}: {taken.opened} 新立 opened, {taken.updated} 更新 updated, "
            f"{taken.closed} 结案 closed, {taken.escalated} 升级 escalated, {taken.eased} 降级 eased",
            highlight=False, soft_wrap=True,
        )  # fmt: skip


@refusing
def take_in(book: Books, home: Home = Path(".mora"), demo: Demo = False) -> None:
    """把最近一日的结果转为案件。 Take the latest day of a book into work: cases open, move and close."""
    configure(home, book, demo=demo)
    console = Console()
    prepare(console, demo=demo)
    take_in_newest(console, book)
    if demo:
        _some_work()


@refusing
def serve(
    book: Books,
    home: Home = Path(".mora"),
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="端口 Port on this machine")] = 8020,
    host: Annotated[str, typer.Option("--host", help="监听地址 Address to listen on")] = "127.0.0.1",
    demo: Demo = False,
) -> None:
    """启动工作台。 Start the workbench: pages, worker and clock in one command.

    The newest day of each book is taken into work first, where it is not yet.
    """
    free(host, port)
    configure(home, book, demo=demo)
    console = Console()
    prepare(console, demo=demo)
    take_in_newest(console, book)
    if demo:
        _some_work()
    free(host, port)  # again: granian would share a port taken meanwhile without a word
    with _until_told_to_end(), _parts(host, port) as parts:
        _answering(host, port, parts)
        if demo:
            _say_log_ins(console)
        console.print(f"\n工作台 The workbench: http://{_named(host)}:{port}/", highlight=False, style="bold")
        console.print("按 Ctrl-C 结束。 Ctrl-C ends it.\n", highlight=False)
        with contextlib.suppress(KeyboardInterrupt):
            while _all_run(parts):
                time.sleep(0.3)
    console.print("工作台已停止。 The workbench has ended.", highlight=False)


def free(host: str, port: int) -> None:
    """Make sure that nothing listens there yet.

    :raises Refused: something does, or the address is not this machine's; says what to give instead.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        raise Refused(
            f"{host}:{port} cannot be listened on ({error.strerror}); another port: --port {port % 65535 + 1}",
            zh=f"无法监听 {host}:{port}（{error.strerror}）；可换端口：--port {port % 65535 + 1}",
        ) from None


def _say_log_ins(console: Console) -> None:
    from django.utils.translation import override  # noqa: PLC0415

    from mora.casework.asking import local_now  # noqa: PLC0415
    from mora.casework.people import DEMO_PASSWORD, demonstration  # noqa: PLC0415

    console.print(
        f"\n演示登录，密码均为 Demonstration log-ins, password  [bold]{DEMO_PASSWORD}[/bold]", highlight=False
    )
    for user in demonstration(local_now()):
        names = []
        for language in ("zh-hans", "en"):
            with override(language):
                names.append(str(user.get_role_display()))
        console.print(f"  {user.username:8} {'  '.join(names)}", highlight=False)


@contextlib.contextmanager
def _until_told_to_end() -> Iterator[None]:
    """Whoever ends the workbench, from a terminal or another program, ends all of it the same way."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {each: signal.signal(each, end) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextlib.contextmanager
def _parts(host: str, port: int) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """The pages and the worker with its clock; they end before this does, whatever happens.

    Each is the head of a group of its own: a terminal's Ctrl-C reaches this process alone, which then ends them in
    order, and whatever one of them started ends with it.
    """
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    commands = {
        "pages": ["granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--log-level", "warning",
                  "--blocking-threads", str(PAGE_THREADS), "mora.web.wsgi:application"],
        "worker": ["huey.bin.huey_consumer", "mora.web.clock.clock", "-w", "1", "-k", "thread", "-q"],
    }  # fmt: skip
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands.items():
            running[name] = subprocess.Popen([sys.executable, "-m", *command], env=environment, start_new_session=True)
        yield running
    finally:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_IGN)  # ending is under way; a second Ctrl-C would leave parts behind
        for child in running.values():
            child.terminate()
        for child in running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=STOP_SECONDS)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _all_run(parts: dict[str, subprocess.Popen[bytes]]) -> bool:
    """:raises Refused: one has ended by itself."""
    for name, child in parts.items():
        if child.poll() is not None:
            raise Refused(
                f"a part of the workbench ended by itself ({name}, code {child.returncode}); see its last lines above",
                zh=f"工作台的一部分自行退出（{name}，代码 {child.returncode}）；原因见上面最后几行",
            )
    return True


def _answering(host: str, port: int, parts: dict[str, subprocess.Popen[bytes]]) -> None:
    """Wait until the pages accept connections.

    :raises Refused: a part ended, or they do not within the time.
    """
    end = time.monotonic() + START_SECONDS
    while _all_run(parts) and time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection((_named(host), port), timeout=1):
            return
        time.sleep(0.1)
    raise Refused(f"the pages did not answer within {START_SECONDS} seconds", zh=f"页面在 {START_SECONDS} 秒内没有应答")


def _named(host: str) -> str:
    """Where a browser on this machine finds what listens on ``host``."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104  compared with, not bound to


@refusing
def verify(
    home: Home = Path(".mora"),
    upto: Annotated[
        str,
        typer.Option("--head", metavar="NUMBER:HASH", help="先前记下的链尾 The chain's end, written down before"),
    ] = "",
) -> None:
    """核验审计链。 Find any event altered, removed or moved; exit 2 when there is one."""
    configure(home, [])
    from mora.store import audit  # noqa: PLC0415

    number, _, hash_ = upto.partition(":")
    if upto and not (number.isdigit() and len(hash_) == 64):
        raise Refused(
            f"--head is NUMBER:HASH as `mora audit verify` printed it, not {upto!r}",
            zh=f"--head 应为 `mora audit verify` 所打印的 编号:散列，而不是 {upto!r}",
        )
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
