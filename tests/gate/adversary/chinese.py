"""China's rules as the checker reads them: each answers whether this attempt would break it."""

from __future__ import annotations

from datetime import timedelta

from mora.gate.terms import ActorKind, Channel, HoldKind, LenderKind, Mode, Purpose, Role

from . import readings as law
from .asked import Asked, told
from .clocks import BEIJING, months_later, since_midnight, working_day_from


def night(asked: Asked) -> bool:
    """From 22:00 to 08:00 in Beijing."""
    return asked.late((BEIJING,), law.OPENS, law.CLOSES_CN)


def standard_hours(asked: Asked) -> bool:
    """GB/T 45251-2025, 5.3, and the NIFA guideline before it; unless agreed otherwise."""
    rule = "cn.gbt45251.hours"
    return bool(asked.consumer) and asked.day >= law.NIFA and night(asked) and not asked.set_aside(rule, asked.consumer)


def bankers_hours(asked: Asked) -> bool:
    """The bankers' guideline of 2026; unless the debtor consents."""
    return asked.bankers and night(asked) and not asked.set_aside("cn.cba2026.hours", asked.consumer)


def effective_calls(asked: Asked) -> bool:
    """This collector already had three effective calls with the person today."""
    return asked.standard and fourth_effective(asked)


def fourth_effective(asked: Asked) -> bool:
    """Whether a call of a person or robot would follow three effective ones of this collector."""
    calls = asked.past.effective[asked.by, asked.person]
    return asked.channel in law.TALKS and since_midnight(calls, asked.at, BEIJING, 1) >= law.EFFECTIVE_CALLS_A_DAY


def notices(asked: Asked) -> bool:
    """Three one-way calls were played to the person today, by everybody together."""
    if asked.channel is not Channel.VOICE_NOTICE or not asked.consumer or asked.day < law.NIFA:
        return False
    return since_midnight(asked.past.notices[(asked.person,)], asked.at, BEIJING, 1) >= law.NOTICES_A_DAY


def seventh_unanswered(asked: Asked) -> bool:
    """Six calls to this number went unanswered today; this one only warns."""
    point = asked.request.point
    chinese = "cn" in asked.request.places
    if not chinese or not asked.bankers or asked.channel not in law.CALLS or point is None:
        return False
    many = since_midnight(asked.past.unanswered[asked.person, point.id], asked.at, BEIJING, 1) >= law.UNANSWERED_A_DAY
    return many and not asked.set_aside("cn.cba2026.freq.unanswered", asked.consumer)


def debtor_lost(asked: Asked) -> bool:
    """The debtor is unreachable, dead or without capacity; failed tries count since the bankers' guideline says so."""
    debtor = asked.request.debtor
    if debtor is None:
        return False
    tried = asked.day >= law.BANKERS and asked.past.failed_in_a_row[debtor.id] >= law.FAILED_TRIES
    return bool(debtor.points_invalid or debtor.deceased or debtor.incapacitated or tried)


def beyond_locating(asked: Asked) -> bool:
    """A stranger to the debt is told of it, asked for it, or looked up though the debtor is not lost."""
    if not asked.stranger:
        return False
    if asked.discloses:
        return True
    return asked.purpose is not Purpose.REPLY and (asked.purpose is not Purpose.LOCATE or not debtor_lost(asked))


def contacts(asked: Asked) -> bool:
    """GB/T 45251-2025, 5.3: contacts only to find a lost debtor, without disclosure, never after a refusal."""
    refused = asked.stranger and asked.purpose is not Purpose.REPLY and asked.person in asked.past.asked_to_stop
    return asked.standard and (refused or beyond_locating(asked))


def third_persons(asked: Asked) -> bool:
    """The bankers' guideline: the same, but a stranger who offers to pay may be spoken to."""
    return asked.bankers and not asked.request.party.volunteers and beyond_locating(asked)


def asks_stranger(asked: Asked) -> bool:
    """A stranger to the debt is asked for it or told of it."""
    return asked.stranger and (asked.discloses or asked.purpose in (Purpose.COLLECT, Purpose.INFORM))


def cardholder_only(asked: Asked) -> bool:
    """Card measures, article 68."""
    return bool(asked.cards) and asks_stranger(asked)


def consumer_finance(asked: Asked) -> bool:
    """Measures on consumer-finance companies: nobody unrelated is asked."""
    company = asked.request.lender.kind is LenderKind.CONSUMER_FINANCE
    return company and bool(asked.consumer) and asks_stranger(asked)


def spouse(asked: Asked) -> bool:
    """Civil Code 1064."""
    party = asked.request.party
    return party.role is Role.SPOUSE and party.joint_basis is None and asked.purpose is Purpose.COLLECT


def guarantor_released(asked: Asked) -> bool:
    """Civil Code 692 and 693: the period ran out and neither guarantor nor (general) debtor was pursued within it."""
    guarantee = asked.request.party.guarantee
    if asked.request.party.role is not Role.GUARANTOR or guarantee is None or asked.purpose is not Purpose.COLLECT:
        return False
    due, over = guarantee.debt_due_on, guarantee.period_until
    last = None if over is None else over - timedelta(days=1)
    if due is not None and (last is None or last <= due):
        last = months_later(due, law.GUARANTEE_MONTHS)
    if last is None:
        return False
    last = working_day_from(last)
    return asked.day > last and (guarantee.claimed_on is None or guarantee.claimed_on > last)


def heir(asked: Asked) -> bool:
    """Civil Code 1161: no more than the estate, and nothing of one who gave it up."""
    estate = asked.request.party.estate
    if asked.request.party.role is not Role.HEIR or estate is None or asked.purpose is not Purpose.COLLECT:
        return False
    most = estate.value_minor
    return bool(estate.renounced) or (most is not None and sum(each.amount_minor or 0 for each in asked.claims) > most)


def card_letter(asked: Asked) -> bool:
    """Card measures, article 69."""
    message = asked.request.message
    if asked.channel is not Channel.LETTER or not asked.cards or message is None or message.contains is None:
        return False
    return not set(message.contains) >= law.CARD_LETTER


def card_plan(asked: Asked) -> bool:
    """Card measures, article 70: an agreed plan pauses collection."""
    return asked.collecting and any(asked.running((HoldKind.PLAN_IN_FORCE,), asked.cards))


def training(asked: Asked) -> bool:
    """Trained within twelve months, the day itself included; machines are not trained."""
    actor = asked.request.actor
    if not asked.standard or actor.mode is not Mode.PERSON or actor.trained_on is None:
        return False
    return asked.day > months_later(actor.trained_on, 12)


def agency_listed(asked: Asked) -> bool:
    """The bankers' guideline: agencies stand on the published list."""
    agency = asked.request.agency
    outside = asked.request.actor.kind is ActorKind.AGENCY
    return asked.bankers and outside and agency is not None and agency.listed is False


def agency_contract(asked: Asked) -> bool:
    """Personal Information Protection Law 21: no processing after the contract."""
    agency = asked.request.agency
    if asked.request.actor.kind is not ActorKind.AGENCY or agency is None or agency.contract_until is None:
        return False
    return asked.day >= agency.contract_until


def outsourcing_told(asked: Asked) -> bool:
    """CBIRC Order 2022-9, article 41."""
    if asked.request.actor.kind is not ActorKind.AGENCY:
        return False
    if asked.request.lender.kind not in (LenderKind.BANK, LenderKind.INSURER):
        return False
    return any(not told(claim.outsourcing_told_on, asked.day) for claim in asked.claims)


def assignment_told(asked: Asked) -> bool:
    """Civil Code 546: no demand before the debtor was told of the assignment; to tell it is no demand."""
    if not asked.sold or asked.purpose is not Purpose.COLLECT:
        return False
    return any(not told(claim.assignment_notified_on, asked.day) for claim in asked.claims)


RULES = {
    "cn.gbt45251.hours": standard_hours,
    "cn.cba2026.hours": bankers_hours,
    "cn.gbt45251.freq.voice": effective_calls,
    "cn.gbt45251.freq.notice": notices,
    "cn.gbt45251.contacts": contacts,
    "cn.cba2026.contacts.unreachable": third_persons,
    "cn.card2011.a68": cardholder_only,
    "cn.card2011.a69.letter": card_letter,
    "cn.card2011.a70.instalment": card_plan,
    "cn.cfc2024.collection": consumer_finance,
    "cn.civil.1064": spouse,
    "cn.civil.693": guarantor_released,
    "cn.civil.1161": heir,
    "cn.civil.546": assignment_told,
    "cn.gbt45251.training": training,
    "cn.cba2026.agency": agency_listed,
    "cn.pipl.processor": agency_contract,
    "cn.cbirc2022-9.a41": outsourcing_told,
}
