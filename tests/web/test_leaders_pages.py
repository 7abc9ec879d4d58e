"""Board, approvals, portfolio, audit, health: figures lead to their lists, decisions have words, the chain is read."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mora.casework import acts, promises
from mora.gate.terms import HoldKind
from mora.store import audit
from mora.store.models import Approval, Case, Event, Hold, Promise, User
from web.conftest import AFTERNOON, As, _made, way


def _figures(page: str) -> dict[str, tuple[str, int]]:
    """Name of a figure to its link and number."""
    found = re.findall(r"<dt>([^<]+)</dt><dd><a class=\"value[^\"]*\" href=\"([^\"]+)\">(\d+)</a>", page)
    return {name: (href.replace("&amp;", "&"), int(number)) for name, href, number in found}


def test_each_figure_is_the_count_of_its_list(case: Case, second: Case, house: dict[str, User], as_: As) -> None:
    Case.objects.filter(pk=case.pk).update(level_due_on=date(2026, 11, 18))
    promises.promise(house["chen"], second, 100, AFTERNOON.date(), "voice", AFTERNOON)
    lost = _made(3)
    Promise.objects.create(
        case=lost, amount_minor=1, currency="CNY", due_on=date(2026, 11, 1), grace_days=2, tolerance_minor=0,
        made_at=AFTERNOON, how="voice", state="broken",
    )  # fmt: skip
    client = as_("sun")
    figures = _figures(client.get("/board/").content.decode())
    assert figures["Cases over their clock"][1] == 1
    assert figures["Promises due today"][1] == 1
    assert figures["Promises broken"][1] == 1
    assert figures["Cases that wait"][1] == 2  # one rests until its promise is due
    for name, (href, number) in figures.items():
        if href.startswith("/queue/"):
            found = re.search(r"(\d+) cases?</p>", client.get(href).content.decode())
            assert found
            assert int(found.group(1)) == number, name


def test_what_people_did_today(case: Case, as_: As) -> None:
    told = {"way": way(case), "result_call": "right_party", "key": "k"}
    as_("chen").post(f"/cases/{case.number}/record/", told)
    page = as_("sun").get("/board/").content.decode()
    row = page[page.index(">陈静<") :][:600]
    assert "touched_by=chen" in row
    listed = as_("sun").get("/queue/?show=all&touched_by=chen").content.decode()
    assert case.number in listed
    assert "worked on today by" in listed


def test_more_people_and_teams_ask_no_more(case: Case, as_: As) -> None:
    client = as_("qian")
    client.get("/board/")
    with CaptureQueriesContext(connection) as few:
        client.get("/board/")
    from mora.store.models import Membership, Team

    for n in range(12):
        team = Team.objects.create(code=f"t{n}", name=f"T{n}")
        Membership.objects.create(user=User.objects.create(username=f"p{n}"), team=team)
    with CaptureQueriesContext(connection) as many:
        client.get("/board/")
    assert len(many) == len(few)


@pytest.fixture
def asked(case: Case, house: dict[str, User]) -> Approval:
    """A hold of sixty days that a collector asked for."""
    made = acts.hold(house["chen"], case, HoldKind.HARDSHIP, AFTERNOON + timedelta(days=60), "hospital", AFTERNOON)
    assert isinstance(made, Approval)
    return made


def test_a_decision_has_words(asked: Approval, as_: As) -> None:
    client = as_("sun")
    page = client.get("/approvals/").content.decode()
    assert "Hold beyond the limit" in page
    assert "hospital" in page
    none = client.post(f"/approvals/{asked.pk}/", {"granted": "yes", "words": " "})
    assert none.status_code == 422
    assert "Say why." in none.content.decode()
    done = client.post(f"/approvals/{asked.pk}/", {"granted": "yes", "words": "papers seen"}, follow=True)
    assert "Granted." in done.content.decode()
    assert "papers seen" in done.content.decode()
    asked.refresh_from_db()
    assert asked.state == "granted"
    assert Hold.objects.get().until == AFTERNOON + timedelta(days=60)
    assert client.post(f"/approvals/{asked.pk}/", {"granted": "no", "words": "x"}).status_code == 404  # not waiting


def test_not_granted(asked: Approval, as_: As) -> None:
    as_("sun").post(f"/approvals/{asked.pk}/", {"granted": "no", "words": "shorter will do"})
    asked.refresh_from_db()
    assert (asked.state, asked.decision) == ("denied", "shorter will do")


def test_ones_own_is_shown_and_not_decided(case: Case, house: dict[str, User], as_: As) -> None:
    made = acts.hold(house["sun"], case, HoldKind.DEATH, None, "told", AFTERNOON)
    client = as_("sun")
    page = client.get("/approvals/").content.decode()
    assert "somebody else decides" in page
    assert ">Grant<" not in page
    assert client.post(f"/approvals/{made.pk}/", {"granted": "yes", "words": "x"}).status_code == 422


def test_a_role_that_does_not_decide_this(asked: Approval, as_: As) -> None:
    client = as_("wu")
    assert "Your role does not decide this." in client.get("/approvals/").content.decode()
    assert client.post(f"/approvals/{asked.pk}/", {"granted": "yes", "words": "x"}).status_code == 422


def test_nothing_to_decide(house: dict[str, User], as_: As) -> None:
    assert "没有待审批事项" in as_("sun", "zh").get("/approvals/").content.decode()


def test_the_chain_is_read_and_its_end_written_down(case: Case, as_: As) -> None:
    client = as_("zheng")
    seq, hash_ = audit.head()
    page = client.get("/audit/").content.decode()
    assert hash_ in page
    assert "are whole and in their order" in client.post("/audit/verify/").content.decode()
    told = client.post("/audit/verify/", {"seq": str(seq), "hash": hash_}).content.decode()
    assert "The event written down still stands there." in told
    wrong = client.post("/audit/verify/", {"seq": str(seq), "hash": "0" * 64}).content.decode()
    assert "is not the event that was written down" in wrong
    beyond = client.post("/audit/verify/", {"seq": str(seq + 5), "hash": hash_}).content.decode()
    assert "the end of the chain was cut off" in beyond
    half = client.post("/audit/verify/", {"seq": "x", "hash": hash_})
    assert half.status_code == 422
    assert hash_ in half.content.decode()


def test_an_altered_event_is_found(case: Case, as_: As) -> None:
    from casework.conftest import behind_its_back

    behind_its_back(lambda: Event.objects.filter(action="case.open").update(reason="never"))
    told = as_("zheng").post("/audit/verify/").content.decode()
    assert "The record is broken at 1 place" in re.sub(r"\s+", " ", told)
    assert "was altered" in told


def test_audit_is_searched_and_paged(case: Case, house: dict[str, User], as_: As) -> None:
    for n in range(120):
        acts.note(house["chen"], case, f"n{n}", AFTERNOON)
    client = as_("zheng")

    def count(**asked: str) -> int:
        found = re.search(r"(\d+) events?</p>", client.get("/audit/", asked).content.decode())
        assert found
        return int(found.group(1))

    assert count(subject=case.number) == 121
    assert count(subject=case.number, action="note.write") == 120
    assert count(actor="CHEN") == 120
    assert count(since="2026-11-20", until="2026-11-20", actor="chen") == 120
    assert count(since="2026-11-21", actor="chen") == 0
    assert client.get("/audit/", {"since": "someday"}).status_code == 422
    page = client.get("/audit/", {"actor": "chen"}).content.decode()
    follows = re.search(r'rel="next" href="([^"]+)"', page)
    assert follows
    rest = client.get("/audit/" + follows.group(1).replace("&amp;", "&")).content.decode()
    assert len(re.findall(r'<tr><td class="num">', page)) == 100
    assert len(re.findall(r'<tr><td class="num">', rest)) == 20


@pytest.mark.parametrize("language", ["zh", "en"])
def test_portfolio(cases: list[Case], as_: As, language: str) -> None:
    client = as_("qian", language)
    page = client.get("/portfolio/").content.decode()
    assert {"zh": "迁徙矩阵", "en": "Roll matrix"}[language] in page
    assert "SYNTHETIC" in page or "合成数据" in page
    assert page.count('<tr><th scope="row">2026-11-') == 3  # a trend of the three days that were run
    other = client.get("/portfolio/", {"as_of": "2026-11-18", "currency": "USD"}).content.decode()
    assert {"zh": "首日运行", "en": "This is the first day"}[language] in other
    assert client.get("/portfolio/", {"as_of": "nonsense", "currency": "XXX"}).status_code == 200


def test_portfolio_without_a_book(house: dict[str, User], as_: As, settings: object) -> None:
    settings.MORA_BOOK = ""  # type: ignore[attr-defined]
    assert "No day was run yet" in as_("qian").get("/portfolio/").content.decode()
    settings.MORA_BOOK = "/nowhere"  # type: ignore[attr-defined]
    assert as_("qian").get("/portfolio/").status_code == 409


def test_health_for_machines(cases: list[Case]) -> None:
    response = Client().get("/health/")
    assert response.status_code == 200
    assert response.json() == {"ok": True, "checks": {"database": True, "book": True, "day": True}}


def test_health_without_a_book(db: None, settings: object, as_: As) -> None:
    settings.MORA_BOOK = ""  # type: ignore[attr-defined]
    response = Client().get("/health/")
    assert response.status_code == 503
    assert response.json()["checks"]["book"] is False
    page = as_("admin").get("/health/page/").content.decode()
    assert "Name the book's folder in MORA_BOOK" in page


def test_rights_page_is_the_file(as_: As) -> None:
    from mora.casework.policy_files import rights

    page = as_("chen").get("/rights/").content.decode()
    assert page.count('<tr><th scope="row">') == len(rights())
    assert page.count(">placed<") == sum(row.get("agency") == "placed" for row in rights().values())
