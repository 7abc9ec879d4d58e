"""Sharing out: by skill and room, evenly, the same answer each time; and who is away gets nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.conftest import AFTERNOON
from mora.casework import allocation
from mora.casework.allocation import Worker, choose
from mora.casework.people import make_person
from mora.casework.rights import NotAllowed
from mora.core.errors import BadInput
from mora.store.models import Absence, Case, CaseLoan, Event, Party, Team, User
from mora.store.models.people import Role

TODAY = AFTERNOON.date()
SKILLS = st.frozensets(st.sampled_from(["english", "mortgage", "auto"]))
PEOPLE = st.lists(
    st.builds(Worker, st.text("abc", min_size=1), SKILLS, st.integers(0, 9), st.integers(0, 9)),
    unique_by=lambda each: each.username, max_size=6,
)  # fmt: skip


@given(SKILLS, PEOPLE)
def test_whoever_is_chosen_has_room_and_skill_and_nobody_has_more_room(
    asked: frozenset[str], people: list[Worker]
) -> None:
    chosen = choose(asked, people)
    fit = [each for each in people if each.load < each.capacity and asked <= each.skills]
    assert (chosen is None) == (not fit)
    if chosen is not None:
        assert chosen in fit
        # load/capacity compared without dividing
        assert all(chosen.load * each.capacity <= each.load * chosen.capacity for each in fit)
        assert choose(asked, people[::-1]) == chosen, "the order people stand in does not matter"


def _case(n: int, language: str = "zh", product: str = "cn_consumer", level: str = "L2") -> Case:
    party = Party.objects.create(party_id=f"A{n}", name_mask="林*明", language=language)
    case = Case.objects.create(
        party=party, number=f"C-A{n:03}", level=level, level_since=TODAY, currency="CNY", arrears_minor=100,
        outstanding_minor=100, days_past_due=5, as_of=TODAY, opened_on=TODAY, priority=1000 - n,
        team=Team.objects.get(code="account-manager"),
    )  # fmt: skip
    CaseLoan.objects.create(
        case=case, loan_id=f"LA{n}", product=product, days_past_due=5, overdue_principal_minor=100,
        overdue_interest_minor=0, overdue_fee_minor=0, penalty_minor=0, compound_minor=0, arrears_minor=100,
        outstanding_principal_minor=100, as_of=TODAY,
    )  # fmt: skip
    return case


@pytest.fixture
def managers(house: dict[str, User]) -> dict[str, User]:
    """Lin, who came first; Mei, who speaks English; Bo, who holds few. The leader works cases, too, and is full."""
    team = Team.objects.get(code="account-manager")
    User.objects.filter(username="sun").update(capacity=0)
    made = {"lin": house["lin"]}
    for name, skills, capacity in (("mei", ["english"], 10), ("bo", ["mortgage"], 5)):
        made[name] = make_person("mora", name, name, Role.ACCOUNT_MANAGER, "x", AFTERNOON, team=team)
        User.objects.filter(username=name).update(skills=skills, capacity=capacity)
    User.objects.filter(username="lin").update(capacity=10)
    return made


def _owners() -> dict[str, int]:
    found: dict[str, int] = {}
    for case in Case.objects.filter(owner__isnull=False).select_related("owner"):
        found[case.owner.username] = found.get(case.owner.username, 0) + 1
    return found


@pytest.mark.django_db
def test_cases_are_shared_in_proportion_to_room(managers: dict[str, User]) -> None:
    for n in range(10):
        _case(n)
    done = allocation.share_out(AFTERNOON)
    assert (done.given, done.left) == (10, 0)
    # Ten cases over rooms of 10, 10 and 5: four, four and two.
    assert _owners() == {"lin": 4, "mei": 4, "bo": 2}
    assert Event.objects.filter(action="case.share").count() == 10
    assert allocation.share_out(AFTERNOON) == allocation.Shared(0, 0), "done twice changes nothing"


@pytest.mark.django_db
def test_skills_decide_and_what_nobody_can_do_stays(managers: dict[str, User]) -> None:
    english, mortgage, both = _case(1, "en"), _case(2, product="cn_mortgage"), _case(3, "en", "cn_mortgage")
    done = allocation.share_out(AFTERNOON)
    assert (done.given, done.left) == (2, 1)
    for case, who in ((english, "mei"), (mortgage, "bo")):
        case.refresh_from_db()
        assert case.owner.username == who
    both.refresh_from_db()
    assert both.owner is None
    assert allocation.needs(both) == {"english", "mortgage"}


@pytest.mark.django_db
def test_nobody_gets_more_than_the_most_and_who_is_away_gets_nothing(managers: dict[str, User]) -> None:
    Absence.objects.create(user=managers["lin"], since=TODAY, until=TODAY + timedelta(days=1))
    for n in range(20):
        _case(n)
    done = allocation.share_out(AFTERNOON)
    assert (done.given, done.left) == (15, 5)
    assert _owners() == {"mei": 10, "bo": 5}
    done = allocation.share_out(AFTERNOON + timedelta(days=1))
    assert (done.given, _owners()["lin"]) == (5, 5), "back on the day the absence ends"


@pytest.mark.django_db
def test_other_levels_stay_in_the_common_queue(managers: dict[str, User]) -> None:
    _case(1, level="L1")
    assert allocation.share_out(AFTERNOON) == allocation.Shared(0, 0)


@pytest.mark.django_db
def test_a_leader_shares_out_own_teams_cases_only(managers: dict[str, User], house: dict[str, User]) -> None:
    case = _case(1)
    with pytest.raises(NotAllowed):
        allocation.share_out(AFTERNOON, house["chen"])
    other = Team.objects.create(code="elsewhere", name="E")
    Case.objects.filter(pk=case.pk).update(team=other)
    assert allocation.share_out(AFTERNOON, house["sun"]) == allocation.Shared(0, 0)
    Case.objects.filter(pk=case.pk).update(team=Team.objects.get(code="account-manager"))
    assert allocation.share_out(AFTERNOON, house["sun"]).given == 1
    assert Event.objects.get(action="case.share").actor == "sun"


@pytest.mark.parametrize(
    ("text", "message"),
    [("levels: [L9]\nskills: {language: {}, product: {}}", "L9 is not in levels"), ("levels: [L1]", "it says levels")],
)
def test_a_policy_that_does_not_fit_is_refused(tmp_path: Path, settings: Any, text: str, message: str) -> None:
    (tmp_path / "allocation.yaml").write_text(text, encoding="utf-8")
    settings.MORA_POLICY = str(tmp_path)
    allocation.rule.cache_clear()
    try:
        with pytest.raises(BadInput, match=message):
            allocation.rule()
    finally:
        settings.MORA_POLICY = ""
        allocation.rule.cache_clear()
