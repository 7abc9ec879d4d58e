"""Does one bad loan make all of a debtor's loans bad?

Non-retail debtors only. The shares are compared by whole numbers, so exactly 10 % is not more
than 10 %. Exposure is outstanding principal: written-off claims are in it (they are still
claims, and non-performing), sold ones are not.
"""

from __future__ import annotations

from mora.riskclass.numbers import Ruling
from mora.riskclass.terms import PERSON, Debtor


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
