"""The lender's own people: made, placed in a role and teams, shut out and let in again. Who is there: :mod:`roster`.

Four rules hold for every act: nobody changes the own role or shuts him- or herself out; the last administrator stays;
a role that approves is given by two people where ``authority.yaml`` (``grant_role``) says so; and everything is an
event with what was before, what is now and why.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.db import transaction
from django.db.models import F, QuerySet

from mora.casework import people
from mora.casework.policy_files import authority, rights
from mora.casework.queue import let_go
from mora.casework.rights import reach, require
from mora.core.errors import Refused
from mora.core.words import Words
from mora.store import audit
from mora.store.models import Absence, Approval, Case, Membership, Team, User
from mora.store.models.people import Role

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
RESERVED = frozenset({"mora", "installation", "nobody"})
"""What the record calls the system itself."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are read for one another."""
LANGUAGES = ("zh", "en")
TRAINED_BACK = 10
"""Years; a training longer ago is a slip of the keyboard."""


@dataclass(frozen=True, slots=True)
class Place:
    """A role, and the teams it is filled in."""

    role: str
    teams: Sequence[str] = ()
    leads: Sequence[str] = ()
    """Of these teams, the ones led."""

    def told(self) -> dict[str, object]:
        """As it stands in events and approvals."""
        return {"role": self.role, "teams": sorted(self.teams), "leads": sorted(self.leads)}


@dataclass(frozen=True, slots=True)
class Told:
    """What a person is called, reads and was trained on."""

    name: str
    language: str = "zh"
    trained_on: date | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """Somebody new; the password is shown once and kept nowhere in clear."""

    person: User
    password: str = field(repr=False)
    asked: Approval | None = None
    """What waits for a second person before the log-in opens."""


def place_of(person: User) -> Place:
    """Where a person stands now."""
    held = list(person.memberships.select_related("team"))
    return Place(person.role, [each.team.code for each in held], [each.team.code for each in held if each.leads])


def first_password() -> str:
    """Sixteen random letters and digits in four groups, easy to read out."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def waiting_for(person: User) -> Approval | None:
    """What somebody asked for this person and nobody decided yet."""
    held = Approval.objects.filter(act="grant_role", state=Approval.State.WAITING, details__person=person.username)
    return held.select_related("asked_by").first()


def _no_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(Words("请写明原因", "say why"), about="reason")


def _fits(place: Place) -> tuple[list[Team], str]:
    """The teams of a place that can be filled."""
    if place.role not in Role.values:
        raise Refused(Words("请选择角色", "choose a role"), about="role")
    teams = list(Team.objects.filter(code__in=place.teams).order_by("code"))
    unknown = sorted(set(place.teams) - {team.code for team in teams})
    if unknown:
        raise Refused(Words(f"没有小组 {unknown[0]}", f"there is no team {unknown[0]}"), about="teams")
    outside = place.role == str(Role.AGENCY)
    if outside and not teams:
        raise Refused(Words("外包人员须归入一个外包机构", "an agency's user belongs to an agency"), about="teams")
    wrong = next((team for team in teams if team.agency != outside), None)
    if wrong is not None:
        raise Refused(
            Words(
                f"{wrong.name}是{'外包机构' if wrong.agency else '本行小组'}，与所选角色不符",
                f"{wrong.name} is {'an agency' if wrong.agency else 'a team of the house'}, not for this role",
            ),
            about="teams",
        )
    if set(place.leads) - set(place.teams):
        raise Refused(Words("只能负责所在的小组", "one leads teams one is in"), about="leads")
    if place.leads and "manage_team" not in _rights_of(place.role):
        raise Refused(
            Words("该角色没有“管理本组人员”权限，不能负责小组", "this role may not look after a team, and leads none"),
            about="leads",
        )
    return teams, place.role


def _rights_of(role: str) -> set[str]:
    return {right for right, row in rights().items() if row.get(role)}


def _told(told: Told, today: date) -> None:
    if not told.name.strip():
        raise Refused(Words("请填写姓名", "give the name"), about="name")
    if len(told.name.strip()) > 80:
        raise Refused(Words("姓名最长 80 字", "a name has 80 letters at most"), about="name")
    if told.language not in LANGUAGES:
        raise Refused(Words("请选择语言", "choose a language"), about="language")
    if told.trained_on is not None and told.trained_on > today:
        raise Refused(Words("培训日期不能晚于今天", "the training is not ahead"), about="trained_on")
    if told.trained_on is not None and told.trained_on.year < today.year - TRAINED_BACK:
        raise Refused(
            Words(f"培训日期须在近 {TRAINED_BACK} 年内", f"the training lies {TRAINED_BACK} years back at most"),
            about="trained_on",
        )


def _stays(person: User) -> None:
    """Go on unless this is the last administrator; in a transaction, so that two do not shut each other out."""
    left = User.objects.select_for_update().filter(role=Role.ADMINISTRATOR, is_active=True)
    if [each.pk for each in left] == [person.pk]:
        raise Refused(
            Words("这是最后一名在用的管理员，请先任命另一名", "this is the last administrator; make another one first"),
            about="role",
        )


def needs_second(role: str) -> bool:
    """Whether giving this role is decided by a second person."""
    return role in authority().get("grant_role", {}).get("roles", ())


def deciders(asking: User, person: User) -> QuerySet[User]:
    """Who else is there to decide on a role for this person."""
    deciding = [role for role in authority()["grant_role"]["decides"] if "approve" in _rights_of(role)]
    return User.objects.filter(is_active=True, role__in=deciding).exclude(pk__in=(asking.pk, person.pk))


def _names(codes: Sequence[str]) -> list[str]:
    return list(Team.objects.filter(code__in=codes).order_by("code").values_list("name", flat=True))


def _ask(
    by: User, person: User, place: Place, reason: str, at: datetime, *, before: Place, enable: bool = False
) -> Approval:  # fmt: skip
    if waiting_for(person) is not None:
        raise Refused(Words("已有申请待审批", "something asked for waits for approval already"), about="role")
    asked = Approval.objects.create(
        act="grant_role", reason=reason, asked_by=by, asked_at=at,
        details={
            "person": person.username, "name": str(person), **place.told(), "from": before.role, "enable": enable,
            "team_names": _names(place.teams), "led_names": _names(place.leads),
        },
    )  # fmt: skip
    audit.append(
        by.username, "person.ask", person.username, at=at, reason=reason, before=before.told(), after=place.told(),
        enable=enable,
    )  # fmt: skip
    return asked


def add(by: User, username: str, told: Told, place: Place, reason: str, at: datetime) -> Made:
    """Make somebody who logs in with a first password and must then choose an own one.

    With a role that two people give, the log-in stays shut until the second one agrees.

    :raises Refused: a name that is taken or no name, a place that cannot be filled; says at which field.
    """
    require(by, "manage_people", None, at.date())
    username = username.strip().lower()
    if not NAME.fullmatch(username) or username in RESERVED:
        raise Refused(
            Words(
                "用户名为 2 至 40 个小写字母、数字或 . _ -，以字母或数字开头",
                "a user name has 2 to 40 of a-z, 0-9, dot, _ and -, and begins with a letter or digit",
            ),
            about="username",
        )
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(Words(f"用户名 {username} 已被使用", f"the user name {username} is taken"), about="username")
    _told(told, at.date())
    teams, role = _fits(place)
    _no_reason(reason)
    password = first_password()
    with transaction.atomic():
        made = people.make_person(
            by.username, username, told.name.strip(), Role(role), password, at, trained_on=told.trained_on,
            must_change_password=True,
        )  # fmt: skip
        _join(made, teams, place.leads)
        second = needs_second(role) and deciders(by, made).exists()
        made.language, made.is_active = told.language, not second
        made.save(update_fields=["language", "is_active"])
        asked = None
        if second:
            asked = _ask(by, made, place, reason.strip(), at, before=Place(""), enable=True)
        else:
            _placed(by.username, made, Place(""), place, reason, at, alone=needs_second(role))
    return Made(made, password, asked)


def _placed(
    by: str, person: User, before: Place, after: Place, reason: str, at: datetime, *, alone: bool, cases: int = 0
) -> None:  # fmt: skip
    more: dict[str, object] = {"cases": cases} if cases else {}
    if alone:
        more["second_person"] = "nobody there"
    audit.append(
        by, "person.place", person.username, at=at, reason=reason.strip(), before=before.told(), after=after.told(),
        **more,
    )  # fmt: skip


def _join(person: User, teams: Iterable[Team], leads: Iterable[str]) -> None:
    held, wanted = {each.team_id: each for each in person.memberships.all()}, {team.pk: team for team in teams}
    person.memberships.exclude(team__in=wanted).delete()
    for pk, team in wanted.items():
        Membership.objects.update_or_create(user=person, team=team, defaults={"leads": team.code in set(leads)})
        held.pop(pk, None)


def place(by: User, person: User, wanted: Place, reason: str, at: datetime) -> Approval | None:
    """Give a person a role and teams; cases he or she no longer works go back to their teams' queues.

    :returns: what waits for a second person; None when it holds already.
    :raises Refused: the own role, the last administrator's, nothing changed, no reason, or a place that cannot be
        filled; says at which field.
    """
    require(by, "manage_people", None, at.date())
    before = place_of(person)
    teams, role = _fits(wanted)
    if wanted.told() == before.told():
        raise Refused(Words("角色与小组未作改动", "role and teams are as they were"), about="role")
    if role != before.role and by.pk == person.pk:
        raise Refused(Words("不得更改本人的角色", "nobody changes the own role"), about="role")
    _no_reason(reason)
    with transaction.atomic():
        if person.is_active and before.role == str(Role.ADMINISTRATOR) and role != before.role:
            _stays(person)
        given = role != before.role and needs_second(role)
        if waiting_for(person) is not None:
            raise Refused(Words("已有申请待审批", "something asked for waits for approval already"), about="role")
        if given and deciders(by, person).exists():
            return _ask(by, person, wanted, reason.strip(), at, before=before)
        _settle(by, person, before, wanted, teams, reason, at, alone=given)
    return None


def _settle(
    by: User, person: User, before: Place, wanted: Place, teams: Sequence[Team], reason: str, at: datetime, *,
    alone: bool = False,
) -> None:  # fmt: skip
    person.role = wanted.role
    User.objects.filter(pk=person.pk).update(role=wanted.role)
    _join(person, teams, wanted.leads)
    left = set(before.teams) - set(wanted.teams)
    cases = Case.objects.filter(state=Case.State.OPEN)
    if reach(User(role=wanted.role), "work_case"):
        cases = cases.filter(team__code__in=left)
    gone = let_go(person, cases, by, reason.strip(), at)
    _placed(by.username, person, before, wanted, reason, at, alone=alone, cases=gone)


def grant(asked: Approval, by: User, at: datetime) -> None:
    """What was asked for holds; in the transaction of the decision.

    :raises Refused: it is about oneself, or the person or the teams changed since.
    """
    told = asked.details
    person = User.objects.select_for_update().filter(username=told["person"]).first()
    if person is None or (person.role != told["from"] and not told["enable"]):
        raise Refused(Words("申请提出后人员已有变动，请退回重提", "the person changed since; deny it and ask again"))
    if person.pk == by.pk:
        raise Refused(Words("不得审批本人的角色", "nobody decides on the own role"))
    wanted = Place(told["role"], told["teams"], told["leads"])
    try:
        teams, _ = _fits(wanted)
    except Refused as refusal:
        raise Refused(refusal.words) from None
    if person.role == Role.ADMINISTRATOR and wanted.role != str(Role.ADMINISTRATOR) and person.is_active:
        _stays(person)
    _settle(by, person, place_of(person), wanted, teams, asked.reason, at)
    if told["enable"]:
        User.objects.filter(pk=person.pk).update(is_active=True)
        audit.append(
            by.username, "person.enable", person.username, at=at, reason=asked.reason, before=False, after=True
        )


def tell(by: User, person: User, told: Told, reason: str, at: datetime) -> None:
    """Change what a person is called, reads and was trained on.

    :raises Refused: no name, no language, a training that is ahead, or nothing changed.
    """
    require(by, "manage_people", None, at.date())
    _told(told, at.date())
    before = {"name": person.display_name, "language": person.language, "trained_on": person.trained_on}
    after = {"name": told.name.strip(), "language": told.language, "trained_on": told.trained_on}
    if before == after:
        raise Refused(Words("资料未作改动", "nothing was changed"), about="name")
    _no_reason(reason)
    with transaction.atomic():
        User.objects.filter(pk=person.pk).update(
            display_name=after["name"], language=after["language"], trained_on=after["trained_on"]
        )
        audit.append(
            by.username, "person.tell", person.username, at=at, reason=reason.strip(), before=before, after=after
        )


def disable(by: User, person: User, reason: str, at: datetime) -> int:
    """Shut a person out: log-ins end at once, cases go back to the teams' queues, nobody is stood in for any more.

    :returns: how many cases went back.
    :raises Refused: oneself, the last administrator, somebody who is shut out already, or no reason.
    """
    require(by, "manage_people", None, at.date())
    if by.pk == person.pk:
        raise Refused(Words("不得停用本人", "nobody disables the own log-in"), about="reason")
    if not person.is_active:
        raise Refused(Words("该人员已停用", "the person is disabled already"), about="reason")
    _no_reason(reason)
    with transaction.atomic():
        if person.role == Role.ADMINISTRATOR:
            _stays(person)
        User.objects.filter(pk=person.pk).update(is_active=False, sessions_ended=F("sessions_ended") + 1)
        withdrawn = Approval.objects.filter(
            act="grant_role", state=Approval.State.WAITING, details__person=person.username
        ).update(state=Approval.State.WITHDRAWN)
        stood_in = Absence.objects.filter(deputy=person, until__gt=at.date()).update(deputy=None)
        gone = let_go(person, Case.objects.filter(state=Case.State.OPEN), by, reason.strip(), at)
        audit.append(
            by.username, "person.disable", person.username, at=at, reason=reason.strip(), before=True, after=False,
            cases=gone, absences_without_deputy=stood_in, withdrawn=withdrawn,
        )  # fmt: skip
    return gone


def enable(by: User, person: User, reason: str, at: datetime) -> Approval | None:
    """Let a person in again, by two people where the role asks for it.

    :returns: what waits for a second person; None when the log-in is open.
    :raises Refused: the person is not shut out, waits already, or no reason.
    """
    require(by, "manage_people", None, at.date())
    if person.is_active:
        raise Refused(Words("该人员未停用", "the person is not disabled"), about="reason")
    if waiting_for(person) is not None:
        raise Refused(Words("已有申请待审批", "something asked for waits for approval already"), about="reason")
    _no_reason(reason)
    here = place_of(person)
    with transaction.atomic():
        if needs_second(person.role) and deciders(by, person).exists():
            return _ask(by, person, here, reason.strip(), at, before=here, enable=True)
        User.objects.filter(pk=person.pk).update(is_active=True)
        more = {"second_person": "nobody there"} if needs_second(person.role) else {}
        audit.append(
            by.username, "person.enable", person.username, at=at, reason=reason.strip(), before=False, after=True,
            **more,
        )  # fmt: skip
    return None


def new_password(by: User, person: User, reason: str, at: datetime) -> str:
    """A new first password; every log-in of the person ends, and the password must be changed at the next.

    :raises Refused: oneself, or no reason.
    """
    require(by, "manage_people", None, at.date())
    if by.pk == person.pk:
        raise Refused(Words("本人密码请在“修改密码”页更改", "change your own on the page Password"), about="reason")
    _no_reason(reason)
    password = first_password()
    with transaction.atomic():
        person.set_password(password)
        person.must_change_password = True
        person.save(update_fields=["password", "must_change_password"])
        audit.append(by.username, "person.password", person.username, at=at, reason=reason.strip())
    return password


def reset_factor(by: User, person: User, reason: str, at: datetime) -> None:
    """Take a lost second factor and its recovery codes away; every log-in of the person ends.

    :raises Refused: oneself, none is set, or no reason.
    """
    require(by, "manage_people", None, at.date())
    if by.pk == person.pk:
        raise Refused(
            Words("本人请在“二次验证”页自行管理", "see to your own on the page Second factor"), about="reason"
        )
    held = Authenticator.objects.filter(user=person)
    if not held.exists():
        raise Refused(Words("该人员未设置二次验证", "no second factor is set"), about="reason")
    _no_reason(reason)
    with transaction.atomic():
        before = sorted(held.values_list("type", flat=True))
        held.delete()
        User.objects.filter(pk=person.pk).update(sessions_ended=F("sessions_ended") + 1)
        audit.append(
            by.username, "person.factor", person.username, at=at, reason=reason.strip(), before=before, after=[]
        )


def unlock(by: User, person: User, reason: str, at: datetime) -> None:
    """Forget failed log-ins, so that the person can try again at once.

    :raises Refused: none is counted, or no reason.
    """
    require(by, "manage_people", None, at.date())
    failed = AccessAttempt.objects.filter(username__iexact=person.username)
    if not failed.exists():
        raise Refused(Words("没有失败的登录", "no failed log-in is counted"), about="reason")
    _no_reason(reason)
    with transaction.atomic():
        before = sum(failed.values_list("failures_since_start", flat=True))
        failed.delete()
        audit.append(
            by.username, "person.unlock", person.username, at=at, reason=reason.strip(), before=before, after=0
        )


def own_password_chosen(person: User, at: datetime) -> None:
    """The person chose a password nobody else knows."""
    with transaction.atomic():
        User.objects.filter(pk=person.pk).update(must_change_password=False)
        audit.append(person.username, "person.own_password", person.username, at=at)
