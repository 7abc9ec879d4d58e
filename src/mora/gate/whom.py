"""This person? Who may be asked to pay, who may only be asked where the debtor is, and who may not be reached at all.

docs/algorithms/third-parties.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from mora.core.dates import add_months, whole_months
from mora.core.words import Words
from mora.gate.asking import Ask, Breach, Question
from mora.gate.calls import ANSWERED, UNANSWERED
from mora.gate.clauses import Ruling
from mora.gate.terms import CALLS, Channel, Claim, Counter, Effect, Guarantee, Purpose, Result, Role
from mora.gate.zones import OWN_ZONE, local, start_of_day
from mora.law.duties.cn.guarantee import last_guarantee_day

FAILED = UNANSWERED | {Result.WRONG_PARTY, Result.NOT_MET}
"""Tries in which the debtor was not reached. Messages prove neither and are left out."""
_LOCATED = ANSWERED | {Result.THIRD_PARTY, Result.THIRD_PARTY_REFUSED}
"""The third person was reached, whatever he or she answered."""


def failed_in_a_row(ask: Ask) -> int:
    """How many tries to reach the debtor failed since the debtor was last reached, or last reached us."""
    if ask.request.debtor is None:
        return 0
    count = 0
    for each in reversed(ask.history):
        if each.party != ask.request.debtor.id:
            continue
        if each.inbound or (each.channel in CALLS | {Channel.VISIT, Channel.INTERVIEW} and each.result in ANSWERED):
            break
        if each.channel in CALLS | {Channel.VISIT} and each.result in FAILED:
            count += 1
    return count


def _debtor_is_gone(ask: Ask) -> bool:
    debtor = ask.request.debtor
    return debtor is not None and (debtor.deceased is True or debtor.incapacitated is True)


def _names_the_debt(ask: Ask) -> bool:
    return ask.request.purpose in (Purpose.COLLECT, Purpose.INFORM) or ask.discloses


def only_who_is_liable(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """GB/T 45251-2025, 5.3: a contact is reached only when the debtor cannot be, without naming the debt."""
    if not ask.third_party or ask.request.purpose is Purpose.REPLY:
        return
    terms = ruling.part("third_party")
    if _names_the_debt(ask):
        yield Breach(
            Words(
                zh="对方不是债务人或负有责任的担保人，不得向其催收或透露债务。",
                en="This person neither owes nor guarantees the debt: no collecting from, no disclosing to him or her.",
            )
        )
    allowed_if = terms.get("allowed_if")
    reasons = allowed_if if isinstance(allowed_if, tuple) else ()
    debtor = ask.request.debtor
    held = (
        ("debtor_unreachable" in reasons and _unreachable(ask, ruling))
        or ("debtor_deceased" in reasons and debtor is not None and debtor.deceased is True)
        or ("debtor_incapacitated" in reasons and debtor is not None and debtor.incapacitated is True)
    )
    if not held:
        yield Breach(
            Words(
                zh="债务人并非失联、死亡或丧失行为能力，不得联络联系人。",
                en="The debtor is not known to be unreachable, dead or without capacity: no contact is reached.",
            ),
            _lost_later(ask) if "debtor_unreachable" in reasons else None,
        )
    if terms.get("stop_on_refusal") is True and _refused(ask):
        yield Breach(
            Words(zh="该联系人已拒绝，不得再次联络。", en="This contact has refused and may not be reached again.")
        )


def _refused(ask: Ask) -> bool:
    return any(each.party == ask.request.party.id and each.result is Result.THIRD_PARTY_REFUSED for each in ask.history)


def _unreachable(ask: Ask, ruling: Ruling) -> bool:
    """Lost contact as the banks' guideline defines it; the national standard gives no definition of its own."""
    definition = ask.clauses.of("cn.cba2026.contacts.unreachable", ask.day_in("cn"))
    if ask.request.debtor is not None and ask.request.debtor.points_invalid is True:
        return True
    limit = definition.part("lost_contact").get("consecutive_failed_attempts") if definition is not None else None
    if not isinstance(limit, int):
        return False
    count = failed_in_a_row(ask)
    ask.counters.append(
        Counter(ruling.id, "failed_in_a_row", count, limit, ask.request.debtor.id if ask.request.debtor else "")
    )
    return count >= limit


def _lost_later(ask: Ask) -> datetime | None:
    """When a definition of lost contact that is not in force yet will hold the debtor for lost."""
    today, count = ask.day_in("cn"), failed_in_a_row(ask)
    for ruling in ask.clauses.later("cn.cba2026.contacts.unreachable", today):
        limit = ruling.part("lost_contact").get("consecutive_failed_attempts")
        if isinstance(limit, int) and count >= limit and ruling.version.start is not None:
            return start_of_day(ruling.version.start, OWN_ZONE["cn"])
    return None


def only_when_lost(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """CBA guideline 2026: third persons only when the debtor is lost; a stranger to the debt only to locate."""
    if not ask.third_party or ask.request.purpose is Purpose.REPLY:
        return
    volunteer = ask.request.party.volunteers and ruling.part("unrelated").get("exception") == "volunteers_to_pay"
    if _names_the_debt(ask) and not volunteer:
        yield Breach(
            Words(
                zh="对无关第三人仅可询问联系方式或请其转告，不得透露债务或催收。",
                en="A third person may only be asked where the debtor is or to pass on a message; no more.",
            )
        )
    if not (_unreachable(ask, ruling) or _debtor_is_gone(ask) or volunteer):
        count = failed_in_a_row(ask)
        limit = ruling.part("lost_contact").get("consecutive_failed_attempts")
        yield Breach(
            Words(
                zh=f"债务人尚未失联（连续失败{count}次，须满{limit}次或号码失效）。",
                en=f"The debtor is not lost yet ({count} failed tries in a row; {limit} are needed, or dead numbers).",
            ),
            counter=count, limit=limit if isinstance(limit, int) else None,
        )  # fmt: skip


def no_third_party(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """Rules that forbid collecting from anybody unconnected with the debt."""
    if ruling.text("third_party") != "prohibited" or not ask.third_party or ask.request.purpose is Purpose.REPLY:
        return
    if _names_the_debt(ask):
        yield Breach(
            Words(zh="不得向与债务无关的第三人催收。", en="Nobody unconnected with the debt may be asked for it."),
            by="third_party",
        )


def spouse(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """Civil Code 1064: a spouse owes only joint debts."""
    party = ask.request.party
    if party.role is not Role.SPOUSE or ask.request.purpose is not Purpose.COLLECT:
        return
    if party.joint_basis not in ruling.names("joint_if"):
        yield Breach(
            Words(
                zh="未见夫妻共同债务的依据（共同签名、事后追认、家庭日常生活或证明用于共同生活），不得向配偶催收。",
                en="No basis for a joint debt is recorded (both agreed, ratified, household need, proven common use): "
                "the spouse may not be asked to pay.",
            )
        )


def heir(ask: Ask, ruling: Ruling, claims: tuple[Claim, ...]) -> Iterator[Breach]:
    """Civil Code 1161: an heir pays within what he or she took, and nothing after renouncing."""
    party = ask.request.party
    if (
        party.role is not Role.HEIR
        or ask.request.purpose is not Purpose.COLLECT
        or ruling.text("cap") != "estate_value"
    ):
        return
    estate = party.estate
    if estate is not None and estate.renounced is True:
        yield Breach(Words(zh="该继承人已放弃继承，不承担清偿责任。", en="This heir has renounced and owes nothing."))
        return
    asked = _asked(claims)
    if estate is None or estate.value_minor is None or asked is None:
        yield Breach(
            Words(
                zh="所得遗产的实际价值或所催金额不明；清偿以该价值为限。",
                en="What the heir took, or what is asked, is not known; he or she owes no more than the value taken.",
            ),
            at_most=Effect.WARN,
        )
    elif asked > estate.value_minor:
        yield Breach(
            Words(
                zh="所催金额超过该继承人所得遗产的实际价值，只能在该价值内催收。",
                en="More is asked than the heir took; only up to that value may be asked for.",
            ),
            counter=asked, limit=estate.value_minor,
        )  # fmt: skip


def guarantor(ask: Ask, ruling: Ruling, claims: tuple[Claim, ...]) -> Iterator[Breach]:
    """Civil Code 692-693: a guarantor who was not claimed against within the guarantee period is free."""
    party = ask.request.party
    if (
        party.role is not Role.GUARANTOR
        or ask.request.purpose is not Purpose.COLLECT
        or ruling.text("else") != "released"
    ):
        return
    guarantee = party.guarantee
    last = _last_day(ask, guarantee)
    if guarantee is None or last is None:
        yield Breach(
            Words(
                zh="保证期间不明，无法确认保证责任是否仍在。",
                en="The guarantee period is not known, nor whether the guarantor is still bound.",
            ),
            at_most=Effect.WARN,
        )
        return
    if (guarantee.claimed_on or ask.day_in("cn")) > last:
        yield Breach(
            Words(
                zh=f"保证期间至{last}届满，期间内未依法主张，保证人不再承担保证责任。",
                en=f"The guarantee period ended on {last} without the claim the law asks for: the guarantor is free.",
            )
        )
    asked = _asked(claims)
    if guarantee.limit_minor is None:
        return
    if asked is None:
        yield Breach(
            Words(
                zh="所催金额不明，无法确认是否在保证限额之内。",
                en="What is asked is not known, nor whether the guarantee covers it.",
            ),
            at_most=Effect.WARN,
        )
    elif asked > guarantee.limit_minor:
        yield Breach(
            Words(zh="所催金额超过保证责任的限额。", en="More is asked than the guarantee covers."),
            counter=asked, limit=guarantee.limit_minor,
        )  # fmt: skip


def _asked(claims: tuple[Claim, ...]) -> int | None:
    """What is asked for in all, in minor units; None when one of the amounts is not known."""
    amounts = [claim.amount_minor for claim in claims if claim.amount_minor is not None]
    return sum(amounts) if len(amounts) == len(claims) else None


def _last_day(ask: Ask, guarantee: Guarantee | None) -> date | None:
    """Last day of the guarantee period, as the duties reckon it; None when it is not known."""
    if guarantee is None:
        return None
    agreed = guarantee.period_until
    last = last_guarantee_day(
        ask.clauses.law, guarantee.debt_due_on, None if agreed is None else agreed - timedelta(days=1)
    )
    return None if last is None else last.day


def days_of_guarantee(ask: Ask) -> tuple[date, ...]:
    """Days whose law the end of a guarantee period is read by: when the debt fell due, and its last day."""
    guarantee = ask.request.party.guarantee
    last = _last_day(ask, guarantee)
    known = (None if guarantee is None else guarantee.debt_due_on, last)
    return tuple(day for day in known if day is not None)


def consumer_only(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """12 CFR 1006.6(d)(1), 1006.10: nobody but the consumer, except to learn where the consumer is."""
    if ask.request.party.role is not Role.CONTACT or ask.request.purpose is Purpose.REPLY:
        return
    if _names_the_debt(ask):
        yield Breach(
            Words(
                zh="除消费者本人及其配偶、监护人、遗产管理人、律师等外，不得与他人谈及债务。",
                en="The debt may not be spoken of with anybody but the consumer, the spouse, a guardian, the executor "
                "or the attorney.",
            )
        )
        return
    limit = ruling.whole("max_location_contacts")
    asked = sum(
        each.party == ask.request.party.id and not each.inbound and each.result in _LOCATED for each in ask.history
    )
    if limit is not None and asked >= limit:
        yield Breach(
            Words(
                zh=f"已为查询下落联络过此人{asked}次。",
                en=f"This person was already asked {asked} times where the consumer is.",
            ),
            counter=asked, limit=limit, by="max_location_contacts",
        )  # fmt: skip


def of_age(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """The lender's own rule: minors are not contacted; their guardian is."""
    born, least = ask.request.party.born_on, ruling.whole("min_age")
    if born is None or least is None:
        return
    zone = OWN_ZONE[ask.request.places[0][:2]]
    age = whole_months(born, local(ask.at, zone).date()) // 12
    if age < least:
        yield Breach(
            Words(zh=f"对方未满{least}周岁，应联络其监护人。", en=f"Under {least} years: speak to the guardian."),
            start_of_day(add_months(born, 12 * least), zone), age, least,
        )  # fmt: skip


QUESTIONS: Mapping[str, Question] = {
    "cn.gbt45251.contacts": only_who_is_liable,
    "cn.cba2026.contacts.unreachable": only_when_lost,
    "cn.card2011.a68": no_third_party,
    "cn.cfc2024.collection": no_third_party,
    "cn.internetloan2020": no_third_party,
    "cn.civil.1064": spouse,
    "cn.civil.1161": heir,
    "cn.civil.693": guarantor,
    "us.regf.thirdparty": consumer_only,
}
