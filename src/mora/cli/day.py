"""``mora day``: run the day over a book and show what came of it."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console

from mora.cli.age import Engine, EngineChoice, Master
from mora.cli.arguments import AsOf, BookPath, House, progress_bar, refusing
from mora.core.words import Language
from mora.engine.book.manifest import open_book
from mora.engine.day import WINDOW_DAYS, run_day
from mora.engine.summary import provision_measure, summary_of
from mora.report import print_day, write_day


@refusing
def day(
    book: BookPath,
    as_of: AsOf,
    engine: EngineChoice = Engine.LOCAL,
    master: Master = "local[*]",
    whole: Annotated[bool, typer.Option("--whole", help="重算全部 Read the whole book again")] = False,
    window: Annotated[
        int, typer.Option("--window", min=0, max=60, help="热分区预备天数 Days ahead the hot partition serves; 0: none")
    ] = WINDOW_DAYS,
    house: House = None,
    lang: Annotated[Language, typer.Option("--lang", help="语言 Language of the summary")] = Language.ZH,
    quiet: Annotated[bool, typer.Option("--quiet", help="不打印摘要 Do not print the summary")] = False,
) -> None:
    """跑批：更新受影响的贷款，留下快照，给出摘要与网页报告。 Run the day: positions, snapshot, summary and page."""
    held = open_book(book)
    measure = provision_measure(as_of, house)
    began = perf_counter()
    with progress_bar("跑批 day") as bar:
        task = bar.add_task("day", total=None)
        done = run_day(
            held,
            as_of,
            whole=whole or engine is Engine.SPARK,
            house=house,
            window=window,
            progress=lambda loans: bar.advance(task, loans),
            total=lambda loans: bar.update(task, total=loans),
            spark_master=master if engine is Engine.SPARK else None,
        )
    seconds = perf_counter() - began
    summary = summary_of(held, as_of, measure=measure)
    folder = book / "reports" / as_of.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    pages = write_day(summary, folder)
    console = Console()
    if not quiet:
        print_day(summary, lang, console)
    why = done.why_whole
    kind = f"全量（{why.zh}） whole book ({why.en})" if why else "增量 changes only"
    console.print(f"\n{kind}: {done.run.loans:,} 笔 loans, {seconds:.1f} s", highlight=False)
    for path in pages.values():
        console.print(f"报告 report: {Path(path).resolve()}", highlight=False, soft_wrap=True)
