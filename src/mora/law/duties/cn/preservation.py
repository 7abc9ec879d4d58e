"""By when must suit follow preservation, and a freeze be renewed? CPL art. 104; SPC interpretation art. 485."""

from __future__ import annotations

from datetime import date

from mora.core.dates import add_months
from mora.core.words import Words
from mora.law.duties.cn.facts import Freeze, FrozenThing, Preservation
from mora.law.duties.cn.periods import COURT, last_day
from mora.law.duties.counting import days_after
from mora.law.duties.numbers import ruling
from mora.law.duties.standing import duty
from mora.law.duties.terms import Duty, Kind
from mora.law.library import Law

_NAME = {
    FrozenThing.DEPOSIT: ("deposit_months", Words(zh="冻结存款", en="frozen deposit")),
    FrozenThing.MOVABLE: ("movable_months", Words(zh="查封、扣押动产", en="seized movables")),
    FrozenThing.IMMOVABLE: (
        "immovable_months",
        Words(zh="查封不动产、冻结其他财产权", en="sealed real estate or right"),
    ),
}


def suit_after_preservation(law: Law, preservation: Preservation, as_of: date) -> tuple[Duty, ...]:
    """The last day to sue or apply for arbitration, or the measure is lifted (``cn.cpl.preserve.presuit``).

    :raises UnknownRule: the packs hold no rule for the day of the measure.
    """
    start = preservation.measure_on
    if start > as_of:
        return ()
    rule = ruling(law, "cn.cpl.preserve.presuit", start)
    days = rule.whole("file_days")
    end = days_after(start, days)
    last = last_day(law, COURT, end)
    return (
        duty(
            rule,
            Kind.ACT_BY,
            Words(zh="起诉或者申请仲裁，否则解除保全", en="Suit or arbitration, or the measure is lifted"),
            Words(zh=f"{start}采取保全措施后{days}日", en=f"{days} days after the measure of {start}"),
            day=last.day,
            provisional=last.provisional,
            moved_from=end,
            as_of=as_of,
            counted_from=start,
            met_on=preservation.filed_on,
            lapses=True,
            by="file_days",
            also=(COURT,),
        ),
    )


def freeze_renewal(law: Law, freeze: Freeze, as_of: date) -> tuple[Duty, ...]:
    """The last day of a freeze, before whose end renewal is applied for (``cn.cpl.freeze.terms``).

    It is not moved for holidays: the freeze ends on its day, whatever day that is.

    :raises UnknownRule: the packs hold no rule for the day of the freeze.
    """
    if freeze.frozen_on > as_of:
        return ()
    rule = ruling(law, "cn.cpl.freeze.terms", freeze.frozen_on)
    name, thing = _NAME[freeze.what]
    months = rule.whole(name)
    day = add_months(freeze.frozen_on, months)
    how = Words(
        zh=f"{thing.zh}，自{freeze.frozen_on}起最长{months}个月",
        en=f"{thing.en}: at most {months} months from {freeze.frozen_on}",
    )
    if freeze.until is not None and freeze.until < day:
        day = freeze.until
        how = Words(zh=f"{thing.zh}，裁定所定期限至{day}", en=f"{thing.en}: the order says until {day}")
    lifted = freeze.lifted_on
    reason = Words(zh=f"已于{lifted}解除", en=f"it was lifted on {lifted}")
    return (
        duty(
            rule,
            Kind.ACT_BY,
            Words(zh="申请续行查封、冻结", en="Applying for renewal of the freeze"),
            how,
            day=day,
            as_of=as_of,
            counted_from=freeze.frozen_on,
            met_on=freeze.renewed_on,
            lapses=True,
            not_needed=reason if lifted is not None and lifted <= as_of else None,
            by=name,
        ),
    )
