"""The clock of a warning level: what stops it, who is told when it has run out, and who may give more time.

The owner has ``clock_days`` from the day the level is reached. What the level's ``met_by`` names stops the clock. When
the day has passed without it, the case is escalated to the leader of the owner's team, whose queue it joins.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F

from mora.casework.asking import zone
from mora.casework.policy_files import rule_of
from mora.casework.priority import priority
from mora.casework.rights import require
from mora.core.errors import Refused
from mora.core.words import Words
from mora.store import audit
from mora.store.models import Case, CheckDone, Membership, User
from mora.store.models.people import Role


def met(case: Case) -> bool:
    """Whether what the case's level asks for was done since it was reached."""
    rule = rule_of(case.level)
    since = datetime.combine(case.level_since, time.min, tzinfo=zone())
    match rule.met_by if rule is not None else "":
        case "attempt":
            return case.attempts.filter(at__gte=since, inbound=False).exists()
        case "talk":
            return case.attempts.filter(at__gte=since, result="right_party").exists()
        case "cause":
            return case.causes.filter(at__gte=since).exists()
        case "review":
            return case.reviews.filter(closed_at__gte=since).exists()
        case "checklist":
            done = set(CheckDone.objects.filter(case=case).values_list("item", flat=True))
            return rule is not None and set(rule.checklist) <= done
    return False


def stop_if_met(case: Case, by: str, at: datetime) -> bool:
    """Stop the level's clock when what it asks for is done; in the transaction of the act."""
    held = Case.objects.get(pk=case.pk)
    if held.level_due_on is None or not met(held):
        return False
    due, held.level_due_on = held.level_due_on, None
    Case.objects.filter(pk=case.pk).update(
        level_due_on=None, escalated_to=None, escalated_on=None, priority=priority(held, at.date())
    )
    audit.append(by, "clock.met", held.number, at=at, level=held.level, due=due)
    return True


def leader_of(case: Case) -> User | None:
    """Who leads the team of the case's owner, else the case's team; a manager where the team has no leader."""
    teams = [case.team_id]
    if case.owner_id is not None:
        own = list(Membership.objects.filter(user=case.owner_id).values_list("team", flat=True))
        teams = [case.team_id] if case.team_id in own else [*own, case.team_id]
    leading = Membership.objects.filter(team__in=[each for each in teams if each], leads=True, user__is_active=True)
    found = leading.exclude(user=case.owner_id).select_related("user").order_by("user__username").first()
    if found is not None:
        return found.user
    return User.objects.filter(role=Role.MANAGER, is_active=True).order_by("username").first()


def escalate_overdue(at: datetime) -> int:
    """Escalate every open case whose clock ran out before today and that nobody was told of; how many."""
    over = Case.objects.filter(state=Case.State.OPEN, level_due_on__lt=at.date(), escalated_on__isnull=True)
    told = 0
    for pk in list(over.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            case = over.select_for_update(of=("self",)).filter(pk=pk).select_related("team", "owner").first()
            if case is None:
                continue
            leader = leader_of(case)
            Case.objects.filter(pk=pk).update(
                escalated_to=leader,
                escalated_on=at.date(),
                priority=priority(case, at.date()),
                version=F("version") + 1,
            )
            audit.append(
                "mora", "clock.over", case.number, at=at, level=case.level, due=case.level_due_on,
                owner=case.owner.username if case.owner else "", to=leader.username if leader else "",
            )  # fmt: skip
            told += 1
    return told


def extend(user: User, case: Case, until: date, why: str, at: datetime) -> None:
    """Give the owner of a case more time, with the reason; it is no longer escalated.

    :raises Refused: no clock runs, no reason, or a day that is past or more than thirty days ahead.
    """
    require(user, "assign_case", case, at.date())
    if case.level_due_on is None:
        raise Refused(Words("本级别时限已停止，无须延长", "the level's clock has stopped; no time is needed"))
    if not why.strip():
        raise Refused(Words("延长时限须写明原因", "more time has a reason"), about="clock_why")
    last = at.date() + timedelta(days=30)
    if not at.date() <= until <= last:
        raise Refused(
            Words(f"新时限须在今天至 {last} 之间", f"the new day lies between today and {last}"), about="clock_until"
        )
    with transaction.atomic():
        before, case.level_due_on = case.level_due_on, until
        Case.objects.filter(pk=case.pk).update(
            level_due_on=until,
            needs_leader_on=None,
            escalated_to=None,
            escalated_on=None,
            priority=priority(case, at.date()),
        )
        audit.append(
            user.username, "clock.extend", case.number, at=at, reason=why.strip(), level=case.level, before=before,
            after=until,
        )  # fmt: skip
