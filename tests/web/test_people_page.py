"""The administrator's pages: adding people, what they may do first, and that nothing is shown twice."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mora.store.models import Approval, Branch, Case, Event, Membership, Team, User
from web.conftest import As

House = dict[str, User]
NEW = {
    "username": "hu", "name": "胡月", "language": "en", "role": "collector", "teams": "collector", "trained_on": "",
    "reason": "joined",
}  # fmt: skip


def _text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def _given(page: str) -> str:
    found = re.search(r'id="given">([a-z0-9-]+)<', page)
    assert found is not None
    return found.group(1)


def _in(client: Client, name: str, password: str) -> object:
    return client.post("/accounts/login/", {"login": name, "password": password})


def test_from_added_to_working(house: House, as_: As) -> None:
    admin = as_("admin")
    response = admin.post("/people/add/", NEW)
    password = _given(response.content.decode())
    assert "no-store" in response["Cache-Control"]
    person = User.objects.get(username="hu")
    assert password not in admin.get(f"/people/{person.pk}/").content.decode(), "shown once"
    assert admin.post("/people/add/", NEW).status_code == 422, "the same form sent again makes nobody"

    hu = Client()
    assert _in(hu, "hu", password)["Location"] == "/"  # type: ignore[index]
    for path in ("/queue/", "/", "/rights/", "/accounts/2fa/"):
        assert hu.get(path)["Location"] == "/accounts/password/change/", path
    assert hu.post("/queue/next/")["Location"] == "/accounts/password/change/"
    page = hu.get("/accounts/password/change/").content.decode()
    assert "Your password was given by an administrator." in page
    told = {"oldpassword": password, "password1": password, "password2": password}
    assert "This is the password you were given." in hu.post("/accounts/password/change/", told).content.decode()
    told |= {"password1": "Elm-and-oak-7", "password2": "Elm-and-oak-7"}
    assert hu.post("/accounts/password/change/", told)["Location"] == "/"
    assert hu.get("/queue/").status_code == 200
    assert Event.objects.get(action="person.own_password").actor == "hu"
    assert _in(Client(), "hu", "Elm-and-oak-7")["Location"] == "/"  # type: ignore[index]


def test_a_leader_waits_for_the_second_person(house: House, as_: As) -> None:
    admin = as_("admin")
    told = NEW | {"role": "team_leader", "leads": "collector"}
    page = admin.post("/people/add/", told).content.decode()
    password = _given(page)
    assert "when a second person has agreed" in page
    person = User.objects.get(username="hu")
    assert "waits for approval" in admin.get("/people/?show=all").content.decode()
    assert _in(Client(), "hu", password).status_code == 302  # type: ignore[attr-defined]
    shut = Client()
    _in(shut, "hu", password)
    assert shut.get("/queue/").status_code == 302
    page = _text(as_("qian").get("/approvals/").content.decode())
    assert "Giving a role" in page
    assert "胡月 hu · Team leader · 催收组 · leads 催收组 · opens the log-in" in page
    asked = Approval.objects.get()
    assert as_("wu").post(f"/approvals/{asked.pk}/", {"words": "x", "granted": "yes"}).status_code == 404
    as_("qian").post(f"/approvals/{asked.pk}/", {"words": "agreed", "granted": "yes"})
    person.refresh_from_db()
    assert person.is_active
    assert _in(Client(), "hu", password)["Location"] == "/"  # type: ignore[index]


def test_disabled_is_out_at_once_and_stays_out(case: Case, house: House, as_: As) -> None:
    Case.objects.filter(pk=case.pk).update(owner=house["chen"])
    chen, admin = as_("chen"), as_("admin")
    assert chen.get("/queue/").status_code == 200
    here = f"/people/{house['chen'].pk}/"
    page = admin.post(f"{here}disable/", {"reason": "left"}, follow=True).content.decode()
    assert "Disabled; 1 case went back to its team." in page
    assert chen.get("/queue/").status_code == 302
    admin.post(f"{here}enable/", {"reason": "came back"})
    assert chen.get("/queue/").status_code == 302, "the log-in of before does not come to life again"
    case.refresh_from_db()
    assert case.owner is None
    page = _text(admin.get(here).content.decode())
    assert "Person disabled left" in page
    assert "Person enabled came back" in page


def test_password_factor_and_lock_from_the_page(house: House, as_: As) -> None:
    chen, admin = house["chen"], as_("admin")
    here = f"/people/{chen.pk}/"
    Authenticator.objects.create(user=chen, type=Authenticator.Type.TOTP, data={})
    AccessAttempt.objects.create(
        username="chen", ip_address="192.0.2.7", user_agent="x", failures_since_start=5, http_accept="", path_info=""
    )
    page = _text(admin.get("/people/").content.decode())
    assert re.search(r"陈静 chen Collector 催收组 0 on – locked", page)
    inside = as_("chen")
    assert (
        "Second factor taken away" in admin.post(f"{here}second-factor/", {"reason": "x"}, follow=True).content.decode()
    )
    assert inside.get("/queue/").status_code == 302
    assert "Unlocked." in admin.post(f"{here}unlock/", {"reason": "x"}, follow=True).content.decode()
    inside = as_("chen")
    password = _given(admin.post(f"{here}password/", {"reason": "x"}).content.decode())
    assert inside.get("/queue/").status_code == 302
    fresh = Client()
    assert _in(fresh, "chen", password)["Location"] == "/"  # type: ignore[index]
    assert fresh.get("/queue/")["Location"] == "/accounts/password/change/"
    assert "first password" in admin.get("/people/").content.decode()


def test_role_and_teams_from_the_page(house: House, as_: As) -> None:
    admin, chen = as_("admin"), house["chen"]
    told = {"role": "account_manager", "teams": ["account-manager", "collector"], "reason": "moved"}
    page = admin.post(f"/people/{chen.pk}/place/", told, follow=True).content.decode()
    assert "Role and teams set." in page
    assert "role collector → account_manager" in page
    assert {each.team.code for each in Membership.objects.filter(user=chen)} == {"account-manager", "collector"}
    told = {"role": "manager", "teams": ["collector"], "leads": ["account-manager"], "reason": "typed words"}
    response = admin.post(f"/people/{chen.pk}/place/", told)
    page = response.content.decode()
    assert response.status_code == 422
    assert "One leads teams one is in." in page
    assert 'value="typed words"' in page
    assert '<option value="manager" selected>' in page
    page = admin.post(f"/people/{chen.pk}/place/", told | {"leads": []}, follow=True).content.decode()
    assert "Asked for; it holds when somebody with the authority agrees." in page
    assert "a second person decides" in page
    own = house["admin"].pk
    response = admin.post(f"/people/{own}/place/", {"role": "manager", "reason": "x"})
    assert "Nobody changes the own role." in response.content.decode()


def test_particulars_from_the_page(house: House, as_: As) -> None:
    admin, chen = as_("admin"), house["chen"]
    told = {"name": "陈婧", "language": "en", "trained_on": "2026-11-02", "reason": "x"}
    assert "Changed." in admin.post(f"/people/{chen.pk}/particulars/", told, follow=True).content.decode()
    chen.refresh_from_db()
    assert (chen.display_name, chen.language, str(chen.trained_on)) == ("陈婧", "en", "2026-11-02")


def test_teams_and_branches_from_the_page(house: House, as_: As) -> None:
    admin = as_("admin")
    page = admin.post(
        "/people/branches/add/", {"code": "SYN-BR01", "name": "First", "reason": "x"}, follow=True
    ).content.decode()
    assert "Branch “First” made." in page
    told = {"code": "first", "name": "First collectors", "kind": "house", "role": "collector", "branch": "SYN-BR01",
            "reason": "x"}  # fmt: skip
    assert "Team “First collectors” made." in admin.post("/people/teams/add/", told, follow=True).content.decode()
    team = Team.objects.get(code="collector")
    told = {"name": "Collectors", "role": "collector", "branch": "", "leaders": [], "reason": "x"}
    page = admin.post(f"/people/teams/{team.pk}/", told, follow=True).content.decode()
    assert "Team “Collectors” changed." in page
    assert not Membership.objects.filter(team=team, leads=True).exists()
    branch = Branch.objects.get()
    page = admin.post(f"/people/branches/{branch.pk}/", {"name": "Head", "reason": "x"}, follow=True).content.decode()
    assert "Head" in page
    response = admin.post(f"/people/teams/{team.pk}/", told | {"name": "", "reason": "typed words"})
    page = response.content.decode()
    assert (response.status_code, page.count("Give a name.")) == (422, 1)
    assert 'value="typed words"' in page


def test_the_list_is_searched_and_filtered(house: House, as_: As) -> None:
    admin = as_("admin")

    def names(query: str) -> set[str]:
        page = admin.get(f"/people/{query}").content.decode()
        return set(re.findall(r'<td class="wide">([a-z]+)</td>', page)) & set(house)

    assert names("?q=陈") == {"chen"}
    assert names("?role=team_leader") == {"sun"}
    assert names("?team=account-manager") == {"lin", "sun"}
    assert names("?show=disabled") == set()
    assert names("") == set(house)
    assert "Nobody fits" in admin.get("/people/?q=nobody").content.decode()


@pytest.mark.parametrize("path", ["/people/", "/people/teams/", "person"])
def test_more_people_ask_no_more(house: House, as_: As, path: str) -> None:
    admin = as_("admin")
    path = f"/people/{house['chen'].pk}/" if path == "person" else path
    admin.get(path)
    with CaptureQueriesContext(connection) as few:
        admin.get(path)
    for n in range(12):
        person = User.objects.create(username=f"n{n:02}", role="team_leader")
        Membership.objects.create(user=person, team=Team.objects.create(code=f"t{n}", name=f"T{n}"))
        Membership.objects.create(user=house["chen"], team=Team.objects.get(code=f"t{n}"))
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
        Branch.objects.create(code=f"b{n}", name=f"B{n}")
    with CaptureQueriesContext(connection) as many:
        admin.get(path)
    assert len(many) == len(few)


def test_a_long_list_has_pages(house: House, as_: As) -> None:
    User.objects.bulk_create(User(username=f"n{n:03}", role="collector") for n in range(60))
    admin = as_("admin")
    first = admin.get("/people/").content.decode()
    link = re.search(r'rel="next" href="([^"]+)"', first)
    assert link is not None
    second = admin.get("/people/" + link.group(1).replace("&amp;", "&")).content.decode()
    both = re.findall(r'<td class="wide">(n\d{3})</td>', first)
    both += re.findall(r'<td class="wide">(n\d{3})</td>', second)
    assert both == [f"n{n:03}" for n in range(60)]


def test_one_changes_ones_own_password_from_the_navigation(as_: As) -> None:
    assert 'href="/accounts/password/change/"' in as_("chen").get("/queue/").content.decode()
