"""Does a recorded exception set this rule aside? Exceptions attach to a base rule, with scope and expiry.

Which kinds a rule accepts is the rule's own ``override``; the two rules of Regulation F on calls accept consent through
12 CFR 1006.14(b)(3)(i), for at most seven days and only until the next conversation.
"""

from __future__ import annotations

from datetime import timedelta

from mora.gate.asking import Ask
from mora.gate.calls import about, conversation, same_debt
from mora.gate.clauses import Ruling
from mora.gate.terms import Permission, PermissionKind
from mora.gate.zones import local
from mora.law import Override

_ACCEPTS = {
    Override.NONE: frozenset[PermissionKind](),
    Override.CONSENT: frozenset({PermissionKind.CONSENT, PermissionKind.AGREEMENT, PermissionKind.DEBTOR_CALLED}),
    Override.AGREEMENT: frozenset({PermissionKind.CONSENT, PermissionKind.AGREEMENT, PermissionKind.DEBTOR_CALLED}),
    Override.COURT_ORDER: frozenset({PermissionKind.COURT_ORDER}),
}
"""An agreement contains consent, and so does a debtor's request to be called."""

CALL_RULES = frozenset({"us.regf.calls.7in7", "us.regf.calls.afterconv"})
_CONSENT_DAYS = 7
"""Named in the parameter itself: ``prior_consent_le_7d`` of us.regf.calls.exclusions."""


def attached(ask: Ask, ruling: Ruling) -> tuple[Permission, ...]:
    """Permissions that name this rule."""
    return tuple(each for each in ask.request.permissions if each.rule == ruling.id)


def why_not(ask: Ask, ruling: Ruling, permission: Permission) -> str:
    """Why a permission does not set the rule aside at this instant; empty when it does."""
    request = ask.request
    if ruling.id in CALL_RULES:
        problem = _regulation_f(ask, permission)
    else:
        accepts = _ACCEPTS[ruling.rule.override]
        problem = "" if permission.kind in accepts else f"{ruling.id} is not set aside by {permission.kind}"
    if problem:
        return problem
    if ask.at < permission.since:
        return f"it begins on {ask.shown(permission.since).isoformat()}"
    if permission.until is not None and ask.at >= permission.until:
        return f"it ended on {ask.shown(permission.until).isoformat()}"
    if permission.party is not None and permission.party != request.party.id:
        return "it was given for another person"
    if permission.channels and request.channel not in permission.channels:
        return f"it does not cover {request.channel}"
    if permission.points and (request.point is None or request.point.id not in permission.points):
        return "it does not cover this contact point"
    if permission.claims and not all(claim.id in permission.claims for claim in request.claims):
        return "it does not cover every claim"
    return ""


def _regulation_f(ask: Ask, permission: Permission) -> str:
    exclusions = ask.clauses.of("us.regf.calls.exclusions", ask.day_in("us"))
    if exclusions is None or "prior_consent_le_7d" not in exclusions.names("exclude"):
        return "the rule knows no consent"
    if permission.kind not in (PermissionKind.CONSENT, PermissionKind.DEBTOR_CALLED):
        return f"the rule is not set aside by {permission.kind}"
    zone = ask.zones_for("us")[0]
    last = local(permission.since, zone).date() + timedelta(days=_CONSENT_DAYS)
    if local(ask.at, zone).date() >= last:
        return f"consent of this kind lasts {_CONSENT_DAYS} days"
    actor, party = ask.request.actor.id, ask.request.party.id
    debts = frozenset(id_ for claim in ask.request.claims for id_ in same_debt(ask, claim))
    spoke = any(
        each.actor == actor and each.party == party and conversation(each) and about(each, debts)
        and each.at > permission.since
        for each in ask.history
    )  # fmt: skip
    return "it ended with the conversation that followed" if spoke else ""
