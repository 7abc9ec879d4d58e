"""When waiting helps: the first instant at which nothing refuses, by both gates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gate.agreement import compare
from gate.asks import BASE, instant, request
from mora.gate import Gate
from mora.gate.items import Items

CARD = BASE["claims"][0]
AGENCY = {"actor": {"kind": "agency", "id": "a", "trained_on": "2026-01-05"}, "agency": {"listed": True}}
HOLD = {"since": "2026-03-01T00:00:00+08:00", "party": "lin"}
TURNING = str(Path(__file__).parent / "house_turning")

CASES: dict[str, tuple[dict[str, Any], str | None]] = {
    "a minor comes of age at the midnight that begins the eighteenth birthday": (
        {"party": {"id": "lin", "role": "debtor", "born_on": "2008-06-15"}}, "2026-06-15T08:00:00+08:00",
    ),
    "one born on 29 February is eighteen on 28 February": (
        {"at": "2026-02-20T10:00:00+08:00", "party": {"id": "lin", "role": "debtor", "born_on": "2008-02-29"}},
        "2026-02-28T08:00:00+08:00",
    ),
    "an agency announced for a day begins on it": (
        AGENCY | {"claims": [CARD | {"placed_with": ["a"], "outsourcing_told_on": "2026-03-05"}]},
        "2026-03-05T08:00:00+08:00",
    ),
    "the banks' guideline of 2026-01-30 says when contact is lost: three failed tries (1.30起连续3次无法联系即失联)": (
        {
            "at": "2026-01-29T10:00:00+08:00", "party": {"id": "wang", "role": "contact"}, "purpose": "locate",
            "debtor": {"id": "lin"},
            "history": [
                {"at": f"2026-01-2{day}T10:00:00+08:00", "actor": "bank", "channel": "voice", "party": "lin",
                 "result": "no_answer"} for day in (6, 7, 8)
            ],
        }, "2026-01-30T08:00:00+08:00",
    ),
    "calls at work rest only in the hours the person named": (
        {
            "point": {"id": "desk", "kind": "work"},
            "holds": [HOLD | {"kind": "employer_forbids", "hours": ["09:00", "17:00"]}],
        }, "2026-03-02T17:00:00+08:00",
    ),
    "before those hours nothing rests": (
        {
            "at": "2026-03-02T08:30:00+08:00", "point": {"id": "desk", "kind": "work"},
            "holds": [HOLD | {"kind": "employer_forbids", "hours": ["09:00", "17:00"]}],
        }, "2026-03-02T08:30:00+08:00",
    ),
    "a written refusal for some hours ends with them": (
        {
            "at": "2026-03-02T10:00:00-05:00", "places": ["us"], "actor": AGENCY["actor"],
            "claims": [CARD | {"placed_with": ["a"]}],
            "party": {"id": "lin", "role": "debtor", "zones": ["America/New_York"]},
            "holds": [HOLD | {"kind": "cease_requested", "hours": ["09:00", "12:00"]}],
        }, "2026-03-02T12:00:00-05:00",
    ),
    "of places in two countries the house hours of each are kept in its own zones": (
        # 15:00 in Beijing is 02:00 in New York, where hours begin at 08:00: 21:00 in Beijing.
        {"places": ["cn", "us-ny-nyc"]}, "2026-03-02T21:00:00+08:00",
    ),
    "zones that never have an hour in common": (
        # 8:00-21:00 is 18:00-07:00 UTC in Honolulu, 08:00-21:00 (07:00-20:00) in London, 02:30-15:30 in Kolkata.
        {"places": ["us"], "party": {"id": "lin", "role": "debtor",
                                     "zones": ["Pacific/Honolulu", "Europe/London", "Asia/Kolkata"]}}, None,
    ),
    "zones that have one only while clocks in Chicago show winter time": (
        # Honolulu and Kolkata share 02:30-07:00 UTC; Chicago closes at 02:00 UTC in summer, at 03:00 from 1 November.
        {"at": "2026-06-01T00:00:00+00:00", "places": ["us"],
         "party": {"id": "lin", "role": "debtor", "zones": ["Pacific/Honolulu", "America/Chicago", "Asia/Kolkata"]}},
        "2026-11-02T02:30:00+00:00",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_first_instant_at_which_nothing_refuses(name: str) -> None:
    change, expected = CASES[name]
    asked = request(**change)
    verdict = Gate.of().ask(asked)
    assert verdict.earliest_at == (None if expected is None else instant(expected)), verdict.findings
    assert compare([asked], Gate.of(), Items.of()).differing == []


def test_a_lenders_rule_turns_at_the_midnight_of_the_first_place() -> None:
    hold = {"kind": "dispute", "since": "2026-05-01T00:00:00Z", "party": "lin"}
    asked = request(at="2026-05-31T22:00:00-04:00", places=["us"], channel="letter", holds=[hold])
    assert Gate.of(TURNING).ask(asked).earliest_at == instant("2026-06-01T00:00:00-04:00"), "from then on it only warns"
    assert compare([asked], Gate.of(TURNING), Items.of(TURNING)).differing == []


def test_a_limit_of_none_is_reached_before_the_first_call_and_ends_with_its_version() -> None:
    asked = request(at="2026-01-20T10:00:00+08:00", claims=[CARD | {"products": ["card"]}])
    verdict = Gate.of(TURNING).ask(asked)
    assert [(each.rule, each.counter, each.limit) for each in verdict.findings if each.effect == "refuse"] == [
        ("house.turning.calls", 0, 0)
    ]
    assert verdict.earliest_at == instant("2026-02-01T08:00:00+08:00"), "the next version begins at Beijing's midnight"
