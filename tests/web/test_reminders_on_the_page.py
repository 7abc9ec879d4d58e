"""A reminder through the pages: shown when proposed, its words when the gate opens, recorded as sent."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from mora.casework import asking, promises, reminders
from mora.store.models import Attempt, Case, User
from web.conftest import AFTERNOON, As

TEN = (AFTERNOON + timedelta(days=3)).replace(hour=10)


def _text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_proposed_cleared_and_sent(
    case: Case, house: dict[str, User], as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    promises.promise(house["chen"], case, 1000, AFTERNOON.date() + timedelta(days=4), "voice", AFTERNOON)
    client = as_("chen")
    assert "Reminder proposed for 11-23 10:00" in _text(client.get(f"/cases/{case.number}/").content.decode())
    monkeypatch.setattr(asking, "local_now", lambda: TEN)
    reminders.run(TEN)
    assert "1 reminder may be sent" in client.get("/queue/").content.decode()
    listed = client.get("/queue/?show=open&promise=remind").content.decode()
    assert f">{case.number}</a>" in listed
    assert "reminder to send" in listed
    text = _text(client.get(f"/cases/{case.number}/").content.decode())
    assert "Reminder may be sent · Text ****0001" in text
    assert "2026-11-24" in text
    address = re.search(r"/cases/[^/]+/reminders/\d+/sent/", client.get(f"/cases/{case.number}/").content.decode())
    assert address is not None
    page = client.post(address.group(), HTTP_HX_REQUEST="true").content.decode()
    assert "Recorded as sent." in page
    assert "Reminder: sent" in _text(page)
    assert Attempt.objects.get().result == "sent"
    assert "may be sent" not in client.get("/queue/").content.decode()
    response = client.post(address.group())
    assert response.status_code == 422
