"""Teams and branches: what can be made, whose cases come to whom, and who leads."""

from __future__ import annotations

from typing import Any

import pytest

from casework.conftest import AFTERNOON
from mora.casework import from_day, houses
from mora.casework.houses import TeamTold
from mora.casework.policy_files import rule_of
from mora.core.errors import Refused
from mora.store.models import Branch, Case, CaseLoan, Event, Membership, Party, Team, User

House = dict[str, User]


def _why(code: str) -> Team | None:
    rule = rule_of("L1")
    assert rule is not None
    return from_day._team(rule, code)


def test_a_branchs_cases_come_to_its_own_team(house: House) -> None:
    admin = house["admin"]
    branch = houses.add_branch(admin, "SYN-BR01", "一分行", "opened", AFTERNOON)
    assert _why("SYN-BR01") == Team.objects.get(code="collector")
    made = houses.add_team(
        admin, "first-collectors", TeamTold("一分行催收组", "collector", branch.code), "opened", AFTERNOON
    )
    assert _why("SYN-BR01") == made
    assert _why("syn-br01") == made
    assert _why("SYN-BR02") == Team.objects.get(code="collector")
    assert _why("") == Team.objects.get(code="collector")
    data = Event.objects.get(action="team.make").data
    assert data["after"]["branch"] == "SYN-BR01"


def test_cases_without_a_team_come_to_the_one_that_takes_them(db: None) -> None:
    """A new house runs its first day before it has teams."""
    admin = User.objects.create(username="root", role="administrator")
    for number, level, branch in (("C-1", "L1", "B1"), ("C-2", "L1", "B2"), ("C-3", "L2", "B1")):
        case = Case.objects.create(
            party=Party.objects.create(party_id=number, name_mask="林*明"), number=number, level=level,
            level_since=AFTERNOON.date(), currency="CNY", arrears_minor=1, outstanding_minor=1, days_past_due=2,
            as_of=AFTERNOON.date(), opened_on=AFTERNOON.date(),
        )  # fmt: skip
        CaseLoan.objects.create(
            case=case, loan_id=number, product="p", days_past_due=2, overdue_principal_minor=1,
            overdue_interest_minor=0, overdue_fee_minor=0, penalty_minor=0, compound_minor=0, arrears_minor=1,
            outstanding_principal_minor=1, branch=branch, as_of=AFTERNOON.date(),
        )  # fmt: skip
    houses.add_branch(admin, "b1", "一分行", "x", AFTERNOON)
    houses.add_team(admin, "one", TeamTold("一", "collector", "b1"), "x", AFTERNOON)
    houses.add_team(admin, "all", TeamTold("全", "collector"), "x", AFTERNOON)
    teams = {each.number: each.team.code if each.team else "" for each in Case.objects.select_related("team")}
    assert teams == {"C-1": "one", "C-2": "all", "C-3": ""}, "the third is of a level of another role"
    assert [each.data["cases"] for each in Event.objects.filter(action="team.make").order_by("seq")] == [1, 1]


def test_teams_from_before_are_found_by_their_code(db: None) -> None:
    everywhere = Team.objects.create(code="collector", name="x")
    here = Team.objects.create(code="collector-b1", name="y")
    assert (_why("B1"), _why("B2"), _why("")) == (here, everywhere, everywhere)
    Team.objects.all().delete()
    assert _why("B1") is None


@pytest.mark.parametrize(
    ("code", "told", "about", "message"),
    [
        ("", TeamTold("x"), "code", "a-z, 0-9 and -"),
        ("a b", TeamTold("x"), "code", "a-z, 0-9 and -"),
        ("collector", TeamTold("x"), "code", "is taken"),
        ("new", TeamTold(" "), "name", "give a name"),
        ("new", TeamTold("x" * 121), "name", "120"),
        ("new", TeamTold("x", branch="nowhere"), "branch", "choose a branch"),
        ("new", TeamTold("x", role="auditor"), "role", "choose whose cases"),
        ("new", TeamTold("x", role="collector"), "role", "takes these cases already"),
        ("new", TeamTold("x", role="collector", agency=True), "role", "placed with it only"),
    ],
)
def test_what_is_not_made(house: House, code: str, told: TeamTold, about: str, message: str) -> None:
    before = Team.objects.count(), Event.objects.count()
    with pytest.raises(Refused, match=message) as refused:
        houses.add_team(house["admin"], code, told, "x", AFTERNOON)
    assert refused.value.about == about
    assert (Team.objects.count(), Event.objects.count()) == before


def test_who_leads(house: House) -> None:
    admin, team = house["admin"], Team.objects.get(code="collector")
    as_is: dict[str, Any] = {"name": team.name, "role": "collector"}
    for wrong in ("chen", "qian", "nobody"):  # without the right, not in the team, not there
        with pytest.raises(Refused, match="cannot lead this team"):
            houses.change_team(admin, team, TeamTold(**as_is, leaders=[wrong]), "x", AFTERNOON)
    houses.change_team(admin, team, TeamTold(**as_is, leaders=[]), "on leave", AFTERNOON)
    assert not Membership.objects.filter(team=team, leads=True).exists()
    houses.change_team(admin, team, TeamTold("催收一组", "collector", leaders=["sun"]), "back", AFTERNOON)
    assert Membership.objects.get(team=team, leads=True).user == house["sun"]
    data = Event.objects.filter(action="team.change").order_by("-seq")[0].data
    assert (data["before"]["leaders"], data["after"]["leaders"]) == ([], ["sun"])
    assert (data["before"]["name"], data["after"]["name"]) == ("催收组", "催收一组")
    with pytest.raises(Refused, match="nothing was changed"):
        houses.change_team(admin, team, TeamTold("催收一组", "collector", leaders=["sun"]), "x", AFTERNOON)


def test_branches(house: House) -> None:
    admin = house["admin"]
    made = houses.add_branch(admin, "B1", "一分行", "opened", AFTERNOON)
    for code in ("b1", "B1"):
        with pytest.raises(Refused, match="is taken"):
            houses.add_branch(admin, code, "x", "x", AFTERNOON)
    with pytest.raises(Refused, match="as in the book"):
        houses.add_branch(admin, "B 1", "x", "x", AFTERNOON)
    houses.change_branch(admin, made, "第一分行", "renamed", AFTERNOON)
    assert Branch.objects.get().name == "第一分行"
    assert Event.objects.get(action="branch.change").data == {
        "before": {"name": "一分行"},
        "after": {"name": "第一分行"},
    }
