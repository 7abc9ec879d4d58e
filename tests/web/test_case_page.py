"""The case on one screen: what it shows, what each act does, and how a refusal keeps what was typed."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mora.casework import acts, asking, contact, promises
from mora.gate.terms import Channel, HoldKind, Result
from mora.store.models import Approval, Attempt, Case, Cause, Complaint, Event, Hold, Note, Promise, User
from web.conftest import AFTERNOON, As, way

HTMX = {"HTTP_HX_REQUEST": "true"}


def _text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def _page(client: Client, case: Case) -> str:
    response = client.get(f"/cases/{case.number}/")
    assert response.status_code == 200
    return response.content.decode()


def test_everything_for_a_call_is_there(case: Case, as_: As) -> None:
    page = _page(as_("chen"), case)
    text = _text(page)
    loan = case.loans.get()
    assert case.party.name_mask in text
    assert "Allowed" in text
    assert "3 left today" in text
    assert "until 22:00" in text
    assert loan.loan_id in text
    assert f"{case.arrears_minor / 100:,.2f}" in text
    assert "Suggested next step" in text
    assert "Am I speaking with you in person?" in text
    assert page.count('name="result_call"') == len(contact.RESULTS["call"])


def test_nothing_sealed_is_on_the_page(case: Case, as_: As) -> None:
    page = _page(as_("chen"), case)
    party, point = case.party, case.party.points.get(channel="mobile")
    for field, subject in (("name", party), ("id_number", party), ("value", point)):
        assert subject._meta.get_field(field).open(subject) not in page


def test_at_night_the_line_says_no_and_until_when(case: Case, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    night = AFTERNOON.replace(hour=22, minute=30)
    monkeypatch.setattr(asking, "local_now", lambda: night)
    text = _text(_page(as_("chen"), case))
    assert "Not allowed" in text
    assert "allowed again from 11-21 08:00" in text
    assert "outside the permitted 08:00-22:00" in text
    assert "Mora's default prudent policy" in text.replace("&#x27;", "'")


def test_a_hold_is_a_flag_and_shuts_the_gate(case: Case, house: dict[str, User], as_: As) -> None:
    acts.hold(house["chen"], case, HoldKind.HARDSHIP, AFTERNOON + timedelta(days=5), "ill", AFTERNOON)
    text = _text(_page(as_("chen"), case))
    assert "Hold: Hardship until 11-25" in text


def _record(client: Client, case: Case, **more: str) -> object:
    told = {"way": way(case), "result_call": "no_answer", "key": "k1"} | more
    return client.post(f"/cases/{case.number}/record/", told)


def test_recording_goes_on_to_the_next_case(case: Case, second: Case, as_: As) -> None:
    client = as_("chen")
    response = _record(client, case, said="rang out")
    assert response.status_code == 302
    assert response["Location"] == f"/cases/{second.number}/"
    attempt = Attempt.objects.get(case=case)
    assert (attempt.result, attempt.channel, attempt.said, attempt.by.username) == (
        "no_answer",
        "voice",
        "rang out",
        "chen",
    )
    assert json.loads(attempt.verdict)
    page = client.get(response["Location"]).content.decode()
    assert "recorded “No answer”. It rests until 18:00." in _text(page)


def test_sent_twice_recorded_once(case: Case, as_: As) -> None:
    client = as_("chen")
    _record(client, case)
    _record(client, case)
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"way": ""}, "Choose a number or address."),
        ({"way": "voice:nonsense"}, "Choose a number or address."),
        ({"way": "pigeon:x"}, "Choose a number or address."),
        ({"result_call": ""}, "Choose what became of it."),
        ({"result_call": "sent"}, "Sent is no result of voice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    case: Case, as_: As, changed: dict[str, str], message: str
) -> None:
    response = _record(as_("chen"), case, said="kept words", **changed)
    assert response.status_code == 422
    page = response.content.decode()
    assert message in page
    assert 'value="kept words"' in page
    assert not Attempt.objects.exists()


def test_a_case_in_other_hands_is_not_worked(case: Case, house: dict[str, User], as_: As) -> None:
    Case.objects.filter(pk=case.pk).update(taken_by=house["sun"], taken_until=AFTERNOON + timedelta(minutes=9))
    client = as_("chen")
    assert "孙蕾 is working on it until 15:09: please do not call" in _text(_page(client, case))
    response = _record(client, case)
    assert response.status_code == 409
    assert "being worked on by 孙蕾 until 15:09" in response.content.decode()
    assert not Attempt.objects.exists()


def test_opening_a_case_keeps_it(case: Case, as_: As) -> None:
    text = _text(as_("chen").post(f"/cases/{case.number}/holder/").content.decode())
    assert "yours until 15:20" in text
    assert "陈静 is working on it" in _text(as_("sun").post(f"/cases/{case.number}/holder/").content.decode())


def _promise(client: Client, case: Case, **more: str) -> object:
    told = {"amount": "1", "due_on": "+7", "talked": "on", "way": way(case), "key": "k2"} | more
    return client.post(f"/cases/{case.number}/promise/", told)


def test_a_promise_made_in_a_talk_records_both(case: Case, as_: As) -> None:
    response = _promise(as_("chen"), case)
    assert response.status_code == 302
    made = Promise.objects.get()
    assert (made.amount_minor, made.due_on, made.state) == (100, date(2026, 11, 27), "open")
    assert Attempt.objects.get().result == "right_party"
    case.refresh_from_db()
    assert case.not_before is not None
    assert case.not_before.date() == date(2026, 11, 29)  # the day it is due, and the grace of the policy


def test_a_promise_sent_twice_is_one(case: Case, as_: As) -> None:
    client = as_("chen")
    _promise(client, case)
    _promise(client, case)
    assert Promise.objects.count() == 1
    assert Attempt.objects.count() == 1


def test_a_promise_without_a_talk(case: Case, as_: As) -> None:
    _promise(as_("chen"), case, talked="", way="")
    assert Promise.objects.get().how == "other"
    assert not Attempt.objects.exists()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"amount": "many"}, "is no amount"),
        ({"amount": "0"}, "The amount promised must be more than nothing."),
        ({"amount": "9999万"}, "More is promised than is owed in all in CNY."),
        ({"due_on": "someday"}, "is no day"),
        ({"due_on": "2026-11-01"}, "A promise lies between today and 2026-12-20, not on 2026-11-01."),
        ({"due_on": "+90"}, "A promise lies between today and 2026-12-20"),
    ],
)
def test_a_promise_that_cannot_be_taken(case: Case, as_: As, changed: dict[str, str], message: str) -> None:
    response = _promise(as_("chen"), case, **changed)
    assert response.status_code == 422
    page = response.content.decode()
    assert message in page
    assert '<details class="act" id="act-promise" open>' in page
    for name, value in changed.items():
        assert f'name="{name}" value="{value}"' in page
    assert not Promise.objects.exists()
    assert not Attempt.objects.exists()  # neither half is recorded without the other


def test_how_a_promise_is_understood(case: Case, as_: As) -> None:
    client = as_("chen", "zh")
    page = client.get(f"/cases/{case.number}/promise/understood/", {"amount": "1.2万", "due_on": "下周五"})
    assert "12,000.00 CNY · 2026-11-27 星期五, 7 天后" in _text(page.content.decode())
    page = client.get(f"/cases/{case.number}/promise/understood/", {"amount": "?", "due_on": "+60"})
    assert "看不出金额" in page.content.decode()
    assert "超出可接受的期限" in page.content.decode()


def test_acts_of_a_page_that_is_open_change_only_its_inner_part(case: Case, second: Case, as_: As) -> None:
    client = as_("chen")
    response = client.post(f"/cases/{case.number}/notes/", {"text": "evening only"}, **HTMX)
    page = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in page
    assert page.strip().startswith('<div id="case"')
    assert "evening only" in page
    assert "Note written" in page
    wrong = client.post(f"/cases/{case.number}/promise/", {"amount": "x", "due_on": "y"}, **HTMX)
    assert wrong.status_code == 422
    assert "<html" not in wrong.content.decode()
    gone = client.post(f"/cases/{case.number}/record/", {"way": way(case), "result_call": "busy", "key": "k"}, **HTMX)
    assert gone["HX-Redirect"].startswith("/cases/")


def test_a_note_can_be_taken_back_for_ten_minutes(case: Case, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    client = as_("chen")
    client.post(f"/cases/{case.number}/notes/", {"text": "wrong case"})
    note = Note.objects.get()
    assert "Take back" in _page(client, case)
    monkeypatch.setattr(asking, "local_now", lambda: AFTERNOON + timedelta(minutes=11))
    assert "Take back" not in _page(client, case)
    late = client.post(f"/cases/{case.number}/notes/{note.pk}/withdraw/")
    assert late.status_code == 422
    monkeypatch.setattr(asking, "local_now", lambda: AFTERNOON + timedelta(minutes=9))
    client.post(f"/cases/{case.number}/notes/{note.pk}/withdraw/")
    assert "<s>wrong case</s>" in _page(client, case)
    assert as_("sun").post(f"/cases/{case.number}/notes/{note.pk}/withdraw/").status_code == 422  # not one's own


def test_an_empty_note(case: Case, as_: As) -> None:
    response = as_("chen", "zh").post(f"/cases/{case.number}/notes/", {"text": "  "})
    assert response.status_code == 422
    assert "备注不能为空。" in response.content.decode()


def test_cause(case: Case, as_: As) -> None:
    told = {"why": "job_loss", "able": "no", "willing": "yes", "said": "laid off"}
    client = as_("chen")
    assert client.post(f"/cases/{case.number}/cause/", told).status_code == 302
    assert Cause.objects.get().why == "job_loss"
    assert "Lost work" in _page(client, case)
    assert client.post(f"/cases/{case.number}/cause/", told | {"able": "perhaps"}).status_code == 422


def test_a_hold_within_and_beyond_the_limit(case: Case, as_: As) -> None:
    client = as_("chen")
    client.post(f"/cases/{case.number}/holds/", {"kind": "hardship", "until": "+7", "reason": "hospital"})
    held = Hold.objects.get()
    assert held.until is not None
    assert held.until.astimezone(AFTERNOON.tzinfo) == datetime(2026, 11, 27, tzinfo=AFTERNOON.tzinfo)
    client.post(f"/cases/{case.number}/holds/", {"kind": "death", "until": "", "reason": "told by the widow"})
    assert Approval.objects.get().state == "waiting"
    response = client.post(f"/cases/{case.number}/holds/", {"kind": "hardship", "until": "sometime", "reason": "x"})
    assert response.status_code == 422
    assert "is no day" in response.content.decode()
    assert client.post(f"/cases/{case.number}/holds/{held.pk}/lift/", {"reason": ""}).status_code == 422
    client.post(f"/cases/{case.number}/holds/{held.pk}/lift/", {"reason": "back at work"})
    held.refresh_from_db()
    assert held.lifted_at is not None


def test_a_complaint_starts_its_clock_and_contact_rests(case: Case, as_: As) -> None:
    client = as_("chen")
    client.post(f"/cases/{case.number}/complaints/", {"kind": "dispute", "about": "paid already"})
    made = Complaint.objects.get()
    assert made.kind == "dispute"
    assert made.answer_by is not None
    text = _text(_page(client, case))
    assert "Hold: Dispute" in text
    assert "Not allowed" in text or "read first" in text
    assert client.post(f"/cases/{case.number}/complaints/", {"kind": "complaint", "about": ""}).status_code == 422


@pytest.mark.parametrize(
    ("text", "wakes"),
    [
        ("16:30", "2026-11-20 16:30"),
        ("9:00", "2026-11-21 09:00"),  # nine has passed today
        ("+1", "2026-11-21 09:00"),
        ("下周一", "2026-11-23 09:00"),
    ],
)
def test_putting_aside(case: Case, as_: As, text: str, wakes: str) -> None:
    client = as_("chen")
    client.post(f"/cases/{case.number}/aside/", {"until": text, "why": "asked"})
    case.refresh_from_db()
    assert case.not_before is not None
    assert f"{case.not_before.astimezone(AFTERNOON.tzinfo):%Y-%m-%d %H:%M}" == wakes
    client.post(f"/cases/{case.number}/wake/")
    case.refresh_from_db()
    assert case.not_before is None


@pytest.mark.parametrize("text", ["", "never", "25:61", "+99"])
def test_putting_aside_until_nothing(case: Case, as_: As, text: str) -> None:
    response = as_("chen").post(f"/cases/{case.number}/aside/", {"until": text})
    assert response.status_code == 422
    assert "act-aside" in response.content.decode()


def test_skip_has_a_reason_of_the_list(case: Case, as_: As) -> None:
    client = as_("chen")
    assert client.post(f"/cases/{case.number}/skip/", {"why": "bored"}).status_code == 422
    assert client.post(f"/cases/{case.number}/skip/", {"why": "language"}).status_code == 302
    assert Event.objects.filter(action="case.skip", reason="language").exists()


def test_assign_and_pin(case: Case, as_: As) -> None:
    client = as_("sun")
    client.post(f"/cases/{case.number}/assign/", {"to": "chen", "why": "knows them"})
    case.refresh_from_db()
    assert case.owner is not None
    assert case.owner.username == "chen"
    assert client.post(f"/cases/{case.number}/assign/", {"to": "nobody"}).status_code == 422
    client.post(f"/cases/{case.number}/pin/", {"pinned": "on"})
    case.refresh_from_db()
    assert case.pinned
    client.post(f"/cases/{case.number}/pin/", {"pinned": ""})
    case.refresh_from_db()
    assert not case.pinned


@pytest.mark.parametrize("what", ["name", "id_number", "value"])
def test_a_look_needs_a_reason_and_leaves_a_trace(case: Case, as_: As, what: str) -> None:
    client = as_("chen")
    point = case.party.points.get(channel="mobile")
    subject = point if what == "value" else case.party
    clear = subject._meta.get_field(what).open(subject)
    asked = what if what != "value" else f"value:{point.pk}"
    before = client.get(f"/cases/{case.number}/reveal/", {"what": asked})
    assert clear not in before.content.decode()
    none = client.post(f"/cases/{case.number}/reveal/", {"what": asked, "reason": " "})
    assert none.status_code == 422
    assert clear not in none.content.decode()
    assert not Event.objects.filter(action="reveal").exists()
    shown = client.post(f"/cases/{case.number}/reveal/", {"what": asked, "reason": "to call"})
    assert clear in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    event = Event.objects.get(action="reveal")
    assert (event.actor, event.reason, event.data["field"]) == ("chen", "to call", what)
    assert clear not in str(event.data)


def test_no_look_at_somebody_elses_number(case: Case, second: Case, as_: As) -> None:
    mine, other = case, second
    point = other.party.points.all()[0]
    told = {"what": f"value:{point.pk}", "reason": "to call"}
    assert as_("chen").post(f"/cases/{mine.number}/reveal/", told).status_code == 404
    assert as_("chen").post(f"/cases/{mine.number}/reveal/", {"what": "password", "reason": "x"}).status_code == 404


@pytest.mark.parametrize("language", ["en", "zh"])
def test_why(aged: Case, as_: As, language: str) -> None:
    case, loan = aged, aged.loans.all()[0]
    client = as_("chen", language)
    page = client.get(f"/cases/{case.number}/why/{loan.loan_id}/")
    assert page.status_code == 200
    assert (
        f"{loan.days_past_due} days late" in page.content.decode()
        or f"逾期 {loan.days_past_due} 天" in page.content.decode()
    )
    part = client.get(f"/cases/{case.number}/why/{loan.loan_id}/", **HTMX).content.decode()
    assert "<html" not in part


def test_why_without_a_book_says_so(case: Case, as_: As, settings: object) -> None:
    settings.MORA_BOOK = ""  # type: ignore[attr-defined]
    response = as_("chen").get(f"/cases/{case.number}/why/{case.loans.get().loan_id}/")
    assert response.status_code == 409
    assert "MORA_BOOK" in response.content.decode()


def test_timeline_by_kind(case: Case, house: dict[str, User], as_: As) -> None:
    chen = house["chen"]
    point = case.party.points.get(channel="mobile")
    contact.record_attempt(chen, case, channel=Channel.VOICE, point=point, result=Result.BUSY, at=AFTERNOON, key="t1")
    promises.promise(chen, case, 100, date(2026, 11, 25), "voice", AFTERNOON)
    acts.note(chen, case, "a note", AFTERNOON)
    client = as_("chen")
    every = _text(client.get(f"/cases/{case.number}/timeline/").content.decode())
    assert all(word in every for word in ("Busy", "Promise to pay", "a note", "Case opened"))
    only = _text(client.get(f"/cases/{case.number}/timeline/", {"kind": ["promise"]}).content.decode())
    assert "Promise to pay" in only
    assert "a note" not in only
    assert "Busy" not in only


def test_a_closed_case_is_read_only(case: Case, as_: As) -> None:
    Case.objects.filter(pk=case.pk).update(state="closed", closed_on=date(2026, 11, 20))
    page = _page(as_("chen"), case)
    assert "The case was closed on 2026-11-20" in page
    assert 'id="record"' not in page


def test_an_auditor_reads_and_does_not_act(case: Case, as_: As) -> None:
    page = _page(as_("zheng"), case)
    assert "You may read this case" in page
    assert 'id="record"' not in page
    assert "Reveal" not in page


def test_a_busy_past_asks_no_more_of_the_database(case: Case, house: dict[str, User], as_: As) -> None:
    client = as_("chen")
    _page(client, case)
    chen, point = house["chen"], case.party.points.get(channel="mobile")
    contact.record_attempt(
        chen,
        case,
        channel=Channel.VOICE,
        point=point,
        result=Result.BUSY,
        at=AFTERNOON - timedelta(days=40),
        key="first",
    )
    acts.note(chen, case, "one", AFTERNOON - timedelta(days=40))
    Case.objects.filter(pk=case.pk).update(not_before=None)
    with CaptureQueriesContext(connection) as few:
        _page(client, case)
    for n in range(25):
        at = AFTERNOON - timedelta(days=30, hours=n)
        contact.record_attempt(chen, case, channel=Channel.VOICE, point=point, result=Result.BUSY, at=at, key=f"n{n}")
        acts.note(chen, case, f"note {n}", at)
    for n in range(5):
        loan = case.loans.all()[0]
        loan.pk, loan.loan_id = None, f"MORE-{n}"
        loan.save()
        made = case.party.points.model(
            party=case.party,
            channel="mobile",
            value=f"+86138000000{n:02}",
            value_mask=f"****{n:04}",
            value_index=f"i{n}",
        )
        made.save(force_insert=True)
    Case.objects.filter(pk=case.pk).update(not_before=None)
    with CaptureQueriesContext(connection) as many:
        _page(client, case)
    assert len(many) == len(few)
    assert len(many) <= 40


def test_language_is_the_persons_own(house: dict[str, User], as_: As) -> None:
    client = as_("chen", "zh")
    assert "队列" in client.get("/queue/").content.decode()
    assert client.post("/language/", {"language": "en", "next": "/rights/"})["Location"] == "/rights/"
    assert "<h1>Queue</h1>" in client.get("/queue/").content.decode()
    assert client.post("/language/", {"language": "zh", "next": "https://elsewhere.example/"})["Location"] == "/queue/"
