"""A few thousand attempts of the adversary; ``benchmarks/gate_adversary.py`` makes ten million."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from gate.adversary.bulk import bulk_asker
from gate.adversary.record import Answer
from gate.adversary.simulation import Ask, check, plain_asker, simulate
from gate.adversary.world import Case
from mora.gate.terms import Request

HOUSES = ("prudent", None)


@pytest.mark.parametrize("house", HOUSES)
@pytest.mark.parametrize(("asker", "debtors", "rounds"), [(plain_asker, 40, 40), (bulk_asker, 300, 20)])
def test_nothing_slips_through_and_nothing_is_refused_for_nothing(asker, debtors, rounds, house):
    """The checker, reading the log alone, differs from the gate in nothing but the open points."""
    report = check(simulate(f"test/{house}", debtors, rounds, asker(house)), house)
    assert report.asked > 0.9 * debtors * rounds
    assert report.unexplained == 0, report.told()
    assert report.in_breach + report.avoidable <= report.points.total()
    assert min(report.allowed, report.refused) > report.asked / 5


def everything(answer: Answer) -> object:
    """An asker that knows only one answer."""

    def about(world: list[Case]) -> Ask:
        def ask(asked: Sequence[tuple[Case, Request]]) -> list[Answer]:
            return [answer] * len(asked)

        return ask

    return about


def test_a_gate_that_lets_everything_pass_is_caught():
    report = check(simulate("open", 150, 30, everything(("allowed", (), ()))), "prudent")
    assert report.in_breach > report.asked / 4
    assert {
        "cn.gbt45251.hours",
        "cn.cba2026.hours",
        "cn.gbt45251.freq.voice",
        "cn.gbt45251.freq.notice",
        "cn.gbt45251.contacts",
        "cn.cba2026.contacts.unreachable",
        "us.regf.hours",
        "us.regf.calls.7in7",
        "us.regf.calls.afterconv",
        "us.regf.thirdparty",
        "us.ma.940cmr7",
        "us.nyc.shield",
        "uk.mcob13.5.3",
        "house.prudent.hours",
        "house.prudent.hours.cn",
        "house.prudent.calls",
        "house.prudent.holds",
    } <= set(report.violations)
    assert report.avoidable == 0


def test_a_gate_that_refuses_everything_is_caught():
    report = check(simulate("shut", 60, 20, everything(("refused", ("cn.gbt45251.hours",), ()))), None)
    assert report.in_breach == 0
    assert report.avoidable == report.unjustified["cn.gbt45251.hours"] > report.asked / 2


def test_a_rule_nobody_has_read_is_named():
    report = check(simulate("strange", 5, 5, everything(("refused", ("house.example.moon",), ()))), None)
    assert "no reading of: house.example.moon" in report.told()


def test_both_gates_give_the_same_log():
    """The adversary goes by the answers, so one different answer would send the two logs apart."""
    logs = [simulate("same", 50, 25, asker("prudent")) for asker in (plain_asker, bulk_asker)]
    for plain, bulk in zip(*logs, strict=True):
        assert [(e.request, e.outcome, e.made) for e in plain.log] == [(e.request, e.outcome, e.made) for e in bulk.log]
