"""May I contact this person now? The case and its history as a request to the gate, for each channel and number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from msgspec.structs import replace

from mora.casework.places import Judged, judged
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
from mora.store.models import Case, CaseLoan, ContactPoint, User

CHANNELS = {"voice": (Channel.VOICE, Channel.SMS), "mobile": (Channel.VOICE, Channel.SMS), "sms": (Channel.SMS,),
             "phone": (Channel.VOICE,), "email": (Channel.EMAIL,), "im": (Channel.IM,), "letter": (Channel.LETTER,),
             "address": (Channel.LETTER, Channel.VISIT), "visit": (Channel.VISIT,)}  # fmt: skip

"""What kind of contact point may be used by which channels."""


_ROUNDS = 12
"""How often the laws of a case are asked for a moment at which all agree; then waiting is said not to help."""


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


def requests_for(
    case: Case, user: User | None, channel: Channel, point: ContactPoint | None, at: datetime
) -> tuple[Request, ...]:
    """The requests to the gate for one contact of a case: one for each set of laws that its loans stand under."""
    party = case.party
    resting = list(case.holds.filter(lifted_at__isnull=True))
    owed = _owed(case, frozenset(each.kind for each in resting))
    outside = user.memberships.filter(team__agency=True).select_related("team").first() if user is not None else None
    agency, actor = outside is not None, settings.MORA_ORGANISATION if outside is None else outside.team.code
    parts = judged(case)
    first = Request(
        at=at,
        places=parts[0].places,
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
        claims=_claims(case, parts[0], owed),
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
    return first, *(replace(first, places=part.places, claims=_claims(case, part, owed)) for part in parts[1:])


def _claims(case: Case, part: Judged, owed: Owed) -> tuple[Claim, ...]:
    placed = (case.team.code,) if case.team is not None and case.team.agency else ()
    found = tuple(
        Claim(loan.loan_id, _kinds(loan), amount_minor=loan.arrears_minor, placed_with=placed, owed=owed)
        for loan in part.loans
    )
    return found or (Claim(case.number, (ProductKind.CONSUMER,)),)


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
    asked = requests_for(case, user, Channel.VOICE, None, at)
    for point in points:
        for channel in CHANNELS.get(point.channel, ()):
            used = Point(str(point.pk), _point_kind(point))
            requests = tuple(replace(each, channel=channel, point=used) for each in asked)
            verdict, _ = answer(requests)
            yield Way(channel, point, verdict, _left(verdict), _shuts_at(requests, verdict))


def answer(requests: Sequence[Request]) -> tuple[Verdict, str]:
    """The strictest answer over the laws, and the sealed record of each, one a line.

    Every clause that speaks is in it once. The earliest moment is one at which none of the laws refuses.
    """
    told = [gate().witness(request) for request in requests]
    record = "\n".join(
        sealed(request, verdict, rulings).decode() for request, (verdict, rulings) in zip(requests, told, strict=True)
    )
    verdicts = [verdict for verdict, _ in told]
    return (verdicts[0] if len(verdicts) == 1 else _strictest(requests, verdicts)), record


def _strictest(requests: Sequence[Request], verdicts: Sequence[Verdict]) -> Verdict:
    outcome = max((each.outcome for each in verdicts), key=list(Outcome).index)
    return replace(
        verdicts[0],
        outcome=outcome,
        findings=tuple(dict.fromkeys(finding for each in verdicts for finding in each.findings)),
        counters=tuple(dict.fromkeys(counter for each in verdicts for counter in each.counters)),
        earliest_at=_earliest(requests, verdicts),
        rules=tuple(dict.fromkeys(rule for each in verdicts for rule in each.rules)),
    )


def _earliest(requests: Sequence[Request], verdicts: Sequence[Verdict]) -> datetime | None:
    """From the last of the laws' own moments on: the first at which all agree; None when they do not come together."""
    for _ in range(_ROUNDS):
        moments = [each.earliest_at for each in verdicts]
        if any(each is None for each in moments):
            return None
        latest = max(each for each in moments if each is not None)
        if all(each == latest for each in moments):
            return latest
        verdicts = [gate().ask(replace(request, at=latest)) for request in requests]
    return None


def proof(
    case: Case, user: User | None, channel: Channel, point: ContactPoint | None, at: datetime
) -> tuple[Verdict, str]:
    """Ask the gate and seal the answer, to be kept with the attempt: a record a line, one for each set of laws."""
    return answer(requests_for(case, user, channel, point, at))


def _shuts_at(requests: Sequence[Request], verdict: Verdict) -> datetime | None:
    """Halve the rest of the day until the quarter of an hour is found from which the answer is no."""
    if verdict.outcome is Outcome.REFUSED:
        return None
    at = requests[0].at
    first = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
    quarters = ((24 - first.hour) * 60 - first.minute) // 15

    def shut(n: int) -> bool:
        then = first + timedelta(minutes=15 * n)
        return any(gate().ask(replace(each, at=then)).outcome is Outcome.REFUSED for each in requests)

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


def _kinds(loan: CaseLoan) -> tuple[ProductKind, ...]:
    """The kinds of debt a loan is: what its product says in the book, and what the product's name says.

    One that says nothing is taken as consumer credit.
    """
    said = f"{loan.product} {loan.kind}".lower()
    named = [kind for kind in ProductKind if kind.value in said and kind is not ProductKind.ANY]
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
