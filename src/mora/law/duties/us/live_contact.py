"""By when must the borrower be contacted live? 12 CFR 1024.39(a), once for each payment missed (``us.regx.39a``).

One contact covers every payment that was due by then and whose own day has not passed (comment 39(a)-1.i.B).
"""

from __future__ import annotations

from datetime import date

from mora.core.words import Words
from mora.law.duties.counting import days_after
from mora.law.duties.numbers import ruling
from mora.law.duties.standing import duty
from mora.law.duties.terms import Duty, Kind
from mora.law.duties.us.delinquency import missed
from mora.law.duties.us.facts import Mortgage
from mora.law.library import Law

RULE = "us.regx.39a"
_WHAT = Words(
    zh="与借款人实时联络（含善意尝试）",
    en="Live contact with the borrower, or good-faith efforts to establish it",
)


def live_contacts(law: Law, loan: Mortgage, as_of: date) -> tuple[Duty, ...]:
    """One duty for each payment missed by the as-of date, oldest first.

    :raises UnknownRule: the packs hold no rule for a due date.
    """
    return tuple(_for_payment(law, loan, each.due_on, each.paid_on, as_of) for each in missed(loan.payments, as_of))


def _for_payment(law: Law, loan: Mortgage, due_on: date, paid_on: date | None, as_of: date) -> Duty:
    rule = ruling(law, RULE, due_on)
    days = rule.whole("days")
    day = days_after(due_on, days)
    # A contact made before the payment fell due, or after it was made, cannot have been about it.
    end = as_of if paid_on is None else paid_on
    contact = min((each for each in loan.contacts if due_on <= each <= end), default=None)
    paid_in_time = paid_on is not None and paid_on <= day and contact is None
    reason = Words(zh=f"该期已于{paid_on}清偿", en=f"that payment was satisfied on {paid_on}")
    return duty(
        rule,
        Kind.ACT_BY,
        _WHAT,
        Words(zh=f"自{due_on}到期未付起第{days}日", en=f"Day {days} after the payment due on {due_on} was missed"),
        day=day,
        as_of=as_of,
        counted_from=due_on,
        met_on=contact,
        not_needed=reason if paid_in_time else None,
        moot=paid_on is not None,
        by="days",
        also=("us.regx.delinq",),
    )
