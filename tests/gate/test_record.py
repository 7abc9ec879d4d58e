"""A verdict proves itself: asked again its record answers the same, and an altered one is found out."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

import mora.gate
from gate.asks import BASE, attempt, request
from gate.test_house_rules import MakeGate, gate_of, own  # noqa: F401  a fixture used here too
from mora.core.errors import BadInput
from mora.gate import Gate, Outcome
from mora.gate.record import _param_in, _param_out, canonical, record_of, replay
from mora.gate.verdict import ASIDE
from mora.law.duties.cn import guarantee, periods

GATE = Gate.of()

ASKS = {
    "allowed": request(),
    "too late": request(at="2026-03-02T22:00:00+08:00"),
    "three calls": request(history=[attempt(f"2026-03-02T{hour}:00:00+08:00") for hour in ("09", "10", "11")]),
    "a friend": request(
        party={"id": "wang", "role": "contact"}, purpose="locate", debtor={"id": "lin"},
        history=[attempt(f"2026-03-0{day}T09:00:00+08:00", result="no_answer") for day in (1, 2)],
    ),
    "a friend, by the definition of a rule that does not bind": request(
        lender={"id": "firm", "kind": "micro_loan"}, actor={"kind": "lender", "id": "firm", "trained_on": "2026-01-05"},
        party={"id": "wang", "role": "contact"}, purpose="locate", debtor={"id": "lin"},
        claims=[BASE["claims"][0] | {"products": ["consumer"]}],
        history=[attempt(f"2026-03-01T{hour}:00:00+08:00", result="no_answer") for hour in ("09", "10", "11")],
    ),
    "a friend, before lost contact is defined": request(
        at="2026-01-29T15:00:00+08:00", places=["cn", "us-ny"],
        actor={"kind": "lender", "id": "bank", "trained_on": "2025-10-01"},
        party={"id": "wang", "role": "contact"}, purpose="locate", debtor={"id": "lin"},
        history=[attempt(f"2026-01-28T{hour}:00:00+08:00", result="no_answer") for hour in ("09", "10", "11")],
    ),
    "consent to another call": request(
        at="2026-06-02T15:00:00-04:00", places=["us-ny"], actor={"kind": "agency", "id": "a"},
        claims=[BASE["claims"][0] | {"placed_with": ["a"]}],
        history=[attempt("2026-06-01T10:00:00-04:00", actor="a", result="right_party")],
        permissions=[{"rule": "us.regf.calls.afterconv", "kind": "consent", "since": "2026-06-01T12:00:00-04:00"}],
    ),
    "a rule that begins while waiting": request(
        at="2026-08-31T23:30:00-04:00", places=["us-ny-nyc"], actor={"kind": "agency", "id": "a"},
        claims=[BASE["claims"][0] | {"placed_with": ["a"]}],
        history=[attempt(f"2026-08-{day}T12:00:00-04:00", actor="a") for day in (29, 30, 31)],
    ),
    "with permission": request(
        at="2026-03-02T22:30:00+08:00",
        permissions=[
            {"rule": rule, "kind": "consent", "since": "2026-03-01T00:00:00+08:00", "evidence": "call 17"}
            for rule in ("cn.gbt45251.hours", "cn.cba2026.hours", "house.prudent.hours.cn")
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ASKS)
def test_asked_again_by_its_own_rules_it_answers_the_same(name: str) -> None:
    record = record_of(GATE, ASKS[name])
    again = replay(record, GATE)
    assert again.intact
    assert again.same
    assert again.same_today
    assert again.again == GATE.ask(ASKS[name])


def test_a_definition_that_will_begin_is_in_the_record() -> None:
    body = json.loads(record_of(GATE, ASKS["a friend, before lost contact is defined"]))
    assert [each["start"] for each in body["rules"] if each["id"] == ASIDE[0]] == ["2026-01-30"]


def test_the_verdict_names_its_house_pack() -> None:
    assert GATE.ask(ASKS["allowed"]).house == "prudent"
    assert Gate.of(None).ask(ASKS["allowed"]).house == ""


def test_the_record_stands_on_its_own_rules_and_not_on_todays() -> None:
    body = json.loads(record_of(GATE, ASKS["three calls"]))
    rule = next(each for each in body["rules"] if each["id"] == "cn.gbt45251.freq.voice")
    assert rule["params"]["max_per_day"] == 3
    assert replay(record_of(GATE, ASKS["three calls"]), Gate.of(None)).same, "another house pack today changes nothing"


def test_a_rule_that_begins_while_waiting_is_in_the_record() -> None:
    # Refused at 23:30 for the hour; at 08:00 on 1 September the city's rule is in force and has counted three attempts.
    verdict = GATE.ask(ASKS["a rule that begins while waiting"])
    assert not any(each.startswith("us.nyc.shield") for each in verdict.rules)
    rules = {each["id"] for each in json.loads(record_of(GATE, ASKS["a rule that begins while waiting"]))["rules"]}
    assert "us.nyc.shield" in rules
    # Three attempts on 29, 30 and 31 August leave the window of seven days one by one: the first on 5 September.
    assert verdict.earliest_at is not None
    assert verdict.earliest_at.isoformat() == "2026-09-05T08:00:00-04:00"


@pytest.mark.parametrize("name", ASKS)
def test_any_change_to_the_text_is_found(name: str) -> None:
    record = record_of(GATE, ASKS[name])
    body = json.loads(record)
    for change in (
        lambda b: b["request"]["party"].update(id="somebody else"),
        lambda b: b["verdict"].update(outcome="allowed" if b["verdict"]["outcome"] != "allowed" else "refused"),
        lambda b: b["rules"].pop(),
        lambda b: b["rules"][0]["params"].update(added=1),
        lambda b: b["verdict"].update(at="2020-01-01T00:00:00Z"),
    ):
        altered = json.loads(record)
        change(altered)
        assert altered != body
        assert not replay(json.dumps(altered), GATE).intact


def test_what_was_resealed_after_tampering_no_longer_answers_the_same() -> None:
    # A forger who recomputes the digest still has to make the recorded rules give the forged answer.
    body = json.loads(record_of(GATE, ASKS["too late"]))
    body["verdict"] |= {"outcome": "allowed", "findings": [], "earliest_at": body["verdict"]["at"]}
    body.pop("digest")
    import hashlib

    forged = canonical(body | {"digest": hashlib.sha256(canonical(body)).hexdigest()})
    done = replay(forged, GATE)
    assert done.intact
    assert not done.same
    assert done.recorded.outcome is Outcome.ALLOWED
    assert done.again.outcome is Outcome.REFUSED


def test_the_same_facts_in_another_order_or_zone_give_the_same_canonical_request() -> None:
    one = request(at="2026-03-02T15:00:00+08:00")
    other = request(at="2026-03-02T07:00:00+00:00")
    assert canonical(one) == canonical(other)
    shuffled = dict(reversed(list(json.loads(msgspec.json.encode(one)).items())))
    assert canonical(msgspec.convert(shuffled, type(one))) == canonical(one)


@pytest.mark.parametrize(
    "text", [b"", b"{}", b"[]", b'{"digest":"x","format":"other/1"}', b"\xff\xfe", b'{"digest":1}']
)
def test_what_is_no_record_is_refused_with_a_reason(text: bytes) -> None:
    with pytest.raises(BadInput, match="record"):
        replay(text, GATE)


def test_the_rules_questions_read_besides_their_own_are_all_recorded() -> None:
    room = Path(mora.gate.__file__).parent
    named = {
        id_ for file in room.glob("*.py") if file.stem != "verdict"
        for id_ in re.findall(r'clauses\.of\(\s*"([^"]+)"', file.read_text(encoding="utf-8"))
    }  # fmt: skip
    by_the_duties = {guarantee.RULE, periods.CIVIL}  # the end of a guarantee period
    assert named | by_the_duties == set(ASIDE)


def test_the_canonical_text_is_sorted_short_and_in_utc() -> None:
    at = datetime(2026, 3, 2, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    told = {"b": at, "a": {"时间": at.date(), "一": (1, True, None)}}
    assert canonical(told) == '{"a":{"一":[1,true,null],"时间":"2026-03-02"},"b":"2026-03-02T07:00:00Z"}'.encode()
    # A field that holds its default is left out; one given is there, the last of the form as well.
    text = json.loads(canonical(request(permissions=[], holds=[])))
    assert not {"permissions", "holds", "agency"} & set(text)
    written = json.loads(canonical(request(message={"discloses": False})))
    assert written["message"] == {"discloses": False}


def test_a_rule_with_two_versions_and_every_kind_of_value_is_replayed(gate_of: MakeGate) -> None:  # noqa: F811
    # Nobody under 200 until 31 March, under 18 from 1 April: refused, and allowed on the first morning of April.
    told = """
        2020-01-01: {question: people, min_age: 200, share: 0.25, decided_on: 2019-12-01}
        2026-04-01: {question: people, min_age: 18, share: 0.50, decided_on: 2026-02-01}
    """
    gate = gate_of(own(values=told))
    asked = request(party={"id": "lin", "role": "debtor", "born_on": "1980-01-01"})
    record = record_of(gate, asked)
    again = replay(record, gate)
    assert again.same
    assert again.again.earliest_at == datetime.fromisoformat("2026-04-01T08:00:00+08:00")
    body = json.loads(record)
    assert body["format"] == "mora.gate.record/1"
    versions = [each for each in body["rules"] if each["id"] == "house.t.rule"]
    assert [each["start"] for each in versions] == ["2020-01-01", "2026-04-01"]
    assert versions[0]["params"]["share"] == {"$decimal": "0.25"}
    assert versions[0]["params"]["decided_on"] == {"$date": "2019-12-01"}
    # The same record with its versions the other way round is the same law.
    body["rules"] = body["rules"][::-1]
    assert replay(json.dumps(body), gate).again == again.again


def test_values_come_back_as_they_were() -> None:
    value = {"a": (Decimal("0.10"), date(2026, 3, 2)), "b": {"c": True, "d": "x"}}
    assert _param_in(json.loads(json.dumps(_param_out(value)))) == value
    assert _param_in({"$decimal": "1", "more": 1}) == {"$decimal": "1", "more": 1}
    assert _param_in({"$date": "2026-03-02", "more": 1}) == {"$date": "2026-03-02", "more": 1}


def test_what_is_unverified_in_a_rule_is_in_the_record() -> None:
    record = record_of(GATE, request(at="2026-06-01T15:00:00-04:00", places=["us-ny"]))
    law = GATE.rules.law
    told = {each["id"]: each["unverified"] for each in json.loads(record)["rules"]}
    for id_, names in told.items():
        rule = law.rule(id_)
        assert rule is not None
        assert names == [name for name in rule.versions[0].params if not rule.decides_by(name)], id_
    assert any(told.values())
    assert not all(told.values())
