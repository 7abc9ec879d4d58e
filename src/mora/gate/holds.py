"""Does contact rest? Disputes, representation, bankruptcy, breathing space, refusals and requests, by whose rule.

A hold stops collecting and locating. Telling what must be told (``inform``) goes on under most of them, and answering
the person (``reply``) under all. Where no law speaks about a kind of hold, the lender's own rule does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from functools import lru_cache

from mora.core.words import Words
from mora.gate.asking import Ask, Breach, Question
from mora.gate.clauses import Ruling
from mora.gate.terms import Claim, Counter, Effect, Hold, HoldKind, PointKind, Purpose, Role
from mora.gate.zones import inside, local, next_outside, start_of_day

_NAMES: Mapping[HoldKind, Words] = {
    HoldKind.DISPUTE: Words(zh="债务有异议尚未处理", en="the debt is disputed"),
    HoldKind.COMPLAINT: Words(zh="投诉尚未办结", en="a complaint is open"),
    HoldKind.HARDSHIP: Words(zh="困难申请审核中", en="hardship is under review"),
    HoldKind.PLAN_BEING_MADE: Words(zh="还款安排制订中", en="a plan is being made"),
    HoldKind.PLAN_IN_FORCE: Words(zh="还款安排履行中", en="a plan is in force and kept"),
    HoldKind.REPRESENTED: Words(zh="对方已委托律师或顾问", en="the person is represented"),
    HoldKind.BANKRUPTCY: Words(zh="已进入破产程序", en="bankruptcy is filed"),
    HoldKind.DEATH: Words(zh="债务人已死亡", en="the person has died"),
    HoldKind.BREATHING_SPACE: Words(zh="处于债务喘息期", en="breathing space runs"),
    HoldKind.BREATHING_SPACE_CRISIS: Words(zh="处于精神健康危机喘息期", en="mental-health breathing space runs"),
    HoldKind.MILITARY: Words(zh="对方在服役", en="the person is in military service"),
    HoldKind.VULNERABLE: Words(zh="对方为弱势客户", en="the person is vulnerable"),
    HoldKind.CEASE_REQUESTED: Words(zh="对方书面要求停止联络", en="the person asked that contact stops"),
    HoldKind.OPTED_OUT: Words(zh="对方拒绝此渠道或此联系方式", en="the person refused this channel or contact point"),
    HoldKind.INCONVENIENT_TIME: Words(zh="对方表示此时段不便", en="the person called these hours inconvenient"),
    HoldKind.INCONVENIENT_PLACE: Words(zh="对方表示此处不便", en="the person called this place inconvenient"),
    HoldKind.EMPLOYER_FORBIDS: Words(zh="雇主不允许工作场所来电", en="the employer forbids such calls at work"),
    HoldKind.NO_WORK_CALLS: Words(zh="对方要求勿致电工作单位", en="the person asked not to be called at work"),
    HoldKind.BARRED_STATED: Words(
        zh="对方以时效已过为由表示不再偿还", en="the person said he or she will not pay a barred debt"
    ),
    HoldKind.FRAUD: Words(zh="对方称债务系他人冒名所借", en="the person says somebody else made the debt"),
}

_AT_WORK = frozenset({HoldKind.EMPLOYER_FORBIDS, HoldKind.NO_WORK_CALLS})
_ALSO_INFORM = frozenset(
    {
        HoldKind.OPTED_OUT, HoldKind.INCONVENIENT_TIME, HoldKind.INCONVENIENT_PLACE, HoldKind.REPRESENTED,
        HoldKind.BREATHING_SPACE, HoldKind.BREATHING_SPACE_CRISIS, *_AT_WORK,
    }
)  # fmt: skip
"""Holds about the way of reaching somebody: what must be told is told in another way."""
_REGULATION_F = {
    "time": HoldKind.INCONVENIENT_TIME,
    "place": HoldKind.INCONVENIENT_PLACE,
    "employer": HoldKind.EMPLOYER_FORBIDS,
    "attorney": HoldKind.REPRESENTED,
    "cease_request": HoldKind.CEASE_REQUESTED,
}
_REASONABLE_REQUESTS = (
    HoldKind.OPTED_OUT, HoldKind.INCONVENIENT_TIME, HoldKind.INCONVENIENT_PLACE, HoldKind.NO_WORK_CALLS,
    HoldKind.EMPLOYER_FORBIDS, HoldKind.CEASE_REQUESTED,
)  # fmt: skip


def _stops(ask: Ask, hold: Hold) -> bool:
    """Whether a hold that runs concerns a contact for this purpose, with this person, at this place and hour."""
    purpose = ask.request.purpose
    if purpose is Purpose.REPLY or (purpose is Purpose.INFORM and hold.kind not in _ALSO_INFORM):
        return False
    if hold.kind is HoldKind.REPRESENTED and ask.request.party.role is Role.ATTORNEY:
        return False
    if hold.kind in _AT_WORK and (ask.request.point is None or ask.request.point.kind is not PointKind.WORK):
        return False
    hours = _hours(hold)
    return hours is None or any(inside(local(ask.at, name).time(), hours) for name in _zones(ask))


def _hours(hold: Hold) -> tuple[time, time] | None:
    return None if hold.hours is None else (time.fromisoformat(hold.hours[0]), time.fromisoformat(hold.hours[1]))


def _zones(ask: Ask) -> tuple[str, ...]:
    return ask.zones_among()


def _ends(ask: Ask, hold: Hold, *ends: datetime | None) -> datetime | None:
    """When it stops concerning this contact, by waiting alone: at an end given, or when its hours are over."""
    hours = _hours(hold)
    later = None if hours is None else next_outside(ask.at, hours, _zones(ask))
    return min((end for end in (later, *ends) if end is not None), default=None)


def _rests(ask: Ask, ruling: Ruling, kinds: tuple[HoldKind, ...], at_most: Effect | None = None) -> Iterator[Breach]:
    for hold in ask.holds(*kinds):
        if _stops(ask, hold):
            ends = _ends(ask, hold, hold.until)
            ask.counters.append(Counter(ruling.id, f"hold:{hold.kind}", 1, 0, ask.request.party.id, hold.since, ends))
            name = _NAMES[hold.kind]
            yield Breach(
                Words(
                    zh=f"{name.zh}（自{ask.shown(hold.since):%Y-%m-%d}起），此间停止联络。",
                    en=f"Contact rests since {ask.shown(hold.since):%Y-%m-%d}: {name.en}.",
                ),
                ends, at_most=at_most,
            )  # fmt: skip


def regulation_f(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """12 CFR 1006.6(b)-(c): what the consumer called inconvenient, the employer, the attorney, the written refusal."""
    kinds = tuple(_REGULATION_F[name] for name in ruling.names("respect") if name in _REGULATION_F)
    yield from _rests(ask, ruling, tuple(kind for kind in kinds if kind is not HoldKind.CEASE_REQUESTED))
    if HoldKind.CEASE_REQUESTED in kinds:
        for hold in ask.holds(HoldKind.CEASE_REQUESTED):
            if hold.written and _stops(ask, hold):
                yield Breach(
                    Words(
                        zh=f"消费者已于{ask.shown(hold.since):%Y-%m-%d}书面要求停止联络。",
                        en=f"The consumer asked in writing on {ask.shown(hold.since):%Y-%m-%d} that contact stops.",
                    ),
                    _ends(ask, hold, hold.until),
                )


def disputed(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """12 CFR 1006.38: a written dispute stops collection until the answer is sent."""
    if ruling.text("cease_until") != "verification_sent":
        return
    for hold in ask.holds(HoldKind.DISPUTE):
        if hold.written and _stops(ask, hold):
            day = ask.shown(hold.since).date()
            yield Breach(
                Words(
                    zh=f"消费者已于{day}书面提出异议，答复发出前停止催收。",
                    en=f"Disputed in writing on {day}: collection stops until the answer is sent.",
                ),
                _ends(ask, hold, hold.until),
            )


def refused_medium(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """12 CFR 1006.14(h): a medium the consumer asked not to be used."""
    if ruling.flag("respect_medium_optout"):
        yield from _rests(ask, ruling, (HoldKind.OPTED_OUT,))


def reasonable_requests(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """CONC 7.9.4R: the customer's reasonable requests are respected."""
    if ruling.flag("respect_requests"):
        yield from _rests(ask, ruling, _REASONABLE_REQUESTS)


def automatic_stay(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """11 USC 362(a)(6): no act to collect a claim that arose before the filing."""
    yield from _rests(ask, ruling, (HoldKind.BANKRUPTCY,))


def breathing_space(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """SI 2020/1311: sixty days without contact. Whether the first day counts is not verified: the 61st only warns."""
    days = ruling.whole("days")
    if days is None or "contact" not in ruling.names("block"):
        return
    for hold in ask.holds(HoldKind.BREATHING_SPACE):
        begun = local(hold.since, "Europe/London").date()
        over = start_of_day(begun + timedelta(days=days), "Europe/London")
        doubtful = start_of_day(begun + timedelta(days=days + 1), "Europe/London")
        ends = over if hold.until is None else min(over, hold.until)
        if not _stops(ask, hold) or (ask.at >= ends and (hold.until is not None or ask.at >= doubtful)):
            continue
        yield Breach(
            Words(
                zh=f"债务喘息期自{begun}起共{days}日，期间不得联络。",
                en=f"Breathing space of {days} days from {begun}: no contact.",
            ),
            _ends(ask, hold, ends if ask.at < ends else doubtful),
            at_most=None if ask.at < ends else Effect.WARN,
        )


def crisis(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """SI 2020/1311: as long as the treatment (the hold's own end) and the days after it."""
    tail = ruling.whole("tail_days")
    if tail is None:
        return
    for hold in ask.request.holds:
        if hold.kind is not HoldKind.BREATHING_SPACE_CRISIS or hold.since > ask.at or not ask.is_about(hold):
            continue
        ends = None
        if hold.until is not None:
            last = local(hold.until, "Europe/London").date() + timedelta(days=tail)
            ends = start_of_day(last + timedelta(days=1), "Europe/London")
        if (ends is None or ask.at < ends) and _stops(ask, hold):
            yield Breach(
                Words(
                    zh=f"精神健康危机喘息期至治疗结束后{tail}日，期间不得联络。",
                    en=f"Mental-health breathing space, until {tail} days after treatment ends: no contact.",
                ),
                _ends(ask, hold, ends),
            )


def plan_being_made(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """CONC 7.3: pursuit is suspended for a while when the customer is working out a plan."""
    days = ruling.whole("breathing_days")
    if days is None:
        return
    for hold in ask.holds(HoldKind.PLAN_BEING_MADE):
        ends = start_of_day(local(hold.since, "Europe/London").date() + timedelta(days=days), "Europe/London")
        if ask.at < ends and _stops(ask, hold):
            yield Breach(
                Words(
                    zh=f"客户正在制订还款安排，{days}日内暂停催收。",
                    en=f"The customer is working out a plan: collection pauses for {days} days.",
                ),
                _ends(ask, hold, ends, hold.until),
            )


def barred_stated(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """CONC 7.15: no more demands once the customer says he or she will not pay because the debt is barred."""
    if ruling.flag("stop_after_statement"):
        yield from _rests(ask, ruling, (HoldKind.BARRED_STATED,))


def card_agreement(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """Credit Card Measures art. 70: collection stops once a personalised agreement is made, unless it is broken."""
    if ruling.flag("pause_collection"):
        yield from _rests(ask, ruling, (HoldKind.PLAN_IN_FORCE,))


def oral_at_work(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """940 CMR 7.04: a request by word of mouth not to be called at work holds for ten days."""
    days = ruling.whole("work_oral_days")
    if days is None:
        return
    for hold in ask.holds(HoldKind.NO_WORK_CALLS):
        if not _stops(ask, hold):
            continue
        ends = max(
            start_of_day(local(hold.since, name).date() + timedelta(days=days), name) for name in ask.zones_for("us")
        )
        if hold.written or ask.at < ends:
            yield Breach(
                Words(zh="对方要求勿致电工作单位。", en="The person asked not to be called at work."),
                _ends(ask, hold, hold.until, None if hold.written else ends),
            )


def own_holds(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """The lender's own rule on kinds of holds: some refuse, some warn."""
    yield from _rests(ask, ruling, _kinds(ruling.names("refuse")))
    yield from _rests(ask, ruling, _kinds(ruling.names("warn")), at_most=Effect.WARN)


@lru_cache(maxsize=256)
def _kinds(names: tuple[str, ...]) -> tuple[HoldKind, ...]:
    return tuple(HoldKind(name) for name in names)


QUESTIONS: Mapping[str, Question] = {
    "us.regf.inconvenient": regulation_f,
    "us.regf.dispute": disputed,
    "us.regf.medium": refused_medium,
    "us.bankruptcy.stay": automatic_stay,
    "us.ma.940cmr7": oral_at_work,
    "uk.conc7.9": reasonable_requests,
    "uk.conc7.3": plan_being_made,
    "uk.conc7.15": barred_stated,
    "uk.breathing": breathing_space,
    "uk.breathing.mh": crisis,
    "cn.card2011.a70.instalment": card_agreement,
}
