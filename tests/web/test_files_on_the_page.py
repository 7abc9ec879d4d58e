"""Files through the pages: kept, listed, fetched; refused at the field with the rest of the form as it was typed."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mora.casework import attachments
from mora.store.models import Attachment, Case, Event, User
from web.conftest import AFTERNOON, As

PDF = b"%PDF-1.7\n" + b"x" * 999


def _send(client: Client, case: Case, name: str = "转账凭证.pdf", content: bytes = PDF, **more: str) -> object:
    told = {"file_kind": "payment_proof", "file_about": "transfer", "key": "k1"} | more
    sent = {"file": SimpleUploadedFile(name, content)} if name else {}
    return client.post(f"/cases/{case.number}/files/", told | sent, HTTP_HX_REQUEST="true")


def test_kept_listed_and_fetched(case: Case, as_: As) -> None:
    client = as_("chen")
    page = _send(client, case).content.decode()
    assert "File kept." in page
    made = Attachment.objects.get()
    assert f"/cases/{case.number}/files/{made.pk}/" in page
    assert made.sha256[:12] in page
    assert "转账凭证" not in page, "the name may hold a person's"
    response = client.get(f"/cases/{case.number}/files/{made.pk}/")
    assert response.content == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert Event.objects.filter(action="file.open", subject=case.number, actor="chen").count() == 1


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("", b"", "Choose a file that is not empty."),
        ("a.pdf", b"", "Choose a file that is not empty."),
        ("a.pdf", b"not one", "The name says pdf, the content is something unknown"),
        ("a.docx", PDF, "ends in .pdf, .jpg, .jpeg, .png."),
    ],
)
def test_refused_at_the_field_and_nothing_is_lost(case: Case, as_: As, name: str, content: bytes, message: str) -> None:
    response = _send(as_("chen"), case, name, content, file_about="my words", file_kind="letter", key="kept-key")
    assert response.status_code == 422
    page = response.content.decode()
    form = page[page.index('id="act-file" open') : page.index("</details>", page.index('id="act-file"'))]
    assert message in form
    assert 'value="my words"' in form
    assert '<option value="letter" selected>' in form
    # The field keeps its name, so that the browser keeps the chosen file in it.
    assert 'id="file-kept-key"' in form
    assert "hx-preserve" in form
    assert not Attachment.objects.exists()


def test_too_large_is_counted_and_never_kept(case: Case, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments.FileRule, "largest", property(lambda _: 70_000))
    response = _send(as_("chen"), case, content=PDF + b"x" * 200_000)
    assert response.status_code == 422
    assert "The file has 0.2 MB, at most 20 are kept" in response.content.decode()
    assert _send(as_("chen"), case, content=PDF).status_code == 200


def test_another_case_does_not_give_it_out(case: Case, second: Case, as_: As) -> None:
    client = as_("chen")
    _send(client, case)
    made = Attachment.objects.get()
    assert client.get(f"/cases/{second.number}/files/{made.pk}/").status_code == 404


def test_a_spoilt_file_is_said_and_not_given(case: Case, as_: As) -> None:
    client = as_("chen")
    _send(client, case)
    made = Attachment.objects.get()
    Attachment.objects.filter(pk=made.pk).update(sha256="0" * 64)
    response = client.get(f"/cases/{case.number}/files/{made.pk}/", follow=True)
    assert response.redirect_chain
    assert "The file is gone or is not what was kept" in response.content.decode()


def test_more_files_ask_no_more(case: Case, house: dict[str, User], as_: As) -> None:
    client = as_("chen")
    _send(client, case)
    client.get(f"/cases/{case.number}/")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/cases/{case.number}/")
    for n in range(8):
        attachments.attach(
            house["sun"], case, kind="other", about=f"n{n}", name="a.pdf", content=PDF, size=len(PDF), at=AFTERNOON
        )
    with CaptureQueriesContext(connection) as many:
        page = client.get(f"/cases/{case.number}/").content.decode()
    assert len(re.findall(r'href="/cases/[^/]+/files/[0-9a-f-]{36}/"', page)) == 9
    assert len(many) == len(few)


def test_withdrawn_is_struck_with_who_and_why_and_comes_back(case: Case, house: dict[str, User], as_: As) -> None:
    client = as_("chen")
    _send(client, case)
    made = Attachment.objects.get()
    there = f"/cases/{case.number}/files/{made.pk}/"
    page = client.post(f"{there}withdraw/", {"withdraw_why": " "}, HTTP_HX_REQUEST="true")
    assert page.status_code == 422
    assert "Withdrawing has a reason." in page.content.decode()
    page = client.post(f"{there}withdraw/", {"withdraw_why": "not hers"}, HTTP_HX_REQUEST="true").content.decode()
    assert "File withdrawn; it stays in evidence." in page
    assert "<s>transfer</s>" in page
    assert re.search(r"Withdrawn: 陈静.*· not hers", page)
    assert f'href="{there}"' not in page, "who added it no longer opens it"
    assert client.get(there).status_code == 403
    assert f'href="{there}"' in as_("sun").get(f"/cases/{case.number}/").content.decode()
    assert "Put back" in page
    assert "Put back" not in as_("sun").get(f"/cases/{case.number}/").content.decode()
    page = client.post(f"{there}restore/", HTTP_HX_REQUEST="true").content.decode()
    assert "File put back." in page
    assert f'href="{there}"' in page
    assert client.get(there).status_code == 200
