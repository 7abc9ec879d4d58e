"""May this person do this, to this case? The rights matrix applied: one question for an object, one for a list."""

from __future__ import annotations

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


def covered_by(user: User, on: date) -> QuerySet[Absence]:
    """Whom this person stands in for that day, as a subquery of their keys."""
    return Absence.objects.filter(deputy=user, since__lte=on, until__gt=on).values("user")


def cases_for(user: User, right: str, on: date) -> QuerySet[Case]:
    """The cases this right reaches, as a query: own teams' and, for deputies, those of whoever is away."""
    far = reach(user, right)
    if far == "all":
        return Case.objects.all()
    if not far:
        return Case.objects.none()
    own = Q(owner=user) | Q(owner__in=covered_by(user, on))
    if far == "own":
        return Case.objects.filter(own)
    teams = user.memberships.values("team")
    if far == "placed":
        return Case.objects.filter(team__in=teams, team__agency=True)
    return Case.objects.filter(own | Q(team__in=teams))


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
