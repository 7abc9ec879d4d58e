"""Which of the five Chinese classes, seen from the loan alone (contagion comes after)?

Days set floors; the card rule sets its own and the more severe counts. Restructured loans,
expected loss, impairment and the way up from non-performing add floors of their own when their
rules may decide, and warnings when not.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from mora.ageing.terms import Position, Standing
from mora.core.words import Words
from mora.loans.terms import Loan
from mora.riskclass.numbers import Numbers, Ruling, percent_text
from mora.riskclass.observation import observation, upgrade_on
from mora.riskclass.terms import CLASS_WORDS, Facts, Reason, RiskClass, Scheme

Floor = tuple[RiskClass, Reason, bool]
"""A class, why, and whether the rule behind it may decide."""


def chinese_floors(
    scheme: Scheme, position: Position, standing: Standing, loan: Loan, facts: Facts, numbers: Numbers
) -> Iterator[Floor]:
    """Every floor the Chinese rules set for one loan, in the order that settles ties."""
    days, as_of = position.days_past_due, position.as_of
    grace = numbers.get("cn.class2023.techgrace")
    base = numbers.need("cn.class2023.dpd")
    forgiven = grace is not None and facts.technical_delay and 0 < days <= grace.whole("grace_days")
    if grace is not None and forgiven:
        yield RiskClass.NORMAL, _grace(grace, days), grace.decides and bool(grace.params.get("enabled"))
    if not (grace is not None and forgiven and grace.decides and grace.params.get("enabled")):
        yield *_by_days(base, base.days_floors("floors"), days), True
    card = numbers.get("cn.card2011.a92.class")
    if scheme is Scheme.CN_CARD and card is not None:
        yield *_by_days(card, card.bands("bands"), days), card.decides
    yield from _restructured(standing, loan, facts, numbers, as_of)
    yield from _upgrade(position, standing, facts, numbers)
    yield from _expected_loss(position, loan, facts, numbers)


def _grace(rule: Ruling, days: int) -> Reason:
    words = Words(f"因操作或技术原因逾期{days}天，可豁免", f"{days} days past due for a technical cause: exempt.")
    return Reason(
        rule.label, f"technical delay of at most {rule.whole('grace_days')} days", words, citation=rule.citation
    )


def _by_days(rule: Ruling, starts: tuple[tuple[int, RiskClass], ...], days: int) -> tuple[RiskClass, Reason]:
    reached = [(first, each) for first, each in starts if days >= first and each is not RiskClass.NORMAL]
    if not reached:
        return RiskClass.NORMAL, Reason(
            rule.label, "not past due", Words("未逾期", "Not past due."), citation=rule.citation
        )
    first, risk_class = reached[-1]
    name = CLASS_WORDS[risk_class]
    words = Words(
        f"逾期{days}天，达到{first}天，至少归为{name.zh}类",
        f"{days} days past due, {first} or more: at least {name.en}.",
    )
    figures = {"days_past_due": str(days), "from": str(first)}
    return risk_class, Reason(rule.label, f"days past due >= {first}", words, figures, rule.citation)


def _restructured(standing: Standing, loan: Loan, facts: Facts, numbers: Numbers, as_of: date) -> Iterator[Floor]:
    clock, floor = numbers.get("cn.class2023.restructured.obs"), numbers.get("cn.class2023.restructured.floor")
    changed = loan.restructured_on
    if clock is None or floor is None or changed is None or changed > as_of:
        return
    watch = observation(standing, as_of, clock)
    if watch.is_over:
        return
    until = "" if watch.ends_on is None else f" until {watch.ends_on}"
    zh_until = "" if watch.ends_on is None else f"至{watch.ends_on}"

    def reason(short: str, zh: str, en: str) -> Reason:
        words = Words(f"{zh}，观察期{zh_until}", f"{en}; under observation{until}.")
        return Reason(floor.label, short, words, {"restructured_on": str(changed)}, floor.citation)

    at_least = RiskClass[str(floor.params["floor"]).upper()]
    again = RiskClass[str(floor.params["second_restructure_floor"]).upper()]
    if facts.restructured_again:
        yield (
            again,
            reason("restructured again under observation", "观察期内再次重组", "Restructured again"),
            floor.decides,
        )
    if facts.npl_before_change and floor.params.get("npl_stays"):
        short = "was non-performing before restructuring"
        yield RiskClass.SUBSTANDARD, reason(short, "重组前已为不良", "Non-performing before the change"), floor.decides
    yield at_least, reason("restructured, under observation", "重组资产", "Restructured"), floor.decides


def _upgrade(position: Position, standing: Standing, facts: Facts, numbers: Numbers) -> Iterator[Floor]:
    rule = numbers.get("cn.class2023.upgrade")
    if rule is None:
        return
    earned_on = upgrade_on(standing, facts, rule)
    if earned_on is None or (position.days_past_due == 0 and position.as_of >= earned_on):
        return
    words = Words(
        f"曾为不良（最近一次{standing.last_npl_on}），上调最早{earned_on}",
        f"Was non-performing (last on {standing.last_npl_on}); may be upgraded from {earned_on} at the earliest.",
    )
    short = "upgrade from non-performing not yet earned"
    yield RiskClass.SUBSTANDARD, Reason(rule.label, short, words, citation=rule.citation), rule.decides


def _expected_loss(position: Position, loan: Loan, facts: Facts, numbers: Numbers) -> Iterator[Floor]:
    rule = numbers.get("cn.class2023.ecl")
    if rule is None:
        return
    book = position.outstanding_principal_minor
    for ratio, risk_class in reversed(rule.ratio_floors("ecl_ratio")):
        loss = facts.ecl_minor
        if loss is not None and book > 0 and loss * ratio.denominator >= book * ratio.numerator:
            percent = percent_text(ratio)
            words = Words(
                f"预期信用损失占账面余额{percent}%以上", f"Expected loss is {percent} % or more of the book value."
            )
            figures = {"ecl_minor": str(loss), "book_minor": str(book)}
            yield (
                risk_class,
                Reason(rule.label, f"expected loss >= {percent} % of book", words, figures, rule.citation),
                rule.decides,
            )
            break
    if facts.credit_impaired:
        impaired = RiskClass[str(rule.params["impaired"]).upper()]
        words = Words("已发生信用减值", "Credit-impaired.")
        yield impaired, Reason(rule.label, "credit-impaired", words, citation=rule.citation), rule.decides
