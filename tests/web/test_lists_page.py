"""Lists on the case and as a page: asked for, granted with words, what is refused stays typed, questions stay few."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mora.casework import acts, listing
from mora.store.models import Approval, Case, ListEntry, User
from web.conftest import AFTERNOON, As, _made

TODAY = AFTERNOON.date()


def _text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def _entered(house: dict[str, User], case: Case, name: str = "watch") -> ListEntry:
    dealings = ("promise",) if name == "black" else ()
    until = TODAY + timedelta(days=60)
    asked = listing.ask(house["chen"], case, name, "phones change", until, dealings, AFTERNOON)
    acts.decide(house["sun"], asked, True, "agreed", AFTERNOON)
    return ListEntry.objects.get(party=case.party, name=name)


def test_asked_for_granted_and_shown(case: Case, as_: As) -> None:
    told = {"list": "black", "dealings": ["promise", "agency"], "until": "+90", "reason": "broke five promises"}
    response = as_("chen").post(f"/cases/{case.number}/lists/", told, HTTP_HX_REQUEST="true")
    assert response.status_code == 200
    text = _text(response.content.decode())
    assert "it begins when somebody with the authority agrees" in text
    assert "Black list: waits for approval · broke five promises" in text
    leader = as_("sun")
    text = _text(leader.get("/approvals/").content.decode())
    assert "Black list · until 2027-02-18 · no more promises are taken · not given to an outside agency" in text
    leader.post(f"/approvals/{Approval.objects.get().pk}/", {"granted": "yes", "words": "five indeed"})
    text = _text(as_("chen").get(f"/cases/{case.number}/").content.decode())
    assert "Black list until 2027-02-18" in text
    assert "broke five promises · no more promises are taken, not given to an outside agency" in text
    assert "Put on a list: Black list" in text
    page = _text(as_("zheng", "zh").get("/lists/").content.decode())
    assert "黑名单" in page
    assert "不再接受还款承诺" in page


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"until": "someday"}, "“someday” is no day"),
        ({"until": "+500"}, "at the latest"),
        ({"reason": " "}, "An entry has a reason"),
        ({"list": "black"}, "Choose what is closed"),
        ({"list": "grey"}, "Choose a list."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    case: Case, as_: As, changed: dict[str, str], message: str
) -> None:
    told = {"list": "watch", "until": "+90", "reason": "my long reason"} | changed
    response = as_("chen").post(f"/cases/{case.number}/lists/", told)
    assert response.status_code == 422
    page = response.content.decode()
    form = page[page.index('id="act-list"') : page.index("</details>", page.index('id="act-list"'))]
    assert message in form
    assert f'value="{told["until"]}"' in form
    assert f'value="{told["reason"]}"' in form
    assert not Approval.objects.exists()


def test_a_promise_is_refused_with_the_reason(case: Case, house: dict[str, User], as_: As) -> None:
    _entered(house, case, "black")
    response = as_("chen").post(f"/cases/{case.number}/promise/", {"amount": "10", "due_on": "+3", "key": "k"})
    assert response.status_code == 422
    assert "On the black list until 2027-01-19, no more promises are taken: phones change." in response.content.decode()
    assert 'value="+3"' in response.content.decode()


def test_ended_with_a_reason(case: Case, house: dict[str, User], as_: As) -> None:
    entry = _entered(house, case)
    address = f"/cases/{case.number}/lists/{entry.pk}/end/"
    assert as_("chen").post(address, {"end_reason": ""}).status_code == 422
    assert as_("chen").post(address, {"end_reason": "explained"}).status_code == 302
    assert "phones change" not in _text(as_("sun").get("/lists/").content.decode())
    past = _text(as_("sun").get("/lists/?show=past").content.decode())
    assert "陈静: explained" in past


def test_more_entries_ask_no_more(case: Case, house: dict[str, User], as_: As) -> None:
    _entered(house, case)
    client = as_("sun")
    client.get("/lists/")
    with CaptureQueriesContext(connection) as few:
        client.get("/lists/")
    for n in range(60):
        made = _made(n + 10)
        ListEntry.objects.create(
            party=made.party, name="watch", reason="r", since=TODAY, until=TODAY + timedelta(days=n + 1),
            by=house["chen"], approved_by=house["sun"],
        )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        page = client.get("/lists/").content.decode()
    assert len(many) == len(few)
    assert "61 entries" in page
    after = re.search(r'rel="next" href="([^"]+)"', page)
    assert after is not None
    rest = client.get("/lists/" + after.group(1).replace("&amp;", "&")).content.decode()
    assert rest.count("<tr>") - 1 == 11
    assert client.get("/lists/?after=nonsense~x").status_code == 200
