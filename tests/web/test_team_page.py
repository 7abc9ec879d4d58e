"""People, absences, call-backs, kept lists: what the leader sets, who then sees what, and in which order."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mora.casework import asking, queue
from mora.store.models import Absence, Case, Event, Membership, SavedList, Team, User
from web.conftest import AFTERNOON, As, _made, way

TODAY = AFTERNOON.date()


def _text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_deputy_works_the_queue_of_who_is_away(case: Case, house: dict[str, User], as_: As) -> None:
    Case.objects.filter(pk=case.pk).update(owner=house["chen"])
    deputy = as_("lin")
    assert case.number not in deputy.get("/queue/?show=open").content.decode()
    told = {"who": "chen", "since": "today", "until": "+3", "deputy": "lin"}
    page = as_("sun").post("/team/away/", told, follow=True).content.decode()
    assert "Absence of 陈静 recorded." in page
    assert "away, back on 2026-11-23" in _text(page)
    assert "stands in for 陈静" in _text(page)
    assert f">{case.number}</a>" in deputy.get("/queue/").content.decode()
    assert deputy.post("/queue/next/")["Location"] == f"/cases/{case.number}/"
    held = Absence.objects.get()
    as_("sun").post(f"/team/back/{held.pk}/")
    assert case.number not in deputy.get("/queue/?show=open").content.decode()
    assert [each.action for each in Event.objects.filter(subject="chen")][-2:] == ["person.away", "person.back"]


@pytest.mark.parametrize(
    ("changed", "about", "message"),
    [
        ({"since": "x"}, "since", "“x” is no day"),
        ({"until": "today"}, "until", "The day of coming back is after the first day, and ahead."),
        ({"since": "2026-11-01", "until": "2026-11-20"}, "until", "ahead"),
        ({"deputy": "zheng"}, "deputy", "A deputy is somebody else who works cases."),
        ({"deputy": "nobody-known"}, "deputy", "Choose a deputy."),
        ({"deputy": "lin", "since": "+4", "until": "+6"}, "deputy", "is away in that time, too"),
        ({"who": "sun", "since": "+10", "until": "+12"}, "since", "overlaps"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_stays(
    house: dict[str, User], as_: As, changed: dict[str, str], about: str, message: str
) -> None:
    for name, first in (("lin", 5), ("sun", 11)):
        Absence.objects.create(
            user=house[name], since=TODAY + timedelta(days=first), until=TODAY + timedelta(days=first + 2)
        )
    told = {"who": "chen", "since": "today", "until": "+3", "deputy": ""} | changed
    response = as_("sun").post("/team/away/", told)
    assert response.status_code == 422
    page = response.content.decode()
    field = page[page.index(f'id="{about}-{told["who"]}"') :][:1200]
    assert message in field
    assert f'value="{told["since"]}"' in page
    assert Absence.objects.count() == 2


def test_a_leader_sets_own_people_only(house: dict[str, User], as_: As) -> None:
    client = as_("sun")
    assert client.post("/team/able/", {"who": "wu", "capacity": "3"}).status_code == 404
    assert "吴敏" not in client.get("/team/").content.decode()
    told = {"who": "chen", "capacity": "40", "skills": ["english", "mortgage"]}
    assert client.post("/team/able/", told).status_code == 302
    chen = User.objects.get(username="chen")
    assert (chen.skills, chen.capacity) == (["english", "mortgage"], 40)
    assert Event.objects.get(action="person.able").data["before"] == {"skills": [], "capacity": 120}
    for wrong, message in (
        ({"capacity": "many"}, "Give a whole number."),
        ({"capacity": "9999"}, "between 0 and 2000"),
    ):
        response = client.post("/team/able/", told | wrong)
        assert response.status_code == 422
        assert message in response.content.decode()
        assert f'value="{wrong["capacity"]}"' in response.content.decode()
    assert client.post("/team/able/", told | {"skills": "flying"}).status_code == 422
    assert "吴敏" in as_("qian").get("/team/").content.decode()


def test_sharing_out_from_the_page(case: Case, as_: As) -> None:
    team = Team.objects.get(code="account-manager")
    Case.objects.filter(pk=case.pk).update(level="L2", team=team)
    client = as_("sun")
    assert "1 case of L2, L3 has no owner" in _text(client.get("/team/").content.decode())
    assert "1 case given." in client.post("/team/share/", follow=True).content.decode()
    case.refresh_from_db()
    assert case.owner is not None


def test_more_people_ask_no_more(house: dict[str, User], as_: As) -> None:
    client = as_("qian")
    client.get("/team/")
    with CaptureQueriesContext(connection) as few:
        client.get("/team/")
    team = Team.objects.get(code="collector")
    for n in range(9):
        person = User.objects.create(username=f"n{n}", role="collector")
        Membership.objects.create(user=person, team=team)
        Absence.objects.create(user=person, deputy=house["chen"], since=TODAY, until=date(2026, 12, 1))
    with CaptureQueriesContext(connection) as many:
        client.get("/team/")
    assert len(many) == len(few)


def test_a_call_back_comes_first_and_to_who_promised_it(
    case: Case, second: Case, house: dict[str, User], as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    third = _made(3)  # of the three the last in the queue
    queue.pin(house["sun"], case, True, AFTERNOON)
    other = User.objects.create(username="hu", role="collector", language="en", display_name="Hu")
    Membership.objects.create(user=other, team=case.team)
    chen, hu = as_("chen"), as_("hu")
    told = {"until": "16:30", "mine": "on", "why": "asked to be called"}
    page = chen.post(f"/cases/{third.number}/aside/", told, follow=True).content.decode()
    assert "comes back to you at 16:30" in page
    shown = chen.get(f"/cases/{third.number}/").content.decode()
    assert "陈静 calls back at 16:30" in _text(shown)
    due = AFTERNOON.replace(hour=16, minute=30)
    for minutes, mine, theirs in ((-1, False, False), (0, True, False), (29, True, False), (30, True, True)):
        at = due + timedelta(minutes=minutes)
        assert (third in queue.call_backs(house["chen"], at)) == mine, minutes
        assert (third in queue.waiting(other, at)) == theirs, minutes
    monkeypatch.setattr(asking, "local_now", lambda: due)
    assert "a call-back was promised for 16:30" in chen.get("/queue/").content.decode()
    assert chen.post("/queue/next/")["Location"] == f"/cases/{third.number}/", "before the pinned one"
    hu.post("/queue/next/")
    told = {"way": way(third), "result_call": "right_party", "key": "k"}
    chen.post(f"/cases/{third.number}/record/", told)
    third.refresh_from_db()
    assert (third.call_back_at, third.call_back_for) == (None, None)


def test_a_deputy_makes_the_call_backs_too(case: Case, house: dict[str, User]) -> None:
    queue.call_back(house["chen"], case, AFTERNOON + timedelta(hours=1), "", AFTERNOON)
    Absence.objects.create(user=house["chen"], deputy=house["lin"], since=TODAY, until=TODAY + timedelta(days=1))
    Case.objects.filter(pk=case.pk).update(owner=house["chen"])
    assert case in queue.call_backs(house["lin"], AFTERNOON + timedelta(hours=1))


def test_no_call_back_is_promised_for_an_hour_at_which_nobody_may_call(case: Case, as_: As) -> None:
    response = as_("chen").post(f"/cases/{case.number}/aside/", {"until": "22:30", "mine": "on", "why": "typed"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "No call is allowed then" in page
    assert 'value="typed"' in page
    assert 'name="mine" checked' in page
    case.refresh_from_db()
    assert case.call_back_at is None


def test_left_to_the_leader_until_the_leader_acts(case: Case, as_: As) -> None:
    as_("chen").post(f"/cases/{case.number}/skip/", {"why": "needs_leader"})
    leader = as_("sun")
    board = leader.get("/board/").content.decode()
    assert re.search(r"<dt>Left to the leader</dt><dd><a class=\"value over\"[^>]*>1</a>", board)
    assert f">{case.number}</a>" in leader.get("/queue/?show=open&asked=leader").content.decode()
    leader.post(f"/cases/{case.number}/assign/", {"to": "chen"})
    assert f">{case.number}</a>" not in leader.get("/queue/?show=open&asked=leader").content.decode()


def test_lists_are_kept_for_oneself_without_what_was_searched(case: Case, as_: As) -> None:
    client = as_("chen")
    query = "q=13800000001&show=open&level=L1&level=L3X&least=1万"
    response = client.post("/queue/lists/", {"name": "Early ones", "query": query}, follow=True)
    page = response.content.decode()
    assert "List “Early ones” kept." in page
    held = SavedList.objects.get()
    assert "13800000001" not in held.query
    assert response.redirect_chain[0][0] == f"/queue/?{held.query}"
    assert 'value="L3X" data-submit checked' in page
    assert "Early ones" not in as_("sun").get("/queue/").content.decode()
    client.post("/queue/lists/", {"name": "Early ones", "query": "show=all"})
    assert SavedList.objects.get().query == "show=all"
    as_("sun").post(f"/queue/lists/{held.pk}/")
    assert SavedList.objects.exists(), "somebody else's stays"
    client.post(f"/queue/lists/{held.pk}/")
    assert not SavedList.objects.exists()


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"name": "", "query": "show=open"}, "Give the list a name."),
        ({"name": "Mine", "query": "q=lin"}, "Filter first, then keep the list."),
    ],
)
def test_a_list_that_is_not_kept_says_why(house: dict[str, User], as_: As, told: dict[str, str], message: str) -> None:
    page = as_("chen").post("/queue/lists/", told, follow=True).content.decode()
    assert message in page
    if told["name"]:
        assert f'name="name" value="{told["name"]}"' in page
