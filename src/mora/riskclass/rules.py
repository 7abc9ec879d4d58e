"""How bad is one loan, and why? The plain answer, from its position, its standing and the law's numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from mora.ageing.terms import Position, Standing
from mora.core.findings import Finding, Severity
from mora.core.words import Words
from mora.loans.terms import Loan
from mora.riskclass.bureau import bureau_status
from mora.riskclass.contagion import all_banks_contagion, applies_to, own_bank_contagion
from mora.riskclass.eu_default import ForborneState, forborne, is_default
from mora.riskclass.five_class import Floor, chinese_floors
from mora.riskclass.numbers import Numbers, Ruling, percent_text
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

CHINESE = (Scheme.CN_LOAN, Scheme.CN_CARD)
EUROPEAN = (Scheme.EU, Scheme.EU_MATERIAL)
NO_FACTS = Facts()


def decide(
    loan: Loan,
    position: Position,
    standing: Standing,
    numbers: Numbers,
    facts: Facts = NO_FACTS,
    debtor: Debtor | None = None,
) -> Decision:
    """Class, stage, provision and bureau status of one loan on its position's day, with every reason.

    :param numbers: the law read for that day (:func:`mora.riskclass.numbers.read_numbers`).
    :param debtor: totals over the debtor's loans by their own classes; None: contagion is not asked.
    :raises Refused: a jurisdiction whose pack is not loaded.
    """
    scheme, as_of = scheme_of(loan.product), position.as_of
    written_off, sold = _passed(loan.written_off_on, as_of), _passed(loan.sold_on, as_of)
    floors = list(_own_floors(scheme, loan, position, standing, facts, numbers, written_off))
    if debtor is not None and scheme in CHINESE and not sold and applies_to(facts.party_kind):
        floors += _contagion(debtor, numbers)
    considered = tuple((each, reason) for each, reason, decides in floors if decides)
    risk_class, reason = most_severe(considered)
    stage, stage_reason = ecl_stage(position.days_past_due, written_off, facts, backstops(scheme, numbers))
    principal = position.outstanding_principal_minor
    provision, provided = loan_provision(scheme, risk_class, principal, written_off or sold, facts.ecl_minor, numbers)
    return Decision(
        risk_class,
        reason,
        considered,
        stage,
        stage_reason,
        provision,
        provided,
        bureau_status(scheme, position, loan, facts),
        _observed(scheme, loan, standing, as_of, numbers),
        tuple(_warnings(floors, risk_class, stage, scheme, facts, numbers)),
    )


def own_class(
    loan: Loan, position: Position, standing: Standing, numbers: Numbers, facts: Facts = NO_FACTS
) -> RiskClass:
    """The class a loan has without its debtor's other loans: what contagion adds up."""
    written_off = _passed(loan.written_off_on, position.as_of)
    floors = _own_floors(scheme_of(loan.product), loan, position, standing, facts, numbers, written_off)
    return most_severe(tuple((each, reason) for each, reason, decides in floors if decides))[0]


def most_severe(considered: tuple[tuple[RiskClass, Reason], ...]) -> tuple[RiskClass, Reason]:
    """The worst class, and among equals the reason named first."""
    return max(considered, key=lambda each: each[0])


def _passed(day: date | None, as_of: date) -> bool:
    return day is not None and day <= as_of


def _own_floors(
    scheme: Scheme,
    loan: Loan,
    position: Position,
    standing: Standing,
    facts: Facts,
    numbers: Numbers,
    written_off: bool,
) -> Iterator[Floor]:
    if written_off:
        words = Words(f"已于{loan.written_off_on}核销", f"Written off on {loan.written_off_on}.")
        yield RiskClass.LOSS, Reason("book", "written off", words), True
    if scheme in CHINESE:
        yield from chinese_floors(scheme, position, standing, loan, facts, numbers)
    elif scheme in EUROPEAN or scheme is Scheme.UK:
        yield from _european(scheme, loan, position, standing, facts, numbers)
    else:
        yield *us_class(scheme, position.days_past_due, numbers.need("us.urcc.chargeoff")), True


def _european(
    scheme: Scheme, loan: Loan, position: Position, standing: Standing, facts: Facts, numbers: Numbers
) -> Iterator[Floor]:
    """Five words where the law has two (performing or not): watched from the 30-day backstop, substandard on default."""
    days = position.days_past_due
    sicr = numbers.need("eu.ifrs9.sicr")
    watched_from = sicr.whole("dpd_gt") + 1
    if days >= watched_from:
        yield (
            RiskClass.SPECIAL_MENTION,
            _days_reason(sicr, "days past due", days, watched_from, RiskClass.SPECIAL_MENTION),
            True,
        )
    else:
        words = Words(f"逾期{days}天，正常", f"{days} days past due: performing.")
        yield (
            RiskClass.NORMAL,
            Reason(sicr.label, f"days past due < {watched_from}", words, citation=sicr.citation),
            True,
        )
    default = numbers.deciding("eu.crr178.default") if scheme in EUROPEAN else None
    if default is None:
        late = numbers.need("eu.ifrs9.default")
        if days >= late.whole("dpd"):
            reason = _days_reason(late, "days past due", days, late.whole("dpd"), RiskClass.SUBSTANDARD)
            yield RiskClass.SUBSTANDARD, reason, True
    else:
        counted, name = (
            (standing.material_days, "material days") if scheme is Scheme.EU_MATERIAL else (days, "days past due")
        )
        if is_default(counted, default):
            reason = _days_reason(default, name, counted, default.whole("dpd_gt") + 1, RiskClass.SUBSTANDARD)
            yield RiskClass.SUBSTANDARD, reason, True
    if scheme in EUROPEAN:
        yield from _forborne(loan, position, standing, facts, numbers)


def _forborne(loan: Loan, position: Position, standing: Standing, facts: Facts, numbers: Numbers) -> Iterator[Floor]:
    cure, relapse = numbers.get("eu.forborne.cure"), numbers.get("eu.forborne.relapse")
    granted = loan.restructured_on
    if cure is None or relapse is None or granted is None or granted > position.as_of or not facts.npl_before_change:
        return
    clean_on = None if standing.last_late_on is None else standing.last_late_on + timedelta(days=1)
    clocks = forborne(
        granted,
        True,
        position.days_past_due,
        position.as_of,
        cure,
        relapse,
        clean_on=clean_on,
        exited_on=facts.npe_exited_on,
    )
    if clocks.state is ForborneState.CURE:
        words = Words(f"{granted}纾困，尚在治愈期", f"Forborne on {granted}; not yet cured.")
        yield (
            RiskClass.SUBSTANDARD,
            Reason(cure.label, "forborne, not yet cured", words, citation=cure.citation),
            cure.decides,
        )
    elif clocks.state is ForborneState.RELAPSED:
        over = relapse.whole("dpd_gt")
        words = Words(f"考察期内逾期超过{over}天", f"More than {over} days past due during probation.")
        reason = Reason(relapse.label, f"probation, days past due > {over}", words, citation=relapse.citation)
        yield RiskClass.SUBSTANDARD, reason, relapse.decides


def _days_reason(rule: Ruling, what: str, days: int, start: int, risk_class: RiskClass) -> Reason:
    name = CLASS_WORDS[risk_class]
    words = Words(f"逾期{days}天，达到{start}天：{name.zh}", f"{days} {what}, {start} or more: {name.en}.")
    return Reason(rule.label, f"{what} >= {start}", words, {"days": str(days), "from": str(start)}, rule.citation)


def _contagion(debtor: Debtor, numbers: Numbers) -> Iterator[Floor]:
    ten, twenty = numbers.get("cn.class2023.cross10"), numbers.get("cn.class2023.cross20")
    if ten is not None and own_bank_contagion(debtor, ten):
        percent = percent_text(ten.ratio("own_bank_npl_share_gt"))
        words = Words(
            f"该债务人在本行债权的不良占比超过{percent}%（{debtor.npl_minor}/{debtor.exposure_minor}）",
            f"More than {percent} % of the debtor's claims here are non-performing ({debtor.npl_minor}/{debtor.exposure_minor}).",
        )
        figures = {"npl_minor": str(debtor.npl_minor), "exposure_minor": str(debtor.exposure_minor)}
        short = f"contagion, over {percent} % of the debtor's claims here non-performing"
        yield RiskClass.SUBSTANDARD, Reason(ten.label, short, words, figures, ten.citation), ten.decides
    if twenty is not None and all_banks_contagion(debtor, twenty):
        percent = percent_text(twenty.ratio("all_bank_over90_share_gt"))
        words = Words(
            f"该债务人在所有银行逾期90天以上债务占比超过{percent}%",
            f"More than {percent} % of the debtor's bank debt everywhere is over 90 days late.",
        )
        short = f"contagion, over {percent} % of the debtor's bank debt over 90 days late"
        yield RiskClass.SUBSTANDARD, Reason(twenty.label, short, words, citation=twenty.citation), twenty.decides


def _observed(scheme: Scheme, loan: Loan, standing: Standing, as_of: date, numbers: Numbers) -> Observation | None:
    rule = numbers.get("cn.class2023.restructured.obs")
    if scheme not in CHINESE or rule is None or not _passed(loan.restructured_on, as_of):
        return None
    return observation(standing, as_of, rule)


def _warnings(
    floors: list[Floor], risk_class: RiskClass, stage: int, scheme: Scheme, facts: Facts, numbers: Numbers
) -> Iterator[Finding]:
    for each, reason, decides in floors:
        if decides or each is risk_class:
            continue
        if each > risk_class:
            message = f"would be at least {CLASS_WORDS[each].en} if confirmed: {reason.words.en}"
            yield _warning("CLASS.UNCONFIRMED", message, reason.rule_id)
        elif each is RiskClass.NORMAL:
            message = f"might be left out of count if confirmed and switched on: {reason.words.en}"
            yield _warning("CLASS.UNCONFIRMED", message, reason.rule_id)
    if risk_class.is_npl and stage < 3:
        yield _warning(
            "CLASS.STAGE", f"non-performing ({risk_class.word}) but stage {stage}: is it credit-impaired?", ""
        )
    if scheme in CHINESE and numbers.get("cn.ecl2022") is not None and numbers.deciding("cn.ecl2022") is None:
        yield _warning(
            "CLASS.STAGE_RULE", "the stage follows IFRS 9; the Chinese notice is not confirmed", "cn.ecl2022"
        )
    if scheme is Scheme.US_REAL_ESTATE and risk_class.is_npl:
        yield _warning(
            "CLASS.VALUE", "how much is loss depends on the property's value, which is not read", "us.urcc.special"
        )
    if scheme not in CHINESE and facts.ecl_minor is None:
        yield _warning("CLASS.PROVISION", "no rate applies here and no expected loss is given: provision 0", "")


def _warning(code: str, message: str, cite: str) -> Finding:
    return Finding(code, message, severity=Severity.WARNING, cite=cite)
