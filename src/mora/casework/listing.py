"""Putting a party on a list and taking it off: asked for by one person, granted by another, ended with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from mora.casework.lists import rules, standing
from mora.casework.priority import priority
from mora.casework.rights import cases_for, require
from mora.core.errors import Refused
from mora.core.words import Words
from mora.store import audit
from mora.store.models import Approval, Case, ListEntry, Party, User

SOON = timedelta(days=14)
"""An entry that ends within this is shown as ending soon."""


def ask(
    user: User, case: Case, name: str, reason: str, until: date, dealings: Sequence[str], at: datetime
) -> Approval:  # fmt: skip
    """Ask that the case's party be put on a list until a day; somebody with the authority decides.

    :raises Refused: no such list, no reason, a day that is past or too far, a dealing the list cannot close or none
        where it closes some, or the party stands on it or waits for it already.
    """
    require(user, "list_party", case, at.date())
    _fits(name, reason, until, dealings, at.date())
    held = standing(case.party, at.date()).filter(name=name).first()
    if held is not None:
        raise Refused(
            Words(
                zh=f"已在该名单，至 {held.until}；如需更改，请先解除",
                en=f"on this list until {held.until} already; end that entry first"
            ),
            about="list",
        )  # fmt: skip
    waiting = Approval.objects.filter(
        act="list_entry", state=Approval.State.WAITING, case__party=case.party, details__list=name
    )
    if waiting.exists():
        raise Refused(Words(zh="已有同一名单的申请待审批", en="the same list was asked for and waits"), about="list")
    with transaction.atomic():
        asked = Approval.objects.create(
            act="list_entry", case=case, reason=reason.strip(), asked_by=user, asked_at=at,
            details={"list": name, "until": until.isoformat(), "dealings": list(dealings)},
        )  # fmt: skip
        audit.append(
            user.username, "list.ask", case.number, at=at, reason=reason.strip(), list=name, until=until,
            dealings=list(dealings),
        )  # fmt: skip
    return asked


def _fits(name: str, reason: str, until: date, dealings: Sequence[str], today: date) -> None:
    if name not in rules():
        raise Refused(Words(zh="请选择名单", en="choose a list"), about="list")
    rule = rules()[name]
    last = today + timedelta(days=rule.longest_days)
    if not reason.strip():
        raise Refused(Words(zh="列入名单须写明原因", en="an entry has a reason"), about="reason")
    if not today < until <= last:
        raise Refused(
            Words(zh=f"到期日须在今天之后，最迟 {last}", en=f"an entry ends after today and by {last} at the latest"),
            about="until",
        )
    unknown = sorted(set(dealings) - set(rule.dealings))
    if unknown or (rule.dealings and not dealings):
        zh = "、".join(each.zh for each in rule.dealings.values()) or "该名单没有此类事项"
        en = "; ".join(each.en for each in rule.dealings.values()) or "this list closes nothing"
        raise Refused(
Words(f"请选择不再办理的事项：{zh}", f"choose what is closed: {en}"),
            about="dealings",
        )  # fmt: skip


def enter(asked: Approval, by: User, at: datetime) -> ListEntry:
    """The entry that was granted, from today; in the transaction of the decision.

    :raises Refused: its end has passed while it waited.
    """
    assert asked.case is not None, "a list entry is asked for on a case"
    until = date.fromisoformat(asked.details["until"])
    if until <= at.date():
        raise Refused(Words(zh=f"所申请的到期日 {until} 已过", en=f"the end asked for, {until}, has passed"))
    entry = ListEntry.objects.create(
        party=asked.case.party, name=asked.details["list"], dealings=asked.details["dealings"], reason=asked.reason,
        since=at.date(), until=until, by=asked.asked_by, approved_by=by,
    )  # fmt: skip
    _settle(entry.party, at)
    audit.append(
        by.username, "list.enter", asked.case.number, at=at, reason=asked.reason, list=entry.name, until=until,
        dealings=entry.dealings, asked_by=asked.asked_by.username,
    )  # fmt: skip
    return entry


def end(user: User, case: Case, entry: ListEntry, reason: str, at: datetime) -> None:
    """End an entry before its day, with the reason; it stays in the record.

    :raises Refused: no reason is given, or it has ended.
    """
    require(user, "list_party", case, at.date())
    if not reason.strip():
        raise Refused(Words(zh="解除名单须写明原因", en="ending an entry has a reason"), about="end_reason")
    with transaction.atomic():
        changed = ListEntry.objects.filter(pk=entry.pk, party=case.party_id, ended_at__isnull=True).update(
            ended_at=at, ended_by=user, ended_why=reason.strip()
        )
        if not changed:
            raise Refused(Words(zh="该名单登记已解除", en="the entry has ended already"), about="end_reason")
        _settle(entry.party, at)
        audit.append(user.username, "list.end", case.number, at=at, reason=reason.strip(), list=entry.name)


def _settle(party: Party, at: datetime) -> None:
    """The party's open case gets its new place in the queue."""
    for case in Case.objects.filter(party=party, state=Case.State.OPEN):
        Case.objects.filter(pk=case.pk).update(priority=priority(case, at.date()))


def entries_for(user: User, on: date, name: str, show: str) -> QuerySet[ListEntry]:
    """Entries of parties whose cases this person may see on the list page.

    :param name: a list, or empty for every one.
    :param show: ``in force``, ``soon`` (ending soon), or ``past``.
    """
    parties = cases_for(user, "see_lists", on).order_by().values("party")
    found = ListEntry.objects.filter(party__in=parties).select_related("party", "by", "approved_by", "ended_by")
    if name:
        found = found.filter(name=name)
    over = Q(until__lte=on) | Q(ended_at__isnull=False)
    found = found.filter(over) if show == "past" else found.exclude(over)
    return found.filter(until__lte=on + SOON) if show == "soon" else found
