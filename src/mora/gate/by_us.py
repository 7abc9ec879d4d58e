"""By us? Whether the agency, the buyer or the collector may act on these claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from mora.core.dates import add_months
from mora.core.words import Words
from mora.gate.asking import Ask, Breach, Question
from mora.gate.clauses import Ruling
from mora.gate.terms import ActorKind, Claim, Effect, LenderKind, Mode
from mora.gate.zones import OWN_ZONE, start_of_day


def _is_agency(ask: Ask) -> bool:
    return ask.request.actor.kind is ActorKind.AGENCY


def _on(day: date | None, jurisdiction: str) -> datetime | None:
    """When a recorded day that is still to come begins; None when none is recorded."""
    return None if day is None else start_of_day(day, OWN_ZONE[jurisdiction])


def listed(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """CBA guideline 2026: agencies stand on a published list.

    That the debtor is told of an assignment is asked by cn.civil.546: the guideline binds banks, and the buyer is none.
    """
    if not _is_agency(ask) or not ruling.flag("agency_whitelist"):
        return
    agency = ask.request.agency
    if agency is None or agency.listed is None:
        yield Breach(
            Words(zh="未记录该机构是否在公示名单内。", en="It is not recorded whether the agency is on the list."),
            at_most=Effect.WARN,
        )
    elif not agency.listed:
        yield Breach(Words(zh="该机构不在公示名单内。", en="The agency is not on the published list."))


def told_of_outsourcing(ask: Ask, ruling: Ruling, claims: tuple[Claim, ...]) -> Iterator[Breach]:
    """CBIRC Order 2022-9 art. 41: the debtor is told before an agency collects."""
    if not _is_agency(ask) or not ruling.flag("pre_outsourcing_notice"):
        return
    today = ask.day_in("cn")
    for claim in claims:
        told_on = claim.outsourcing_told_on
        if told_on is None or told_on > today:
            yield Breach(
                Words(
                    zh=f"尚未告知债务人将委托外部机构催收（{claim.id}）。",
                    en=f"The debtor has not been told that an agency would collect ({claim.id}).",
                ),
                _on(claim.outsourcing_told_on, "cn"),
            )


def processor_contract(ask: Ask, _: Ruling, __: tuple[Claim, ...]) -> Iterator[Breach]:
    """PIPL art. 21: an agency works under a processing contract."""
    if not _is_agency(ask):
        return
    until = ask.request.agency.contract_until if ask.request.agency is not None else None
    if until is None:
        yield Breach(
            Words(
                zh="未记录个人信息委托处理合同的期限。", en="No data-processing contract with the agency is recorded."
            ),
            at_most=Effect.WARN,
        )
    elif until <= ask.day_in("cn"):
        yield Breach(
            Words(zh=f"委托处理合同已于{until}届满。", en=f"The data-processing contract was over on {until}.")
        )


def lawful_record(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """Internet-loan measures: no agency with a record of violent or unlawful collection."""
    agency = ask.request.agency
    if _is_agency(ask) and ruling.flag("agency_blacklist_check") and agency is not None and agency.unlawful_record:
        yield Breach(
            Words(zh="该机构有违法催收记录。", en="The agency has a record of unlawful collection."),
            by="agency_blacklist_check",
        )


def trained(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """GB/T 45251-2025, 5.2: nobody collects untrained, or with training that lapsed."""
    months = ruling.whole("interval_months")
    if months is None or ask.request.actor.mode is not Mode.PERSON:
        return
    day, today = ask.request.actor.trained_on, ask.day_in("cn")
    if day is None:
        yield Breach(
            Words(zh="未记录该催收人员的培训日期。", en="It is not recorded when this collector was last trained."),
            at_most=Effect.WARN,
        )
    elif day > today:
        yield Breach(
            Words(
                zh=f"该催收人员{day}方受培训，此前不得上岗。",
                en=f"This collector is trained only on {day}, not before.",
            ),
            _on(day, "cn"),
        )
    elif add_months(day, months) < today:
        yield Breach(
            Words(
                zh=f"该催收人员上次培训为{day}，已逾{months}个月。",
                en=f"This collector was last trained on {day}, more than {months} months ago.",
            )
        )


def told_of_assignment(ask: Ask, ruling: Ruling, claims: tuple[Claim, ...]) -> Iterator[Breach]:
    """Civil Code 546: an assignment binds the debtor once notified. Only buyers of claims are in the rule's scope."""
    if not ruling.flag("require_notice"):
        return
    for claim in claims:
        told_on = claim.assignment_notified_on
        if told_on is None or told_on > ask.day_in("cn"):
            yield Breach(
                Words(
                    zh=f"债权转让尚未通知债务人（{claim.id}），对其不发生效力。",
                    en=f"The debtor was not told of the assignment ({claim.id}), which does not bind him or her yet.",
                ),
                _on(claim.assignment_notified_on, "cn"),
            )


def notice_in_form(ask: Ask, ruling: Ruling, claims: tuple[Claim, ...]) -> Iterator[Breach]:
    """Directive (EU) 2021/2167 art. 10(2): after a transfer, a durable notice comes before the first collection."""
    if ask.request.lender.kind is not LenderKind.TRANSFEREE or not ruling.names("fields"):
        return
    for claim in claims:
        given_on = claim.assignment_notice_in_form_on
        if given_on is None or given_on > ask.day_in("eu"):
            yield Breach(
                Words(
                    zh=f"首次催收前未以耐久介质发出转让通知（{claim.id}）。",
                    en=f"The notice in durable form has not been given before the first collection ({claim.id}).",
                ),
                _on(claim.assignment_notice_in_form_on, "eu"),
            )


def placed(ask: Ask, ruling: Ruling, claims: tuple[Claim, ...]) -> Iterator[Breach]:
    """The lender's own rule: an agency works only on claims placed with it."""
    if not _is_agency(ask) or not ruling.flag("only_placed"):
        return
    for claim in claims:
        if ask.request.actor.id not in claim.placed_with:
            yield Breach(
                Words(
                    zh=f"该笔债权（{claim.id}）未委托给此机构。",
                    en=f"This claim ({claim.id}) is not placed with this agency.",
                )
            )


QUESTIONS: Mapping[str, Question] = {
    "cn.cba2026.agency": listed,
    "cn.cbirc2022-9.a41": told_of_outsourcing,
    "cn.pipl.processor": processor_contract,
    "cn.internetloan2020": lawful_record,
    "cn.gbt45251.training": trained,
    "cn.civil.546": told_of_assignment,
    "eu.dir2021-2167.notice": notice_in_form,
}
