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
from mora.riskclass.numbers import Ruling, exact, percent_text
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
    rule_id: str
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


def coverage_requirement(
    balances: Mapping[RiskClass, int], held_minor: int, rule: Ruling, relief: tuple[Relief, Ruling] | None = None
) -> Requirement:
    """The higher of a share of all loans and a multiple of non-performing ones (cn.prov2011.ratios).

    :param balances: outstanding principal by class, minor units.
    :param relief: the bank's own setting and the rule that allows it.
    :raises Refused: the setting lies outside the band.
    """
    of_loans, of_npl = rule.ratio("loan_provision_ratio"), rule.ratio("coverage_ratio")
    rule_id, decides = rule.rule_id, rule.decides
    if relief is not None:
        setting, band = relief
        _inside(setting.coverage, band, "coverage")
        _inside(setting.loan_provision, band, "loan_provision")
        of_loans, of_npl = setting.loan_provision, setting.coverage
        rule_id, decides = band.rule_id, band.decides
    by_loans = round_fraction(of_loans * sum(balances.values()))
    by_npl = round_fraction(of_npl * sum(amount for each, amount in balances.items() if each.is_npl))
    return Requirement(max(by_loans, by_npl), held_minor, by_loans, by_npl, rule_id, decides)


def _inside(value: Fraction, band: Ruling, name: str) -> None:
    low, high = (exact(edge) for edge in band.params[name])
    if not low <= value <= high:
        raise Refused(f"{band.rule_id}: {name} {value} is outside the band {low} to {high}")


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
