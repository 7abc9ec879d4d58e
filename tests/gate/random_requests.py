"""Random requests, seeded, crowded around what may go wrong.

Instants lie on and one second or microsecond beside openings, midnights, clock changes, leap days, year ends and the
days on which rules begin; histories come in bursts of the size the limits have; every word of the published request
occurs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from msgspec import structs

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
    Message,
    Mode,
    Owed,
    Party,
    Permission,
    PermissionKind,
    Point,
    PointKind,
    Purpose,
    Request,
    Result,
    Role,
    Visit,
)
from mora.gate.verdict import QUESTIONS
from mora.gate.zones import PLACES
from mora.law.vocabulary import ProductKind

T = TypeVar("T")

PLACE_MIXES: Sequence[tuple[str, ...]] = (
    *[("cn",)] * 10, *[("us",)] * 2, *[("us", "us-ma")] * 3, *[("us-ny-nyc",)] * 2, ("us", "us-ny-nyc"), ("us-ca",),
    ("us-fl",), ("us-ma", "us-ca"), *[("uk",)] * 3, ("uk-eng",), ("uk-sct",), ("uk-wls", "uk-nir"), *[("eu",)] * 2,
    ("eu-de",), ("eu-pt",), ("eu-es", "eu-ie"), ("cn", "us"), ("us", "cn"), ("uk", "eu-ie"), ("eu-fr", "uk", "us"),
)  # fmt: skip
ZONES = (
    "Asia/Shanghai", "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu", "Europe/London", "Europe/Berlin", "Europe/Lisbon", "Atlantic/Azores",
    "Europe/Dublin", "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Apia", "Pacific/Kiritimati", "Asia/Kathmandu",
    "Asia/Kolkata", "America/St_Johns", "America/Havana", "Africa/Cairo", "Africa/Casablanca", "America/Nuuk",
    "Asia/Beirut", "Asia/Urumqi", "Antarctica/Troll", "Pacific/Pago_Pago", "Europe/Kyiv", "Asia/Tehran", "UTC",
)  # fmt: skip
DAYS = (
    *(date(year, month, day) for year in (2024, 2025, 2026, 2027)
      for month, day in ((1, 1), (2, 28), (3, 1), (12, 31), (6, 30))),
    date(2024, 2, 29), date(2028, 2, 29), date(2028, 3, 1),
    # Clock changes: United States, Europe, Lord Howe and New Zealand, Egypt, Havana.
    date(2025, 3, 9), date(2025, 11, 2), date(2026, 3, 8), date(2026, 11, 1), date(2027, 3, 14),
    date(2025, 3, 30), date(2025, 10, 26), date(2026, 3, 29), date(2026, 10, 25), date(2026, 4, 5), date(2026, 9, 27),
    date(2026, 10, 4), date(2026, 4, 24), date(2026, 10, 29), date(2025, 11, 1),
    # Rules begin (and the days before): the national standard, the banks' guideline, New York City, older ones.
    date(2024, 5, 15), date(2025, 2, 28), date(2025, 2, 27), date(2026, 1, 30), date(2026, 1, 29), date(2026, 1, 20),
    date(2025, 9, 1), date(2026, 9, 1), date(2026, 8, 31), date(2026, 8, 25), date(2026, 1, 15), date(2023, 12, 29),
    date(2023, 3, 1), date(2021, 11, 30), date(2021, 11, 25), date(2021, 5, 4), date(2020, 12, 31),
)  # fmt: skip
CLOCKS = (
    time(0), time(2), time(2, 30), time(8), time(9), time(12), time(21), time(22), time(23), time(23, 59, 59), time(1),
)  # fmt: skip
HOURS = (
    ("09:00", "17:00"), ("00:00", "12:00"), ("22:00", "06:00"), ("08:00", "21:00"), ("12:00", "12:00"),
    ("02:15", "02:45"), ("21:00", "08:00"), ("00:00", "23:59"), ("16:00", "23:30"),
)  # fmt: skip
FIELDS = ("name", "balance", "reason", "rights", "dispute_channel", "contact", "seal", "opt_out", "other")
NEAR = (*[timedelta()] * 2, timedelta(seconds=1), timedelta(seconds=-1), timedelta(microseconds=1),
        timedelta(microseconds=-1), timedelta(minutes=7))  # fmt: skip
OFFSETS = (UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-5)), timezone(timedelta(hours=5, minutes=45)))
BASIC_OWED = Owed(identity_matched=True, balance_reconciled=True, owned_by_lender=True, guarantor_in_scope=True)
_ROLES = (*[Role.DEBTOR] * 8, *[Role.CONTACT] * 4, *[Role.SPOUSE] * 2, *Role)
_CHANNELS = (*[Channel.VOICE] * 6, Channel.VOICE_ROBOT, *Channel)
_PRODUCTS = (
    (ProductKind.CARD,), (ProductKind.CARD,), (ProductKind.CONSUMER,), (ProductKind.INTERNET,), (ProductKind.MORTGAGE,),
    (ProductKind.AUTO,), (ProductKind.NON_RETAIL,), (ProductKind.MORTGAGE, ProductKind.NON_PERFORMING),
    (ProductKind.CONSUMER, ProductKind.NON_PERFORMING), (ProductKind.GUARANTEED,), (),
)  # fmt: skip
_RULES = tuple(QUESTIONS)
_EXCUSABLE = {
    "cn": ("cn.gbt45251.hours", "cn.cba2026.hours", "cn.cba2026.freq.unanswered"),
    "us": ("us.regf.calls.7in7", "us.regf.calls.afterconv", "us.regf.thirdparty", "us.bankruptcy.stay"),
    "uk": ("uk.conc7.9",), "eu": ("eu.dir2021-2167.notice",),
}  # fmt: skip
_AGENCY = Agency(listed=True, contract_until=date(2100, 1, 1), unlawful_record=False)
_VISIT = Visit(2, shows_identity=True, records=True, appointment_agreed=True, entry_agreed=True)
_MESSAGE = Message(contains=FIELDS, electronic_consent=True)
_AIMED = (
    # Channel asked for, channel and results of the attempts before, days back, sizes: one beside each limit.
    (Channel.VOICE, Channel.VOICE, (Result.CONNECTED, Result.RIGHT_PARTY), (0,), (1, 2, 3, 4)),
    (Channel.VOICE_ROBOT, Channel.VOICE_ROBOT, (Result.CONNECTED,), (0, 0, 0, 1), (2, 3, 3, 4)),
    (Channel.VOICE_NOTICE, Channel.VOICE_NOTICE, (Result.CONNECTED,), (0, 0, 0, 1), (2, 3, 3, 4)),
    (Channel.VOICE, Channel.VOICE, tuple(Result)[:6], (0,), (5, 6, 6, 7)),
    (Channel.VOICE, Channel.VOICE, (Result.NO_ANSWER, Result.VOICEMAIL), (0, 1, 5, 6, 6, 7), (5, 6, 7, 7, 8)),
    (Channel.VOICE_NOTICE, Channel.VOICE_NOTICE, (Result.NO_ANSWER, Result.CONNECTED), (0,), (6, 6, 7)),
    (Channel.VOICE, Channel.VOICE, (Result.RIGHT_PARTY,), (6, 7, 7, 8), (1, 1, 2)),
    (Channel.VISIT, Channel.VISIT, (Result.NOT_MET, Result.RIGHT_PARTY), (28, 29, 30, 31), (1, 1, 2)),
    (Channel.SMS, Channel.SMS, (Result.SENT, Result.DELIVERED), (0, 5, 6, 7), (2, 3, 3, 4)),
)  # fmt: skip
_BURSTS = (
    (Channel.VOICE, Result.CONNECTED), (Channel.VOICE, Result.RIGHT_PARTY), (Channel.VOICE_NOTICE, Result.CONNECTED),
    (Channel.VOICE, Result.NO_ANSWER), (Channel.VOICE, Result.BUSY), (Channel.VISIT, Result.RIGHT_PARTY),
    (Channel.VISIT, Result.NOT_MET), (Channel.SMS, Result.SENT), (Channel.VOICE_ROBOT, Result.VOICEMAIL),
    (Channel.VOICE, Result.THIRD_PARTY), (Channel.VOICE, Result.THIRD_PARTY_REFUSED),
)  # fmt: skip


def random_requests(seed: int, count: int, own_rules: Sequence[str] = ()) -> Iterator[Request]:
    """``count`` requests that depend on nothing but the seed.

    :param own_rules: ids of a lender's own rules that permissions may name as well.
    """
    chance = Random(seed)
    for _ in range(count):
        yield _Maker(chance, own_rules).request()


class _Maker:
    def __init__(self, chance: Random, own_rules: Sequence[str]) -> None:
        self.chance = chance
        self.own_rules = own_rules

    def often(self, probability: float) -> bool:
        return self.chance.random() < probability

    def of(self, options: Sequence[T]) -> T:
        return options[int(self.chance.random() * len(options))]

    def maybe(self, options: Sequence[T], probability: float = 0.5) -> T | None:
        return self.of(options) if self.chance.random() < probability else None

    def instant(self) -> datetime:
        """Mostly on an edge of some zone's day, else at any second."""
        if self.often(0.15):
            return datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=self.chance.randrange(4 * 366 * 86400))
        clock = self.of(CLOCKS) if self.often(0.5) else time(self.chance.randrange(8, 21), self.chance.randrange(60))
        day = self.of(DAYS) if self.often(0.6) else date(2026, 1, 1) + timedelta(days=self.chance.randrange(700))
        zone = ZoneInfo(self.of(self.zones))
        return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC) + self.of(NEAR)

    def request(self) -> Request:
        places = self.of(PLACE_MIXES) if self.often(0.95) else (self.of(tuple(PLACES)),)
        zones = self.of(((), (), (), (self.of(ZONES),), (self.of(ZONES), self.of(ZONES))))
        self.root = places[0][:2]
        self.zones = zones or tuple(dict.fromkeys(zone for place in places for zone in PLACES[place]))
        self.at = self.instant()
        self.day = self.at.date()
        lender = Lender("lender", self.of((*[LenderKind.BANK] * 3, *LenderKind)))
        self.actor = Actor(
            self.of((*[ActorKind.AGENCY] * 3, *ActorKind)), self.of(("one", "two")), self.of((Mode.PERSON, *Mode)),
            self.near_day(400, 0.8),
        )  # fmt: skip
        # Half of the requests are in order but for hours, history, holds and permissions, so that waiting may help.
        calm = self.often(0.5)
        role = Role.DEBTOR if calm and self.often(0.8) else self.of(_ROLES)
        claims = self.claims()
        if calm:
            self.actor = Actor(self.actor.kind, self.actor.id, trained_on=self.day - timedelta(days=100))
            claims = tuple(self.in_order(claim) for claim in claims)
        self.ids = tuple(claim.id for claim in claims)
        self.aimed = self.of(_AIMED) if self.often(0.35) else None
        self.point = self.maybe(
            (Point(self.of(("p1", "p2")), self.of(tuple(PointKind)), self.near_day(61), self.near_day(61),
                   self.near_day(36)),), 0.85,
        )  # fmt: skip
        purpose = self.of((*[Purpose.COLLECT] * 4, *Purpose))
        party = Party("self", role, zones, identified=True, guarantee=Guarantee(period_until=self.day + timedelta(900)))
        if not calm:
            party = self.party(role, zones)
        debtor = None
        if role not in (Role.DEBTOR, Role.CO_BORROWER) and self.often(0.8):
            debtor = Debtor("debtor", *(self.of((None, None, False, True)) for _ in range(3)))
        return Request(
            at=self.at.astimezone(self.of(OFFSETS)), places=places, lender=lender, actor=self.actor,
            channel=self.of(_CHANNELS) if self.aimed is None else self.aimed[0], party=party, claims=claims,
            point=self.point, purpose=purpose, debtor=debtor,
            history=self.history(), holds=tuple(self.hold() for _ in range(self.of((0, 0, 0, 1, 1, 2, 3)))),
            permissions=tuple(self.permission() for _ in range(self.of((0, 0, 0, 1, 1, 2)))),
            agency=_AGENCY if calm else self.agency(), visit=_VISIT if calm else self.visit(),
            message=_MESSAGE if calm else self.message(),
        )  # fmt: skip

    def in_order(self, claim: Claim) -> Claim:
        return Claim(
            claim.id, claim.products, claim.amount_minor, claim.account, claim.student_loan, ("one", "two"), None,
            *(self.day - timedelta(days=50) for _ in range(4)), BASIC_OWED,
        )  # fmt: skip

    def agency(self) -> Agency | None:
        known = self.of((None, False, True, True)), self.near_day(30), self.of((None, False, True))
        return Agency(*known) if self.often(0.8) else None

    def visit(self) -> Visit | None:
        agreed = (self.of((None, False, True, True)) for _ in range(4))
        return Visit(self.of((None, 0, 1, 2, 3)), *agreed) if self.often(0.7) else None

    def near_day(self, days: int, known: float = 0.6) -> date | None:
        """A day on or beside the one that decides, or anywhere near."""
        if not self.often(known):
            return None
        back = self.of((0, 1, -1, days, days - 1, days + 1, -days, self.chance.randrange(-400, 400)))
        return self.day - timedelta(days=back)

    def claims(self) -> tuple[Claim, ...]:
        return tuple(self.claim(number) for number in range(self.of((1, 1, 1, 2, 3))))

    def claim(self, number: int) -> Claim:
        return Claim(
            f"c{number}", self.of(_PRODUCTS), self.of((None, 100, 5000)), self.of((None, "acc", "c0")),
            self.often(0.3), self.of(((), ("one",), ("two",), ("one", "two"))), self.near_day(1, 0.3),
            *(self.near_day(1, 0.6) for _ in range(2)), self.near_day(1, 0.7), self.near_day(1), self.owed(),
        )  # fmt: skip

    def owed(self) -> Owed | None:
        if self.often(0.7):
            return BASIC_OWED
        return self.maybe((Owed(*(self.of((None, False, True)) for _ in range(10))),), 0.8)

    def party(self, role: Role, zones: tuple[str, ...]) -> Party:
        born = None
        if self.often(0.3):
            years = self.of((17, 18, 18, 19, 40))
            born = self.day.replace(year=self.day.year - years, day=min(self.day.day, 28)) + timedelta(
                days=self.of((-1, 0, 1, 2, 100))
            )
            if self.often(0.2):
                born = date(2008, 2, 29)
        return Party(
            "self", role, zones, born, self.of((None, False, True, True)), self.maybe(tuple(JointBasis)),
            self.often(0.3),
            self.maybe((Guarantee(None, self.near_day(1), self.near_day(184), self.near_day(1, 0.3),
                                  self.of((None, 90, 5000))),), 0.8),
            self.maybe((Estate(self.of((None, 100, 4000)), self.of((None, None, False, True))),), 0.8),
        )  # fmt: skip

    def message(self) -> Message | None:
        if self.often(0.4):
            return None
        held = None if self.often(0.4) else tuple(each for each in FIELDS if self.often(0.8))
        if self.often(0.3):
            held = FIELDS
        return Message(
            None, "zh", self.of((None, None, False, True)), held, self.often(0.3), self.of((None, False, True)),
            self.often(0.3),
        )  # fmt: skip

    def before(self) -> datetime:
        """An instant mostly before the request, often on an edge of one of its windows."""
        zone = ZoneInfo(self.of(self.zones))
        days = self.of((0, 0, 0, 1, 5, 6, 6, 7, 7, 8, 29, 30, 31))
        if self.often(0.5):
            return self.at - timedelta(days=days) - timedelta(seconds=self.of((0, 1, 60, 299, 300, 301, 3600, 30000)))
        day = self.at.astimezone(zone).date() - timedelta(days=days)
        return datetime.combine(day, self.of((time(0), time(0), time(10), time(18), time(23, 59, 59))), tzinfo=zone) + (
            self.of(NEAR)
        )

    def attempt(self, at: datetime, channel: Channel, result: Result, party: str) -> Attempt:
        return Attempt(
            at.astimezone(UTC), self.actor.id if self.often(0.8) else self.of(("one", "two")), channel, party, result,
            self.point.id if self.point is not None and self.often(0.8) else self.of((None, "p1", "p3")),
            self.of(((), self.ids, self.ids[:1], self.ids[-1:], ("acc",), ("c9",))), self.often(0.08),
            self.often(0.08), self.often(0.3),
        )  # fmt: skip

    def history(self) -> tuple[Attempt, ...]:
        made = [self.any_attempt() for _ in range(self.of((0, 0, 1, 3)))]
        if self.aimed is not None:
            _, channel, results, days, sizes = self.aimed
            one = self.often(0.7)
            for _ in range(self.of(sizes)):
                at = self.at - timedelta(days=self.of(days), seconds=self.of((0, 60, 299, 300, 3600, 7200, 20000)))
                attempt = self.attempt(at, channel, self.of(results), "self")
                made.append(structs.replace(attempt, actor=self.actor.id, claims=self.ids) if one else attempt)
        elif self.often(0.5):
            channel, result = self.of(_BURSTS)
            who = self.of(("self", "self", "self", "debtor"))
            size = self.of((1, 2, 3, 4, 6, 7, 8))
            made += [self.attempt(self.before(), channel, result, who) for _ in range(size)]
        self.chance.shuffle(made)
        return tuple(made)

    def any_attempt(self) -> Attempt:
        who = self.of(("self", "debtor", "x"))
        return self.attempt(self.before(), self.of(tuple(Channel)), self.of(tuple(Result)), who)

    def span(self) -> tuple[datetime, datetime | None]:
        since = self.before() if self.often(0.75) else self.at + timedelta(seconds=self.of((0, 1, 3600, 86400, 700000)))
        if self.often(0.2):
            since = self.at - timedelta(days=self.of((9, 10, 11, 30, 59, 60, 61, 62)), seconds=self.of((0, 3600)))
        until = None
        if self.often(0.6):
            lasts = self.of((1, 3600, 86400, 5 * 86400, 40 * 86400, 200 * 86400, 366 * 86400, 400 * 86400))
            until = max(since, self.at if self.often(0.6) else since) + timedelta(seconds=lasts)
        return since.astimezone(UTC), until.astimezone(UTC) if until is not None else None

    def about(self) -> dict[str, Any]:
        """Mostly about this request, sometimes about another person, claim, channel or point."""
        return {
            "party": self.of((None, "self", "self", "x")),
            "claims": self.of(((), (), self.ids, self.ids[:1], ("c9",))),
            "channels": self.of(((), (), (), tuple(Channel)[:3], (self.of(tuple(Channel)),))),
            "points": self.of(((), (), (), ("p1",), ("p1", "p2"), ("p3",))),
        }

    def hold(self) -> Hold:
        since, until = self.span()
        return Hold(
            self.of(tuple(HoldKind)),
            since,
            until,
            hours=self.maybe(HOURS, 0.25),
            written=self.often(0.6),
            **self.about(),
        )

    def permission(self) -> Permission:
        since, until = self.span()
        rule = self.of((*_RULES, *self.own_rules))
        if self.often(0.8):
            rule = self.of((*_EXCUSABLE[self.root], *self.own_rules))
        about = self.about() if self.often(0.5) else {}
        return Permission(rule, self.of((*PermissionKind, PermissionKind.CONSENT)), since, until, **about)
