"""By when must the validation notice go, and when does the validation period end? 12 CFR 1006.34."""

from __future__ import annotations

from datetime import date

from mora.core.public_holidays import UnitedStatesCalendar
from mora.core.words import Words
from mora.law.duties.counting import business_days_after, days_after
from mora.law.duties.numbers import ruling
from mora.law.duties.standing import duty
from mora.law.duties.terms import Duty, Kind
from mora.law.duties.us.facts import CollectionAccount
from mora.law.library import Law

_KIND = UnitedStatesCalendar(observed=True)
"""The day a holiday is observed is left out too: the longer time for the consumer."""


def validation_notice(law: Law, account: CollectionAccount, as_of: date) -> tuple[Duty, ...]:
    """The validation notice, with the initial communication or within five days of it (``us.regf.validation``).

    In New York City ``us.nyc.shield`` asks the same of more creditors, and stands beside it.

    :raises UnknownRule: the packs hold no rule for the day of the first contact.
    """
    first = account.first_contact_on
    if first is None or first > as_of:
        return ()
    asked = [("us.regf.validation", "days")]
    if account.new_york_city and law.rule("us.nyc.shield").on(first) is not None:
        asked.append(("us.nyc.shield", "validation_days"))
    found = []
    for rule_id, name in asked:
        rule = ruling(law, rule_id, first)
        days = rule.whole(name)
        found.append(
            duty(
                rule,
                Kind.ACT_BY,
                Words(zh="发出债务核实通知", en="Validation notice"),
                Words(zh=f"首次联络{first}后{days}日", en=f"{days} days after the initial communication on {first}"),
                day=days_after(first, days),
                as_of=as_of,
                counted_from=first,
                met_on=account.validation_sent_on,
                by=name,
            )
        )
    return tuple(found)


def validation_period(law: Law, account: CollectionAccount, as_of: date) -> tuple[Duty, ...]:
    """The end of the validation period (``us.regf.validation.period``): 30 days from receipt, known or assumed.

    :raises UnknownRule: the packs hold no rule for the day the notice was sent.
    """
    sent = account.validation_sent_on
    if sent is None or sent > as_of:
        return ()
    rule = ruling(law, "us.regf.validation.period", sent)
    days, assumed = rule.whole("days"), rule.whole("assumed_receipt_business_days")
    received, provisional = account.validation_received_on, False
    if received is None or received > as_of:
        there = business_days_after(sent, assumed, _KIND)
        received, provisional = there.day, there.provisional
        how = Words(
            zh=f"{sent}发出，推定{received}收到（{assumed}日，不计周六、周日与联邦公共假日），其后{days}日",
            en=f"Sent on {sent}, assumed received on {received} ({assumed} days without Saturdays, Sundays and federal"
            f" public holidays), and {days} days from there",
        )
    else:
        how = Words(zh=f"{received}收到，其后{days}日", en=f"Received on {received}, and {days} days from there")
    return (
        duty(
            rule,
            Kind.UNTIL,
            Words(zh="债务核实期间", en="The validation period"),
            how,
            day=days_after(received, days),
            provisional=provisional,
            as_of=as_of,
            counted_from=received,
            by="days",
        ),
    )
