"""Materiality, forbearance clocks, distressed restructuring, minimum coverage."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from mora.riskclass.eu_default import calendar_coverage, forborne, is_distressed, is_material, npv_loss, present_value
from riskclass.street import cases, law_on

LAW = law_on(date(2026, 6, 1))


@pytest.mark.parametrize(
    ("arrears", "exposure", "retail", "material"),
    [
        # T-EU-4: 120 / 13,000 = 0.92 %; 140 / 13,000 = 1.08 %
        (12_000, 1_300_000, True, False),
        (14_000, 1_300_000, True, True),
        # exactly 1 % and exactly EUR 100 are not exceeded
        (13_000, 1_300_000, True, False),
        (10_000, 100_000, True, False),
        (10_001, 100_000, True, True),
        # T-EU-5: EUR 90 of 1,000 is 9 %, but not more than EUR 100
        (9_000, 100_000, True, False),
        # other than retail: EUR 500
        (50_000, 1_000_000, False, False),
        (50_001, 1_000_000, False, True),
    ],
)
def test_arrears_are_material_when_both_thresholds_are_exceeded(arrears, exposure, retail, material):
    assert is_material(arrears, exposure, retail, LAW.need("eu.materiality")) is material


@pytest.mark.parametrize("case", [pytest.param(each, id=each["name"]) for each in cases("eu_clocks")])
def test_forbearance_clocks(case):
    ask = dict(case["ask"])
    cure, relapse = LAW.need("eu.forborne.cure"), LAW.need("eu.forborne.relapse")
    clocks = forborne(ask.pop("granted_on"), ask.pop("as_of"), cure, relapse, **ask)
    assert {name: getattr(clocks, name) for name in case["expect"]} == case["expect"]
    assert clocks.is_npe == (clocks.state in ("cure", "relapsed"))


def test_a_restructuring_that_costs_more_than_one_percent_is_default():
    rule = LAW.need("eu.dod.npv")
    # book 1,000 at the original rate, new terms worth 985: 15 / 1,000 = 1.5 %
    assert npv_loss(100_000, Fraction(98_500)) == Fraction(15, 1000)
    assert is_distressed(100_000, Fraction(98_500), rule)
    assert not is_distressed(100_000, Fraction(99_000), rule)  # exactly 1 %
    assert is_distressed(100_000, Fraction(98_999), rule)


def test_present_value_is_exact():
    # 55,000 in one period and 60,500 in two at 10 %: 50,000 + 50,000
    assert present_value([(1, 55_000), (2, 60_500)], Fraction(1, 10)) == 100_000


@pytest.mark.parametrize(
    ("security", "npe_on", "year", "amount"),
    [
        # unsecured 100 in its third year: 35; whole years passed 2 -> the third runs
        ("unsecured", date(2024, 6, 1), 3, 3_500),
        ("unsecured", date(2024, 6, 2), 2, 0),
        ("unsecured", date(2023, 6, 1), 4, 10_000),
        ("unsecured", date(2015, 6, 1), 12, 10_000),
        ("immovable", date(2021, 6, 1), 6, 5_500),
        ("other_secured", date(2020, 6, 1), 7, 8_000),
    ],
)
def test_minimum_coverage_by_year_is_shown_but_not_required(security, npe_on, year, amount):
    rule = LAW.get("eu.crr47c.calendar")
    assert rule is not None
    found = calendar_coverage(
        10_000, security, rule, originated_on=date(2019, 4, 26), npe_on=npe_on, as_of=date(2026, 6, 1)
    )
    assert (found.year, found.amount_minor, found.decides) == (year, amount, False)


def test_loans_made_before_26_april_2019_need_no_minimum():
    rule = LAW.get("eu.crr47c.calendar")
    assert rule is not None
    old = calendar_coverage(
        10_000, "unsecured", rule, originated_on=date(2019, 4, 25), npe_on=date(2015, 1, 1), as_of=date(2026, 6, 1)
    )
    assert old.amount_minor == 0
