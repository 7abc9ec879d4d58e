"""By when must staff be assigned, and until when? 12 CFR 1024.40 (``us.regx.40``)."""

from __future__ import annotations

from datetime import date

from mora.core.words import Words
from mora.law.duties.counting import days_after
from mora.law.duties.numbers import Ruling, ruling
from mora.law.duties.standing import duty
from mora.law.duties.terms import Duty, Kind
from mora.law.duties.us.delinquency import current_again_on, missed
from mora.law.duties.us.facts import Mortgage
from mora.law.library import Law

RULE = "us.regx.40"


def assigned_staff(law: Law, loan: Mortgage, as_of: date) -> tuple[Duty, ...]:
    """For each spell of delinquency: staff assigned by its 45th day; and, once assigned, until when it stays.

    :raises UnknownRule: the packs hold no rule for the first unpaid due date.
    """
    found: list[Duty] = []
    ended: date | None = date.min
    payments = missed(loan.payments, as_of)
    for each in payments:
        if ended is None or each.due_on < ended:
            continue
        ended = current_again_on(payments, each.due_on)
        rule = ruling(law, RULE, each.due_on)
        found.append(_assigned(rule, loan, each.due_on, ended, as_of))
    assigned = loan.staff_assigned_on
    if assigned is not None and assigned <= as_of and found:
        found.append(_released(ruling(law, RULE, assigned), loan, assigned, as_of))
    return tuple(found)


def _assigned(rule: Ruling, loan: Mortgage, began: date, ended: date | None, as_of: date) -> Duty:
    days = rule.whole("days")
    day = days_after(began, days)
    assigned = loan.staff_assigned_on
    met = assigned if assigned is not None and (ended is None or assigned <= ended) else None
    paid_in_time = ended is not None and ended <= day and met is None
    reason = Words(zh=f"借款人已于{ended}恢复正常", en=f"the borrower was current again on {ended}")
    return duty(
        rule,
        Kind.ACT_BY,
        Words(zh="指派专人", en="Staff assigned to the borrower"),
        Words(zh=f"逾期自{began}起算，第{days}日", en=f"Day {days} of the delinquency that began on {began}"),
        day=day,
        as_of=as_of,
        counted_from=began,
        met_on=met,
        not_needed=reason if paid_in_time else None,
        moot=ended is not None,
        by="days",
        also=("us.regx.delinq",),
    )


def _released(rule: Ruling, loan: Mortgage, assigned: date, as_of: date) -> Duty:
    wanted, run = rule.whole("release_payments"), 0
    day: date | None = None
    for each in sorted(loan.payments, key=lambda each: each.due_on):
        if each.due_on < assigned or each.due_on > as_of:
            continue
        run = run + 1 if each.paid_on is not None and each.paid_on <= each.due_on else 0
        if run == wanted:
            day = each.paid_on
            break
    return duty(
        rule,
        Kind.UNTIL,
        Words(zh="专人持续跟进", en="The staff stays available"),
        Words(zh=f"至连续{wanted}期按时还款", en=f"Until {wanted} consecutive payments are made on time"),
        day=day,
        as_of=as_of,
        counted_from=assigned,
        by="release_payments",
    )
