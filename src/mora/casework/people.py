"""People, teams and who stands in for whom; and the demonstration house, one person for each role."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from mora.store import audit
from mora.store.models import Membership, Team, User
from mora.store.models.people import Role

DEMO_PASSWORD = "mora-demo-2026"  # noqa: S105  printed by the demonstration; such people are made nowhere else
_DEMO: dict[Any, tuple[str, str, str, bool]] = {
    Role.COLLECTOR: ("chen", "陈静", "collector", False),
    Role.ACCOUNT_MANAGER: ("lin", "林涛", "account-manager", False),
    Role.RISK_REVIEWER: ("wu", "吴敏", "risk-reviewer", False),
    Role.LEGAL_OFFICER: ("zhao", "赵律", "legal-officer", False),
    Role.TEAM_LEADER: ("sun", "孙蕾", "collector", True),
    Role.MANAGER: ("qian", "钱立", "", False),
    Role.AUDITOR: ("zheng", "郑和", "", False),
    Role.AGENCY: ("agency", "外包甲", "agency-a", False),
    Role.ADMINISTRATOR: ("admin", "管理员", "", False),
}
TEAMS = {
    "collector": "催收组", "account-manager": "客户经理组", "risk-reviewer": "风险复核组", "legal-officer": "法务组",
    "agency-a": "外包机构甲",
}  # fmt: skip


def make_person(
    by: str, username: str, name: str, role: Role, password: str, at: datetime, *, team: Team | None = None,
    leads: bool = False, trained_on: date | None = None, must_change_password: bool = False,
) -> User:  # fmt: skip
    """Make somebody who can log in, in a team.

    :param must_change_password: the password is known to somebody else, too, and only good for choosing an own one.
    """
    with transaction.atomic():
        user = User(
            username=username, display_name=name, role=role, trained_on=trained_on,
            must_change_password=must_change_password,
        )  # fmt: skip
        user.set_password(password)
        user.save()
        if team is not None:
            Membership.objects.create(user=user, team=team, leads=leads)
        audit.append(by, "person.make", username, at=at, role=role, team=team.code if team else "")
    return user


def read_in(user: User, language: str) -> None:
    """Let a person read in a language (zh, en). No event: it changes nobody's work."""
    User.objects.filter(pk=user.pk).update(language=language)


def put_first_steps_away(user: User, *, away: bool) -> None:
    """Hide or show the first page's steps for a person. No event: it changes nobody's work."""
    User.objects.filter(pk=user.pk).update(first_steps_put_away=away)


def demonstration(at: datetime) -> list[User]:
    """The demonstration's people, made once; they carry fictional names and a password everybody knows."""
    teams = {
        code: Team.objects.get_or_create(
            code=code,
            defaults={
                "name": name, "agency": code.startswith("agency"),
                "role": "" if code.startswith("agency") else code.replace("-", "_"),
            },
        )[0]
        for code, name in TEAMS.items()
    }  # fmt: skip
    made = []
    for role, (username, name, team, leads) in _DEMO.items():
        held = User.objects.filter(username=username).first()
        made.append(
            held
            or make_person(
                "mora", username, name, role, DEMO_PASSWORD, at, team=teams.get(team), leads=leads, trained_on=at.date()
            )
        )
    leader = User.objects.get(username=_DEMO[Role.TEAM_LEADER][0])
    for code in ("account-manager",):
        Membership.objects.get_or_create(user=leader, team=teams[code], defaults={"leads": True})
    return made
