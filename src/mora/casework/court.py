"""Is the case ready for court? The level's checklist, item by item; ready once every item is done."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from mora.casework.level_clock import stop_if_met
from mora.casework.policy_files import rule_of
from mora.casework.rights import require
from mora.core.errors import Refused
from mora.core.words import Words
from mora.store import audit
from mora.store.models import Case, CheckDone, User


def check(user: User, case: Case, item: str, done: bool, words: str, at: datetime) -> bool:
    """Mark an item done, or take it back; whether the case is ready for court now.

    :raises NotAllowed: the person may not.
    :raises Refused: the case's level has no such item.
    """
    require(user, "prepare_court", case, at.date())
    rule = rule_of(case.level)
    items = rule.checklist if rule is not None else {}
    if item not in items:
        known = ", ".join(items) or "-"
        raise Refused(
            Words(f"{case.level} 级清单没有“{item}”一项", f"level {case.level} has no item {item}; it has {known}"),
            about="check",
        )
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        held = CheckDone.objects.filter(case=case, item=item)
        if done and not held.exists():
            CheckDone.objects.create(case=case, item=item, words=words.strip()[:200], by=user, at=at)
            audit.append(user.username, "court.check", case.number, at=at, reason=words.strip()[:200], item=item)
        elif not done and held.exists():
            held.delete()
            audit.append(user.username, "court.uncheck", case.number, at=at, reason=words.strip()[:200], item=item)
        ready = set(items) <= set(CheckDone.objects.filter(case=case).values_list("item", flat=True))
        case.refresh_from_db(fields=["court_ready_on"])
        if ready and case.court_ready_on is None:
            Case.objects.filter(pk=case.pk).update(court_ready_on=at.date())
            audit.append(user.username, "court.ready", case.number, at=at)
            stop_if_met(case, user.username, at)
        elif not ready and case.court_ready_on is not None:
            Case.objects.filter(pk=case.pk).update(court_ready_on=None)
    case.refresh_from_db()
    return ready
