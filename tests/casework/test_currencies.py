"""Money of two currencies is never added up: figures, order, promises; and promises whose loans have left the case."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mora.casework import currencies, finding, from_day, history, payments, promises
from mora.core.errors import BadInput, Refused
from mora.engine.book import import_book
from mora.engine.book.manifest import Book, open_book
from mora.engine.day import run_day
from mora.store.models import Case, Event, Promise, Team, User
from mora.store.models.cases import Sum

BEIJING = ZoneInfo("Asia/Shanghai")
DAY = date(2020, 3, 1)
AT = datetime(2020, 3, 1, 15, 0, tzinfo=BEIJING)

LOANS = """loan_id,party_id,product,currency,principal,annual_rate,started_on,matures_on,sold_on
C1,P,old,CNY,1000.00,0.0,2020-01-01,2020-02-01,
U1,P,old,USD,300.00,0.0,2020-01-01,2020-02-11,
U2,P,old,USD,50.00,0.0,2020-01-01,2020-02-11,2020-03-04
J1,Q,old,JPY,90000,0.0,2020-01-01,2020-02-01,
"""
SCHEDULE = """loan_id,n,due_on,principal,interest
C1,1,2020-02-01,1000.00,0.00
U1,1,2020-02-11,300.00,0.00
U2,1,2020-02-11,50.00,0.00
J1,1,2020-02-01,90000,0
"""
POSTINGS = """loan_id,posting_id,value_on,kind,amount
C1,D1,2020-01-01,disbursement,1000.00
U1,D2,2020-01-01,disbursement,300.00
U2,D3,2020-01-01,disbursement,50.00
J1,D4,2020-01-01,disbursement,90000
"""
PAID = "loan_id,posting_id,value_on,kind,amount\nU1,PAY1,2020-03-03,payment,300.00\n"
"""The first dollar loan is paid off on 3 March; the second is sold on the 4th."""


@pytest.fixture
def book(tmp_path: Path, settings: object) -> Book:
    """Party P owes 1,000.00 CNY (29 days late on 1 March) and 350.00 USD (19 days); party Q 90,000 JPY."""
    source = tmp_path / "source"
    source.mkdir()
    for name, text in {"loans": LOANS, "schedule": SCHEDULE, "postings": POSTINGS}.items():
        (source / f"{name}.csv").write_text(text)
    import_book(source, tmp_path / "book")
    settings.MORA_BOOK = str(tmp_path / "book")  # type: ignore[attr-defined]
    held = open_book(tmp_path / "book")
    run_day(held, DAY)
    return held


@pytest.fixture
def both(book: Book, house: dict[str, User]) -> Case:
    """Party P's case on 1 March, worked by the collectors."""
    from_day.take_in(book, DAY, at=AT)
    Case.objects.update(team=Team.objects.get(code="collector"))
    return Case.objects.get(party__party_id="P")


def later(book: Book, day: date, more: str = "") -> datetime:
    """Bring further postings in, run a later day and take it in; the afternoon of that day."""
    at = datetime(day.year, day.month, day.day, 15, 0, tzinfo=BEIJING)
    if more:
        source = book.path.parent / f"more-{day}"
        source.mkdir()
        (source / "postings.csv").write_text(more)
        import_book(source, book.path)
    held = open_book(book.path)
    run_day(held, day)
    from_day.take_in(held, day, at=at)
    payments.judge_promises(held, day, at)
    return at


@pytest.mark.django_db
def test_each_currency_by_itself_the_latest_first(both: Case) -> None:
    assert both.sums == [Sum("CNY", 100_000, 100_000), Sum("USD", 35_000, 35_000)]
    assert (both.currency, both.arrears_minor) == ("CNY", 100_000)
    assert set(both.loans.values_list("loan_id", "currency")) == {("C1", "CNY"), ("U1", "USD"), ("U2", "USD")}


@pytest.mark.django_db
def test_without_house_rates_a_case_is_ranked_by_its_largest_amount(both: Case) -> None:
    assert both.worth_minor == currencies.NO_RATE
    assert currencies.weight(both) == 100_000


def with_rates(monkeypatch: pytest.MonkeyPatch, **rates: str) -> None:
    """House rates in force from 2020."""
    table = currencies.HouseRates(
        date(2020, 1, 1), "test", {"CNY": Decimal(1)} | {name: Decimal(rate) for name, rate in rates.items()}
    )
    monkeypatch.setattr(currencies, "all_rates", lambda: (table,))


@pytest.mark.django_db
def test_house_rates_put_cases_in_order_and_show_nothing(both: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    # 1,000.00 CNY + 350.00 USD at 7.10 = 3,485.00; 90,000 JPY at 0.0625 = 5,625.00.
    with_rates(monkeypatch, USD="7.10", JPY="0.0625")
    for case in Case.objects.all():
        from_day.total_up(case, DAY)
    assert dict(Case.objects.values_list("party__party_id", "worth_minor")) == {"P": 348_500, "Q": 562_500}
    both.refresh_from_db()
    assert both.sums == [Sum("CNY", 100_000, 100_000), Sum("USD", 35_000, 35_000)]


@pytest.mark.django_db
def test_one_missing_rate_leaves_a_case_without_worth(both: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    with_rates(monkeypatch, JPY="0.0625")
    from_day.total_up(both, DAY)
    assert both.worth_minor == currencies.NO_RATE


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("currency", "least", "most", "found"),
    [("USD", 35_000, None, {"P"}), ("USD", 35_001, None, set()), ("USD", None, 34_999, set()),
     ("USD", None, None, {"P"}), ("", 100_000, None, {"P"}), ("", 100_001, None, set()),
     ("JPY", 90_000, 90_000, {"Q"}), ("EUR", None, None, set())],
)  # fmt: skip
def test_bounds_are_read_in_their_own_currency(
    both: Case, house: dict[str, User], currency: str, least: int | None, most: int | None, found: set[str]
) -> None:
    wanted = finding.Wanted(show="open", currency=currency, least_minor=least, most_minor=most)
    assert set(finding.find(house["qian"], wanted, AT).values_list("party__party_id", flat=True)) == found


@pytest.mark.django_db
def test_a_promise_names_its_currency_and_its_cap_is_what_is_owed_in_it(both: Case, house: dict[str, User]) -> None:
    chen, due = house["chen"], DAY + timedelta(days=5)
    with pytest.raises(Refused, match="CNY, USD"):
        promises.promise(chen, both, 10_000, due, "voice", AT)
    with pytest.raises(Refused, match="in all in USD"):
        promises.promise(chen, both, 70_001, due, "voice", AT, currency="USD")
    dollars = promises.promise(chen, both, 35_000, due, "voice", AT, currency="USD")
    assert (dollars.currency, dollars.tolerance_minor, set(dollars.loans)) == ("USD", 1_750, {"U1", "U2"})
    # One in another currency stands beside it; one in the same takes its place.
    promises.promise(chen, both, 10_000, due, "voice", AT, currency="CNY")
    promises.promise(chen, both, 20_000, due, "voice", AT, currency="USD")
    states = Promise.objects.order_by("pk").values_list("currency", "state")
    assert list(states) == [("USD", "superseded"), ("CNY", "open"), ("USD", "open")]


@pytest.mark.django_db
def test_money_of_another_currency_keeps_no_promise(book: Book, both: Case, house: dict[str, User]) -> None:
    due = DAY + timedelta(days=5)
    made = promises.promise(house["chen"], both, 10_000, due, "voice", AT, currency="USD")
    payments.post_payment(book, "C1", "T1", 50_000, "CNY", DAY, AT + timedelta(hours=1))
    made.refresh_from_db()
    assert (made.state, made.received_minor) == ("open", 0)
    payments.post_payment(book, "U1", "T2", 10_000, "USD", DAY, AT + timedelta(hours=1))
    made.refresh_from_db()
    assert (made.state, made.received_minor) == ("kept", 10_000)


@pytest.mark.django_db
def test_the_same_form_sent_twice_makes_one_promise(both: Case, house: dict[str, User]) -> None:
    due = DAY + timedelta(days=5)
    for _ in range(2):
        promises.promise(house["chen"], both, 10_000, due, "other", AT, currency="USD", key="form-1")
    assert Promise.objects.count() == 1


@pytest.mark.django_db
def test_money_that_paid_a_loan_off_keeps_the_promise_though_the_loan_has_left(
    book: Book, both: Case, house: dict[str, User]
) -> None:
    made = promises.promise(house["chen"], both, 30_000, DAY + timedelta(days=5), "voice", AT, currency="USD")
    at = later(book, date(2020, 3, 3), PAID)
    made.refresh_from_db()
    both.refresh_from_db()
    assert set(both.loans.values_list("loan_id", flat=True)) == {"C1", "U2"}
    assert both.sums == [Sum("CNY", 100_000, 100_000), Sum("USD", 5_000, 5_000)]
    assert made.left == {"U1": "paid_off"}
    assert (made.state, made.received_minor) == ("kept", 30_000)
    said = [each.what.en for each in history.entries(both)]
    assert "Loan U1 left the case: paid off" in said
    assert "Promise kept, received 300.00 USD" in said
    assert at > AT


@pytest.mark.django_db
def test_a_promise_about_a_loan_that_was_sold_ends_without_blame(
    book: Book, both: Case, house: dict[str, User]
) -> None:
    made = promises.promise(house["chen"], both, 5_000, DAY + timedelta(days=2), "voice", AT, currency="USD")
    Promise.objects.filter(pk=made.pk).update(loans={"U2": "book"})
    later(book, date(2020, 3, 10), PAID)
    made.refresh_from_db()
    assert (made.state, made.left) == ("lapsed", {"U2": "sold"})
    assert not Event.objects.filter(action="promise.broken").exists()


@pytest.mark.django_db
def test_a_promise_nobody_paid_is_broken_as_before(book: Book, both: Case, house: dict[str, User]) -> None:
    made = promises.promise(house["chen"], both, 50_000, DAY + timedelta(days=2), "voice", AT, currency="CNY")
    later(book, date(2020, 3, 10))
    made.refresh_from_db()
    assert made.state == "broken"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rates: [{named: x, USD: '7'}]", "from"),
        ("rates: [{from: 2020-01-01, USD: '7'}]", "named"),
        ("rates: [{from: 2020-01-01, named: x, USD: 7.1}]", "in quotes"),
        ("rates: [{from: 2020-01-01, named: x, USD: '-1'}]", "above nothing"),
        ("rates: [{from: 2020-01-01, named: x, usd: '7'}]", "three capital letters"),
        ("rates: [{from: 2020-01-02, named: x}, {from: 2020-01-01, named: y}]", "must rise"),
    ],
)
def test_house_rates_that_do_not_read(settings: object, tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "rates.yaml").write_text(f"house: CNY\n{text}\n")
    settings.MORA_POLICY = str(tmp_path)  # type: ignore[attr-defined]
    with pytest.raises(BadInput, match=words):
        currencies.all_rates.__wrapped__()
