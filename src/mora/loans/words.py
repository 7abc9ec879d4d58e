"""What postings and components are called."""

from __future__ import annotations

from collections.abc import Mapping

from mora.core.words import Words
from mora.loans.terms import Component, PostingKind

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
