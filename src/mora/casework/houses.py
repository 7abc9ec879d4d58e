"""Teams and branches: made, renamed, whose cases come to a team, and who leads it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Prefetch, Q, QuerySet

from mora.casework.policy_files import levels
from mora.casework.rights import reach, require
from mora.core.errors import Refused
from mora.core.words import Words
from mora.store import audit
from mora.store.models import Branch, Case, CaseLoan, Membership, Team, User

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
BRANCH = re.compile(r"[\w.-]{1,60}")
NAME_MOST = 120


@dataclass(frozen=True, slots=True)
class TeamTold:
    """What is said about a team."""

    name: str
    role: str = ""
    branch: str = ""
    """Code of the branch; empty for every branch."""
    agency: bool = False
    leaders: Sequence[str] = field(default_factory=list)


def roles_with_cases() -> list[str]:
    """Roles that levels give cases to, in the order of the levels."""
    return list(dict.fromkeys(rule.role for rule in levels()))


def teams() -> QuerySet[Team]:
    """Every team with its people and how many open cases it has."""
    members = Membership.objects.select_related("user").order_by("user__username")
    return (
        Team.objects.select_related("branch")
        .annotate(n_open=Count("cases", filter=Q(cases__state=Case.State.OPEN), distinct=True))
        .prefetch_related(Prefetch("memberships", queryset=members, to_attr="members"))
        .order_by("agency", "code")
    )


def branches() -> QuerySet[Branch]:
    """Every branch with how many teams it has."""
    return Branch.objects.annotate(n_teams=Count("team")).order_by("code")


def _named(name: str) -> str:
    if not name.strip():
        raise Refused(Words("请填写名称", "give a name"), about="name")
    if len(name.strip()) > NAME_MOST:
        raise Refused(Words(f"名称最长 {NAME_MOST} 字", f"a name has {NAME_MOST} letters at most"), about="name")
    return name.strip()


def _why(reason: str) -> None:
    if not reason.strip():
        raise Refused(Words("请写明原因", "say why"), about="reason")


def _branch(code: str) -> Branch | None:
    if not code:
        return None
    held = Branch.objects.filter(code=code).first()
    if held is None:
        raise Refused(Words("请选择机构", "choose a branch"), about="branch")
    return held


def _fits(told: TeamTold, this: Team | None) -> Branch | None:
    """The branch of a team that can be."""
    _named(told.name)
    branch = _branch(told.branch)
    if told.role and told.role not in roles_with_cases():
        raise Refused(Words("请选择承办哪类案件", "choose whose cases it takes"), about="role")
    if told.role and told.agency:
        raise Refused(
            Words("外包机构不自动承接案件，只办理委托给它的案件", "an agency takes what is placed with it only"),
            about="role",
        )
    if told.role:
        other = Team.objects.filter(role=told.role, branch=branch).exclude(pk=this.pk if this else None).first()
        if other is not None:
            raise Refused(Words(f"{other.name}已承办这些案件", f"{other.name} takes these cases already"), about="role")
    return branch


def _state(team: Team) -> dict[str, object]:
    led = team.memberships.filter(leads=True).values_list("user__username", flat=True)
    return {
        "name": team.name, "role": team.role, "branch": team.branch.code if team.branch else "",
        "agency": team.agency, "leaders": sorted(led),
    }  # fmt: skip


def _take_teamless(team: Team) -> int:
    """Open cases that have no team come to the one that takes them; how many. Those of another team stay there."""
    if not team.role:
        return 0
    taken = [rule.level for rule in levels() if rule.role == team.role]
    cases = Case.objects.filter(state=Case.State.OPEN, team__isnull=True, level__in=taken)
    if team.branch is not None:
        here = CaseLoan.objects.filter(branch__iexact=team.branch.code)
        cases = cases.filter(pk__in=here.values("case"))
    return cases.update(team=team, version=F("version") + 1)


def add_team(by: User, code: str, told: TeamTold, reason: str, at: datetime) -> Team:
    """Make a team.

    :raises Refused: a code that is taken or none, no name, no such branch or role, or cases another team takes.
    """
    require(by, "manage_people", None, at.date())
    code = code.strip().lower()
    if not CODE.fullmatch(code):
        raise Refused(
            Words("代码为小写字母、数字和 -，最长 60 位", "a code has a-z, 0-9 and -, 60 at most"), about="code"
        )
    if Team.objects.filter(code=code).exists():
        raise Refused(Words(f"代码 {code} 已被使用", f"the code {code} is taken"), about="code")
    branch = _fits(told, None)
    _why(reason)
    with transaction.atomic():
        made = Team.objects.create(code=code, name=_named(told.name), role=told.role, branch=branch, agency=told.agency)
        came = _take_teamless(made)
        audit.append(by.username, "team.make", code, at=at, reason=reason.strip(), after=_state(made), cases=came)
    return made


def change_team(by: User, team: Team, told: TeamTold, reason: str, at: datetime) -> None:
    """Rename a team, say whose cases it takes, where, and who leads it. What it is (house, agency) stays.

    :raises Refused: as :func:`add_team`; a leader who is not in the team or may lead none; nothing changed.
    """
    require(by, "manage_people", None, at.date())
    told = TeamTold(told.name, told.role, told.branch, team.agency, told.leaders)
    branch = _fits(told, team)
    members = {each.user.username: each for each in team.memberships.select_related("user")}
    for name in told.leaders:
        if name not in members or not reach(members[name].user, "manage_team"):
            raise Refused(
                Words(f"{name} 不能负责本小组", f"{name} cannot lead this team: not in it, or without the right"),
                about="leaders",
            )
    _why(reason)
    with transaction.atomic():
        before = _state(team)
        Team.objects.filter(pk=team.pk).update(name=_named(told.name), role=told.role, branch=branch)
        for name, held in members.items():
            Membership.objects.filter(pk=held.pk).update(leads=name in told.leaders)
        team.refresh_from_db()
        after = _state(team)
        if before == after:
            raise Refused(Words("未作改动", "nothing was changed"), about="name")
        came = _take_teamless(team)
        audit.append(
            by.username, "team.change", team.code, at=at, reason=reason.strip(), before=before, after=after, cases=came
        )


def add_branch(by: User, code: str, name: str, reason: str, at: datetime) -> Branch:
    """Name a branch as the book calls it.

    :raises Refused: a code that is taken or none, or no name.
    """
    require(by, "manage_people", None, at.date())
    code = code.strip()
    if not BRANCH.fullmatch(code):
        raise Refused(
            Words("代码与账簿中的机构代码一致：字母、数字、. _ -", "a code is as in the book: letters, digits, . _ -"),
            about="code",
        )
    if Branch.objects.filter(code__iexact=code).exists():
        raise Refused(Words(f"代码 {code} 已被使用", f"the code {code} is taken"), about="code")
    name = _named(name)
    _why(reason)
    with transaction.atomic():
        made = Branch.objects.create(code=code, name=name)
        audit.append(by.username, "branch.make", code, at=at, reason=reason.strip(), after={"name": made.name})
    return made


def change_branch(by: User, branch: Branch, name: str, reason: str, at: datetime) -> None:
    """Rename a branch.

    :raises Refused: no name, or the same.
    """
    require(by, "manage_people", None, at.date())
    before, after = branch.name, _named(name)
    if before == after:
        raise Refused(Words("未作改动", "nothing was changed"), about="name")
    _why(reason)
    with transaction.atomic():
        Branch.objects.filter(pk=branch.pk).update(name=after)
        audit.append(
            by.username, "branch.change", branch.code, at=at, reason=reason.strip(), before={"name": before},
            after={"name": after},
        )  # fmt: skip
