"""Who gets an own case? By rule, skill and load.

Of the team's people who are there, have what the case asks for and hold fewer cases than they should, the one with the
most room in proportion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from functools import cache

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from mora.casework.policy_files import levels, read
from mora.casework.rights import cases_for, reach, require
from mora.core.errors import BadInput
from mora.store import audit
from mora.store.models import Absence, Case, Membership, User


@dataclass(frozen=True, slots=True)
class AllocationRule:
    """Which levels have owners, and which skills languages and products ask for."""

    levels: tuple[str, ...]
    languages: Mapping[str, str]
    products: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who could get a case."""

    username: str
    skills: frozenset[str]
    load: int
    capacity: int


@dataclass(frozen=True, slots=True)
class Shared:
    """What sharing out did."""

    given: int
    left: int
    """Cases nobody could be given: no room, nobody there, or a skill nobody has."""


@cache
def rule() -> AllocationRule:
    """The lender's rule.

    :raises BadInput: a level is not in levels.yaml, or something is left out.
    """
    told = read("allocation.yaml")
    try:
        found = AllocationRule(tuple(told["levels"]), told["skills"]["language"], told["skills"]["product"])
    except (KeyError, TypeError) as problem:
        raise BadInput(f"allocation.yaml: {problem}; it says levels and skills with language and product") from None
    unknown = sorted(set(found.levels) - {each.level for each in levels()})
    if unknown:
        raise BadInput(f"allocation.yaml: {', '.join(unknown)} is not in levels.yaml")
    return found


def known_skills() -> list[str]:
    """Every skill the rule can ask for."""
    return sorted({*rule().languages.values(), *rule().products.values()})


def needs(case: Case) -> frozenset[str]:
    """What a case asks of whoever gets it."""
    language = rule().languages.get(case.party.language)
    products = [
        skill for part, skill in rule().products.items()
        if any(part in loan.product.lower() for loan in case.loans.all())
    ]  # fmt: skip
    return frozenset(each for each in (language, *products) if each)


def choose(asked: frozenset[str], people: Sequence[Worker]) -> Worker | None:
    """The one to give a case to; None when nobody fits.

    Most room in proportion comes first, then the smaller load, then the name: the same people and cases always give the
    same answer.
    """
    fit = [each for each in people if each.load < each.capacity and asked <= each.skills]
    return min(fit, key=lambda each: (Fraction(each.load, each.capacity), each.load, each.username), default=None)


def to_share(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Open cases without an owner at the levels that have one, best first."""
    found = cases.filter(state=Case.State.OPEN, owner__isnull=True, team__isnull=False, level__in=rule().levels)
    return found.order_by("-pinned", "-priority", "id")


def workers(teams: Sequence[object], on: date) -> dict[object, list[Worker]]:
    """Team to the people who are there that day and work cases."""
    away = Absence.objects.filter(since__lte=on, until__gt=on).values("user")
    members = (
        Membership.objects.filter(team__in=teams, user__is_active=True)
        .exclude(user__in=away)
        .select_related("user")
        .annotate(load=Count("user__cases", filter=Q(user__cases__state=Case.State.OPEN)))
    )
    found: dict[object, list[Worker]] = {}
    for each in members:
        if reach(each.user, "work_case"):
            person = Worker(each.user.username, frozenset(each.user.skills), each.load, each.user.capacity)
            found.setdefault(each.team_id, []).append(person)
    return found


def share_out(at: datetime, by: User | None = None) -> Shared:
    """Give every case that should have an owner to somebody; each gift is its own transaction and event.

    :param by: the leader who asks for it, for the own teams' cases; None at night, for all.
    :raises NotAllowed: the person may not assign cases.
    """
    if by is not None:
        require(by, "assign_case", None, at.date())
    reached = Case.objects.all() if by is None else cases_for(by, "assign_case", at.date())
    waiting = list(to_share(reached).select_related("party").prefetch_related("loans"))
    people = workers([each.team_id for each in waiting], at.date())
    users = {user.username: user for user in User.objects.filter(memberships__team__in=people)}
    given = 0
    for case in waiting:
        here = people.get(case.team_id, [])
        asked = needs(case)
        chosen = choose(asked, here)
        if chosen is None:
            continue
        with transaction.atomic():
            changed = Case.objects.filter(pk=case.pk, owner__isnull=True, state=Case.State.OPEN).update(
                owner=users[chosen.username]
            )
            if changed:
                audit.append(
                    by.username if by is not None else "mora", "case.share", case.number, at=at,
                    after=chosen.username, load=chosen.load, skills=sorted(asked),
                )  # fmt: skip
        if changed:
            given += 1
            for team, held in people.items():
                people[team] = [
                    replace(each, load=each.load + 1) if each.username == chosen.username else each for each in held
                ]
    return Shared(given, len(waiting) - given)
