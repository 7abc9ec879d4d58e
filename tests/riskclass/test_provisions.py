"""Portfolio requirements, expected loss, provision matrix."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from mora.core.errors import Refused
from mora.law import load
from mora.riskclass.expected_loss import (
    MatrixRow,
    Period,
    TermStructure,
    expected_loss,
    expected_loss_minor,
    marginal,
    matrix_allowance,
    matrix_row,
)
from mora.riskclass.numbers import read_numbers
from mora.riskclass.provision import (
    Measure,
    Relief,
    coverage_requirement,
    general_provision,
    general_reserve,
    legal_measure,
    potential_risk,
    specific_rates,
)
from mora.riskclass.terms import RiskClass
from riskclass.street import law_on

LAW = law_on(date(2026, 6, 1))
N, S, SUB, D, L = RiskClass
LAW_ITSELF = Measure(LAW.need("cn.prov2011.ratios"))


def test_t_cn_16_specific_rates_of_a_thousand_in_each_class():
    # 20 + 250 + 500 + 1,000 = 1,770
    rates = specific_rates(LAW.need("cn.prov2002.specific"))
    assert [rates[each] * 1000 for each in RiskClass] == [0, 20, 250, 500, 1000]


def test_t_cn_17_the_higher_of_loans_and_npl_is_required():
    # 2.5 % of 100,000 = 2,500; 150 % of 1,500 = 2,250
    found = coverage_requirement(
        {N: 98_500, SUB: 1_000, D: 300, L: 200}, 2_400, Measure(LAW.need("cn.prov2011.ratios"))
    )
    assert (found.by_loans_minor, found.by_npl_minor, found.required_minor) == (2_500, 2_250, 2_500)
    assert found.shortfall_minor == 100


def test_with_more_npl_the_coverage_ratio_binds():
    # 150 % of 2,000 = 3,000
    found = coverage_requirement({N: 98_000, SUB: 2_000}, 3_000, LAW_ITSELF)
    assert (found.required_minor, found.shortfall_minor) == (3_000, 0)


def test_a_bank_with_relief_uses_its_own_setting_inside_the_band():
    band = LAW.need("cn.prov2018.relief")
    relief = Relief(Fraction("1.2"), Fraction("0.015"))
    found = coverage_requirement({N: 98_500, SUB: 1_500}, 0, Measure(LAW.need("cn.prov2011.ratios"), (relief, band)))
    # 1.5 % of 100,000 = 1,500; 120 % of 1,500 = 1,800
    assert (found.required_minor, found.rule_id) == (1_800, "cn.prov2018.relief")


def test_a_setting_outside_the_band_is_refused():
    band = LAW.need("cn.prov2018.relief")
    setting = Relief(Fraction("1.1"), Fraction("0.02"))
    with pytest.raises(Refused, match=r"coverage 110 % is outside the band 120 % - 150 %"):
        coverage_requirement({N: 1}, 0, Measure(LAW.need("cn.prov2011.ratios"), (setting, band)))


HOUSE = """
- id: house.lin.relief
  base: cn.prov2018.relief
  title: {{zh: 监管核定的拨备要求, en: Requirement set by the supervisor}}
  values:
    2025-01-01: {values}
  citation:
    instrument: {{zh: 监管通知, en: the supervisor's notice}}
    article: null
"""


def measured(tmp_path: Path, values: str, on: date = date(2026, 1, 1)) -> Measure | None:
    (tmp_path / "relief.yaml").write_text(HOUSE.format(values=values), encoding="utf-8")
    return legal_measure(read_numbers(load("cn", house=tmp_path), on=on))


def test_without_a_house_pack_the_law_s_own_ratios_measure(tmp_path: Path):
    measure = legal_measure(LAW)
    assert measure is not None
    assert measure.relief is None
    found = coverage_requirement({N: 98_500, SUB: 1_500}, 2_400, measure)
    assert (found.of_loans, found.of_npl) == (Fraction("0.025"), Fraction("1.5"))
    assert found.citation.zh == "《商业银行贷款损失准备管理办法》（中国银行业监督管理委员会令2011年第4号）第7条"


def test_a_house_pack_states_what_the_supervisor_set(tmp_path: Path):
    measure = measured(tmp_path, "{own_coverage: 1.3, own_loan_provision: 0.018}")
    assert measure is not None
    # 1.8 % of 100,000 = 1,800; 130 % of 1,500 = 1,950
    found = coverage_requirement({N: 98_500, SUB: 1_500}, 1_900, measure)
    assert (found.required_minor, found.shortfall_minor, found.rule_id) == (1_950, 50, "cn.prov2018.relief")


def test_what_the_house_pack_leaves_out_is_as_in_the_law(tmp_path: Path):
    measure = measured(tmp_path, "{own_coverage: 1.2}")
    assert measure is not None
    found = coverage_requirement({N: 98_500, SUB: 1_500}, 0, measure)
    assert (found.of_loans, found.of_npl) == (Fraction("0.025"), Fraction("1.2"))


def test_a_house_pack_outside_the_band_is_refused(tmp_path: Path):
    with pytest.raises(Refused, match="outside the band"):
        measured(tmp_path, "{own_coverage: 1.1}")


def test_before_the_law_there_is_no_measure(tmp_path: Path):
    assert legal_measure(read_numbers(load("cn"), on=date(2011, 12, 31))) is None


def test_general_provision_is_one_percent_of_all_loans_half_up():
    # 1 % of 100,050 = 1,000.5
    assert general_provision({N: 100_000, SUB: 50}, LAW.need("cn.prov2002.specific")) == 1_001


def test_finance_ministry_coefficients_are_computed_and_marked_unverified():
    rule = LAW.get("cn.prov2012.mof")
    assert rule is not None
    # 1,000 in each: 15 + 30 + 300 + 600 + 1,000
    assert potential_risk(dict.fromkeys(RiskClass, 1_000), rule) == 1_945
    assert general_reserve(100_000, rule) == 1_500
    assert not rule.decides_by("coef")


TERMS = TermStructure(
    tuple(
        Period(Fraction(pd), Fraction("0.45"), ead)
        for pd, ead in (("0.02", 100_000), ("0.03", 60_000), ("0.04", 20_000))
    ),
    periods_per_year=1,
    rate_per_period=Fraction("0.05"),
)


def test_stage_1_looks_one_year_ahead():
    # 0.02 x 0.45 x 100,000 / 1.05 = 857.142857...
    assert expected_loss(TERMS, 1) == Fraction(900) / Fraction("1.05")
    assert expected_loss_minor(TERMS, 1) == 857


def test_stage_2_looks_over_the_whole_life():
    # 900 / 1.05 + 810 / 1.1025 + 360 / 1.157625 = 857.1429 + 734.6939 + 310.9815 = 1,902.8183
    assert expected_loss_minor(TERMS, 2) == 1_903


def test_stage_3_has_defaulted_already():
    # LGD x EAD today: 0.45 x 100,000
    assert expected_loss_minor(TERMS, 3) == 45_000


def test_twelve_months_are_as_many_periods_as_the_year_has():
    monthly = TermStructure(
        tuple(Period(Fraction(1, 1000), Fraction(1, 2), 1_000_000) for _ in range(36)), 12, Fraction(0)
    )
    # 500 a month: 6,000 in twelve, 18,000 in thirty-six
    assert [expected_loss_minor(monthly, stage) for stage in (1, 2)] == [6_000, 18_000]


def test_conditional_probabilities_become_marginal_ones():
    # 10 %, then 10 % of the 90 % left
    assert marginal([Fraction(1, 10), Fraction(1, 10)]) == (Fraction(1, 10), Fraction(9, 100))


def test_probabilities_beyond_certainty_are_refused():
    with pytest.raises(ValueError, match="sum to more than 1"):
        TermStructure((Period(Fraction(1), Fraction(1), 1), Period(Fraction(1, 9), Fraction(1), 1)), 1, Fraction(0))
    with pytest.raises(ValueError, match="between 0 and 1"):
        TermStructure((Period(Fraction(1), Fraction(2), 1),), 1, Fraction(0))
    with pytest.raises(ValueError, match="stage 4"):
        expected_loss(TERMS, 4)


ROWS = [
    MatrixRow(day, Fraction(rate))
    for day, rate in ((0, "0.003"), (1, "0.016"), (31, "0.036"), (61, "0.066"), (91, "0.106"))
]


def test_t_ifrs_1_provision_matrix_of_example_12():
    # 15.0m x 0.3 % + 7.5m x 1.6 % + 4.0m x 3.6 % + 2.5m x 6.6 % + 1.0m x 10.6 %
    parts, total = matrix_allowance(ROWS, [15_000_000, 7_500_000, 4_000_000, 2_500_000, 1_000_000])
    assert parts == (45_000, 120_000, 144_000, 165_000, 106_000)
    assert total == 580_000


def test_a_matrix_row_holds_its_first_day():
    assert [matrix_row(ROWS, days).first_day for days in (0, 1, 30, 31, 90, 91, 4000)] == [0, 1, 1, 31, 61, 91, 91]
