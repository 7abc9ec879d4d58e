"""The people one leads: who is there, who stands in for whom, what each can do and holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Prefetch, Q, QuerySet

from mora.casework.allocation import known_skills
from mora.casework.rights import NotAllowed, reach
from mora.core.errors import Refused
from mora.core.words import Words
from mora.store import audit
from mora.store.models import Absence, Case, Team, User


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the page."""

    user: User
    teams: str
    open: int
    absences: list[Absence]
    """Those that run or are to come, soonest first."""
    away: Absence | None
    covers: list[Absence]
    """For whom the person stands in today."""


def led_by(user: User) -> QuerySet[User]:
    """People this person leads or oversees."""
    people = User.objects.filter(is_active=True)
    match reach(user, "manage_team"):
        case "all":
            return people.filter(memberships__isnull=False).distinct()
        case "team":
            return people.filter(memberships__team__in=user.memberships.values("team")).distinct()
        case "own":
            return people.filter(pk=user.pk)
    return people.none()


def people(user: User, on: date) -> list[Person]:
    """The lines of the page; the number of questions to the database does not grow with them."""
    coming = Absence.objects.filter(until__gt=on).select_related("deputy", "user").order_by("since")
    found = (
        led_by(user)
        .annotate(n_open=Count("cases", filter=Q(cases__state=Case.State.OPEN), distinct=True))
        .prefetch_related(
            "memberships__team",
            Prefetch("absences", queryset=coming, to_attr="coming"),
            Prefetch("covers", queryset=coming.filter(since__lte=on), to_attr="covering"),
        )
        .order_by("username")
    )
    return [
        Person(
            each, "、".join(member.team.name for member in each.memberships.all()), each.n_open, each.coming,
            next((absence for absence in each.coming if absence.since <= on), None), each.covering,
        )
        for each in found
    ]  # fmt: skip


def deputies(user: User) -> list[User]:
    """Who can stand in: people of one's teams who work cases."""
    return [each for each in led_by(user).order_by("username") if reach(each, "work_case")]


def _require(user: User, person: User) -> None:
    if not led_by(user).filter(pk=person.pk).exists():
        raise NotAllowed(Words(f"{person}不在您管理的团队", f"{person} is in no team of yours"))


def away(user: User, person: User, since: date, until: date, deputy: User | None, at: datetime) -> Absence:
    """Record that a person is away on ``[since, until)``, and who stands in.

    :raises NotAllowed: the person is not in a team of one's own.
    :raises Refused: it ends before it begins or has passed, overlaps another absence, or the deputy is the person,
        works no cases or is away, too.
    """
    _require(user, person)
    if until <= since or until <= at.date():
        raise Refused(
            Words("返岗日须晚于离岗日，且在今天之后", "the day of coming back is after the first day, and ahead"),
            about="until"
        )  # fmt: skip
    if since < at.date() - timedelta(days=366):
        raise Refused(Words("离岗日不得早于一年前", "the first day away lies a year back at most"), about="since")
    if person.absences.filter(since__lt=until, until__gt=since).exists():
        raise Refused(Words("与已登记的离岗时间重叠", "it overlaps an absence that is recorded"), about="since")
    if deputy is not None:
        if deputy.pk == person.pk or not reach(deputy, "work_case"):
            raise Refused(
                Words("代理人须为能处理案件的他人", "a deputy is somebody else who works cases"), about="deputy"
            )
        if deputy.absences.filter(since__lt=until, until__gt=since).exists():
            raise Refused(Words(f"{deputy}在此期间也离岗", f"{deputy} is away in that time, too"), about="deputy")
    with transaction.atomic():
        made = Absence.objects.create(user=person, deputy=deputy, since=since, until=until)
        audit.append(
            user.username, "person.away", person.username, at=at, since=since, until=until,
            deputy=deputy.username if deputy else "",
        )  # fmt: skip
    return made


def back(user: User, absence: Absence, at: datetime) -> None:
    """The person is back today: an absence that runs ends now, one to come is struck."""
    _require(user, absence.user)
    with transaction.atomic():
        if absence.since < at.date():
            Absence.objects.filter(pk=absence.pk).update(until=at.date())
        else:
            absence.delete()
        audit.append(
            user.username, "person.back", absence.user.username, at=at, since=absence.since, until=absence.until
        )


def able(user: User, person: User, skills: Iterable[str], capacity: int, at: datetime) -> None:
    """Say what a person can do, and how many cases he or she should hold at most.

    :raises NotAllowed: the person is not in a team of one's own.
    :raises Refused: a skill the allocation rule does not know, or a number that is none.
    """
    _require(user, person)
    wanted = sorted(set(skills))
    unknown = [each for each in wanted if each not in known_skills()]
    if unknown:
        raise Refused(Words(f"没有技能 {unknown[0]}", f"there is no skill {unknown[0]}"), about="skills")
    if not 0 <= capacity <= 2000:
        raise Refused(Words("上限须在 0 至 2000 之间", "the most lies between 0 and 2000"), about="capacity")
    with transaction.atomic():
        before = {"skills": person.skills, "capacity": person.capacity}
        User.objects.filter(pk=person.pk).update(skills=wanted, capacity=capacity)
        audit.append(
            user.username, "person.able", person.username, at=at, before=before,
            after={"skills": wanted, "capacity": capacity},
        )  # fmt: skip


def teams_of(user: User) -> list[Team]:
    """Teams this person leads or oversees."""
    teams = Team.objects.order_by("code")
    return list(teams if reach(user, "manage_team") == "all" else teams.filter(memberships__user=user))
