"""United States retail credit: FFIEC classes by days, charge-off date, re-ageing, non-accrual.

Source: Uniform Retail Credit Classification and Account Management Policy, 65 FR 36903 (us.urcc.*);
Call Report instructions on non-accrual (us.nonaccrual).
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from mora.core.dates import add_months
from mora.core.findings import Finding, Severity
from mora.core.words import Words
from mora.riskclass.numbers import Ruling
from mora.riskclass.terms import CLASS_WORDS, Reason, RiskClass, Scheme


def us_class(scheme: Scheme, days: int, rule: Ruling) -> tuple[RiskClass, Reason]:
    """The class of a US retail loan ``days`` past due; ``pass`` is our *normal*.

    Real estate stops at substandard: how much of it is loss depends on the property's value
    (us.urcc.special), which days alone do not tell.
    """
    loss_from = charge_off_days(scheme, rule)
    kind = _KINDS[scheme]
    if loss_from is not None and days >= loss_from:
        return _reached(rule, kind, days, loss_from, RiskClass.LOSS)
    start = rule.whole("substandard_dpd")
    if days >= start:
        return _reached(rule, kind, days, start, RiskClass.SUBSTANDARD)
    words = Words(f"逾期{days}天，未达{start}天，正常", f"{days} days past due, below {start}: pass.")
    return RiskClass.NORMAL, Reason(rule.label, f"pass, days past due < {start}", words, citation=rule.citation)


_KINDS = {
    Scheme.US_CLOSED_END: Words("固定期限", "closed-end"),
    Scheme.US_OPEN_END: Words("循环额度", "open-end"),
    Scheme.US_REAL_ESTATE: Words("不动产", "real estate"),
}


def charge_off_days(scheme: Scheme, rule: Ruling) -> int | None:
    """Days past due from which a loan is loss; None for real estate."""
    if scheme is Scheme.US_REAL_ESTATE:
        return None
    return rule.whole("open_end_dpd" if scheme is Scheme.US_OPEN_END else "closed_end_dpd")


def _reached(rule: Ruling, kind: Words, days: int, start: int, risk_class: RiskClass) -> tuple[RiskClass, Reason]:
    name = CLASS_WORDS[risk_class]
    words = Words(
        f"{kind.zh}贷款逾期{days}天，达到{start}天：{name.zh}",
        f"{kind.en} loan {days} days past due, {start} or more: {name.en}.",
    )
    figures = {"days_past_due": str(days), "from": str(start)}
    return risk_class, Reason(rule.label, f"{kind.en}, days past due >= {start}", words, figures, rule.citation)


def charge_off_on(scheme: Scheme, oldest_unpaid_due_on: date, rule: Ruling) -> date | None:
    """By when the loss is to be charged off: the end of the month in which the loan reaches the days of loss."""
    days = charge_off_days(scheme, rule)
    if days is None:
        return None
    reached = oldest_unpaid_due_on + timedelta(days=days)
    return reached.replace(day=monthrange(reached.year, reached.month)[1])


@dataclass(frozen=True, slots=True)
class ReAge:
    """One earlier re-ageing of an account."""

    re_aged_on: date
    workout: bool = False
    """It was the extra one on entering a workout programme."""


@dataclass(frozen=True, slots=True)
class ReAgeVerdict:
    """Whether an open-end account may be re-aged, and everything that speaks against it."""

    allowed: bool
    refusals: tuple[Reason, ...]


def may_re_age(
    opened_on: date,
    on: date,
    rule: Ruling,
    *,
    payments: int,
    earlier: tuple[ReAge, ...] = (),
    lump_sum_equal: bool = False,
    workout: bool = False,
) -> ReAgeVerdict:
    """Whether an open-end account may be re-aged on a day (us.urcc.reage).

    :param payments: consecutive minimum payments made since the lateness.
    :param lump_sum_equal: a lump sum equal to the minimum payments asked for was paid instead.
    :param workout: the account enters a workout programme: one more re-ageing, outside the two counts,
        but only ``workout_extra`` in five years.
    """
    refusals: list[Reason] = []

    def refuse(short: str, zh: str, en: str) -> None:
        refusals.append(Reason(rule.label, short, Words(zh, en), citation=rule.citation))

    months = rule.whole("min_age_months")
    if add_months(opened_on, months) > on:
        refuse("age", f"开户未满{months}个月", f"The account has been open for less than {months} months.")
    asked = rule.whole("min_payments")
    if payments < asked and not lump_sum_equal:
        refuse(
            "payments", f"仅连续还款{payments}次，需{asked}次", f"{payments} consecutive payments; {asked} are needed."
        )

    def since(months: int, extra: bool) -> int:
        return sum(
            add_months(each.re_aged_on, months) > on
            for each in earlier
            if each.workout == extra and each.re_aged_on <= on
        )

    if workout:
        if since(60, True) >= rule.whole("workout_extra"):
            refuse(
                "workout once in 60 months", "五年内已因重整计划重置过", "Already re-aged for a workout in five years."
            )
    else:
        if since(12, False) >= rule.whole("max_12m"):
            refuse("once in 12 months", "十二个月内已重置过账龄", "Already re-aged in the last 12 months.")
        if since(60, False) >= rule.whole("max_60m"):
            refuse("twice in 60 months", "五年内已重置两次账龄", "Already re-aged twice in five years.")
    return ReAgeVerdict(not refusals, tuple(refusals))


def is_non_accrual(days: int, well_secured: bool, in_collection: bool, rule: Ruling) -> bool:
    """Whether interest stops being booked as income: 90 days, unless well secured *and* in process of collection."""
    return days >= rule.whole("dpd") and not (well_secured and in_collection)


def special_dates(rule: Ruling, bankruptcy_notice_on: date | None, fraud_found_on: date | None) -> tuple[Finding, ...]:
    """Charge-off dates of bankruptcy and fraud (us.urcc.special), as warnings: nobody found them in a source yet."""
    found = []
    for name, start in (("bankruptcy_days", bankruptcy_notice_on), ("fraud_days", fraud_found_on)):
        if start is not None:
            by = start + timedelta(days=rule.whole(name))
            what = Words("破产", "bankruptcy") if name == "bankruptcy_days" else Words("欺诈", "fraud")
            found.append(
                Finding(
                    "CLASS.UNCONFIRMED",
                    f"{what.en}: charge-off would be due by {by} if this rule were confirmed",
                    severity=Severity.WARNING,
                    cite=rule.rule_id,
                    message_zh=f"{what.zh}：该规则如经确认，应于 {by} 前冲销",
                )
            )
    return tuple(found)
