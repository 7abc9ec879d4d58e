"""Every worked case through both witnesses: the rules for one loan and the columns for a book."""

from __future__ import annotations

import pytest

from riskclass.street import all_confirmed, by_frames, by_rules, cases, law_on, told_by, written

ALL = [
    pytest.param(case, id=f"{name}: {case['name']}")
    for name in ("china", "stages", "united_states", "europe")
    for case in cases(name)
]


@pytest.mark.parametrize("case", ALL)
def test_the_law_as_it_is_verified_today(case):
    told = told_by(case)
    numbers = law_on(told.as_of)
    decision = by_rules(told, numbers)
    assert {name: written(decision)[name] for name in case["expect"]} == case["expect"]
    assert by_frames([told], numbers) == [written(decision)]
    warned = {warning.cite for warning in decision.warnings}
    assert warned >= set(case.get("warns", ()))


@pytest.mark.parametrize("case", [each for each in ALL if "confirmed" in each.values[0]])
def test_what_a_lender_gets_who_confirmed_the_unverified_rules(case):
    told = told_by(case)
    numbers = all_confirmed(law_on(told.as_of))
    decision = by_rules(told, numbers)
    assert {name: written(decision)[name] for name in case["confirmed"]} == case["confirmed"]
    assert by_frames([told], numbers) == [written(decision)]


def test_no_unverified_rule_decides_and_each_says_what_it_would_do():
    decision = by_rules(told_by({"loan": {"facts": {"credit_impaired": True}}}), law_on(told_by({}).as_of))
    assert [reason.rule_id for _, reason in decision.considered] == ["cn.class2023.dpd"]
    assert any("would be at least substandard if confirmed" in each.message for each in decision.warnings)


def test_every_reason_is_said_in_both_languages_with_its_clause():
    decision = by_rules(told_by({"loan": {"days": 121, "product": {"kind": "card"}}}), law_on(told_by({}).as_of))
    assert decision.reason.words.zh == "逾期121天，达到121天，至少归为可疑类"
    assert decision.reason.words.en == "121 days past due, 121 or more: at least doubtful."
    assert "art. 92" in decision.reason.citation.en
    assert decision.reason.figures == {"days_past_due": "121", "from": "121"}
