"""A request that cannot be read says what is wrong, where, and what would be accepted."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.asks import BASE, attempt
from mora.core.errors import BadInput
from mora.gate import Gate
from mora.gate.reading import convert_request, read_request, schema

FAULTS = {
    "misspelt field": ({"chanel": "voice"}, ["chanel", "Did you mean channel?"]),
    "misspelt inner field": (
        {"party": {"id": "lin", "role": "debtor", "zone": []}}, ["party", "zone", "Did you mean zones?"]
    ),
    "unknown channel": ({"channel": "voic"}, ["channel", "Did you mean voice?", "voice_robot"]),
    "unknown result": ({"history": [attempt("2026-03-01T09:00:00+08:00", result="answered")]},
                       ["history[0].result", "right_party"]),
    "no zone in the instant": ({"at": "2026-03-02T15:00:00"}, ["at", "2026-03-02T21:59:59+08:00"]),
    "not an instant": ({"at": "tomorrow"}, ["at", "instant"]),
    "no claims": ({"claims": []}, ["claims"]),
    "a claim twice": ({"claims": [{"id": "a", "products": ["card"]}, {"id": "a", "products": ["card"]}]}, ["twice"]),
    "unknown place": ({"places": ["us-nyc"]}, ["us-nyc", "places"]),
    "unknown zone": ({"party": {"id": "lin", "role": "debtor", "zones": ["Beijing"]}}, ["Beijing", "America/New_York"]),
    "amount with a point": ({"claims": [{"id": "a", "products": ["card"], "amount_minor": 10.5}]}, ["amount_minor"]),
    "amount beyond int64": ({"claims": [{"id": "a", "products": ["card"], "amount_minor": 2**63}]}, ["amount_minor"]),
    "a hold that ends before it begins": (
        {"holds": [{"kind": "dispute", "since": "2026-03-02T00:00:00Z", "until": "2026-03-01T00:00:00Z"}]},
        ["holds[0]", "before"],
    ),
    "yes in words": ({"message": {"discloses": "yes"}}, ["message.discloses", "true, false"]),
    "hours that are none": (
        {"holds": [{"kind": "inconvenient_time", "since": "2026-03-02T00:00:00Z", "hours": ["9", "25:00"]}]}, ["hours"]
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_names_the_field_and_what_is_accepted(fault: str) -> None:
    change, words = FAULTS[fault]
    with pytest.raises(BadInput) as refused:
        read_request(json.dumps(BASE | change), "asked.json")
    for word in words:
        assert word in str(refused.value)


TOLD = {
    "at: expected `datetime` with a timezone component. "
    "Expected: an instant with its offset, such as 2026-03-02T21:59:59+08:00": {"at": "2026-03-02T15:00:00"},
    "claims[0].assignment_notified_on: invalid RFC3339 encoded date. Expected: a date such as 2026-03-02": {
        "claims": [BASE["claims"][0] | {"assignment_notified_on": "3 March"}]
    },
    "claims[0].owed.identity_matched: expected `bool | null`, got `str`. "
    "Expected: true, false, or leave it out when it is not known": {
        "claims": [BASE["claims"][0] | {"owed": {"identity_matched": "yes"}}]
    },
    "channel is 'phone', which is not known. "
    "Expected: voice | voice_robot | voice_notice | sms | email | im | letter | visit | interview": {
        "channel": "phone"
    },
    "places[0]: expected `str`, got `int`. Expected: see docs/reference/gate.md": {"places": [1]},
    "visit.visitors: expected `int | null`, got `str`. Expected: a whole number (minor units for amounts)": {
        "visit": {"visitors": "two"}
    },
    "claim card-1 stands twice in claims. Expected: each claim once": {"claims": BASE["claims"] * 2},
    "holds[0] ends before it begins. Expected: since before until": {
        "holds": [{"kind": "dispute", "since": "2026-03-02T09:00:00+08:00", "until": "2026-03-02T09:00:00+08:00"}]
    },
    "permissions[0] ends before it begins. Expected: since before until": {
        "permissions": [
            {"rule": "cn.gbt45251.hours", "kind": "consent", "since": "2026-03-02T09:00:00+08:00",
             "until": "2026-03-01T09:00:00+08:00"}
        ]
    },
}  # fmt: skip


@pytest.mark.parametrize("told", TOLD)
def test_a_fault_is_told_in_these_words(told: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_request(json.dumps(BASE | TOLD[told]))
    assert str(refused.value) == f"[GATE.REQUEST] request: {told}"


def test_faults_of_the_whole_are_told_in_these_words() -> None:
    for text, told in (
        ("[1]", "the request: expected `object`, got `array`. Expected: see docs/reference/gate.md"),
        ("{", "not JSON: Input data was truncated. Expected: {...} as in docs/reference/gate.md"),
        (
            json.dumps({name: value for name, value in BASE.items() if name != "at"}),
            "the request lacks 'at'. Expected: the field at, see docs/reference/gate.md",
        ),
    ):
        with pytest.raises(BadInput) as refused:
            read_request(text)
        assert str(refused.value) == f"[GATE.REQUEST] request: {told}"
    with pytest.raises(BadInput) as refused:
        convert_request({"at": 1})
    assert str(refused.value).startswith("[GATE.REQUEST] request: at: expected `datetime`, got `int`. ")


@pytest.mark.parametrize("missing", ["at", "places", "lender", "actor", "channel", "party", "claims"])
def test_what_is_required_is_missed_by_name(missing: str) -> None:
    with pytest.raises(BadInput, match=missing):
        read_request(json.dumps({key: value for key, value in BASE.items() if key != missing}))


@pytest.mark.parametrize("text", ["", "{", "null", "[]", "\x00", '"text"'])
def test_what_is_not_a_request_at_all_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match=r"\[GATE.REQUEST\]"):
        read_request(text)


def test_the_published_schema_is_the_one_requests_are_read_by() -> None:
    page = Path(__file__).parents[2] / "docs/reference/gate-request.schema.json"
    assert json.loads(page.read_text(encoding="utf-8")) == schema()


def test_columns_and_json_read_alike() -> None:
    assert convert_request(json.loads(json.dumps(BASE))) == read_request(json.dumps(BASE))


def test_a_request_survives_being_written_and_read() -> None:
    asked = read_request(json.dumps(BASE))
    assert read_request(msgspec.json.encode(asked)) == asked


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)
)


@given(st.sampled_from(sorted(BASE)), JSON)
def test_any_value_in_any_field_is_answered_or_refused_but_never_breaks(field: str, value: object) -> None:
    try:
        asked = read_request(json.dumps(BASE | {field: value}))
    except BadInput:
        return
    assert Gate.of().ask(asked).at == asked.at
