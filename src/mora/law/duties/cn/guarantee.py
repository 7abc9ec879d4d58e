"""By when must a guarantor be held to the guarantee? Civil Code art. 692 and 693 (``cn.civil.692``).

The guarantee period 保证期间 is no limitation period: nothing interrupts, suspends or extends it.
"""

from __future__ import annotations

from datetime import date

from mora.core.calendar import Adjusted
from mora.core.dates import add_months
from mora.core.words import Words
from mora.law.duties.cn.facts import Guarantee, GuaranteeKind
from mora.law.duties.cn.periods import CIVIL, last_day
from mora.law.duties.numbers import ruling, ruling_if_any
from mora.law.duties.standing import duty
from mora.law.duties.terms import Duty, Kind
from mora.law.library import Law

RULE = "cn.civil.692"

_ACT = {
    "sue_debtor": Words(zh="对债务人起诉或者申请仲裁", en="Suing the debtor, or applying for arbitration"),
    "demand_guarantor": Words(zh="请求保证人承担保证责任", en="Demanding payment of the guarantor"),
}


def last_guarantee_day(law: Law, debt_due_on: date | None, agreed_until: date | None) -> Adjusted | None:
    """The last day of the guarantee period, moved when it is a holiday; None when the facts or the packs do not say.

    An agreed period that ends no later than the debt is due counts as not agreed (art. 692, second paragraph); what is
    not agreed is the law's months from the due date.

    :param debt_due_on: when the principal debt fell due; None when not known.
    :param agreed_until: the last day of the agreed period; None when none is agreed.
    :raises UnknownRule: the packs do not know the months, or count in a way this does not know.
    """
    end = agreed_until if _agreed(debt_due_on, agreed_until) else _by_law(law, debt_due_on)
    return None if end is None else last_day(law, CIVIL, end)


def _agreed(due: date | None, until: date | None) -> bool:
    return until is not None and (due is None or until > due)


def _by_law(law: Law, due: date | None) -> date | None:
    rule = None if due is None else ruling_if_any(law, RULE, due)
    return None if due is None or rule is None else add_months(due, rule.whole("default_months"))


def guarantee_period(law: Law, guarantee: Guarantee, as_of: date) -> tuple[Duty, ...]:
    """The last day for the act that keeps the guarantor bound (which act: ``cn.civil.693``), or the guarantor is free.

    An agreed period that ends no later than the debt is due counts as not agreed (art. 692, second paragraph).

    :raises UnknownRule: the packs hold no rule for the day the debt was due.
    """
    due = guarantee.debt_due_on
    rule, what = ruling(law, RULE, due), ruling(law, "cn.civil.693", due)
    kind, also = guarantee.kind, ["cn.civil.693", CIVIL]
    if kind is GuaranteeKind.UNCLEAR:
        kind = GuaranteeKind(str(ruling(law, "cn.civil.686", due).version.params["default"]))
        also.append("cn.civil.686")
    act = str(what.version.params[kind.value])
    end, months = guarantee.agreed_until, rule.whole("default_months")
    if end is not None and _agreed(due, end):
        how = Words(zh=f"约定保证期间至{end}", en=f"The period agreed ends on {end}")
    else:
        end = add_months(due, months)
        how = Words(
            zh=f"主债务{due}届期，未有效约定，{months}个月",
            en=f"Nothing valid agreed: {months} months after {due}, the due date",
        )
    last = last_day(law, CIVIL, end)
    met = guarantee.debtor_sued_on if act == "sue_debtor" else guarantee.guarantor_demanded_on
    return (
        duty(
            rule,
            Kind.ACT_BY,
            _ACT[act],
            Words(zh=f"{how.zh}；逾期保证人免责", en=f"{how.en}; after it the guarantor is free"),
            day=last.day,
            provisional=last.provisional,
            moved_from=end,
            as_of=as_of,
            counted_from=due,
            met_on=met,
            lapses=True,
            by="default_months",
            also=tuple(also),
        ),
    )
