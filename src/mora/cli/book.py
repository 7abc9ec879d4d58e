"""``mora import DIR --book BOOK`` and ``mora book check --book BOOK``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from mora.cli.arguments import refusing
from mora.core.errors import BadInput, Refused
from mora.core.money import format_minor
from mora.core.words import Language, Words
from mora.engine import snapshots
from mora.engine.book import ImportReport, import_book, open_book
from mora.engine.book.check import Standing, check_book
from mora.engine.book.lock import writing
from mora.engine.hot.touched import keep_touched
from mora.feeds import feed_names
from mora.feeds.faults import RefusedBook

BookOption = Annotated[Path, typer.Option("--book", metavar="BOOK", help="账簿目录 Directory of the book")]
LangOption = Annotated[Language, typer.Option("--lang", help="语言 Language")]

book_app = typer.Typer(help="账簿 The loan book.", no_args_is_help=True)
"""Mounted as ``mora book``."""

_DOING = {
    "partitions": Words("核对分区", "checking partitions"),
    "quarantine": Words("搁置有误的行", "setting rows aside"),
}


@refusing
def import_(
    source: Annotated[Path, typer.Argument(metavar="DIR", help="来源目录 Directory to read")],
    book: BookOption,
    feed: Annotated[str | None, typer.Option("--feed", help="来源种类 Feed: " + ", ".join(feed_names()))] = None,
    lang: LangOption = Language.ZH,
) -> None:
    """导入账簿：逐行检查，好的留下，有误的连同理由搁置。 Read a loan book in; faulty rows are set aside with reasons.

    Exit code 0: done; 1: done, with rows set aside; 2: refused, with the reason, and the book is as it was.
    """
    errors = Console(stderr=True)
    try:
        with Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=errors, transient=True,
        ) as bar:  # fmt: skip
            report = import_book(source, book, feed=feed, at=datetime.now(UTC), progress=_Bar(bar, lang))
        if report.changed and (book / snapshots.FOLDER).is_dir():
            with writing(book):
                keep_touched(open_book(book))
    except Refused as refused:
        _say_refused(errors, refused, lang)
        raise typer.Exit(2) from None
    _show(Console(), report, lang)
    raise typer.Exit(report.exit_code)


@book_app.command("check")
@refusing
def check(book: BookOption, lang: LangOption = Language.ZH) -> None:
    """核对账簿合计，列出不符之处。 Reconcile totals; say what does not tie. Exit code 0: it ties; 1: not."""
    console = Console()
    lines = check_book(open_book(book))
    table = Table(box=None, show_header=False, pad_edge=False)
    style = {Standing.OK: "green", Standing.NOTE: "yellow", Standing.WRONG: "bold red"}
    mark = {Standing.OK: "✓", Standing.NOTE: "·", Standing.WRONG: "✗"}
    for line in lines:
        table.add_row(
            f"[{style[line.standing]}]{mark[line.standing]}[/]", line.question.in_(lang), escape(line.answer.in_(lang))
        )
    console.print(table)
    raise typer.Exit(1 if any(line.standing is Standing.WRONG for line in lines) else 0)


class _Bar:
    """The import's progress on a bar per table."""

    def __init__(self, bar: Progress, lang: Language) -> None:
        self.bar, self.lang = bar, lang
        self.tasks: dict[str, TaskID] = {}

    def __call__(self, what: str, done: int, total: int | None) -> None:
        if what not in self.tasks:
            words = _DOING.get(what, Words(f"读入 {what}", f"reading {what}"))
            self.tasks[what] = self.bar.add_task(words.in_(self.lang), total=None)
        self.bar.update(self.tasks[what], advance=done, total=total if what == "partitions" else None)


def _say_refused(console: Console, refused: Refused, lang: Language) -> None:
    console.print(Words("拒绝导入，账簿未变：", "Refused; the book is as it was:").in_(lang), style="bold red")
    if isinstance(refused, RefusedBook):
        lines = [told.line(lang) for told in refused.told]
    elif isinstance(refused, BadInput) and refused.findings:
        lines = [str(finding) for finding in refused.findings]
    else:
        lines = [refused.words.in_(lang)]
    for line in lines:
        console.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)


def _show(console: Console, report: ImportReport, lang: Language) -> None:
    heads = (
        Words("表", "table"),
        Words("读入", "in"),
        Words("留下", "kept"),
        Words("已有", "there before"),
        Words("搁置", "set aside"),
    )
    table = Table(box=None, pad_edge=False)
    for place, head in enumerate(heads):
        table.add_column(head.in_(lang), justify="left" if not place else "right")
    for name, table_told in report.tables.items():
        rows = table_told["rows"]
        table.add_row(name, *(f"{rows[fate]:,}" for fate in ("in", "kept", "unchanged", "set_aside")))
        for currency in sorted(table_told["amounts"]["in"]):
            sums = [table_told["amounts"][fate].get(currency, 0) for fate in ("in", "kept", "unchanged", "set_aside")]
            known = "XXX" if currency == "?" else currency
            table.add_row(f"  {currency}", *(format_minor(amount, known) for amount in sums), style="dim")
    console.print(table)
    if not report.changed:
        console.print(Words("账簿未变。", "The book is unchanged.").in_(lang))
    for told in report.warnings:
        console.print(told.line(lang), style="yellow", highlight=False, markup=False, soft_wrap=True)
    if report.quarantine is not None:
        for code, count in report.codes.items():
            console.print(f"  {count:>10,}  {code}", highlight=False)
        for told in report.examples:
            console.print(f"  {told.line(lang)}", highlight=False, markup=False, soft_wrap=True)
        where = Words("搁置的行及理由在", "Rows set aside, with reasons, are in").in_(lang)
        console.print(f"{where} {report.quarantine}", highlight=False, markup=False, soft_wrap=True)
