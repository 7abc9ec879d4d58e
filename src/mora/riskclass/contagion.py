"""Does one bad loan make all of a debtor's loans bad?

Non-retail debtors only. The shares are compared by whole numbers, so exactly 10 % is not more
than 10 %. Exposure is outstanding principal: written-off claims are in it (they are still
claims, and non-performing), sold ones are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from mora.core.money import round_fraction
from mora.core.words import Words
from mora.riskclass.case import Floor
from mora.riskclass.numbers import Numbers, Ruling, percent_text
from mora.riskclass.terms import PERSON, Debtor, Reason, RiskClass


def applies_to(party_kind: str | None) -> bool:
    """Whether a debtor of this kind is non-retail. An unknown kind is, which is the stricter reading."""
    return party_kind != PERSON


def own_bank_contagion(debtor: Debtor, rule: Ruling) -> bool:
    """More than 10 % of the debtor's claims at this lender are non-performing (cn.class2023.cross10)."""
    share = rule.ratio("own_bank_npl_share_gt")
    return debtor.npl_minor * share.denominator > debtor.exposure_minor * share.numerator


def all_banks_contagion(debtor: Debtor, rule: Ruling) -> bool | None:
    """More than 20 % of the debtor's bank debt is over 90 days late (cn.class2023.cross20); None when unknown."""
    if debtor.all_banks_minor is None or debtor.all_banks_over90_minor is None:
        return None
    share = rule.ratio("all_bank_over90_share_gt")
    return debtor.all_banks_over90_minor * share.denominator > debtor.all_banks_minor * share.numerator


def contagion_floors(debtor: Debtor, numbers: Numbers) -> Iterator[Floor]:
    """The floors a debtor's other loans set for each of its loans."""
    ten, twenty = numbers.get("cn.class2023.cross10"), numbers.get("cn.class2023.cross20")
    if ten is not None and own_bank_contagion(debtor, ten):
        percent = percent_text(ten.ratio("own_bank_npl_share_gt"))
        held = Fraction(100 * debtor.npl_minor, max(debtor.npl_minor, debtor.exposure_minor))
        share = format(Decimal(round_fraction(held * 100)).scaleb(-2), "f")
        words = Words(
            f"该债务人在本行的债权中不良占{share}%，超过{percent}%",
            f"{share} % of the debtor's claims here are non-performing, more than {percent} %.",
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
