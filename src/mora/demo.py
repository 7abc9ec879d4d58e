"""What ``make run`` shows: the day over the real samples, when they are there, and over a synthetic book always.

Then the workbench on them, until somebody ends it. Books are made anew by each run; what people did in the workbench
is kept.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

SYNTHETIC_LOANS = 20_000
SYNTHETIC_DAYS = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """A real book that may lie beside the checkout."""

    folder: str
    book: str
    days: tuple[date, ...]
    """As-of dates to run, in order: the last is shown, the one before it gives the roll."""
    zh: str
    en: str


SAMPLES = (
    Sample(
        "cmbs_abs_ee",
        "mortgages",
        (date(2020, 9, 11), date(2020, 10, 13)),
        "27 笔真实商业抵押贷款（美国证监会 ABS-EE 披露）",
        "27 real commercial mortgages (public Form ABS-EE)",
    ),
    Sample(
        "bullet_loans_500",
        "bullet",
        (date(2016, 12, 7), date(2016, 12, 8)),
        "500 笔真实一次还本贷款",
        "500 real one-instalment loans",
    ),
)


def main() -> int:
    """Run the demonstration; returns an exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path(".work"))
    parser.add_argument("--samples", type=Path, default=Path(os.environ.get("MORA_SAMPLES", "../shared/data")))
    parser.add_argument("--loans", type=int, default=SYNTHETIC_LOANS)
    parser.add_argument("--port", type=int, default=8020)
    parser.add_argument("--no-serve", action="store_true", help="end after the cases stand in the workbench's database")
    asked = parser.parse_args()
    if not asked.no_serve:
        _make_sure_the_port_is_free(asked.port)
    asked.work.mkdir(parents=True, exist_ok=True)
    reports = []
    books = []
    for sample in SAMPLES:
        source = asked.samples / sample.folder
        if not source.is_dir():
            _say(f"没有找到真实样本 {source}，略过。 No real sample at {source}; skipped (set MORA_SAMPLES).")
            continue
        _say(f"{sample.zh}  {sample.en}")
        book = _fresh(asked.work / sample.book)
        _mora("import", str(source), "--book", str(book), may_set_aside=True)
        for day in sample.days:
            _mora("day", "--book", str(book), "--as-of", str(day), *([] if day == sample.days[-1] else ["--quiet"]))
        reports.append(book / "reports" / str(sample.days[-1]) / "day.zh.html")
        books.append(book)
    reports.append(_synthetic(asked.work, asked.loans))
    books.insert(0, asked.work / "synthetic")
    _say("报告 Reports (open in a browser):")
    for path in reports:
        print(f"  {path.resolve()}   {path.with_name('day.en.html').name}")  # noqa: T201
    return _workbench(asked.work / "workbench", books, asked.port, serve=not asked.no_serve)


def _workbench(home: Path, books: list[Path], port: int, *, serve: bool) -> int:
    """Cases of every book, people of every role; then the pages until somebody ends them."""
    _say("工作台：案件、队列与演示人员。 The workbench: cases, queues, and people to try it as.")
    words = [word for book in books for word in ("--book", str(book))] + ["--home", str(home), "--demo"]
    _mora("take-in", *words) if not serve else _mora("serve", *words, "--port", str(port))
    return 0


def _make_sure_the_port_is_free(port: int) -> None:
    """Say so now, not after the books were made."""
    from mora.cli.serve import free  # noqa: PLC0415
    from mora.core.errors import Refused  # noqa: PLC0415

    try:
        free("127.0.0.1", port)
    except Refused as taken:
        print(f"{taken.words.zh}\n{taken.words.en}", file=sys.stderr)  # noqa: T201
        print("make run PORT=...    make run SERVE=no", file=sys.stderr)  # noqa: T201
        sys.exit(2)


def _synthetic(work: Path, loans: int) -> Path:
    _say(f"合成账簿：{loans:,} 笔虚构的中国消费贷、房贷等。 A synthetic book of {loans:,} invented loans.")
    source, book = _fresh(work / "synthetic-source"), _fresh(work / "synthetic")
    start = date(2026, 11, 20)
    _mora("synth", str(loans), "--out", str(source), "--as-of", str(start), "--days", str(SYNTHETIC_DAYS))
    _mora("import", str(source), "--book", str(book), may_set_aside=True)
    _mora("day", "--book", str(book), "--as-of", str(start), "--quiet")
    for number in range(1, SYNTHETIC_DAYS + 1):
        day = start + timedelta(days=number)
        _mora("import", str(source / f"day-{day}"), "--book", str(book), may_set_aside=True)
        _mora("day", "--book", str(book), "--as-of", str(day), *([] if number == SYNTHETIC_DAYS else ["--quiet"]))
    return book / "reports" / str(start + timedelta(days=SYNTHETIC_DAYS)) / "day.zh.html"


def _fresh(path: Path) -> Path:
    shutil.rmtree(path, ignore_errors=True)
    return path


def _mora(*words: str, may_set_aside: bool = False) -> None:
    """Carry out a command in this process: a new one would load everything again, and Ctrl-C have two to reach."""
    from mora.cli.main import main as mora  # noqa: PLC0415  only after a port in use has been told

    sys.argv = ["mora", *words]
    print(f"$ {' '.join(sys.argv)}", flush=True)  # noqa: T201
    try:
        mora()
    except SystemExit as done:
        if done.code not in ((0, 1) if may_set_aside else (0,)):
            raise


def _say(text: str) -> None:
    print(f"\n== {text}", flush=True)  # noqa: T201


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\n已中止。 Stopped.", file=sys.stderr)  # noqa: T201
        sys.exit(130)
