"""A past day read twice: what differs, and why."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl

from mora.insight import DIFFERENCES, ChangeReason, LatePosting, differences, summarise_history
from mora.loans.terms import PostingKind

DAY = date(2026, 3, 1)


def reading(*rows: tuple[str, int, int, str | None]) -> pl.LazyFrame:
    columns = ("loan_id", "days_past_due", "arrears_minor", "risk_class")
    frame = pl.LazyFrame(
        [dict(zip(columns, row, strict=True)) for row in rows], schema_overrides={"risk_class": pl.String}
    )
    return frame.with_columns(currency=pl.lit("CNY"))


WAS = reading(("A", 40, 900, "special_mention"), ("B", 5, 100, "normal"), ("C", 0, 0, None), ("D", 1, 1, "normal"))
NOW = reading(("A", 9, 300, "special_mention"), ("B", 6, 100, "normal"), ("C", 0, 0, None), ("E", 1, 1, "normal"))
LATE = pl.LazyFrame(
    {
        "loan_id": ["A"],
        "posting_id": ["P7"],
        "kind": pl.Series([int(PostingKind.PAYMENT)], dtype=pl.UInt8),
        "value_on": [date(2026, 2, 20)],
        "amount_minor": [600],
        "booked_at": [datetime(2026, 3, 5, tzinfo=UTC)],
    }
)


PAID = {
    "posting_id": "P7", "kind": "payment", "value_on": date(2026, 2, 20), "amount_minor": 600,
    "booked_at": datetime(2026, 3, 5, tzinfo=UTC), "imported_at": None, "reverses": None,
}  # fmt: skip


def test_each_figure_that_differs_is_listed_with_its_reason() -> None:
    found = differences(WAS, NOW, late_postings=LATE).collect()
    assert found.schema == pl.Schema(DIFFERENCES)
    assert found.rows() == [
        ("A", "days_past_due", "40", "9", "back_dated", [PAID], "CNY"),
        ("A", "arrears_minor", "900", "300", "back_dated", [PAID], "CNY"),
        ("B", "days_past_due", "5", "6", "terms", None, "CNY"),
        ("D", "loan_id", "D", None, "disappeared", None, "CNY"),
        ("E", "loan_id", None, "E", "appeared", None, "CNY"),
    ]


def test_a_class_that_came_from_the_debtor_s_other_loans_says_so() -> None:
    was = reading(("A", 0, 0, "normal")).with_columns(risk_class_reason=pl.lit("rule: not late"))
    now = reading(("A", 0, 0, "substandard")).with_columns(risk_class_reason=pl.lit("rule: contagion, over 10 %"))
    assert set(differences(was, now).collect()["reason"]) == {"debtor"}
    late = now.with_columns(days_past_due=pl.lit(3))
    assert set(differences(was, late).collect()["reason"]) == {"terms"}


def test_the_same_reading_twice_differs_in_nothing() -> None:
    assert differences(WAS, WAS, late_postings=LATE).collect().is_empty()


def test_a_posting_without_a_booking_time_is_named_all_the_same() -> None:
    found = differences(WAS, NOW, late_postings=LATE.drop("booked_at")).collect()
    assert found.row(0, named=True)["because"] == [PAID | {"booked_at": None}]


def test_the_report_counts_loans_by_reason_and_figure() -> None:
    changes = summarise_history(differences(WAS, NOW, late_postings=LATE).collect(), as_of=DAY, loans_shown=2)
    assert changes.loans == 4
    assert changes.by_reason == {"appeared": 1, "back_dated": 1, "disappeared": 1, "terms": 1}
    assert changes.by_column == {"days_past_due": 2, "loan_id": 2, "arrears_minor": 1}
    assert changes.example_loans == 2
    assert [one.loan_id for one in changes.examples] == ["A", "A", "B"]
    assert changes.examples[0].because == (LatePosting(**PAID),)
    assert set(changes.by_reason) <= {reason.value for reason in ChangeReason}


def test_the_loans_whose_arrears_changed_most_are_shown_first_and_no_loan_without_a_figure() -> None:
    was = reading(("A", 1, 100, "normal"), ("B", 1, 100, "normal"), ("C", 1, 100, "normal"))
    now = reading(("A", 1, 110, "normal"), ("B", 1, 900, "normal"), ("C", 1, 100, "normal"))
    held = [frame.with_columns(credit_minor=pl.lit(number)) for number, frame in enumerate((was, now))]
    changes = summarise_history(differences(*held).collect(), as_of=DAY)
    assert [(one.loan_id, one.column) for one in changes.examples] == [
        ("B", "arrears_minor"), ("A", "arrears_minor"), ("C", "credit_minor"),
    ]  # fmt: skip
