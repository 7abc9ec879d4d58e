"""``mora age``: where every loan of a book stands on a day."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console

from mora.ageing.frames import ProductTable
from mora.cli.arguments import AsOf, BookPath, House, KnownAt, new_file, progress_bar, refusing
from mora.engine.age import View, write_positions
from mora.engine.book.manifest import open_book
from mora.engine.classify import Classifier
from mora.engine.scan import partitions, products_of, units_of, untold_products


class Engine(StrEnum):
    """Where the kernel runs."""

    LOCAL = "local"
    """In this process, on its cores."""
    SPARK = "spark"
    """Inside Apache Spark."""


EngineChoice = Annotated[Engine, typer.Option("--engine", help="在何处计算 Where to compute")]
Master = Annotated[
    str, typer.Option("--master", metavar="URL", help="Spark 集群地址 Address of a Spark cluster; local by default")
]


@refusing
def age(
    book: BookPath,
    as_of: AsOf,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="结果文件 Parquet file to write")],
    known_at: KnownAt = None,
    instalments: Annotated[
        Path | None,
        typer.Option("--instalments", metavar="FILE", help="逐期明细 Also a file with one row an instalment"),
    ] = None,
    engine: EngineChoice = Engine.LOCAL,
    master: Master = "local[*]",
    house: House = None,
) -> None:
    """计算全部贷款在某日日终的逾期、欠款、分类与拨备。 Age and classify every loan of a book."""
    held = open_book(book)
    new_file(out)
    if instalments is not None:
        new_file(instalments, out)
    products = products_of(held)
    view = View(
        as_of, ProductTable.of(products), Classifier.of(products, as_of, house), known_at, instalments is not None
    )
    units = units_of(partitions(held))
    console = Console(stderr=True)
    for finding in untold_products(held):
        zh = f"产品 {finding.value} 没有条款，按默认条款计算（见 docs/reference/products.md）"
        console.print(f"{zh}\n{finding}", style="yellow", highlight=False, markup=False, soft_wrap=True)
    if view.classifier.why_not:
        console.print(f"未分类 Unclassified: {view.classifier.why_not}", style="yellow", highlight=False, markup=False)
    began = perf_counter()
    with progress_bar("账龄 ageing") as bar:
        task = bar.add_task("age", total=sum(unit.loans for unit in units))

        def advance(loans: int) -> None:
            bar.advance(task, loans)

        if engine is Engine.SPARK:
            from mora.engine import spark  # noqa: PLC0415 - an extra, and slow to import

            loans = spark.write_positions(units, view, out, instalments=instalments, progress=advance, master=master)
        else:
            loans = write_positions(units, view, out, instalments=instalments, progress=advance)
    seconds = perf_counter() - began
    Console().print(f"{loans:,} 笔 loans -> {out} ({seconds:.1f} s)", highlight=False)
