"""``mora synth N --out DIR``: make up a loan book for trials and benchmarks."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from mora.core.errors import Refused
from mora.feeds.synthetic import DEFAULT_AS_OF, Form, Order, write_book

MOST_JOBS = 2
"""More processes than this would pass a gigabyte of memory."""


def synth(
    n: Annotated[int, typer.Argument(metavar="N", help="贷款笔数 Number of loans, 100 to 10,000,000")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="输出目录（须为空）Directory to write; must be empty")],
    seed: Annotated[int, typer.Option("--seed", help="随机种子 Seed: the same seed gives the same bytes")] = 1,
    as_of: Annotated[
        datetime, typer.Option("--as-of", formats=["%Y-%m-%d"], help="截止日 Last day the book knows")
    ] = datetime.combine(DEFAULT_AS_OF, datetime.min.time()),
    days: Annotated[
        int, typer.Option("--days", help="其后逐日增量天数 Also write that many later days, each in its own directory")
    ] = 0,
    form: Annotated[
        Form | None, typer.Option("--format", help="默认两万笔以内 csv，以上 parquet Default: csv up to 20,000 loans")
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", help="进程数 Processes; 0: as many as there are cores, at most 2")] = 0,
) -> None:
    """合成账簿：虚构的贷款、借款人与流水，处处标明为合成数据。 Make a synthetic loan book, labelled as such everywhere."""
    console = Console()
    order = Order(loans=n, seed=seed, as_of=as_of.date(), days=days, form=form)
    began = perf_counter()
    try:
        with Progress(
            TextColumn("合成 synth"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn(),
            console=Console(stderr=True), transient=True,
        ) as bar:  # fmt: skip
            task = bar.add_task("synth", total=n)
            rows = write_book(
                order, out, jobs=jobs or min(MOST_JOBS, os.cpu_count() or 1),
                progress=lambda loans: bar.advance(task, loans),
            )  # fmt: skip
    except Refused as refused:
        Console(stderr=True).print(str(refused), style="red", highlight=False)
        raise typer.Exit(2) from None
    seconds = perf_counter() - began
    console.print(
        f"合成数据 SYNTHETIC: {n:,} 笔贷款 loans, {rows['schedule']:,} 期 instalments, {rows['postings']:,} 笔流水 postings"
        + (f", 其后 {days} 天另有 {rows['daily']:,} 笔 more on the {days} days after" if days else ""),
        highlight=False,
    )
    console.print(f"{out}  ({order.written_as.value}, {seconds:.1f} s, {n / seconds:,.0f} 笔/秒 loans/s)", highlight=False)
