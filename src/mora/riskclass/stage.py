"""Which IFRS 9 stage? Days are backstops: presumptions that can be rebutted, with a recorded reason.

Stage 1 looks twelve months ahead; stage 2 (risk has risen significantly) and stage 3
(credit-impaired) over the whole life.
"""

from __future__ import annotations

from dataclasses import dataclass

from mora.core.words import Words
from mora.riskclass.numbers import Numbers, Ruling
from mora.riskclass.terms import Facts, Reason, Scheme


@dataclass(frozen=True, slots=True)
class Backstops:
    """The days that presume stage 2 and stage 3."""

    sicr_from: int
    """First day past due presumed a significant increase."""
    default_from: int
    sicr_rule: Ruling
    default_rule: Ruling


def backstops(scheme: Scheme, numbers: Numbers) -> Backstops:
    """Whose backstops apply.

    China's own notice (cn.ecl2022) when it may decide; otherwise, and everywhere else, IFRS 9 itself,
    whose text says default is *no later than* 90 days past due: day 90 already counts.

    :raises Refused: the IFRS rules are not loaded.
    """
    own = numbers.deciding("cn.ecl2022") if scheme in (Scheme.CN_LOAN, Scheme.CN_CARD) else None
    if own is not None:
        return Backstops(own.whole("sicr_dpd_gt") + 1, own.whole("default_dpd_gt") + 1, own, own)
    sicr, default = numbers.need("eu.ifrs9.sicr"), numbers.need("eu.ifrs9.default")
    return Backstops(sicr.whole("dpd_gt") + 1, default.whole("dpd"), sicr, default)


def ecl_stage(days: int, written_off: bool, facts: Facts, at: Backstops) -> tuple[int, Reason]:
    """The stage of a loan ``days`` past due, and the reason that decided."""
    return _third(days, written_off, facts, at) or _second(days, facts, at) or _first(days, facts, at)


def _third(days: int, written_off: bool, facts: Facts, at: Backstops) -> tuple[int, Reason] | None:
    if written_off:
        return 3, Reason("book", "written off", Words("已核销，按已发生信用减值处理", "Written off: credit-impaired."))
    if facts.credit_impaired:
        words = Words("已记录信用减值证据", "Evidence of credit impairment is recorded.")
        return 3, Reason("book", "credit-impaired", words)
    if days >= at.default_from and not facts.default_rebuttal:
        return 3, _late(at.default_rule, days, at.default_from, Words("推定违约", "default is presumed"))
    return None


def _second(days: int, facts: Facts, at: Backstops) -> tuple[int, Reason] | None:
    if facts.significant_increase:
        words = Words("已记录信用风险显著增加", "A significant increase in credit risk is recorded.")
        return 2, Reason("book", "significant increase", words)
    if days >= at.sicr_from and not facts.sicr_rebuttal:
        presumed = Words("推定信用风险显著增加", "a significant increase is presumed")
        return 2, _late(at.sicr_rule, days, at.sicr_from, presumed)
    return None


def _first(days: int, facts: Facts, at: Backstops) -> tuple[int, Reason]:
    if days >= at.sicr_from:
        why = facts.sicr_rebuttal
        rebutted = Words(
            f"逾期{days}天，推定已被推翻：{why}", f"{days} days past due; the presumption is rebutted: {why}"
        )
        return 1, Reason(at.sicr_rule.label, "presumption rebutted", rebutted, citation=at.sicr_rule.citation)
    words = Words(f"逾期{days}天，未达推定界限", f"{days} days past due: below the presumption.")
    return 1, Reason(at.sicr_rule.label, f"days past due < {at.sicr_from}", words, citation=at.sicr_rule.citation)


def _late(rule: Ruling, days: int, start: int, then: Words) -> Reason:
    return Reason(
        rule.label,
        f"days past due >= {start}",
        Words(f"逾期{days}天，达到{start}天，{then.zh}", f"{days} days past due, {start} or more: {then.en}."),
        {"days_past_due": str(days), "from": str(start)},
        rule.citation,
    )
