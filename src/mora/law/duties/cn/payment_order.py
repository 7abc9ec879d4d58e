"""Which days does a payment order set? Civil Procedure Law art. 225-228 (``cn.cpl.payorder``)."""

from __future__ import annotations

from datetime import date

from mora.core.words import Words
from mora.law.duties.cn.facts import PaymentOrder
from mora.law.duties.cn.periods import COURT, last_day
from mora.law.duties.counting import days_after
from mora.law.duties.numbers import ruling
from mora.law.duties.standing import duty
from mora.law.duties.terms import Duty, Kind
from mora.law.library import Law


def service(law: Law, order: PaymentOrder, as_of: date) -> tuple[Duty, ...]:
    """The last day on which it can be served, after which the procedure ends.

    :raises UnknownRule: the packs hold no rule for the day of issue.
    """
    what = Words(zh="支付令送达债务人", en="Serving the payment order on the debtor")
    return _step(
        law, order.issued_on, "serve_limit_days", what, Kind.ACT_BY, as_of, met_on=order.served_on, lapses=True
    )


def objection(law: Law, order: PaymentOrder, as_of: date) -> tuple[Duty, ...]:
    """Until when the debtor may pay or object in writing 异议; enforcement may be applied for after.

    :raises UnknownRule: the packs hold no rule for the day of service.
    """
    what = Words(zh="债务人清偿或者提出书面异议", en="The debtor may pay, or object in writing")
    return _step(law, order.served_on, "objection_days", what, Kind.UNTIL, as_of, met_on=order.objected_on)


def declining_suit(law: Law, order: PaymentOrder, as_of: date) -> tuple[Duty, ...]:
    """Our last day to tell the court that we do not agree to go on with a suit after an objection.

    :raises UnknownRule: the packs hold no rule for the day of the ruling.
    """
    what = Words(zh="不同意转入诉讼的，向法院表明", en="Telling the court that we do not agree to a suit, if so")
    return _step(
        law,
        order.ended_on,
        "to_suit_objection_days",
        what,
        Kind.ACT_BY,
        as_of,
        met_on=order.suit_declined_on,
        moot=True,
        lapses=True,
    )


def _step(
    law: Law,
    start: date | None,
    name: str,
    what: Words,
    kind: Kind,
    as_of: date,
    *,
    met_on: date | None,
    moot: bool = False,
    lapses: bool = False,
) -> tuple[Duty, ...]:
    if start is None or start > as_of:
        return ()
    rule = ruling(law, "cn.cpl.payorder", start)
    days = rule.whole(name)
    end = days_after(start, days)
    last = last_day(law, COURT, end)
    return (
        duty(
            rule,
            kind,
            what,
            Words(zh=f"自{start}次日起{days}日", en=f"{days} days after {start}"),
            day=last.day,
            provisional=last.provisional,
            moved_from=end,
            as_of=as_of,
            counted_from=start,
            met_on=met_on,
            moot=moot,
            lapses=lapses,
            by=name,
            also=(COURT,),
        ),
    )
