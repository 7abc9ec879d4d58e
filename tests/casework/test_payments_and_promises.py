"""Money during the day moves the case at once; promises are judged by what came, once and for all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from casework.conftest import AFTERNOON, DAYS
from mora.ageing.rules import age
from mora.casework import from_day, payments, promises, queue
from mora.core.errors import Refused
from mora.engine.book.manifest import Book
from mora.store.models import Case, Event, Promise, User

pytestmark = pytest.mark.django_db
TODAY = DAYS[-1]


def _collectors(cases: list[Case]) -> Case:
    return next(c for c in cases if c.team is not None and c.team.code == "collector" and c.loans.count() == 1)


def test_paying_everything_closes_the_case_and_takes_it_off_the_queue(
    book: Book, cases: list[Case], house: dict[str, User]
) -> None:
    case = _collectors(cases)
    loan = case.loans.get()
    before = age(payments.loan_with_payments(book, loan.loan_id), TODAY).position
    assert before.arrears_minor == loan.arrears_minor, "the plain rules and the day agree"
    after = payments.post_payment(book, loan.loan_id, "P-1", before.arrears_minor, case.currency, TODAY, AFTERNOON)
    assert after.arrears_minor == 0
    case.refresh_from_db()
    assert (case.state, case.closed_why) == ("closed", "cured")
    assert case not in queue.waiting(house["chen"], AFTERNOON)


def test_paying_part_moves_the_figures_by_that_part(book: Book, cases: list[Case]) -> None:
    case = _collectors(cases)
    loan = case.loans.get()
    owed = loan.arrears_minor
    payments.post_payment(book, loan.loan_id, "P-1", owed // 2, case.currency, TODAY, AFTERNOON)
    case.refresh_from_db()
    assert case.arrears_minor == owed - owed // 2
    assert case.state == "open"


def test_told_twice_it_counts_once_and_a_different_one_is_refused(book: Book, cases: list[Case]) -> None:
    case = _collectors(cases)
    loan = case.loans.get()
    for _ in range(2):
        payments.post_payment(book, loan.loan_id, "P-1", 100, case.currency, TODAY, AFTERNOON)
    case.refresh_from_db()
    assert case.arrears_minor == loan.arrears_minor - 100
    assert Event.objects.filter(action="payment.post").count() == 1
    with pytest.raises(Refused, match="told before"):
        payments.post_payment(book, loan.loan_id, "P-1", 200, case.currency, TODAY, AFTERNOON)


@pytest.mark.parametrize(
    ("amount", "currency", "day", "words"),
    [(0, "CNY", TODAY, "not an amount"), (-5, "CNY", TODAY, "not an amount"), (5, "USD", TODAY, "USD"),
     (5, "CNY", TODAY + timedelta(days=1), "not between"), (5, "CNY", date(1999, 1, 1), "not between")],
)  # fmt: skip
def test_bad_payments_are_refused_and_nothing_is_kept(
    book: Book, cases: list[Case], amount: int, currency: str, day: date, words: str
) -> None:
    case = _collectors(cases)
    with pytest.raises(Refused, match=words):
        payments.post_payment(book, case.loans.get().loan_id, "P-1", amount, currency, day, AFTERNOON)
    assert not Event.objects.filter(action="payment.post").exists()


def test_the_night_after_a_payment_the_case_stands_as_the_book_says(book: Book, house: dict[str, User]) -> None:
    from_day.take_in(book, DAYS[1], at=AFTERNOON - timedelta(days=1))
    case = _collectors(list(Case.objects.order_by("number")))
    loan = case.loans.get()
    payments.post_payment(book, loan.loan_id, "P-1", 100, case.currency, DAYS[1], AFTERNOON - timedelta(days=1))
    from_day.take_in(book, DAYS[2], at=AFTERNOON)
    case.refresh_from_db()
    assert case.as_of == DAYS[2] or case.state == "closed", "the day's figures were taken in after the payment"


def _promise(case: Case, user: User, amount: int, days: int = 3) -> Promise:
    return promises.promise(user, case, amount, TODAY + timedelta(days=days), "voice", AFTERNOON)


def test_kept_when_the_amount_less_the_tolerance_came(book: Book, cases: list[Case], house: dict[str, User]) -> None:
    # Promised 1,000.00; 5 % tolerance leaves 950.00: 949.99 is not enough, one cent more is.
    case = next(c for c in cases if c.team and c.team.code == "collector" and c.arrears_minor > 100_000)
    made = _promise(case, house["chen"], 100_000)
    loan = case.loans.first()
    assert loan is not None
    payments.post_payment(book, loan.loan_id, "P-1", 94_999, case.currency, TODAY, AFTERNOON + timedelta(minutes=5))
    made.refresh_from_db()
    assert (made.state, made.received_minor) == ("open", 94_999)
    payments.post_payment(book, loan.loan_id, "P-2", 1, case.currency, TODAY, AFTERNOON + timedelta(minutes=6))
    made.refresh_from_db()
    assert (made.state, made.received_minor, made.settled_on) == ("kept", 95_000, TODAY)


def test_money_from_before_the_promise_does_not_keep_it(book: Book, cases: list[Case], house: dict[str, User]) -> None:
    case = _collectors(cases)
    loan = case.loans.get()
    payments.post_payment(book, loan.loan_id, "P-1", 500, case.currency, TODAY, AFTERNOON - timedelta(minutes=5))
    case.refresh_from_db()
    made = _promise(case, house["chen"], 500)
    payments.judge_promises(book, TODAY, AFTERNOON)
    made.refresh_from_db()
    assert made.state == "open"


@pytest.mark.parametrize(
    ("paid", "days_after_due", "state"),
    [(0, 2, "open"), (0, 3, "broken"), (300, 2, "open"), (300, 3, "partly"), (475, 3, "kept"), (474, 3, "partly")],
)
def test_broken_on_the_first_day_after_the_grace(
    book: Book, cases: list[Case], house: dict[str, User], paid: int, days_after_due: int, state: str
) -> None:
    # Promised 5.00, tolerance 0.25, grace two days: the third day after the due date judges.
    case = _collectors(cases)
    made = _promise(case, house["chen"], 500)
    promises.judge(made, paid, made.due_on + timedelta(days=days_after_due), AFTERNOON)
    assert made.state == state
    case.refresh_from_db()
    if state in ("broken", "partly"):
        assert case.not_before is None, "the case is back in the queue"
        assert (case.priority > 0) is True


def test_a_new_promise_supersedes_the_open_one(cases: list[Case], house: dict[str, User]) -> None:
    case = _collectors(cases)
    first = _promise(case, house["chen"], 500)
    second = _promise(case, house["chen"], 600, days=5)
    first.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "open")


@pytest.mark.parametrize(
    ("amount", "days", "words"),
    [
        (0, 3, "more than nothing"),
        (10**15, 3, "owed in all"),
        (500, -1, "between today"),
        (500, 31, "between today"),
    ],
)
def test_promises_that_cannot_stand_are_refused(
    cases: list[Case], house: dict[str, User], amount: int, days: int, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        _promise(_collectors(cases), house["chen"], amount, days)
