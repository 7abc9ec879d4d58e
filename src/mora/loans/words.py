"""What postings and components are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mora.core.words import Words
from mora.loans.terms import Component, DueState, PostingKind, Product, Step, by_instalment

COMPONENT_WORDS: Mapping[Component, Words] = {
    Component.PRINCIPAL: Words("本金", "principal"),
    Component.INTEREST: Words("利息", "interest"),
    Component.FEE: Words("费用", "fee"),
    Component.PENALTY: Words("罚息", "penalty interest"),
    Component.COMPOUND: Words("复利", "compound interest"),
}

POSTING_WORDS: Mapping[PostingKind, Words] = {
    PostingKind.DISBURSEMENT: Words("放款", "disbursement"),
    PostingKind.PAYMENT: Words("还款", "payment"),
    PostingKind.REVERSAL: Words("冲正", "reversal"),
    PostingKind.REFUND: Words("退款", "refund"),
    PostingKind.FEE: Words("收费", "fee charged"),
    PostingKind.PENALTY_ADJUSTMENT: Words("罚息调整", "penalty adjusted"),
    PostingKind.WAIVER: Words("减免", "waiver"),
    PostingKind.WRITE_OFF: Words("核销", "write-off"),
    PostingKind.RECOVERY: Words("核销后回收", "recovery"),
    PostingKind.INTEREST_PAUSE: Words("暂停计收罚息", "interest paused"),
    PostingKind.INTEREST_RESUME: Words("恢复计收罚息", "interest resumed"),
    PostingKind.DELINQUENCY_PAUSE: Words("逾期天数暂停计算", "delinquency paused"),
    PostingKind.DELINQUENCY_RESUME: Words("逾期天数恢复计算", "delinquency resumed"),
    PostingKind.RE_AMORTISE: Words("提前还本并重新摊还", "re-amortised"),
    PostingKind.RESCHEDULE: Words("重新约定还款计划", "rescheduled"),
}

STATE_WORDS: Mapping[DueState, Words] = {
    DueState.PAST_DUE: Words("逾期款", "past due"),
    DueState.DUE: Words("当日到期款", "due that day"),
    DueState.IN_ADVANCE: Words("未到期款", "not yet due"),
}


def waterfall_words(product: Product) -> Words:
    """In which order a payment is taken, in a sentence."""
    plain = _steps(product.steps)
    if product.switch is None:
        return plain
    other, days = _steps(product.switch.steps), product.switch.beyond_days
    return Words(
        f"{plain.zh}；逾期超过 {days} 天后改为：{other.zh}", f"{plain.en}; beyond {days} days past due: {other.en}"
    )


def _steps(steps: Sequence[Step]) -> Words:
    """Steps in order; within one, an instalment at a time, the oldest first."""
    if tuple(steps) == by_instalment(steps[0].components):
        order = [COMPONENT_WORDS[each] for each in steps[0].components]
        return Words(
            f"先逾期款，再当日到期款，后未到期款；逐期按{'、'.join(each.zh for each in order)}",
            "past due first, then due that day, then not yet due; an instalment at a time: "
            + ", ".join(each.en for each in order),
        )
    zh, en = [], []
    for step in steps:
        names = [COMPONENT_WORDS[each] for each in step.components]
        state = STATE_WORDS[step.state]
        zh.append(f"{state.zh}（{'、'.join(each.zh for each in names)}）")
        en.append(f"{state.en} ({', '.join(each.en for each in names)})")
    return Words(" → ".join(zh), " → ".join(en))
