"""Real loans: what is derived from public reports ages into the delinquency that the trustee or the lender recorded.

The samples may not be given on and are not in the repository; ``MORA_SAMPLES`` names their folder. Three witnesses look
at every derived book: a plain sum in this file that knows nothing of Mora's rules, Mora's replay, and its engine.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from mora.core.money import parse_minor
from mora.core.rates import parse_rate
from mora.engine.book.importing import import_book
from mora.engine.book.manifest import open_book
from mora.engine.day import whole_positions
from mora.feeds import RawBook, feeds_for, load_feed
from mora.feeds.abs_ee.derive import Contract, Report, derive
from mora.feeds.abs_ee.read import NEEDED, derive_file
from mora.feeds.faults import RefusedBook
from mora.feeds.samples import VARIABLE, sample
from mora.loans.products import parse_products
from mora.loans.replay import Life, count_days, oldest_late, replay
from mora.loans.terms import Component, DaysRule, Instalment, Loan, Posting, PostingKind, Product

CMBS, BULLET = sample("cmbs_abs_ee"), sample("bullet_loans_500")
MISSING = f"the real samples are not here: set {VARIABLE} to the folder that holds %s"
needs_cmbs = pytest.mark.skipif(CMBS is None, reason=MISSING % "cmbs_abs_ee")
needs_bullet = pytest.mark.skipif(BULLET is None, reason=MISSING % "bullet_loans_500")

SNAPSHOT = date(2016, 12, 8)


# -- a derived book as loans ---------------------------------------------------------------


def rows(book: RawBook, table: str) -> list[dict[str, str]]:
    return [row for each in book.tables if each.table == table for batch in each.batches() for row in batch.to_dicts()]


def loans_of(book: RawBook) -> dict[str, Loan]:
    """The raw tables as loans, as a reader without the engine would take them."""
    products, findings = parse_products(book.products_yaml or "")
    assert findings == []
    loans = {}
    for row in rows(book, "loans"):
        loans[row["loan_id"]] = Loan(
            row["loan_id"], row["party_id"], products[row["product"]], row["currency"],
            parse_minor(row["principal"], row["currency"]), parse_rate(row["annual_rate"]),
            date.fromisoformat(row["started_on"]), date.fromisoformat(row["matures_on"]), (),
            written_off_on=date.fromisoformat(row["written_off_on"]) if row.get("written_off_on") else None,
        )  # fmt: skip
    schedules: dict[str, list[Instalment]] = {loan_id: [] for loan_id in loans}
    for row in rows(book, "schedule"):
        amounts = [parse_minor(row[name], loans[row["loan_id"]].currency) for name in ("principal", "interest")]
        schedules[row["loan_id"]].append(Instalment(int(row["n"]), date.fromisoformat(row["due_on"]), *amounts))
    postings: dict[str, list[Posting]] = {loan_id: [] for loan_id in loans}
    for row in rows(book, "postings"):
        booked = row.get("booked_at")
        postings[row["loan_id"]].append(
            Posting(
                row["posting_id"], date.fromisoformat(row["value_on"]), PostingKind[row["kind"].upper()],
                parse_minor(row["amount"], loans[row["loan_id"]].currency),
                booked_at=datetime.fromisoformat(booked) if booked else None, reverses=row.get("reverses") or None,
            )
        )  # fmt: skip
    return {
        key: replace(loan, schedule=tuple(schedules[key]), postings=tuple(postings[key])) for key, loan in loans.items()
    }


def plainly_oldest_unpaid(loan: Loan, as_of: date) -> date | None:
    """The first due date not covered when all money received is laid over all that fell due, oldest first."""
    seen = [posting for posting in loan.postings if posting.value_on <= as_of]
    undone = {posting.reverses for posting in seen if posting.kind is PostingKind.REVERSAL}
    money = sum(p.amount for p in seen if p.kind is PostingKind.PAYMENT and p.posting_id not in undone)
    money -= sum(p.amount for p in seen if p.kind is PostingKind.FEE)
    for row in loan.schedule:
        money -= row.principal + row.interest
        if row.due_on > as_of:
            return None
        if money < 0:
            return row.due_on
    return None


# -- ABS-EE --------------------------------------------------------------------------------


def band(days: int) -> str:
    """The trustee's band of a number of days past due."""
    if days == 0:
        return "0"
    return "B" if days < 30 else str(min(days // 30, 3))


def recorded(source: Path) -> dict[tuple[str, date], str]:
    """The trustee's own band by loan and period end, straight from the file."""
    with (source / "loan_sample.csv").open(newline="") as file:
        return {
            (row["loanID"], date.fromisoformat(row["reportingPeriodEndDate"])): row["paymentStatusLoanCode"]
            for row in csv.DictReader(file)
            if row["paymentStatusLoanCode"]
        }


@pytest.fixture(scope="module")
def cmbs() -> dict[str, Loan]:
    assert CMBS is not None
    return loans_of(load_feed("abs_ee").read(CMBS))


@needs_cmbs
def test_only_the_feed_of_these_reports_recognises_their_folder() -> None:
    assert CMBS is not None
    assert [feed.NAME for feed in feeds_for(CMBS)] == ["abs_ee"]
    assert "paymentStatusLoanCode" not in NEEDED


@needs_cmbs
def test_every_loan_month_falls_in_the_band_the_trustee_recorded(cmbs: dict[str, Loan]) -> None:
    assert CMBS is not None
    answers = recorded(CMBS)
    assert Counter(answers.values()) == {"0": 2603, "B": 52, "1": 7, "2": 1, "3": 57}
    wrong = []
    for (loan_id, as_of), answer in answers.items():
        oldest = plainly_oldest_unpaid(cmbs[loan_id], as_of)
        days = 0 if oldest is None else (as_of - oldest).days + 1
        if band(days) != answer:
            wrong.append((loan_id, as_of, answer, days))
    assert wrong == []


@needs_cmbs
def test_without_counting_the_due_day_only_months_that_end_on_an_unpaid_due_date_differ(cmbs: dict[str, Loan]) -> None:
    assert CMBS is not None
    differing = []
    for (loan_id, as_of), answer in recorded(CMBS).items():
        oldest = plainly_oldest_unpaid(cmbs[loan_id], as_of)
        if band(0 if oldest is None else (as_of - oldest).days) != answer:
            assert oldest == as_of
            assert answer == "B"
            differing.append(as_of)
    assert sorted(differing) == [*[date(2020, 5, 11)] * 3, date(2020, 12, 11), date(2025, 4, 11)]


def evenings(loan: Loan, days: set[date]) -> Iterator[tuple[date, int]]:
    """Days past due by Mora's replay, as each of these days saw them.

    Replayed anew up to each reversal, because from its own day on a reversal unmakes the past.
    """
    reversed_on = sorted({p.value_on for p in loan.postings if p.kind is PostingKind.REVERSAL})
    begin = date.min
    for cut in (*reversed_on, date.max):
        wanted = {day for day in days if begin <= day < cut}
        found: dict[date, int] = {}

        def watch(day: date, life: Life, wanted: set[date] = wanted, found: dict[date, int] = found) -> None:
            if day in wanted:
                item = oldest_late(life.account, day)
                found[day] = 0 if item is None else count_days(item.due_on, day, life.loan.product.lateness.rule)

        if wanted:
            replay(loan, max(wanted), watch=watch)
        yield from found.items()
        begin = cut


@needs_cmbs
def test_moras_replay_finds_the_same_bands_for_the_loans_with_a_story(cmbs: dict[str, Loan]) -> None:
    """Those late by a month or more, returned, liquidated, or due on the day on which periods end."""
    assert CMBS is not None
    answers = recorded(CMBS)
    told = {key for (key, _), answer in answers.items() if answer in "123"}
    told |= {key for key, loan in cmbs.items() if loan.schedule[0].due_on.day == 11}
    seen, wrong = 0, []
    for loan_id in sorted(told):
        for day, late in evenings(cmbs[loan_id], {day for key, day in answers if key == loan_id}):
            seen += 1
            if band(late) != answers[loan_id, day]:
                wrong.append((loan_id, day, answers[loan_id, day], late))
    assert len(told) == 8
    assert seen == sum(key in told for key, _ in answers)
    assert wrong == []


def positions(source: Path, book: Path, *days: date) -> dict[date, dict[str, dict[str, int]]]:
    """Imported as any book is and aged by the engine: day -> loan -> its days past due and what is outstanding."""
    kept = import_book(source, book)
    assert kept.codes == {}
    columns = ["days_past_due", "worst_days_past_due", "outstanding_principal_minor", "credit_minor"]
    found: dict[date, dict[str, dict[str, int]]] = {}
    for day in days:
        found[day] = {}
        for table in whole_positions(open_book(book), day):
            for row in table.select(["loan_id", *columns]).to_pylist():
                found[day][row["loan_id"]] = row
    return found


@needs_cmbs
def test_the_engine_finds_the_same_bands_for_every_loan_month(tmp_path: Path) -> None:
    assert CMBS is not None
    answers = recorded(CMBS)
    aged = positions(CMBS, tmp_path / "book", *sorted({day for _, day in answers}))
    wrong = [key for key, answer in answers.items() if band(aged[key[1]][key[0]]["days_past_due"]) != answer]
    assert len(answers) == 2720
    assert wrong == []
    last = aged[max(aged)]
    gone = {row["loan_id"] for row in last.values() if row["outstanding_principal_minor"] == 0}
    assert gone == {f"0001706060-{number}" for number in (5, 29, 49, 61)}
    assert {row["credit_minor"] for row in last.values()} == {0}


@needs_cmbs
def test_loans_that_left_the_trust_owe_nothing_afterwards(cmbs: dict[str, Loan]) -> None:
    left = {"5": date(2021, 8, 11), "29": date(2022, 1, 11), "49": date(2025, 5, 12), "61": date(2026, 3, 11)}
    for number, day in left.items():
        loan = cmbs[f"0001706060-{number}"]
        account = replay(loan, day).account
        assert sum(item.open(c) for item in account.items for c in Component) == 0, number
        assert account.credit == 0
    lost = cmbs["0001706060-49"]
    assert [p.amount for p in lost.postings if p.kind is PostingKind.WRITE_OFF] == [547_822_250]
    assert lost.written_off_on == date(2025, 5, 12)


@needs_cmbs
def test_the_one_returned_payment_is_a_reversal_and_is_paid_again(cmbs: dict[str, Loan]) -> None:
    reversals = [(key, p) for key, loan in cmbs.items() for p in loan.postings if p.kind is PostingKind.REVERSAL]
    assert [(key, p.value_on, p.reverses, p.amount) for key, p in reversals] == [
        ("0001706060-61", date(2017, 9, 11), "pay-2017-08-01", 2_540_813)
    ]
    again = [p for p in cmbs["0001706060-61"].postings if p.posting_id == "pay-2017-08-01-2"]
    assert [(p.value_on, p.amount) for p in again] == [(date(2017, 10, 11), 2_540_813)]


@needs_cmbs
def test_principal_sums_to_the_loan_and_reported_balances_agree_to_the_sources_floats() -> None:
    assert CMBS is not None
    for loan_id, (contract, reports, derived) in derive_file(CMBS / "loan_sample.csv").items():
        assert sum(row.principal for row in derived.rows) == contract.principal, loan_id
        assert abs(derived.opening_difference) <= 29, loan_id
        for report in reports:
            asked_since = sum(r.principal for r in reports if r.ends_on <= report.ends_on)
            if report.closing_balance:
                # 32-bit floats hold 40 million dollars to 4 dollars.
                assert abs(reports[0].opening_balance - asked_since - report.closing_balance) <= 400, loan_id


def report(month: int, paid_through: date | None, **changes: object) -> Report:
    made = Report(
        month, date(2024, month - 1, 12), date(2024, month, 11), paid_through, 0, 100, 0, 0, 0, None, 10_000, 10_000
    )
    return replace(made, **changes)  # type: ignore[arg-type]


LOAN = Contract("L", 10_000, date(2024, 2, 5), date(2025, 2, 5))


def test_a_missed_instalment_is_paid_on_the_last_day_of_the_period_that_shows_it() -> None:
    made = derive(LOAN, [report(2, date(2024, 2, 5)), report(3, date(2024, 2, 5)), report(4, date(2024, 3, 5))])
    assert [(e.posting_id, e.value_on) for e in made.entries] == [
        ("pay-2024-02-05", date(2024, 2, 5)), ("pay-2024-03-05", date(2024, 4, 11))
    ]  # fmt: skip


def test_instalments_caught_up_with_are_paid_with_the_periods_own() -> None:
    made = derive(LOAN, [report(2, date(2024, 2, 5)), report(3, date(2024, 2, 5)), report(4, date(2024, 4, 5))])
    assert [e.value_on for e in made.entries] == [date(2024, 2, 5), date(2024, 4, 5), date(2024, 4, 5)]


def test_a_payment_made_returned_and_made_again_has_three_postings() -> None:
    made = derive(LOAN, [report(2, date(2024, 2, 5)), report(3, date(2024, 1, 5)), report(4, date(2024, 4, 5))])
    assert [(e.posting_id, e.kind, e.value_on, e.reverses) for e in made.entries[:3]] == [
        ("pay-2024-02-05", PostingKind.PAYMENT, date(2024, 2, 5), ""),
        ("return-pay-2024-02-05", PostingKind.REVERSAL, date(2024, 3, 11), "pay-2024-02-05"),
        ("pay-2024-02-05-2", PostingKind.PAYMENT, date(2024, 4, 5), ""),
    ]


def test_what_no_report_asked_for_falls_due_at_maturity() -> None:
    made = derive(LOAN, [report(2, date(2024, 2, 5), principal=500, closing_balance=9_500)])
    assert [(r.due_on, r.principal, r.interest) for r in made.rows] == [
        (date(2024, 2, 5), 500, 100), (date(2025, 2, 5), 9_500, 0)
    ]  # fmt: skip


def test_a_balloon_paid_at_maturity_is_paid_once_and_one_not_paid_stays_open() -> None:
    matures = replace(LOAN, matures_on=date(2024, 3, 5))
    paid = derive(matures, [
        report(2, date(2024, 2, 5)), report(3, date(2024, 3, 5), unscheduled=10_000, closing_balance=0)
    ])  # fmt: skip
    assert [(r.due_on, r.total) for r in paid.rows] == [(date(2024, 2, 5), 100), (date(2024, 3, 5), 10_100)]
    assert sum(e.amount for e in paid.entries) == 10_200
    late = derive(matures, [report(2, date(2024, 2, 5)), report(3, date(2024, 3, 5)), report(4, date(2024, 4, 5))])
    assert [(r.due_on, r.total) for r in late.rows][1] == (date(2024, 3, 5), 10_100)
    assert sum(e.amount for e in late.entries) == 300


HEADER = ",".join(NEEDED)


def written(folder: Path, **cells: str) -> Path:
    good = {
        "loanID": "L", "dateFiled": "2024-03-01", "reportingPeriodBeginningDate": "2024-01-12",
        "reportingPeriodEndDate": "2024-02-11", "originationDate": "2024-01-05", "originalLoanAmount": "100.0",
        "originalInterestRatePercentage": "0.05", "maturityDate": "2025-02-05", "firstLoanPaymentDueDate": "2024-02-05",
        "graceDaysAllowedNumber": "0", "paidThroughDate": "2024-02-05", "scheduledInterestAmount": "1.0",
        "scheduledPrincipalAmount": "0.0", "reportPeriodBeginningScheduleLoanBalanceAmount": "100.0",
        "reportPeriodEndScheduledLoanBalanceAmount": "100.0",
    }  # fmt: skip
    good |= cells
    text = HEADER + "\n" + ",".join(good.get(name, "") for name in NEEDED) + "\n"
    (folder / "reports.csv").write_text(text)
    return folder


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("paidThroughDate", "02/05/2024", "BOOK.DATE"),
        ("scheduledInterestAmount", "1,000.00", "BOOK.AMOUNT"),
        ("originalLoanAmount", "100.001", "BOOK.AMOUNT"),
        ("graceDaysAllowedNumber", "five", "BOOK.NUMBER"),
    ],
)
def test_a_cell_that_others_depend_on_refuses_the_file_with_its_place(
    tmp_path: Path, column: str, cell: str, code: str
) -> None:
    source = written(tmp_path, **{column: f'"{cell}"'})
    with pytest.raises(RefusedBook) as caught:
        load_feed("abs_ee").read(source)
    finding = caught.value.findings[0]
    assert (finding.code, finding.row, finding.column, finding.value) == (code, 2, column, cell)


def test_a_report_filed_again_replaces_the_first_filing(tmp_path: Path) -> None:
    source = written(tmp_path)
    lines = (source / "reports.csv").read_text().splitlines()
    amended = lines[1].replace("2024-03-01", "2024-03-09").replace(",1.0,", ",2.0,")
    (source / "reports.csv").write_text("\n".join([lines[0], amended, lines[1]]) + "\n")
    loan = loans_of(load_feed("abs_ee").read(source))["L"]
    assert [row.interest for row in loan.schedule] == [200, 0]


def test_a_file_without_a_needed_column_is_refused(tmp_path: Path) -> None:
    (tmp_path / "reports.csv").write_text("loanID,reportingPeriodEndDate,paidThroughDate,firstLoanPaymentDueDate\n")
    with pytest.raises(RefusedBook, match="dateFiled"):
        load_feed("abs_ee").read(tmp_path)


# -- one-instalment loans ------------------------------------------------------------------


def recorded_days(source: Path) -> dict[str, tuple[str, int]]:
    """The source's own past due days, where it gives them: loan -> (status, days)."""
    with (source / "loan_payments_ORI.csv").open(newline="") as file:
        return {
            row["Loan_ID"]: (row["loan_status"], int(row["past_due_days"]))
            for row in csv.DictReader(file)
            if row["past_due_days"]
        }


@pytest.fixture(scope="module")
def bullets() -> dict[str, Loan]:
    assert BULLET is not None
    return loans_of(load_feed("bullet_loans").read(BULLET))


def days_late_before_paying(loan: Loan) -> int:
    """Days past due on the pay-off day as known the moment before the payment; on the snapshot day when unpaid."""
    paid = [posting for posting in loan.postings if posting.kind is PostingKind.PAYMENT]
    as_of = paid[0].value_on if paid else SNAPSHOT
    known_at = paid[0].booked_at - timedelta(seconds=1) if paid and paid[0].booked_at else None
    item = oldest_late(replay(loan, as_of, known_at=known_at).account, as_of)
    return 0 if item is None else count_days(item.due_on, as_of, loan.product.lateness.rule)


@needs_bullet
def test_recorded_days_past_due_come_out_but_for_the_sources_one_slip(bullets: dict[str, Loan]) -> None:
    assert BULLET is not None
    assert [feed.NAME for feed in feeds_for(BULLET)] == ["bullet_loans"]
    answers = recorded_days(BULLET)
    assert len(answers) == 200
    plain, ours = {}, {}
    for loan_id, (_, days) in answers.items():
        loan = bullets[loan_id]
        paid_on = loan.postings[0].value_on if loan.postings else SNAPSHOT
        if (paid_on - loan.schedule[0].due_on).days != days:
            plain[loan_id] = days
        if days_late_before_paying(loan) != days:
            ours[loan_id] = (days, days_late_before_paying(loan))
    assert plain == {"xqd20160428": 2}
    assert ours == {"xqd20160428": (2, 1)}


@needs_bullet
def test_every_loan_is_read_and_those_paid_are_paid(bullets: dict[str, Loan]) -> None:
    assert BULLET is not None
    answers = recorded_days(BULLET)
    assert len(bullets) == 500
    late = Counter()
    for loan_id, loan in bullets.items():
        account = replay(loan, SNAPSHOT).account
        owed = sum(item.open(c) for item in account.items for c in Component)
        open_case = answers.get(loan_id, ("", 0))[0] == "COLLECTION"
        assert owed == (loan.principal if open_case else 0)
        late[oldest_late(account, SNAPSHOT) is not None] += 1
    assert late == {True: 100, False: 400}


@needs_bullet
def test_the_engine_finds_the_same_days_past_due(tmp_path: Path) -> None:
    assert BULLET is not None
    aged = positions(BULLET, tmp_path / "book", SNAPSHOT)[SNAPSHOT]
    wrong = set()
    for loan_id, (status, days) in recorded_days(BULLET).items():
        # A paid loan's worst evening is the one before its pay-off.
        row = aged[loan_id]
        late = row["days_past_due"] if status == "COLLECTION" else row["worst_days_past_due"] + 1
        if late != days:
            wrong.add(loan_id)
    assert wrong == {"xqd20160428"}
    assert sum(row["days_past_due"] > 0 for row in aged.values()) == 100


def test_the_products_of_both_feeds_are_good_product_files(tmp_path: Path) -> None:
    source = written(tmp_path, graceDaysAllowedNumber="5")
    products, findings = parse_products(load_feed("abs_ee").read(source).products_yaml or "")
    assert findings == []
    assert products["abs_ee_grace_5"].lateness.grace_days == 5
    assert products["abs_ee_grace_5"].lateness.rule is DaysRule.DUE_DAY_COUNTS
    assert isinstance(products["abs_ee"], Product)
    assert datetime.combine(SNAPSHOT, time(), UTC).date() == SNAPSHOT
