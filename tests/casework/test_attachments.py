"""Files: kept only when name and content agree, sealed where they lie, hashed, opened by right and recorded."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from hypothesis import given
from hypothesis import strategies as st

from casework.conftest import AFTERNOON
from mora.casework import attachments, file_types
from mora.casework.rights import NotAllowed
from mora.core.errors import BadInput, Refused
from mora.store import sealed_files
from mora.store.models import Attachment, Case, Event, Party, Team, User

PDF = b"%PDF-1.7\n" + b"proof of payment " * 40
SAMPLES = {
    "pdf": PDF, "jpeg": b"\xff\xd8\xff\xe0" + b"x" * 40, "png": b"\x89PNG\r\n\x1a\n" + b"x" * 40,
    "mp3": b"ID3\x04" + b"x" * 40, "wav": b"RIFF\x24\x00\x00\x00WAVEfmt " + b"x" * 40,
    "m4a": b"\x00\x00\x00\x20ftypM4A " + b"x" * 40, "ogg": b"OggS" + b"x" * 40, "amr": b"#!AMR\n" + b"x" * 40,
}  # fmt: skip
"""The first bytes each format's own description gives."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files of the test lie in a folder that can be looked into."""
    monkeypatch.setattr(sealed_files, "default_storage", FileSystemStorage(location=tmp_path / "files"))
    return tmp_path / "files"


@pytest.fixture
def one(house: dict[str, User]) -> Case:
    party = Party.objects.create(party_id="F1", name_mask="林*明")
    return Case.objects.create(
        party=party, number="C-F1", level="L1", level_since=AFTERNOON.date(), currency="CNY", arrears_minor=100,
        outstanding_minor=100, days_past_due=2, as_of=AFTERNOON.date(), opened_on=AFTERNOON.date(),
        team=Team.objects.get(code="collector"),
    )  # fmt: skip


def _attach(user: User, case: Case, **more: Any) -> Attachment:
    content = more.get("content", PDF)
    told = {"kind": "payment_proof", "about": "transfer of 20 November", "name": "林小明转账.pdf", "content": content,
            "size": len(content), "at": AFTERNOON, "key": ""} | more  # fmt: skip
    return attachments.attach(user, case, **told)


def test_what_was_kept_comes_back_and_both_are_recorded(one: Case, house: dict[str, User]) -> None:
    made = _attach(house["chen"], one)
    assert made.sha256 == hashlib.sha256(PDF).hexdigest()
    opened = attachments.open_file(house["chen"], Attachment.objects.get(), AFTERNOON)
    assert (opened.name, opened.media, opened.content) == ("林小明转账.pdf", "application/pdf", PDF)
    told = list(Event.objects.filter(subject=one.number).values_list("action", "reason", "data__sha256"))
    assert told == [
        ("file.attach", "transfer of 20 November", made.sha256), ("file.open", "transfer of 20 November", None),
    ]  # fmt: skip


def test_nothing_lies_in_clear(one: Case, house: dict[str, User], folder: Path) -> None:
    _attach(house["chen"], one)
    (file,) = (each for each in folder.rglob("*") if each.is_file())
    raw = file.read_bytes()
    assert b"proof of payment" not in raw
    assert b"%PDF" not in raw
    row = Attachment.objects.values().get()
    assert "林小明" not in str(row)
    assert file.name == f"{row['id']}.sealed", "the name on disk says nothing"


def test_an_altered_or_lost_or_exchanged_file_is_not_given_out(one: Case, house: dict[str, User], folder: Path) -> None:
    made, other = _attach(house["chen"], one), _attach(house["chen"], one, content=PDF + b"2")
    file = folder / made.stored
    whole = file.read_bytes()
    for raw in (whole[:-1] + bytes([whole[-1] ^ 1]), whole[:20], b"", (folder / other.stored).read_bytes()):
        file.write_bytes(raw)
        with pytest.raises(Refused, match="is not what was kept"):
            attachments.open_file(house["chen"], made, AFTERNOON)
    file.unlink()
    with pytest.raises(Refused, match="gone"):
        attachments.open_file(house["chen"], made, AFTERNOON)


@pytest.mark.parametrize("type_", sorted(SAMPLES))
def test_types_are_told_by_content_and_by_name(type_: str) -> None:
    assert file_types.by_content(SAMPLES[type_]) == type_
    for ending in file_types.TYPES[type_].endings:
        assert file_types.by_name(f"A{ending.upper()}") == type_
    assert file_types.by_content(b"\xff\xfb\x90\x64" + b"x" * 9) == "mp3"  # a frame without a tag in front


@given(st.binary(max_size=64))
def test_any_bytes_are_one_type_or_none(content: bytes) -> None:
    assert file_types.by_content(content) in {"", *file_types.TYPES}


MB = 1024 * 1024


@pytest.mark.parametrize(
    ("told", "about", "message"),
    [
        ({"kind": "secret"}, "file_kind", "choose what the file is"),
        ({"about": " "}, "file_about", "say what the file shows"),
        ({"content": b""}, "file", "not empty"),
        ({"size": 20 * MB + 1, "content": b""}, "file", "20.1 MB, at most 20"),
        ({"name": "statement.exe"}, "file", "ends in .pdf, .jpg, .jpeg, .png"),
        ({"name": "call.mp3", "content": SAMPLES["mp3"]}, "file", "ends in .pdf"),
        ({"name": "photo.png"}, "file", "the name says png, the content is pdf"),
        ({"content": b"MZ\x90\x00 a program"}, "file", "the content is something unknown"),
        ({"content": b"<html><script>"}, "file", "the content is something unknown"),
        ({"kind": "recording"}, "file", "Call recording"),
    ],
)
def test_what_is_not_kept_says_why(
    one: Case, house: dict[str, User], folder: Path, told: dict[str, Any], about: str, message: str
) -> None:
    with pytest.raises(Refused, match=message) as refused:
        _attach(house["chen"], one, **told)
    assert refused.value.about == about
    assert not Attachment.objects.exists()
    assert not [each for each in folder.rglob("*") if each.is_file()]


def test_exactly_the_largest_is_kept(one: Case, house: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments.FileRule, "largest", property(lambda _: len(PDF)))
    assert _attach(house["chen"], one).size == len(PDF)
    with pytest.raises(Refused, match="at most"):
        _attach(house["chen"], one, content=PDF + b"x")


def test_twice_the_same_form_keeps_one(one: Case, house: dict[str, User]) -> None:
    assert _attach(house["chen"], one, key="k") == _attach(house["chen"], one, key="k")
    assert Attachment.objects.count() == 1


def test_nothing_stays_when_the_row_cannot_be_written(
    one: Case, house: dict[str, User], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError("no space")

    monkeypatch.setattr(attachments.audit, "append", full)
    with pytest.raises(OSError, match="no space"):
        _attach(house["chen"], one)
    assert not Attachment.objects.exists()
    assert not [each for each in folder.rglob("*") if each.is_file()]


def test_rights(one: Case, house: dict[str, User]) -> None:
    made = _attach(house["chen"], one)
    for who in ("agency", "admin", "lin"):
        with pytest.raises(NotAllowed):
            attachments.open_file(house[who], made, AFTERNOON)
    with pytest.raises(NotAllowed):
        _attach(house["zheng"], one)
    assert attachments.open_file(house["zheng"], made, AFTERNOON).content == PDF, "the auditor may read"


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("C:\\Users\\x\\a.pdf", "a.pdf"),
        ("../../etc/a.pdf", "a.pdf"),
        ("a\r\n\u202eb.pdf", "ab.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_names_lose_folders_and_what_is_not_seen(one: Case, house: dict[str, User], given_: str, kept: str) -> None:
    made = _attach(house["chen"], one, name=given_)
    assert attachments.open_file(house["chen"], made, AFTERNOON).name == kept


def test_a_policy_with_an_unknown_type_is_refused(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "attachments.yaml").write_text(
        "largest_mb: 1\nmost_on_a_case: 1\nkinds: {x: {zh: 文, en: x, types: [docx]}}", encoding="utf-8"
    )
    settings.MORA_POLICY = str(tmp_path)
    attachments.rule.cache_clear()
    try:
        with pytest.raises(BadInput, match="docx cannot be told"):
            attachments.rule()
    finally:
        settings.MORA_POLICY = ""
        attachments.rule.cache_clear()


def test_a_withdrawn_file_stays_in_evidence(one: Case, house: dict[str, User], folder: Path) -> None:
    made = _attach(house["chen"], one)
    (file,) = (each for each in folder.rglob("*") if each.is_file())
    sealed = file.read_bytes()
    attachments.withdraw(house["chen"], made, "another borrower's", AFTERNOON)
    made.refresh_from_db()
    assert (made.withdrawn_by, made.withdrawn_why) == (house["chen"], "another borrower's")
    assert file.read_bytes() == sealed
    for who in ("chen", "wu"):  # they could open it before
        with pytest.raises(NotAllowed):
            attachments.open_file(house[who], made, AFTERNOON)
    for who in ("sun", "zhao", "zheng"):
        assert attachments.open_file(house[who], made, AFTERNOON).content == PDF
    event = Event.objects.get(action="file.withdraw")
    assert (event.reason, event.data["sha256"]) == ("another borrower's", made.sha256)


def test_who_withdraws_what(one: Case, house: dict[str, User]) -> None:
    made = _attach(house["chen"], one)
    for who in ("wu", "zhao", "zheng"):  # they see the case, added nothing and lead nobody
        with pytest.raises(Refused, match="who added it or a leader"):
            attachments.withdraw(house[who], made, "x", AFTERNOON)
    with pytest.raises(Refused, match="has a reason") as refused:
        attachments.withdraw(house["chen"], made, " ", AFTERNOON)
    assert refused.value.about == "withdraw_why"
    attachments.withdraw(house["sun"], made, "unreadable", AFTERNOON)
    with pytest.raises(Refused, match="once"):
        attachments.withdraw(house["chen"], Attachment.objects.get(), "x", AFTERNOON)


def test_a_withdrawal_is_undone_by_who_made_it_for_ten_minutes(one: Case, house: dict[str, User]) -> None:
    made = _attach(house["chen"], one)
    attachments.withdraw(house["sun"], made, "wrong", AFTERNOON)
    made.refresh_from_db()
    with pytest.raises(Refused, match="within ten minutes"):
        attachments.restore(house["chen"], made, AFTERNOON)
    with pytest.raises(Refused, match="within ten minutes"):
        attachments.restore(house["sun"], made, AFTERNOON + timedelta(minutes=10, seconds=1))
    attachments.restore(house["sun"], made, AFTERNOON + timedelta(minutes=10))
    made.refresh_from_db()
    assert made.withdrawn_at is None
    assert attachments.open_file(house["chen"], made, AFTERNOON).content == PDF
    told = list(Event.objects.filter(subject=one.number).values_list("action", "reason"))
    assert told[1:3] == [("file.withdraw", "wrong"), ("file.restore", "wrong")], "both stay in the record"
