"""By when must an application be acknowledged and decided? 12 CFR 1024.41(b)(2) and (c)."""

from __future__ import annotations

from datetime import date

from mora.core.public_holidays import UnitedStatesCalendar
from mora.core.words import Words
from mora.law.duties.counting import business_days_after, days_after
from mora.law.duties.numbers import ruling
from mora.law.duties.standing import duty
from mora.law.duties.terms import Duty, Kind
from mora.law.duties.us.facts import Mortgage
from mora.law.library import Law

_STRICT = UnitedStatesCalendar(observed=False)
"""The day a holiday is merely observed counts as a business day here: the shorter time for us to act."""


def days_before_sale(received_on: date, sale_on: date | None) -> int | None:
    """Days from receipt to the sale; None when no sale was set, which the rule treats as early enough."""
    return None if sale_on is None else (sale_on - received_on).days


def acknowledgement(law: Law, loan: Mortgage, as_of: date) -> tuple[Duty, ...]:
    """The notice that an application was received, and is complete or what is missing (``us.regx.41b``).

    :raises UnknownRule: the packs hold no rule for the day of receipt.
    """
    it = loan.application
    if it is None or it.received_on > as_of:
        return ()
    rule = ruling(law, "us.regx.41b", it.received_on)
    count, least = rule.whole("ack_business_days"), rule.whole("min_days_before_sale")
    before = days_before_sale(it.received_on, it.sale_on)
    end = business_days_after(it.received_on, count, _STRICT)
    reason = Words(zh=f"距拍卖不足{least}日收到", en=f"it came less than {least} days before the sale")
    return (
        duty(
            rule,
            Kind.ACT_BY,
            Words(zh="书面确认收到申请", en="Written acknowledgement of the application"),
            Words(
                zh=f"{it.received_on}收到后第{count}日，不计周六、周日与法定公共假日",
                en=f"{count} days after receipt on {it.received_on} without weekends and legal public holidays",
            ),
            day=end.day,
            provisional=end.provisional,
            as_of=as_of,
            counted_from=it.received_on,
            met_on=it.acknowledged_on,
            not_needed=reason if before is not None and before < least else None,
            by="ack_business_days",
        ),
    )


def decision(law: Law, loan: Mortgage, as_of: date) -> tuple[Duty, ...]:
    """The written decision on a complete application (``us.regx.41c``).

    :raises UnknownRule: the packs hold no rule for the day it became complete.
    """
    it = loan.application
    if it is None or it.complete_on is None or it.complete_on > as_of:
        return ()
    rule = ruling(law, "us.regx.41c", it.complete_on)
    days, more_than = rule.whole("days"), rule.whole("min_days_before_sale_gt")
    before = days_before_sale(it.complete_on, it.sale_on)
    reason = Words(
        zh=f"完整申请距拍卖不超过{more_than}日", en=f"it was complete {more_than} days or less before the sale"
    )
    return (
        duty(
            rule,
            Kind.ACT_BY,
            Words(zh="就完整申请作出书面决定", en="Written decision on the complete application"),
            Words(zh=f"{it.complete_on}完整后第{days}日", en=f"{days} days after it was complete on {it.complete_on}"),
            day=days_after(it.complete_on, days),
            as_of=as_of,
            counted_from=it.complete_on,
            met_on=it.decided_on,
            not_needed=reason if before is not None and before <= more_than else None,
            by="days",
        ),
    )
