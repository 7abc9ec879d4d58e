"""The queue: the next best case for a person, never given to two at once.

A case is claimed by compare-and-set on who has it and until when; whoever loses the race simply takes the one after.
PostgreSQL skips rows another has locked; SQLite lets one writer in at a time. Both count the rows they changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from mora.casework.asking import ways
from mora.casework.lists import refuse_barred
from mora.casework.rights import cases_for, hands_of, parts_of, reach, reading, require
from mora.core.errors import Refused
from mora.core.words import Words
from mora.gate.terms import Channel, Effect, Outcome
from mora.store import audit
from mora.store.models import Case, User

LEASE = timedelta(minutes=20)
"""How long a pulled case stays with whoever pulled it without any act."""

SKIPS = ("no_answer_expected", "wrong_skill", "language", "needs_leader", "other")


BEST_FIRST = ("-pinned", "-priority", "id")
MOST_PARTS = 40
"""Of more teams than this the first cases are looked for among all."""


class Busy(Refused):
    """Somebody else works on the case."""


KEPT_FOR = timedelta(minutes=30)
"""How long a call-back waits for whoever promised it; afterwards anybody may make it."""


def call_backs(user: User, at: datetime) -> QuerySet[Case]:
    """Call-backs this person, or somebody he or she stands in for, promised and whose time has come, oldest first."""
    free = Q(taken_until__isnull=True) | Q(taken_until__lte=at) | Q(taken_by=user)
    return (
        cases_for(user, "take_next", at.date())
        .filter(free, state=Case.State.OPEN, call_back_for__in=hands_of(user, at.date()), call_back_at__lte=at)
        .order_by("call_back_at", "id")
    )


def could_be_given(user: User, at: datetime) -> Q:
    """Open cases that rest with nobody and wait for nothing, as far as this person is concerned."""
    mine = hands_of(user, at.date())
    return (
        Q(state=Case.State.OPEN)
        & (Q(taken_until__isnull=True) | Q(taken_until__lte=at) | Q(taken_by=user))
        & (Q(not_before__isnull=True) | Q(not_before__lte=at))
        & (Q(call_back_at__isnull=True) | Q(call_back_for__in=mine) | Q(call_back_at__lte=at - KEPT_FOR))
        & (Q(owner__isnull=True) | Q(owner__in=mine) | Q(escalated_to=user))
    )


def waiting(user: User, at: datetime) -> QuerySet[Case]:
    """Cases this person could be given now, best first."""
    return cases_for(user, "take_next", at.date()).filter(could_be_given(user, at)).order_by(*BEST_FIRST)


def best(user: User, at: datetime, most: int = 20) -> QuerySet[Case]:
    """The first of :func:`waiting`, found from the top of each team's queue instead of among all.

    Whoever locks one of them looks at it again: between the two statements somebody else may have been given it.
    """
    parts = parts_of(user, "take_next", at.date())
    found = could_be_given(user, at)
    if parts is None or len(parts) > MOST_PARTS:
        return waiting(user, at)
    return Case.objects.filter(found, tops(Case.objects.filter(found), parts, BEST_FIRST, most)).order_by(*BEST_FIRST)


def tops(cases: QuerySet[Case], parts: Sequence[Q], order: Sequence[str], most: int) -> Q:
    """The first so many of each part in an order, by key: the first so many of all are among them.

    One statement, in which each part walks down its own index and stops. An OR of the parts would be looked through.
    """
    pieces = [cases.filter(part).order_by(*order).values("pk")[:most].query.sql_with_params() for part in parts]
    if not pieces:
        return Q(pk__in=())
    with connection.cursor() as cursor:
        cursor.execute(
            " union all ".join(f"select * from ({sql}) as part_{n}" for n, (sql, _) in enumerate(pieces)),  # noqa: S608
            [value for _, values in pieces for value in values],
        )
        return Q(pk__in={Case._meta.pk.to_python(row[0]) for row in cursor.fetchall()})


def next_case(user: User, at: datetime) -> Case | None:
    """The next best case, now this person's for a while; None when nothing waits.

    Whatever the person had pulled before is let go, so that one person holds one case.

    :raises NotAllowed: the person's role takes no cases.
    """
    require(user, "take_next", None, at.date())
    with transaction.atomic(), reading():
        Case.objects.filter(taken_by=user).update(taken_by=None, taken_until=None)
        found = _lock_first(call_backs(user, at)) or _lock_first(best(user, at))
        if found is None and connection.vendor == "postgresql" and best(user, at).exists():
            found = _lock_first(waiting(user, at))  # others are claiming all of the first at this very moment
        if found is None:
            return None
        Case.objects.filter(pk=found.pk).update(taken_by=user, taken_until=at + LEASE, version=F("version") + 1)
        audit.append(user.username, "case.take", found.number, at=at)
        found.refresh_from_db()
        return found


def _lock_first(cases: QuerySet[Case]) -> Case | None:
    """The first case nobody else is claiming at this very moment."""
    if connection.vendor == "postgresql":
        return cases.select_for_update(skip_locked=True, of=("self",)).first()
    return cases.first()


def hold_case(user: User, case: Case, at: datetime) -> Case:
    """Open a case for work: it becomes this person's for a while unless somebody else has it.

    :raises Busy: somebody else does; says who and until when.
    """
    require(user, "work_case", case, at.date())
    with transaction.atomic():
        free = Q(taken_by__isnull=True) | Q(taken_until__lte=at) | Q(taken_by=user)
        changed = Case.objects.filter(Q(pk=case.pk) & free).update(taken_by=user, taken_until=at + LEASE)
    case.refresh_from_db()
    if not changed:
        upto = f"{case.taken_until.astimezone(at.tzinfo):%H:%M}" if case.taken_until else ""
        raise Busy(
            Words(
                zh=f"{case.taken_by}正在处理 {case.number}，至 {upto}",
                en=f"{case.number} is being worked on by {case.taken_by} until {upto}",
            )
        )
    return case


def snooze(user: User, case: Case, until: datetime, why: str, at: datetime) -> None:
    """Put a case aside until an instant (a call-back, or not now), with the reason.

    :raises Refused: the instant is not ahead, or further than thirty days.
    """
    require(user, "work_case", case, at.date())
    refuse_barred(case.party, "aside", at.date(), about="until")
    if not at < until <= at + timedelta(days=30):
        raise Refused(
            Words(
                zh=f"可搁置到今后三十天内，不能到 {until:%Y-%m-%d %H:%M}",
                en=f"a case can wait from now until thirty days ahead, not until {until:%Y-%m-%d %H:%M}",
            ),
            about="until",
        )
    with transaction.atomic():
        before = case.not_before
        Case.objects.filter(pk=case.pk).update(
            not_before=until, taken_by=None, taken_until=None, call_back_at=None, call_back_for=None
        )
        audit.append(user.username, "case.snooze", case.number, at=at, reason=why, before=before, after=until)


def call_back(user: User, case: Case, then: datetime, why: str, at: datetime) -> None:
    """Promise to call back at an instant: the case rests until then and comes first in this person's queue.

    :raises Refused: as :func:`snooze`, or no number may be called at that hour; carries the gate's reason.
    """
    require(user, "work_case", case, at.date())
    calls = [way.verdict for way in ways(case, user, then) if way.channel is Channel.VOICE] if then > at else []
    if calls and all(verdict.outcome is Outcome.REFUSED for verdict in calls):
        finding = next(each for each in calls[0].findings if each.effect is Effect.REFUSE)
        raise Refused(
            Words(f"届时不可致电：{finding.message_zh}", f"no call is allowed then: {finding.message_en}"),
            about="until",
        )
    with transaction.atomic():
        snooze(user, case, then, why, at)
        Case.objects.filter(pk=case.pk).update(call_back_at=then, call_back_for=user)
        audit.append(user.username, "case.call_back", case.number, at=at, reason=why, after=then)


def wake(user: User, case: Case, at: datetime) -> None:
    """Undo a snooze."""
    require(user, "work_case", case, at.date())
    with transaction.atomic():
        Case.objects.filter(pk=case.pk).update(not_before=None, call_back_at=None, call_back_for=None)
        audit.append(user.username, "case.wake", case.number, at=at, before=case.not_before)


def skip(user: User, case: Case, why: str, at: datetime) -> None:
    """Let a pulled case go to somebody else, with a reason from the list.

    :raises Refused: the reason is not in the list.
    """
    if why not in SKIPS:
        raise Refused(Words(zh="请选择原因", en="choose a reason"), about="why")
    require(user, "work_case", case, at.date())
    with transaction.atomic():
        Case.objects.filter(pk=case.pk, taken_by=user).update(
            taken_by=None, taken_until=None, not_before=at + timedelta(minutes=30)
        )
        if why == "needs_leader":
            Case.objects.filter(pk=case.pk).update(needs_leader_on=at.date())
        audit.append(user.username, "case.skip", case.number, at=at, reason=why)


def pin(user: User, case: Case, pinned: bool, at: datetime) -> None:
    """Put a case at the top of its queue, or take it down again."""
    require(user, "assign_case", case, at.date())
    with transaction.atomic():
        Case.objects.filter(pk=case.pk).update(pinned=pinned, needs_leader_on=None)
        audit.append(user.username, "case.pin" if pinned else "case.unpin", case.number, at=at)


def let_go(person: User, cases: QuerySet[Case], by: User, why: str, at: datetime) -> int:
    """Give cases of a person who no longer works them back to their teams' queues, in the caller's transaction.

    Call-backs the person promised are anybody's, and what was escalated to the person is escalated anew.

    :returns: how many cases lost their owner.
    """
    gone = list(cases.filter(owner=person).order_by("number"))
    every = Case.objects.filter(pk__in=list(cases.filter(_touches(person)).values_list("pk", flat=True)))
    for case in gone:
        Case.objects.filter(pk=case.pk).update(owner=None, version=F("version") + 1)
        audit.append(by.username, "case.assign", case.number, at=at, reason=why, before=person.username, after="")
    every.filter(taken_by=person).update(taken_by=None, taken_until=None)
    every.filter(call_back_for=person).update(call_back_for=None)
    every.filter(escalated_to=person).update(escalated_to=None, escalated_on=None)
    return len(gone)


def _touches(person: User) -> Q:
    return Q(owner=person) | Q(taken_by=person) | Q(call_back_for=person) | Q(escalated_to=person)


def hand_over(user: User, case: Case, to: User, why: str, at: datetime) -> None:
    """Give a case to somebody who may work it.

    :raises Refused: the other may not work it, or holds as many cases as he or she should.
    """
    require(user, "assign_case" if case.owner_id != user.pk else "work_case", case, at.date())
    if to.memberships.filter(team__agency=True).exists():
        refuse_barred(case.party, "agency", at.date(), about="to")
    if not reach(to, "work_case"):
        raise Refused(Words(zh=f"{to}不处理案件", en=f"{to} does not work cases"), about="to")
    held = Case.objects.filter(owner=to, state=Case.State.OPEN).count()
    if held >= to.capacity:
        raise Refused(
            Words(
                zh=f"{to}已有 {held} 个案件，上限为 {to.capacity} 个",
                en=f"{to} holds {held} cases already, and should hold {to.capacity} at most",
            ),
            about="to",
        )
    with transaction.atomic():
        before = case.owner.username if case.owner else ""
        Case.objects.filter(pk=case.pk).update(
            owner=to, taken_by=None, taken_until=None, needs_leader_on=None, call_back_at=None, call_back_for=None
        )
        audit.append(user.username, "case.assign", case.number, at=at, reason=why, before=before, after=to.username)
