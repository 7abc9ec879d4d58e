"""The lender's own people: who may be made what by whom, who stays, and what happens to the cases of those who go."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt

from casework.conftest import AFTERNOON
from mora.casework import acts, board, houses, people, roster, staff
from mora.casework.policy_files import authority
from mora.casework.rights import NotAllowed
from mora.casework.staff import Place, Told
from mora.core.errors import Refused
from mora.store.models import Absence, Approval, Case, Event, Membership, Party, Team, User
from mora.store.models.people import Role

House = dict[str, User]


def _add(by: User, username: str = "hu", role: str = "collector", **more: Any) -> staff.Made:
    place = Place(role, more.pop("teams", ("collector",)), more.pop("leads", ()))
    told = Told(more.pop("name", "胡月"), more.pop("language", "zh"), more.pop("trained_on", None))
    return staff.add(by, username, told, place, more.pop("reason", "入职"), AFTERNOON)


def _case(number: str, owner: User, team: str = "collector") -> Case:
    party = Party.objects.create(party_id=number, name_mask="林*明")
    return Case.objects.create(
        party=party, number=number, level="L1", level_since=AFTERNOON.date(), currency="CNY", arrears_minor=100,
        outstanding_minor=100, days_past_due=2, as_of=AFTERNOON.date(), opened_on=AFTERNOON.date(), owner=owner,
        team=Team.objects.get(code=team),
    )  # fmt: skip


def _told(person: str) -> list[tuple[str, str, str]]:
    return list(Event.objects.filter(subject=person).order_by("seq").values_list("action", "actor", "reason"))


def test_somebody_new_logs_in_with_a_password_that_must_be_changed(house: House) -> None:
    made = _add(house["admin"])
    person = User.objects.get(username="hu")
    assert person.check_password(made.password)
    assert (person.must_change_password, person.is_active, person.role) == (True, True, "collector")
    assert [each.team.code for each in person.memberships.all()] == ["collector"]
    assert [each[0] for each in _told("hu")] == ["person.make", "person.place"]
    event = Event.objects.get(action="person.place", subject="hu")
    assert event.data["before"] == {"role": "", "teams": [], "leads": []}
    assert event.data["after"] == {"role": "collector", "teams": ["collector"], "leads": []}
    assert made.password not in str(list(Event.objects.values()))
    assert made.password not in repr(made)
    assert len({staff.first_password() for _ in range(200)}) == 200


@pytest.mark.parametrize(
    ("told", "about", "message"),
    [
        ({"username": ""}, "username", "2 to 40"),
        ({"username": "a b"}, "username", "2 to 40"),
        ({"username": "chen"}, "username", "is taken"),
        ({"username": "CHEN"}, "username", "is taken"),
        ({"username": "mora"}, "username", "2 to 40"),  # the record calls the system so
        ({"name": " "}, "name", "give the name"),
        ({"name": "名" * 81}, "name", "80"),
        ({"language": "fr"}, "language", "choose a language"),
        ({"role": "king"}, "role", "choose a role"),
        ({"teams": ("nowhere",)}, "teams", "no team nowhere"),
        ({"role": "agency"}, "teams", "not for this role"),
        ({"role": "agency", "teams": ()}, "teams", "belongs to an agency"),
        ({"teams": ("agency-a",)}, "teams", "not for this role"),
        ({"leads": ("collector",)}, "leads", "may not look after a team"),
        ({"trained_on": AFTERNOON.date() + timedelta(days=1)}, "trained_on", "not ahead"),
        ({"reason": " "}, "reason", "say why"),
    ],
)
def test_who_is_not_made_and_why(house: House, told: dict[str, Any], about: str, message: str) -> None:
    events = Event.objects.count()
    with pytest.raises(Refused, match=message) as refused:
        _add(house["admin"], **told)
    assert refused.value.about == about
    assert (User.objects.count(), Event.objects.count()) == (len(house), events)


def test_only_who_manages_people_does_any_of_it(house: House) -> None:
    chen = house["chen"]
    for who in set(house) - {"admin"}:
        by = house[who]
        for act in (
            lambda by=by: _add(by),
            lambda by=by: staff.place(by, chen, Place("auditor"), "x", AFTERNOON),
            lambda by=by: staff.tell(by, chen, Told("x"), "x", AFTERNOON),
            lambda by=by: staff.disable(by, chen, "x", AFTERNOON),
            lambda by=by: staff.enable(by, chen, "x", AFTERNOON),
            lambda by=by: staff.new_password(by, chen, "x", AFTERNOON),
            lambda by=by: staff.reset_factor(by, chen, "x", AFTERNOON),
            lambda by=by: staff.unlock(by, chen, "x", AFTERNOON),
            lambda by=by: houses.add_team(by, "t", houses.TeamTold("t"), "x", AFTERNOON),
            lambda by=by: houses.add_branch(by, "t", "t", "x", AFTERNOON),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_a_role_that_approves_is_given_by_two(house: House) -> None:
    made = _add(house["admin"], "ma", "team_leader", leads=("collector",))
    assert made.asked is not None
    assert not User.objects.get(username="ma").is_active
    for who in ("sun", "wu"):  # they approve other things
        with pytest.raises(Refused, match="is decided by manager"):
            acts.decide(house[who], made.asked, True, "fine", AFTERNOON)
        assert made.asked not in board.approvals_for(house[who], AFTERNOON)
    assert made.asked in board.approvals_for(house["qian"], AFTERNOON)
    acts.decide(house["qian"], made.asked, True, "fine", AFTERNOON)
    person = User.objects.get(username="ma")
    assert person.is_active
    assert Membership.objects.get(user=person).leads
    told = _told("ma")
    assert ("person.ask", "admin", "入职") in told
    assert ("approval.granted", "qian", "fine") in told
    assert told[-2][:2] == ("person.enable", "qian")


def test_what_was_denied_changes_nothing(house: House) -> None:
    asked = staff.place(house["admin"], house["chen"], Place("manager"), "promoted", AFTERNOON)
    assert asked is not None
    assert User.objects.get(username="chen").role == "collector", "until somebody agrees"
    with pytest.raises(Refused, match="waits for approval already"):
        staff.place(house["admin"], house["chen"], Place("auditor"), "x", AFTERNOON)
    acts.decide(house["qian"], asked, False, "no", AFTERNOON)
    assert User.objects.get(username="chen").role == "collector"
    assert staff.waiting_for(house["chen"]) is None
    # A role that approves nothing needs nobody else.
    assert staff.place(house["admin"], house["chen"], Place("auditor"), "moved", AFTERNOON) is None
    assert User.objects.get(username="chen").role == "auditor"


def test_nobody_decides_on_the_own_role(house: House, tmp_path: Path, settings: Any) -> None:
    """A lender's own file in which leaders decide: still not on themselves."""
    table = dict(authority()) | {"grant_role": {"roles": ["manager"], "decides": ["team_leader"]}}
    (tmp_path / "authority.yaml").write_text(yaml.safe_dump(table), encoding="utf-8")
    other = User.objects.create(username="tian", role="team_leader")
    settings.MORA_POLICY = str(tmp_path)
    authority.cache_clear()
    try:
        asked = staff.place(house["admin"], house["sun"], Place("manager"), "x", AFTERNOON)
        assert asked is not None
        with pytest.raises(Refused, match="nobody decides on the own role"):
            acts.decide(house["sun"], asked, True, "me", AFTERNOON)
        acts.decide(other, asked, True, "fine", AFTERNOON)
        assert User.objects.get(username="sun").role == "manager"
    finally:
        settings.MORA_POLICY = ""
        authority.cache_clear()


def test_without_an_entry_in_the_file_one_person_gives_every_role(house: House, tmp_path: Path, settings: Any) -> None:
    table = {act: row for act, row in authority().items() if act != "grant_role"}
    (tmp_path / "authority.yaml").write_text(yaml.safe_dump(table), encoding="utf-8")
    settings.MORA_POLICY = str(tmp_path)
    authority.cache_clear()
    try:
        assert staff.place(house["admin"], house["chen"], Place("manager"), "x", AFTERNOON) is None
        assert User.objects.get(username="chen").role == "manager"
    finally:
        settings.MORA_POLICY = ""
        authority.cache_clear()


def test_a_new_house_makes_its_first_manager_alone_and_the_record_says_so(db: None) -> None:
    first = people.make_person("installation", "root", "Root", Role.ADMINISTRATOR, "x", AFTERNOON)
    made = _add(first, "gu", "manager", teams=())
    assert made.asked is None
    assert User.objects.get(username="gu").is_active
    assert Event.objects.get(subject="gu", action="person.place").data["second_person"] == "nobody there"
    assert _add(first, "he", "manager", teams=()).asked is not None, "the second one waits for the first"


def test_nobody_changes_the_own_role_or_goes_alone(house: House) -> None:
    admin = house["admin"]
    with pytest.raises(Refused, match="nobody changes the own role"):
        staff.place(admin, admin, Place("manager"), "x", AFTERNOON)
    with pytest.raises(Refused, match="nobody disables the own"):
        staff.disable(admin, admin, "x", AFTERNOON)
    for act in (staff.new_password, staff.reset_factor):
        with pytest.raises(Refused, match="own"):
            act(admin, admin, "x", AFTERNOON)


def test_the_last_administrator_stays(house: House) -> None:
    admin = house["admin"]
    other = people.make_person("mora", "xu", "许", Role.ADMINISTRATOR, "x", AFTERNOON)
    User.objects.filter(pk=admin.pk).update(is_active=False)  # left alone: xu
    ghost = User.objects.get(pk=admin.pk)
    ghost.is_active = True  # somebody who still holds a page open
    for act in (
        lambda: staff.place(ghost, other, Place("auditor"), "x", AFTERNOON),
        lambda: staff.disable(ghost, other, "x", AFTERNOON),
    ):
        with pytest.raises(Refused, match="last administrator"):
            act()
    User.objects.filter(pk=admin.pk).update(is_active=True)
    staff.disable(admin, other, "left", AFTERNOON)
    assert not User.objects.get(pk=other.pk).is_active


def test_who_is_disabled_leaves_nothing_behind(house: House) -> None:
    chen, lin = house["chen"], house["lin"]
    mine, taken, closed = _case("C-1", chen), _case("C-2", lin), _case("C-3", chen)
    Case.objects.filter(pk=closed.pk).update(state="closed")
    Case.objects.filter(pk=taken.pk).update(
        taken_by=chen, taken_until=AFTERNOON + timedelta(hours=1), call_back_for=chen, escalated_to=chen,
        escalated_on=AFTERNOON.date(),
    )  # fmt: skip
    Absence.objects.create(user=lin, deputy=chen, since=AFTERNOON.date(), until=AFTERNOON.date() + timedelta(days=3))
    before = chen.get_session_auth_hash()
    assert staff.disable(house["admin"], chen, "left the bank", AFTERNOON) == 1
    chen.refresh_from_db()
    assert not chen.is_active
    assert chen.get_session_auth_hash() != before, "log-ins from before no longer count"
    for case in (mine, taken, closed):
        case.refresh_from_db()
    assert (mine.owner, mine.team.code) == (None, "collector")  # type: ignore[union-attr]
    assert (taken.owner, taken.taken_by, taken.call_back_for, taken.escalated_to) == (lin, None, None, None)
    assert closed.owner == chen, "what is closed stays as it was"
    assert Absence.objects.get().deputy is None
    event = Event.objects.get(action="case.assign", subject="C-1")
    assert (event.actor, event.reason, event.data) == ("admin", "left the bank", {"before": "chen", "after": ""})
    held = Event.objects.get(action="person.disable")
    assert (held.data["before"], held.data["after"], held.data["cases"]) == (True, False, 1)
    with pytest.raises(Refused, match="disabled already"):
        staff.disable(house["admin"], chen, "x", AFTERNOON)
    assert staff.enable(house["admin"], chen, "came back", AFTERNOON) is None
    assert User.objects.get(pk=chen.pk).get_session_auth_hash() != before, "and they stay ended"


def test_letting_somebody_back_in_who_approves_needs_two(house: House) -> None:
    staff.disable(house["admin"], house["sun"], "leave", AFTERNOON)
    sun = User.objects.get(username="sun")
    asked = staff.enable(house["admin"], sun, "back", AFTERNOON)
    assert asked is not None
    assert not User.objects.get(username="sun").is_active
    acts.decide(house["qian"], asked, True, "fine", AFTERNOON)
    assert User.objects.get(username="sun").is_active
    assert Membership.objects.filter(user=sun, leads=True).count() == 2, "in the place held before"


def test_disabling_withdraws_what_waits(house: House) -> None:
    asked = staff.place(house["admin"], house["chen"], Place("manager"), "x", AFTERNOON)
    staff.disable(house["admin"], house["chen"], "left", AFTERNOON)
    asked.refresh_from_db()  # type: ignore[union-attr]
    assert asked.state == Approval.State.WITHDRAWN  # type: ignore[union-attr]


def test_who_changes_the_team_leaves_its_cases_there(house: House) -> None:
    chen = house["chen"]
    here, there = _case("C-1", chen), _case("C-2", chen, "account-manager")
    staff.place(house["admin"], chen, Place("account_manager", ("account-manager",)), "moved", AFTERNOON)
    for case in (here, there):
        case.refresh_from_db()
    assert (here.owner, there.owner) == (None, chen)
    event = Event.objects.get(action="person.place", subject="chen")
    assert event.data["cases"] == 1
    assert event.data["before"] == {"role": "collector", "teams": ["collector"], "leads": []}
    staff.place(house["admin"], User.objects.get(pk=chen.pk), Place("auditor", ("account-manager",)), "x", AFTERNOON)
    there.refresh_from_db()
    assert there.owner is None, "an auditor works no cases"


def test_a_grant_of_yesterday_does_not_undo_what_changed_since(house: House) -> None:
    asked = staff.place(house["admin"], house["chen"], Place("manager"), "x", AFTERNOON)
    User.objects.filter(username="chen").update(role="legal_officer")
    with pytest.raises(Refused, match="changed since"):
        acts.decide(house["qian"], asked, True, "fine", AFTERNOON)  # type: ignore[arg-type]
    assert User.objects.get(username="chen").role == "legal_officer"
    assert staff.waiting_for(house["chen"]) == asked


def test_passwords_factors_and_locks(house: House) -> None:
    admin, chen = house["admin"], house["chen"]
    before = chen.get_session_auth_hash()
    given = staff.new_password(admin, chen, "forgot it", AFTERNOON)
    chen.refresh_from_db()
    assert chen.check_password(given)
    assert chen.must_change_password
    assert chen.get_session_auth_hash() != before
    staff.own_password_chosen(chen, AFTERNOON)
    with pytest.raises(Refused, match="no second factor"):
        staff.reset_factor(admin, chen, "lost", AFTERNOON)
    Authenticator.objects.create(user=chen, type=Authenticator.Type.TOTP, data={})
    Authenticator.objects.create(user=chen, type=Authenticator.Type.RECOVERY_CODES, data={})
    before = User.objects.get(pk=chen.pk).get_session_auth_hash()
    staff.reset_factor(admin, chen, "lost", AFTERNOON)
    assert not Authenticator.objects.filter(user=chen).exists()
    assert User.objects.get(pk=chen.pk).get_session_auth_hash() != before
    with pytest.raises(Refused, match="no failed log-in"):
        staff.unlock(admin, chen, "typed wrong", AFTERNOON)
    for agent in ("one", "two"):  # counted together, by name and address
        AccessAttempt.objects.create(
            username="chen",
            ip_address="192.0.2.7",
            user_agent=agent,
            failures_since_start=3,
            http_accept="",
            path_info="",
        )
    assert roster.locked(["chen", "lin"]) == {"chen"}
    staff.unlock(admin, chen, "typed wrong", AFTERNOON)
    assert roster.locked(["chen"]) == set()
    assert [each[0] for each in _told("chen")][-4:] == [
        "person.password", "person.own_password", "person.factor", "person.unlock",
    ]  # fmt: skip
    assert Event.objects.get(action="person.factor").data == {"before": ["recovery_codes", "totp"], "after": []}
    assert Event.objects.get(action="person.unlock").data == {"before": 6, "after": 0}


def test_particulars(house: House) -> None:
    admin, chen = house["admin"], house["chen"]
    with pytest.raises(Refused, match="nothing was changed"):
        staff.tell(admin, chen, Told("陈静", "zh", chen.trained_on), "x", AFTERNOON)
    staff.tell(admin, chen, Told("陈婧", "en", None), "name misspelt", AFTERNOON)
    chen.refresh_from_db()
    assert (chen.display_name, chen.language, chen.trained_on) == ("陈婧", "en", None)
    data = Event.objects.get(action="person.tell").data
    assert (data["before"]["name"], data["after"]["name"]) == ("陈静", "陈婧")


def test_the_list_finds_people(house: House) -> None:
    def names(**asked: str) -> list[str]:
        return [each.username for each in roster.found(**asked).order_by("username")]

    assert names(text="陈") == ["chen"]
    assert names(text="HEN") == ["chen", "zheng"]
    assert names(role="manager") == ["qian"]
    assert names(team="account-manager") == ["lin", "sun"]
    User.objects.filter(username="chen").update(is_active=False)
    assert "chen" not in names()
    assert names(show="disabled") == ["chen"]
    assert len(names(show="all")) == len(house)
