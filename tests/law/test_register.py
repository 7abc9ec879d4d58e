"""Every rule of the register stands in the packs once, says where it comes from, and names who reads it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from mora.core.findings import Severity
from mora.law import Action, Known, Status, load
from mora.law.lints import check
from mora.law.packs import cut, jurisdiction_files
from mora.law.reading import read_nodes
from mora.law.register import entry, expected_ids, missing_and_extra, register
from mora.law.vocabulary import Jurisdiction

RULES = tuple(load())


def test_there_are_173_rules_each_once() -> None:
    assert len(expected_ids()) == len(set(expected_ids())) == 173
    assert Counter(rule.id for rule in RULES) == Counter(expected_ids())


def test_a_lost_and_a_doubled_rule_are_noticed() -> None:
    ids = list(expected_ids())
    assert missing_and_extra(ids) == ((), (), ())
    assert missing_and_extra(ids[1:]) == ((ids[0],), (), ())
    assert missing_and_extra([*ids, ids[3]]) == ((), (), (ids[3],))
    assert missing_and_extra([*ids, "cn.new"]) == ((), ("cn.new",), ())


def test_the_packaged_packs_have_no_error() -> None:
    assert [str(item) for item in check() if item.severity is Severity.ERROR] == []


@pytest.mark.parametrize("jurisdiction", Jurisdiction)
def test_cutting_a_file_into_records_finds_what_reading_it_whole_finds(jurisdiction: Jurisdiction) -> None:
    for file in jurisdiction_files(jurisdiction):
        root = read_nodes(file.text)
        assert root is not None
        whole = [
            ({key: value for key, value, _ in member.items()}["id"].value, member.line) for member in root.members()
        ]
        assert [(record.id, record.line) for record in cut(file)] == whole, file.name


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_whole(rule) -> None:  # type: ignore[no-untyped-def]
    assert re.search("[\u4e00-\u9fff]", rule.title.zh), "the Chinese title is Chinese"
    assert re.search("[\u4e00-\u9fff]", rule.statement.zh), "the Chinese statement is Chinese"
    assert not re.search("[\u4e00-\u9fff]", rule.title.en + rule.statement.en), "the English is English"
    assert rule.citation.instrument.zh
    assert rule.citation.instrument.en
    assert rule.versions
    if rule.verification.deciding_part in (Known.PRIMARY, Known.SECONDARY):
        assert rule.verification.sources
        assert rule.verification.readings > 0
    if not rule.decides and Action.BLOCK in rule.action:
        assert rule.while_unverified is Action.WARN
    if rule.status is Status.ENCODED:
        assert rule.uses


def _floats(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(_floats(member) for member in value.values())
    return any(map(_floats, value)) if isinstance(value, tuple) else isinstance(value, float)


def test_no_parameter_went_through_a_float() -> None:
    assert not any(_floats(version.params) for rule in RULES for version in rule.versions)
    assert load("cn").params("cn.prov2011.ratios", date(2026, 1, 1))["loan_provision_ratio"] == Decimal("0.025")


def test_what_is_unknown_stays_unknown() -> None:
    unknown = {
        (rule.id, name)
        for rule in RULES
        for version in rule.versions
        for name, v in version.params.items()
        if v is None
    }
    assert unknown == {
        ("cn.gbt45251.visit", "min_visitors"),
        ("cn.gbt45251.retention", "retention_years"),
        ("cn.gbt45251.complaints", "reply_days"),
        ("cn.prov2018.relief", "own_coverage"),  # what a supervisor sets for one bank; its house pack says so
        ("cn.prov2018.relief", "own_loan_provision"),
    }


def test_memory_never_decides_by_itself() -> None:
    # Read off the reference's verification column: these wait for somebody to find the text.
    waiting = {rule.id for rule in RULES if not rule.decides}
    memory = ["cn.class2023.upgrade", "cn.class2023.ecl", "cn.class2023.restructured.floor", "cn.ecl2022"]
    partly = ["us.regf.false", "eu.crr47c.calendar", "cn.card2022.notice", "uk.conc7.15", "cn.internetloan2020"]
    assert waiting.issuperset([*memory, *partly])
    assert not {"cn.class2023.dpd", "cn.civil.188", "eu.ifrs9.sicr", "us.regf.calls.7in7", "uk.breathing"} & waiting


def test_the_register_says_status_room_and_effect() -> None:
    lines = {line.id: line for line in register(RULES)}
    assert lines["cn.class2023.dpd"].status == "encoded"
    assert lines["cn.class2023.dpd"].room == "riskclass"
    assert lines["cn.class2023.dpd"].effect == "decides"
    assert lines["cn.ecl2022"].in_force_from == "2022-05"
    assert lines["cn.class2023.transition"].in_force_until == "2026-01-01"
    assert entry(load("us").rule("us.nonaccrual")).in_force_from == "unknown"
