"""Complaints through the pages: taken, shown with clause and sentence, overdue, answered; questions stay few."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mora.casework import complaints
from mora.store.models import Case, Complaint, User
from web.conftest import AFTERNOON, As, _made

TODAY = AFTERNOON.date()
HTMX = {"HTTP_HX_REQUEST": "true"}


def _text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_taken_shown_overdue_and_answered(case: Case, as_: As) -> None:
    told = {"kind": "complaint", "about": "called at work", "received_on": "11-1", "forwarded": "on"}
    page = as_("chen").post(f"/cases/{case.number}/complaints/", told, **HTMX).content.decode()
    assert "Answer by 2026-11-16." in page
    text = _text(page)
    assert "Answer by 2026-11-16 · overdue" in text
    assert "15 days after receipt on 2026-11-01" in text
    assert "4 days past" in text
    assert "Order 2020-5" in text
    assert "Record answer" not in text, "a collector does not answer"
    made = Complaint.objects.get()
    leader = as_("sun")
    listed = _text(leader.get("/complaints/").content.decode())
    assert "1 answer is overdue." in listed
    assert "2026-11-16 overdue" in listed
    address = f"/cases/{case.number}/complaints/{made.pk}/answer/"
    response = leader.post(address, {"answer": "typed words", "upheld": ""})
    assert response.status_code == 422
    assert "Choose a finding." in response.content.decode()
    assert 'value="typed words"' in response.content.decode()
    page = leader.post(address, {"answer": "apologised", "upheld": "yes"}, **HTMX).content.decode()
    assert "Answer recorded; its hold is lifted." in page
    assert '<span class="tag warn">Hold: Complaint' not in page
    assert "Complaint answered apologised" in _text(page)
    listed = _text(as_("zheng").get("/complaints/?show=answered").content.decode())
    assert "answered 2026-11-20" in listed
    assert "Upheld: apologised" in listed


@pytest.mark.parametrize(
    ("text", "received"),
    [
        ("", TODAY),
        ("yesterday", TODAY - timedelta(days=1)),
        ("-3", TODAY - timedelta(days=3)),
        ("12-20", TODAY.replace(year=2025, month=12, day=20)),
        ("2026-10-01", TODAY.replace(month=10, day=1)),
    ],
)
def test_the_day_of_receipt_lies_behind(case: Case, as_: As, text: str, received: object) -> None:
    as_("chen").post(f"/cases/{case.number}/complaints/", {"kind": "dispute", "about": "x", "received_on": text})
    assert Complaint.objects.get().received_on == received


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"received_on": "2026-11-21"}, "It was received within the last year, not after today."),
        ({"received_on": "whenever"}, "“whenever” is no day"),
        ({"kind": ""}, "Choose a kind."),
    ],
)
def test_refused_at_the_field_and_nothing_is_lost(case: Case, as_: As, changed: dict[str, str], message: str) -> None:
    told = {"kind": "credit", "about": "kept words", "received_on": ""} | changed
    response = as_("chen").post(f"/cases/{case.number}/complaints/", told)
    assert response.status_code == 422
    page = response.content.decode()
    form = page[page.index('id="act-complaint" open') : page.index("</details>", page.index('id="act-complaint"'))]
    assert message in form
    assert "kept words" in form
    assert ('value="credit" checked' in form) == bool(told["kind"])
    assert not Complaint.objects.exists()


def test_more_complaints_ask_no_more(case: Case, house: dict[str, User], as_: As) -> None:
    complaints.take(house["chen"], case, "complaint", TODAY, "a", AFTERNOON)
    client = as_("sun")
    client.get("/complaints/")
    with CaptureQueriesContext(connection) as few:
        client.get("/complaints/")
    for n in range(55):
        made = _made(n + 10)
        complaints.take(house["chen"], made, "credit", TODAY - timedelta(days=n % 9), "b", AFTERNOON)
    with CaptureQueriesContext(connection) as many:
        page = client.get("/complaints/").content.decode()
    assert len(many) == len(few)
    assert "56 complaints and disputes" in page
    after = re.search(r'rel="next" href="([^"]+)"', page)
    assert after is not None
    rest = client.get("/complaints/" + after.group(1).replace("&amp;", "&")).content.decode()
    assert rest.count("<tr>") - 1 == 6
