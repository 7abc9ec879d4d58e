"""Two books feed one installation: a party has one case with the loans of both, and each book's day moves its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from casework.conftest import AFTERNOON, DAYS
from mora.casework import from_day, payments, promises
from mora.casework.book import held_book, held_books
from mora.core.errors import Refused
from mora.engine import snapshots
from mora.engine.book import import_book
from mora.engine.book.manifest import Book, open_book
from mora.engine.day import run_day
from mora.store.models import Case, Payment, User

pytestmark = pytest.mark.django_db
LONG_AGO = date(2020, 3, 1)


@pytest.fixture
def shared(book: Book) -> str:
    """A party that is late in the synthetic book on its last day, with one loan there."""
    late = (
        snapshots.positions(book, DAYS[-1]).filter(pl.col("arrears_minor") > 0, pl.col("days_past_due") > 0).collect()
    )
    once = late.group_by("party_id").len().filter(pl.col("len") == 1)["party_id"]
    return str(late.filter(pl.col("party_id").is_in(once.implode()), pl.col("currency") == "CNY")["party_id"].sort()[0])


@pytest.fixture
def other(tmp_path: Path, shared: str) -> Book:
    """Two loans of an old book, each 100.00 due on 2020-02-01 and not paid: one of the shared party, one of another.

    On 2020-03-01 both are 29 days late. On 2020-03-10 the shared party's has been paid.
    """
    source = tmp_path / "source"
    source.mkdir()
    lines = {
        "loans": "loan_id,party_id,product,currency,principal,annual_rate,started_on,matures_on\n"
        f"OLD1,{shared},old,CNY,100.00,0.0,2020-01-01,2020-02-01\nOLD2,OLDP,old,CNY,100.00,0.0,2020-01-01,2020-02-01\n",
        "schedule": "loan_id,n,due_on,principal,interest\n"
        "OLD1,1,2020-02-01,100.00,0.00\nOLD2,1,2020-02-01,100.00,0.00\n",
        "postings": "loan_id,posting_id,value_on,kind,amount\nOLD1,D1,2020-01-01,disbursement,100.00\n"
        "OLD2,D2,2020-01-01,disbursement,100.00\nOLD1,P1,2020-03-05,payment,100.00\n",
    }
    for name, text in lines.items():
        (source / f"{name}.csv").write_text(text)
    import_book(source, tmp_path / "old")
    held = open_book(tmp_path / "old")
    run_day(held, LONG_AGO)
    run_day(held, date(2020, 3, 10))
    return held


@pytest.mark.parametrize("old_first", [True, False])
def test_each_book_moves_its_own_loans_and_closes_no_others(
    book: Book, other: Book, shared: str, house: dict[str, User], old_first: bool
) -> None:
    days = [(other, LONG_AGO), (book, DAYS[-1])]
    for held, day in days if old_first else days[::-1]:
        from_day.take_in(held, day, at=AFTERNOON)
    both = Case.objects.get(party__party_id=shared, state="open")
    assert {loan.book for loan in both.loans.all()} == {"book", "old"}
    assert both.arrears_minor == sum(loan.arrears_minor for loan in both.loans.all())
    assert both.days_past_due == max(loan.days_past_due for loan in both.loans.all())
    late = set(snapshots.positions(book, DAYS[-1]).filter(pl.col("arrears_minor") > 0, pl.col("days_past_due") > 0)
               .select("party_id").collect()["party_id"])  # fmt: skip
    assert set(Case.objects.filter(state="open").values_list("party__party_id", flat=True)) == late | {"OLDP"}

    taken = from_day.take_in(other, date(2020, 3, 10), at=AFTERNOON)
    assert (taken.updated, taken.closed) == (1, 0)
    both.refresh_from_db()
    assert both.state == "open", "late in the other book still"
    assert {loan.book for loan in both.loans.all()} == {"book"}
    assert both.arrears_minor == both.loans.get().arrears_minor
    assert Case.objects.get(party__party_id="OLDP").days_past_due == 38


def test_a_promise_is_judged_by_the_loans_of_both_books(
    book: Book, other: Book, shared: str, house: dict[str, User], settings: object
) -> None:
    settings.MORA_BOOK = f"{book.path}:{other.path}"  # type: ignore[attr-defined]
    from_day.take_in(other, LONG_AGO, at=AFTERNOON)
    from_day.take_in(book, DAYS[-1], at=AFTERNOON)
    case = Case.objects.get(party__party_id=shared, state="open")
    made = promises.promise(house["wu"], case, 10_000, DAYS[-1], "voice", AFTERNOON)
    Payment.objects.create(
        posting_id="T1", loan_id="OLD1", value_on=DAYS[-1], amount_minor=10_000, currency="CNY",
        booked_at=AFTERNOON.replace(hour=16),
    )  # fmt: skip
    payments.judge_promises(book, DAYS[-1], AFTERNOON.replace(hour=17))
    made.refresh_from_db()
    assert (made.state, made.received_minor) == ("kept", 10_000)


def test_books_are_found_by_name_and_two_of_one_name_are_refused(
    book: Book, other: Book, tmp_path: Path, settings: object
) -> None:
    settings.MORA_BOOK = f"{book.path}:{other.path}"  # type: ignore[attr-defined]
    main, old = held_book(), held_book("old")
    assert main is not None
    assert main.path == book.path
    assert old is not None
    assert old.path == other.path
    assert held_book("nowhere") is None
    assert [each.path for each in held_books()] == [book.path, other.path]
    settings.MORA_BOOK = f"{other.path}:{tmp_path / 'x' / 'old'}"  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="two books are called old"):
        held_books()
