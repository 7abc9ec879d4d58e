"""A day that was reported, read again: each loan that differs is listed with the posting that did it, and no other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from mora.core.words import Language
from mora.engine import reread as rereading
from mora.engine import snapshots
from mora.engine.book import import_book, open_book
from mora.engine.day import run_day
from mora.engine.reread import read_changes
from mora.engine.summary import summary_of
from mora.insight import HistoryChanges
from mora.report import render_day

from .conftest import START
from .street import LOANS, POSTINGS, SCHEDULE, Rows, write_csv

SUNDAY, MONDAY = date(2026, 3, 1), date(2026, 3, 2)
NEW = 20
"""Loans that nobody's postings touch, so that an import of a few is a small part of the book."""


def a_loan(name: str, started: date = date(2026, 1, 10)) -> tuple[list[str], Rows]:
    """1,000.00 due a month after the start and again a month later, nothing paid."""
    due = [started + timedelta(days=31), started + timedelta(days=59)]
    head = [name, f"P-{name}", "consumer", "CNY", "2000.00", "0.072", str(started), str(due[1])]
    return head, [[name, str(n), str(day), "1000.00", "10.00"] for n, day in enumerate(due, 1)]


def tables(*loans: tuple[list[str], Rows], postings: Rows = []) -> dict[str, tuple[list[str], Rows]]:  # noqa: B006
    told: dict[str, tuple[list[str], Rows]] = {}
    if loans:
        told["loans"] = (LOANS, [head for head, _ in loans])
        told["schedule"] = (SCHEDULE, [row for _, rows in loans for row in rows])
        told["parties"] = (["party_id", "kind", "region"], [[head[1], "person", "CN"] for head, _ in loans])
    if postings:
        told["postings"] = (POSTINGS, postings)
    return told


CHEQUE = ["zhao", "cheque", "2026-02-10", "payment", "1010.00", "2026-02-10T09:00:00Z", ""]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Lin and Zhao owe the instalment of 10 February, Zhao paid it by cheque; run on Sunday."""
    names = ["lin", "zhao", *(f"calm-{number:02d}" for number in range(NEW))]
    write_csv(tmp_path / "first", tables(*map(a_loan, names), postings=[CHEQUE]))
    import_book(tmp_path / "first", tmp_path / "book", at=datetime(2026, 3, 1, 20, tzinfo=UTC))
    run_day(open_book(tmp_path / "book"), SUNDAY)
    return tmp_path / "book"


def brought(book: Path, name: str, *loans: tuple[list[str], Rows], postings: Rows) -> None:
    """Another import, on Monday morning."""
    folder = write_csv(book.parent / name, tables(*loans, postings=postings))
    import_book(folder, book, at=datetime(2026, 3, 2, 8, tzinfo=UTC))


def history(book: Path, day: date) -> tuple[HistoryChanges, ...]:
    return summary_of(open_book(book), day).history


PAID = ["lin", "late-found", "2026-02-10", "payment", "1010.00", "2026-03-02T07:30:00Z", ""]
BOUNCED = ["zhao", "bounced", "2026-02-20", "reversal", "1010.00", "2026-03-02T07:40:00Z", "cheque"]
TODAYS = ["calm-00", "todays", "2026-03-02", "payment", "1010.00", "2026-03-02T07:50:00Z", ""]


def test_the_day_before_is_read_again_and_each_change_names_its_posting(book: Path) -> None:
    brought(book, "monday", postings=[PAID, BOUNCED, TODAYS])
    run_day(open_book(book), MONDAY)
    (found,) = history(book, MONDAY)
    assert (found.as_of, found.loans, found.by_reason) == (SUNDAY, 2, {"back_dated": 2})
    told = {(one.loan_id, one.column): (one.was, one.now) for one in found.examples}
    # Lin paid on the due day; Zhao's cheque bounced on 20 February, so 10 February is unpaid: 19 days on 1 March.
    assert told["lin", "days_past_due"] == ("19", "0")
    assert told["zhao", "days_past_due"] == ("0", "19")
    because = {one.loan_id: one.because for one in found.examples}
    (of_lin,), (of_zhao,) = because["lin"], because["zhao"]
    assert (of_lin.posting_id, of_lin.kind, of_lin.value_on, of_lin.amount_minor) == (
        "late-found", "payment", date(2026, 2, 10), 101000,
    )  # fmt: skip
    assert of_lin.booked_at == datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
    assert of_lin.imported_at == "2026-03-02T08:00:00+00:00"
    assert (of_zhao.posting_id, of_zhao.reverses) == ("bounced", "cheque")
    for language, words in ((Language.ZH, "倒起息入账"), (Language.EN, "Back-dated posting")):
        page = render_day(summary_of(open_book(book), MONDAY), language)
        assert words in page
        assert "late-found" in page
        assert "todays" not in page


def test_the_same_day_run_again_is_held_against_its_earlier_run(book: Path) -> None:
    brought(book, "monday", postings=[PAID])
    run_day(open_book(book), SUNDAY)
    (found,) = history(book, SUNDAY)
    assert (found.as_of, found.loans) == (SUNDAY, 1)
    assert {one.loan_id for one in found.examples} == {"lin"}
    now = snapshots.positions(open_book(book), SUNDAY).filter(pl.col("loan_id") == "lin").collect()
    assert now["days_past_due"].item() == 0


def test_a_third_run_without_news_still_tells_what_the_second_found(book: Path) -> None:
    brought(book, "monday", postings=[PAID])
    second = run_day(open_book(book), SUNDAY).run
    third = run_day(open_book(book), SUNDAY).run
    assert third == second
    assert history(book, SUNDAY)[0].loans == 1


def test_a_posting_of_today_changes_no_day_before(book: Path) -> None:
    brought(book, "monday", postings=[TODAYS])
    run_day(open_book(book), MONDAY)
    (found,) = history(book, MONDAY)
    assert (found.loans, found.examples) == (0, ())


def test_without_an_import_nothing_is_read_again(book: Path) -> None:
    run_day(open_book(book), MONDAY)
    assert history(book, MONDAY) == ()


def test_a_loan_begun_before_and_brought_late_appeared_and_one_that_begins_today_did_not(book: Path) -> None:
    brought(book, "monday", a_loan("mei", date(2026, 2, 25)), a_loan("sun", MONDAY), postings=[])
    run_day(open_book(book), MONDAY)
    (found,) = history(book, MONDAY)
    assert found.by_reason == {"appeared": 1}
    assert [one.loan_id for one in found.examples] == ["mei"]


def test_a_new_schedule_version_is_a_change_of_terms(book: Path) -> None:
    folder = book.parent / "monday"
    rows = [["lin", str(n), "2026-09-10", "1000.00", "10.00", "2", "2026-02-05"] for n in (1,)]
    rows.append(["lin", "2", "2026-10-10", "1000.00", "10.00", "2", "2026-02-05"])
    write_csv(folder, {"schedule": ([*SCHEDULE, "version", "effective_on"], rows)})
    import_book(folder, book)
    run_day(open_book(book), MONDAY)
    (found,) = history(book, MONDAY)
    assert (found.loans, found.by_reason) == (1, {"terms": 1})


def many(names: list[str]) -> Rows:
    return [[name, f"late-{name}", "2026-02-10", "payment", "1010.00", "", ""] for name in names]


def test_more_than_a_quarter_with_late_postings_is_counted_and_not_read_again(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought(book, "monday", postings=many([f"calm-{number:02d}" for number in range(12)]))
    monkeypatch.setattr(rereading, "age_one", None)
    run_day(open_book(book), MONDAY)
    (found,) = history(book, MONDAY)
    assert (found.loans, found.not_compared) == (0, 12)


def test_where_much_was_touched_but_little_late_the_late_ones_are_found_in_the_book(book: Path) -> None:
    todays = [[f"calm-{n:02d}", f"t-{n}", "2026-03-02", "payment", "1010.00", "", ""] for n in range(12)]
    brought(book, "monday", postings=[PAID, *todays])
    run_day(open_book(book), MONDAY)
    (found,) = history(book, MONDAY)
    assert (found.loans, found.not_compared) == (1, 0)
    assert {one.loan_id for one in found.examples} == {"lin"}


def test_only_touched_loans_are_aged(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []
    real = rereading.age_one

    def watched(chunk, view):  # type: ignore[no-untyped-def]
        looked_at.extend(chunk.loans["loan_id"].to_pylist())
        return real(chunk, view)

    monkeypatch.setattr(rereading, "age_one", watched)
    brought(book, "monday", postings=[PAID, TODAYS])
    run_day(open_book(book), MONDAY)
    assert sorted(looked_at) == ["calm-00", "lin"]


def test_on_a_synthetic_book_every_change_is_found_and_nothing_else(
    synthetic_source: Path, synthetic_book: Path
) -> None:
    """Against the whole book aged again: the loans listed are exactly those whose figures of the day before differ."""
    run_day(open_book(synthetic_book), START)
    was = snapshots.positions(open_book(synthetic_book), START).collect()
    day = START + timedelta(days=1)
    import_book(synthetic_source / f"day-{day}", synthetic_book)
    late = was.filter(pl.col("days_past_due") > 0).head(40)["loan_id"].to_list()
    paid = [[name, f"found-{name}", str(START - timedelta(days=3)), "payment", "300.00", "", ""] for name in late]
    import_book(write_csv(synthetic_book.parent / "found", {"postings": (POSTINGS, paid)}), synthetic_book)
    run_day(open_book(synthetic_book), day)
    book = open_book(synthetic_book)
    run = snapshots.run_of(book, day)
    assert run is not None
    changes = read_changes(book, run.rereads[-1])
    run_day(book, START, whole=True)
    now = snapshots.positions(book, START).collect()
    columns = [name for name in rereading.FIGURES if name in was.columns]
    text = pl.col(pl.Categorical).cast(pl.String)
    both = [frame.with_columns(text).select("loan_id", *columns).sort("loan_id") for frame in (was, now)]
    old = both[0].join(both[1].select("loan_id"), on="loan_id", how="semi")
    differ = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_now")) for name in columns)
    expected = old.join(both[1], on="loan_id", suffix="_now").filter(differ)["loan_id"].to_list()
    begun = {"appeared"}
    found = changes.filter(~pl.col("reason").is_in(begun))["loan_id"].unique().sort().to_list()
    assert found == expected
    assert set(late) & set(found)
    because = changes.filter(pl.col("reason") == "back_dated")
    assert set(because["loan_id"]) >= set(late) & set(found)
