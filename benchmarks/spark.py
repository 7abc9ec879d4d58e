"""What Spark costs over the local runner, on one machine and one book, as a ratio.

    python benchmarks/spark.py [--loans 100000] [--work .work/bench] [--runs 5]

The same positions are written by both in turn, in one session whose start and first run, which
starts the workers, are told apart; medians are compared. CPU is that of this process and all it
started, Java and workers included.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ageing import AS_OF, make_book
from mora.ageing.frames import ProductTable
from mora.core.compiled import library
from mora.engine import age, spark
from mora.engine.age import View
from mora.engine.book import open_book
from mora.engine.classify import Classifier
from mora.engine.scan import partitions, products_of, units_of
from mora.engine.spark_session import spark_session


def main() -> None:
    """Make the book when it is not there, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--loans", type=int, default=100_000)
    parser.add_argument("--work", type=Path, default=Path(".work/bench"))
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    book = open_book(make_book(asked.work, asked.loans))
    products = products_of(book)
    view = View(AS_OF, ProductTable.of(products), Classifier.of(products, AS_OF))
    units = units_of(partitions(book))
    library()
    print(f"{asked.loans:,} loans in {len(units)} units, {age.cores()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(dir=asked.work) as folder:
        out = Path(folder) / "positions.parquet"
        began = time.perf_counter()
        with spark_session() as session:
            print(f"session started in {time.perf_counter() - began:.1f} s")

            def local() -> None:
                age.write_positions(units, view, out)

            def on_spark() -> None:
                spark.write_positions(units, view, out, session=session)

            first = timed(on_spark)
            print(f"first run on Spark, workers starting: {first[0]:.2f} s, {first[1]:.2f} CPU s")
            timed(local)
            seen: dict[str, list[tuple[float, float]]] = {"local": [], "Spark": []}
            for _ in range(asked.runs):
                seen["local"].append(timed(local))
                seen["Spark"].append(timed(on_spark))
    middle = {name: [statistics.median(each) for each in zip(*times, strict=True)] for name, times in seen.items()}
    print("          wall s   CPU s   loans/s")
    for name, (wall, cpu) in middle.items():
        print(f"{name:8}{wall:8.2f}{cpu:8.2f}{asked.loans / wall:10,.0f}")
    ratios = [ours / base for ours, base in zip(middle["Spark"], middle["local"], strict=True)]
    print(f"Spark/local: wall {ratios[0]:.2f}, CPU {ratios[1]:.2f} (load {os.getloadavg()[0]:.1f})")


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds by the wall and of CPU, whichever process used it."""
    wall, cpu = time.perf_counter(), cpu_of_family(os.getpid())
    work()
    return time.perf_counter() - wall, cpu_of_family(os.getpid()) - cpu


def cpu_of_family(root: int) -> float:
    """CPU seconds so far of a process and its descendants, read from /proc; 0 where there is none."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended in between
        number = int(path.parent.name)
        parents[number] = int(fields[1])
        ticks[number] = sum(int(each) for each in fields[11:15])
    family = {root}
    while children := {number for number, parent in parents.items() if parent in family} - family:
        family |= children
    return sum(ticks.get(number, 0) for number in family) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
