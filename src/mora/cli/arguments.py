"""Arguments several commands share, and how a refusal leaves the command line."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from mora.core.errors import BadInput, MoraError, Refused

REFUSED = 2
"""Exit code: nothing was done, and the reason was printed."""

Command = TypeVar("Command", bound=Callable[..., Any])


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date such as 2026-11-22") from None


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not an instant such as 2026-11-22T18:00:00+08:00") from None
    if instant.tzinfo is None:
        raise typer.BadParameter(f"{text!r} has no time zone; write for instance {text}+08:00")
    return instant


BookPath = Annotated[Path, typer.Option("--book", metavar="BOOK", help="账簿目录 The book")]
AsOf = Annotated[
    date, typer.Option("--as-of", metavar="DATE", parser=_date, help="观察日 The day asked for, at its evening")
]
KnownAt = Annotated[
    datetime | None,
    typer.Option("--known-at", metavar="INSTANT", parser=_instant, help="只看当时已知 Only what was booked by then"),
]
House = Annotated[Path | None, typer.Option("--house", metavar="DIR", help="机构规则包 A house pack laid over the law")]


def refusing(command: Command) -> Command:
    """A command whose refusals are printed and leave with 2 instead of a traceback."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> Any:
        try:
            return command(*args, **options)
        except BadInput as error:
            _say(str(error), [str(each) for each in error.findings[:10]])
        except (Refused, MoraError) as error:
            _say(str(error), [])
        raise typer.Exit(REFUSED)

    return run  # type: ignore[return-value]


def _say(message: str, more: list[str]) -> None:
    console = Console(stderr=True)
    console.print(f"拒绝 Refused: {message}", style="red", highlight=False, markup=False, soft_wrap=True)
    for line in more:
        console.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)


def progress_bar(what: str) -> Progress:
    """A bar on the error stream, so that what is printed can be piped."""
    return Progress(
        TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
