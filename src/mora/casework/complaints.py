"""Complaints, disputes, objections to credit data: by when each is answered and under which clause, and its answer.

The day comes from :mod:`mora.law.duties` where the law has one, else from the lender's own policy; the earlier holds.
While one is open contact rests; its answer lifts the hold it set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from mora.casework.places import stands_under
from mora.casework.policy_files import read
from mora.casework.rights import cases_for, require
from mora.core.errors import BadInput, Refused
from mora.core.words import Words
from mora.law import load
from mora.law.duties import Duty, duties_of
from mora.store import audit
from mora.store.models import Case, Complaint, Hold, User


@dataclass(frozen=True, slots=True)
class ComplaintRule:
    """The lender's own clocks."""

    own_days: Mapping[str, int]
    soon_days: int


@dataclass(frozen=True, slots=True)
class Clock:
    """By when something is answered, and why then."""

    answer_by: date
    rule: str
    """The rule of the law; empty for the lender's own."""
    clause: Words
    sentence: Words
    decides: bool
    """False where the number is not verified, or the lender's own."""


@cache
def rule() -> ComplaintRule:
    """The lender's rule.

    :raises BadInput: a kind has no days, or something is left out.
    """
    told = read("complaints.yaml")
    try:
        found = ComplaintRule(dict(told["own_days"]), told["soon_days"])
    except (KeyError, TypeError) as problem:
        raise BadInput(f"complaints.yaml: {problem}; it says own_days and soon_days") from None
    missing = sorted(set(Complaint.Kind.values) - set(found.own_days))
    if missing:
        raise BadInput(f"complaints.yaml: own_days says nothing of {', '.join(missing)}")
    return found


def clocks(made: Complaint, as_of: date) -> list[Clock]:
    """Every clock of a complaint as of a day, the earliest first."""
    found = [
        Clock(duty.day, duty.rule_id, duty.clause, duty.sentence, duty.decides)
        for duty in _duties(made, as_of) if duty.day is not None
    ]  # fmt: skip
    days = rule().own_days[made.kind]
    own = made.received_on + timedelta(days=days)
    found.append(
        Clock(
            own,
            "",
            Words("本行制度", "the lender's own policy"),
            Words(
                f"{made.received_on} 收到后 {days} 日内答复", f"answered within {days} days after {made.received_on}"
            ),
            decides=False,
        )
    )
    return sorted(found, key=lambda each: (each.answer_by, not each.decides, not each.rule))


def _duties(made: Complaint, as_of: date) -> tuple[Duty, ...]:
    """What the law asks for, where a loan of the case stands under it: China's, the one that has such clocks here."""
    if not stands_under(made.case, "cn"):
        return ()
    told: dict[str, Any] = {"received_on": made.received_on.isoformat()}
    if made.answered_on is not None:
        told["answered_on"] = made.answered_on.isoformat()
    if made.kind == Complaint.Kind.CREDIT:
        return duties_of(load("cn"), {"cn_credit_objection": told}, as_of)
    if made.kind == Complaint.Kind.COMPLAINT:
        told |= {"forwarded_by_pboc": made.forwarded, "about_collection": made.about_collection}
        return duties_of(load("cn"), {"cn_complaint": told}, as_of)
    return ()


def take(
    user: User, case: Case, kind: str, received_on: date, about: str, at: datetime, *, forwarded: bool = False,
    about_collection: bool = True,
) -> Complaint:  # fmt: skip
    """Take one in: its clock starts on the day it was received, and contact rests until it is answered.

    :raises NotAllowed: the person may not.
    :raises Refused: no such kind, no words, or a day of receipt that is ahead or more than a year ago.
    """
    today = at.date()
    require(user, "take_complaint", case, today)
    if kind not in Complaint.Kind.values:
        raise Refused(Words("请选择种类", "choose a kind"), about="kind")
    if not about.strip():
        raise Refused(Words("请写明事由", "say what it is about"), about="about")
    if not today - timedelta(days=365) <= received_on <= today:
        raise Refused(
            Words("收到日期须在过去一年内，不得晚于今天", "it was received within the last year, not after today"),
            about="received_on",
        )
    made = Complaint(
        case=case, kind=kind, received_on=received_on, about=about.strip()[:400], taken_by=user, forwarded=forwarded,
        about_collection=about_collection,
    )  # fmt: skip
    first = clocks(made, today)[0]
    made.answer_by, made.answer_rule = first.answer_by, first.rule
    with transaction.atomic():
        rests = "complaint" if made.kind == Complaint.Kind.COMPLAINT else "dispute"
        made.hold = Hold.objects.create(case=case, kind=rests, since=at, reason=made.about, set_by=user)
        made.save()
        audit.append(
            user.username, f"{kind}.take", case.number, at=at, reason=made.about, received_on=received_on,
            answer_by=made.answer_by, rule=made.answer_rule, forwarded=forwarded,
        )  # fmt: skip
    return made


def answer(user: User, made: Complaint, words: str, upheld: str, at: datetime) -> None:
    """Record the answer that was given; the hold it set ends.

    :raises NotAllowed: the person may not.
    :raises Refused: no words, no finding, or it was answered already.
    """
    require(user, "answer_complaint", made.case, at.date())
    if upheld not in Complaint.Upheld.values:
        raise Refused(Words("请选择处理结论", "choose a finding"), about="upheld")
    if not words.strip():
        raise Refused(Words("请写明答复内容", "say what was answered"), about="answer")
    with transaction.atomic():
        changed = Complaint.objects.filter(pk=made.pk, answered_on__isnull=True).update(
            answered_on=at.date(), answer=words.strip()[:400], upheld=upheld, answered_by=user
        )
        if not changed:
            raise Refused(Words("已经答复", "it was answered already"), about="answer")
        Hold.objects.filter(pk=made.hold_id, lifted_at__isnull=True).update(lifted_at=at, lifted_by=user)
        late = (at.date() - made.answer_by).days if made.answer_by else 0
        audit.append(
            user.username, f"{made.kind}.answer", made.case.number, at=at, reason=words.strip()[:400], upheld=upheld,
            days_late=max(0, late),
        )  # fmt: skip


def complaints_for(user: User, on: date, show: str = "open", kind: str = "") -> QuerySet[Complaint]:
    """Complaints on cases this person may see on the page.

    :param show: ``open``, ``overdue`` (its day has passed), ``soon`` (nearly), or ``answered``.
    """
    cases = cases_for(user, "see_complaints", on).order_by().values("pk")
    found = (
        Complaint.objects.filter(case__in=cases)
        .select_related("case", "case__party", "taken_by", "answered_by")
        .prefetch_related("case__loans")
    )
    if kind:
        found = found.filter(kind=kind)
    if show == "answered":
        return found.filter(answered_on__isnull=False)
    found = found.filter(answered_on__isnull=True)
    if show == "overdue":
        return found.filter(answer_by__lt=on)
    if show == "soon":
        return found.filter(Q(answer_by__gte=on) & Q(answer_by__lte=on + timedelta(days=rule().soon_days)))
    return found
