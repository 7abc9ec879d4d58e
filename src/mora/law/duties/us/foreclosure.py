"""From which day may foreclosure be filed, or a sale be sought? 12 CFR 1024.41(f) and (g)."""

from __future__ import annotations

from datetime import date

from mora.core.words import Words
from mora.law.duties.counting import days_after
from mora.law.duties.numbers import ruling
from mora.law.duties.standing import duty
from mora.law.duties.terms import Duty, Kind
from mora.law.duties.us.application import days_before_sale
from mora.law.duties.us.delinquency import missed, oldest_unpaid
from mora.law.duties.us.facts import Application, Mortgage
from mora.law.library import Law

_PENDING = Words(zh="完整申请未决，尚不得为之", en="A complete application is pending: not allowed yet")


def _pending(it: Application | None, as_of: date) -> bool:
    if it is None or it.complete_on is None or it.complete_on > as_of:
        return False
    return it.resolved_on is None or it.resolved_on > as_of


def first_filing(law: Law, loan: Mortgage, as_of: date) -> tuple[Duty, ...]:
    """The first day for the first notice or filing of a foreclosure (``us.regx.41f``): more than 120 days delinquent.

    None when the loan is current. While a complete application is pending the day is unknown.

    :raises UnknownRule: the packs hold no rule for the unpaid due date.
    """
    start = oldest_unpaid(missed(loan.payments, as_of), as_of)
    if start is None:
        return ()
    rule = ruling(law, "us.regx.41f", start)
    days = rule.whole("days_gt")
    pending = _pending(loan.application, as_of)
    counted = Words(
        zh=f"自{start}到期未付起，逾期超过{days}日",
        en=f"More than {days} days after the payment due on {start} was missed",
    )
    return (
        duty(
            rule,
            Kind.NOT_BEFORE,
            Words(zh="首次启动止赎", en="First notice or filing of a foreclosure"),
            _PENDING if pending else counted,
            day=None if pending else days_after(start, days + 1),
            as_of=as_of,
            counted_from=start,
            by="days_gt",
            also=("us.regx.delinq",),
        ),
    )


def sale(law: Law, loan: Mortgage, as_of: date) -> tuple[Duty, ...]:
    """From when a judgment or sale may be sought after a complete application (``us.regx.41g``).

    Nothing when there is no complete application. While one is pending that came more than 37 days before the sale,
    the day is unknown; afterwards it is the day nothing was pending any longer.

    :raises UnknownRule: the packs hold no rule for the day it became complete.
    """
    it = loan.application
    if it is None or it.complete_on is None or it.complete_on > as_of:
        return ()
    rule = ruling(law, "us.regx.41g", it.complete_on)
    more_than = rule.whole("days_gt")
    before = days_before_sale(it.complete_on, it.sale_on)
    reason = Words(
        zh=f"完整申请距拍卖不超过{more_than}日", en=f"it was complete {more_than} days or less before the sale"
    )
    pending = _pending(it, as_of)
    ended = Words(
        zh=f"申请已于{it.resolved_on}了结", en=f"Nothing of the application is pending since {it.resolved_on}"
    )
    return (
        duty(
            rule,
            Kind.NOT_BEFORE,
            Words(zh="申请止赎判决或实施拍卖", en="Moving for a foreclosure judgment or holding the sale"),
            _PENDING if pending else ended,
            day=None if pending else it.resolved_on,
            as_of=as_of,
            counted_from=it.complete_on,
            not_needed=reason if before is not None and before <= more_than else None,
            by="days_gt",
        ),
    )
