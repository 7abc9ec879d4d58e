"""By when must the written early intervention notice be given? 12 CFR 1024.39(b)(1) (``us.regx.39b``).

First by the 45th day. A notice given starts 180 days in which no second one is required; at their end, if the borrower
is then 45 days delinquent, it is due on that very day, and if less, 45 days after the due date for which the borrower
remains delinquent (comment 39(b)(1)-2). A new servicer starts afresh, but when the old one gave the notice within 45
days before the transfer the new one need not repeat it until 45 days after the first due date that follows the
transfer (comment 39(b)(1)-5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from mora.core.words import Words
from mora.law.duties.counting import days_after
from mora.law.duties.numbers import Ruling, ruling
from mora.law.duties.standing import duty
from mora.law.duties.terms import Duty, Kind
from mora.law.duties.us.delinquency import current_again_on, missed, oldest_unpaid
from mora.law.duties.us.facts import DuePayment, Mortgage
from mora.law.library import Law

RULE = "us.regx.39b"
_WHAT = Words(zh="发出书面早期干预通知", en="Written early intervention notice")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Next:
    """The next notice that has to be given."""

    counted_from: date
    day: date
    earliest: date
    """A notice from this day on meets it, if it comes no later than ``paid_on`` or ``closed_on``."""
    paid_on: date | None
    """When the payment it is for was satisfied, if that was in time to need no notice."""
    closed_on: date | None
    """When, its day having passed, the borrower was current again and nothing was left to say; None while not."""
    rule: Ruling
    how: Words


def written_notices(law: Law, loan: Mortgage, as_of: date) -> tuple[Duty, ...]:
    """The present servicer's notices: those given and the one still to be given, in order, with those not needed.

    :raises UnknownRule: the packs hold no rule for a due date or the day of a notice.
    """
    return tuple(_walk(law, loan, as_of))


def _walk(law: Law, loan: Mortgage, as_of: date) -> Iterator[Duty]:
    payments = missed(loan.payments, as_of)
    notices = sorted(each for each in loan.notices if each <= as_of)
    transfer = max((each for each in loan.transferred_on if each <= as_of), default=None)
    mine = payments
    if transfer is not None:
        before = max((each for each in notices if each < transfer), default=None)
        notices = [each for each in notices if each >= transfer]
        mine, waived = _since_transfer(law, payments, transfer, before, as_of)
        if waived is not None:
            yield waived
    last: date | None = None
    gone: set[date] = set()
    while (coming := _next(law, payments, mine, last, gone)) is not None:
        given = next((each for each in notices if _meets(each, coming, last)), None)
        yield _duty(coming, given, as_of)
        if given is not None:
            last = given
        elif coming.paid_on is None and coming.closed_on is None:
            return  # one open notice is enough: giving it meets whatever else has come up meanwhile
        else:
            gone.add(coming.counted_from)


def _meets(notice: date, coming: _Next, last: date | None) -> bool:
    after_last = last is None or notice > last
    end = coming.paid_on or coming.closed_on
    return after_last and notice >= coming.earliest and (end is None or notice <= end)


def _next(
    law: Law, payments: tuple[DuePayment, ...], mine: tuple[DuePayment, ...], last: date | None, gone: set[date]
) -> _Next | None:
    """The next notice required after the last one given, or None when no missed payment asks for one yet."""
    quiet_until = date.min
    if last is not None:
        rule = ruling(law, RULE, last)
        repeat, days = rule.whole("repeat_days"), rule.whole("days")
        quiet_until = days_after(last, repeat)
        oldest = oldest_unpaid(payments, quiet_until)
        if oldest is not None and (quiet_until - oldest).days >= days and last not in gone:
            how = Words(
                zh=f"上次通知{last}后第{repeat}日，届时逾期已满{days}日",
                en=f"{repeat} days after the notice of {last}, the borrower being {days} days delinquent by then",
            )
            return _Next(last, quiet_until, last + _DAY, None, current_again_on(payments, quiet_until), rule, how)
    for each in mine:
        rule = ruling(law, RULE, each.due_on)
        days = rule.whole("days")
        day = days_after(each.due_on, days)
        if each.due_on in gone or day < quiet_until:
            continue
        how = Words(
            zh=f"自{each.due_on}到期未付起第{days}日",
            en=f"Day {days} after the payment due on {each.due_on} was missed",
        )
        in_time = each.paid_on if each.paid_on is not None and each.paid_on <= day else None
        return _Next(each.due_on, day, each.due_on, in_time, current_again_on(payments, day), rule, how)
    return None


def _duty(coming: _Next, given: date | None, as_of: date) -> Duty:
    paid = coming.paid_on
    reason = Words(zh=f"该期已于{paid}清偿", en=f"that payment was satisfied on {paid}")
    return duty(
        coming.rule,
        Kind.ACT_BY,
        _WHAT,
        coming.how,
        day=coming.day,
        as_of=as_of,
        counted_from=coming.counted_from,
        met_on=given,
        not_needed=reason if paid is not None and given is None else None,
        moot=coming.closed_on is not None,
        by="days",
        also=("us.regx.delinq",),
    )


def _since_transfer(
    law: Law, payments: tuple[DuePayment, ...], transfer: date, before: date | None, as_of: date
) -> tuple[tuple[DuePayment, ...], Duty | None]:
    """The missed payments that ask the new servicer for a notice; and whether the old one's still serves."""
    rule = ruling(law, RULE, transfer)
    if before is not None and rule.known("transfer_days"):
        within = rule.whole("transfer_days")
        if (transfer - before).days <= within:
            how = Words(
                zh=f"原服务机构{before}已发通知，距{transfer}移交不超过{within}日",
                en=f"The old servicer gave it on {before}, within {within} days before the transfer of {transfer}",
            )
            reason = Words(
                zh=f"移交后首个到期日起第{rule.whole('days')}日前不必重发",
                en=f"none until {rule.whole('days')} days after the first due date that follows the transfer",
            )
            waived = duty(rule, Kind.ACT_BY, _WHAT, how, day=None, as_of=as_of, counted_from=before, not_needed=reason)
            return tuple(each for each in payments if each.due_on >= transfer), waived
    days = rule.whole("days")
    return tuple(each for each in payments if days_after(each.due_on, days) >= transfer), None
