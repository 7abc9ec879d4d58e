"""``mora synth N --out DIR``: make up a loan book for trials and benchmarks."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from mora.cli.arguments import progress_bar, refusing
from mora.feeds.synthetic import DEFAULT_AS_OF, Form, Order, write_book

MOST_JOBS = 2
"""More processes than this would pass a gigabyte of memory."""


@refusing
def synth(
    n: Annotated[int, typer.Argument(metavar="N", help="贷款笔数 Number of loans, 100 to 10,000,000")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="输出目录，须为空 Directory to write, empty")],
    seed: Annotated[int, typer.Option("--seed", help="随机种子 The same seed gives the same bytes")] = 1,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help=f"截止日 Last day the book knows [{DEFAULT_AS_OF}]"),
    ] = None,
    days: Annotated[
        int, typer.Option("--days", help="其后逐日增量天数 Also write that many later days, each in its own directory")
    ] = 0,
    form: Annotated[
        Form | None, typer.Option("--format", help="默认两万笔以内 csv，以上 parquet Default: csv up to 20,000 loans")
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", help="进程数 Processes; 0: as many as cores, at most 2")] = 0,
) -> None:
    """合成账簿：虚构的贷款、借款人与流水，处处标明。 Make up a loan book, labelled synthetic everywhere."""
    order = Order(loans=n, seed=seed, as_of=as_of.date() if as_of else DEFAULT_AS_OF, days=days, form=form)
    began = perf_counter()
    with progress_bar("合成 synth") as bar:
        task = bar.add_task("synth", total=n)
        processes = jobs or min(MOST_JOBS, os.cpu_count() or 1)
        rows = write_book(order, out, jobs=processes, progress=lambda loans: bar.advance(task, loans))
    _tell(order, out, rows, perf_counter() - began)


def _tell(order: Order, out: Path, rows: dict[str, int], seconds: float) -> None:
    lines = [
        (
            f"合成数据 SYNTHETIC: {order.loans:,} 笔贷款 loans, {rows['schedule']:,} 期 instalments, "
            f"{rows['postings']:,} 笔流水 postings"
        ),
        f"{out}  ({order.written_as.value}, {seconds:.1f} s, {order.loans / seconds:,.0f} 笔/秒 loans/s)",
    ]
    if order.days:
        lines.insert(1, f"其后 {order.days} 天 days after: {rows['daily']:,} 笔流水 postings")
    for line in lines:
        typer.echo(line)
