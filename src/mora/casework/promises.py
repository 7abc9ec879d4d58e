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
from mora.store.models.cases import Sum


def promise(
    user: User, case: Case, amount_minor: int, due_on: date, how: str, at: datetime, *, currency: str = "",
    key: str = "",
) -> Promise:  # fmt: skip
    """Take a promise; an open one in the same currency is superseded by it. The same form sent twice makes one.

    :param currency: of the amount; may be left out where the case has one only.
    :param key: of the form.
    :raises Refused: the amount is not positive or more than all that is owed in its currency, the currency is none of
        the case's or left out where it has several, or the day is past or too far ahead.
    """
    require(user, "take_promise", case, at.date())
    rule = promise_rule()
    today = at.date()
    with transaction.atomic():
        held = Promise.objects.filter(key=key).first() if key else None
        if held is not None:
            return held
        refuse_barred(case.party, "promise", today)
        owed = _owed_in(case, currency)
        _fits(amount_minor, owed, due_on, today)
        old = list(case.promises.select_for_update().filter(state=Promise.State.OPEN, currency=owed.currency))
        for each in old:
            each.state, each.settled_on = Promise.State.SUPERSEDED, today
            each.save()
            audit.append(user.username, "promise.superseded", case.number, at=at, promise=each.pk)
        made = Promise.objects.create(
            case=case, amount_minor=amount_minor, currency=owed.currency, due_on=due_on, grace_days=rule.grace_days,
            tolerance_minor=amount_minor * rule.tolerance_percent // 100, made_at=at, taken_by=user, how=how,
            loans=dict(case.loans.filter(currency=owed.currency).order_by("loan_id").values_list("loan_id", "book")),
            key=key or None,
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
            user.username, "promise.take", case.number, at=at, amount_minor=amount_minor, currency=owed.currency,
            due_on=due_on, how=how, supersedes=[each.pk for each in old],
        )  # fmt: skip
    return made


def _owed_in(case: Case, currency: str) -> Sum:
    """The case's figures in a currency; in its only one when none is said."""
    sums = case.sums
    if not currency and len(sums) == 1:
        return sums[0]
    found = next((each for each in sums if each.currency == currency), None)
    if found is None:
        known = ", ".join(each.currency for each in sums)
        raise Refused(
            Words(zh=f"请选择承诺还款的币种：{known}", en=f"say in which currency it is promised: {known}"),
            about="currency",
        )
    return found


def _fits(amount_minor: int, owed: Sum, due_on: date, today: date) -> None:
    if amount_minor <= 0:
        raise Refused(Words(zh="承诺金额须大于零", en="the amount promised must be more than nothing"), about="amount")
    if amount_minor > owed.arrears_minor + owed.outstanding_minor:
        raise Refused(
            Words(
                zh=f"承诺金额超过{owed.currency}全部欠款与剩余本金之和",
                en=f"more is promised than is owed in all in {owed.currency}",
            ),
            about="amount",
        )
    last = today + timedelta(days=promise_rule().longest_days)
    if not today <= due_on <= last:
        raise Refused(
            Words(
                zh=f"承诺日期须在今天至 {last} 之间，不能是 {due_on}",
                en=f"a promise lies between today and {last}, not on {due_on}",
            ),
            about="due_on",
        )


def judge(made: Promise, received_minor: int, as_of: date, at: datetime, *, standing: str = "") -> Promise:
    """Judge an open promise by what came since it was made, as of a day.

    Kept once the amount less the tolerance came; on the first day after the grace it is partly kept when something
    came, else broken. Money that comes later changes nothing any more: a new promise is taken.

    :param standing: what became of its loans, where it is the same for all: ``paid_off`` keeps it, since nothing is
        left to be paid; ``sold`` ends it without blame, since money goes to somebody else now.
    """
    over = made.due_on + timedelta(days=made.grace_days)
    state = made.state
    if received_minor >= made.amount_minor - made.tolerance_minor or standing == "paid_off":
        state = Promise.State.KEPT
    elif standing == "sold":
        state = Promise.State.LAPSED
    elif as_of > over:
        state = Promise.State.PARTLY if received_minor > 0 else Promise.State.BROKEN
    with transaction.atomic():
        made.received_minor = received_minor
        if state != made.state:
            made.state, made.settled_on = state, as_of
            audit.append(
                "mora", f"promise.{state}", made.case.number, at=at, promise=made.pk, received=received_minor,
                currency=made.currency, **({"loans": standing} if standing else {}),
            )  # fmt: skip
        made.save()
        if state in (Promise.State.BROKEN, Promise.State.PARTLY):
            case = made.case
            case.not_before = None
            case.priority = priority(case, as_of)
            case.save(update_fields=["not_before", "priority"])
    return made


def loans_left(case: Case, reasons: dict[str, str], at: datetime) -> None:
    """Say which loans have left a case and why: in the chain, and on the open promises that were about them."""
    for loan_id, why in sorted(reasons.items()):
        audit.append("mora", "loan.leave", case.number, at=at, loan=loan_id, why=why)
    mark_left(case, reasons)


def mark_left(case: Case, reasons: dict[str, str]) -> None:
    """Keep on the case's open promises why loans they were about are late no more."""
    for made in case.promises.filter(state=Promise.State.OPEN):
        about = {loan: why for loan, why in reasons.items() if loan in made.loans or loan == made.loan_id}
        if about:
            made.left |= about
            made.save(update_fields=["left"])
