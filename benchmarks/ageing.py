"""Full ageing against its yardsticks, as ratios in one run.

    python benchmarks/ageing.py [--loans 100000,1000000] [--work .work/bench] [--runs 3]

Yardsticks, all over the same book: (a) Polars scanning and summing the same columns, (b) plain
Python objects under the full rules, (c) Polars windows and DuckDB SQL without penalty. Each
measurement runs in a process of its own, in turn with the others; medians are compared.
Then the daily hot path against a whole run, over consecutive days.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

AS_OF = date(2026, 11, 20)
DAYS = 3
HERE = Path(__file__).parent


def main() -> None:
    """Make the books that are not there yet, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--loans", default="100000,1000000")
    parser.add_argument("--work", type=Path, default=Path(".work/bench"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--skip-days", action="store_true")
    asked = parser.parse_args()
    sizes = [int(each) for each in asked.loans.split(",")]
    seen: dict[int, dict[str, dict[str, float]]] = {}
    for loans in sizes:
        book = make_book(asked.work, loans)
        kinds = ["floor", "full"] if loans > 1_000_000 else ["floor", "full", "windows", "duckdb", "plain"]
        seen[loans] = measure(book, kinds, asked.runs)
        show(loans, seen[loans])
    if len(sizes) > 1:
        first, last = sizes[0], sizes[-1]
        grown = seen[last]["full"]["wall"] / seen[first]["full"]["wall"]
        print(f"\n{first:,} -> {last:,} loans: x{last / first:.0f} loans, x{grown:.1f} time")
    if not asked.skip_days:
        hot_path(asked.work, sizes[-1])


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


def mora(*words: str) -> float:
    """Run a command; returns its seconds."""
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "mora.cli.main", *words], check=False, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"mora {' '.join(words)}\n{done.stdout}\n{done.stderr}")
    return time.perf_counter() - began


def measure(book: Path, kinds: list[str], runs: int) -> dict[str, dict[str, float]]:
    """Medians of each kind, taken in turn so that a drifting machine favours none."""
    told: dict[str, list[dict[str, float]]] = {kind: [] for kind in kinds}
    for _ in range(runs):
        for kind in kinds:
            command = [sys.executable, str(HERE / "measure.py"), kind, str(book), str(AS_OF)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            told[kind].append(json.loads(done.stdout.splitlines()[-1]))
    return {
        kind: {key: statistics.median(each[key] for each in seen) for key in ("rows", "wall", "cpu", "peak")}
        for kind, seen in told.items()
    }


NAMES = {
    "floor": "(a) Polars scan and sum, same columns", "full": "full ageing, classified and written",
    "plain": "(b) plain Python objects, per loan", "windows": "(c) Polars windows, no penalty",
    "duckdb": "(c) DuckDB SQL, no penalty",
}  # fmt: skip


def show(loans: int, seen: dict[str, dict[str, float]]) -> None:
    """A table with ratios to the floor."""
    print(f"\n{loans:,} loans{'':24}wall s   cpu s  peak MB  wall/floor  cpu/floor")
    floor = seen["floor"]
    for kind, each in seen.items():
        if kind == "plain":
            per, own = each["wall"] / each["rows"], seen["full"]["wall"] / loans
            print(f"{NAMES[kind]:36}{per * 1e6:8.0f} us a loan; full ageing {own * 1e6:.2f} us: 1/{per / own:,.0f}")
            continue
        print(
            f"{NAMES[kind]:36}{each['wall']:8.2f}{each['cpu']:8.2f}{each['peak'] / 1e6:9.0f}"
            f"{each['wall'] / floor['wall']:12.2f}{each['cpu'] / floor['cpu']:11.2f}"
        )


def hot_path(work: Path, loans: int) -> None:
    """Whole day against hot days: seconds of ageing, classifying and writing, start-up and report apart."""
    book, source = work / f"days-{loans}", work / f"source-{loans}"
    shutil.rmtree(book, ignore_errors=True)
    mora("import", str(source), "--book", str(book))
    script = (
        "import sys, time; from datetime import date; from pathlib import Path;"
        "from mora.engine.book.manifest import open_book; from mora.engine.day import run_day;"
        "from mora.core.compiled import library; library(); book = open_book(Path(sys.argv[1]));"
        "t, c = time.perf_counter(), time.process_time(); done = run_day(book, date.fromisoformat(sys.argv[2]));"
        "print(done.run.kind, done.run.loans, time.perf_counter() - t, time.process_time() - c)"
    )
    print(f"\nthe day over {loans:,} loans   looked at   wall s   cpu s   whole/this")
    base = None
    for number in range(DAYS + 1):
        day = AS_OF + timedelta(days=number)
        if number:
            mora("import", str(source / f"day-{day}"), "--book", str(book))
        done = subprocess.run(
            [sys.executable, "-c", script, str(book), str(day)], check=True, capture_output=True, text=True
        )
        kind, looked, wall, cpu = done.stdout.split()
        base = base or float(wall)
        print(f"{day} {kind:10}{int(looked):18,}{float(wall):9.2f}{float(cpu):8.2f}{base / float(wall):12.1f}")


if __name__ == "__main__":
    main()
