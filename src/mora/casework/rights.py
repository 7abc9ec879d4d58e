"""May this person do this, to this case? The rights matrix applied: one question for an object, one for a list."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from mora.casework.policy_files import rights
from mora.core.errors import Refused
from mora.core.words import Words
from mora.store.models import Absence, Case, User


class NotAllowed(Refused):
    """The matrix does not give this right, or not this far."""


def reach(user: User, right: str) -> str:
    """How far a right reaches for this person: own, team, placed, all, or empty for not at all."""
    if not user.is_active:
        return ""
    return rights().get(right, {}).get(user.role, "")


@dataclass(frozen=True, slots=True)
class _Hands:
    """Whose cases a person reaches, by key: in small sets that a database looks up instead of looking through."""

    teams: tuple[object, ...]
    agencies: tuple[object, ...]
    """Those of the teams that are outside the house."""
    covered: tuple[object, ...]
    """Whom the person stands in for that day."""


_READING: ContextVar[dict[tuple[object, date], _Hands] | None] = ContextVar("reading", default=None)


@contextmanager
def reading() -> Iterator[None]:
    """While a page is read, and nothing changed, teams and absences are asked for once."""
    token = _READING.set({})
    try:
        yield
    finally:
        _READING.reset(token)


def _hands(user: User, on: date) -> _Hands:
    held = _READING.get()
    if held is not None and (user.pk, on) in held:
        return held[user.pk, on]
    teams = list(user.memberships.order_by("team").values_list("team", "team__agency"))
    away = Absence.objects.filter(deputy=user, since__lte=on, until__gt=on).order_by("user").values_list("user")
    found = _Hands(
        tuple(team for team, _ in teams), tuple(team for team, agency in teams if agency),
        tuple(each for (each,) in away.distinct()),
    )  # fmt: skip
    if held is not None:
        held[user.pk, on] = found
    return found


def covered_by(user: User, on: date) -> tuple[object, ...]:
    """Whom this person stands in for that day, by key."""
    return _hands(user, on).covered


def hands_of(user: User, on: date) -> tuple[object, ...]:
    """The person and whom he or she stands in for, by key: whose own cases are the person's to work."""
    return (user.pk, *covered_by(user, on))


def teams_reached(user: User, on: date) -> tuple[object, ...]:
    """The person's teams, by key."""
    return _hands(user, on).teams


def parts_of(user: User, right: str, on: date) -> list[Q] | None:
    """The cases a right reaches as parts, each of which the database finds by an index; None for every case."""
    far = reach(user, right)
    if far == "all":
        return None
    if not far:
        return []
    if far == "placed":
        return [Q(team=team) for team in _hands(user, on).agencies]
    own = [Q(owner=each) for each in hands_of(user, on)]
    return own if far == "own" else [*own, *(Q(team=team) for team in _hands(user, on).teams)]


def cases_q(user: User, right: str, on: date, *, through: str = "") -> Q:
    """The cases this right reaches: own teams' and, for deputies, those of whoever is away.

    :param through: the way to the case from the table that is asked, as ``case__``.
    """
    far = reach(user, right)
    if far == "all":
        return Q()
    if not far:
        return Q(pk__in=())
    hands = _hands(user, on)
    if far == "placed":
        return Q(**{f"{through}team__in": hands.agencies})
    own = Q(**{f"{through}owner__in": hands_of(user, on)})
    return own if far == "own" else own | Q(**{f"{through}team__in": hands.teams})


def cases_for(user: User, right: str, on: date) -> QuerySet[Case]:
    """The cases this right reaches, as a query."""
    return Case.objects.filter(cases_q(user, right, on)) if reach(user, right) else Case.objects.none()


def may(user: User, right: str, case: Case | None, on: date) -> bool:
    """Whether a right reaches this case (or, without a case, whether the person has it at all)."""
    if case is None or reach(user, right) in ("", "all"):
        return bool(reach(user, right))
    return cases_for(user, right, on).filter(pk=case.pk).exists()


def require(user: User, right: str, case: Case | None, on: date) -> None:
    """Go on only when allowed.

    :raises NotAllowed: says which right is missing.
    """
    if not may(user, right, case, on):
        here = (f"对案件 {case.number} ", f" on case {case.number}") if case is not None else ("", "")
        raise NotAllowed(
            Words(
                zh=f"{user}（{user.role}）{here[0]}没有“{right}”权限，见“权限”页",
                en=f"{user.username} ({user.role}) may not {right}{here[1]}; see the page Rights",
            )
        )
