"""In this manner? Identity before detail, what a message must hold, electronic consent, how a visit goes.

What a text itself says is read by :mod:`mora.gate.words`; here stand the facts about it that somebody recorded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from mora.core.words import Words
from mora.gate.asking import Ask, Breach, Question
from mora.gate.clauses import Ruling
from mora.gate.terms import Channel, Claim, Effect, Role
from mora.gate.zones import local, start_of_day

_ELECTRONIC = frozenset({Channel.SMS, Channel.EMAIL, Channel.IM})
_FACE_TO_FACE = frozenset({Channel.VOICE, Channel.VOICE_ROBOT, Channel.VISIT, Channel.IM, Channel.INTERVIEW})


def identity_first(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """GB/T 45251-2025, 5.3: who speaks, then whom one speaks to, and only then the debt."""
    if "verify_debtor" in ruling.names("steps"):
        yield from _unidentified(ask)


def _unidentified(ask: Ask) -> Iterator[Breach]:
    if ask.request.channel in _FACE_TO_FACE and ask.discloses and ask.request.party.identified is not True:
        yield Breach(
            Words(
                zh="尚未确认对方身份，不得谈及债务。",
                en="The debt may not be mentioned before it is confirmed who the person is.",
            )
        )


def letter_fields(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """Credit Card Measures art. 69: what a collection letter holds."""
    if ask.request.channel is not Channel.LETTER:
        return
    held = ask.request.message.contains if ask.request.message is not None else None
    if held is None:
        yield Breach(
            Words(
                zh="尚未核对函件是否具备法定内容。",
                en="Nobody has checked that the letter holds what the law asks for.",
            ),
            at_most=Effect.WARN,
        )
        return
    missing = [name for name in ruling.names("required_fields") if name not in held]
    if missing:
        yield Breach(
            Words(zh=f"函件缺少：{'、'.join(missing)}。", en=f"The letter lacks: {', '.join(missing)}."),
            counter=len(missing), limit=0,
        )  # fmt: skip


def opt_out(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """12 CFR 1006.6(e): a way to opt out in every e-mail and text."""
    if not ruling.flag("opt_out_required"):
        return
    held = ask.request.message.contains if ask.request.message is not None else None
    if held is None:
        yield Breach(
            Words(zh="尚未核对是否附有退订方式。", en="Nobody has checked that the message offers a way to opt out."),
            at_most=Effect.WARN,
        )
    elif "opt_out" not in held:
        yield Breach(Words(zh="未附退订方式。", en="The message offers no way to opt out."))


def esign(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """12 CFR 1006.42: a required disclosure goes electronically only with consent under the E-SIGN Act."""
    message = ask.request.message
    if message is None or not message.required_disclosure or not ruling.flag("esign"):
        return
    if message.electronic_consent is not True:
        yield Breach(
            Words(
                zh="法定披露以电子方式送达须有符合电子签名法的同意，未见记录。",
                en="No consent under E-SIGN is recorded for a disclosure the law requires.",
            )
        )


def electronic_consent(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """New York City: electronic contact only with consent."""
    if not ruling.flag("electronic_consent") or ask.request.channel not in _ELECTRONIC:
        return
    message = ask.request.message
    if message is None or message.electronic_consent is not True:
        yield Breach(
            Words(zh="未见对电子联络的同意。", en="No consent to electronic contact is recorded."),
        )


def safe_address(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """12 CFR 1006.6(d)(4)-(5): procedures that keep e-mails and texts from reaching somebody else."""
    point, channel = ask.request.point, ask.request.channel
    zone = ask.zones_for("us")[0]
    today = local(ask.at, zone).date()
    if channel is Channel.EMAIL:
        days = ruling.whole("email_optout_days")
        told = point.notice_sent_on if point is not None else None
        used = point is not None and point.used_by_party_on is not None
        if days is not None and not used and (told is None or today < told + timedelta(days=days)):
            yield Breach(
                Words(
                    zh=f"该邮箱并非消费者所用，亦未在通知并给予{days}日退订期之后。",
                    en=f"The consumer has not used this address, nor are {days} days past since notice with opt-out.",
                ),
                None if told is None else start_of_day(told + timedelta(days=days), zone),
            )
    elif channel is Channel.SMS:
        days = ruling.whole("text_recency_days")
        seen = [] if point is None else [day for day in (point.used_by_party_on, point.checked_on) if day is not None]
        if days is not None and not any(today - timedelta(days=days) <= day <= today for day in seen):
            yield Breach(
                Words(
                    zh=f"{days}日内该号码既未由消费者使用，也未核对是否重新分配。",
                    en=f"Within {days} days the number was neither used by the consumer nor checked for re-assignment.",
                )
            )


def suit_on_barred_debt(ask: Ask, ruling: Ruling, claims: tuple[Claim, ...]) -> Iterator[Breach]:
    """12 CFR 1006.26(b): neither suit nor threat of suit on a debt barred by time."""
    message = ask.request.message
    if ruling.text("suit_if_time_barred") != "block" or message is None or not message.mentions_suit:
        return
    today = ask.day_in("us")
    for claim in claims:
        barred = claim.owed is not None and claim.owed.time_barred is True
        if barred or (claim.barred_from is not None and claim.barred_from <= today):
            yield Breach(
                Words(
                    zh=f"该笔债务（{claim.id}）已过时效，不得以起诉相告。",
                    en=f"This debt ({claim.id}) is barred by time: no suit and no mention of one.",
                )
            )


def visit(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """How many go, what they show, whether it is recorded. A figure the law's text was not found for is not guessed."""
    if ask.request.channel not in (Channel.VISIT, Channel.INTERVIEW):
        return
    plan = ask.request.visit
    least = ruling.whole("min_visitors")
    if ask.request.channel is Channel.VISIT and least is not None and (plan is None or (plan.visitors or 0) < least):
        going = plan.visitors if plan is not None and plan.visitors is not None else None
        yield Breach(
            Words(
                zh=f"外访须至少{least}人同行，现为{'未知' if going is None else going}。",
                en=f"At least {least} go together; it is {'not known how many' if going is None else going}.",
            ),
            counter=going, limit=least, by="min_visitors",
        )  # fmt: skip
    if ruling.flag("show_id") and (plan is None or plan.shows_identity is not True):
        yield Breach(Words(zh="须出示身份证件与授权。", en="Identity and authority are to be shown."), by="show_id")
    if ruling.flag("record_av") and (plan is None or plan.records is not True):
        yield Breach(Words(zh="须全程录音录像。", en="The visit is to be recorded."), by="record_av")
    interview = ask.request.channel is Channel.INTERVIEW
    if interview and ruling.flag("appointment") and (plan is None or plan.appointment_agreed is not True):
        yield Breach(Words(zh="面谈须事先约定。", en="An interview is agreed beforehand."))
    if not interview and ruling.flag("entry_agreed") and plan is not None and plan.entry_agreed is False:
        yield Breach(Words(zh="对方不同意入户。", en="The person does not agree to be visited inside."))


def own_opening(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """The lender's own rule: nothing about the debt before identity, whatever the loan."""
    if ruling.flag("identity_first"):
        yield from _unidentified(ask)


def validation_due(ask: Ask, ruling: Ruling, claims: tuple[Claim, ...]) -> Iterator[Breach]:
    """12 CFR 1006.34: the validation notice goes with the first contact or within days of it."""
    days = ruling.whole("days")
    if days is None or ask.request.party.role in (Role.CONTACT, Role.ATTORNEY):
        return
    for claim in claims:
        if claim.validation_sent_on is None:
            yield Breach(
                Words(
                    zh=f"债务核实通知尚未发出（{claim.id}），应随首次联络或其后{days}日内发出。",
                    en=f"The validation notice ({claim.id}) is still to go, within {days} days of the first contact.",
                ),
                at_most=Effect.NOTE,
            )


QUESTIONS: Mapping[str, Question] = {
    "cn.gbt45251.identity": identity_first,
    "cn.gbt45251.visit": visit,
    "cn.card2011.a69.letter": letter_fields,
    "us.regf.optout": opt_out,
    "us.regf.electronic": esign,
    "us.regf.6d": safe_address,
    "us.regf.timebarred": suit_on_barred_debt,
    "us.regf.validation": validation_due,
    "us.nyc.shield": electronic_consent,
}
