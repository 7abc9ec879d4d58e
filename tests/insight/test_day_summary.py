"""A street of seven borrowers on two days, summed by hand."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

import polars as pl
import pytest

from mora.core.errors import BadInput
from mora.insight import MovementKind, SetAside, summarise, summarise_parts

TODAY, YESTERDAY = date(2026, 3, 31), date(2026, 3, 30)


def positions(as_of: date, *rows: tuple[str, str, int, str, int, int, str, int]) -> pl.LazyFrame:
    """Rows of loan, currency, days past due, bucket, arrears, principal, class, provision."""
    names = ("loan_id", "currency", "days_past_due", "bucket", "arrears_minor", "outstanding_principal_minor")
    return pl.LazyFrame(
        [dict(zip((*names, "risk_class", "provision_minor"), row, strict=True)) for row in rows],
        schema_overrides={"arrears_minor": pl.Int64, "provision_minor": pl.Int64},
    ).with_columns(
        as_of=pl.lit(as_of), payoff_minor=pl.col("outstanding_principal_minor") + pl.col("arrears_minor"),
        product=pl.lit("consumer"), branch=pl.when(pl.col("loan_id") < "D").then(pl.lit("north")),
    )  # fmt: skip


def street() -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Ann pays, Ben falls late, Cai cures, Dai rolls on, Eve settles while late, Fay is new, Gus leaves the book."""
    before = positions(
        YESTERDAY,
        ("Ann", "CNY", 0, "M0", 0, 10_000, "normal", 100),
        ("Ben", "CNY", 0, "M0", 0, 20_000, "normal", 200),
        ("Cai", "CNY", 12, "M1", 500, 30_000, "special_mention", 600),
        ("Dai", "CNY", 90, "M3", 4_000, 40_000, "special_mention", 800),
        ("Eve", "CNY", 40, "M2", 700, 700, "special_mention", 14),
        ("Gus", "USD", 0, "M0", 0, 900, "normal", 9),
    )
    today = positions(
        TODAY,
        ("Ann", "CNY", 0, "M0", 0, 9_000, "normal", 90),
        ("Ben", "CNY", 1, "M1", 1_000, 20_000, "special_mention", 400),
        ("Cai", "CNY", 0, "M0", 0, 29_500, "normal", 295),
        ("Dai", "CNY", 91, "M4", 4_010, 40_000, "substandard", 10_000),
        ("Eve", "CNY", 0, "M0", 0, 0, "normal", 0),
        ("Fay", "CNY", 0, "M0", 0, 1_500, "normal", 15),
    )
    return today, before


def test_the_street_adds_up_as_by_hand() -> None:
    today, before = street()
    summary = summarise(today, before, as_of=TODAY, previous_as_of=YESTERDAY, synthetic=True)
    cny, usd = summary.currencies
    assert (cny.currency, usd.currency) == ("CNY", "USD")
    # Eve is settled: five loans remain, 9,000 + 20,000 + 29,500 + 40,000 + 1,500 = 100,000.
    assert (cny.total.loans, cny.total.principal_minor, cny.total.arrears_minor) == (5, 100_000, 5_010)
    assert cny.total.late_ratio == Fraction(60, 100)  # Ben 20,000 and Dai 40,000
    assert cny.total.npl_ratio == Fraction(40, 100)
    assert cny.total.coverage_ratio == Fraction(10_800, 40_000)  # 90 + 400 + 295 + 10,000 + 15
    assert cny.total.provision_ratio == Fraction(10_800, 100_000)
    assert [(line.key, line.figures.loans) for line in cny.ladder if line.figures.loans] == [
        ("M0", 3), ("M1", 1), ("M4", 1),
    ]  # fmt: skip
    assert [line.key for line in cny.classes] == ["normal", "special_mention", "substandard"]
    assert [(line.key, line.figures.loans) for line in cny.off_book] == [("settled", 1)]
    assert [(one.loan_id, one.arrears_minor) for one in cny.largest] == [("Dai", 4_010), ("Ben", 1_000)]
    assert [(line.key, line.figures.loans) for line in cny.drills["branch"]] == [(None, 2), ("north", 3)]


def test_every_loan_moved_in_one_way_and_the_changes_add_up() -> None:
    today, before = street()
    summary = summarise(today, before, as_of=TODAY, previous_as_of=YESTERDAY, synthetic=True)
    cny, usd = summary.currencies
    assert {(cell.origin, cell.target): cell.loans for cell in cny.roll} == {
        ("M0", "M0"): 1,
        ("M0", "M1"): 1,
        ("M1", "M0"): 1,
        ("M2", "settled"): 1,
        ("M3", "M4"): 1,
        ("new", "M0"): 1,
    }
    assert {(cell.origin, cell.target): cell.loans for cell in usd.roll} == {("M0", "absent"): 1}
    assert {movement.kind: movement.arrears_change_minor for movement in cny.movements} == {
        MovementKind.FELL_LATE: 1_000,
        MovementKind.WORSENED: 10,
        MovementKind.CURED: -500,
        MovementKind.LEFT_LATE: -700,
        MovementKind.NEW_CURRENT: 0,
        MovementKind.CURRENT: 0,
    }
    assert cny.total_before is not None
    assert cny.total_before.arrears_minor + sum(m.arrears_change_minor for m in cny.movements) == 5_010
    assert (usd.total.loans, usd.total_before and usd.total_before.loans) == (0, 1)


def test_a_first_day_has_no_movements_and_no_yesterday() -> None:
    summary = summarise(street()[0], as_of=TODAY, synthetic=False)
    (cny,) = summary.currencies
    assert (summary.previous_as_of, cny.total_before, cny.roll, cny.movements) == (None, None, (), ())


def test_an_empty_book_has_no_currencies() -> None:
    assert summarise(street()[0].clear(), as_of=TODAY, synthetic=False).currencies == ()


def test_written_off_and_sold_claims_are_beside_the_book_not_in_it() -> None:
    today = positions(
        TODAY,
        ("A", "CNY", 400, "M7+", 50, 500, "loss", 0),
        ("B", "CNY", 400, "M7+", 60, 600, "loss", 0),
        ("C", "CNY", 0, "M0", 0, 1_000, "normal", 10),
    ).with_columns(
        written_off_on=pl.when(pl.col("loan_id") == "A").then(pl.lit(TODAY)),
        sold_on=pl.when(pl.col("loan_id") == "B").then(pl.lit(YESTERDAY)),
    )
    (cny,) = summarise(today, as_of=TODAY, synthetic=False).currencies
    assert (cny.total.loans, cny.total.npl_ratio, cny.largest) == (1, 0, ())
    assert [(line.key, line.figures.principal_minor) for line in cny.off_book] == [("written_off", 500), ("sold", 600)]


def test_a_write_off_dated_later_has_not_happened_yet() -> None:
    today = positions(YESTERDAY, ("A", "CNY", 400, "M7+", 50, 500, "loss", 0)).with_columns(
        written_off_on=pl.lit(TODAY)
    )
    (cny,) = summarise(today, as_of=YESTERDAY, synthetic=False).currencies
    assert (cny.total.loans, cny.off_book) == (1, ())


def test_a_corrected_currency_leaves_one_and_is_new_in_the_other() -> None:
    before = positions(YESTERDAY, ("A", "CNY", 0, "M0", 0, 500, "normal", 5))
    today = positions(TODAY, ("A", "USD", 0, "M0", 0, 500, "normal", 5))
    summary = summarise(today, before, as_of=TODAY, previous_as_of=YESTERDAY, synthetic=False)
    cells = {one.currency: [(c.origin, c.target) for c in one.roll] for one in summary.currencies}
    assert cells == {"USD": [("new", "M0")], "CNY": [("M0", "absent")]}


def test_sums_beyond_64_bits_do_not_wrap() -> None:
    one = 9 * 10**18
    today = positions(TODAY, *((name, "CNY", 0, "M0", 0, one, "normal", 0) for name in "ABCD"))
    (cny,) = summarise(today.with_columns(payoff_minor=1), as_of=TODAY, synthetic=False).currencies
    assert cny.total.principal_minor == 4 * one > 2**63


def test_without_class_and_provision_the_ratios_are_unknown() -> None:
    today = street()[0].drop("risk_class", "provision_minor")
    (cny,) = summarise(today, as_of=TODAY, synthetic=False).currencies
    assert not cny.is_classified
    assert cny.total.coverage_ratio is None


def test_what_was_set_aside_comes_most_rows_first() -> None:
    aside = [SetAside("B", 1), SetAside("A", 1), SetAside("C", 9, "loans.csv", "why")]
    summary = summarise(street()[0], as_of=TODAY, synthetic=False, set_aside=aside)
    assert [one.code for one in summary.set_aside] == ["C", "A", "B"]


def test_the_summary_is_plain_json_in_minor_units() -> None:
    today, before = street()
    summary = summarise(today, before, as_of=TODAY, previous_as_of=YESTERDAY, synthetic=True)
    plain = json.loads(json.dumps(summary.as_dict()))
    assert plain["as_of"] == "2026-03-31"
    assert plain["currencies"][0]["currency"] == "CNY"
    assert plain["currencies"][0]["total"]["arrears_minor"] == 5_010
    assert plain["currencies"][0]["movements"][0]["kind"] == "fell_late"


def test_a_missing_column_is_named_with_the_near_miss() -> None:
    with pytest.raises(BadInput, match="no column arrears_minor") as raised:
        summarise(street()[0].rename({"arrears_minor": "arrear_minor"}), as_of=TODAY, synthetic=False)
    assert "'arrear_minor' looks like it" in raised.value.findings[0].expected


def test_a_strange_bucket_is_refused() -> None:
    today = street()[0].with_columns(bucket=pl.lit("M9"))
    with pytest.raises(BadInput, match=r"buckets \['M9'\]; accepted are M0, M1"):
        summarise(today, as_of=TODAY, synthetic=False)


def test_a_loan_that_comes_twice_is_refused() -> None:
    today = street()[0]
    with pytest.raises(BadInput, match="loan 'Ann' more than once"):
        summarise(pl.concat([today, today]), as_of=TODAY, synthetic=False)


def test_rows_of_another_day_are_refused() -> None:
    with pytest.raises(BadInput, match="has rows of 2026-03-30"):
        summarise(street()[1], as_of=TODAY, synthetic=False)


def test_half_a_previous_day_is_refused() -> None:
    today, before = street()
    with pytest.raises(ValueError, match="give both or neither"):
        summarise(today, before, as_of=TODAY, synthetic=False)
    with pytest.raises(ValueError, match="need previous_as_of"):
        summarise_parts([(today, before)], as_of=TODAY, synthetic=False)
