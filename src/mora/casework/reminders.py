"""Reminders before a promise's day: proposed with the promise, put to the gate when their time comes, sent by a person.

No way out to people is built in here: what the gate opens is shown with its words on the case, and whoever sends it
says so, which counts as a contact.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from msgspec.structs import replace

from mora.casework.asking import CHANNELS, answer, requests_for
from mora.casework.contact import record_attempt
from mora.casework.policy_files import promise_rule
from mora.casework.rights import cases_q, reach, require
from mora.core.errors import Refused
from mora.core.words import Words
from mora.gate.terms import Channel, Message, Outcome, Request, Result, Verdict
from mora.store import audit
from mora.store.models import ContactPoint, Promise, Reminder, User


def propose(made: Promise, at: datetime) -> Reminder | None:
    """Propose a reminder for a promise, in the transaction that takes it; None when its hour has passed already."""
    rule = promise_rule()
    day = made.due_on - timedelta(days=rule.remind_days_before)
    due_at = datetime.combine(day, time.fromisoformat(rule.remind_at), tzinfo=at.tzinfo)
    if due_at <= at:
        return None
    return Reminder.objects.create(promise=made, due_at=due_at)


def run(at: datetime) -> dict[str, int]:
    """Put every reminder whose time has come to the gate; how many ended in which state. May be repeated."""
    done: dict[str, int] = {}
    due = Reminder.objects.filter(state__in=(Reminder.State.WAITING, Reminder.State.CLEARED), due_at__lte=at)
    for pk in list(due.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            held = due.select_for_update(of=("self",)).filter(pk=pk).select_related("promise__case__party").first()
            if held is not None:
                state = _step(held, at)
                done[state] = done.get(state, 0) + 1
    return done


def _step(held: Reminder, at: datetime) -> str:
    """What becomes of a reminder at this moment."""
    promise, before = held.promise, held.state
    if promise.state != Promise.State.OPEN or promise.case.state != "open" or at.date() > promise.due_on:
        held.state = Reminder.State.DROPPED
        held.save()
        audit.append("mora", "remind.drop", promise.case.number, at=at, promise=promise.pk, because=promise.state)
        return held.state
    if before == Reminder.State.CLEARED:
        return before  # a person has it
    _put(held, at)
    if held.state != before:
        audit.append(
            "mora", f"remind.{held.state}", promise.case.number, at=at, promise=promise.pk, channel=held.channel,
            point=held.point.value_mask if held.point else "",
        )  # fmt: skip
    return held.state


def _put(held: Reminder, at: datetime) -> None:
    """Ask the gate for each way of the policy's list, and keep what it said."""
    refused: list[Verdict] = []
    for channel, point in _ways(held):
        requests = _requests(held, channel, point, at)
        verdict, held.verdict = answer(requests)
        held.asked_at = at
        if verdict.outcome is not Outcome.REFUSED:
            held.state, held.channel, held.point = Reminder.State.CLEARED, channel, point
            held.text = words_for(held)[0]
            held.save()
            return
        refused.append(verdict)
    again = [each.earliest_at for each in refused if each.earliest_at is not None and each.earliest_at > at]
    if again and min(again).astimezone(at.tzinfo).date() <= held.promise.due_on:
        held.due_at = min(again)
    else:
        held.state = Reminder.State.REFUSED
    held.save()


def _ways(held: Reminder) -> list[tuple[Channel, ContactPoint]]:
    """Ways to send it in the order of the policy, good and preferred points first; dead ones are not tried."""
    rank = {"good": 0, "unknown": 1, "doubtful": 2}
    points = [each for each in held.promise.case.party.points.all() if each.quality in rank]
    points.sort(key=lambda each: (not each.preferred, rank[each.quality], str(each.pk)))
    return [
        (Channel(channel), point)
        for channel in promise_rule().remind_by for point in points
        if Channel(channel) in CHANNELS.get(point.channel, ())
    ]  # fmt: skip


def words_for(held: Reminder) -> tuple[str, str]:
    """The reminder in the party's language, and that language."""
    language = "en" if held.promise.case.party.language.startswith("en") else "zh"
    told = promise_rule().reminder
    text = told.zh if language == "zh" else told.en
    return text.format(organisation=settings.MORA_ORGANISATION, due_on=f"{held.promise.due_on:%Y-%m-%d}"), language


def _requests(held: Reminder, channel: Channel, point: ContactPoint, at: datetime) -> tuple[Request, ...]:
    text, language = words_for(held)
    message = Message(text=text, language=language, discloses=False)
    return tuple(replace(each, message=message) for each in requests_for(held.promise.case, None, channel, point, at))


def sent(user: User, held: Reminder, at: datetime) -> None:
    """Record that a cleared reminder was sent; it counts as a contact, and the case rests as its promise says.

    :raises NotAllowed: the person may not record contacts here.
    :raises Refused: it may not be sent, or the gate has changed its mind since.
    """
    case = held.promise.case
    require(user, "record_attempt", case, at.date())
    if held.state != Reminder.State.CLEARED or held.point is None:
        raise Refused(Words("该提醒现不可发送", "this reminder may not be sent now"))
    channel = Channel(held.channel)
    verdict, _ = answer(_requests(held, channel, held.point, at))
    if verdict.outcome is Outcome.REFUSED:
        finding = next(each for each in verdict.findings if each.effect == "refuse")
        raise Refused(Words(f"现在不可发送：{finding.message_zh}", f"not to be sent now: {finding.message_en}"))
    rests = case.not_before
    with transaction.atomic():
        recorded = record_attempt(
            user, case, channel=channel, point=held.point, result=Result.SENT, at=at, key=f"reminder-{held.pk}",
            said=held.text,
        )  # fmt: skip
        if rests is not None and (recorded.again_after is None or rests > recorded.again_after):
            type(case).objects.filter(pk=case.pk).update(not_before=rests)
        held.state, held.attempt = Reminder.State.SENT, recorded.attempt
        held.save()
        audit.append(user.username, "remind.sent", case.number, at=at, promise=held.promise_id, channel=channel)


def to_send(user: User, at: datetime) -> QuerySet[Reminder]:
    """Cleared reminders on cases this person may record contacts on."""
    if not reach(user, "record_attempt"):
        return Reminder.objects.none()
    reached = cases_q(user, "record_attempt", at.date(), through="promise__case__")
    return Reminder.objects.filter(reached, state=Reminder.State.CLEARED)
