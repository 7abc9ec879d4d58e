"""The queue: what is next and why, finding a case, paging by keys, and no more questions for more rows."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mora.casework import queue
from mora.casework.people import demonstration
from mora.store.models import Case, CaseLoan, Event, Party, Team, User
from web.conftest import AFTERNOON, As

TODAY = date(2026, 11, 20)


def _many(count: int, team: str = "collector") -> None:
    held = Team.objects.get(code=team)
    for n in range(count):
        party = Party.objects.create(party_id=f"Q{n}", name_mask=f"林*{n}")
        case = Case.objects.create(
            party=party, number=f"C-Q{n:04d}", level="L1", level_since=TODAY, level_due_on=TODAY, currency="CNY",
            arrears_minor=1000 + n // 3, outstanding_minor=1, days_past_due=1 + n % 7, as_of=TODAY, opened_on=TODAY,
            team=held, priority=n // 5,
        )  # fmt: skip
        CaseLoan.objects.create(
            case=case, loan_id=f"L-Q{n}", product="cn_consumer", days_past_due=1, overdue_principal_minor=1,
            overdue_interest_minor=0, overdue_fee_minor=0, penalty_minor=0, compound_minor=0, arrears_minor=1,
            outstanding_principal_minor=1, as_of=TODAY, branch=f"B{n % 3}",
        )  # fmt: skip


def test_next_case_stands_alone_with_its_reason(case: Case, as_: As) -> None:
    client = as_("chen")
    page = client.get("/queue/").content.decode()
    first = queue.waiting(User.objects.get(username="chen"), AFTERNOON).first()
    assert first is not None
    alone = page[page.index('class="first"') : page.index('class="filters"')]
    assert first.number in alone
    assert "Why it comes first" in alone
    taken = client.post("/queue/next/")
    assert taken["Location"] == f"/cases/{first.number}/"
    assert "You are working on" in client.get("/queue/").content.decode()
    assert Event.objects.filter(action="case.take", subject=first.number).exists()


def test_nothing_waits(house: dict[str, User], as_: As) -> None:
    client = as_("chen", "zh")
    assert "现在没有待办案件" in client.get("/queue/").content.decode()
    response = client.post("/queue/next/", follow=True)
    assert response.redirect_chain == [("/queue/", 302)]
    assert "现在没有待办案件。" in response.content.decode()


@pytest.mark.parametrize("by", ["number", "loan", "phone", "phone without its country", "document", "name", "initials"])
def test_found_by(case: Case, as_: As, by: str) -> None:
    party, point = case.party, case.party.points.get(channel="mobile")
    phone = point._meta.get_field("value").open(point)
    name = party._meta.get_field("name").open(party)
    text = {
        "number": case.number, "loan": case.loans.all()[0].loan_id, "phone": phone,
        "phone without its country": phone.removeprefix("+86"), "name": name, "initials": party.pinyin,
        "document": party._meta.get_field("id_number").open(party),
    }[by]  # fmt: skip
    page = as_("chen").get("/queue/", {"q": text}).content.decode()
    assert f">{case.number}</a>" in page
    assert name not in page.replace(f'value="{name}"', "").replace(f"</span> {name} <b", "")  # only what was typed


def test_what_is_not_found_says_how_to_find(case: Case, as_: As) -> None:
    page = as_("chen").get("/queue/", {"q": "99999999"}).content.decode()
    assert "No case fits" in page
    assert "found whole" in page


def test_filters(house: dict[str, User], as_: As) -> None:
    _many(30)
    client = as_("sun")

    def count(**asked: str) -> int:
        page = client.get("/queue/", {"show": "open"} | asked).content.decode()
        found = re.search(r"(\d+) cases?</p>", page)
        assert found
        return int(found.group(1))

    assert count() == 30
    assert count(branch="B0") == 10
    assert count(level="L2") == 0
    assert count(product="cn_consumer", branch="B1") == 10
    assert count(least="10.05") == 15  # 1005 minor and more: three rows a step, ten steps, the first five left out
    assert count(most="10.00") == 3
    assert count(least="10.05", most="10.05") == 3
    assert count(clock="over") == 0  # due today is not over
    Case.objects.update(level_due_on=TODAY - timedelta(days=1))
    assert count(clock="over") == 30
    assert count(team="account-manager") == 0
    assert count(owner="nobody") == 30


def test_an_amount_that_cannot_be_read_is_said(house: dict[str, User], as_: As) -> None:
    response = as_("chen").get("/queue/", {"least": "many"})
    assert response.status_code == 422
    assert "is no amount" in response.content.decode()


@pytest.mark.parametrize("sort", ["priority", "days", "amount", "clock", "newest"])
def test_pages_hold_every_case_once_in_order(house: dict[str, User], as_: As, sort: str) -> None:
    _many(137)
    Case.objects.filter(number__endswith="7").update(level_due_on=None, pinned=True)
    client, seen, address = as_("sun"), [], f"/queue/?show=open&sort={sort}"
    for _ in range(5):
        page = client.get(address).content.decode()
        seen += re.findall(r'<td><a href="/cases/(C-Q\d+)/', page)
        follows = re.search(r'rel="next" href="([^"]+)"', page)
        if not follows:
            break
        address = "/queue/" + follows.group(1).replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 137
    of = {case.number: case for case in Case.objects.all()}
    keys = {
        "priority": lambda c: (not c.pinned, -c.priority),
        "days": lambda c: -c.days_past_due,
        "amount": lambda c: -c.arrears_minor,
        "clock": lambda c: c.level_due_on or date(9999, 12, 31),
        "newest": lambda c: -c.opened_on.toordinal(),
    }
    order = [keys[sort](of[number]) for number in seen]
    assert order == sorted(order)


def test_a_page_that_is_no_page_begins_anew(house: dict[str, User], as_: As) -> None:
    _many(3)
    client = as_("sun")
    for after in ("x", "a~b~c", "True~x~y", "~~", "1~2"):
        assert client.get("/queue/", {"show": "open", "after": after}).status_code == 200


def test_two_hundred_rows_ask_as_much_as_two(house: dict[str, User], as_: As) -> None:
    client = as_("sun")
    _many(2)
    client.get("/queue/?show=open")
    with CaptureQueriesContext(connection) as few:
        client.get("/queue/?show=open")
    CaseLoan.objects.all().delete()
    Case.objects.all().delete()
    Party.objects.all().delete()
    _many(200)
    with CaptureQueriesContext(connection) as many:
        client.get("/queue/?show=open")
    assert len(many) == len(few)
    assert len(many) <= 20


def test_export(house: dict[str, User], as_: As) -> None:
    import io

    import fastexcel

    _many(7)
    client = as_("sun")
    response = client.get("/queue/export/", {"show": "open", "branch": "B0", "q": ""})
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    sheet = fastexcel.read_excel(io.BytesIO(response.content).getvalue()).load_sheet(0).to_polars()
    assert sheet.height == 3
    assert sorted(sheet["Case"].to_list()) == ["C-Q0000", "C-Q0003", "C-Q0006"]
    assert sheet.filter(sheet["Case"] == "C-Q0003")["Arrears"].to_list() == [10.01]
    event = Event.objects.get(action="list.export")
    assert event.data == {"rows": 3, "asked": "branch=B0&show=open"}
    assert as_("chen").get("/queue/export/").status_code == 403


def test_search_text_is_not_written_down(case: Case, as_: As) -> None:
    as_("sun").get("/queue/export/", {"q": "13800001234", "show": "all"})
    assert "13800001234" not in str(Event.objects.get(action="list.export").data)


def test_people_of_the_demonstration_have_their_pages(db: None, as_: As) -> None:
    for user in demonstration(AFTERNOON):
        response = as_(user.username).get("/", follow=True)
        assert response.status_code in (200, 403), user.username  # the administrator works no cases
