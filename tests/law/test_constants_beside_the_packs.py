"""Where code holds a law's number as a constant (named waterfalls, the default uplift), it is the packs' number."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from mora.law import load
from mora.loans.terms import Component, PenaltyTerms
from mora.loans.waterfalls import CARD_ART57_SWITCH, CIVIL_CODE_561_ORDER

LAW = load("cn")
DAY = date(2026, 1, 1)


def test_the_card_waterfall_switches_where_article_57_says() -> None:
    rule = LAW.rule("cn.card2011.a57.order")
    params = LAW.params(rule.id, DAY)
    assert CARD_ART57_SWITCH.beyond_days + 1 == params["switch_dpd"]
    assert CARD_ART57_SWITCH.start == rule.versions[0].start
    assert params["at_or_above"][0] == "principal"  # type: ignore[index]
    assert CARD_ART57_SWITCH.steps[0].components == (Component.PRINCIPAL,)


def test_the_civil_code_waterfall_goes_costs_interest_principal() -> None:
    kind = {Component.FEE: "costs", Component.PRINCIPAL: "principal"}
    order = [kind.get(component, "interest") for component in CIVIL_CODE_561_ORDER]
    assert tuple(dict.fromkeys(order)) == LAW.params("cn.civil.561", DAY)["order"]
    assert order == sorted(order, key=["costs", "interest", "principal"].index)


def test_the_default_uplift_lies_in_the_range_of_the_central_bank() -> None:
    low, high = LAW.params("cn.rate.penalty", DAY)["overdue_uplift"]  # type: ignore[misc]
    assert low <= Decimal(PenaltyTerms().uplift) - 1 <= high
