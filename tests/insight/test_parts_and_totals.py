"""What must hold for any book: parts equal the whole, every table sums to its total, every loan is in one cell."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from mora.ageing.terms import bucket
from mora.insight import CurrencySummary, DaySummary, Figures, Line, summarise, summarise_parts
from mora.insight.roll import ORIGINS, TARGETS, movement_kind

TODAY, YESTERDAY = date(2026, 3, 31), date(2026, 3, 30)

SCHEMA = {
    "loan_id": pl.String, "currency": pl.String, "days_past_due": pl.Int32, "bucket": pl.String,
    "arrears_minor": pl.Int64, "outstanding_principal_minor": pl.Int64, "payoff_minor": pl.Int64,
    "risk_class": pl.String, "provision_minor": pl.Int64, "region": pl.String, "written_off_on": pl.Date,
}  # fmt: skip


@st.composite
def a_position(draw: st.DrawFn, loan_id: str) -> dict[str, object]:
    days = draw(st.sampled_from([0, 0, 1, 30, 31, 60, 61, 90, 91, 120, 151, 180, 181, 999]))
    principal = draw(st.integers(0, 10**9)) * draw(st.sampled_from([0, 1, 1, 1]))
    arrears = draw(st.integers(0, 10**7)) if days and principal else 0
    return {
        "loan_id": loan_id,
        "currency": draw(st.sampled_from(["CNY", "USD"])),
        "days_past_due": days,
        "bucket": bucket(days),
        "arrears_minor": arrears,
        "outstanding_principal_minor": principal,
        "payoff_minor": principal + arrears,
        "risk_class": draw(st.sampled_from(["normal", "substandard", "loss", None])),
        "provision_minor": draw(st.integers(0, 10**6)),
        "region": draw(st.sampled_from(["east", "west", None])),
        "written_off_on": draw(st.sampled_from([None, None, YESTERDAY, TODAY])),
    }


@st.composite
def two_days(draw: st.DrawFn) -> tuple[pl.DataFrame, pl.DataFrame]:
    ids = [f"L{n}" for n in range(draw(st.integers(0, 12)))]
    days = []
    for _ in range(2):
        kept = [loan_id for loan_id in ids if draw(st.integers(0, 4))]
        days.append(pl.DataFrame([draw(a_position(loan_id)) for loan_id in kept], SCHEMA))
    return days[0], days[1]


def total(lines: tuple[Line, ...]) -> Figures:
    return sum((line.figures for line in lines), Figures())


def check(one: CurrencySummary, today: pl.DataFrame) -> None:
    for lines in (one.ladder, one.classes, one.stages, *one.drills.values()):
        assert total(lines) == one.total
    assert (one.total + total(one.off_book)).loans == today.filter(pl.col("currency") == one.currency).height
    assert one.total_before is not None
    before, changes = one.total_before, sum(movement.arrears_change_minor for movement in one.movements)
    assert before.arrears_minor + changes == one.total.arrears_minor
    assert sum(cell.loans for cell in one.roll if cell.origin != "new") == before.loans
    assert sum(cell.loans for cell in one.roll if cell.target.startswith("M")) == one.total.loans
    assert sum(cell.principal_minor for cell in one.roll) == one.total.principal_minor
    assert sum(cell.principal_before_minor for cell in one.roll) == before.principal_minor
    assert sum(movement.loans for movement in one.movements) == sum(cell.loans for cell in one.roll)


@settings(max_examples=25, deadline=None)
@given(two_days(), st.integers(1, 5))
def test_parts_equal_the_whole_and_tables_sum_to_their_totals(
    days: tuple[pl.DataFrame, pl.DataFrame], rows: int
) -> None:
    today, before = days

    def whole(chunk_rows: int) -> DaySummary:
        return summarise(
            today, before, as_of=TODAY, previous_as_of=YESTERDAY, synthetic=True, top=3, chunk_rows=chunk_rows
        )

    at_once = whole(10**6)
    assert at_once == whole(rows)
    by_loan = [
        (today.filter(pl.col("loan_id") == f"L{n}"), before.filter(pl.col("loan_id") == f"L{n}")) for n in range(12)
    ]
    assert at_once == summarise_parts(
        by_loan, as_of=TODAY, previous_as_of=YESTERDAY, synthetic=True, top=3
    )  # fmt: skip
    for one in at_once.currencies:
        check(one, today)


def test_every_cell_of_the_matrix_has_a_meaning() -> None:
    kinds = {movement_kind(origin, target) for origin in ORIGINS for target in TARGETS if target.startswith("M")}
    assert movement_kind("M1", "M1") == "stayed"
    assert movement_kind("M6", "M7+") == "worsened"
    assert movement_kind("M7+", "M1") == "eased"
    assert movement_kind("M2", "written_off") == "left_late"
    assert movement_kind("M0", "sold") == "left"
    assert movement_kind("new", "M3") == "new_late"
    assert len(kinds) == 8
