"""By when must a complaint be answered? PBOC Order 2020-5 art. 43; GB/T 45251-2025 section 5.6.

Days are counted plainly and an end on a holiday is not moved: neither text was found to say that it is.
"""

from __future__ import annotations

from datetime import date

from mora.core.words import Words
from mora.law.duties.cn.facts import Complaint
from mora.law.duties.counting import days_after
from mora.law.duties.numbers import ruling
from mora.law.duties.standing import duty
from mora.law.duties.terms import Duty, Kind
from mora.law.library import Law

_WHAT = Words(zh="答复投诉", en="Answering the complaint")


def forwarded_complaint(law: Law, complaint: Complaint, as_of: date) -> tuple[Duty, ...]:
    """The answer to a complaint that the central bank forwarded (``cn.pbc2020-5.complaints``).

    :raises UnknownRule: the packs hold no rule for the day of receipt.
    """
    received = complaint.received_on
    if not complaint.forwarded_by_pboc or received > as_of:
        return ()
    rule = ruling(law, "cn.pbc2020-5.complaints", received)
    days = rule.whole("reply_days")
    return (
        duty(
            rule,
            Kind.ACT_BY,
            _WHAT,
            Words(zh=f"{received}收到后{days}日", en=f"{days} days after receipt on {received}"),
            day=days_after(received, days),
            as_of=as_of,
            counted_from=received,
            met_on=complaint.answered_on,
            by="reply_days",
        ),
    )


def collection_complaint(law: Law, complaint: Complaint, as_of: date) -> tuple[Duty, ...]:
    """The answer to a complaint about collection (``cn.gbt45251.complaints``).

    The standard's own number of days was not found. While it is unknown the house default only reminds.

    :raises UnknownRule: the packs hold no rule for the day of receipt.
    """
    received = complaint.received_on
    if not complaint.about_collection or received > as_of:
        return ()
    rule = ruling(law, "cn.gbt45251.complaints", received)
    if rule.known("reply_days"):
        name = "reply_days"
        how = Words(
            zh=f"{received}收到后{rule.whole(name)}日", en=f"{rule.whole(name)} days after receipt on {received}"
        )
    else:
        name = "house_default_days"
        days = rule.whole(name)
        how = Words(
            zh=f"标准所定天数未查明，暂按内部默认，{received}收到后{days}日",
            en=f"The standard's number is unknown; by the house default, {days} days after receipt on {received}",
        )
    return (
        duty(
            rule,
            Kind.ACT_BY,
            _WHAT,
            how,
            day=days_after(received, rule.whole(name)),
            as_of=as_of,
            counted_from=received,
            met_on=complaint.answered_on,
            by=name,
        ),
    )
