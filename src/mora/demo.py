"""What ``make run`` shows: the day over the real samples, when they are there, and over a synthetic book always."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
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
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    reports = []
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
    reports.append(_synthetic(asked.work, asked.loans))
    _say("报告 Reports (open in a browser):")
    for path in reports:
        print(f"  {path.resolve()}   {path.with_name('day.en.html').name}")  # noqa: T201
    return 0


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
    print(f"$ mora {' '.join(words)}", flush=True)  # noqa: T201
    done = subprocess.run([sys.executable, "-m", "mora.cli.main", *words], check=False)
    if done.returncode not in ((0, 1) if may_set_aside else (0,)):
        sys.exit(done.returncode)


def _say(text: str) -> None:
    print(f"\n== {text}", flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
