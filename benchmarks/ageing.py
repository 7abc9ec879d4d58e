"""Full ageing against its yardsticks, and the daily hot path against whole days, as ratios in one run.

    python benchmarks/ageing.py [--loans 100000,1000000] [--work .work/bench] [--runs 5] [--tenfold]

Yardsticks, all over the same book: (a) Polars scanning and summing the same columns, (b) plain
Python objects under the full rules, (c) Polars windows and DuckDB SQL without penalty. Each
measurement runs in a process of its own, in turn with the others; ratios are taken pair by pair
and the median pair is told, because a shared machine's speed drifts.
Then the day: whole with and without sorting the hot partition, and consecutive days of changes,
each after an import of what was paid. ``--tenfold`` adds a book that names the largest one ten
times, to see whether time and memory grow in proportion.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

AS_OF = date(2026, 11, 20)
DAYS = 3
HERE = Path(__file__).parent
Seen = dict[str, list[dict[str, float]]]
"""Of each kind, its measurements in the order they were taken."""


def main() -> None:
    """Make the books that are not there yet, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--loans", default="100000,1000000")
    parser.add_argument("--work", type=Path, default=Path(".work/bench"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--skip-days", action="store_true")
    parser.add_argument("--tenfold", action="store_true")
    asked = parser.parse_args()
    sizes = [int(each) for each in asked.loans.split(",")]
    books = {loans: make_book(asked.work, loans) for loans in sizes}
    if asked.tenfold:
        books[10 * sizes[-1]] = named_ten_times(asked.work, books[sizes[-1]], 10 * sizes[-1])
    first = None
    for loans, book in books.items():
        few = loans > sizes[-1]
        seen = measure(book, ["floor", "full"], 2 if few else asked.runs)
        if not few:
            seen |= measure(book, ["windows", "duckdb", "plain"], 1)
        show(loans, seen)
        wall = statistics.median(each["wall"] for each in seen["full"])
        if first is not None:
            print(f"{first[0]:,} -> {loans:,} loans: x{loans / first[0]:.0f} loans, x{wall / first[1]:.1f} time")
        first = (loans, wall)
    if not asked.skip_days:
        hot_path(asked.work, sizes[-1], min(3, asked.runs))


def make_book(work: Path, loans: int) -> Path:
    """A synthetic book of that many loans, with a few days to come."""
    book = work / f"book-{loans}"
    if not (book / "book.json").exists():
        source = work / f"source-{loans}"
        shutil.rmtree(source, ignore_errors=True)
        words = ["--as-of", str(AS_OF), "--days", str(DAYS), "--format", "parquet"]
        mora("synth", str(loans), "--out", str(source), *words)
        mora("import", str(source), "--book", str(book))
    return book


def named_ten_times(work: Path, book: Path, loans: int) -> Path:
    """A manifest that names every file of a book ten times: the same loans over and over."""
    folder = work / f"book-{loans}"
    folder.mkdir(exist_ok=True)
    told = json.loads((book / "book.json").read_text(encoding="utf-8"))
    for table in ("loans", "schedule", "postings"):
        told["files"][table] = [str(Path("..") / book.name / name) for name in told["files"][table]] * 10
    told["partitions"] *= 10
    told["counts"] = {name: 10 * count for name, count in told["counts"].items()}
    (folder / "book.json").write_text(json.dumps(told), encoding="utf-8")
    return folder


def mora(*words: str) -> float:
    """Run a command; returns its seconds."""
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "mora.cli.main", *words], check=False, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"mora {' '.join(words)}\n{done.stdout}\n{done.stderr}")
    return time.perf_counter() - began


def measure(book: Path, kinds: Sequence[str], runs: int, as_of: date = AS_OF) -> Seen:
    """Each kind, in turn with the others so that a drifting machine favours none."""
    told: Seen = {kind: [] for kind in kinds}
    for _ in range(runs):
        for kind in kinds:
            command = [sys.executable, str(HERE / "measure.py"), kind, str(book), str(as_of)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            told[kind].append(json.loads(done.stdout.splitlines()[-1]))
    return told


NAMES = {
    "floor": "(a) Polars scan and sum, same columns", "full": "full ageing, classified and written",
    "plain": "(b) plain Python objects, per loan", "windows": "(c) Polars windows, no penalty",
    "duckdb": "(c) DuckDB SQL, no penalty",
    "bare_day": "whole day, no hot partition", "whole_day": "whole day, hot partition sorted",
    "day": "day of changes",
}  # fmt: skip


def spread(values: Sequence[float]) -> str:
    """Least and median."""
    return f"{min(values):7.2f} {statistics.median(values):7.2f}"


def pairs(seen: Mapping[str, Sequence[Mapping[str, float]]], over: str, under: str, what: str) -> float:
    """The median of the ratios of measurements taken one after the other; of few against many, of medians."""
    tops, bottoms = ([each[what] for each in seen[kind]] for kind in (over, under))
    if len(tops) != len(bottoms):
        return statistics.median(tops) / statistics.median(bottoms)
    return statistics.median(top / bottom for top, bottom in zip(tops, bottoms, strict=True))


def show(loans: int, seen: Seen) -> None:
    """A table with ratios to the floor."""
    print(f"\n{f'{loans:,} loans':40}  wall s, least, median    CPU s, least, median  peak MB  wall/floor  CPU/floor")
    for kind, each in seen.items():
        if kind == "plain":
            per = statistics.median(one["wall"] / one["rows"] for one in each)
            own = statistics.median(one["wall"] for one in seen["full"]) / loans
            print(f"{NAMES[kind]:40}{per * 1e6:8.0f} us a loan; full ageing {own * 1e6:.2f} us: 1/{per / own:,.0f}")
            continue
        print(
            f"{NAMES[kind]:40}{spread([one['wall'] for one in each]):>24}{spread([one['cpu'] for one in each]):>24}"
            f"{max(one['peak'] for one in each) / 1e6:9.0f}"
            f"{pairs(seen, kind, 'floor', 'wall'):12.2f}{pairs(seen, kind, 'floor', 'cpu'):11.2f}",
            flush=True,
        )


def hot_path(work: Path, loans: int, runs: int) -> None:
    """Whole days against days of changes; what a day costs outside ageing (start-up, report) is left out."""
    book, source = work / f"days-{loans}", work / f"source-{loans}"
    shutil.rmtree(book, ignore_errors=True)
    shutil.copytree(work / f"book-{loans}", book)
    print(f"\n{f'the day, {loans:,} loans':40}  wall s, least, median    CPU s, least, median   looked at  peak MB")
    base = measure(book, ["full", "bare_day", "whole_day"], runs)
    for kind, each in base.items():
        show_day(NAMES[kind], each)
    for number in range(1, DAYS + 1):
        day = AS_OF + timedelta(days=number)
        took = mora("import", str(source / f"day-{day}"), "--book", str(book))
        seen = measure(book, ["full", "day"], runs, day)
        show_day(f"{day}, after an import of {took:.0f} s", seen["day"])
        told = [("bare ageing", pairs(seen, "full", "day", "wall"), pairs(seen, "full", "day", "cpu"))]
        for kind in ("bare_day", "whole_day"):
            both = {"day": seen["day"], kind: base[kind]}
            told.append((NAMES[kind], pairs(both, kind, "day", "wall"), pairs(both, kind, "day", "cpu")))
        print("    cheaper than", "; ".join(f"{name}: x{wall:.1f} wall, x{cpu:.1f} CPU" for name, wall, cpu in told))


def show_day(name: str, each: Sequence[Mapping[str, float]]) -> None:
    """One line of the days' table."""
    print(
        f"{name:40}{spread([one['wall'] for one in each]):>24}{spread([one['cpu'] for one in each]):>24}"
        f"{int(each[0]['rows']):12,}{max(one['peak'] for one in each) / 1e6:9.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
