"""Promises: taken by the lender's rule, matched to money that came, kept, partly kept or broken."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from mora.casework.lists import refuse_barred
from mora.casework.policy_files import promise_rule
from mora.casework.priority import priority
from mora.casework.reminders import propose
from mora.casework.rights import require
from mora.core.errors import Refused
from mora.core.words import Words
from mora.store import audit
from mora.store.models import Case, Promise, User


def promise(user: User, case: Case, amount_minor: int, due_on: date, how: str, at: datetime) -> Promise:
    """Take a promise; an open one is superseded by it.

    :raises Refused: the amount is not positive or more than all that is owed, or the day is past or too far ahead.
    """
    require(user, "take_promise", case, at.date())
    rule = promise_rule()
    today = at.date()
    refuse_barred(case.party, "promise", today)
    if amount_minor <= 0:
        raise Refused(Words(zh="承诺金额须大于零", en="the amount promised must be more than nothing"), about="amount")
    if amount_minor > case.arrears_minor + case.outstanding_minor:
        raise Refused(
            Words(zh="承诺金额超过全部欠款与剩余本金之和", en="more is promised than is owed in all"), about="amount"
        )
    if not today <= due_on <= today + timedelta(days=rule.longest_days):
        last = today + timedelta(days=rule.longest_days)
        raise Refused(
            Words(
                zh=f"承诺日期须在今天至 {last} 之间，不能是 {due_on}",
                en=f"a promise lies between today and {last}, not on {due_on}",
            ),
            about="due_on",
        )
    with transaction.atomic():
        old = list(case.promises.select_for_update().filter(state=Promise.State.OPEN))
        for each in old:
            each.state, each.settled_on = Promise.State.SUPERSEDED, today
            each.save()
            audit.append(user.username, "promise.superseded", case.number, at=at, promise=each.pk)
        made = Promise.objects.create(
            case=case, amount_minor=amount_minor, currency=case.currency, due_on=due_on, grace_days=rule.grace_days,
            tolerance_minor=amount_minor * rule.tolerance_percent // 100, made_at=at, taken_by=user, how=how,
        )  # fmt: skip
        propose(made, at)
        wake_at = datetime.combine(due_on + timedelta(days=rule.grace_days), at.timetz())
        Case.objects.filter(pk=case.pk).update(
            not_before=max(wake_at, at),
            taken_by=None,
            taken_until=None,
            call_back_at=None,
            call_back_for=None,
            priority=priority(case, today),
        )
        audit.append(
            user.username, "promise.take", case.number, at=at, amount_minor=amount_minor, due_on=due_on, how=how,
            supersedes=[each.pk for each in old],
        )  # fmt: skip
    return made


def judge(made: Promise, received_minor: int, as_of: date, at: datetime) -> Promise:
    """Judge an open promise by what came since it was made, as of a day.

    Kept once the amount less the tolerance came; on the first day after the grace it is partly kept when something
    came, else broken. Money that comes later changes nothing any more: a new promise is taken.
    """
    over = made.due_on + timedelta(days=made.grace_days)
    state = made.state
    if received_minor >= made.amount_minor - made.tolerance_minor:
        state = Promise.State.KEPT
    elif as_of > over:
        state = Promise.State.PARTLY if received_minor > 0 else Promise.State.BROKEN
    with transaction.atomic():
        made.received_minor = received_minor
        if state != made.state:
            made.state, made.settled_on = state, as_of
            audit.append("mora", f"promise.{state}", made.case.number, at=at, promise=made.pk, received=received_minor)
        made.save()
        if state in (Promise.State.BROKEN, Promise.State.PARTLY):
            case = made.case
            case.not_before = None
            case.priority = priority(case, as_of)
            case.save(update_fields=["not_before", "priority"])
    return made
