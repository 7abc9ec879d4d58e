"""Calls handed over by signed HTTP and by list, and the results that come back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import settings as drawn
from hypothesis import strategies as st
from msgspec.structs import replace

from channels.hands import START, Book, HandClock, message
from channels.webhook import Webhook
from mora.channels.state import Standing, state
from mora.channels.terms import (
    Accepted,
    Fault,
    Handed,
    Kind,
    PossiblySent,
    Receipt,
    RefusedForGood,
    RefusedForNow,
    Whose,
)
from mora.channels.voice.call_list import call_list, results
from mora.channels.voice.click import click_to_call
from mora.channels.voice.receipts import read, verified
from mora.channels.voice.send import Calls
from mora.channels.voice.send import sender as way_out
from mora.channels.voice.settings import Settings
from mora.channels.voice.signing import signed, verify
from mora.channels.voice.transcript import Turn, transcript
from mora.core.errors import BadInput, Refused
from mora.gate.terms import Result

SECRET = "sixteen letters or more"
WINDOW = timedelta(seconds=300)


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with Webhook(answer=(200, {"call_id": "c-1"})) as running:
        yield running


def settings(url: str = "https://dialler.example/calls", **more: object) -> Settings:
    told = Settings(url, SECRET, script="reminder", caller="95500", callback_url="https://bank.example/calls",
                    private_line=True, connect_seconds=20, answer_seconds=20)  # fmt: skip
    return replace(told, **more)


@pytest.fixture
def calls(hook: Webhook) -> Iterator[Calls]:
    held = way_out(settings(hook.url + "/calls?tenant=1"), HandClock(), Book())
    yield held
    held.close()


# -- handing over ---------------------------------------------------------------------------------------------------


def test_a_call_is_handed_over_signed_with_its_key(calls: Calls, hook: Webhook) -> None:
    assert calls.hand_over(message(values={"due_on": "2026-03-05"})) == Accepted(("c-1",), said="HTTP 200")
    (seen,) = hook.posted
    assert seen.headers["Idempotency-Key"] == "m-1"
    assert seen.json == {
        "key": "m-1", "to": "+8613800138000", "caller": "95500", "script": "reminder", "text": "您好", "language": "zh",
        "values": {"due_on": "2026-03-05"}, "callback_url": "https://bank.example/calls",
    }  # fmt: skip
    verify(seen.headers, "POST", seen.path, seen.body, secrets=[SECRET], now=START, window=WINDOW)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((409, {"call_id": "c-1"}), Accepted(("c-1",), said="HTTP 409")),
        ((400, {"code": "bad_number", "message": "no such number"}),
         RefusedForGood("HTTP 400 bad_number", "no such number", Whose.ADDRESS)),
        ((422, {"code": "script", "message": "unknown script"}),
         RefusedForGood("HTTP 422 script", "unknown script", Whose.MESSAGE)),
        ((429, {}, {"Retry-After": "17"}), RefusedForNow("HTTP 429", "", timedelta(seconds=17))),
        ((503, {"message": "full"}), RefusedForNow("HTTP 503", "full", timedelta(seconds=300))),
        ((503, {}, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}),
         RefusedForNow("HTTP 503", "", timedelta(seconds=300))),
        ((401, {}), RefusedForNow("HTTP 401", "", timedelta(seconds=300))),
        ((302, {}, {"Location": "https://elsewhere.example"}), RefusedForNow("HTTP 302", "", timedelta(seconds=300))),
        ((500, {"message": "oops"}), PossiblySent("HTTP 500: oops")),
        ((200, {}), PossiblySent("HTTP 200 without a call_id")),
        ((200, b"<html>"), PossiblySent("HTTP 200 without a call_id")),
    ],
)  # fmt: skip
def test_every_answer_is_one_of_four(calls: Calls, hook: Webhook, answer: object, expected: Handed) -> None:
    hook.script = [answer]
    assert calls.hand_over(message()) == expected


@pytest.mark.parametrize("accident", ["drop", "drop_at_once", "silent"])
def test_a_line_lost_before_the_answer_is_possibly_sent(calls: Calls, hook: Webhook, accident: str) -> None:
    hook.script = [accident]
    patience = 0.2 if accident == "silent" else 20
    first = way_out(settings(hook.url, answer_seconds=patience), HandClock(), Book())
    assert isinstance(first.hand_over(message()), PossiblySent)
    assert isinstance(calls.hand_over(message(key="m-2")), Accepted)
    first.close()


def test_a_provider_that_is_not_there_took_nothing() -> None:
    with Webhook() as hook:
        url = hook.url
    assert isinstance(way_out(settings(url), HandClock(), Book()).hand_over(message()), RefusedForNow)


def test_a_slow_answer_is_waited_for(calls: Calls, hook: Webhook) -> None:
    hook.script = ["slow"]
    assert isinstance(calls.hand_over(message()), Accepted)


@pytest.mark.parametrize("wrong", [{"url": "http://x.example", "private_line": False}, {"secret": "short"}])
def test_settings_that_would_not_protect_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must"):
        settings(**wrong)  # type: ignore[arg-type]


# -- signatures ---------------------------------------------------------------------------------------------------


BODY = msgspec.json.encode(
    {"call_id": "c-1", "result": "right_party", "at": "2026-03-02T10:15:00+08:00", "seconds": 42,
     "recording": "https://rec.example/1", "recording_sha256": "a" * 64, "said": "下周五还五百",
     "sender": "13800138000"}
)  # fmt: skip


def headers(at: datetime = START, body: bytes = BODY, secret: str = SECRET) -> dict[str, str]:
    return signed(secret, at, "POST", "/calls", body)


def test_a_callback_of_now_is_taken() -> None:
    one, said = verified(BODY, headers(), "/calls", settings(), START)
    assert isinstance(one, Receipt)
    assert (one.id, one.kind, one.result, one.seconds) == ("c-1", Kind.DELIVERED, Result.RIGHT_PARTY, 42)
    assert one.recording == "https://rec.example/1 sha256:" + "a" * 64
    assert (said.text, said.in_reply_to) == ("下周五还五百", "c-1")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("told", "path", "now", "why"),
    [
        (headers(), "/calls", START + timedelta(seconds=301), "outside the window"),
        (headers(), "/calls", START - timedelta(seconds=301), "outside the window"),
        (headers(), "/other", START, "does not fit"),
        (headers(body=BODY + b" "), "/calls", START, "does not fit"),
        (headers(secret="another secret entirely"), "/calls", START, "does not fit"),
        ({}, "/calls", START, "missing"),
        (headers() | {"Mora-Signature": "v1=ä"}, "/calls", START, "does not fit"),
        (headers() | {"Mora-Timestamp": "now"}, "/calls", START, "missing"),
        (headers() | {"Mora-Timestamp": str(int(START.timestamp()) + 1)}, "/calls", START, "does not fit"),
    ],
)
def test_a_callback_that_is_not_theirs_or_not_of_now(told: dict[str, str], path: str, now: datetime, why: str) -> None:
    with pytest.raises(Refused, match=why):
        verified(BODY, told, path, settings(), now)


def test_at_the_windows_edge_it_is_still_of_now() -> None:
    assert verified(BODY, headers(), "/calls", settings(), START + timedelta(seconds=300))


def test_the_former_secret_is_taken_while_it_is_changed() -> None:
    old = "the former one of them"
    with pytest.raises(Refused):
        verified(BODY, headers(secret=old), "/calls", settings(), START)
    assert verified(BODY, headers(secret=old), "/calls", settings(former_secret=old), START)


def test_an_empty_secret_never_fits() -> None:
    with pytest.raises(Refused):
        verified(BODY, headers(secret=""), "/calls", settings(), START)


def test_a_replayed_callback_changes_nothing() -> None:
    once = verified(BODY, headers(), "/calls", settings(), START)
    again = verified(BODY, headers(), "/calls", settings(), START + timedelta(seconds=200))
    assert state(["c-1"], [once[0], again[0]]) == state(["c-1"], [once[0]])  # type: ignore[list-item]


@drawn(deadline=None)
@given(st.binary(max_size=60), st.binary(min_size=1, max_size=3), st.data())
def test_no_changed_body_fits(body: bytes, other: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(body)))
    told = signed(SECRET, START, "POST", "/", body)
    with pytest.raises(Refused):
        verify(told, "POST", "/", body[:at] + other + body[at:], secrets=[SECRET], now=START, window=WINDOW)


# -- results ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "kind", "fault"),
    [
        ("no_answer", Kind.UNDELIVERABLE, Fault.AWAY),
        ("busy", Kind.UNDELIVERABLE, Fault.AWAY),
        ("not_in_service", Kind.UNDELIVERABLE, Fault.DEAD),
        ("rejected", Kind.UNDELIVERABLE, Fault.BLOCKED),
        ("voicemail", Kind.DELIVERED, None),
        ("connected", Kind.DELIVERED, None),
        ("sent", Kind.PENDING, None),
    ],
)
def test_results_of_calls(result: str, kind: Kind, fault: Fault | None) -> None:
    (one,) = read(msgspec.json.encode({"call_id": "c", "result": result, "at": "2026-03-02T10:15:00+08:00"}))
    assert (one.kind, one.fault, one.result) == (kind, fault, Result(result))  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"{}", b'{"call_id":"c","result":"met","at":"2026-03-02T10:15:00+08:00"}',
     b'{"call_id":"c","result":"not_met","at":"2026-03-02T10:15:00+08:00"}',
     b'{"call_id":"c","result":"busy","at":"2026-03-02T10:15:00"}', b"\xff"],
)  # fmt: skip
def test_what_is_no_result_is_said_to_be_none(raw: bytes) -> None:
    with pytest.raises(BadInput, match=r"result|call ends"):
        read(raw)


# -- lists --------------------------------------------------------------------------------------------------------


def test_a_list_opens_in_a_spreadsheet_without_formulas() -> None:
    raw = call_list([message(name="=cmd|'x'!A1", values={"a": "1"}), message(key="m-2", text="+1")])
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert [row["number"] for row in rows] == ["8613800138000"] * 2
    assert (rows[0]["name"], rows[1]["text"]) == ("'=cmd|'x'!A1", "'+1")
    assert all(not value.startswith(("=", "+", "-", "@")) for row in rows for value in row.values())


def test_a_list_names_nobody_twice() -> None:
    with pytest.raises(BadInput, match="twice"):
        call_list([message(), message()])
    with pytest.raises(BadInput, match="not a telephone number"):
        call_list([message(to="ask him")])


def test_the_results_of_a_list() -> None:
    raw = (
        "call_id,key,result,at,seconds,recording,recording_sha256\n"
        "m-1,m-1,right_party,2026-03-02T10:15:00+08:00,42,rec-1,\n"
        "m-2,m-2,no_answer,2026-03-02T10:16:00+08:00,,,\n"
    )
    found = results(raw.encode())
    assert state(["m-1"], found).standing is Standing.DELIVERED  # type: ignore[arg-type]
    assert state(["m-2"], found).standing is Standing.UNDELIVERABLE  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="1 rows are no results"):
        results(raw.replace("no_answer", "perhaps").encode())
    with pytest.raises(BadInput, match="lack at"):
        results(b"call_id,result\n")


# -- links and transcripts ------------------------------------------------------------------------------------------


def test_a_link_to_call_holds_digits_only() -> None:
    told = settings(click_url="https://dialler.example/call?to={number}&key={key}&at={at}&sig={signature}")
    link = click_to_call("+8613800138000", "case 1&2", told, START)
    assert link.startswith("https://dialler.example/call?to=%2B8613800138000&key=case%201%262&at=1772416800&sig=")
    assert link != click_to_call("+8613800138000", "case 1&2", told, START + timedelta(seconds=1))
    with pytest.raises(BadInput):
        click_to_call("javascript:alert(1)", "c", told, START)


def test_a_transcript_of_json_lines() -> None:
    raw = '{"at_ms":900,"who":"person","text":"下周五还五百"}\n{"at_ms":0,"who":"us","text":"您好"}'
    assert transcript(raw.encode()) == (Turn(0, "us", "您好"), Turn(900, "person", "下周五还五百"))
    with pytest.raises(BadInput, match="Line 2"):
        transcript(raw.replace('"us"', '"them"').encode())


def test_a_transcript_of_web_video_text_tracks() -> None:
    raw = (
        "WEBVTT\n\nNOTE of no use\n\n1\n00:00:01.500 --> 00:00:02.000\n<v Robot>您好</v>\n\n"
        "01:00:03.000 --> 01:00:04.000\n<v 王某>I paid\nyesterday</v>\n\n00:05.000 --> 00:06.000\nwho knows\n"
    )
    assert transcript(raw.encode()) == (
        Turn(1500, "us", "您好"), Turn(5000, "unknown", "who knows"), Turn(3_603_000, "person", "I paid yesterday"),
    )  # fmt: skip


def test_moments_are_told_with_their_zone() -> None:
    (one,) = read(msgspec.json.encode({"call_id": "c", "result": "busy", "at": "2026-03-02T10:15:00+08:00"}))
    assert one.at == datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
