"""No rule is read without worked cases: one it lets through, and one it stops, warns or notes as far as it may."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from gate.casebook import asked, casebook
from mora.gate.clauses import OF_WORDS
from mora.gate.terms import HoldKind
from mora.gate.verdict import ASIDE, OWN_QUESTIONS, QUESTIONS
from mora.law import Action, Rule, load
from mora.law.reading import read_nodes

TESTS = Path(__file__).parents[1]
LAW = load(house="prudent")
OWN = [
    rule.id for rule in LAW
    if rule.id.startswith("house.prudent.") and rule.versions[0].params["question"] not in OF_WORDS
]  # fmt: skip
"""Rules of the lender's own about contact; those about texts have their cases in tests/gate/wording."""
READ_ONLY = {*ASIDE, "us.regf.calls.unit"} - set(QUESTIONS)
"""Rules that only say what others count by; they have no findings of their own."""
RULES = [*QUESTIONS, *OWN]


def effects_told(rule: str) -> dict[str, int]:
    """How many views of cases about a rule give it each effect; ``silent`` where it applied and said nothing."""
    found: dict[str, int] = defaultdict(int)
    for case in casebook().values():
        if rule in case.about:
            for view in case.views:
                named = [effect for effect, rules in view.effects.items() if rule in rules]
                applied = any(label.partition("@")[0] == rule for label in asked(view).rules)
                for effect in named or (["silent"] if applied else []):
                    found[effect] += 1
    return found


def strongest(rule: Rule) -> str:
    """The strongest effect a rule may have: only a verified one that forbids refuses; a reminder notes."""
    if Action.BLOCK in rule.action and rule.decides:
        return "refuse"
    return "note" if rule.action == (Action.REMIND,) else "warn"


@pytest.mark.parametrize("id_", RULES)
def test_a_rule_has_a_case_it_lets_through_and_one_it_does_not(id_: str) -> None:
    told = effects_told(id_)
    assert told["silent"], f"no case about {id_} where it applies and says nothing"
    assert told[strongest(LAW.rule(id_))], (
        f"no case about {id_} with its effect {strongest(LAW.rule(id_))}: {dict(told)}"
    )


@pytest.mark.parametrize("id_", sorted(READ_ONLY))
def test_a_rule_that_others_count_by_has_cases_both_ways(id_: str) -> None:
    outcomes = {view.outcome for case in casebook().values() if id_ in case.about for view in case.views}
    assert outcomes >= {"allowed", "refused"}


def test_the_gate_reads_every_rule_that_names_it_and_no_other() -> None:
    named = {
        rule.id for rule in load()
        if any(use.startswith("mora.gate.") and not use.startswith("mora.gate.words") for use in rule.uses)
    }  # fmt: skip
    assert named == set(QUESTIONS) | READ_ONLY
    assert {LAW.rule(id_).versions[0].params["question"] for id_ in OWN} == set(OWN_QUESTIONS)


def test_no_rule_ever_has_a_stronger_effect_than_it_may() -> None:
    order = ["note", "warn", "refuse"]
    for case in casebook().values():
        for view in case.views:
            for finding in asked(view).findings:
                if finding.effect != "excused":
                    may = strongest(LAW.rule(finding.rule))
                    assert order.index(finding.effect) <= order.index(may), f"{view.where}: {finding.rule}"


def test_every_kind_of_hold_stops_or_warns_somewhere() -> None:
    told = {
        hold.kind
        for case in casebook().values() for view in case.views for hold in view.request.holds
        if any("hold" in each.what or each.rule.startswith("uk.breathing") for each in asked(view).counters)
        or view.outcome != "allowed"
    }  # fmt: skip
    assert set(HoldKind) - told == set()


def test_a_rule_names_the_files_of_its_cases() -> None:
    """The pack's own list: rows of the test tables, then ``gate/<file>`` for each file with a case about the rule."""
    for id_ in [*QUESTIONS, *READ_ONLY, *OWN]:
        told = tuple(name for name in LAW.rule(id_).cases if name.startswith("gate/"))
        files = dict.fromkeys(f"gate/{case.file}" for case in casebook().values() if id_ in case.about)
        assert told == tuple(sorted(files)), id_


# --- the test tables -------------------------------------------------------------------------------------------------

ROW = re.compile(r"T-(?:CN|US|EU|IFRS)-[A-Z]?\d+(?![\d])")
TABLES = {
    "Regulation F (10.1)": [f"T-US-F{n}" for n in range(1, 15)],
    "Regulation X (10.2)": [f"T-US-X{n}" for n in range(1, 10)],
    "China (10.4)": [f"T-CN-{n}" for n in range(1, 19)],
}
NOWHERE = {"T-CN-11", "T-CN-17"}
"""Rows no case tells yet: interest doubled after a judgment, and provision ratios over a whole book."""
OF_THE_GATE = {*TABLES["Regulation F (10.1)"], *(f"T-CN-{n}" for n in range(1, 6))}


def rows_told() -> dict[str, set[str]]:
    """Rows of the test tables with the files whose cases bear them in a ``name``, ``id`` or ``title``."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(TESTS.glob("**/cases/*.yaml")):
        root = read_nodes(path.read_text(encoding="utf-8"))
        for name in _names(root.plain() if root is not None else None):
            for row in ROW.findall(name.upper()):
                found[row].add(path.relative_to(TESTS).as_posix())
    return found


def _names(value: Any) -> list[str]:
    if isinstance(value, tuple):
        return [name for each in value for name in _names(each)]
    if hasattr(value, "items"):
        own = [str(each) for key, each in value.items() if key in ("name", "id", "title") and isinstance(each, str)]
        return own + [name for each in value.values() for name in _names(each)]
    return []


def test_every_row_about_contact_is_a_case_of_the_gate() -> None:
    told = rows_told()
    missing = sorted(row for row in OF_THE_GATE if not any(file.startswith("gate/") for file in told[row]))
    assert missing == []


@pytest.mark.parametrize("table", TABLES)
def test_every_row_of_a_table_is_a_case_somewhere(table: str) -> None:
    told = rows_told()
    missing = {row for row in TABLES[table] if not told[row]}
    assert missing == NOWHERE & set(TABLES[table]), f"{table}: no case is named {', '.join(sorted(missing))}"
