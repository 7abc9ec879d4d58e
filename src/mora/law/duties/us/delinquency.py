"""How long is the borrower delinquent? 12 CFR 1024.31: from the unpaid due date until nothing due is unpaid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mora.core.errors import UnknownRule
from mora.law.duties.numbers import ruling
from mora.law.duties.us.facts import DuePayment
from mora.law.library import Law


def missed(payments: Sequence[DuePayment], as_of: date) -> tuple[DuePayment, ...]:
    """Payments that fell due by ``as_of`` and were not satisfied on their day, oldest first.

    A satisfaction after ``as_of`` is not known yet and left out.
    """
    return tuple(
        DuePayment(each.due_on, each.paid_on if each.paid_on is not None and each.paid_on <= as_of else None)
        for each in sorted(payments, key=lambda each: each.due_on)
        if each.due_on <= as_of and (each.paid_on is None or each.paid_on > each.due_on)
    )


def oldest_unpaid(payments: Sequence[DuePayment], on: date) -> date | None:
    """The oldest due date still unpaid at the end of a day, or None when the loan is current."""
    unpaid = (each.due_on for each in payments if each.due_on <= on and (each.paid_on is None or each.paid_on > on))
    return min(unpaid, default=None)


def days_delinquent(law: Law, payments: Sequence[DuePayment], on: date) -> int:
    """Days of delinquency on a day, 0 when current: from the oldest unpaid due date (``us.regx.delinq``).

    January, February and March 1 unpaid: 90 on April 1 of a year that is no leap year.

    :raises UnknownRule: the packs hold no rule for that day, or count from something else than the due date.
    """
    start = oldest_unpaid(payments, on)
    if start is None:
        return 0
    rule = ruling(law, "us.regx.delinq", start)
    if not rule.holds("start", "due_date"):
        raise UnknownRule(f"us.regx.delinq: counting from {rule.version.params.get('start')!r} is not known here.")
    return (on - start).days


def current_again_on(payments: Sequence[DuePayment], after: date) -> date | None:
    """The first day from ``after`` on at whose end nothing due is unpaid; None when there is none in these facts."""
    if oldest_unpaid(payments, after) is None:
        return after
    paid = sorted(each.paid_on for each in payments if each.paid_on is not None and each.paid_on > after)
    return next((day for day in paid if oldest_unpaid(payments, day) is None), None)
