"""Every worked case gets the verdict it was worked out to get."""

from __future__ import annotations

from itertools import chain

import pytest

from gate.casebook import EFFECTS, Case, View, asked, casebook, gate
from mora.gate import Outcome, Verdict
from mora.gate.record import record_of, replay

CASES = casebook()
EVERY_VIEW = [pytest.param(view, id=view.where) for case in CASES.values() for view in case.views]


def effects(verdict: Verdict) -> dict[str, frozenset[str]]:
    """Under each effect the rules that have it."""
    return {name: frozenset(each.rule for each in verdict.findings if each.effect == name) for name in EFFECTS}


def counters(verdict: Verdict, rule: str) -> tuple[str, ...]:
    """What a rule counted, as cases write it."""
    return tuple(f"{each.count}/{each.limit}" for each in verdict.counters if each.rule == rule)


@pytest.mark.parametrize("view", EVERY_VIEW)
def test_a_case_gets_its_verdict(view: View) -> None:
    verdict = asked(view)
    said = "\n".join(f"{each.effect} {each.rule}: {each.message_en}" for each in verdict.findings)
    assert (verdict.outcome, effects(verdict)) == (view.outcome, view.effects), said
    assert verdict.earliest_at == view.earliest_at
    assert {rule: counters(verdict, rule) for rule in view.counters} == view.counters


@pytest.mark.parametrize("view", EVERY_VIEW)
def test_the_record_of_a_case_proves_its_verdict(view: View) -> None:
    assert replay(record_of(gate(view.house), view.request), gate(view.house)).same


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_finding_names_its_clause_and_speaks_both_languages(case: Case) -> None:
    for each in chain.from_iterable(asked(view).findings for view in case.views):
        assert each.clause
        assert each.clause_en
        assert each.message_zh.endswith(("。", "）"))
        assert each.message_en.endswith((".", ".)"))
        assert ("尚未核实" in each.message_zh) == ("unverified" in each.message_en) == (not each.verified)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_case_says_what_it_is_about_and_is_about_it(case: Case) -> None:
    assert case.zh.endswith("。")
    assert case.en.endswith(".")
    assert case.about
    heard = {label.partition("@")[0] for view in case.views for label in asked(view).rules}
    law = gate("prudent").rules.law
    for rule in case.about:
        assert rule in law
        assert rule in heard or law.rule(rule).action[0] != "block", f"{rule} never applied in {case.id}"


def test_every_outcome_is_told_often_enough_to_mean_something() -> None:
    told = [view.outcome for case in CASES.values() for view in case.views]
    assert {outcome: told.count(outcome) >= 50 for outcome in Outcome} == dict.fromkeys(Outcome, True)
