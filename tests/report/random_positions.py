"""A random book's positions of two days, seeded: for tests and for looking at the report.

Run as a program it writes day.zh.html and day.en.html of such a book into a folder:
``python tests/report/random_positions.py 20000 FOLDER``.
"""

from __future__ import annotations

import random
import sys
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from mora.ageing.terms import bucket

TODAY, YESTERDAY = date(2026, 3, 31), date(2026, 3, 30)
PRODUCTS = (
    "个人消费贷款", "个人住房按揭贷款", "小微企业流动资金贷款", "汽车消费分期",
    "Commercial mortgage, multi-family, floating rate",
)  # fmt: skip
BRANCHES = (
    "甲城分行", "乙城分行", "丙城分行", "丁城分行", "戊城分行",
    "滨海新区高新技术产业开发园区科技支行营业部", "North Harbour and Riverside Development District Branch",
)  # fmt: skip
REGIONS = ("东部", "西部", "北部", "南部", None)
CLASSES = ((0, "normal"), (1, "special_mention"), (91, "substandard"), (271, "doubtful"), (361, "loss"))
RATES = {"normal": 100, "special_mention": 200, "substandard": 2500, "doubtful": 5000, "loss": 10000}
"""Provision by class, in hundredths of a percent."""


def _row(
    loan_id: str, currency: str, as_of: date, *, days: int, principal: int, facts: dict[str, object]
) -> dict[str, object]:
    risk_class = [name for start, name in CLASSES if days >= start][-1]
    arrears = 0 if days == 0 else principal * min(days + 20, 700) // 1100
    return {
        "loan_id": loan_id,
        "as_of": as_of,
        "currency": currency,
        "days_past_due": days,
        "oldest_unpaid_due_on": as_of - timedelta(days=days) if days else None,
        "arrears_minor": arrears,
        "outstanding_principal_minor": principal,
        "payoff_minor": principal + arrears // 10,
        "bucket": bucket(days),
        "risk_class": risk_class,
        "ecl_stage": 3 if days > 90 else 2 if days > 30 else 1,
        "provision_minor": principal * RATES[risk_class] // 10000,
        **facts,
    }


def two_days(n: int, *, seed: int = 1, currencies: tuple[str, ...] = ("CNY",)) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Positions of today and of yesterday: about 8 % late, with cures, new loans, settled, written off."""
    draw = random.Random(seed)
    now, was = [], []
    for k in range(n):
        late = draw.random() < 0.08
        before = min(int(draw.expovariate(1 / 70)) + 1, 720) if late else 0
        today = before + 1 if before else int(draw.random() < 0.004)
        if before and draw.random() < 0.06:
            today = draw.choice((0, 0, max(1, before - 30)))
        principal = int(draw.lognormvariate(16.2, 1.3)) + 10_000
        facts: dict[str, object] = {
            "product": draw.choices(PRODUCTS, (50, 25, 12, 10, 3))[0],
            "branch": draw.choice(BRANCHES),
            "region": draw.choice(REGIONS),
            "party_kind": draw.choice(("person", "person", "company")),
            "officer": None,
            "written_off_on": YESTERDAY if before > 700 else None,
        }
        loan_id, currency = f"SYN-{seed:02d}-{k:08d}", currencies[k % len(currencies)]
        if draw.random() > 0.002:
            was.append(_row(loan_id, currency, YESTERDAY, days=before, principal=principal, facts=facts))
        left = draw.random()
        if left < 0.001:
            facts = facts | {"written_off_on": TODAY} if before > 90 else facts
            principal = principal if before > 90 else 0
            today = today if before > 90 else 0
        now.append(_row(loan_id, currency, TODAY, days=today, principal=principal, facts=facts))
    empty = {name: pl.Series(name, [], dtype) for name, dtype in SCHEMA.items()}
    frames = [pl.DataFrame(rows, SCHEMA) if rows else pl.DataFrame(empty) for rows in (now, was)]
    return frames[0].lazy(), frames[1].lazy()


SCHEMA: dict[str, pl.DataType] = {
    "loan_id": pl.String(), "as_of": pl.Date(), "currency": pl.String(), "days_past_due": pl.Int32(),
    "oldest_unpaid_due_on": pl.Date(), "arrears_minor": pl.Int64(), "outstanding_principal_minor": pl.Int64(),
    "payoff_minor": pl.Int64(), "bucket": pl.String(), "risk_class": pl.String(), "ecl_stage": pl.Int8(),
    "provision_minor": pl.Int64(), "product": pl.String(), "branch": pl.String(), "region": pl.String(),
    "party_kind": pl.String(), "officer": pl.String(), "written_off_on": pl.Date(),
}  # fmt: skip


if __name__ == "__main__":
    from rich.console import Console

    from mora.core.words import Language
    from mora.insight import SetAside, summarise
    from mora.report import print_day, write_day

    count, folder, *more = sys.argv[1:]
    today, before = two_days(int(count), currencies=tuple(more) or ("CNY",))
    Path(folder).mkdir(parents=True, exist_ok=True)
    aside = (
        SetAside("BOOK.DATE", 12, "postings.csv", "2026-02-30 is not a day of the calendar"),
        SetAside("BOOK.AMOUNT", 3, "loans.csv", "'1,234.5x' is not a plain decimal such as 1234.50"),
    )
    summary = summarise(
        today, before, as_of=TODAY, previous_as_of=YESTERDAY, synthetic=True, set_aside=aside if int(count) else ()
    )
    for path in write_day(summary, Path(folder)).values():
        sys.stdout.write(f"{path} {path.stat().st_size}\n")
    for language in Language:
        print_day(summary, language, Console(width=80))
