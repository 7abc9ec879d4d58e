"""Does this act interrupt limitation, and under which rule? Civil Code art. 195; SPC provisions art. 8, 9, 14, 17.

In doubt it does not: what cannot be proved, or what no rule in the packs covers on its day, restarts nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from mora.core.words import Words
from mora.law.duties.cn.facts import Interruption, InterruptionKind
from mora.law.duties.numbers import Ruling, ruling_if_any
from mora.law.library import Law

_EVENT = {
    InterruptionKind.DEMAND: "demand_received",
    InterruptionKind.ASSIGNMENT_NOTICE: "demand_received",
    InterruptionKind.ACKNOWLEDGEMENT: "debtor_acknowledges",
    InterruptionKind.SUIT: "suit",
    InterruptionKind.ARBITRATION: "arbitration",
    InterruptionKind.EQUIVALENT: "equivalent",
}
NAMES = {
    InterruptionKind.DEMAND: Words(zh="催告", en="demand"),
    InterruptionKind.ASSIGNMENT_NOTICE: Words(zh="债权转让通知", en="notice of assignment"),
    InterruptionKind.ACKNOWLEDGEMENT: Words(zh="债务人同意履行", en="acknowledgement"),
    InterruptionKind.SUIT: Words(zh="起诉", en="suit"),
    InterruptionKind.ARBITRATION: Words(zh="申请仲裁", en="arbitration"),
    InterruptionKind.EQUIVALENT: Words(zh="与起诉具有同等效力的行为", en="act equal to a suit"),
}


_NOTHING = Words(zh="", en="")


@dataclass(frozen=True, slots=True)
class Effect:
    """Whether an act interrupts, the rules behind it, and if not why."""

    counts: bool
    rules: tuple[str, ...] = ()
    why_not: Words = _NOTHING


def effect_of(law: Law, act: Interruption, card: bool) -> Effect:
    """Whether an act interrupts the limitation of a claim (of a card debt, when ``card``)."""
    general = ruling_if_any(law, "cn.civil.195", act.done_on)
    if general is None or not general.rule.decides or not general.holds("events", _EVENT[act.kind]):
        return _no("规则包未载该日适用的规则", "the packs hold no rule for that day")
    match act.kind:
        case InterruptionKind.DEMAND:
            return _demand(law, act, card)
        case InterruptionKind.ASSIGNMENT_NOTICE:
            return _assignment(law, act)
        case InterruptionKind.ACKNOWLEDGEMENT:
            rule = _deciding(law, "cn.spc.limit.14", act)
            if rule is None or act.how is None or not rule.holds("ack", act.how):
                return _no("未载明第14条所列方式", "no way that article 14 names was given")
            return Effect(True, ("cn.civil.195", "cn.spc.limit.14"))
        case _:
            return Effect(True, ("cn.civil.195",))


def _demand(law: Law, act: Interruption, card: bool) -> Effect:
    if act.rest_given_up:
        return _no("已明确放弃剩余债权", "the rest was clearly given up")
    part = _deciding(law, "cn.spc.limit.9", act)
    also = ("cn.spc.limit.9",) if part is not None and part.holds("partial_demand", "whole") else ()
    rule = _deciding(law, "cn.spc.limit.8", act)
    if rule is not None and act.proof is not None and rule.holds("proof", act.proof):
        return Effect(True, ("cn.civil.195", "cn.spc.limit.8", *also))
    rule = _deciding(law, "cn.spc.card.a3", act) if card else None
    if rule is not None and act.channel is not None and act.to_reserved_contact:
        if rule.holds("channels", act.channel) and rule.holds("target", "reserved_contact"):
            return Effect(True, ("cn.civil.195", "cn.spc.card.a3", *also))
        return _no("该送达方式未经核实", "that channel is not verified")
    return _no("无到达证明", "no proof that it arrived")


def _assignment(law: Law, act: Interruption) -> Effect:
    rule = _deciding(law, "cn.spc.limit.17", act)
    if rule is None or not rule.holds("assignment_notice", "restart"):
        return _no("规则包未载该日适用的规则", "the packs hold no rule for that day")
    if act.proof is None:
        return _no("无到达证明", "no proof that it arrived")
    return Effect(True, ("cn.civil.195", "cn.spc.limit.17"))


def _deciding(law: Law, rule_id: str, act: Interruption) -> Ruling | None:
    rule = ruling_if_any(law, rule_id, act.done_on)
    return rule if rule is not None and rule.rule.decides else None


def _no(zh: str, en: str) -> Effect:
    return Effect(False, why_not=Words(zh=zh, en=en))
