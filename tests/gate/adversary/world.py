"""Debtors, the people around them, their claims, and who collects: one case each, drawn from a seed.

A case is complete by default, so that nothing but the limits themselves refuses; faults are drawn now and then.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from mora.gate.terms import (
    Actor,
    ActorKind,
    Agency,
    Attempt,
    Channel,
    Claim,
    Debtor,
    Estate,
    Guarantee,
    Hold,
    HoldKind,
    JointBasis,
    Lender,
    LenderKind,
    Mode,
    Owed,
    Party,
    Permission,
    PermissionKind,
    Point,
    PointKind,
    Role,
)
from mora.law.vocabulary import ProductKind as Kind

from .record import Entry

OWED = Owed(
    identity_matched=True,
    balance_reconciled=True,
    payment_in_transit=False,
    dispute_open=False,
    complaint_open=False,
    time_barred=False,
    guarantor_in_scope=True,
    owned_by_lender=True,
    insolvency_known=False,
    death_known=False,
)

ERAS = (
    (date(2025, 2, 24), ("cn",)),  # the national standard begins on 2025-02-28
    (date(2026, 1, 26), ("cn",)),  # the banking association's guideline begins on 2026-01-30
    (date(2026, 8, 25), ("us-ny-nyc",)),  # the city's rule begins on 2026-09-01
    (date(2026, 2, 27), ("us", "us-ma", "us-ny-nyc", "cn us-ma")),  # clocks go forward on 2026-03-08
    (date(2026, 10, 22), ("us", "us-ma", "us-ny-nyc", "cn us-ma", "uk", "eu")),  # clocks go back, on both shores
    (date(2026, 3, 20), ("uk", "eu")),  # clocks go forward on 2026-03-29
    (date(2026, 12, 18), ()),  # the year ends
    (date(2028, 2, 20), ()),  # February has 29 days
    (date(2026, 4, 20), ()),
)
"""Where weeks are worth beginning; no places: anywhere."""

PLACES = (
    ("cn", 36),
    ("us", 13),
    ("us-ma", 15),
    ("us-ny-nyc", 13),
    ("uk", 11),
    ("cn us-ma", 5),
    ("us-ma us-ny-nyc", 2),
    ("eu", 5),
)

ZONES = {
    "cn": ((), ("Asia/Shanghai",), ("Asia/Urumqi",)),
    "us": (
        ("America/New_York",),
        ("America/Chicago",),
        ("America/Denver",),
        ("America/Phoenix",),
        ("America/Los_Angeles",),
        ("America/Anchorage",),
        ("Pacific/Honolulu",),
        ("America/Los_Angeles", "America/New_York"),
        ("America/Indiana/Knox", "America/Phoenix"),
        (),
    ),
    "us-ma": (("America/New_York",), ("America/New_York",), (), ("America/New_York", "America/Los_Angeles")),
    "us-ny-nyc": (("America/New_York",), ("America/New_York",), (), ("America/Chicago", "America/New_York")),
    "uk": (("Europe/London",), (), ("Europe/London", "Europe/Madrid")),
    "cn us-ma": (("America/New_York",), ("Asia/Shanghai",), ("Asia/Shanghai", "America/New_York"), ()),
    "us-ma us-ny-nyc": (("America/New_York",), ()),
    "eu": (("Europe/Berlin",), ("Europe/Lisbon", "Europe/Helsinki"), ("Atlantic/Azores",), ()),
}

POINTS = (
    (Channel.VOICE, (PointKind.MOBILE, PointKind.HOME, PointKind.WORK)),
    (Channel.SMS, (PointKind.MOBILE,)),
    (Channel.EMAIL, (PointKind.EMAIL,)),
    (Channel.IM, (PointKind.IM,)),
    (Channel.LETTER, (PointKind.ADDRESS,)),
    (Channel.VISIT, (PointKind.ADDRESS, PointKind.WORK)),
    (Channel.INTERVIEW, (PointKind.BRANCH,)),
)


@dataclass(slots=True)
class Person:
    """Somebody who may be reached, and where."""

    party: Party
    points: tuple[Point, ...]
    debtor: Debtor | None


@dataclass(frozen=True, slots=True)
class Aim:
    """Who would reach whom, where, how, about what."""

    actor: Actor
    person: Person
    point: Point
    channel: Channel
    claims: tuple[Claim, ...]


@dataclass
class Case:
    """One debtor's world, and the log of what happened in it."""

    rng: random.Random
    places: tuple[str, ...]
    now: datetime
    lender: Lender
    actors: tuple[Actor, ...]
    agencies: dict[str, Agency]
    people: list[Person]
    claims: tuple[Claim, ...]
    holds: tuple[Hold, ...]
    permissions: tuple[Permission, ...]
    clocks: tuple[ZoneInfo, ...]
    """Zones whose boundaries are worth trying."""
    attempts: list[Attempt] = field(default_factory=list)
    log: list[Entry] = field(default_factory=list)
    writes_in: tzinfo = UTC
    """The zone in which this lender writes its instants; the same instant whichever it is."""
    drive: str = "free"
    """What the adversary is about at present."""
    mood: str = "silent"
    """How people behave at present: silent, answering, mixed, failing."""
    last: Aim | None = None
    was_refused: bool = False


def case(seed: str) -> Case:
    """A debtor's world drawn from this seed."""
    rng = random.Random(seed)
    begin, fits = rng.choice(ERAS)
    place = rng.choice(fits) if fits else rng.choices([p for p, _ in PLACES], [w for _, w in PLACES])[0]
    now = datetime(begin.year, begin.month, begin.day, tzinfo=UTC) + timedelta(
        days=rng.randrange(4), seconds=rng.randrange(86400)
    )
    lender, actors, agencies = collectors(rng, place, now)
    claims = debts(rng, place, lender, actors, now)
    people = persons(rng, place, now)
    zones = {zone for each in people for zone in each.party.zones} | ({"Asia/Shanghai"} if "cn" in place else set())
    if not zones:
        zones = {"America/New_York", "Pacific/Honolulu"} if place.startswith("us") else {"Europe/London"}
    return Case(
        rng=rng,
        places=tuple(place.split()),
        now=now,
        lender=lender,
        actors=actors,
        agencies=agencies,
        people=people,
        claims=claims,
        holds=holds(rng, now, people, claims),
        permissions=permissions(rng, place, now, people, claims),
        clocks=tuple(ZoneInfo(zone) for zone in sorted(zones)),
        writes_in=rng.choice((UTC, timezone(timedelta(hours=8)), ZoneInfo(rng.choice(sorted(zones))))),
    )


def collectors(rng: random.Random, place: str, now: datetime) -> tuple[Lender, tuple[Actor, ...], dict[str, Agency]]:
    """The lender, everybody who collects for it, and what is known of the agencies."""
    day = now.date()
    kinds = (
        (LenderKind.BANK, 55),
        (LenderKind.CONSUMER_FINANCE, 15),
        (LenderKind.MICRO_LOAN, 8),
        (LenderKind.PRIVATE_LENDER, 3),
        (LenderKind.INSURER, 3),
        (LenderKind.PAYMENT_FIRM, 3),
        (LenderKind.TRANSFEREE, 10),
        (LenderKind.OTHER, 3),
    )
    lender = Lender("lender", rng.choices([k for k, _ in kinds], [w for _, w in kinds])[0])
    trained = day - timedelta(days=rng.choice((10, 100, 200, 320)))
    if rng.random() < 0.04:  # lapses while the weeks pass
        trained = day - timedelta(days=rng.choice((355, 360, 364)))
    actors = [
        Actor(ActorKind.LENDER, "lender", rng.choice((Mode.PERSON, Mode.PERSON, Mode.AUTOMATIC)), trained_on=trained)
    ]
    agencies = {}
    for name in ("agency-a", "agency-b", "agency-c")[: rng.choice((1, 2, 2, 3))]:
        mode = rng.choice((Mode.PERSON, Mode.PERSON, Mode.AUTOMATIC))
        actors.append(Actor(ActorKind.AGENCY, name, mode, trained_on=trained if rng.random() < 0.9 else None))
        faulty = rng.random() < 0.05
        agencies[name] = Agency(
            listed=rng.choice((False, None)) if faulty else True,
            contract_until=day + timedelta(days=rng.choice((3, 10, 20))) if rng.random() < 0.04 else date(2031, 1, 1),
            unlawful_record=rng.random() < 0.02,
        )
    if place == "uk" and rng.random() < 0.3:
        actors.append(Actor(ActorKind.SERVICER, "servicer", Mode.PERSON, trained_on=trained))
    return lender, tuple(actors), agencies


def debts(
    rng: random.Random, place: str, lender: Lender, actors: tuple[Actor, ...], now: datetime
) -> tuple[Claim, ...]:
    """One to four claims; in America some are student loans under one account."""
    day = now.date()
    agencies = tuple(actor.id for actor in actors if actor.kind is ActorKind.AGENCY)
    kinds: tuple[tuple[tuple[Kind, ...], int], ...] = (
        ((Kind.CARD,), 30),
        ((Kind.CONSUMER,), 30),
        ((Kind.CONSUMER, Kind.INTERNET), 10),
        ((Kind.MORTGAGE,), 16),
        ((Kind.AUTO,), 6),
        ((Kind.NON_RETAIL,), 3),
        ((Kind.CONSUMER, Kind.GUARANTEED), 5),
    )
    found = []
    students = place.startswith("us") and rng.random() < 0.3
    for number in range(rng.choice((1, 1, 2, 2, 3, 4))):
        products = rng.choices([k for k, _ in kinds], [w for _, w in kinds])[0]
        student = students and number < 3
        sold = lender.kind is LenderKind.TRANSFEREE
        found.append(
            Claim(
                id=f"claim-{number}",
                products=((Kind.CONSUMER,) if student else products)
                + ((Kind.NON_PERFORMING,) if place == "eu" and rng.random() < 0.6 else ()),
                amount_minor=rng.choice((50_000, 800_000, 5_000_000)),
                account="account-s" if student else rng.choice((None, f"account-{number}")),
                student_loan=student,
                placed_with=agencies if rng.random() < 0.97 else agencies[:1],
                barred_from=rng.choice((None, None, None, day + timedelta(days=10), date(2030, 1, 1))),
                assignment_notified_on=day - timedelta(days=30) if sold and rng.random() < 0.93 else None,
                assignment_notice_in_form_on=day - timedelta(days=30) if sold and rng.random() < 0.93 else None,
                outsourcing_told_on=day - timedelta(days=20)
                if rng.random() < 0.97
                else rng.choice((None, day + timedelta(days=5))),
                validation_sent_on=day - timedelta(days=20),
                owed=OWED,
            )
        )
    return tuple(found)


def persons(rng: random.Random, place: str, now: datetime) -> list[Person]:
    """The debtor first, then some of those around."""
    dead = rng.random() < 0.04
    known = Debtor(
        id="debtor",
        points_invalid=rng.choices((None, False, True), (40, 45, 15))[0],
        deceased=True if dead else rng.choice((None, False)),
        incapacitated=True if rng.random() < 0.03 else rng.choice((None, False)),
    )
    others = [Role.CONTACT, Role.SPOUSE]
    others += rng.sample(
        [Role.CO_BORROWER, Role.GUARANTOR, Role.CONTACT, Role.ATTORNEY, Role.HEIR, Role.EXECUTOR, Role.GUARDIAN],
        rng.choice((0, 1, 2)),
    )
    rng.shuffle(others)
    zones = rng.choice(ZONES[place])
    found = [person(rng, place, now, "debtor", Role.DEBTOR, zones, None)]
    for number, role in enumerate(others[: rng.choice((1, 2, 3))]):
        where = zones if rng.random() < 0.7 else rng.choice(ZONES[place])
        found.append(person(rng, place, now, f"{role.value}-{number}", role, where, known))
    return found


def person(
    rng: random.Random,
    place: str,
    now: datetime,
    name: str,
    role: Role,
    zones: tuple[str, ...],
    debtor: Debtor | None,
) -> Person:
    """One person with numbers and addresses."""
    day = now.date()
    minor = role is Role.HEIR and rng.random() < 0.2
    born = date(day.year - 17, 12, 31) if minor else rng.choice((None, date(1985, 6, 1)))
    if rng.random() < 0.01:
        born = day - timedelta(days=18 * 365 + 4 - 10)  # comes of age about ten days from now
    basis = rng.choice((None, None, None, *JointBasis)) if role is Role.SPOUSE else None
    guarantee = None
    if role is Role.GUARANTOR:
        guarantee = Guarantee(
            general=rng.choice((None, True, False)),
            period_until=rng.choice((None, day + timedelta(days=12), date(2030, 1, 1))),
            debt_due_on=rng.choice((None, day - timedelta(days=170), day - timedelta(days=30))),
            claimed_on=rng.choice((None, None, day - timedelta(days=15))),
        )
    estate = None
    if role is Role.HEIR:
        renounced = rng.choice((None, False, False, True))
        estate = Estate(value_minor=rng.choice((None, 100_000, 10**10)), renounced=renounced)
    party = Party(
        id=name,
        role=role,
        zones=zones,
        born_on=born,
        identified=rng.choices((True, None, False), (85, 10, 5))[0],
        joint_basis=basis,
        volunteers=role is Role.CONTACT and rng.random() < 0.06,
        guarantee=guarantee,
        estate=estate,
    )
    recent = day - timedelta(days=rng.choice((5, 30, 55)))
    kinds = ("mobile", "mobile", "home", "work", "email", "im", "address", "branch")
    points = tuple(
        Point(
            id=f"{name}-{kind}-{number}",
            kind=PointKind(kind),
            used_by_party_on=recent,
            checked_on=recent,
            notice_sent_on=day - timedelta(days=60),
        )
        for number, kind in enumerate(kinds)
    )
    return Person(party, points, debtor)


ASKING = (
    HoldKind.DISPUTE,
    HoldKind.COMPLAINT,
    HoldKind.HARDSHIP,
    HoldKind.PLAN_BEING_MADE,
    HoldKind.PLAN_IN_FORCE,
    HoldKind.REPRESENTED,
    HoldKind.BANKRUPTCY,
    HoldKind.BREATHING_SPACE,
    HoldKind.BREATHING_SPACE_CRISIS,
    HoldKind.CEASE_REQUESTED,
    HoldKind.OPTED_OUT,
    HoldKind.INCONVENIENT_TIME,
    HoldKind.INCONVENIENT_PLACE,
    HoldKind.EMPLOYER_FORBIDS,
    HoldKind.NO_WORK_CALLS,
    HoldKind.BARRED_STATED,
    HoldKind.FRAUD,
    HoldKind.VULNERABLE,
    HoldKind.MILITARY,
    HoldKind.DEATH,
)


def holds(rng: random.Random, now: datetime, people: list[Person], claims: tuple[Claim, ...]) -> tuple[Hold, ...]:
    """None in most cases; else a few, narrow or wide, that begin and end while the weeks pass."""
    found = []
    for _ in range(rng.choices((0, 1, 2, 3), (55, 25, 12, 8))[0]):
        kind = rng.choice(ASKING)
        since = now + timedelta(seconds=rng.randrange(-5 * 86400, 20 * 86400))
        lasts = rng.choice((3600, 86400, 5 * 86400, 12 * 86400))
        who = rng.choice(people)
        points = tuple(p.id for p in who.points if p.kind in (PointKind.WORK, PointKind.MOBILE))
        place = kind is HoldKind.INCONVENIENT_PLACE
        found.append(
            Hold(
                kind=kind,
                since=since,
                until=since + timedelta(seconds=lasts) if rng.random() < 0.93 else None,
                party=who.party.id if rng.random() < 0.6 else None,
                claims=(rng.choice(claims).id,) if rng.random() < 0.4 else (),
                channels=rng.choice(((Channel.SMS,), (Channel.VOICE, Channel.VOICE_ROBOT)))
                if kind is HoldKind.OPTED_OUT and rng.random() < 0.6
                else (),
                points=(rng.choice(points),)
                if place or (kind in (HoldKind.OPTED_OUT, HoldKind.NO_WORK_CALLS) and rng.random() < 0.4)
                else (),
                hours=rng.choice((("12:00", "14:00"), ("08:00", "10:30"), ("20:00", "09:00")))
                if kind is HoldKind.INCONVENIENT_TIME
                else None,
                written=rng.random() < 0.7,
            )
        )
    return tuple(found)


LIFTS = (
    ("cn.gbt45251.hours", PermissionKind.AGREEMENT, "cn"),
    ("cn.cba2026.hours", PermissionKind.CONSENT, "cn"),
    ("house.prudent.hours.cn", PermissionKind.AGREEMENT, "cn"),
    ("cn.cba2026.freq.unanswered", PermissionKind.AGREEMENT, "cn"),
    ("cn.gbt45251.freq.voice", PermissionKind.CONSENT, "cn"),  # a rule nobody can set aside
    ("cn.gbt45251.hours", PermissionKind.COURT_ORDER, "cn"),  # the wrong kind
    ("us.regf.calls.7in7", PermissionKind.CONSENT, "us"),
    ("us.regf.calls.afterconv", PermissionKind.CONSENT, "us"),
    ("us.regf.thirdparty", PermissionKind.CONSENT, "us"),
    ("us.bankruptcy.stay", PermissionKind.COURT_ORDER, "us"),
    ("us.ma.940cmr7", PermissionKind.CONSENT, "us"),  # a rule nobody can set aside
    ("house.prudent.hours", PermissionKind.AGREEMENT, "us uk eu"),
)


def permissions(
    rng: random.Random, place: str, now: datetime, people: list[Person], claims: tuple[Claim, ...]
) -> tuple[Permission, ...]:
    """None in most cases; else one or several, most of which end while the weeks pass."""
    fits = [lift for lift in LIFTS if any(word in place for word in lift[2].split())]
    if not fits or rng.random() < 0.7:
        return ()
    found = []
    for rule, kind, _ in rng.sample(fits, min(len(fits), rng.choice((1, 2, 3, 4)))):
        since = now + timedelta(seconds=rng.randrange(-3 * 86400, 15 * 86400))
        lasts = rng.choice((6 * 3600, 2 * 86400, 7 * 86400, 10 * 86400))
        who = rng.choice(people)
        found.append(
            Permission(
                rule=rule,
                kind=kind,
                since=since,
                until=since + timedelta(seconds=lasts) if rng.random() < 0.9 else None,
                party=who.party.id if rng.random() < 0.5 else None,
                channels=(Channel.VOICE,) if rng.random() < 0.3 else (),
                points=(who.points[0].id,) if rng.random() < 0.15 else (),
                claims=(rng.choice(claims).id,) if rng.random() < 0.3 else (),
                evidence="call 2026-01-05, minute 3",
            )
        )
    return tuple(found)
