"""Warning levels as worked cases (cases/levels.yaml), and who may review, prepare and give more time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import IntegrityError, transaction

from casework.conftest import AFTERNOON, BEIJING
from mora.casework import acts, contact, court, level_clock, queue, reviews
from mora.casework.policy_files import level_at, levels, rule_of
from mora.casework.rights import NotAllowed
from mora.core.errors import BadInput, Refused
from mora.gate.terms import Channel, Result
from mora.store.models import Case, CheckDone, Event, Membership, Party, Review, Team, User

WORKED = yaml.safe_load((Path(__file__).parent / "cases/levels.yaml").read_text(encoding="utf-8"))
REACHED = date(2026, 11, 2)
OWNER = {"L1": "chen", "L2": "lin", "L3": "wu", "L3X": "chen", "L4": "zhao"}


def at(day: date, hour: int = 15) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=BEIJING)


def case_at(level: str, house: dict[str, User]) -> Case:
    """A case that reached its level on the second of November, with the role's own owner."""
    rule = rule_of(level)
    assert rule is not None
    party = Party.objects.create(party_id=f"L-{level}", name_mask="林*明")
    return Case.objects.create(
        party=party, number=f"C-{level}", level=level, level_since=REACHED, currency="CNY", arrears_minor=100_000,
        level_due_on=REACHED + timedelta(days=rule.clock_days), outstanding_minor=100_000,
        days_past_due=rule.days_from, as_of=REACHED, opened_on=REACHED, owner=house[OWNER[level]],
        team=Team.objects.get(code=rule.role.replace("_", "-")),
    )  # fmt: skip


@pytest.mark.parametrize("row", WORKED["reached"], ids=lambda row: f"{row['days_past_due']} days")
def test_which_level_whose_and_by_when(row: dict[str, Any]) -> None:
    rule = level_at(row["days_past_due"])
    assert rule is not None
    assert (rule.level, rule.role) == (row["level"], row["role"])
    assert row["reached_on"] + timedelta(days=rule.clock_days) == row["act_by"]


def _do(case: Case, house: dict[str, User], what: str, day: date, **more: str) -> None:
    owner = house[OWNER[case.level]]
    when = at(day)
    match what:
        case "no_answer":
            contact.record_attempt(
                owner, case, channel=Channel.VOICE, point=None, result=Result.NO_ANSWER, at=when
            )  # fmt: skip
        case "inbound" | "they_called":
            result = Result.DROPPED if what == "inbound" else Result.RIGHT_PARTY
            contact.record_attempt(
                owner, case, channel=Channel.VOICE, point=None, result=result, at=when, inbound=True
            )  # fmt: skip
        case "cause":
            acts.cause(owner, case, "income_fall", "partly", "yes", "", when)
        case "opinion":
            reviews.opine(house[more["by"]], case, more["view"], "because", when)
        case "checks":
            rule = rule_of(case.level)
            assert rule is not None
            for item in rule.checklist:
                if item != more.get("but"):
                    court.check(owner, case, item, True, "folder 7", when)


@pytest.mark.django_db
@pytest.mark.parametrize("row", WORKED["clocks"], ids=lambda row: row["name"])
def test_clocks(row: dict[str, Any], house: dict[str, User]) -> None:
    case = case_at(row["level"], house)
    for each in row.get("did", ()):
        _do(case, house, **each)
    told = level_clock.escalate_overdue(at(row["asked_at"], 2))
    case.refresh_from_db()
    assert told == int(row["over"])
    assert (case.escalated_to.username if case.escalated_to else None) == row.get("to")
    assert case.court_ready_on == row.get("ready_on")
    assert level_clock.escalate_overdue(at(row["asked_at"], 3)) == 0, "nobody is told twice"
    assert Event.objects.filter(subject=case.number, action="clock.over").count() == int(row["over"])


@pytest.mark.django_db
def test_who_it_is_escalated_to_finds_it_in_the_own_queue(house: dict[str, User]) -> None:
    case = case_at("L1", house)
    leader = house["sun"]
    morning = at(date(2026, 11, 4), 9)
    assert case not in queue.waiting(leader, morning), "it is somebody else's"
    level_clock.escalate_overdue(morning)
    assert case in queue.waiting(leader, morning)
    assert case in queue.waiting(house["chen"], morning), "the owner keeps it, too"


@pytest.mark.django_db
def test_the_owners_own_leader_is_told_even_when_the_case_lies_elsewhere(house: dict[str, User]) -> None:
    case = case_at("L3", house)
    north = Team.objects.create(code="north", name="North")
    for name, leads in (("lin", False), ("zhao", True)):
        Membership.objects.filter(user=house[name]).delete()
        Membership.objects.create(user=house[name], team=north, leads=leads)
    Case.objects.filter(pk=case.pk).update(owner=house["lin"])
    case.refresh_from_db()
    assert level_clock.leader_of(case) == house["zhao"]
    Case.objects.filter(pk=case.pk).update(owner=house["zhao"])  # who leads is not told of the own delay alone
    case.refresh_from_db()
    assert level_clock.leader_of(case) == house["qian"]


@pytest.mark.django_db
def test_more_time_has_a_reason_and_is_the_leaders_to_give(house: dict[str, User]) -> None:
    case = case_at("L1", house)
    level_clock.escalate_overdue(at(date(2026, 11, 5), 2))
    case.refresh_from_db()
    now = at(date(2026, 11, 5), 9)
    with pytest.raises(NotAllowed):
        level_clock.extend(house["chen"], case, now.date(), "please", now)
    with pytest.raises(Refused, match="has a reason"):
        level_clock.extend(house["sun"], case, now.date(), " ", now)
    with pytest.raises(Refused, match="between today and 2026-12-05"):
        level_clock.extend(house["sun"], case, date(2026, 12, 6), "r", now)
    level_clock.extend(house["sun"], case, date(2026, 11, 9), "line was down", now)
    case.refresh_from_db()
    assert (case.level_due_on, case.escalated_to) == (date(2026, 11, 9), None)
    assert level_clock.escalate_overdue(at(date(2026, 11, 9))) == 0
    assert level_clock.escalate_overdue(at(date(2026, 11, 10))) == 1


@pytest.mark.django_db
def test_a_review_needs_two_people_and_a_third_where_they_differ(house: dict[str, User]) -> None:
    case, now = case_at("L3", house), at(date(2026, 11, 3))
    wu, qian, sun = house["wu"], house["qian"], house["sun"]
    with pytest.raises(NotAllowed):
        reviews.opine(house["chen"], case, "keep", "w", now)
    with pytest.raises(Refused, match="choose an opinion"):
        reviews.opine(wu, case, "", "w", now)
    with pytest.raises(Refused, match="rests on"):
        reviews.opine(wu, case, "keep", " ", now)
    reviews.opine(wu, case, "keep", "pays every month", now)
    with pytest.raises(Refused, match="somebody else goes on"):
        reviews.opine(wu, case, "keep", "still", now)
    differing = reviews.opine(qian, case, "court", "sold the house", now)
    assert differing.closed_at is None
    Membership.objects.create(user=sun, team=case.team)
    with pytest.raises(NotAllowed, match="decide_review"):
        reviews.opine(sun, case, "plan", "x", now)
    third = User.objects.create(username="third", role="risk_reviewer")
    closed = reviews.opine(third, case, "plan", "both have a point", now)
    assert (closed.outcome, closed.outcome_by) == ("plan", third)
    case.refresh_from_db()
    assert case.level_due_on is None
    assert list(Event.objects.filter(subject=case.number).values_list("action", flat=True)) == [
        "review.first", "review.second", "review.decide", "clock.met",
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_database_knows_that_two_are_two(house: dict[str, User]) -> None:
    case = case_at("L3", house)
    told = {"case": case, "level": "L3", "first_by": house["wu"], "first_at": AFTERNOON, "first_view": "keep"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(**told, second_by=house["wu"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(**told, second_by=house["qian"], outcome_by=house["wu"])
    Review.objects.create(**told)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(**told)


@pytest.mark.django_db
def test_other_levels_ask_for_no_review_and_no_checklist(house: dict[str, User]) -> None:
    case = case_at("L1", house)
    with pytest.raises(Refused, match="level L1 asks for no review"):
        reviews.opine(house["wu"], case, "keep", "w", AFTERNOON)
    with pytest.raises(Refused, match="has no item contract"):
        court.check(house["zhao"], case, "contract", True, "", AFTERNOON)


@pytest.mark.django_db
def test_an_item_taken_back_ends_readiness_and_stays_in_the_chain(house: dict[str, User]) -> None:
    case, now = case_at("L4", house), at(date(2026, 11, 3))
    _do(case, house, "checks", now.date())
    case.refresh_from_db()
    assert case.court_ready_on == now.date()
    assert not court.check(house["zhao"], case, "demand", False, "returned unopened", now)
    case.refresh_from_db()
    assert case.court_ready_on is None
    assert not CheckDone.objects.filter(item="demand").exists()
    gone = Event.objects.get(subject=case.number, action="court.uncheck")
    assert (gone.reason, gone.data["item"]) == ("returned unopened", "demand")
    assert court.check(house["zhao"], case, "demand", True, "second letter", now)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {level: L1, from: 1, role: x, clock_days: 1, met_by: luck, step: {zh: 提, en: r}}", "'luck' is not"),
        ("- {level: L1, from: 1, role: x, clock_days: 1, met_by: checklist, step: {zh: 提, en: r}}", "go together"),
    ],
)  # fmt: skip
def test_a_policy_that_does_not_fit_is_refused(tmp_path: Path, settings: Any, text: str, message: str) -> None:
    (tmp_path / "levels.yaml").write_text(text, encoding="utf-8")
    settings.MORA_POLICY = str(tmp_path)
    levels.cache_clear()
    try:
        with pytest.raises(BadInput, match=message):
            levels()
    finally:
        settings.MORA_POLICY = ""
        levels.cache_clear()
