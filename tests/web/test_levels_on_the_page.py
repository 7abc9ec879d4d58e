"""Reviews, checklists and clocks through the pages: each step says what comes next, refusals keep what was typed."""

from __future__ import annotations

import re
from datetime import date

import pytest

from mora.casework import level_clock
from mora.casework.policy_files import rule_of
from mora.store.models import Case, CheckDone, Review, Team, User
from web.conftest import AFTERNOON, As

HTMX = {"HTTP_HX_REQUEST": "true"}


def _text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def _level(case: Case, level: str, team: str) -> Case:
    Case.objects.filter(pk=case.pk).update(level=level, team=Team.objects.get(code=team), days_past_due=9)
    case.refresh_from_db()
    return case


def test_two_opinions_and_a_decision(case: Case, house: dict[str, User], as_: As) -> None:
    _level(case, "L3", "risk-reviewer")
    address = f"/cases/{case.number}/review/"
    page = as_("wu").post(address, {"view": "keep", "view_words": "pays late, but pays"}, **HTMX).content.decode()
    assert "Somebody else gives the second one." in page
    text = _text(page)
    assert "Risk review second opinion wanted First opinion Go on as now pays late, but pays" in text
    assert "You have given an opinion; somebody else goes on." in text
    page = as_("qian").post(address, {"view": "court", "view_words": "sells assets"}, **HTMX).content.decode()
    assert "The two differ: a third person decides." in page
    User.objects.create(username="third", role="risk_reviewer", display_name="Third")
    third = as_("third")
    assert "Decision" in _text(third.get(f"/cases/{case.number}/").content.decode())
    page = third.post(address, {"view": "plan", "view_words": "offer a plan first"}, **HTMX).content.decode()
    assert "Review closed: Agree a plan." in page
    assert "done in this level" in _text(page)
    assert 'id="act-review"' not in page, "nothing more is wanted in this level"


@pytest.mark.parametrize(
    ("told", "message"),
    [({"view_words": "typed words"}, "Choose an opinion."), ({"view": "plan"}, "Say what the opinion rests on.")],
)
def test_a_refused_opinion_keeps_what_was_typed(case: Case, as_: As, told: dict[str, str], message: str) -> None:
    _level(case, "L3", "risk-reviewer")
    response = as_("wu").post(f"/cases/{case.number}/review/", told)
    assert response.status_code == 422
    page = response.content.decode()
    form = page[page.index('id="act-review" open') : page.index("</details>", page.index('id="act-review"'))]
    assert message in form
    assert told.get("view_words", "") in form
    assert ('value="plan" checked' in form) == ("view" in told)
    assert not Review.objects.exists()


def test_the_checklist_leads_to_ready_and_to_the_board(case: Case, as_: As) -> None:
    _level(case, "L4", "legal-officer")
    rule = rule_of("L4")
    assert rule is not None
    client, address = as_("zhao"), f"/cases/{case.number}/checks/"
    text = _text(client.get(f"/cases/{case.number}/").content.decode())
    assert "being prepared for court 0 / 7" in text
    for item in rule.checklist:
        page = client.post(address, {"item": item, "done": "yes", "words": f"folder {item}"}, **HTMX).content.decode()
    assert "the case is ready for court" in page
    assert "folder contract" in page
    assert "ready since 2026-11-20" in _text(page)
    assert f">{case.number}</a>" in client.get("/queue/?show=open&court=ready").content.decode()
    assert f">{case.number}</a>" not in client.get("/queue/?show=open&court=open").content.decode()
    figure = re.search(r"<dt>Ready for court</dt><dd><a[^>]*>(\d+)</a>", as_("qian").get("/board/").content.decode())
    assert figure is not None
    assert figure.group(1) == "1"
    assert client.post(address, {"item": "moon", "done": "yes"}).status_code == 422
    client.post(address, {"item": "demand", "done": "no"})
    assert CheckDone.objects.count() == 6
    assert f">{case.number}</a>" in client.get("/queue/?show=open&court=open").content.decode()


def test_an_overdue_case_is_shown_to_its_leader_who_gives_more_time(case: Case, as_: As) -> None:
    Case.objects.filter(pk=case.pk).update(level_due_on=date(2026, 11, 18), owner=User.objects.get(username="chen"))
    level_clock.escalate_overdue(AFTERNOON)
    leader = as_("sun")
    assert "clock ran out, escalated to 孙蕾" in _text(leader.get(f"/cases/{case.number}/").content.decode())
    board = leader.get("/board/").content.decode()
    assert re.search(r"<dt>Escalated to you</dt><dd><a class=\"value over\"[^>]*>1</a>", board)
    listed = leader.get("/queue/?show=open&escalated=me").content.decode()
    assert case.number in listed
    assert "escalated to me" in listed
    address = f"/cases/{case.number}/clock/"
    response = leader.post(address, {"clock_until": "never", "clock_why": "typed"})
    assert response.status_code == 422
    assert 'value="typed"' in response.content.decode()
    page = leader.post(address, {"clock_until": "+3", "clock_why": "line was down"}, **HTMX).content.decode()
    assert "The clock runs until 2026-11-23 now." in page
    assert "escalated to 孙蕾" not in _text(page)
    assert as_("chen").post(address, {"clock_until": "+3", "clock_why": "x"}).status_code == 403
