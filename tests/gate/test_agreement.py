"""The plain gate and the bulk gate, which share no question, answer the same random requests the same.

A million of them: benchmarks/gate_agreement.py.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import mora.gate
from gate.agreement import Agreement, compare
from gate.asks import request
from gate.random_requests import random_requests
from mora.gate import Gate, kernels
from mora.gate.items import ASKS, OWN_ASKS, Items
from mora.gate.terms import (
    ActorKind,
    Channel,
    Effect,
    HoldKind,
    LenderKind,
    Mode,
    Outcome,
    PermissionKind,
    PointKind,
    Purpose,
    Result,
    Role,
)
from mora.gate.verdict import OWN_QUESTIONS, QUESTIONS
from mora.law.vocabulary import Actor

TURNING = str(Path(__file__).parent / "house_turning")
SOURCE = (Path(mora.gate.__file__).parent / "gate.c").read_text()


@pytest.fixture(scope="module")
def prudent() -> Agreement:
    items = Items.of("prudent")
    own = [id_ for id_ in items.ids if id_.startswith("house.")]
    return compare(list(random_requests(20261124, 3000, own)), Gate.of("prudent"), items)


def test_they_agree_under_the_prudent_house_pack(prudent: Agreement) -> None:
    assert prudent.requests == 3000
    assert prudent.differing == []


def test_the_requests_make_every_rule_of_law_speak(prudent: Agreement) -> None:
    spoke = {rule for rule, _ in prudent.findings}
    rare = {"cn.card2011.a70.instalment", "uk.conc7.15", "cn.gbt45251.freq.notice", "us.regf.dispute", "uk.conc7.3"}
    assert set(QUESTIONS) - spoke <= rare
    assert {id_ for id_ in Items.of("prudent").ids if id_.startswith("house.")} <= spoke
    assert min(prudent.outcomes[outcome] for outcome in ("allowed", "warned", "refused")) > 50
    assert prudent.later > 500


@pytest.mark.parametrize("house", [TURNING, None])
def test_they_agree_under_rules_that_turn_and_under_the_law_alone(house: str | None) -> None:
    items = Items.of(house)
    own = [id_ for id_ in items.ids if id_.startswith("house.")]
    assert compare(list(random_requests(7, 1200, own)), Gate.of(house), items).differing == []


def test_a_difference_would_be_seen() -> None:
    late = request(at="2026-03-02T22:00:00+08:00")
    assert len(compare([late], Gate.of(None), Items.of("prudent")).differing) == 1


def test_both_ask_every_rule() -> None:
    assert set(ASKS) == set(QUESTIONS)
    assert set(OWN_ASKS) == set(OWN_QUESTIONS)


@pytest.mark.parametrize(
    ("first", "words"),
    [
        ("VOICE", Channel), ("COLLECT", Purpose), ("PERSON", Mode), ("DEBTOR", Role), ("NO_ANSWER", Result),
        ("DISPUTE", HoldKind), ("CONSENT", PermissionKind), ("NOTE", Effect), ("ALLOWED", Outcome),
    ],
)  # fmt: skip
def test_the_c_file_lists_words_in_the_order_of_the_published_request(first: str, words: type) -> None:
    assert _listed(first)[: len(words)] == [each.name for each in words]  # type: ignore[attr-defined]


def test_the_c_file_lists_the_words_whose_names_it_changes() -> None:
    assert _listed("BY_LENDER")[:-1] == [f"BY_{each.name}" for each in ActorKind]
    assert _listed("AT_MOBILE")[:-1] == [f"AT_{each.name}" for each in PointKind]
    assert _listed("BANK")[:-1] == [each.name if each.name != "OTHER" else "OTHER_LENDER" for each in LenderKind]
    assert _listed("B_EVERYONE") == [f"B_{each.name}" for each in list(Actor)[: len(_listed("B_EVERYONE"))]]
    assert _listed("Q_HOURS")[:-1] == [f"Q_{each.name}" for each in kernels.Question]
    assert _listed("F_IDENTIFIED")[:-1] == [f"F_{each.name}" for each in kernels.Fact]


def test_both_sides_agree_on_sizes() -> None:
    table, rule, version, item, where, questions, facts, counters, *lists = kernels.layout()
    assert table == kernels.ctypes.sizeof(kernels.Table)
    assert (rule, version, item, where) == (
        8 * len(kernels.RULE), 8 * kernels.VERSION, 8 * kernels.ITEM, 8 * kernels.WHERE,
    )  # fmt: skip
    assert (questions, facts, counters) == (len(kernels.Question), len(kernels.Fact), 9)
    enums = (
        Channel, Purpose, ActorKind, Mode, LenderKind, Role, PointKind, Result, HoldKind, PermissionKind, Effect,
        Outcome,
    )  # fmt: skip
    assert lists == [len(words) for words in enums]


def _listed(first: str) -> list[str]:
    """The members of the C enum that begins with this word."""
    for found in re.findall(r"enum \{([^}]*)\}", SOURCE):
        names = [name.strip() for name in found.split(",")]
        if names[0] == first:
            return names
    raise AssertionError(f"no enum begins with {first}")
