"""Arguments several commands share, and how a refusal leaves the command line."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from mora.core.errors import BadInput, MoraError, Refused
from mora.core.findings import Finding
from mora.core.words import Language, Words
from mora.feeds.faults import RefusedBook
from mora.law.packs import packaged

REFUSED = 2
"""Exit code: nothing was done, and the reason was printed."""

Command = TypeVar("Command", bound=Callable[..., Any])


FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2199, 12, 31)
"""Days that can be asked for; ageing looks some days beyond them."""


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"“{text}”不是日期，应如 2026-11-22。 {text!r} is not a date such as 2026-11-22."
        ) from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise typer.BadParameter(
            f"{day} 不在 {FIRST_DAY} 至 {LAST_DAY} 之间。 {day} is not between {FIRST_DAY} and {LAST_DAY}."
        )
    return day


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"“{text}”不是时刻，应如 2026-11-22T18:00:00+08:00。 "
            f"{text!r} is not an instant such as 2026-11-22T18:00:00+08:00."
        ) from None
    if instant.tzinfo is None:
        raise typer.BadParameter(
            f"“{text}”没有时区，可写作 {text}+08:00。 {text!r} has no time zone; write for instance {text}+08:00."
        )
    return instant


def _house(text: str) -> Path:
    """A folder or file of the lender's own, or a packaged pack by its name."""
    named = Path(str(packaged() / "house" / text))
    return named if not Path(text).exists() and named.is_dir() else Path(text)


BookPath = Annotated[Path, typer.Option("--book", metavar="BOOK", help="账簿目录 The book")]
AsOf = Annotated[
    date, typer.Option("--as-of", metavar="DATE", parser=_date, help="观察日 The day asked for, at its evening")
]
KnownAt = Annotated[
    datetime | None,
    typer.Option("--known-at", metavar="INSTANT", parser=_instant, help="只看当时已知 Only what was booked by then"),
]
House = Annotated[
    Path | None,
    typer.Option(
        "--house",
        metavar="NAME|DIR",
        parser=_house,
        help="机构规则包 A house pack over the law: name or folder",
    ),
]


def refusing(command: Command) -> Command:
    """A command whose refusals are printed and leave with 2 instead of a traceback."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> Any:
        try:
            return command(*args, **options)
        except RefusedBook as error:
            told = [Words(*(each.line(language) for language in Language)) for each in error.told]
            say_refused(told[0], told[1:TOLD_AT_MOST])
        except BadInput as error:
            say_refused(error.words, [_both(each) for each in error.findings[:TOLD_AT_MOST]])
        except MoraError as error:
            say_refused(error.words, [])
        except BrokenPipeError:
            raise
        except OSError as error:
            say_refused(system_words(error), [])
        raise typer.Exit(REFUSED)

    return run  # type: ignore[return-value]


TOLD_AT_MOST = 10
"""Findings shown of a refusal; the first is the message."""


def say_refused(message: Words, more: Sequence[Words]) -> None:
    """Print why nothing was done, in both languages, on the error stream."""
    console = Console(stderr=True)

    def say(text: str, style: str = "") -> None:
        console.print(text, style=style, highlight=False, markup=False, soft_wrap=True)

    say(f"拒绝：{message.zh}", "red")
    say(f"Refused: {message.en}", "red")
    for line in more:
        say(f"  {line.zh}")
        if line.en != line.zh:
            say(f"  {line.en}")


def system_words(error: OSError) -> Words:
    """What the system would not do: a file that cannot be read or written, a full disk."""
    what, why = error.filename or "?", error.strerror or str(error)
    return Words(f"无法读写 {what}：{why}", f"{what} cannot be read or written: {why}")


def new_file(path: Path, *others: Path | None) -> Path:
    """A file to write: not a directory, and not another output.

    :raises Refused: it is one.
    """
    if path.is_dir():
        raise Refused(f"{path} is a directory; name a file in it", zh=f"{path} 是目录；请写出其中的文件名")
    if path in others:
        raise Refused(f"{path} is named for two outputs", zh=f"两项输出都写到 {path}；请分别命名")
    return path


def _both(finding: Finding) -> Words:
    zh = str(replace(finding, message=finding.message_zh)) if finding.message_zh else str(finding)
    return Words(zh, str(finding))


def progress_bar(what: str) -> Progress:
    """A bar on the error stream, so that what is printed can be piped."""
    return Progress(
        TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
