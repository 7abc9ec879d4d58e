"""Facts that cannot be used are refused with every fault named, and nothing else is."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from mora.core.errors import BadInput, UnknownRule
from mora.law import load
from mora.law.duties import MATTERS, DutyStatus, duties_of, read_matters
from mora.law.duties.cn.facts import Claim

LAW = load()
BAD = yaml.safe_load((Path(__file__).parent / "bad-facts.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", BAD, ids=[case["facts"][:70] for case in BAD])
def test_a_fault_is_named(case: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as refused:
        read_matters(json.loads(case["facts"]))
    (finding,) = refused.value.findings
    assert finding.code == case["code"]
    assert case["has"] in finding.message
    assert finding.expected


def test_every_fault_is_named_in_one_pass() -> None:
    facts = {"cn_claim": {"due_on": ["x"], "cart": 1}, "us_morgage": {}, "uk_mortgage": {"began_on": "2026-01-01"}}
    with pytest.raises(BadInput) as refused:
        read_matters(facts)
    assert [finding.code for finding in refused.value.findings] == [
        "DUTIES.KEY", "DUTIES.DATE", "DUTIES.KEY", "DUTIES.MISSING",
    ]  # fmt: skip


def test_dates_may_be_dates_or_text_and_one_object_or_a_list() -> None:
    claim = Claim(due_on=(date(2023, 6, 30),))
    assert read_matters({"cn_claim": {"due_on": ["2023-06-30"]}}) == (("cn_claim", "cn_claim", claim),)
    assert read_matters({"cn_claim": [{"due_on": [date(2023, 6, 30)]}]}) == (("cn_claim", "cn_claim[1]", claim),)


def test_null_means_not_happened() -> None:
    facts = {"cn_claim": {"due_on": ["2023-06-30"], "accelerated_on": None}}
    assert read_matters(facts)[0][2] == Claim(due_on=(date(2023, 6, 30),))


@pytest.mark.parametrize("name", MATTERS)
def test_every_field_of_every_matter_can_be_read(name: str) -> None:
    """Matters begin with a jurisdiction, and each names rules of it that exist."""
    matter = MATTERS[name]
    law = load(name.partition("_")[0])
    assert fields(matter.facts)
    for rule_id, _ in matter.questions:
        assert rule_id in law


def test_a_rule_without_a_value_on_its_day_does_not_hide_the_others() -> None:
    facts = {"cn_claim": [{"due_on": ["2016-06-30"]}, {"due_on": ["2023-06-30"]}]}
    known, unknown = duties_of(load("cn"), facts, date(2026, 1, 1))
    assert known.day == date(2026, 6, 30)
    assert unknown.day is None
    assert unknown.status is DutyStatus.DUE
    assert not unknown.decides
    assert "has no value on 2016-06-30" in unknown.sentence.en


def test_a_law_that_was_not_loaded_is_refused() -> None:
    with pytest.raises(UnknownRule):
        duties_of(load("us"), {"cn_claim": {"due_on": ["2023-06-30"]}}, date(2026, 1, 1))


def test_a_house_pack_may_shorten_our_time() -> None:
    """Ten days for a complaint instead of fifteen, by a pack of the lender's own."""
    facts = {"cn_complaint": {"received_on": "2026-03-02", "forwarded_by_pboc": True}}
    (by_law,) = duties_of(load("cn"), facts, date(2026, 3, 3))
    (by_house,) = duties_of(load("cn", house=str(Path(__file__).parent / "house")), facts, date(2026, 3, 3))
    assert by_law.day == date(2026, 3, 17)
    assert by_house.day == date(2026, 3, 12)


WORDS = sorted({field.name for matter in MATTERS.values() for field in fields(matter.facts)} | {
    "due_on", "paid_on", "received_on", "complete_on", "decided_on", "done_on", "began_on", "ended_on", "kind", "proof",
})  # fmt: skip
leaves = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.dates(date(2012, 1, 1), date(2030, 1, 1)).map(str),
    st.sampled_from(["demand", "suit", "general", "signed_receipt", "part_payment", "deposit", "2026-02-30", ""]),
)  # fmt: skip
objects = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(WORDS), inner, max_size=4)),
    max_leaves=12,
)


@given(
    st.dictionaries(st.sampled_from(sorted(MATTERS)), objects, max_size=2), st.dates(date(2012, 1, 1), date(2030, 1, 1))
)
def test_whatever_is_written_is_refused_or_answered(facts: dict[str, Any], as_of: date) -> None:
    """No other exception comes out, and what is answered is about the as-of date."""
    try:
        found = duties_of(LAW, facts, as_of)
    except BadInput:
        return
    assert all(duty.as_of == as_of for duty in found)


st.register_type_strategy(date, st.dates(date(2012, 1, 1), date(2032, 1, 1)))


@pytest.mark.parametrize("name", MATTERS)
@given(data=st.data())
def test_every_question_answers_any_facts_or_says_which_number_is_missing(name: str, data: st.DataObject) -> None:
    matter = MATTERS[name]
    facts = data.draw(st.from_type(matter.facts))
    empty = [part for part in getattr(matter.facts, "WITH_MEMBERS", ()) if not getattr(facts, part)]
    assume(not empty)
    as_of = data.draw(st.dates(date(2012, 1, 1), date(2032, 1, 1)))
    for _, question in matter.questions:
        try:
            found = question(LAW, facts, as_of)
        except UnknownRule:
            continue
        assert all(duty.met_on is None or duty.met_on <= as_of for duty in found)
