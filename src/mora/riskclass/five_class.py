"""Which of the five Chinese classes, seen from the loan alone (contagion comes after)?

Days set floors; the card rule sets its own and the more severe counts. Restructured loans,
expected loss, impairment and the way up from non-performing add floors of their own when their
rules may decide, and warnings when not.
"""

from __future__ import annotations

from collections.abc import Iterator

from mora.core.words import Words
from mora.riskclass.case import Case, Floor
from mora.riskclass.numbers import Ruling, percent_text
from mora.riskclass.observation import observation, upgrade_on
from mora.riskclass.terms import CLASS_WORDS, Reason, RiskClass, Scheme, class_of


def chinese_floors(case: Case) -> Iterator[Floor]:
    """Every floor the Chinese rules set for one loan, in the order that settles ties."""
    yield from _by_the_measures(case)
    card = case.numbers.get("cn.card2011.a92.class")
    if case.scheme is Scheme.CN_CARD and card is not None:
        yield *_by_days(card, card.bands("bands"), case.days), card.decides
    yield from _restructured(case)
    yield from _upgrade(case)
    yield from _expected_loss(case)


def _by_the_measures(case: Case) -> Iterator[Floor]:
    base, grace = case.numbers.need("cn.class2023.dpd"), case.numbers.get("cn.class2023.techgrace")
    if grace is not None and case.facts.technical_delay and 0 < case.days <= grace.whole("grace_days"):
        is_on = grace.decides and bool(grace.params.get("enabled"))
        words = Words(
            f"因操作或技术原因逾期{case.days}天，可豁免",
            f"{case.days} days past due for a technical cause: exempt.",
        )
        short = f"technical delay of at most {grace.whole('grace_days')} days"
        yield RiskClass.NORMAL, Reason(grace.label, short, words, citation=grace.citation), is_on
        if is_on:
            return
    yield *_by_days(base, base.days_floors("floors"), case.days), True


def _by_days(rule: Ruling, starts: tuple[tuple[int, RiskClass], ...], days: int) -> tuple[RiskClass, Reason]:
    reached = [(first, each) for first, each in starts if days >= first and each is not RiskClass.NORMAL]
    if not reached:
        words = Words("未逾期", "Not past due.")
        return RiskClass.NORMAL, Reason(rule.label, "not past due", words, citation=rule.citation)
    first, risk_class = reached[-1]
    name = CLASS_WORDS[risk_class]
    words = Words(
        f"逾期{days}天，达到{first}天，至少归为{name.zh}类",
        f"{days} days past due, {first} or more: at least {name.en}.",
    )
    figures = {"days_past_due": str(days), "from": str(first)}
    return risk_class, Reason(rule.label, f"days past due >= {first}", words, figures, rule.citation)


def _restructured(case: Case) -> Iterator[Floor]:
    clock = case.numbers.get("cn.class2023.restructured.obs")
    floor = case.numbers.get("cn.class2023.restructured.floor")
    if clock is None or floor is None or not case.is_restructured:
        return
    watch = observation(case.standing, case.as_of, clock)
    if watch.is_over:
        return
    changed = case.loan.restructured_on
    until = Words("", "") if watch.ends_on is None else Words(f"至{watch.ends_on}", f" until {watch.ends_on}")

    def reason(short: str, zh: str, en: str) -> Reason:
        words = Words(f"{zh}，观察期{until.zh}", f"{en}; under observation{until.en}.")
        return Reason(floor.label, short, words, {"restructured_on": str(changed)}, floor.citation)

    if case.facts.restructured_again:
        again = reason("restructured again under observation", "观察期内再次重组", "Restructured again")
        yield class_of(str(floor.params["second_restructure_floor"])), again, floor.decides
    if case.facts.npl_before_change and floor.params.get("npl_stays"):
        stays = reason("was non-performing before restructuring", "重组前已为不良", "Non-performing before the change")
        yield RiskClass.SUBSTANDARD, stays, floor.decides
    at_least = class_of(str(floor.params["floor"]))
    yield at_least, reason("restructured, under observation", "重组资产", "Restructured"), floor.decides


def _upgrade(case: Case) -> Iterator[Floor]:
    rule = case.numbers.get("cn.class2023.upgrade")
    if rule is None:
        return
    earned_on = upgrade_on(case.standing, case.facts, rule)
    if earned_on is None or (case.days == 0 and case.as_of >= earned_on):
        return
    last = case.standing.last_npl_on
    words = Words(
        f"曾为不良（最近一次{last}），上调最早{earned_on}",
        f"Was non-performing (last on {last}); may be upgraded from {earned_on} at the earliest.",
    )
    short = "upgrade from non-performing not yet earned"
    yield RiskClass.SUBSTANDARD, Reason(rule.label, short, words, citation=rule.citation), rule.decides


def _expected_loss(case: Case) -> Iterator[Floor]:
    rule = case.numbers.get("cn.class2023.ecl")
    if rule is None:
        return
    loss, book = case.facts.ecl_minor, case.position.outstanding_principal_minor
    for ratio, risk_class in reversed(rule.ratio_floors("ecl_ratio")):
        if loss is not None and book > 0 and loss * ratio.denominator >= book * ratio.numerator:
            percent = percent_text(ratio)
            words = Words(
                f"预期信用损失占账面余额{percent}%以上",
                f"Expected loss is {percent} % or more of the book value.",
            )
            figures = {"ecl_minor": str(loss), "book_minor": str(book)}
            short = f"expected loss >= {percent} % of book"
            yield risk_class, Reason(rule.label, short, words, figures, rule.citation), rule.decides
            break
    if case.facts.credit_impaired:
        words = Words("已发生信用减值", "Credit-impaired.")
        impaired = Reason(rule.label, "credit-impaired", words, citation=rule.citation)
        yield class_of(str(rule.params["impaired"])), impaired, rule.decides
