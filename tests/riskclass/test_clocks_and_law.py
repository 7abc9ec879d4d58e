"""Observation clocks, write-off checklist, how the law is read, and what is refused."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from mora.core.errors import Refused
from mora.law import load
from mora.loans.terms import Product
from mora.riskclass.frames import add_months, classify_chunk
from mora.riskclass.numbers import exact, percent_text, read_numbers
from mora.riskclass.observation import observation
from mora.riskclass.rows import ProductSchemes
from mora.riskclass.tables import make_tables
from mora.riskclass.terms import RiskClass, scheme_of
from mora.riskclass.write_off import Answer, Recovery, blocking, write_off_checklist
from riskclass.street import DAY, NO_STANDING, Told, all_confirmed, by_frames, by_rules, law_on

OBS = law_on(DAY).need("cn.class2023.restructured.obs")


@pytest.mark.parametrize(
    ("start", "second", "ends"),
    [
        # first repayment 2026-02-20, monthly: a year is longer than two months
        (date(2026, 2, 20), date(2026, 4, 20), date(2027, 2, 20)),
        # missed 2026-08-20: the clock starts again there
        (date(2026, 8, 20), date(2026, 10, 20), date(2027, 8, 20)),
        # yearly repayments: two periods are longer than a year
        (date(2026, 2, 20), date(2028, 2, 20), date(2028, 2, 20)),
        # 29 February has no day a year later: the month's last
        (date(2024, 2, 29), date(2024, 4, 29), date(2025, 2, 28)),
    ],
)
def test_observation_lasts_the_longer_of_a_year_and_two_periods(start, second, ends):
    standing = replace(NO_STANDING, observation_start_on=start, observation_second_on=second)
    assert observation(standing, start, OBS).ends_on == ends
    assert not observation(standing, ends.replace(day=ends.day - 1), OBS).is_over
    assert observation(standing, ends, OBS).is_over


def test_with_fewer_than_two_repayments_left_observation_has_no_foreseeable_end():
    standing = replace(NO_STANDING, observation_start_on=date(2020, 1, 1))
    watched = observation(standing, date(2026, 1, 1), OBS)
    assert (watched.ends_on, watched.is_over) == (None, False)


def test_more_periods_than_the_replay_looks_ahead_are_refused():
    more = replace(OBS, params={**OBS.params, "min_consecutive_periods": 3})
    with pytest.raises(Refused, match="3 periods asked for"):
        observation(NO_STANDING, DAY, more)


def test_the_decision_carries_the_clock_and_a_change_still_to_come_has_none():
    standing = replace(NO_STANDING, observation_start_on=date(2026, 2, 20), observation_second_on=date(2026, 4, 20))
    told = Told(standing=standing, dates={"restructured_on": date(2026, 1, 31)})
    watched = by_rules(told, law_on(DAY)).observation
    assert watched is not None
    assert watched.ends_on == date(2027, 2, 20)
    assert by_rules(replace(told, dates={"restructured_on": date(2026, 5, 1)}), law_on(DAY)).observation is None


def test_nothing_unknown_counts_towards_write_off():
    lines = write_off_checklist(RiskClass.LOSS, written_off=False, sold=False)
    assert [line.answer for line in lines[:2]] == [Answer.MET, Answer.MET]
    assert {line.answer for line in lines[2:]} == {Answer.UNKNOWN}
    told = write_off_checklist(RiskClass.DOUBTFUL, False, False, Recovery(True, True, True, True, approved=False))
    assert [line.code for line in blocking(told)] == ["class_loss", "approved"]
    assert blocking(write_off_checklist(RiskClass.LOSS, False, False, Recovery(True, True, True, True, True))) == ()
    assert blocking(write_off_checklist(RiskClass.LOSS, True, False))[0].code == "on_book"


def test_before_a_rule_is_in_force_its_first_values_are_used_and_the_reason_says_so():
    decision = by_rules(Told(91, as_of=date(2020, 5, 1)), law_on(date(2020, 5, 1)))
    assert decision.reason.text == "cn.class2023.dpd (in force from 2023-07-01): days past due >= 91"
    assert law_on(date(2020, 5, 1)).get("cn.class2023.cross10") is None


def test_a_jurisdiction_whose_pack_is_not_loaded_is_refused_by_both():
    numbers = read_numbers(load("cn", "eu"), on=DAY)
    american = Told(10, Product(jurisdiction="us"))
    with pytest.raises(Refused, match=r"us\.urcc\.chargeoff"):
        by_rules(american, numbers)
    with pytest.raises(Refused, match=r"us\.urcc\.chargeoff"):
        by_frames([american], numbers)


@pytest.mark.parametrize("product", [Product(jurisdiction="fr"), Product(kind="lease")])
def test_a_product_without_a_scheme_is_refused(product):
    with pytest.raises(Refused, match="classification knows"):
        scheme_of(product)


def test_a_lender_confirms_a_rule_in_a_house_pack_and_it_decides(tmp_path):
    (tmp_path / "house.yaml").write_text(
        """
- id: house.test.upgrade
  base: cn.class2023.restructured.floor
  title: {zh: 重组资产下限, en: Floor of restructured assets}
  citation: {instrument: {zh: 内部核对记录, en: internal reading note}, article: null}
  confirmed_by: {zh: 法务部, en: legal department}
  confirmed_on: 2026-03-01
""",
        encoding="utf-8",
    )
    numbers = read_numbers(load(house=tmp_path), on=DAY)
    told = Told(dates={"restructured_on": date(2026, 1, 31)})
    assert by_rules(told, law_on(DAY)).risk_class is RiskClass.NORMAL
    assert by_rules(told, numbers).risk_class is RiskClass.SPECIAL_MENTION
    assert by_frames([told], numbers)[0]["risk_class"] == "special_mention"


def test_flags_may_be_words_and_a_word_that_is_not_a_flag_is_refused():
    numbers = all_confirmed(law_on(DAY))
    schemes = ProductSchemes.of({"x": Product()})
    tables = make_tables(numbers, schemes.schemes)
    dates = {name: pa.array([None, None], pa.date32()) for name in ("written_off_on", "sold_on", "restructured_on")}
    base = {"product": ["x", "x"], "party_id": ["a", "b"], "currency": ["CNY", "CNY"], **dates}
    positions = {
        "days_past_due": pa.array([0, 0], pa.int32()),
        "outstanding_principal_minor": pa.array([5, 5]),
        "payoff_minor": pa.array([5, 5]),
    }
    standing = {"material_days": pa.array([0, 0], pa.int32())}
    worded = pa.table({**base, "credit_impaired": ["是", None]})
    chunk = classify_chunk(DAY, worded, positions, standing, products=schemes, tables=tables)
    assert chunk.stage.tolist() == [3, 1]
    wrong = pa.table({**base, "credit_impaired": ["perhaps", "no"]})
    with pytest.raises(ValueError, match="credit_impaired: 'perhaps' is not yes or no"):
        classify_chunk(DAY, wrong, positions, standing, products=schemes, tables=tables)


def test_months_of_columns_are_months_of_dates():
    from mora.core.dates import add_months as plain
    from mora.core.dates import day_number, from_day_number

    days = np.arange(day_number(date(2023, 12, 1)), day_number(date(2025, 1, 10)), dtype=np.int32)
    for months in (0, 1, 6, 12, 24):
        expected = [day_number(plain(from_day_number(int(day)), months)) for day in days]
        assert add_months(days, months).tolist() == expected


def test_law_numbers_are_read_exactly_and_shown_as_people_write_them():
    assert exact(0.025) * 1000 == 25
    assert [percent_text(exact(value)) for value in ("0.1", "0.025", "1.5", "0.01")] == ["10", "2.5", "150", "1"]


def test_a_million_loans_are_classed_in_well_under_a_second_of_processor_time():
    count = 1_000_000
    dice = np.random.default_rng(1)
    days = np.where(dice.random(count) < 0.9, 0, dice.integers(0, 500, count)).astype(np.int32)
    schemes = ProductSchemes.of({"loan": Product(), "card": Product(kind="card")})
    none = pa.nulls(count, pa.date32())
    loans = pa.table({
        "product": pa.DictionaryArray.from_arrays(dice.integers(0, 2, count), pa.array(["loan", "card"])),
        "started_on": none, "written_off_on": none, "sold_on": none, "restructured_on": none,
    })  # fmt: skip
    money = pa.array(dice.integers(0, 10**9, count))
    positions = {"days_past_due": pa.array(days), "outstanding_principal_minor": money, "payoff_minor": money}
    tables = make_tables(law_on(DAY), schemes.schemes)
    start = time.process_time()
    classify_chunk(DAY, loans, positions, {"material_days": pa.array(days)}, products=schemes, tables=tables)
    assert time.process_time() - start < 0.6
