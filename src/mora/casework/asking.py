"""May I contact this person now? The case and its history as a request to the gate, for each channel and number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from msgspec.structs import replace

from mora.gate import Gate, Request, Verdict
from mora.gate.record import sealed
from mora.gate.terms import (
    Actor,
    ActorKind,
    Channel,
    Claim,
    Debtor,
    HoldKind,
    Lender,
    LenderKind,
    Outcome,
    Owed,
    Party,
    Point,
    PointKind,
    Purpose,
    Result,
    Role,
)
from mora.gate.terms import Attempt as GateAttempt
from mora.gate.terms import Hold as GateHold
from mora.law.vocabulary import ProductKind
from mora.store.models import Case, ContactPoint, User

CHANNELS = {"voice": (Channel.VOICE, Channel.SMS), "mobile": (Channel.VOICE, Channel.SMS), "sms": (Channel.SMS,),
             "phone": (Channel.VOICE,), "email": (Channel.EMAIL,), "im": (Channel.IM,), "letter": (Channel.LETTER,),
             "address": (Channel.LETTER, Channel.VISIT), "visit": (Channel.VISIT,)}  # fmt: skip

"""What kind of contact point may be used by which channels."""


@cache
def gate() -> Gate:
    """The gate of this lender."""
    return Gate.of(getattr(settings, "MORA_HOUSE", None) or "prudent")


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach the party now, and whether it is open."""

    channel: Channel
    point: ContactPoint
    verdict: Verdict
    left_today: int | None
    """How many more contacts the tightest counter of the day allows; None when nothing counts."""
    shuts_at: datetime | None = None
    """The quarter of an hour from which the gate would refuse, later this day; None when it stays as it is."""


def request_for(case: Case, user: User | None, channel: Channel, point: ContactPoint | None, at: datetime) -> Request:
    """The request to the gate for one contact of a case."""
    party = case.party
    resting = list(case.holds.filter(lifted_at__isnull=True))
    holding = frozenset(each.kind for each in resting)
    outside = user.memberships.filter(team__agency=True).select_related("team").first() if user is not None else None
    agency, actor = outside is not None, settings.MORA_ORGANISATION if outside is None else outside.team.code
    return Request(
        at=at,
        places=(getattr(settings, "MORA_PLACE", "cn"),),
        lender=Lender(settings.MORA_ORGANISATION, LenderKind(getattr(settings, "MORA_LENDER_KIND", "bank"))),
        actor=Actor(
            ActorKind.AGENCY if agency else ActorKind.LENDER, actor, trained_on=user.trained_on if user else None
        ),
        channel=channel,
        purpose=Purpose.COLLECT,
        party=Party(
            party.party_id, Role.DEBTOR, tuple(party.zones), born_on=party.born_on,
            identified=party.identified_on is not None or None,
        ),
        debtor=Debtor(party.party_id),
        claims=tuple(
            Claim(
                loan.loan_id, _kinds(loan.product), amount_minor=loan.arrears_minor,
                owed=_owed(case, holding),
            )
            for loan in case.loans.all()
        ) or (Claim(case.number, (ProductKind.CONSUMER,)),),
        point=None if point is None else Point(str(point.pk), _point_kind(point)),
        history=tuple(
            GateAttempt(
                each.at, each.actor, Channel(each.channel), party.party_id, Result(each.result),
                str(each.point_id) if each.point_id else None, tuple(each.claims), each.inbound,
            )
            for each in party.attempts.order_by("at")
        ),
        holds=tuple(
            GateHold(
                HoldKind(each.kind), each.since, each.until, channels=tuple(map(Channel, each.channels)),
                points=tuple(each.points), claims=tuple(each.claims), written=each.written,
            )
            for each in resting
        ),
    )  # fmt: skip


def _owed(case: Case, holding: frozenset[str]) -> Owed:
    """What the work itself knows about whether the debt is owed; the rest stays unanswered, and warns.

    Figures come from the lender's own book of the day, which is the ledger here; whether that book ties is
    ``mora book check``'s answer and not known to a case.
    """
    return Owed(
        identity_matched=case.party.identified_on is not None or None,
        dispute_open="dispute" in holding or "fraud" in holding,
        complaint_open="complaint" in holding,
        insolvency_known="bankruptcy" in holding,
        death_known="death" in holding,
    )


def ways(case: Case, user: User, at: datetime) -> Iterator[Way]:
    """Every way to reach the party, preferred and good ones first, with the gate's answer for this moment."""
    rank = {"good": 0, "unknown": 1, "doubtful": 2, "dead": 3}
    points = sorted(case.party.points.all(), key=lambda each: (not each.preferred, rank[each.quality], each.channel))
    asked = request_for(case, user, Channel.VOICE, None, at)
    for point in points:
        for channel in CHANNELS.get(point.channel, ()):
            request = replace(asked, channel=channel, point=Point(str(point.pk), _point_kind(point)))
            verdict = gate().ask(request)
            yield Way(channel, point, verdict, _left(verdict), _shuts_at(request, verdict))


def proof(
    case: Case, user: User | None, channel: Channel, point: ContactPoint | None, at: datetime
) -> tuple[Verdict, str]:
    """Ask the gate and seal the answer, to be kept with the attempt."""
    request = request_for(case, user, channel, point, at)
    verdict, rulings = gate().witness(request)
    return verdict, sealed(request, verdict, rulings).decode()


def _shuts_at(request: Request, verdict: Verdict) -> datetime | None:
    """Halve the rest of the day until the quarter of an hour is found from which the answer is no."""
    if verdict.outcome is Outcome.REFUSED:
        return None
    first = request.at.replace(minute=request.at.minute // 15 * 15, second=0, microsecond=0)
    quarters = ((24 - first.hour) * 60 - first.minute) // 15

    def shut(n: int) -> bool:
        return gate().ask(replace(request, at=first + timedelta(minutes=15 * n))).outcome is Outcome.REFUSED

    open_, closed = 0, quarters
    if not shut(closed):
        return None
    while closed - open_ > 1:
        middle = (open_ + closed) // 2
        open_, closed = (open_, middle) if shut(middle) else (middle, closed)
    return first + timedelta(minutes=15 * closed)


def _left(verdict: Verdict) -> int | None:
    left = [each.limit - each.count for each in verdict.counters if each.limit]
    return max(0, min(left)) if left else None


def _kinds(product: str) -> tuple[ProductKind, ...]:
    """The kinds of debt a product's name stands for; one that says nothing is taken as consumer credit."""
    named = [kind for kind in ProductKind if kind.value in product.lower() and kind is not ProductKind.ANY]
    return tuple(named) or (ProductKind.CONSUMER,)


def _point_kind(point: ContactPoint) -> PointKind:
    try:
        return PointKind(point.kind)
    except ValueError:
        return PointKind.OTHER


def zone() -> ZoneInfo:
    """The lender's zone."""
    return ZoneInfo(settings.TIME_ZONE)


def local_now() -> datetime:
    """The moment, for the edges of the application that take it from the clock: pages and the command line."""
    return timezone.now().astimezone(ZoneInfo(settings.TIME_ZONE))
