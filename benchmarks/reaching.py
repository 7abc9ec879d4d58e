"""Reaching people: statements set as PDF, against typst alone setting the same pages, as ratios in one run.

    python benchmarks/reaching.py [--statements 200] [--runs 5]

Each statement is another customer's, with one loan and its own figures. ``statement_pdf`` makes strings of the facts,
checks them and hands them over; the yardsticks are a bare typst compiler given the same source and the same JSON, made
before the clock starts, once as PDF/A-2a with PDF/UA-1 and once as plain PDF. They take turns; a ratio is the median of
pairs. CPU time counts every thread of the typesetter; on a busy machine read it rather than the wall.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import typst

import mora.contact.statement as room
from mora.contact.statement import Component, Line, Loan, Sender, Statement, paper, statement_pdf
from mora.contact.statement.sheet import sheet
from mora.core.words import Language

DAY = date(2026, 11, 24)
SEED = 20261124


def statements(count: int) -> list[Statement]:
    """Chinese statements of one loan each."""
    rng = random.Random(SEED)

    def part() -> Component:
        due = rng.randrange(10**7)
        paid = rng.randrange(due + 1)
        return Component(due, paid, 0, due - paid)

    return [
        Statement(
            Sender("云溪银行", ("云溪市平安路1号",), "95500", "www.yunxi.example"), f"客户{rng.randrange(10**6):06d}",
            ("100000", f"云溪市杏花巷{rng.randrange(1000)}号"), f"DZ-2026-{number:06d}", DAY, DAY, Language.ZH, "cn",
            (Loan("个人消费贷款", f"{rng.randrange(10**4):04d}", "CNY", Line(part(), part(), part(), part(), part()),
                  rng.randrange(1, 200), date(2026, 10, 1), rng.randrange(1000), 10**7, 10**7, date(2026, 12, 1)),),
            ("手机银行", "任一网点"), "客户服务：95500", "拨打95500转3",
        )
        for number in range(count)
    ]  # fmt: skip


def bare(facts: Sequence[str], standards: list[Any]) -> Callable[[], int]:
    """A typst compiler of its own over the same page, with the facts as they are handed to it."""
    folder = Path(room.__file__).parent
    compiler = typst.Compiler(input=str(folder / "statement.typ"), root=str(folder))

    def run() -> int:
        made = [
            compiler.compile(format="pdf", sys_inputs={"facts": each}, pdf_standards=standards, timestamp=0)
            for each in facts
        ]
        return sum(len(each) for each in made)

    run()
    return run


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--statements", type=int, default=200)
    asked.add_argument("--runs", type=int, default=5)
    given = asked.parse_args()
    made = statements(given.statements)
    extra = {"family": paper().family, "made_on": DAY.isoformat()}
    facts = [json.dumps({**sheet(each), **extra}, ensure_ascii=False) for each in made]
    ways: dict[str, Callable[[], int]] = {
        "statement_pdf": lambda: sum(len(statement_pdf(each)) for each in made),
        "typst, same source, PDF/A-2a + UA-1": bare(facts, ["a-2a", "ua-1"]),
        "typst, same source, plain PDF": bare(facts, []),
    }
    ways["statement_pdf"]()
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(given.runs):
        for name, run in ways.items():
            start, cpu = time.perf_counter(), time.process_time()
            size = run()
            wall, cpu = time.perf_counter() - start, time.process_time() - cpu
            took[name].append(cpu)
            speed, each = given.statements / wall, cpu / given.statements * 1000
            print(
                f"{name}: {speed:.0f} a second by the wall, {each:.1f} ms CPU, {size // given.statements:,} bytes each"
            )
    print(f"load {os.getloadavg()[0]:.1f}, {given.statements} statements, {given.runs} runs in turn")
    for name in list(ways)[1:]:
        ratios = [own / other for own, other in zip(took["statement_pdf"], took[name], strict=True)]
        print(
            f"time of statement_pdf / {name}: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        )


if __name__ == "__main__":
    main()
