"""Until when may the borrower answer an offer, or appeal? 12 CFR 1024.41(e) and (h)."""

from __future__ import annotations

from datetime import date

from mora.core.words import Words
from mora.law.duties.counting import days_after
from mora.law.duties.numbers import ruling
from mora.law.duties.standing import duty
from mora.law.duties.terms import Duty, Kind
from mora.law.duties.us.application import days_before_sale
from mora.law.duties.us.facts import Mortgage
from mora.law.library import Law


def borrower_answer(law: Law, loan: Mortgage, as_of: date) -> tuple[Duty, ...]:
    """The borrower's time to accept or reject the offer (``us.regx.41e``); which length depends on the sale.

    The edges of its two lengths, 90 and 37 days, are those of ``us.regx.41h`` and ``us.regx.41c``.

    :raises UnknownRule: the packs hold no rule for the day of the decision.
    """
    it = loan.application
    if it is None or it.complete_on is None or it.decided_on is None or it.decided_on > as_of:
        return ()
    rule = ruling(law, "us.regx.41e", it.decided_on)
    early = ruling(law, "us.regx.41h", it.decided_on).whole("min_days_before_sale")
    more_than = ruling(law, "us.regx.41c", it.decided_on).whole("min_days_before_sale_gt")
    before = days_before_sale(it.complete_on, it.sale_on)
    name = "ge90" if before is None or before >= early else "lt90gt37"
    days = rule.whole(name)
    reason = Words(
        zh=f"完整申请距拍卖不超过{more_than}日", en=f"it was complete {more_than} days or less before the sale"
    )
    return (
        duty(
            rule,
            Kind.UNTIL,
            Words(zh="借款人可接受或拒绝方案", en="The borrower may accept or reject the offer"),
            Words(
                zh=f"{it.decided_on}给出后至少{days}日",
                en=f"At least {days} days after it was given on {it.decided_on}",
            ),
            day=days_after(it.decided_on, days),
            as_of=as_of,
            counted_from=it.decided_on,
            met_on=it.answered_on,
            not_needed=reason if before is not None and before <= more_than else None,
            by=name,
            also=("us.regx.41c", "us.regx.41h"),
        ),
    )


def appeal(law: Law, loan: Mortgage, as_of: date) -> tuple[Duty, ...]:
    """The borrower's time to appeal a denial, and ours to decide the appeal (``us.regx.41h``).

    :raises UnknownRule: the packs hold no rule for the day of the decision.
    """
    it = loan.application
    if it is None or it.complete_on is None or it.decided_on is None or it.decided_on > as_of:
        return ()
    rule = ruling(law, "us.regx.41h", it.decided_on)
    least = rule.whole("min_days_before_sale")
    before = days_before_sale(it.complete_on, it.sale_on)
    reason = Words(zh=f"完整申请距拍卖不足{least}日", en=f"it was complete less than {least} days before the sale")
    not_needed = reason if before is not None and before < least else None
    days = rule.whole("appeal_days")
    found = [
        duty(
            rule,
            Kind.UNTIL,
            Words(zh="借款人可申请复议", en="The borrower may appeal"),
            Words(
                zh=f"{it.decided_on}给出决定后{days}日", en=f"{days} days after the decision given on {it.decided_on}"
            ),
            day=days_after(it.decided_on, days),
            as_of=as_of,
            counted_from=it.decided_on,
            met_on=it.appealed_on,
            not_needed=not_needed,
            by="appeal_days",
        )
    ]
    if it.appealed_on is not None and it.appealed_on <= as_of:
        limit = rule.whole("decision_days")
        found.append(
            duty(
                rule,
                Kind.ACT_BY,
                Words(zh="就复议作出决定", en="Decision on the appeal"),
                Words(
                    zh=f"{it.appealed_on}提出复议后{limit}日", en=f"{limit} days after the appeal of {it.appealed_on}"
                ),
                day=days_after(it.appealed_on, limit),
                as_of=as_of,
                counted_from=it.appealed_on,
                met_on=it.appeal_decided_on,
                not_needed=not_needed,
                by="decision_days",
            )
        )
    return tuple(found)
