"""Which duties follow from which facts? The list of matters, and all duties of a set of facts at once.

A matter is one kind of thing facts are about: a mortgage in the United States, a claim in China. Facts name their
matters; each may be one object or a list of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from mora.core.errors import BadInput, UnknownRule
from mora.core.findings import Finding
from mora.core.words import Words
from mora.law.duties.clause import clause_of
from mora.law.duties.cn import (
    agencies,
    complaints,
    credit,
    enforcement,
    guarantee,
    limitation,
    payment_order,
    preservation,
)
from mora.law.duties.cn import facts as cn
from mora.law.duties.reading import read_facts
from mora.law.duties.terms import Duty, DutyStatus, Kind
from mora.law.duties.uk import breathing_space, credit_notices, shortfall
from mora.law.duties.uk import facts as uk
from mora.law.duties.us import (
    application,
    assigned_staff,
    borrower_answer,
    bureau_wait,
    foreclosure,
    live_contact,
    records,
    validation,
    work_calls,
    written_notice,
)
from mora.law.duties.us import facts as us
from mora.law.fields import did_you_mean
from mora.law.library import Law

Question = Callable[[Law, Any, date], tuple[Duty, ...]]


@dataclass(frozen=True, slots=True)
class Matter:
    """A kind of thing facts are about: its dataclass, and its questions by the rule that answers each."""

    facts: type[Any]
    title: Words
    questions: tuple[tuple[str, Question], ...]


MATTERS: Mapping[str, Matter] = {
    "us_mortgage": Matter(
        us.Mortgage,
        Words(zh="美国抵押贷款（还贷服务机构）", en="mortgage, United States (servicer)"),
        (
            ("us.regx.39a", live_contact.live_contacts),
            ("us.regx.39b", written_notice.written_notices),
            ("us.regx.40", assigned_staff.assigned_staff),
            ("us.regx.41b", application.acknowledgement),
            ("us.regx.41c", application.decision),
            ("us.regx.41e", borrower_answer.borrower_answer),
            ("us.regx.41h", borrower_answer.appeal),
            ("us.regx.41f", foreclosure.first_filing),
            ("us.regx.41g", foreclosure.sale),
        ),
    ),
    "us_collection": Matter(
        us.CollectionAccount,
        Words(zh="美国第三方催收账户", en="account at a collector, United States"),
        (
            ("us.regf.validation", validation.validation_notice),
            ("us.regf.validation.period", validation.validation_period),
            ("us.regf.report14", bureau_wait.bureau_wait),
            ("us.regf.retention", records.records_kept),
            ("us.ma.940cmr7", work_calls.no_work_calls),
        ),
    ),
    "uk_mortgage": Matter(
        uk.Shortfall,
        Words(zh="英国抵押贷款拖欠", en="mortgage shortfall, United Kingdom"),
        (
            ("uk.mcob13.4.1", shortfall.shortfall_information),
            ("uk.mcob13.5.1", shortfall.quarterly_statements),
        ),
    ),
    "uk_credit": Matter(
        uk.CreditAgreement,
        Words(zh="英国定额信贷", en="fixed-sum credit, United Kingdom"),
        (
            ("uk.cca.86b", credit_notices.arrears_notice),
            ("uk.cca.87", credit_notices.default_notice),
            ("uk.conc7.3", credit_notices.plan_pause),
        ),
    ),
    "uk_breathing_space": Matter(
        uk.BreathingSpace,
        Words(zh="英格兰及威尔士债务喘息期", en="breathing space, England and Wales"),
        (
            ("uk.breathing", breathing_space.breathing_space),
            ("uk.breathing.review", breathing_space.review),
        ),
    ),
    "cn_claim": Matter(
        cn.Claim,
        Words(zh="债权的诉讼时效", en="a claim's limitation, China"),
        (("cn.civil.188", limitation.limitation), ("cn.civil.419", limitation.mortgage_right)),
    ),
    "cn_guarantee": Matter(
        cn.Guarantee, Words(zh="保证", en="guarantee, China"), (("cn.civil.692", guarantee.guarantee_period),)
    ),
    "cn_payment_order": Matter(
        cn.PaymentOrder,
        Words(zh="支付令", en="payment order, China"),
        (
            ("cn.cpl.payorder", payment_order.service),
            ("cn.cpl.payorder", payment_order.objection),
            ("cn.cpl.payorder", payment_order.declining_suit),
        ),
    ),
    "cn_preservation": Matter(
        cn.Preservation,
        Words(zh="诉前财产保全", en="preservation before suit, China"),
        (("cn.cpl.preserve.presuit", preservation.suit_after_preservation),),
    ),
    "cn_freeze": Matter(
        cn.Freeze,
        Words(zh="查封、扣押、冻结", en="freeze, China"),
        (("cn.cpl.freeze.terms", preservation.freeze_renewal),),
    ),
    "cn_judgment": Matter(
        cn.Judgment, Words(zh="执行依据", en="judgment, China"), (("cn.cpl.enforce2y", enforcement.enforcement),)
    ),
    "cn_notarised_deed": Matter(
        cn.NotarisedDeed,
        Words(zh="赋强公证债权文书", en="notarised deed, China"),
        (("cn.notary.enforce", enforcement.notarised_enforcement),),
    ),
    "cn_complaint": Matter(
        cn.Complaint,
        Words(zh="投诉", en="complaint, China"),
        (
            ("cn.pbc2020-5.complaints", complaints.forwarded_complaint),
            ("cn.gbt45251.complaints", complaints.collection_complaint),
        ),
    ),
    "cn_credit_objection": Matter(
        cn.CreditObjection,
        Words(zh="征信异议", en="objection to credit data, China"),
        (("cn.credit.dispute20", credit.credit_objection),),
    ),
    "cn_credit_record": Matter(
        cn.CreditRecord, Words(zh="征信不良信息", en="bad credit record, China"), (("cn.credit.5y", credit.bad_record),)
    ),
    "cn_agency": Matter(
        cn.Agency,
        Words(zh="受托催收机构", en="collection agency, China"),
        (("cn.gbt45251.agency.eval", agencies.agency_evaluation),),
    ),
    "cn_collector": Matter(
        cn.CollectorTraining,
        Words(zh="催收人员", en="collector, China"),
        (("cn.gbt45251.training", agencies.collector_training),),
    ),
}
"""What facts may be about; the key is how a facts file names it, and begins with its jurisdiction."""


def read_matters(facts: object) -> tuple[tuple[str, str, Any], ...]:
    """Facts as read from a file: ``(matter, name, facts dataclass)`` for each, in written order.

    :raises BadInput: something is not usable; carries every finding, with the near miss.
    """
    found: list[Finding] = []
    read: list[tuple[str, str, Any]] = []
    if not isinstance(facts, Mapping):
        found.append(
            Finding("DUTIES.VALUE", "The facts are not an object.", expected='{"cn_claim": {"due_on": [...]}}')
        )
        facts = {}
    elif not facts:
        found.append(Finding("DUTIES.MISSING", "The facts name no matter.", expected=f"one of {', '.join(MATTERS)}"))
    for name, value in facts.items():
        matter = MATTERS.get(str(name))
        if matter is None:
            hint = did_you_mean(str(name), MATTERS)
            message = f"{name} is no matter that duties are known for.{hint}"
            found.append(Finding("DUTIES.KEY", message, column=str(name), expected=f"one of {', '.join(MATTERS)}"))
        elif isinstance(value, (list, tuple)):
            for number, each in enumerate(value, 1):
                where = f"{name}[{number}]"
                read.append((str(name), where, read_facts(matter.facts, each, where, found)))
        else:
            read.append((str(name), str(name), read_facts(matter.facts, value, str(name), found)))
    if found:
        raise BadInput(f"事实无法使用，{len(found)}处有误 The facts cannot be used: {len(found)} faults.", tuple(found))
    return tuple(read)


def duties_of(law: Law, facts: object, as_of: date) -> tuple[Duty, ...]:
    """Every duty of a set of facts, by day, those without a day last.

    A question whose rule has no value on its day does not stop the others: it gives a duty without a day that says so.

    :raises BadInput: the facts are not usable.
    :raises UnknownRule: the law was loaded without the jurisdiction of a matter.
    """
    duties: list[Duty] = []
    for matter, name, read in read_matters(facts):
        for rule_id, question in MATTERS[matter].questions:
            try:
                duties += [replace(each, matter=name) for each in question(law, read, as_of)]
            except UnknownRule as unknown:
                duties.append(_without_value(law, rule_id, name, as_of, unknown))
    return tuple(sorted(duties, key=lambda each: (each.day is None, each.day or as_of)))


def _without_value(law: Law, rule_id: str, matter: str, as_of: date, unknown: UnknownRule) -> Duty:
    rule = law.rule(rule_id)
    return Duty(
        rule_id=rule_id,
        clause=clause_of(rule),
        what=rule.title,
        kind=Kind.ACT_BY,
        day=None,
        provisional=False,
        counted_from=None,
        status=DutyStatus.DUE,
        as_of=as_of,
        met_on=None,
        decides=False,
        sentence=Words(zh=f"{rule.title.zh}：规则包未载该日适用的数值，无法计算。", en=f"{rule.title.en}: {unknown}"),
        matter=matter,
    )
