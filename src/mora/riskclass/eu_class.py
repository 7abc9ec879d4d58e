"""Which of the five words for a loan in the EU or the UK?

Their law has two words, performing and non-performing. The five are filled from what it does
say: normal; special mention from the 30-day backstop (watched); substandard on default or while a
forborne loan is not cured. Nothing there tells doubtful from loss, so those are left to write-off.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from mora.core.words import Words
from mora.riskclass.case import EUROPEAN, Case, Floor
from mora.riskclass.eu_default import ForborneState, forborne, is_default
from mora.riskclass.numbers import Ruling
from mora.riskclass.terms import CLASS_WORDS, Reason, RiskClass, Scheme


def european_floors(case: Case) -> Iterator[Floor]:
    """Every floor European rules set for one loan, in the order that settles ties."""
    days, sicr = case.days, case.numbers.need("eu.ifrs9.sicr")
    watched_from = sicr.whole("dpd_gt") + 1
    if days >= watched_from:
        yield (
            RiskClass.SPECIAL_MENTION,
            _reached(sicr, "days past due", days, watched_from, RiskClass.SPECIAL_MENTION),
            True,
        )
    else:
        words = Words(f"逾期{days}天，正常", f"{days} days past due: performing.")
        yield (
            RiskClass.NORMAL,
            Reason(sicr.label, f"days past due < {watched_from}", words, citation=sicr.citation),
            True,
        )
    yield from _default(case)
    if case.scheme in EUROPEAN and case.is_restructured and case.facts.npl_before_change:
        yield from _forborne(case)


def _default(case: Case) -> Iterator[Floor]:
    rule = case.numbers.deciding("eu.crr178.default") if case.scheme in EUROPEAN else None
    if rule is None:
        rule = case.numbers.need("eu.ifrs9.default")
        start = rule.whole("dpd")
        if case.days >= start:
            yield RiskClass.SUBSTANDARD, _reached(rule, "days past due", case.days, start, RiskClass.SUBSTANDARD), True
        return
    own_counter = case.scheme is Scheme.EU_MATERIAL
    counted = case.standing.material_days if own_counter else case.days
    if is_default(counted, rule):
        name = "material days" if own_counter else "days past due"
        yield (
            RiskClass.SUBSTANDARD,
            _reached(rule, name, counted, rule.whole("dpd_gt") + 1, RiskClass.SUBSTANDARD),
            True,
        )


def _forborne(case: Case) -> Iterator[Floor]:
    cure, relapse = case.numbers.get("eu.forborne.cure"), case.numbers.get("eu.forborne.relapse")
    granted, late = case.loan.restructured_on, case.standing.last_late_on
    if cure is None or relapse is None or granted is None:
        return
    clocks = forborne(
        granted,
        case.as_of,
        cure,
        relapse,
        was_npe=True,
        days_past_due=case.days,
        clean_on=None if late is None else late + timedelta(days=1),
        exited_on=case.facts.npe_exited_on,
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
        short = f"probation, days past due > {over}"
        yield RiskClass.SUBSTANDARD, Reason(relapse.label, short, words, citation=relapse.citation), relapse.decides


def _reached(rule: Ruling, what: str, days: int, start: int, risk_class: RiskClass) -> Reason:
    name = CLASS_WORDS[risk_class]
    words = Words(f"逾期{days}天，达到{start}天：{name.zh}", f"{days} {what}, {start} or more: {name.en}.")
    return Reason(rule.label, f"{what} >= {start}", words, {"days": str(days), "from": str(start)}, rule.citation)
