"""By when must the customer be told about a shortfall, and how often after? MCOB 13.4.1R and 13.5.1R."""

from __future__ import annotations

from datetime import date

from mora.core.dates import add_months
from mora.core.public_holidays import EnglishCalendar
from mora.core.words import Words
from mora.law.duties.counting import business_days_after
from mora.law.duties.numbers import ruling
from mora.law.duties.standing import duty
from mora.law.duties.terms import Duty, Kind
from mora.law.duties.uk.facts import Shortfall
from mora.law.library import Law

_CALENDAR = EnglishCalendar()
_INFORMATION = Words(zh="提供拖欠信息", en="Information about the shortfall")
_STATEMENT = Words(zh="提供拖欠期间对账单", en="Statement while in shortfall")


def shortfall_information(law: Law, shortfall: Shortfall, as_of: date) -> tuple[Duty, ...]:
    """The list, total, charges, balance and where to find help, within 15 business days (``uk.mcob13.4.1``).

    :raises UnknownRule: the packs hold no rule for the day of awareness.
    """
    aware = shortfall.aware_on
    if aware > as_of:
        return ()
    rule = ruling(law, "uk.mcob13.4.1", aware)
    count = rule.whole("business_days")
    end = business_days_after(aware, count, _CALENDAR)
    return (
        duty(
            rule,
            Kind.ACT_BY,
            _INFORMATION,
            Words(zh=f"{aware}知悉后第{count}个营业日", en=f"{count} business days after becoming aware on {aware}"),
            day=end.day,
            provisional=end.provisional,
            as_of=as_of,
            counted_from=aware,
            met_on=shortfall.information_sent_on,
            by="business_days",
        ),
    )


def quarterly_statements(law: Law, shortfall: Shortfall, as_of: date) -> tuple[Duty, ...]:
    """Every statement sent or due while in shortfall (``uk.mcob13.5.1``), each counted from the one before.

    :raises UnknownRule: the packs hold no rule for the day counted from.
    """
    start = shortfall.began_on
    if start > as_of:
        return ()
    cleared = shortfall.cleared_on if shortfall.cleared_on is not None and shortfall.cleared_on <= as_of else None
    sent = sorted(
        each for each in shortfall.statements if start < each <= as_of and (cleared is None or each <= cleared)
    )
    found = []
    for statement in (*sent, None):
        rule = ruling(law, "uk.mcob13.5.1", start)
        months = rule.whole("months")
        day = add_months(start, months)
        reason = Words(zh=f"拖欠已于{cleared}补足", en=f"the shortfall was cleared on {cleared}")
        found.append(
            duty(
                rule,
                Kind.ACT_BY,
                _STATEMENT,
                Words(zh=f"{start}起{months}个月", en=f"{months} months from {start}"),
                day=day,
                as_of=as_of,
                counted_from=start,
                met_on=statement,
                not_needed=reason if statement is None and cleared is not None and cleared <= day else None,
                moot=cleared is not None,
                by="months",
            )
        )
        start = statement if statement is not None else start
    return tuple(found)
