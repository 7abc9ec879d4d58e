"""Recording a contact: the gate is asked, the attempt kept with its verdict, and the result drives what is next."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from mora.casework.asking import proof
from mora.casework.level_clock import stop_if_met
from mora.casework.rights import require
from mora.core.errors import Refused
from mora.core.words import Words
from mora.gate.terms import Channel, Outcome, Result, Verdict
from mora.store import audit
from mora.store.models import Attempt, Case, ContactPoint, User

RESULTS: dict[str, tuple[Result, ...]] = {
    "call": (
        Result.NO_ANSWER, Result.RIGHT_PARTY, Result.BUSY, Result.VOICEMAIL, Result.REJECTED, Result.NOT_IN_SERVICE,
        Result.WRONG_PARTY, Result.THIRD_PARTY, Result.THIRD_PARTY_REFUSED, Result.DROPPED,
    ),
    "written": (Result.SENT, Result.DELIVERED, Result.UNDELIVERABLE),
    "visit": (Result.RIGHT_PARTY, Result.NOT_MET, Result.THIRD_PARTY, Result.WRONG_PARTY),
}  # fmt: skip
"""The closed list, by kind of channel, the most frequent first."""

_PAUSE = {
    Result.NO_ANSWER: timedelta(hours=3), Result.BUSY: timedelta(minutes=30), Result.VOICEMAIL: timedelta(hours=4),
    Result.REJECTED: timedelta(hours=5), Result.DROPPED: timedelta(minutes=15), Result.RIGHT_PARTY: timedelta(days=1),
    Result.THIRD_PARTY: timedelta(days=1), Result.SENT: timedelta(days=1), Result.NOT_MET: timedelta(days=2),
}  # fmt: skip
"""How long the case rests after a result, before the gate's own answer."""

_QUALITY = {
    Result.RIGHT_PARTY: ContactPoint.Quality.GOOD, Result.NOT_IN_SERVICE: ContactPoint.Quality.DEAD,
    Result.UNDELIVERABLE: ContactPoint.Quality.DEAD, Result.WRONG_PARTY: ContactPoint.Quality.DOUBTFUL,
}  # fmt: skip


class RefusedByGate(Refused):
    """The gate says no; carries the verdict."""

    def __init__(self, verdict: Verdict) -> None:
        first = next(each for each in verdict.findings if each.effect == "refuse")
        super().__init__(
            Words(
                zh=f"{first.message_zh}（{first.clause}）",
                en=f"{first.message_en} ({first.rule}: {first.clause_en or first.clause})",
            )
        )
        self.verdict = verdict


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording a contact did."""

    attempt: Attempt
    again_after: datetime | None
    repeated: bool = False
    """The page sent the same result before; nothing was added."""


def record_attempt(
    user: User, case: Case, *, channel: Channel, point: ContactPoint | None, result: Result, at: datetime,
    key: str = "", said: str = "", recording: str = "", inbound: bool = False,
) -> Recorded:  # fmt: skip
    """Record a contact or attempt.

    The gate is asked for the moment of the contact. What the gate refuses is not recorded as if it were in order: it is
    kept, marked, and shown to the leader, because what happened must stand in the counters.

    :raises NotAllowed: the person may not.
    :raises Refused: the result does not belong to the channel, or the point to the party.
    """
    require(user, "record_attempt", case, at.date())
    kind = "call" if channel.value.startswith("voice") else "visit" if channel is Channel.VISIT else "written"
    if channel is Channel.INTERVIEW:
        kind = "visit"
    if result not in RESULTS[kind]:
        known = ", ".join(RESULTS[kind])
        raise Refused(
            Words(
                zh=f"{channel} 没有 {result} 这一结果，可选：{known}",
                en=f"{result} is no result of {channel}; it is one of {known}",
            ),
            about="result",
        )
    if point is not None and point.party_id != case.party_id:
        raise Refused(Words(zh="该联系方式属于他人", en="the contact point belongs to somebody else"), about="way")
    key = key or uuid.uuid4().hex
    with transaction.atomic():
        held = Attempt.objects.filter(key=key).first()
        if held is not None:
            return Recorded(held, case.not_before, repeated=True)
        verdict, record = proof(case, user, channel, point, at)
        actor = next(iter(user.memberships.filter(team__agency=True).values_list("team__code", flat=True)), None)
        attempt = Attempt.objects.create(
            case=case, party=case.party, point=point, by=user, actor=actor or settings.MORA_ORGANISATION, at=at,
            channel=channel, result=result, inbound=inbound, claims=list(case.loans.values_list("loan_id", flat=True)),
            said=said, recording=recording, verdict=record, key=key,
        )  # fmt: skip
        if point is not None and result in _QUALITY:
            ContactPoint.objects.filter(pk=point.pk).update(quality=_QUALITY[result])
        again = at + _PAUSE[result] if result in _PAUSE and not inbound else None
        Case.objects.filter(pk=case.pk).update(
            not_before=again, taken_by=None, taken_until=None, call_back_at=None, call_back_for=None
        )
        stop_if_met(case, user.username, at)
        audit.append(
            user.username, "contact.record", case.number, at=at, channel=channel, result=result,
            gate=verdict.outcome, point=point.value_mask if point else "",
        )  # fmt: skip
        if verdict.outcome is Outcome.REFUSED and not inbound:
            audit.append(user.username, "contact.against_gate", case.number, at=at,
                         rules=[each.rule for each in verdict.findings if each.effect == "refuse"])  # fmt: skip
    return Recorded(attempt, again)
