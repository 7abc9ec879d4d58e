"""By when must arrears be notified, from when may an agreement be ended, until when does a pause run?

Consumer Credit Act 1974, sections 86B and 87-88; CONC 7.3.
"""

from __future__ import annotations

from datetime import date

from mora.core.words import Words
from mora.law.duties.counting import days_after
from mora.law.duties.numbers import ruling
from mora.law.duties.standing import duty
from mora.law.duties.terms import Duty, Kind
from mora.law.duties.uk.facts import CreditAgreement, MissedPayment
from mora.law.library import Law


def arrears_notice(law: Law, credit: CreditAgreement, as_of: date) -> tuple[Duty, ...]:
    """The notice of sums in arrears (``uk.cca.86b``), within 14 days after two payments are missed.

    Nothing while fewer are unpaid at once. Running-account credit is section 86C and not covered.

    :raises UnknownRule: the packs hold no rule for a missed due date.
    """
    missed = sorted((each for each in credit.missed if each.due_on <= as_of), key=lambda each: each.due_on)
    for each in missed:
        rule = ruling(law, "uk.cca.86b", each.due_on)
        wanted, days = rule.whole("missed"), rule.whole("days")
        if _unpaid_on(missed, each.due_on) < wanted:
            continue
        given = min((notice for notice in credit.arrears_notices if notice >= each.due_on), default=None)
        return (
            duty(
                rule,
                Kind.ACT_BY,
                Words(zh="发出欠款通知", en="Notice of sums in arrears"),
                Words(
                    zh=f"{each.due_on}第{wanted}期未付，其后{days}日；迟发期间不得收取违约利息与费用",
                    en=f"{days} days after payment number {wanted} was missed on {each.due_on};"
                    " no default interest or charges while it is late",
                ),
                day=days_after(each.due_on, days),
                as_of=as_of,
                counted_from=each.due_on,
                met_on=given,
                by="days",
            ),
        )
    return ()


def _unpaid_on(missed: list[MissedPayment], day: date) -> int:
    return sum(each.due_on <= day and (each.paid_on is None or each.paid_on > day) for each in missed)


def default_notice(law: Law, credit: CreditAgreement, as_of: date) -> tuple[Duty, ...]:
    """The first day after the customer's time under a default notice (``uk.cca.87``).

    :raises UnknownRule: the packs hold no rule for the day of service.
    """
    served = credit.default_notice_served_on
    if served is None or served > as_of:
        return ()
    rule = ruling(law, "uk.cca.87", served)
    days = rule.whole("days")
    return (
        duty(
            rule,
            Kind.NOT_BEFORE,
            Words(zh="终止合同等违约措施", en="Termination and other steps on default"),
            Words(
                zh=f"违约通知{served}送达，给予{days}日补救；通知所载日期更晚的从其日期",
                en=f"The default notice was served on {served} and leaves {days} days; a later date in it counts",
            ),
            day=days_after(served, days + 1),
            as_of=as_of,
            counted_from=served,
            by="days",
        ),
    )


def plan_pause(law: Law, credit: CreditAgreement, as_of: date) -> tuple[Duty, ...]:
    """Until when pursuit rests while a repayment plan is being made (``uk.conc7.3``; the number is unverified).

    :raises UnknownRule: the packs hold no rule for that day.
    """
    begun = credit.plan_begun_on
    if begun is None or begun > as_of:
        return ()
    rule = ruling(law, "uk.conc7.3", begun)
    days = rule.whole("breathing_days")
    return (
        duty(
            rule,
            Kind.UNTIL,
            Words(zh="制定还款方案期间暂停追讨", en="Pursuit rests while a plan is being made"),
            Words(zh=f"{begun}起{days}日", en=f"{days} days from {begun}"),
            day=days_after(begun, days),
            as_of=as_of,
            counted_from=begun,
            by="breathing_days",
        ),
    )
