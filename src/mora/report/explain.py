"""One loan's explanation in the terminal: what stands, then the life behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mora.core.money import format_minor
from mora.core.words import Language, Words

FIGURES: Mapping[str, Words] = {
    "days_past_due": Words("逾期天数", "days past due"),
    "delinquent_days": Words("扣除宽限后天数", "delinquent days"),
    "oldest_unpaid_due_on": Words("最早未还应还款日", "oldest unpaid due date"),
    "missed_count": Words("未还期数", "instalments missed"),
    "overdue_principal_minor": Words("逾期本金", "overdue principal"),
    "overdue_interest_minor": Words("逾期利息", "overdue interest"),
    "overdue_fee_minor": Words("逾期费用", "overdue fee"),
    "penalty_minor": Words("罚息", "penalty interest"),
    "compound_minor": Words("复利", "compound interest"),
    "arrears_minor": Words("欠款合计", "arrears"),
    "outstanding_principal_minor": Words("剩余本金", "outstanding principal"),
    "payoff_minor": Words("结清金额", "payoff"),
    "credit_minor": Words("溢缴款", "credit held"),
    "next_due_on": Words("下一应还款日", "next due"),
    "next_due_minor": Words("下期应还", "next amount due"),
    "last_paid_on": Words("最近还款日", "last paid"),
    "last_paid_minor": Words("最近还款额", "last amount paid"),
    "worst_days_past_due": Words("历史最长逾期天数", "worst days past due"),
    "bucket": Words("逾期阶段", "bucket"),
    "risk_class": Words("风险分类", "risk class"),
    "ecl_stage": Words("减值阶段", "ECL stage"),
    "provision_minor": Words("拨备", "provision"),
    "bureau_status": Words("征信状态", "bureau status"),
}
_WHY, _LIFE = Words("为何逾期这些天", "Why these days"), Words("每笔流水与去向", "Every posting and where it went")
_CLASS, _PENALTY = Words("分类依据", "What set the class"), Words("罚息与复利的计算", "How penalty interest grew")
_NONE = Words("无", "none")
_WARNED = Words("提示（未核实的规则，不决定分类）", "Warnings (unverified rules decide nothing)")
_HIDDEN = Words("未计入的流水", "Postings left out")
_LOST = Words("未生效部分", "Without effect")


def print_explanation(told: Mapping[str, Any], language: Language, console: Console) -> None:
    """Print what :func:`mora.engine.explain.explain` returned."""
    loan, position = told["loan"], told["position"]
    currency = loan["currency"]
    console.print(
        Text(f"{loan['loan_id']}  {loan['product']}  {currency}  {position['as_of']}", style="bold"), highlight=False
    )
    console.print(
        f"{format_minor(loan['principal_minor'], currency)}, {loan['annual_rate']} / {loan['penalty_rate']}, "
        f"{loan['started_on']} - {loan['matures_on']}",
        highlight=False,
    )
    console.print(_position(position, currency, language))
    _heading(console, _WHY, language)
    console.print(told["why_days_past_due"][language.value], highlight=False)
    _heading(console, _CLASS, language)
    _print_class(told["class"], language, console)
    _heading(console, _LIFE, language)
    for line in told["life"]:
        indent = "" if line["what"] in ("posting", "version", "credit") else "    "
        console.print(f"{line['day']}  {indent}{line[language.value]}", highlight=False, markup=False)
    if not told["life"]:
        console.print(_NONE.in_(language))
    _heading(console, _PENALTY, language)
    for line in told["penalty"]:
        console.print(line[language.value], highlight=False, markup=False)
    if not told["penalty"]:
        console.print(_NONE.in_(language))
    if told["not_seen"]:
        _heading(console, _HIDDEN, language)
        for each in told["not_seen"]:
            amount = format_minor(each["amount_minor"], currency)
            line = f"{each['day']}  {each['posting_id']}  {each['kind']} {amount}: {each[language.value]}"
            console.print(line, highlight=False, markup=False)
    if told["without_effect"]:
        _heading(console, _LOST, language)
        for each in told["without_effect"]:
            console.print(f"{each['posting_id']}: {format_minor(each['amount_minor'], currency)}", highlight=False)


def _heading(console: Console, words: Words, language: Language) -> None:
    console.print()
    console.print(Text(words.in_(language), style="bold"))


def _position(position: Mapping[str, Any], currency: str, language: Language) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(justify="right")
    for name, words in FIGURES.items():
        value = position.get(name)
        if value is None:
            shown = "-"
        elif name.endswith("_minor"):
            shown = format_minor(value, currency)
        else:
            shown = str(value)
        table.add_row(words.in_(language), shown)
    return table


def _print_class(told: Mapping[str, Any], language: Language, console: Console) -> None:
    if told["risk_class"] is None:
        console.print(told["reason"], highlight=False, markup=False)
        return
    reason = told["reason"]
    console.print(f"{told[language.value]}: {reason[language.value]}", highlight=False, markup=False)
    console.print(f"    {reason['rule']}  {reason['citation']}", style="dim", highlight=False, markup=False)
    for key in ("stage_reason", "provision_reason"):
        console.print(told[key][language.value], highlight=False, markup=False)
    if told["warnings"]:
        console.print(_WARNED.in_(language), style="yellow")
        for each in told["warnings"]:
            console.print(f"    {each['cite']}: {each['message']}", style="yellow", highlight=False, markup=False)
