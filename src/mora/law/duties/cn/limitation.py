"""By when must a claim be brought? Civil Code art. 188 and 189 (``cn.civil.188``); mortgage rights art. 419.

Neither party can agree otherwise (art. 197), so no fact of a contract changes it.
"""

from __future__ import annotations

from datetime import date

from mora.core.dates import add_months
from mora.core.words import Words
from mora.law.duties.cn.facts import Claim
from mora.law.duties.cn.periods import CIVIL
from mora.law.duties.cn.running import Running, run
from mora.law.duties.numbers import Ruling, ruling, ruling_if_any
from mora.law.duties.standing import duty
from mora.law.duties.terms import Duty, DutyStatus, Kind
from mora.law.library import Law

_SUE = Words(zh="起诉、申请仲裁或者以其他方式中断诉讼时效", en="Suing, or interrupting limitation in another way")
_USE = Words(zh="行使抵押权", en="Using the mortgage right")


def limitation(law: Law, claim: Claim, as_of: date) -> tuple[Duty, ...]:
    """The last day of the limitation period 诉讼时效 of a claim, with what interrupted and suspended it.

    A debt in instalments counts from its last due date (``cn.civil.189``), or from the day it was all due early when
    that is before. When the debtor signed a demand after the period ended the defence is gone (``cn.spc.limit.19``)
    and no day is computed.

    :raises UnknownRule: the packs hold no rule for the day it counts from.
    """
    start, also = _start(law, claim)
    rule = ruling(law, "cn.civil.188", start)
    state = _run(law, claim, rule, start, as_of)
    also += (CIVIL, *state.rules)
    how = _how(rule, state)
    signed = claim.signed_after_expiry_on
    if signed is not None and signed <= as_of and state.day is not None and signed > state.day:
        waiver = ruling_if_any(law, "cn.spc.limit.19", signed)
        if waiver is not None and waiver.holds("post_expiry_signature", "waiver") and waiver.rule.decides:
            how = Words(
                zh=f"时效已于{state.day}届满，债务人{signed}在催款通知上签章，视为放弃时效抗辩；新期间自何日起算未查明，应尽快起诉",
                en=f"The period ended on {state.day}, but the debtor signed a demand on {signed}: the defence is gone;"
                " from which day a new period counts was not found: sue without delay",
            )
            return (
                duty(
                    rule,
                    Kind.ACT_BY,
                    _SUE,
                    how,
                    day=None,
                    as_of=as_of,
                    counted_from=signed,
                    also=(*also, "cn.spc.limit.19"),
                ),
            )
    return (
        duty(
            rule,
            Kind.ACT_BY,
            _SUE,
            how,
            day=state.day,
            provisional=state.provisional,
            moved_from=state.moved_from,
            as_of=as_of,
            counted_from=state.start,
            met_on=state.pending_since,
            lapses=True,
            by="years",
            also=also,
        ),
    )


def mortgage_right(law: Law, claim: Claim, as_of: date) -> tuple[Duty, ...]:
    """The last day for using a mortgage right 抵押权: that of the claim itself (``cn.civil.419``); nothing without one.

    :raises UnknownRule: the packs hold no rule for the day it counts from.
    """
    if not claim.mortgaged:
        return ()
    main = limitation(law, claim, as_of)[0]
    start, _ = _start(law, claim)
    rule = ruling(law, "cn.civil.419", start)
    pending = main.met_on if main.status is DutyStatus.MET else None
    how = Words(zh="与主债权诉讼时效期间一致", en="The same day as the limitation of the claim it secures")
    return (
        duty(
            rule,
            Kind.ACT_BY,
            _USE,
            how,
            day=main.day,
            provisional=main.provisional,
            as_of=as_of,
            counted_from=main.counted_from,
            met_on=pending,
            lapses=True,
            by="limit",
            also=("cn.civil.188", *main.also),
        ),
    )


def _start(law: Law, claim: Claim) -> tuple[date, tuple[str, ...]]:
    last = max(claim.due_on)
    also: tuple[str, ...] = ()
    if len(claim.due_on) > 1:
        rule = ruling(law, "cn.civil.189", last)
        assert rule.holds("start", "last_instalment_due")
        also = ("cn.civil.189",)
    return (min(last, claim.accelerated_on) if claim.accelerated_on is not None else last), also


def _run(law: Law, claim: Claim, rule: Ruling, start: date, as_of: date) -> Running:
    stop = add_months(start, 12 * rule.whole("long_stop_years"))
    return run(
        law,
        start,
        rule.whole("years"),
        claim.interruptions,
        claim.obstacles,
        as_of,
        counting=CIVIL,
        card=claim.card,
        long_stop=stop,
    )


def _how(rule: Ruling, state: Running) -> Words:
    years = rule.whole("years")
    zh = "；".join([f"自{state.start}起{years}年", *(each.zh for each in state.remarks)])
    en = "; ".join([f"{years} years from {state.start}", *(each.en for each in state.remarks)])
    if state.pending_since is not None:
        zh, en = f"{zh}；程序进行中，时效不进行", f"{en}; proceedings are pending and it does not run"
    return Words(zh=zh, en=en)
