"""How bad is one loan, and why? The plain answer, from its position, its standing and the law's numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mora.ageing.terms import Position, Standing
from mora.core.findings import Finding, Severity
from mora.core.words import Words
from mora.loans.terms import Loan
from mora.riskclass.bureau import bureau_status
from mora.riskclass.case import AMERICAN, CHINESE, Case, Floor
from mora.riskclass.contagion import applies_to, contagion_floors
from mora.riskclass.eu_class import european_floors
from mora.riskclass.five_class import chinese_floors
from mora.riskclass.numbers import Numbers
from mora.riskclass.observation import observation
from mora.riskclass.provision import loan_provision
from mora.riskclass.stage import backstops, ecl_stage
from mora.riskclass.terms import (
    CLASS_WORDS,
    Debtor,
    Decision,
    Facts,
    Observation,
    Reason,
    RiskClass,
    Scheme,
    scheme_of,
)
from mora.riskclass.us_retail import us_class

NO_FACTS = Facts()


def decide(
    loan: Loan,
    position: Position,
    standing: Standing,
    numbers: Numbers,
    *,
    facts: Facts = NO_FACTS,
    debtor: Debtor | None = None,
) -> Decision:
    """Class, stage, provision and bureau status of one loan on its position's day, with every reason.

    :param numbers: the law read for that day (:func:`mora.riskclass.numbers.read_numbers`).
    :param debtor: totals over the debtor's loans by their own classes; None: contagion is not asked.
    :raises Refused: a jurisdiction whose pack is not loaded.
    """
    case = Case(scheme_of(loan.product), loan, position, standing, facts, numbers)
    floors = list(_own_floors(case))
    if debtor is not None and case.scheme in CHINESE and not case.is_sold and applies_to(facts.party_kind):
        floors += contagion_floors(debtor, numbers)
    risk_class, reason = most_severe(floors)
    stage, stage_reason = ecl_stage(case.days, case.is_written_off, facts, backstops(case.scheme, numbers))
    provision, provision_reason = loan_provision(case, risk_class)
    return Decision(
        risk_class,
        reason,
        tuple((each, why) for each, why, decides in floors if decides),
        stage,
        stage_reason,
        provision,
        provision_reason,
        bureau_status(case),
        _observed(case),
        tuple(_warnings(case, floors, risk_class, stage)),
    )


def own_class(
    loan: Loan, position: Position, standing: Standing, numbers: Numbers, *, facts: Facts = NO_FACTS
) -> RiskClass:
    """The class a loan has without its debtor's other loans: what contagion adds up."""
    case = Case(scheme_of(loan.product), loan, position, standing, facts, numbers)
    return most_severe(list(_own_floors(case)))[0]


def most_severe(floors: Sequence[Floor]) -> tuple[RiskClass, Reason]:
    """The worst class of those whose rules may decide, and among equals the reason named first."""
    return max(((each, reason) for each, reason, decides in floors if decides), key=lambda floor: floor[0])


def _own_floors(case: Case) -> Iterator[Floor]:
    if case.is_written_off:
        day = case.loan.written_off_on
        yield RiskClass.LOSS, Reason("book", "written off", Words(f"已于{day}核销", f"Written off on {day}.")), True
    if case.scheme in CHINESE:
        yield from chinese_floors(case)
    elif case.scheme in AMERICAN:
        yield *us_class(case.scheme, case.days, case.numbers.need("us.urcc.chargeoff")), True
    else:
        yield from european_floors(case)


def _observed(case: Case) -> Observation | None:
    rule = case.numbers.get("cn.class2023.restructured.obs")
    if case.scheme not in CHINESE or rule is None or not case.is_restructured:
        return None
    return observation(case.standing, case.as_of, rule)


def _warnings(case: Case, floors: Sequence[Floor], risk_class: RiskClass, stage: int) -> Iterator[Finding]:
    for each, reason, decides in floors:
        if decides or each is risk_class:
            continue
        name, why = CLASS_WORDS[each], reason.words
        if each > risk_class:
            words = Words(
                f"{why.zh}；该规则如经确认，至少归为{name.zh}类",
                f"would be at least {name.en} if confirmed: {why.en}",
            )
            yield _warning("CLASS.UNCONFIRMED", words, reason.rule_id)
        elif each is RiskClass.NORMAL:
            words = Words(
                f"{why.zh}；该规则如经确认并启用，本次逾期可不计入",
                f"might be left out of count if confirmed and switched on: {why.en}",
            )
            yield _warning("CLASS.UNCONFIRMED", words, reason.rule_id)
    if risk_class.is_npl and stage < 3:
        words = Words(
            f"已归为{CLASS_WORDS[risk_class].zh}类（不良），但处于阶段{_STAGES[stage]}，请核实是否已发生信用减值",
            f"non-performing ({risk_class.word}) but stage {stage}: is it credit-impaired?",
        )
        yield _warning("CLASS.STAGE", words, "")
    own = case.numbers.get("cn.ecl2022")
    if case.scheme in CHINESE and own is not None and not own.decides:
        words = Words(
            "阶段按国际财务报告准则第9号划分；国内办法的相应条款尚未核实",
            "the stage follows IFRS 9; the Chinese notice is not confirmed",
        )
        yield _warning("CLASS.STAGE_RULE", words, own.rule_id)
    if case.scheme is Scheme.US_REAL_ESTATE and risk_class.is_npl:
        words = Words(
            "损失金额取决于房产价值，而账簿未读取该价值",
            "how much is loss depends on the property's value, which is not read",
        )
        yield _warning("CLASS.VALUE", words, "us.urcc.special")
    if case.scheme not in CHINESE and case.facts.ecl_minor is None:
        words = Words(
            "无适用计提比例，也未提供预期信用损失，拨备未知",
            "no rate applies here and no expected loss is given: the provision is unknown",
        )
        yield _warning("CLASS.PROVISION", words, "")


_STAGES = {1: "一", 2: "二", 3: "三"}


def _warning(code: str, words: Words, cite: str) -> Finding:
    return Finding(code, words.en, severity=Severity.WARNING, cite=cite, message_zh=words.zh)
