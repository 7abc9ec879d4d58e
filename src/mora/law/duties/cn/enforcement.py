"""By when must enforcement be applied for? CPL art. 250; notarised deeds: SPC rules of 2018, art. 3 and 9."""

from __future__ import annotations

from datetime import date

from mora.core.dates import add_months
from mora.core.errors import UnknownRule
from mora.core.words import Words
from mora.law.duties.cn.facts import Judgment, NotarisedDeed
from mora.law.duties.cn.periods import COURT, last_day
from mora.law.duties.cn.running import run
from mora.law.duties.numbers import ruling
from mora.law.duties.standing import duty
from mora.law.duties.terms import Duty, Kind
from mora.law.library import Law

_APPLY = Words(zh="申请强制执行", en="Applying for enforcement")


def enforcement(law: Law, judgment: Judgment, as_of: date) -> tuple[Duty, ...]:
    """The last day to apply for enforcement of a judgment (``cn.cpl.enforce2y``): two years from the last day for
    performance, of the last instalment when there are several; interrupted and suspended like limitation.

    :raises UnknownRule: the packs hold no rule for the last day for performance.
    """
    start = max(judgment.perform_by)
    rule = ruling(law, "cn.cpl.enforce2y", start)
    if not rule.holds("instalment_start", "last_instalment"):
        raise UnknownRule("cn.cpl.enforce2y: counting from another instalment than the last is not known here.")
    years = rule.whole("years")
    state = run(law, start, years, judgment.interruptions, judgment.obstacles, as_of, counting=COURT)
    zh = "；".join([f"自{state.start}起{years}年", *(each.zh for each in state.remarks)])
    en = "; ".join([f"{years} years from {state.start}", *(each.en for each in state.remarks)])
    return (
        duty(
            rule,
            Kind.ACT_BY,
            _APPLY,
            Words(zh=zh, en=en),
            day=state.day,
            provisional=state.provisional,
            moved_from=state.moved_from,
            as_of=as_of,
            counted_from=state.start,
            met_on=judgment.applied_on or state.pending_since,
            lapses=True,
            by="years",
            also=(COURT, *state.rules),
        ),
    )


def notarised_enforcement(law: Law, deed: NotarisedDeed, as_of: date) -> tuple[Duty, ...]:
    """For each instalment of a notarised deed, the last day to apply for enforcement (``cn.notary.enforce``).

    Two years from each instalment's own due date 自每期分别起算; applying for the execution certificate interrupts.

    :raises UnknownRule: the packs hold no rule for a due date.
    """
    return tuple(_instalment(law, deed, due, as_of) for due in sorted(deed.due_on) if due <= as_of)


def _instalment(law: Law, deed: NotarisedDeed, due: date, as_of: date) -> Duty:
    rule = ruling(law, "cn.notary.enforce", due)
    if not rule.holds("instalment_start", "each_instalment"):
        raise UnknownRule("cn.notary.enforce: counting from another day than each instalment's is not known here.")
    years = rule.whole("years")
    start, certificate = due, deed.certificate_applied_on
    end = add_months(start, 12 * years)
    last = last_day(law, COURT, end)
    how = Words(zh=f"该期{due}届期，{years}年", en=f"{years} years from the instalment due on {due}")
    if certificate is not None and certificate <= as_of and due < certificate <= last.day:
        start = certificate
        end = add_months(start, 12 * years)
        last = last_day(law, COURT, end)
        how = Words(
            zh=f"{certificate}申请执行证书，期间中断，重新计算{years}年",
            en=f"Applying for the execution certificate on {certificate} interrupted it: {years} years from there",
        )
    return duty(
        rule,
        Kind.ACT_BY,
        _APPLY,
        how,
        day=last.day,
        provisional=last.provisional,
        moved_from=end,
        as_of=as_of,
        counted_from=start,
        met_on=deed.applied_on if deed.applied_on is not None and deed.applied_on >= due else None,
        lapses=True,
        by="years",
        also=(COURT,),
    )
