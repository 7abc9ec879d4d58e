"""What the gate reads from a rule: wider kinds of debt, a version's last day, values of the kind asked for."""

from __future__ import annotations

from datetime import date, time

from gate.test_house_rules import MakeGate, gate_of, own  # noqa: F401  a fixture used here too
from mora.gate.clauses import Ruling, products_of
from mora.law.vocabulary import ProductKind


def test_a_kind_of_debt_is_the_wider_kinds_as_well() -> None:
    wider = {
        ProductKind.CARD: {"consumer", "personal", "retail", "open_end"},
        ProductKind.CONSUMER: {"personal", "retail", "non_card"},
        ProductKind.INTERNET: {"consumer", "personal", "retail", "non_card"},
        ProductKind.MORTGAGE: {"secured", "non_card"},
        ProductKind.AUTO: {"secured", "non_card"},
        ProductKind.NON_RETAIL: {"non_card"},
    }
    for kind, more in wider.items():
        assert {each.value for each in products_of((kind,))} == {kind.value, "any", *more}, kind


def test_a_version_is_over_when_the_next_begins_or_its_own_end_comes(gate_of: MakeGate) -> None:  # noqa: F811
    gate = gate_of(
        own(values="2020-01-01: {question: people, min_age: 20}\n2026-04-01: {question: people, min_age: 18}")
    )
    [rule] = gate.rules.own
    assert [Ruling(rule, version).over_on for version in rule.versions] == [date(2026, 4, 1), None]
    law = gate.rules.law
    ended = [(rule, version) for rule in law for version in rule.versions if version.until is not None]
    assert ended
    for rule, version in ended:
        starts = [each.start for each in rule.versions if each.start is not None and version.start is not None
                  and each.start > version.start]  # fmt: skip
        assert Ruling(rule, version).over_on == min([version.until, *starts]), rule.id


def test_a_value_of_another_kind_is_not_there(gate_of: MakeGate) -> None:  # noqa: F811
    gate = gate_of(own(values='unknown: {question: hours, allowed: ["09:00", "17:00"], most: 3, asked: true}'))
    [rule] = gate.rules.own
    ruling = Ruling(rule, rule.versions[0])
    assert (ruling.whole("most"), ruling.whole("asked"), ruling.whole("question")) == (3, None, None)
    assert (ruling.flag("asked"), ruling.flag("most"), ruling.flag("missing")) == (True, False, False)
    assert ruling.window == (time(9), time(17))


def test_hours_of_which_one_end_alone_is_known_are_none(gate_of: MakeGate) -> None:  # noqa: F811
    gate = gate_of(own(values='unknown: {question: people, quiet_end: "08:00"}'))
    [rule] = gate.rules.own
    assert Ruling(rule, rule.versions[0]).window is None
