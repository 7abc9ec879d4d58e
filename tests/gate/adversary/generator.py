"""The adversary: at each step it picks the attempt that would squeeze a limit hardest, given what happened.

It moves time to just before and just after a boundary, a rolling window, the end of a hold or a permission; repeats an
attempt through another agency, number, channel or claim to start a counter anew; and turns to the people around.
"""

from __future__ import annotations

import random
from bisect import bisect
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from mora.gate.terms import (
    ActorKind,
    Attempt,
    Channel,
    Claim,
    Message,
    PermissionKind,
    Point,
    PointKind,
    Purpose,
    Request,
    Result,
    Role,
    Visit,
)

from .record import Entry
from .world import ZONES, Aim, Case, Person

SECOND = timedelta(seconds=1)
EDGES = (time(0), time(8), time(21), time(22))
BESIDE = (-SECOND, -timedelta(microseconds=1), timedelta(0), timedelta(0), SECOND)
CALLS = (Channel.VOICE, Channel.VOICE_ROBOT, Channel.VOICE_NOTICE)
TALKS = (Channel.VOICE, Channel.VOICE_ROBOT)

PLACES_OF = {
    Channel.SMS: (PointKind.MOBILE,),
    Channel.EMAIL: (PointKind.EMAIL,),
    Channel.IM: (PointKind.IM,),
    Channel.LETTER: (PointKind.ADDRESS,),
    Channel.VISIT: (PointKind.ADDRESS, PointKind.WORK),
    Channel.INTERVIEW: (PointKind.BRANCH,),
} | dict.fromkeys(CALLS, (PointKind.MOBILE, PointKind.MOBILE, PointKind.HOME, PointKind.WORK))

CHANNELS = (
    (Channel.VOICE, 44),
    (Channel.VOICE_ROBOT, 16),
    (Channel.VOICE_NOTICE, 14),
    (Channel.SMS, 8),
    (Channel.EMAIL, 3),
    (Channel.IM, 3),
    (Channel.LETTER, 4),
    (Channel.VISIT, 6),
    (Channel.INTERVIEW, 2),
)

MOVES = (
    ("at once", 2),
    ("seconds", 16),
    ("minutes", 32),
    ("hours", 12),
    ("boundary", 11),
    ("opening", 9),
    ("roll", 9),
    ("edge", 6),
    ("days", 3),
)

DRIVES_CN = (
    ("free", 30),
    ("effective", 20),
    ("notice", 14),
    ("unanswered", 14),
    ("others", 16),
    ("talk", 3),
    ("all channels", 3),
)
DRIVES = (
    ("free", 24),
    ("seven", 34),
    ("talk", 12),
    ("all channels", 10),
    ("visits", 6),
    ("others", 6),
    ("effective", 4),
    ("unanswered", 4),
)
"""What the adversary is about for a while: to fill one counter, and then to slip round it."""
MOODS_OF = {
    "effective": ("answering",),
    "notice": ("answering",),
    "unanswered": ("silent",),
    "seven": ("silent", "silent", "failing"),
    "others": ("failing",),
    "talk": ("answering",),
}

MOODS = {
    "silent": (
        (Result.NO_ANSWER, 40),
        (Result.BUSY, 8),
        (Result.NOT_IN_SERVICE, 4),
        (Result.REJECTED, 10),
        (Result.VOICEMAIL, 20),
        (Result.DROPPED, 14),
        (Result.CONNECTED, 4),
    ),
    "answering": (
        (Result.RIGHT_PARTY, 40),
        (Result.CONNECTED, 45),
        (Result.DROPPED, 5),
        (Result.NO_ANSWER, 5),
        (Result.WRONG_PARTY, 5),
    ),
    "mixed": (
        (Result.NO_ANSWER, 30),
        (Result.BUSY, 10),
        (Result.VOICEMAIL, 10),
        (Result.CONNECTED, 25),
        (Result.RIGHT_PARTY, 8),
        (Result.DROPPED, 7),
        (Result.THIRD_PARTY, 5),
        (Result.WRONG_PARTY, 5),
    ),
    "failing": (
        (Result.NO_ANSWER, 60),
        (Result.NOT_IN_SERVICE, 20),
        (Result.REJECTED, 15),
        (Result.VOICEMAIL, 5),
    ),
}

CONSENTS = ((True, 88), (False, 6), (None, 6))
OPT_OUT = ("opt_out",)
LETTER = ("name", "balance", "reason", "rights", "dispute_channel", "contact", "seal")


Weighted = tuple[tuple[Any, float], ...]


@cache
def sums(weighted: Weighted) -> list[float]:
    """Running sums of the weights."""
    return list(accumulate(weight for _, weight in weighted))


def pick(rng: random.Random, weighted: Weighted) -> Any:
    """One of these by weight."""
    up_to = sums(weighted)
    return weighted[bisect(up_to, rng.random() * up_to[-1])][0]


def step(case: Case) -> Request | None:
    """The next thing that happens: a request to ask, or None when the person called us instead (and it is logged)."""
    rng = case.rng
    if case.last is None or rng.random() < 0.06:
        case.drive = pick(rng, DRIVES_CN if "cn" in case.places else DRIVES)
        case.mood = rng.choice(MOODS_OF.get(case.drive, tuple(MOODS)))
    move_time(case)
    if rng.random() < 0.02:
        called_us(case)
        return None
    if rng.random() < 0.004:
        moves_away(case)
    case.last = now = aim(case)
    party = now.person.party
    return Request(
        at=case.now.astimezone(case.writes_in),
        places=case.places,
        lender=case.lender,
        actor=now.actor,
        channel=now.channel,
        party=party,
        claims=now.claims,
        point=now.point if rng.random() > 0.01 else None,
        purpose=purpose_for(rng, now.person),
        debtor=now.person.debtor if rng.random() > 0.02 else None,
        holds=case.holds,
        permissions=case.permissions,
        agency=case.agencies.get(now.actor.id) if rng.random() > 0.02 else None,
        visit=visit_for(rng, now.channel) if rng.random() > 0.03 else None,
        message=message_for(rng, case, now.channel) if rng.random() > 0.03 else None,
    )


def moves_away(case: Case) -> None:
    """Somebody is found to be in another zone, or perhaps in several: windows and hours are then those of there."""
    person = case.rng.choice(case.people)
    zones = case.rng.choice(ZONES[" ".join(case.places)])
    person.party = msgspec.structs.replace(person.party, zones=zones)


# --- time ------------------------------------------------------------------------------------------------------------


def move_time(case: Case) -> None:
    """Let time pass, a second or to where a limit turns; never back."""
    rng, now = case.rng, case.now
    where = rng.choice(case.clocks)
    kind = pick(rng, MOVES)
    if case.was_refused and case.drive != "free" and rng.random() < 0.3:
        kind = "roll"
    clock = now.astimezone(where)
    if (
        (clock.hour >= 21 or clock.hour < 8)
        and kind in ("at once", "seconds", "minutes", "hours")
        and rng.random() < 0.75
    ):
        kind = "opening"
    later = now
    if kind == "seconds":
        later = now + timedelta(seconds=rng.randrange(1, 90))
    elif kind == "minutes":
        later = now + timedelta(seconds=rng.randrange(60, 3600))
    elif kind == "hours":
        later = now + timedelta(seconds=rng.randrange(3600, 6 * 3600))
    elif kind == "days":
        later = now + timedelta(seconds=rng.randrange(86400, 4 * 86400))
    elif kind == "boundary":
        later = beside(rng, now, where, rng.choice(EDGES))
    elif kind == "opening":
        later = beside(rng, now, where, time(8))
    elif kind == "roll":
        later = rolling(case, where)
    elif kind == "edge":
        later = ending(case)
    case.now = max(later, now)


def beside(rng: random.Random, now: datetime, where: ZoneInfo, clock: time) -> datetime:
    """Just before, at, or just after the next time the clock there shows this."""
    local = now.astimezone(where)
    at = datetime.combine(local.date(), clock, tzinfo=where)
    if at.astimezone(UTC) <= now:
        at = datetime.combine(local.date() + timedelta(days=1), clock, tzinfo=where)
    return at.astimezone(UTC) + rng.choice(BESIDE)


def rolling(case: Case, where: ZoneInfo) -> datetime:
    """Where a window over an earlier attempt rolls: midnight or morning of its day plus 1, 7, 10 or 30."""
    rng = case.rng
    recent = [each for each in case.attempts[-25:] if each.at > case.now - timedelta(days=31)]
    if not recent:
        return case.now + timedelta(minutes=5)
    seen = rng.choice(recent)
    day = seen.at.astimezone(where).date()
    days = rng.choice((1, 7, 7, 7, 30)) if rng.random() < 0.7 else rng.choice((6, 8, 10, 29))
    at = datetime.combine(day + timedelta(days=days), rng.choice((time(0), time(8), time(8), time(12))), tzinfo=where)
    at = at.astimezone(UTC) + rng.choice(BESIDE)
    if rng.random() < 0.2:
        at = seen.at + timedelta(days=days) + rng.choice(BESIDE)  # exactly so many days, to the second
    return at if at - case.now < timedelta(days=9) else case.now + timedelta(minutes=7)


def ending(case: Case) -> datetime:
    """Beside the beginning or end of a hold or permission."""
    turns = [turn for each in (*case.holds, *case.permissions) for turn in (each.since, each.until) if turn is not None]
    turns += [each.since + timedelta(days=days) for each in case.holds for days in (10, 60)]
    turns += [each.since + timedelta(days=7) for each in case.permissions]
    turns = [turn for turn in turns if case.now < turn < case.now + timedelta(days=6)]
    if not turns:
        return case.now + timedelta(minutes=11)
    return case.rng.choice(turns) + case.rng.choice(BESIDE)


# --- whom, how, about what -------------------------------------------------------------------------------------------


def aim(case: Case) -> Aim:
    """What the present drive asks for; else the same attempt again with one thing changed, or a fresh one."""
    rng = case.rng
    if case.last is None or rng.random() < 0.1:
        case.last = afresh(case)
    was = case.last
    if case.drive == "free":
        return changed(case, was) if rng.random() < 0.85 else afresh(case)
    if case.was_refused and rng.random() < 0.6:
        return changed(case, was)
    person = case.people[0] if rng.random() < 0.9 else was.person
    channel, actor, claims, point = was.channel, was.actor, was.claims, was.point
    if case.drive in ("effective", "talk"):
        channel = rng.choice(TALKS)
    elif case.drive == "notice":
        channel, actor = Channel.VOICE_NOTICE, rng.choice(case.actors)
    elif case.drive == "unanswered":
        channel, actor = rng.choice(CALLS), rng.choice(case.actors)
    elif case.drive == "seven":
        channel = rng.choice(CALLS)
        actor = actor if actor.kind is ActorKind.AGENCY else rng.choice(case.actors)
    elif case.drive == "all channels":
        channel, actor = pick(rng, CHANNELS), rng.choice(case.actors)
    elif case.drive == "others":
        lost = sum(each.party == person.party.id for each in case.attempts[-3:])
        channel = rng.choice(CALLS)
        if lost >= rng.choice((2, 3)) and len(case.people) > 1:
            person = rng.choice(case.people[1:])
    elif case.drive == "visits":
        channel = Channel.VISIT
    if case.drive == "talk" and rng.random() < 0.5:
        claims = about(rng, case)
    if person is not was.person or point.kind not in PLACES_OF[channel] or rng.random() < 0.15:
        point = place(rng, person, channel)
    return Aim(actor, person, point, channel, claims)


def changed(case: Case, was: Aim) -> Aim:
    """The same attempt with one thing changed to start a counter anew: agency, number, channel, claim, person."""
    rng = case.rng
    change = rng.random()
    if change < 0.25:
        return was
    if change < 0.42:
        return replace(was, actor=rng.choice(case.actors))
    if change < 0.56:
        return replace(was, point=place(rng, was.person, was.channel))
    if change < 0.72:
        channel = pick(rng, CHANNELS)
        return replace(was, channel=channel, point=place(rng, was.person, channel))
    if change < 0.86:
        return replace(was, claims=about(rng, case))
    person = rng.choice(case.people)
    return replace(was, person=person, point=place(rng, person, was.channel))


def afresh(case: Case) -> Aim:
    """An attempt that owes nothing to the last."""
    rng = case.rng
    person = case.people[0] if rng.random() < 0.6 else rng.choice(case.people)
    channel = pick(rng, CHANNELS)
    return Aim(rng.choice(case.actors), person, place(rng, person, channel), channel, about(rng, case))


def place(rng: random.Random, person: Person, channel: Channel) -> Point:
    """A number or address of the person that fits the channel."""
    kinds = PLACES_OF[channel]
    kind = rng.choice(kinds)
    return rng.choice([point for point in person.points if point.kind is kind])


def about(rng: random.Random, case: Case) -> tuple[Claim, ...]:
    """One claim mostly, sometimes several."""
    if rng.random() < 0.75:
        return (rng.choice(case.claims),)
    return tuple(rng.sample(case.claims, rng.randrange(1, len(case.claims) + 1)))


def purpose_for(rng: random.Random, person: Person) -> Purpose:
    """The debtor is asked to pay; others are mostly asked where the debtor is."""
    if person.party.role in (Role.CONTACT, Role.SPOUSE):
        return pick(rng, ((Purpose.LOCATE, 70), (Purpose.COLLECT, 16), (Purpose.INFORM, 8), (Purpose.REPLY, 6)))
    return pick(rng, ((Purpose.COLLECT, 86), (Purpose.LOCATE, 4), (Purpose.INFORM, 6), (Purpose.REPLY, 4)))


def message_for(rng: random.Random, case: Case, channel: Channel) -> Message | None:
    """Complete words, now and then with a fault."""
    fault = rng.random()
    if channel in (*CALLS, Channel.VISIT, Channel.INTERVIEW):
        if fault > 0.06:
            return None
        return message(discloses=rng.random() < 0.5, mentions_suit=rng.random() < 0.5)
    contains = LETTER if channel is Channel.LETTER else OPT_OUT
    return message(
        discloses=True if 0.03 < fault < 0.06 else None,
        contains=contains[1:] if fault < 0.03 else contains,
        required_disclosure=0.06 < fault < 0.1,
        electronic_consent=pick(rng, CONSENTS) if case.places != ("cn",) else None,
        mentions_suit=0.1 < fault < 0.14,
    )


@cache
def message(**facts: Any) -> Message:
    """Words of one kind are made once."""
    return Message(**facts)


def visit_for(rng: random.Random, channel: Channel) -> Visit | None:
    """A proper visit, now and then with a fault."""
    if channel not in (Channel.VISIT, Channel.INTERVIEW):
        return None
    return visit(rng.randrange(5) if rng.random() < 0.08 else None)


@cache
def visit(fault: int | None) -> Visit:
    """How a visit would go: well, or with one fact wrong."""
    facts: list[bool | int] = [2, True, True, True, True]
    if fault is not None:
        facts[fault] = 1 if fault == 0 else False
    return Visit(*facts)


# --- what became of it -----------------------------------------------------------------------------------------------


def settle(case: Case, asked: Request, outcome: str, refused_by: tuple[str, ...], warned_by: tuple[str, ...]) -> None:
    """Write the answer to the raw log; make the attempt if it was allowed, with a random result."""
    made = None
    case.was_refused = outcome == "refused"
    if outcome != "refused":
        made = Attempt(
            at=asked.at,
            actor=asked.actor.id,
            channel=asked.channel,
            party=asked.party.id,
            result=result(case, asked),
            point=asked.point.id if asked.point is not None else None,
            claims=named(asked.claims) if case.rng.random() > 0.015 else (),
            with_consent=has_consent(case, asked),
            at_work=asked.point is not None and asked.point.kind is PointKind.WORK,
        )
        case.attempts.append(made)
    case.log.append(Entry(asked, outcome, refused_by, warned_by, made))


def named(claims: tuple[Claim, ...]) -> tuple[str, ...]:
    """How the log names claims: by their own ids and the numbers of their accounts, which several may share."""
    return tuple(dict.fromkeys([claim.id for claim in claims] + [claim.account for claim in claims if claim.account]))


def result(case: Case, asked: Request) -> Result:
    """What became of an attempt, by the mood people are in."""
    rng, channel = case.rng, asked.channel
    if channel in (Channel.SMS, Channel.EMAIL, Channel.IM, Channel.LETTER):
        return rng.choice((Result.SENT, Result.DELIVERED, Result.UNDELIVERABLE))
    stranger = asked.party.role in (Role.CONTACT, Role.SPOUSE) and asked.party.joint_basis is None
    if stranger and rng.random() < 0.4:
        return pick(rng, ((Result.THIRD_PARTY, 9), (Result.THIRD_PARTY_REFUSED, 1)))
    if channel in (Channel.VISIT, Channel.INTERVIEW):
        return rng.choice((Result.NOT_MET, Result.NOT_MET, Result.RIGHT_PARTY, Result.THIRD_PARTY))
    found = pick(rng, MOODS[case.mood])
    if channel is Channel.VOICE_NOTICE and found not in (
        Result.NO_ANSWER,
        Result.BUSY,
        Result.NOT_IN_SERVICE,
        Result.REJECTED,
        Result.VOICEMAIL,
        Result.DROPPED,
    ):
        return Result.CONNECTED
    return found


def has_consent(case: Case, asked: Request) -> bool:
    """Whether the collector would note that the person agreed to more calls: given lately, and no talk since."""
    if asked.channel not in CALLS:
        return False
    for each in case.permissions:
        if each.rule != "us.regf.calls.7in7" or each.kind is not PermissionKind.CONSENT:
            continue
        if not (each.since <= asked.at < min(each.until or asked.at + SECOND, each.since + timedelta(days=7))):
            continue
        if each.party not in (None, asked.party.id) or (each.channels and asked.channel not in each.channels):
            continue
        point = asked.point.id if asked.point is not None else None
        if (each.points and point not in each.points) or each.claims:
            continue
        if any(
            past.at >= each.since and past.party == asked.party.id and past.result is Result.RIGHT_PARTY
            for past in case.attempts
        ):
            continue
        return True
    return False


def called_us(case: Case) -> None:
    """The person calls a collector and mostly talks about a debt."""
    rng = case.rng
    person = case.people[0] if rng.random() < 0.7 else rng.choice(case.people)
    actor = rng.choice([each for each in case.actors if each.kind is not ActorKind.SERVICER])
    made = Attempt(
        at=case.now.astimezone(case.writes_in),
        actor=actor.id,
        channel=rng.choice((Channel.VOICE, Channel.VOICE, Channel.SMS)),
        party=person.party.id,
        result=rng.choice((Result.RIGHT_PARTY, Result.RIGHT_PARTY, Result.CONNECTED)),
        point=person.points[0].id,
        claims=named(about(rng, case)),
        inbound=True,
    )
    case.attempts.append(made)
    case.log.append(Entry(None, "inbound", made=made))
