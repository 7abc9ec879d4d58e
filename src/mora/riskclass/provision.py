"""What is set aside: for one loan by its class, and what the whole portfolio must reach.

Base and rounding: outstanding principal, because the guidance speaks of the loan's balance and
late interest leaves income instead; half up in minor units, loan by loan, so that a sum of loans
is a sum of whole cents. Collateral does not lower the base: the rates already differ by class.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from mora.core.errors import Refused
from mora.core.money import round_fraction
from mora.core.words import Words
from mora.riskclass.case import CHINESE, Case
from mora.riskclass.numbers import Numbers, Ruling, exact, percent_text
from mora.riskclass.terms import Reason, RiskClass


def specific_rates(rule: Ruling) -> Mapping[RiskClass, Fraction]:
    """Specific provision rate of each class (cn.prov2002.specific); normal has none."""
    return {each: exact(rule.params["specific"].get(each.word, 0)) for each in RiskClass}


def loan_provision(case: Case, risk_class: RiskClass) -> tuple[int | None, Reason]:
    """Provision of one loan in minor units, and where the figure comes from.

    China: the specific rate of the class, or the given expected loss when that is more. Elsewhere: the given
    expected loss, and unknown (None) without one, since the packs hold no rates there. Written off or sold:
    nothing is left to provide for.
    """
    if case.is_written_off or case.is_sold:
        words = Words("已核销或转让，不再计提", "Written off or sold: nothing to provide for.")
        return 0, Reason("book", "off the book", words)
    ecl, principal = case.facts.ecl_minor, case.position.outstanding_principal_minor
    rule = case.numbers.deciding("cn.prov2002.specific")
    if case.scheme not in CHINESE or rule is None:
        if ecl is None:
            words = Words("无适用比例，未提供预期损失", "No rate applies and no expected loss is given.")
            return None, Reason("book", "no rate", words)
        return ecl, Reason("book", "expected loss given", Words("按给定预期信用损失", "The expected loss given."))
    rate = specific_rates(rule)[risk_class]
    by_class = round_fraction(principal * rate)
    if ecl is not None and ecl > by_class:
        words = Words("给定预期信用损失高于专项准备", "The expected loss given is above the class rate.")
        return ecl, Reason("book", "expected loss given", words)
    percent = percent_text(rate)
    words = Words(f"专项准备，未偿本金的{percent}%", f"{percent} % of outstanding principal.")
    figures = {"principal_minor": str(principal), "percent": percent}
    return by_class, Reason(rule.label, f"specific rate, {risk_class.word}", words, figures, rule.citation)


@dataclass(frozen=True, slots=True)
class Requirement:
    """A portfolio's required provisions, minor units, and by which measure."""

    required_minor: int
    held_minor: int
    by_loans_minor: int
    by_npl_minor: int
    of_loans: Fraction
    """Share of all loans asked for 贷款拨备率."""
    of_npl: Fraction
    """Multiple of non-performing loans asked for 拨备覆盖率."""
    rule_id: str
    citation: Words
    decides: bool

    @property
    def shortfall_minor(self) -> int:
        """What is missing; 0 when enough is held."""
        return max(0, self.required_minor - self.held_minor)


@dataclass(frozen=True, slots=True)
class Relief:
    """A supervisor's setting for one bank inside the relief band (cn.prov2018.relief)."""

    coverage: Fraction
    loan_provision: Fraction


@dataclass(frozen=True, slots=True)
class Measure:
    """By what a bank's provisions are measured on a day."""

    rule: Ruling
    relief: tuple[Relief, Ruling] | None = None
    """The bank's own setting and the rule that allows it."""


def legal_measure(numbers: Numbers) -> Measure | None:
    """What the law asks of a Chinese bank's provisions that day; None: it asks nothing, or nothing that may decide.

    A house pack may state the setting the supervisor gave the bank: ``own_coverage`` and ``own_loan_provision`` of
    cn.prov2018.relief. Where it states one of the two, the other stays as cn.prov2011.ratios has it.

    :raises Refused: the setting lies outside the band.
    """
    rule, band = numbers.deciding("cn.prov2011.ratios"), numbers.deciding("cn.prov2018.relief")
    if rule is None:
        return None
    own = [None if band is None else band.params.get(name) for name in ("own_coverage", "own_loan_provision")]
    if band is None or own == [None, None]:
        return Measure(rule)
    coverage, loans = (
        rule.ratio(name) if value is None else exact(value)
        for name, value in zip(("coverage_ratio", "loan_provision_ratio"), own, strict=True)
    )
    _inside(coverage, band, "coverage")
    _inside(loans, band, "loan_provision")
    return Measure(rule, (Relief(coverage, loans), band))


def coverage_requirement(balances: Mapping[RiskClass, int], held_minor: int, measure: Measure) -> Requirement:
    """The higher of a share of all loans and a multiple of non-performing ones (cn.prov2011.ratios).

    :param balances: outstanding principal by class, minor units.
    :raises Refused: the setting lies outside the band.
    """
    rule = measure.rule
    of_loans, of_npl = rule.ratio("loan_provision_ratio"), rule.ratio("coverage_ratio")
    if measure.relief is not None:
        setting, rule = measure.relief
        _inside(setting.coverage, rule, "coverage")
        _inside(setting.loan_provision, rule, "loan_provision")
        of_loans, of_npl = setting.loan_provision, setting.coverage
    by_loans = round_fraction(of_loans * sum(balances.values()))
    by_npl = round_fraction(of_npl * sum(amount for each, amount in balances.items() if each.is_npl))
    return Requirement(
        max(by_loans, by_npl), held_minor, by_loans, by_npl, of_loans, of_npl, rule.rule_id, rule.citation, rule.decides
    )


def _inside(value: Fraction, band: Ruling, name: str) -> None:
    low, high = (exact(edge) for edge in band.params[name])
    if not low <= value <= high:
        told, edges = percent_text(value), f"{percent_text(low)} % - {percent_text(high)} %"
        raise Refused(
            f"{band.rule_id}: {name} {told} % is outside the band {edges}",
            zh=f"{band.rule_id}：{name} 为 {told}%，超出允许区间 {edges}",
        )


def general_provision(balances: Mapping[RiskClass, int], rule: Ruling) -> int:
    """General provision: 1 % of all loans (cn.prov2002.specific), minor units, half up once."""
    return round_fraction(rule.ratio("general") * sum(balances.values()))


def potential_risk(balances: Mapping[RiskClass, int], rule: Ruling) -> int:
    """Estimated potential risk by the finance ministry's coefficients (cn.prov2012.mof), minor units.

    Only shown as a requirement when ``rule.decides_by("coef")``; half up once on the exact sum.
    """
    return round_fraction(
        sum((exact(rule.params["coef"][each.word]) * balances[each] for each in balances), Fraction(0))
    )


def general_reserve(risk_assets_minor: int, rule: Ruling) -> int:
    """General reserve asked for on risk assets (cn.prov2012.mof: 1.5 %), minor units."""
    return round_fraction(rule.ratio("general_reserve") * risk_assets_minor)
