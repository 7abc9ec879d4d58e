"""The day: changes only or the whole book, the same figures; safe to repeat; killed anywhere, nothing is lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

from mora.core.errors import Refused
from mora.engine import snapshots
from mora.engine.book import import_book, open_book
from mora.engine.book.manifest import Book
from mora.engine.day import run_day, whole_positions
from mora.engine.summary import provision_measure, summary_of

from .conftest import DAYS, START
from .street import LOANS, POSTINGS, SCHEDULE, write_csv


def comparable(frames: Iterable[pl.DataFrame] | pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    frame = frames if isinstance(frames, pl.DataFrame) else pl.concat(frames, how="diagonal")
    return frame.with_columns(pl.col(pl.Categorical).cast(pl.String)).select(columns).sort("loan_id")


def fresh(book: Book, day) -> pl.DataFrame:
    return pl.concat(
        [
            pl.DataFrame(pl.from_arrow(pa.Table.from_batches(table.to_batches(), schema=table.schema))).with_columns(
                pl.col(pl.Categorical).cast(pl.String)
            )
            for table in whole_positions(book, day)
        ],
        how="diagonal",
    )


def test_changes_only_give_the_figures_of_a_whole_run_on_every_day(synthetic_source: Path, synthetic_book: Path):
    kinds = []
    for number in range(DAYS + 1):
        day = START + timedelta(days=number)
        if number:
            import_book(synthetic_source / f"day-{day}", synthetic_book)
        book = open_book(synthetic_book)
        kinds.append(run_day(book, day).run.kind)
        whole = fresh(book, day)
        columns = [name for name in snapshots.positions(book, day).collect_schema().names() if name in whole.columns]
        got = comparable(snapshots.positions(book, day).collect(), columns)
        assert got.equals(comparable(whole, columns).cast(got.schema)), day
    assert kinds == ["whole"] + ["changed"] * 7 + ["whole"] + ["changed"] * 2


def test_the_hot_path_looks_at_a_fraction_of_the_book(synthetic_source: Path, synthetic_book: Path):
    book = open_book(synthetic_book)
    whole = run_day(book, START).run
    day = START + timedelta(days=1)
    import_book(synthetic_source / f"day-{day}", synthetic_book)
    changed = run_day(open_book(synthetic_book), day).run
    assert whole.loans == 2000
    assert changed.loans < 1000


def test_days_may_be_skipped(synthetic_book: Path):
    book = open_book(synthetic_book)
    run_day(book, START)
    later = START + timedelta(days=5)
    assert run_day(book, later).run.kind == "changed"
    whole = fresh(book, later)
    columns = [name for name in snapshots.positions(book, later).collect_schema().names() if name in whole.columns]
    got = comparable(snapshots.positions(book, later).collect(), columns)
    assert got.equals(comparable(whole, columns).cast(got.schema))


def test_contagion_is_judged_by_all_loans_of_a_debtor_on_every_later_day(tmp_path: Path):
    # One debtor. L-1 is long overdue, but only 1 % of what is owed here: L-2, calm and large, keeps L-3, a few days
    # late, from contagion. Seen without L-2, which no day changes, the two others would be a third non-performing.
    debtor = ["P-1", "consumer", "CNY"]
    loans = [
        ["L-1", *debtor, "1000.00", "0.06", "2025-12-10", "2026-01-10"],
        ["L-2", *debtor, "97000.00", "0.06", "2026-06-01", "2027-06-10"],
        ["L-3", *debtor, "2000.00", "0.06", "2026-06-01", "2026-11-15"],
    ]
    schedule = [
        ["L-1", "1", "2026-01-10", "1000.00", "10.00"],
        ["L-2", "1", "2027-06-10", "97000.00", "900.00"],
        ["L-3", "1", "2026-11-15", "2000.00", "20.00"],
    ]
    source = {"loans": (LOANS, loans), "schedule": (SCHEDULE, schedule), "postings": (POSTINGS, [])}
    import_book(write_csv(tmp_path / "source", source), tmp_path / "book")
    book = open_book(tmp_path / "book")
    for number, kind in enumerate(["whole", "changed", "changed", "changed"]):
        day = START + timedelta(days=number)
        assert run_day(book, day).run.kind == kind
        known = comparable(snapshots.positions(book, day).collect(), ["loan_id", "days_past_due", "risk_class"])
        assert known["risk_class"].to_list() == ["doubtful", "normal", "special_mention"], day
        assert known.equals(comparable(fresh(book, day), known.columns).cast(known.schema))


def test_a_day_run_twice_gives_the_same_files(synthetic_book: Path):
    book = open_book(synthetic_book)
    run_day(book, START)
    day = START + timedelta(days=1)
    first = run_day(book, day).run
    before = (snapshots.folder(book) / first.file).read_bytes()
    again = run_day(book, day).run
    assert again == first
    assert (snapshots.folder(book) / again.file).read_bytes() == before


def test_running_an_earlier_day_again_takes_back_the_days_built_on_it(synthetic_book: Path):
    book = open_book(synthetic_book)
    for number in range(3):
        run_day(book, START + timedelta(days=number))
    run_day(book, START + timedelta(days=1), whole=True)
    assert [run.as_of for run in snapshots.runs(book)] == [str(START), str(START + timedelta(days=1))]


def test_a_day_that_was_not_run_is_refused_with_what_there_is(synthetic_book: Path):
    book = open_book(synthetic_book)
    run_day(book, START)
    with pytest.raises(Refused, match="2026-11-20"):
        snapshots.positions(book, START + timedelta(days=1))


def test_changed_terms_make_the_next_day_whole(synthetic_source: Path, synthetic_book: Path, tmp_path: Path):
    run_day(open_book(synthetic_book), START)
    changed = tmp_path / "terms"
    shutil.copytree(synthetic_source, changed)
    text = (synthetic_source / "products.yaml").read_text(encoding="utf-8")
    (changed / "products.yaml").write_text(text.replace("uplift: 1.5", "uplift: 1.3"), encoding="utf-8")
    import_book(changed, synthetic_book)
    done = run_day(open_book(synthetic_book), START + timedelta(days=1))
    assert done.run.kind == "whole"
    assert done.why_whole


@pytest.mark.parametrize("step", ["terms", "age", "record"])
def test_a_killed_day_leaves_the_days_before_and_is_simply_run_again(synthetic_book: Path, step: str):
    run_day(open_book(synthetic_book), START)
    day = START + timedelta(days=1)
    script = (
        "import os, signal, sys; from datetime import date; from pathlib import Path;"
        "from mora.engine.book import open_book; from mora.engine.day import run_day;"
        "run_day(open_book(Path(sys.argv[1])), date.fromisoformat(sys.argv[2]),"
        " hook=lambda step: os.kill(os.getpid(), signal.SIGKILL) if step == sys.argv[3] else None)"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(synthetic_book), str(day), step], check=False)
    assert killed.returncode == -signal.SIGKILL
    book = open_book(synthetic_book)
    assert [run.as_of for run in snapshots.runs(book)] == [str(START)]
    assert snapshots.positions(book, START).collect().height == 2000
    assert run_day(book, day).run.kind == "changed"
    assert snapshots.positions(book, day).collect().height == 2000


def test_two_days_at_once_are_refused(synthetic_book: Path):
    import fcntl

    handle = os.open(synthetic_book / ".lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        with pytest.raises(Refused):
            run_day(open_book(synthetic_book), START)
    finally:
        os.close(handle)


def test_the_summary_compares_with_the_day_before_and_adds_up(synthetic_source: Path, synthetic_book: Path):
    run_day(open_book(synthetic_book), START)
    day = START + timedelta(days=1)
    import_book(synthetic_source / f"day-{day}", synthetic_book)
    book = open_book(synthetic_book)
    run_day(book, day)
    summary = summary_of(book, day)
    assert summary.previous_as_of == START
    assert summary.synthetic
    for currency in summary.currencies:
        assert sum(line.figures.loans for line in currency.ladder) == currency.total.loans
        assert sum(line.figures.principal_minor for line in currency.classes) == currency.total.principal_minor
    json.dumps(summary.as_dict())


def test_each_currency_of_a_chinese_book_is_measured_by_the_law(synthetic_book: Path):
    book = open_book(synthetic_book)
    run_day(book, START)
    for currency in summary_of(book, START, measure=provision_measure(START)).currencies:
        asked = currency.requirement
        if currency.currency != "CNY":
            assert asked is None, "loans under other law are not measured by the Chinese"
            continue
        assert asked is not None
        assert asked.rule_id == "cn.prov2011.ratios"
        assert asked.held_minor == currency.total.provision_minor
        assert abs(asked.by_npl_minor * 2 - currency.total.non_performing_principal_minor * 3) <= 1
    assert all(each.requirement is None for each in summary_of(book, START).currencies)
