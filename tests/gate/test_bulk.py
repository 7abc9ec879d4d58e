"""The bulk gate says what the plain gate says: every worked case, and random requests under random house packs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from gate.agreement import Agreement, compare, plainly
from gate.aimed_requests import aimed_requests
from gate.casebook import EFFECTS, View, asked, casebook, gate
from gate.random_house import random_house
from gate.random_requests import random_requests
from mora.core.errors import BadInput
from mora.gate import Gate
from mora.gate.flatten import Answer, ask_requests, flatten
from mora.gate.frames import Items, ask_all, rules_of
from mora.gate.terms import Effect, Request
from mora.gate.verdict import OWN_QUESTIONS

TURNING = Path(__file__).parent / "house_turning"
VIEWS = [
    view for case in casebook().values() for view in case.views
    if view.request.message is None or view.request.message.text is None
]  # fmt: skip
"""Every view but those with a text: words are read one by one, by the plain gate alone."""


@cache
def items(house: str) -> Items:
    """The rules of a house pack as the bulk gate reads them; ``none`` for the law alone."""
    return Items(gate(house).rules)


@cache
def in_bulk() -> dict[str, Answer]:
    """The bulk gate's answer to every view of every case."""
    told: dict[str, Answer] = {}
    for house in {view.house for view in VIEWS}:
        there = [view for view in VIEWS if view.house == house]
        answers = ask_requests([view.request for view in there], items(house))
        told |= {view.where: answer for view, answer in zip(there, answers, strict=True)}
    return told


@pytest.mark.parametrize("view", [pytest.param(view, id=view.where) for view in VIEWS])
def test_a_case_gets_its_verdict_in_bulk(view: View) -> None:
    answer = in_bulk()[view.where]
    effects = {name: frozenset(rule for rule, effect in answer.findings if effect == name) for name in EFFECTS}
    assert (answer.outcome, effects, answer.earliest_at) == (view.outcome, view.effects, view.earliest_at)
    counters = plainly(asked(view)).counters
    assert {name: answer.counters.get(name) for name in counters} == counters
    assert set(answer.counters) - set(counters) <= {"location_contacts"}, "the plain gate tells it where it breaches"


def own(plain: Gate) -> list[str]:
    """Ids of the lender's own rules, which permissions may name as well."""
    return [rule.id for rule in plain.rules.own]


def agree(requests: Iterable[Request], plain: Gate) -> Agreement:
    """Both gates on the same requests; says the first three that differ."""
    seen = compare(list(requests), plain, Items(plain.rules))
    said = [f"{plainly(verdict)}\n{bulk}\n{request}" for request, verdict, bulk in seen.differing[:3]]
    assert not said, "\n\n".join(said)
    return seen


def test_both_gates_agree_on_what_chance_seldom_brings_together() -> None:
    seen = Agreement()
    for seed, house in ((4, "none"), (5, "prudent"), (6, str(TURNING))):
        seen.add(agree(aimed_requests(seed, 500, own(gate(house))), gate(house)))
    spoke = {"us.regf.calls.7in7", "us.ma.940cmr7", "cn.civil.546", "cn.civil.693", "cn.civil.1161", "cn.civil.1064"}
    assert spoke <= {rule for rule, _ in seen.findings}
    assert seen.findings["us.regf.calls.7in7", Effect.EXCUSED] > 5


@pytest.mark.parametrize("seed", range(5))
def test_both_gates_agree_under_random_house_packs(seed: int, tmp_path: Path) -> None:
    (tmp_path / "gate.yaml").write_text(random_house(seed), encoding="utf-8")
    plain = Gate.of(tmp_path)
    seen = agree(random_requests(1000 + seed, 150, own(plain)), plain)
    seen.add(agree(aimed_requests(2000 + seed, 150, own(plain)), plain))
    assert any(rule.startswith("house.random.") for rule, _ in seen.findings)


def test_the_random_packs_ask_everything_a_lender_may_ask() -> None:
    text = "".join(random_house(seed) for seed in range(5))
    asked_for = [f'question: "{name}"' for name in OWN_QUESTIONS]
    said = (*asked_for, "tz:", "until:", "unverified_params:", "places:", '"memory"', "base:", "confirmed_by:")
    assert [name for name in said if name not in text] == []


def test_attempts_recorded_for_no_debt_count_for_each_when_the_column_is_left_out() -> None:
    """Seven calls in a week, and no column that says about which debts they were."""
    seven = next(
        view for view in VIEWS
        if "us.regf.calls.7in7" in view.effects["refuse"] and len({each.party for each in view.request.history}) == 1
    )  # fmt: skip
    frames = flatten([seven.request])
    assert frames.history is not None
    verdicts = ask_all(replace(frames, history=frames.history.drop("claims")), items(seven.house))
    assert "us.regf.calls.7in7" in rules_of(verdicts["refused"], items(seven.house))[0]


def test_the_least_of_all_amounts_is_refused_because_it_stands_for_unknown() -> None:
    frames = flatten([VIEWS[0].request])
    claims = frames.claims.with_columns(amount_minor=pl.lit(-(2**63), pl.Int64()))
    with pytest.raises(BadInput, match="amount_minor holds -9223372036854775808"):
        ask_all(replace(frames, claims=claims), items("none"))
