"""Who waits, and who does what? The leader's figures, read only; each is the count of a list one can open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Count, Q, QuerySet

from mora.casework.finding import Wanted, find
from mora.casework.policy_files import authority
from mora.casework.rights import cases_for, reach
from mora.store.models import Approval, Attempt, Case, Membership, Promise, Team, User


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One team's work."""

    code: str
    name: str
    open: int
    waiting: int
    over: int
    """Over the level's clock."""
    people: int


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person's work today."""

    username: str
    name: str
    team: str
    open: int
    attempts: int
    reached: int
    """Spoke with the right party."""
    promises: int
    working_on: str


@dataclass(frozen=True, slots=True)
class Board:
    """The leader's figures."""

    over: int
    escalated: int
    """Escalated to this person."""
    needs_leader: int
    court_ready: int
    promises_today: int
    promises_broken: int
    waiting: int
    without_team: int
    without_work: int
    """People who work cases and have recorded nothing today."""
    approvals: int
    teams: tuple[TeamLine, ...]
    people: tuple[PersonLine, ...]


def board(user: User, at: datetime) -> Board:
    """The figures of the teams this person leads or oversees; a fixed number of questions to the database."""
    cases = cases_for(user, "see_board", at.date()).filter(state=Case.State.OPEN)
    free = Q(not_before__isnull=True) | Q(not_before__lte=at)
    over = Q(level_due_on__lt=at.date())
    by_team = {
        row["team"]: row
        for row in cases.order_by().values("team").annotate(
            open=Count("pk"), waiting=Count("pk", filter=free), over=Count("pk", filter=over)
        )
    }  # fmt: skip
    teams = Team.objects.order_by("code")
    if reach(user, "see_board") != "all":
        teams = teams.filter(memberships__user=user)
    members = dict(Membership.objects.order_by().values_list("team").annotate(n=Count("pk")))
    none = {"open": 0, "waiting": 0, "over": 0}
    lines = [
        TeamLine(
            team.code, team.name, **{key: by_team.get(team.pk, none)[key] for key in none},
            people=members.get(team.pk, 0),
        )
        for team in teams
    ]  # fmt: skip
    people = _people([team.pk for team in teams], at)
    return Board(
        over=sum(row["over"] for row in by_team.values()),
        escalated=_count(user, at, escalated="me"),
        needs_leader=_count(user, at, asked="leader"),
        court_ready=_count(user, at, court="ready"),
        promises_today=_count(user, at, promise="today"),
        promises_broken=_count(user, at, promise="broken"),
        waiting=sum(row["waiting"] for row in by_team.values()),
        without_team=by_team.get(None, none)["open"],
        without_work=sum(not person.attempts and not person.working_on for person in people),
        approvals=approvals_for(user, at).count(),
        teams=tuple(lines),
        people=tuple(people),
    )


def _count(
    user: User, at: datetime, *, promise: str = "", escalated: str = "", asked: str = "", court: str = ""
) -> int:
    wanted = Wanted(show="open", promise=promise, escalated=escalated, asked=asked, court=court)
    return find(user, wanted, at).count()


def _people(teams: list[object], at: datetime) -> list[PersonLine]:
    since = datetime.combine(at.date(), time.min, tzinfo=at.tzinfo)
    users = (
        User.objects.filter(memberships__team__in=teams, is_active=True)
        .annotate(open=Count("cases", filter=Q(cases__state=Case.State.OPEN), distinct=True))
        .prefetch_related("memberships__team")
        .distinct()
        .order_by("username")
    )
    tried = {
        row["by"]: row
        for row in Attempt.objects.filter(at__gte=since, by__in=users)
        .order_by()
        .values("by")
        .annotate(n=Count("pk"), reached=Count("pk", filter=Q(result="right_party")))
    }
    promised = dict(
        Promise.objects.filter(made_at__gte=since, taken_by__in=users)
        .order_by()
        .values_list("taken_by")
        .annotate(n=Count("pk"))
    )
    busy = dict(Case.objects.filter(taken_by__in=users, taken_until__gt=at).values_list("taken_by", "number"))
    none = {"n": 0, "reached": 0}
    return [
        PersonLine(
            user.username, str(user), "、".join(each.team.name for each in user.memberships.all()), user.open,
            tried.get(user.pk, none)["n"], tried.get(user.pk, none)["reached"], promised.get(user.pk, 0),
            busy.get(user.pk, ""),
        )
        for user in users
    ]  # fmt: skip


def _decided_by(role: str) -> list[str]:
    return [act for act, told in authority().items() if role in told["decides"]]


def approvals_for(user: User, at: datetime) -> QuerySet[Approval]:
    """What waits for a decision on cases this person may decide on, oldest first."""
    reached = cases_for(user, "approve", at.date()).values("pk")
    return (
        Approval.objects.filter(state=Approval.State.WAITING)
        .filter(Q(case__isnull=True, act__in=_decided_by(user.role)) | Q(case__in=reached))
        .select_related("case", "case__party", "asked_by")
        .order_by("asked_at")
    )
