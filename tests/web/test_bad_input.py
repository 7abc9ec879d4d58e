"""Faulty values to every form of the workbench: said at the form in the reader's language, nothing written or lost.

The table names each address that takes a POST, who may use it, what would be accepted, and what each field is; faulty
values follow from that. An address without a row fails. That the accepted values are accepted is tested, too: a row
whose form could never be sent proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.apps import apps
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from mora.casework import attachments
from mora.store import sealed_files
from mora.store.models import (
    Absence,
    Approval,
    Attachment,
    Branch,
    Case,
    Complaint,
    Hold,
    ListEntry,
    Note,
    Promise,
    Reminder,
    SavedList,
    Team,
    User,
)
from mora.web.workbench.urls import urlpatterns
from web.conftest import AFTERNOON, As, way
from web.read_page import beside, forms, read

TODAY = AFTERNOON.date()
PDF = b"%PDF-1.7\n" + b"x" * 99
SEEN_NOT = "words\x00and\x07more"


@dataclass(frozen=True)
class Text:
    """Words, at most so many letters."""

    most: int = 400
    needed: bool = True

    def bad(self) -> Iterator[str]:
        if self.needed:
            yield from ("", "   ")
        yield from ("x" * (self.most + 1), "长" * 60_000, SEEN_NOT)


@dataclass(frozen=True)
class Day:
    """A day as people type it."""

    needed: bool = True

    def bad(self) -> Iterator[str]:
        if self.needed:
            yield from ("", "  ")
        yield from ("someday", "2026-02-30", "0001-01-01", "12-13-14-15", "-99999", "<b>", SEEN_NOT, "1" * 401)


@dataclass(frozen=True)
class Amount:
    """Money."""

    def bad(self) -> Iterator[str]:
        yield from ("", " ", "abc", "-5", "0", "9" * 30, "1.234", "1e9", "NaN", "一百", SEEN_NOT, "1" * 401)


@dataclass(frozen=True)
class Choice:
    """One of a list; what is not on it was never offered."""

    needed: bool = True

    def bad(self) -> Iterator[str]:
        if self.needed:
            yield ""
        yield from ("no-such-thing", "-1", SEEN_NOT, "x" * 401)


@dataclass(frozen=True)
class Whole:
    """A whole number."""

    def bad(self) -> Iterator[str]:
        yield from ("", "x", "-1", "1.5", "1e3", "9" * 40, "²", SEEN_NOT)


@dataclass(frozen=True)
class Name:
    """A code or user name of few letters."""

    most: int = 40

    def bad(self) -> Iterator[str]:
        yield from ("", " ", "a b", "<b>", "é" * 3, "x" * (self.most + 1), SEEN_NOT)


@dataclass(frozen=True)
class File:
    """A file of a type its kind takes."""

    def bad(self) -> Iterator[Any]:
        yield from (
            None, SimpleUploadedFile("a.pdf", b""), SimpleUploadedFile("a.pdf", b"MZ no such thing"),
            SimpleUploadedFile("a.exe", PDF), SimpleUploadedFile("x" * 300 + ".html", b"<script>"),
        )  # fmt: skip


@dataclass(frozen=True)
class Hidden(Choice):
    """A choice the page makes for the person; what it refuses has no field, and stands on the page."""


Kind = Text | Day | Amount | Choice | Whole | Name | File
Given = dict[str, Any]


@dataclass(frozen=True)
class Form:
    """One address: by whom, what would be accepted, what each field is."""

    who: str
    good: Given | Callable[[Case], Given]
    fields: dict[str, Kind]
    at: Callable[[Case], dict[str, Any]] | None = None
    """What the address names; makes it, where it is not there."""
    whole_page: bool = False
    """Its buttons stand on every page: the refusal is a page of its own."""

    def given(self, case: Case) -> Given:
        return self.good(case) if callable(self.good) else dict(self.good)


@dataclass(frozen=True)
class Button:
    """An address with nothing to choose or type: whatever comes with it is not looked at, or refused."""

    who: str
    at: Callable[[Case], dict[str, Any]] | None = None


def _level(level: str, team: str = "collector") -> Callable[[Case], dict[str, Any]]:
    def made(case: Case) -> dict[str, Any]:
        Case.objects.filter(pk=case.pk).update(level=level, team=Team.objects.get(code=team))
        return {}

    return made


def _user(name: str) -> User:
    return User.objects.get(username=name)


def _hold(case: Case) -> dict[str, Any]:
    made, _ = Hold.objects.get_or_create(case=case, kind="hardship", since=AFTERNOON, reason="x", set_by=_user("sun"))
    return {"hold": made.pk}


def _complaint(case: Case) -> dict[str, Any]:
    made, _ = Complaint.objects.get_or_create(
        case=case, kind="complaint", received_on=TODAY, about="x", taken_by=_user("sun"), answer_by=TODAY
    )
    return {"complaint": made.pk}


def _entry(case: Case) -> dict[str, Any]:
    made, _ = ListEntry.objects.get_or_create(
        party=case.party, name="watch", reason="x", since=TODAY, until=TODAY + timedelta(days=9), by=_user("sun")
    )
    return {"entry": made.pk}


def _note(case: Case) -> dict[str, Any]:
    return {"note": Note.objects.create(case=case, by=_user("chen"), at=AFTERNOON, text="x").pk}


def _reminder(case: Case) -> dict[str, Any]:
    promise = Promise.objects.create(
        case=case, amount_minor=1, currency="CNY", due_on=TODAY, grace_days=0, tolerance_minor=0, made_at=AFTERNOON,
        how="voice",
    )  # fmt: skip
    return {"reminder": Reminder.objects.create(promise=promise, due_at=AFTERNOON).pk}


def _file(case: Case) -> dict[str, Any]:
    held = Attachment.objects.first()
    return {"file": (held or attachments.attach(
        _user("chen"), case, kind="other", about="x", name="x.pdf", content=PDF, size=len(PDF), at=AFTERNOON
    )).pk}  # fmt: skip


def _struck(case: Case) -> dict[str, Any]:
    told = _file(case)
    attachments.withdraw(_user("chen"), Attachment.objects.get(), "x", AFTERNOON)
    return told


def _asked(case: Case) -> dict[str, Any]:
    made, _ = Approval.objects.get_or_create(
        act="list_entry", case=case, reason="x", asked_by=_user("chen"), asked_at=AFTERNOON,
        details={"list": "watch", "until": f"{TODAY + timedelta(days=9)}", "dealings": []},
    )  # fmt: skip
    return {"asked": made.pk}


def _absence(case: Case) -> dict[str, Any]:
    made, _ = Absence.objects.get_or_create(user=_user("chen"), since=TODAY, until=TODAY + timedelta(days=3))
    return {"absence": made.pk}


def _saved(case: Case) -> dict[str, Any]:
    return {"saved_list": SavedList.objects.get_or_create(user=_user("chen"), name="x", query="show=open")[0].pk}


def _chen(case: Case) -> dict[str, Any]:
    return {"person": _user("chen").pk}


def _shut(case: Case) -> dict[str, Any]:
    User.objects.filter(username="chen").update(is_active=False)
    return _chen(case)


def _with_factor(case: Case) -> dict[str, Any]:
    Authenticator.objects.get_or_create(user=_user("chen"), type=Authenticator.Type.TOTP, defaults={"data": {}})
    return _chen(case)


def _locked(case: Case) -> dict[str, Any]:
    AccessAttempt.objects.get_or_create(
        username="chen", ip_address="192.0.2.7", user_agent="x", failures_since_start=5, http_accept="", path_info=""
    )
    return _chen(case)


def _branch(case: Case) -> dict[str, Any]:
    return {"branch": Branch.objects.get_or_create(code="b1", defaults={"name": "B1"})[0].pk}


REASON = {"reason": Text()}
FORMS: dict[str, Form | Button] = {
    "next": Button("chen"),
    "case-holder": Button("chen"),
    "case-note-withdraw": Button("chen", _note),
    "case-wake": Button("chen"),
    "case-remind": Button("chen", _reminder),
    "case-file-restore": Button("chen", _struck),
    "list-forget": Button("chen", _saved),
    "team-back": Button("sun", _absence),
    "team-share": Button("sun"),
    "case-record": Form(
        "chen", lambda case: {"way": way(case), "result_call": "no_answer", "said": "s", "key": "k"},
        {"way": Choice(), "result_call": Choice(), "said": Text(4000, needed=False)},
    ),
    "case-promise": Form(
        "chen", lambda case: {"amount": "500", "due_on": "+7", "talked": "on", "way": way(case), "key": "k"},
        {"amount": Amount(), "due_on": Day(), "way": Choice()},
    ),
    "case-note": Form("chen", {"text": "words"}, {"text": Text(4000)}),
    "case-cause": Form(
        "chen", {"why": "illness", "able": "unknown", "willing": "unknown", "said": "s"},
        {"why": Choice(), "able": Choice(), "willing": Choice(), "said": Text(needed=False)},
    ),
    "case-hold": Form(
        "chen", {"kind": "hardship", "until": "+14", "reason": "r"},
        {"kind": Choice(), "until": Day(needed=False), "reason": Text()},
    ),
    "case-hold-lift": Form("chen", {"reason": "r"}, REASON, _hold),
    "case-complaint": Form(
        "chen", {"kind": "complaint", "about": "a", "received_on": "2026-11-19"},
        {"kind": Choice(), "about": Text(), "received_on": Day(needed=False)},
    ),
    "case-complaint-answer": Form(
        "sun", {"upheld": "no", "answer": "a"}, {"upheld": Choice(), "answer": Text()}, _complaint
    ),
    "case-aside": Form("chen", {"until": "16:30", "why": "w"}, {"until": Day(), "why": Text(needed=False)}),
    "case-skip": Form("chen", {"why": "other"}, {"why": Choice()}),
    "case-assign": Form("sun", {"to": "chen", "why": "w"}, {"to": Choice(), "why": Text(needed=False)}),
    "case-pin": Form("sun", {"pinned": "on"}, {"pinned": Choice(needed=False)}),
    "case-review": Form(
        "wu", {"view": "keep", "view_words": "w"}, {"view": Choice(), "view_words": Text(1000)},
        _level("L3", "risk-reviewer"),
    ),
    "case-check": Form(
        "zhao", {"item": "contract", "done": "yes", "words": "w"},
        {"item": Hidden(), "done": Choice(), "words": Text(200, needed=False)}, _level("L4", "legal-officer"),
    ),
    "case-clock": Form(
        "sun", {"clock_until": "+3", "clock_why": "w"}, {"clock_until": Day(), "clock_why": Text()}
    ),
    "case-file-attach": Form(
        "chen", lambda _: {"file_kind": "other", "file_about": "a", "file": SimpleUploadedFile("a.pdf", PDF)},
        {"file_kind": Choice(), "file_about": Text(200), "file": File()},
    ),
    "case-file-withdraw": Form("chen", {"withdraw_why": "w"}, {"withdraw_why": Text()}, _file),
    "case-list": Form(
        "chen", {"list": "black", "dealings": "promise", "until": "+30", "reason": "r"},
        {"list": Choice(), "dealings": Choice(), "until": Day(), "reason": Text()},
    ),
    "case-list-end": Form("chen", {"end_reason": "r"}, {"end_reason": Text()}, _entry),
    "case-reveal": Form("chen", {"what": "name", "reason": "r"}, REASON),
    "approval-decide": Form("sun", {"words": "w", "granted": "yes"}, {"words": Text(), "granted": Choice()}, _asked),
    "list-keep": Form("chen", {"name": "n", "query": "show=open"}, {"name": Text(40)}),
    "team-away": Form(
        "sun", {"who": "chen", "since": "+1", "until": "+3", "deputy": ""},
        {"since": Day(), "until": Day(), "deputy": Choice(needed=False)},
    ),
    "team-able": Form(
        "sun", {"who": "chen", "skills": "english", "capacity": "40"},
        {"skills": Choice(needed=False), "capacity": Whole()},
    ),
    "intake-upload": Form("qian", {}, {}),
    "day-run": Form("qian", {"as_of": "2026-11-20"}, {"as_of": Day()}),
    "audit-verify": Form("zheng", {"seq": "", "hash": ""}, {}),
    "first-steps": Form("chen", {"steps": "away"}, {"steps": Choice()}, whole_page=True),
    "language": Form("chen", {"language": "en"}, {"language": Choice()}, whole_page=True),
    "people-add": Form(
        "admin",
        {"username": "hu", "name": "胡月", "language": "zh", "trained_on": "2026-11-02", "role": "collector",
         "teams": "collector", "reason": "r"},
        {"username": Name(), "name": Text(80), "language": Choice(), "trained_on": Day(needed=False),
         "role": Choice(), "teams": Choice(needed=False), "leads": Choice(needed=False), "reason": Text()},
    ),
    "person-place": Form(
        "admin", {"role": "auditor", "teams": "collector", "reason": "r"},
        {"role": Choice(), "teams": Choice(needed=False), "leads": Choice(needed=False), "reason": Text()}, _chen,
    ),
    "person-tell": Form(
        "admin", {"name": "陈婧", "language": "en", "trained_on": "2026-11-02", "reason": "r"},
        {"name": Text(80), "language": Choice(), "trained_on": Day(needed=False), "reason": Text()}, _chen,
    ),
    "person-disable": Form("admin", {"reason": "r"}, REASON, _chen),
    "person-enable": Form("admin", {"reason": "r"}, REASON, _shut),
    "person-password": Form("admin", {"reason": "r"}, REASON, _chen),
    "person-factor": Form("admin", {"reason": "r"}, REASON, _with_factor),
    "person-unlock": Form("admin", {"reason": "r"}, REASON, _locked),
    "teams-add": Form(
        "admin", {"code": "new", "name": "n", "kind": "house", "role": "", "branch": "", "reason": "r"},
        {"code": Name(60), "name": Text(120), "kind": Choice(), "role": Choice(needed=False),
         "branch": Choice(needed=False), "reason": Text()},
    ),
    "teams-change": Form(
        "admin", {"name": "n", "role": "collector", "branch": "", "leaders": "sun", "reason": "r"},
        {"name": Text(120), "role": Choice(needed=False), "branch": Choice(needed=False),
         "leaders": Choice(needed=False), "reason": Text()},
        lambda _: {"team": Team.objects.get(code="collector").pk},
    ),
    "branch-add": Form(
        "admin", {"code": "B2", "name": "n", "reason": "r"}, {"code": Text(60), "name": Text(120), "reason": Text()}
    ),
    "branch-change": Form("admin", {"name": "n", "reason": "r"}, {"name": Text(120), "reason": Text()}, _branch),
}  # fmt: skip
MORE: dict[str, list[Given]] = {
    "intake-upload": [{}, {"files": ""}],
    "audit-verify": [
        {"seq": "12", "hash": ""}, {"seq": "", "hash": "0" * 64}, {"seq": "-1", "hash": "0" * 64},
        {"seq": "12", "hash": "z" * 64}, {"seq": "x" * 401, "hash": "0" * 64}, {"seq": SEEN_NOT, "hash": ""},
    ],
    "case-promise": [{"due_on": "+99"}, {"amount": "9,999,999,999"}],
    "case-complaint": [{"received_on": "2020-01-01"}, {"received_on": "2027-01-01"}],
    "case-clock": [{"clock_until": "9999-12-31"}],
    "case-list": [{"until": "9999-12-31"}, {"until": "today"}],
    "team-away": [{"since": "+5", "until": "+3"}],
    "team-able": [{"capacity": "2001"}],
    "day-run": [{"as_of": "9999-12-31"}],
    "list-keep": [{"query": ""}, {"query": "q=only"}],
    "people-add": [{"username": "chen"}, {"trained_on": "9999-12-31"}, {"role": "agency"}],
    "teams-add": [{"code": "collector"}, {"role": "collector"}],
    "branch-add": [{"code": "a/b"}, {"code": "B 1"}],
}  # fmt: skip
"""Faults that are not one field's alone."""
POSTS = {each.name: each for each in urlpatterns if "POST" in each.callback.methods}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_files, "default_storage", FileSystemStorage(location=tmp_path / "files"))


@pytest.fixture
def there(case: Case, house: dict[str, User], request: pytest.FixtureRequest) -> Case:
    if request.node.callspec.params["name"] == "day-run":
        request.getfixturevalue("book")
        request.getfixturevalue("settings").MORA_BOOK = str(request.getfixturevalue("book").path)
    return case


def test_every_address_that_takes_a_form_has_a_row() -> None:
    assert set(FORMS) == set(POSTS)


def _address(name: str, case: Case) -> str:
    row = FORMS[name]
    given = row.at(case) if row.at is not None else {}
    if "number" in POSTS[name].pattern.converters:
        given["number"] = case.number
    return reverse(name, kwargs=given)


def _counts() -> dict[str, int]:
    return {
        model._meta.label: model.objects.count()
        for model in apps.get_models()
        if model._meta.label != "sessions.Session"
    }


def _faults(name: str, row: Form, case: Case) -> Iterator[tuple[str, Given]]:
    for field_, kind in row.fields.items():
        for value in kind.bad():
            given = row.given(case) | {field_: value}
            yield field_, {key: each for key, each in given.items() if each is not None}
    for told in MORE.get(name, []):
        yield ", ".join(told), row.given(case) | told


def _same(one: str, other: str) -> bool:
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


def _wrong(row: Form, fault: str, language: str, address: str, sent: Given, response: Any) -> Iterator[str]:
    """What is wrong with how a fault was answered."""
    if not 400 <= response.status_code < 500:
        yield f"answered {response.status_code}"
        return
    page = read(response.content.decode())
    on_page = forms(page, address)
    anywhere = row.whole_page or isinstance(row.fields.get(fault), Hidden)
    said = page.problems() if anywhere else [words for form in on_page for words in beside(form)]
    if not said:
        yield f"says nothing at the form ({len(on_page)} on the page; elsewhere {page.problems()})"
        return
    chinese = any(re.search(r"[一-鿿]{2}", words) for words in said)
    english = any(re.search(r"[A-Za-z]{2,} [A-Za-z]", words) for words in said)
    if (not chinese) if language == "zh" else (not english or any("。" in words for words in said)):
        yield f"not in {language}: {said}"
    if anywhere:
        return
    stands = [form.typed() for form in on_page]
    for key, value in sent.items():
        kept = [each for typed in stands for each in typed.get(key, [])]
        if isinstance(value, str) and kept and value != SEEN_NOT and not any(_same(value, each) for each in kept):
            yield f"{key}={value[:40]!r} is no longer on the page: {[each[:40] for each in kept]}"


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.long)])
@pytest.mark.parametrize("name", [name for name, row in FORMS.items() if isinstance(row, Form)])
def test_faults_are_said_and_nothing_is_written(there: Case, as_: As, name: str, language: str) -> None:
    row = FORMS[name]
    assert isinstance(row, Form)
    address = _address(name, there)
    client = as_(row.who, language)
    client.raise_request_exception = False
    wrong, before, seen = [], _counts(), set()
    for field_, sent in _faults(name, row, there):
        if language == "en" and field_ in seen:  # the words were all read in Chinese
            continue
        seen.add(field_)
        response = client.post(address, sent)
        shown = {key: str(value)[:30] for key, value in sent.items()}
        wrong += [f"{field_} {shown}: {each}" for each in _wrong(row, field_, language, address, sent, response)]
        after = _counts()
        if after != before:
            wrong.append(f"{field_} {shown}: wrote {[key for key in after if after[key] != before[key]]}")
            break
    assert seen, "no fault was tried"
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", [name for name, row in FORMS.items() if name != "intake-upload"])
def test_what_is_right_is_taken(there: Case, as_: As, name: str) -> None:
    """Otherwise the refusals above could be about anything."""
    row = FORMS[name]
    address = _address(name, there)
    if isinstance(row, Button):
        for told in ({}, {"x": SEEN_NOT, "reason": "x" * 9999}):
            assert as_(row.who).post(address, told).status_code < 500
        return
    response = as_(row.who).post(address, row.given(there))
    assert response.status_code in (200, 302), read(response.content.decode()).problems()
    assert response.status_code == 302 or not read(response.content.decode()).problems()
