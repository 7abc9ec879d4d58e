"""Who waits, and who does what? The leader's figures, read only; each is the count of a list one can open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Count, Q, QuerySet

from mora.casework.finding import Wanted, count
from mora.casework.policy_files import authority
from mora.casework.rights import cases_for, cases_q, hands_of, reach, teams_reached
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
    by_team = _by_team(user, at)
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


def _by_team(user: User, at: datetime) -> dict[object, dict[str, int]]:
    """Open, waiting and overdue cases by team: the teams' own, and those a person holds of other teams beside them."""
    cases, today = Case.objects.filter(state=Case.State.OPEN), at.date()
    if reach(user, "see_board") != "team":
        parts = [cases_for(user, "see_board", today).filter(state=Case.State.OPEN)]
    else:
        teams = teams_reached(user, today)
        elsewhere = Q(team__isnull=True) | ~Q(team__in=teams)
        parts = [cases.filter(team__in=teams), cases.filter(elsewhere, owner__in=hands_of(user, today))]
    free = Q(not_before__isnull=True) | Q(not_before__lte=at)
    over = Q(level_due_on__lt=today)
    found: dict[object, dict[str, int]] = {}
    for part in parts:
        for row in (
            part.order_by()
            .values("team")
            .annotate(open=Count("*"), waiting=Count("state", filter=free), over=Count("state", filter=over))
        ):
            held = found.setdefault(row["team"], dict.fromkeys(("open", "waiting", "over"), 0))
            for name in held:
                held[name] += row[name]
    return found


def _count(
    user: User, at: datetime, *, promise: str = "", escalated: str = "", asked: str = "", court: str = ""
) -> int:
    wanted = Wanted(show="open", promise=promise, escalated=escalated, asked=asked, court=court)
    return count(user, wanted, at)


def _people(teams: list[object], at: datetime) -> list[PersonLine]:
    since = datetime.combine(at.date(), time.min, tzinfo=at.tzinfo)
    users = list(
        User.objects.filter(memberships__team__in=teams, is_active=True)
        .prefetch_related("memberships__team")
        .distinct()
        .order_by("username")
    )
    keys = [user.pk for user in users]
    held = dict(
        Case.objects.filter(owner__in=keys, state=Case.State.OPEN)
        .order_by()
        .values_list("owner")
        .annotate(n=Count("*"))
    )
    tried = {
        row["by"]: row
        for row in Attempt.objects.filter(at__gte=since, by__in=keys)
        .order_by()
        .values("by")
        .annotate(n=Count("*"), reached=Count("result", filter=Q(result="right_party")))
    }
    promised = dict(
        Promise.objects.filter(made_at__gte=since, taken_by__in=keys)
        .order_by()
        .values_list("taken_by")
        .annotate(n=Count("*"))
    )
    busy = dict(Case.objects.filter(taken_by__in=keys, taken_until__gt=at).values_list("taken_by", "number"))
    none = {"n": 0, "reached": 0}
    return [
        PersonLine(
            user.username, str(user), "、".join(each.team.name for each in user.memberships.all()),
            held.get(user.pk, 0),
            tried.get(user.pk, none)["n"], tried.get(user.pk, none)["reached"], promised.get(user.pk, 0),
            busy.get(user.pk, ""),
        )
        for user in users
    ]  # fmt: skip


def _decided_by(role: str) -> list[str]:
    return [act for act, told in authority().items() if role in told["decides"]]


def approvals_for(user: User, at: datetime) -> QuerySet[Approval]:
    """What waits for a decision on cases this person may decide on, oldest first."""
    asked = Approval.objects.filter(state=Approval.State.WAITING)
    of_none = Q(case__isnull=True, act__in=_decided_by(user.role))
    far = reach(user, "approve")
    if far == "all":
        asked = asked.filter(of_none | Q(case__isnull=False))
    else:
        asked = asked.filter(of_none | cases_q(user, "approve", at.date(), through="case__") if far else of_none)
    return asked.select_related("case", "case__party", "asked_by").order_by("asked_at")
