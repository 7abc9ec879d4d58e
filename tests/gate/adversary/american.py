"""American rules as the checker reads them: Regulation F, the bankruptcy stay, Massachusetts, New York City."""

from __future__ import annotations

from datetime import datetime, timedelta

from mora.gate.terms import Channel, Hold, HoldKind, Purpose, Role

from . import readings as law
from .asked import Asked
from .clocks import NEW_YORK, since_midnight


def hours(asked: Asked) -> bool:
    """12 CFR 1006.6(b)(1): from 8 am to 9 pm wherever the consumer may be."""
    return asked.collector and asked.late(asked.zones("us"), law.OPENS, law.CLOSES)


def full(asked: Asked, instants: list[datetime], limit: int, days: int) -> bool:
    """Whether so many fell within so many days, in one of the zones where the consumer may be."""
    return bool(instants) and any(since_midnight(instants, asked.at, zone, days) >= limit for zone in asked.zones("us"))


def counted(asked: Asked) -> bool:
    """Whether the frequency rules look at this attempt: a collector's call, to anybody but a lawyer."""
    return asked.collector and asked.channel in law.CALLS and asked.request.party.role is not Role.ATTORNEY


def seven_calls(asked: Asked) -> bool:
    """12 CFR 1006.14(b)(2)(i)(A): seven calls about a debt in seven days."""
    if not counted(asked):
        return False
    debts = {asked.past.debt_of[claim.id] for claim in asked.claims}
    many = {d for d in debts if full(asked, asked.past.calls[asked.by, asked.person, d], law.CALLS_IN_SEVEN_DAYS, 7)}
    return bool(many) and not asked.agreed_to_more("us.regf.calls.7in7", many)


def after_conversation(asked: Asked) -> bool:
    """12 CFR 1006.14(b)(2)(i)(B): a conversation about the debt within seven days, its own day the first."""
    if not counted(asked):
        return False
    debts = {asked.past.debt_of[claim.id] for claim in asked.claims}
    recent = {d for d in debts if full(asked, asked.past.talks[asked.by, asked.person, d], 1, 7)}
    return bool(recent) and not asked.agreed_to_more("us.regf.calls.afterconv", recent)


def third_party(asked: Asked) -> bool:
    """12 CFR 1006.6(d)(1): a stranger is only asked where the consumer is, and is told nothing."""
    if not asked.collector or asked.request.party.role is not Role.CONTACT:
        return False
    asks = asked.purpose not in (Purpose.LOCATE, Purpose.REPLY)
    return (asks or asked.discloses) and not asked.set_aside("us.regf.thirdparty", asked.claims)


def inconvenient(asked: Asked) -> bool:
    """12 CFR 1006.6(b) and (c): times, places, employer, attorney; a request to cease counts when written."""
    kinds = (
        HoldKind.INCONVENIENT_TIME,
        HoldKind.INCONVENIENT_PLACE,
        HoldKind.EMPLOYER_FORBIDS,
        HoldKind.REPRESENTED,
        HoldKind.CEASE_REQUESTED,
    )
    return asked.collector and any(
        asked.stopped(hold, asked.everywhere()) and (hold.written or hold.kind is not HoldKind.CEASE_REQUESTED)
        for hold in asked.running(kinds)
    )


def dispute(asked: Asked) -> bool:
    """12 CFR 1006.38: a written dispute stops collection."""
    return asked.collector and asked.collecting and any(h.written for h in asked.running((HoldKind.DISPUTE,)))


def opt_out(asked: Asked) -> bool:
    """12 CFR 1006.6(e): electronic messages say how to opt out."""
    message = asked.request.message
    if not asked.collector or asked.channel not in (Channel.SMS, Channel.EMAIL) or message is None:
        return False
    return message.contains is not None and "opt_out" not in message.contains


def electronic(asked: Asked) -> bool:
    """12 CFR 1006.42: required disclosures go electronically only with consent."""
    message = asked.request.message
    if not asked.collector or asked.channel not in (Channel.SMS, Channel.EMAIL) or message is None:
        return False
    return message.required_disclosure and message.electronic_consent is not True


def time_barred(asked: Asked) -> bool:
    """12 CFR 1006.26(b): no mention of suit on a barred debt."""
    message = asked.request.message
    if not asked.collector or message is None or not message.mentions_suit:
        return False
    day = asked.at.astimezone(NEW_YORK).date()
    return any(claim.barred_from is not None and claim.barred_from <= day for claim in asked.claims)


def bankruptcy(asked: Asked) -> bool:
    """11 USC 362(a)(6): whoever acts; unless a court gave relief."""
    stayed = asked.collecting and any(asked.running((HoldKind.BANKRUPTCY,)))
    return stayed and not asked.set_aside("us.bankruptcy.stay", asked.claims)


NOT_AT_WORK = (HoldKind.NO_WORK_CALLS,)


def still(asked: Asked, hold: Hold) -> bool:
    """Whether a request not to be called at work still holds: ten days by word of mouth, its own day the first."""
    oral = timedelta(days=law.ORAL_WORK_REQUEST_DAYS - 1)
    return hold.written or any(
        asked.at.astimezone(zone).date() <= hold.since.astimezone(zone).date() + oral for zone in asked.zones("us")
    )


def massachusetts(asked: Asked) -> bool:
    """940 CMR 7.04 and 7.05, for calls of persons or robots and for visits."""
    if "us-ma" not in asked.request.places or asked.channel not in law.TALKS | {Channel.VISIT}:
        return False
    if asked.late(asked.zones("us"), law.OPENS, law.CLOSES):
        return True
    if any(asked.stopped(hold, asked.zones("us")) and still(asked, hold) for hold in asked.running(NOT_AT_WORK)):
        return True
    past = asked.past
    if asked.channel is Channel.VISIT:
        counts, limit, days = past.state_visits, law.MASSACHUSETTS_VISITS_30D, 30
    elif asked.at_work:
        counts, limit, days = past.state_work, law.MASSACHUSETTS_WORK_30D, 30
    else:
        counts, limit, days = past.state_home, law.MASSACHUSETTS_HOME_7D, 7
    keys = {past.state_key(asked.person, claim.id) for claim in asked.claims}
    return any(full(asked, counts[key], limit, days) for key in keys)


def new_york_city(asked: Asked) -> bool:
    """The city's rule: three contacts and attempts in seven days, and consent to electronic ones."""
    if "us-ny-nyc" not in asked.request.places or asked.at.astimezone(NEW_YORK).date() < law.NEW_YORK_CITY:
        return False
    message = asked.request.message
    if asked.channel in law.ELECTRONIC and (message is None or message.electronic_consent is not True):
        return True
    keys = {asked.past.city_key(asked.person, claim.id) for claim in asked.claims}
    return any(full(asked, asked.past.city[key], law.NEW_YORK_CITY_7D, 7) for key in keys)


RULES = {
    "us.regf.hours": hours,
    "us.regf.calls.7in7": seven_calls,
    "us.regf.calls.afterconv": after_conversation,
    "us.regf.thirdparty": third_party,
    "us.regf.inconvenient": inconvenient,
    "us.regf.dispute": dispute,
    "us.regf.optout": opt_out,
    "us.regf.electronic": electronic,
    "us.regf.timebarred": time_barred,
    "us.bankruptcy.stay": bankruptcy,
    "us.ma.940cmr7": massachusetts,
    "us.nyc.shield": new_york_city,
}
