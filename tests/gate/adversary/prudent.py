"""The prudent house's own rules as the checker reads them, laid over the law."""

from __future__ import annotations

from mora.gate.terms import ActorKind, Channel, Visit

from . import readings as law
from .asked import Asked
from .chinese import fourth_effective
from .clocks import months_later


def hours(asked: Asked) -> bool:
    """Abroad from 8 am to 9 pm where the person is, whoever calls."""
    abroad = [each for each in asked.laws() if each != "cn"]
    late = any(asked.late(asked.zones(each), law.OPENS, law.CLOSES) for each in abroad)
    return late and not asked.set_aside("house.prudent.hours", asked.claims)


def hours_in_china(asked: Asked) -> bool:
    """From 8 am to 10 pm where the person is, whatever the loan; the law's own hours are Beijing's."""
    late = "cn" in asked.request.places and asked.late(asked.zones("cn"), law.OPENS, law.CLOSES_CN)
    return late and not asked.set_aside("house.prudent.hours.cn", asked.claims)


def calls(asked: Asked) -> bool:
    """Three effective calls a day for the loans of which the national standard does not speak."""
    others = any(law.OTHER_LOANS & set(claim.products) for claim in asked.claims)
    return "cn" in asked.request.places and others and fourth_effective(asked)


def holds(asked: Asked) -> bool:
    """Collecting rests, or all contact but answers."""
    running = asked.running(law.STOPS_ASKING | law.STOPS_CONTACT)
    return any(asked.stopped(hold, asked.everywhere()) for hold in running)


def minors(asked: Asked) -> bool:
    """Nobody under eighteen."""
    born = asked.request.party.born_on
    if born is None:
        return False
    return asked.at.astimezone(asked.everywhere()[0]).date() < months_later(born, 12 * law.ADULT)


def opening(asked: Asked) -> bool:
    """No word of the debt in calls, meetings and chats before it is confirmed whom one speaks to."""
    spoken = asked.channel in law.CALLS | law.MEETINGS | {Channel.IM}
    return spoken and asked.discloses and asked.request.party.identified is not True


def visits(asked: Asked) -> bool:
    """Two visitors, identity, recording; no entry unasked; interviews by appointment. Not recorded is not done."""
    if asked.channel not in law.MEETINGS:
        return False
    visit = asked.request.visit or Visit()
    if visit.shows_identity is not True or visit.records is not True:
        return True
    if asked.channel is Channel.VISIT:
        return visit.visitors is None or visit.visitors < 2 or visit.entry_agreed is False
    return visit.appointment_agreed is not True


def placement(asked: Asked) -> bool:
    """An agency speaks only about claims placed with it."""
    agency = asked.request.actor.kind is ActorKind.AGENCY
    return agency and any(asked.by not in claim.placed_with for claim in asked.claims)


RULES = {
    "house.prudent.hours": hours,
    "house.prudent.hours.cn": hours_in_china,
    "house.prudent.calls": calls,
    "house.prudent.holds": holds,
    "house.prudent.people": minors,
    "house.prudent.opening": opening,
    "house.prudent.visit": visits,
    "house.prudent.placement": placement,
}
