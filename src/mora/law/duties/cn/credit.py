"""By when must an objection to credit data be answered, and until when is bad data kept? 征信业管理条例 art. 16, 25."""

from __future__ import annotations

from datetime import date

from mora.core.dates import add_months
from mora.core.words import Words
from mora.law.duties.cn.facts import CreditObjection, CreditRecord
from mora.law.duties.counting import days_after
from mora.law.duties.numbers import ruling
from mora.law.duties.standing import duty
from mora.law.duties.terms import Duty, Kind
from mora.law.library import Law


def credit_objection(law: Law, objection: CreditObjection, as_of: date) -> tuple[Duty, ...]:
    """The check and written answer to an objection (``cn.credit.dispute20``), not moved for holidays.

    :raises UnknownRule: the packs hold no rule for the day of receipt.
    """
    received = objection.received_on
    if received > as_of:
        return ()
    rule = ruling(law, "cn.credit.dispute20", received)
    days = rule.whole("days")
    return (
        duty(
            rule,
            Kind.ACT_BY,
            Words(zh="核查处理征信异议并书面答复", en="Checking the objection and answering in writing"),
            Words(zh=f"{received}收到后{days}日", en=f"{days} days after receipt on {received}"),
            day=days_after(received, days),
            as_of=as_of,
            counted_from=received,
            met_on=objection.answered_on,
            by="days",
        ),
    )


def bad_record(law: Law, record: CreditRecord, as_of: date) -> tuple[Duty, ...]:
    """The last day on which a bureau keeps the record, then deletes it (``cn.credit.5y``); unknown while arrears last.

    :raises UnknownRule: the packs hold no rule for the day it ended.
    """
    ended = record.ended_on if record.ended_on is not None and record.ended_on <= as_of else None
    rule = ruling(law, "cn.credit.5y", ended or as_of)
    years = rule.whole("years")
    if ended is None:
        how = Words(
            zh=f"不良行为尚未终止，终止后{years}年", en=f"It has not ended yet; {years} years from when it does"
        )
    else:
        how = Words(zh=f"{ended}终止后{years}年", en=f"{years} years after it ended on {ended}")
    return (
        duty(
            rule,
            Kind.UNTIL,
            Words(zh="征信机构保存不良信息", en="The bureau keeps the bad record"),
            how,
            day=None if ended is None else add_months(ended, 12 * years),
            as_of=as_of,
            counted_from=ended,
            by="years",
        ),
    )
