"""Who works here: the administrator's list, and one person with what happened to him or her. Acts: :mod:`staff`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from axes.helpers import get_cool_off, get_failure_limit
from axes.models import AccessAttempt
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from mora.store.models import Approval, Case, Event, User

SHOWS = ("active", "disabled", "all")
EVENTS = 30


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list."""

    user: User
    teams: str
    """Names of the teams, those led marked."""
    has_factor: bool
    locked: bool
    waits: bool
    """Something asked for the person waits for a second person."""
    open_cases: int


def found(text: str = "", role: str = "", team: str = "", show: str = SHOWS[0]) -> QuerySet[User]:
    """People by a part of name or user name, role and team, whether they may log in or not."""
    people = User.objects.all()
    if show != "all":
        people = people.filter(is_active=show != "disabled")
    if text.strip():
        people = people.filter(Q(username__icontains=text.strip()) | Q(display_name__icontains=text.strip()))
    if role:
        people = people.filter(role=role)
    if team:
        people = people.filter(pk__in=User.objects.filter(memberships__team__code=team).values("pk"))
    return people


def with_more(people: QuerySet[User]) -> QuerySet[User]:
    """With what a row shows besides; the number of questions to the database does not grow with the rows."""
    factor = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    return people.annotate(
        has_factor=Exists(factor), n_open=Count("cases", filter=Q(cases__state=Case.State.OPEN))
    ).prefetch_related("memberships__team")


def lines(people: Iterable[User]) -> list[Line]:
    """Rows for people of :func:`with_more`."""
    shown = list(people)
    names = [each.username for each in shown]
    shut, waits = locked(names), waiting(names)
    return [
        Line(
            each, "、".join(f"{held.team.name}{' ★' if held.leads else ''}" for held in each.memberships.all()),
            each.has_factor, each.username.lower() in shut, each.username in waits, each.n_open,
        )
        for each in shown
    ]  # fmt: skip


def locked(names: Iterable[str]) -> set[str]:
    """Which user names (lower case) are shut after failed log-ins, from whatever address."""
    since = timezone.now() - get_cool_off()
    failed = (
        AccessAttempt.objects.filter(attempt_time__gt=since)
        .values("username", "ip_address")
        .annotate(n=Sum("failures_since_start"))
    )
    limit = get_failure_limit(None, None)
    wanted = {name.lower() for name in names}
    return {name for each in failed if each["n"] >= limit and (name := (each["username"] or "").lower()) in wanted}


def waiting(names: Iterable[str]) -> set[str]:
    """For whom something asked waits for a second person."""
    held = Approval.objects.filter(act="grant_role", state=Approval.State.WAITING).values_list("details", flat=True)
    return {each["person"] for each in held} & set(names)


def happened(person: User) -> list[Event]:
    """What was done to the person's log-in, role and absences, newest first."""
    return list(Event.objects.filter(subject=person.username).order_by("-seq")[:EVENTS])
