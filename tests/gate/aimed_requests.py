"""Random requests bent towards what chance seldom brings together, seeded.

Consent to calls with conversations before and after it; notices and trainings of the days to come; heirs, guarantors
and spouses asked to pay; calls elsewhere; days with two midnights or none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from msgspec import structs

from gate.random_requests import random_requests
from mora.gate.terms import (
    Actor,
    ActorKind,
    Attempt,
    Channel,
    Claim,
    Debtor,
    Estate,
    Guarantee,
    JointBasis,
    Lender,
    LenderKind,
    Permission,
    PermissionKind,
    Point,
    PointKind,
    Purpose,
    Request,
    Result,
    Role,
)
from mora.law.vocabulary import ProductKind

_TWICE = (
    # Zone, and days whose midnight its clocks show twice or leave out.
    ("America/Havana", (date(2025, 11, 2), date(2026, 11, 1), date(2026, 3, 8), date(2027, 3, 14))),
    ("Atlantic/Azores", (date(2025, 10, 26), date(2026, 10, 25), date(2026, 3, 29))),
    ("Asia/Beirut", (date(2026, 3, 29), date(2026, 10, 25))), ("Africa/Cairo", (date(2026, 4, 24), date(2026, 10, 30))),
    ("America/Santiago", (date(2026, 4, 5), date(2026, 9, 6))), ("America/Asuncion", (date(2024, 3, 24),)),
)  # fmt: skip
_CALL_RULES = ("us.regf.calls.7in7", "us.regf.calls.afterconv")


def aimed_requests(seed: int, count: int, own_rules: Sequence[str] = ()) -> Iterator[Request]:
    """``count`` requests that depend on nothing but the seed."""
    chance = Random(f"aimed {seed}")
    for request in random_requests(seed, count, own_rules):
        yield chance.choice(_BENDS)(request, chance)


def _consented(request: Request, chance: Random) -> Request:
    """Calls under Regulation F, a conversation or two, and consent given about then."""
    if chance.random() < 0.5:
        request = structs.replace(request, claims=_card_and_loan(request.claims[0]))
    actor = Actor(ActorKind.AGENCY, "one")
    party = structs.replace(request.party, role=chance.choice((Role.DEBTOR, Role.DEBTOR, Role.CONTACT, Role.ATTORNEY)))
    since = request.at - timedelta(days=chance.choice((0, 1, 3, 6, 7)), seconds=chance.choice((1, 3600, 40000)))
    ids = tuple(claim.id for claim in request.claims)

    def attempt(at: datetime, result: Result) -> Attempt:
        if chance.random() < 0.6:
            return Attempt(at.astimezone(UTC), "one", Channel.VOICE, party.id, result, claims=ids)
        claims = chance.choice(((), ids, ids[:1], ids[-1:], ("c0",), ("acc",), ("c9",)))
        who = chance.choice(("one", "one", "one", "two"))
        return Attempt(
            at.astimezone(UTC), who, Channel.VOICE, chance.choice((party.id, party.id, party.id, "x")), result,
            claims=claims, inbound=chance.random() < 0.2, with_consent=chance.random() < 0.2,
        )  # fmt: skip

    results = (Result.NO_ANSWER, Result.VOICEMAIL, Result.BUSY, Result.CONNECTED, Result.NOT_IN_SERVICE)
    calls = [attempt(request.at - timedelta(days=chance.choice((0, 1, 3, 6, 7)), hours=chance.randrange(12)),
                     chance.choice(results)) for _ in range(chance.choice((1, 8, 12, 14)))]  # fmt: skip
    beside = (timedelta(), timedelta(microseconds=1), timedelta(hours=-1), timedelta(hours=1), timedelta(days=-3))
    calls += [attempt(since + chance.choice(beside), Result.RIGHT_PARTY) for _ in range(chance.choice((0, 0, 1, 1, 2)))]
    if chance.random() < 0.4:  # eight calls about everything, then one conversation about something
        about = chance.choice((ids[:1], ids[-1:], ids[-1:], (), ("c9",)))
        calls = [
            Attempt(
                request.at - timedelta(hours=8 + hour), "one", Channel.VOICE, party.id, Result.VOICEMAIL, claims=ids
            )
            for hour in range(8)
        ]
        who = chance.choice(("one", "one", "two"))
        calls.append(
            Attempt(since + timedelta(seconds=1), who, Channel.VOICE, party.id, Result.RIGHT_PARTY, claims=about)
        )
    kinds = (PermissionKind.CONSENT, PermissionKind.CONSENT, PermissionKind.DEBTOR_CALLED, PermissionKind.AGREEMENT)
    granted = tuple(Permission(rule, chance.choice(kinds), since) for rule in _CALL_RULES)
    return structs.replace(
        request, places=chance.choice((("us",), ("us-ny",), ("us-ma", "us-ca"), ("us", "cn"))), actor=actor,
        party=party, channel=chance.choice((Channel.VOICE, Channel.VOICE, Channel.VOICE_NOTICE)), holds=(),
        purpose=chance.choice((Purpose.COLLECT, Purpose.INFORM)), history=tuple(calls), permissions=granted,
    )  # fmt: skip


def _card_and_loan(claim: Claim) -> tuple[Claim, Claim]:
    card = structs.replace(claim, id="c0", products=(ProductKind.CARD,))
    return card, structs.replace(card, id="c1", products=(ProductKind.CONSUMER,), student_loan=False)


def _told_tomorrow(request: Request, chance: Random) -> Request:
    """Notices, trainings and contracts dated on the days around the request."""
    today = request.at.date()

    def near() -> date | None:
        return chance.choice((None, *(today + timedelta(days=days) for days in (-400, -1, 0, 0, 1, 2, 9))))

    def bent(claim: Claim) -> Claim:
        if chance.random() < 0.3:
            return claim
        return structs.replace(
            claim, assignment_notified_on=near(), assignment_notice_in_form_on=near(), outsourcing_told_on=near(),
            validation_sent_on=near(), barred_from=near(), placed_with=("one", "two"),
        )  # fmt: skip

    kind = chance.choice((LenderKind.TRANSFEREE, LenderKind.TRANSFEREE, LenderKind.BANK))
    places = chance.choice((("cn",), ("cn",), ("eu",), ("eu-pt", "eu-de"), ("cn", "eu-ie"), ("eu-fr", "us")))
    return structs.replace(
        request, places=places, lender=Lender("lender", kind), claims=tuple(bent(claim) for claim in request.claims),
        actor=structs.replace(request.actor, trained_on=near()),
    )  # fmt: skip


def _kin(request: Request, chance: Random) -> Request:
    """Heirs, guarantors, spouses and third persons asked to pay, with amounts known and unknown."""
    role = chance.choice((Role.HEIR, Role.GUARANTOR, Role.GUARANTOR, Role.SPOUSE, Role.CONTACT))
    limits = (None, 99, 100, 200, 5100, 2**63 - 1)
    due = request.at.date() - timedelta(days=chance.choice((181, 184, 185, 186, 30)))
    until = chance.choice((None, None, request.at.date() + timedelta(days=chance.choice((0, 1, 200)))))
    claimed = chance.choice((None, None, due + timedelta(days=chance.choice((0, 180, 190)))))
    party = structs.replace(
        request.party, role=role, joint_basis=chance.choice((None, *JointBasis)),
        estate=chance.choice((None, Estate(chance.choice(limits), chance.choice((None, True, False))))),
        guarantee=chance.choice((None, *[Guarantee(None, until, due, claimed, chance.choice(limits))] * 4)),
    )  # fmt: skip
    amounts = (None, 100, 100, 100, 5000, 2**63 - 1)
    claims = tuple(structs.replace(claim, amount_minor=chance.choice(amounts)) for claim in request.claims)
    results = (Result.THIRD_PARTY, Result.THIRD_PARTY_REFUSED, Result.CONNECTED, Result.NO_ANSWER)
    asked = [
        Attempt(request.at - timedelta(days=chance.randrange(1, 90)), "one", Channel.VOICE, party.id,
                chance.choice(results), inbound=chance.random() < 0.1)
        for _ in range(chance.choice((0, 1, 2)))
    ]  # fmt: skip
    return structs.replace(
        request, party=party, claims=claims, purpose=chance.choice((Purpose.COLLECT, Purpose.COLLECT, Purpose.LOCATE)),
        places=chance.choice((("cn",), ("cn",), ("us",), ("us-ma",), ("cn", "us"))),
        debtor=request.debtor or Debtor("debtor", points_invalid=True), history=(*request.history, *asked),
    )  # fmt: skip


def _elsewhere(request: Request, chance: Random) -> Request:
    """Calls and visits in Massachusetts and New York City to work, home and elsewhere."""
    kind = chance.choice(tuple(PointKind))
    channel = chance.choice((Channel.VOICE, Channel.VOICE, Channel.VOICE_ROBOT, Channel.VISIT))
    ids = tuple(claim.id for claim in request.claims)
    tried = tuple(
        Attempt(
            request.at - timedelta(days=chance.choice((0, 1, 5, 6, 7, 29, 30)), hours=chance.randrange(12)),
            chance.choice(("one", "two")), channel, request.party.id,
            chance.choice((Result.NO_ANSWER, Result.CONNECTED, Result.NOT_MET)),
            claims=chance.choice(((), ids, ids[:1], ("c9",))), at_work=chance.random() < 0.5,
        )
        for _ in range(chance.choice((1, 2, 3, 4)))
    )  # fmt: skip
    places = chance.choice((("us-ma",), ("us", "us-ma"), ("us-ma", "us-ny-nyc"), ("us-ny-nyc",), ("us-ny",)))
    return structs.replace(
        request, places=places, channel=channel, point=Point("p1", kind), history=tried, purpose=Purpose.COLLECT,
    )  # fmt: skip


def _two_midnights(request: Request, chance: Random) -> Request:
    """A person whose day begins twice or late, and attempts about its beginning."""
    zone, days = chance.choice(_TWICE)
    day = chance.choice(days)
    at = datetime.combine(day + timedelta(days=chance.choice((0, 0, 0, 1, 6))), time(chance.choice((2, 13, 20))),
                          ZoneInfo(zone)).astimezone(UTC)  # fmt: skip
    begins = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    beside = (-3601, -1, 0, 1, 1800, 3599, 3600, 3601, 7200)
    ids = tuple(claim.id for claim in request.claims)
    actor = Actor(ActorKind.AGENCY, "one")
    tried = tuple(
        Attempt(begins + timedelta(seconds=chance.choice(beside)), "one", request.channel, request.party.id,
                chance.choice((Result.VOICEMAIL, Result.VOICEMAIL, Result.RIGHT_PARTY)), claims=ids)
        for _ in range(chance.choice((1, 3, 6, 6, 6, 7)))
    )  # fmt: skip
    return structs.replace(
        request, at=at, places=chance.choice((("us",), ("us-ma",), ("us-ny-nyc",), ("cn", "us"), ("uk",))), actor=actor,
        party=structs.replace(request.party, zones=(zone,)), history=tried,
        channel=chance.choice((request.channel, Channel.VOICE)),
    )  # fmt: skip


_BENDS: Sequence[Callable[[Request, Random], Request]] = (_consented, _told_tomorrow, _kin, _elsewhere, _two_midnights)
