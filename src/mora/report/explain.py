"""One loan's explanation in the terminal: what stands, then the life behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mora.core.money import format_minor
from mora.core.words import Language, Words
from mora.loans.terms import Component
from mora.loans.words import COMPONENT_WORDS

FIGURES: Mapping[str, Words] = {
    "days_past_due": Words("逾期天数", "days past due"),
    "delinquent_days": Words("扣除宽限与暂停后的天数", "after grace and pauses"),
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
_CLASS_LINES: Mapping[str, Words] = {
    "risk_class": Words("风险分类", "Risk class"),
    "ecl_stage": Words("减值阶段", "ECL stage"),
    "provision_minor": Words("拨备", "Provision"),
}
_WHY, _OPEN = Words("为何逾期这些天", "Why these days"), Words("到期未还", "Due and open")
_LIFE, _CLASS = Words("每笔流水与去向", "Every posting and where it went"), Words("分类依据", "What set the class")
_PENALTY = Words("罚息与复利的计算", "How penalty interest grew")
_NO_PENALTY = Words("罚息利率为 0，不计罚息与复利。", "The penalty rate is 0: none is charged.")
_GRACE = Words("本产品的罚息宽限期为 {days} 天。", "This product has {days} days of grace for penalty interest.")
_ORDER = Words("抵充顺序", "Order of payment")
_NONE = Words("无", "none")
_CONSIDERED = Words("也适用", "Applies too")
_OBSERVED = Words("重组观察期", "Observed as restructured")
_FROM_BOOK = Words("依据账簿记录", "as the book records")
_WARNED = Words("提示（不影响上述结论）", "To note (decides nothing)")
_HIDDEN = Words("未计入的流水", "Postings left out")
_LOST = Words("未生效部分", "Without effect")
_ITEM, _DUE, _TOTAL = Words("期数", "Instalment"), Words("应还款日", "Due"), Words("合计", "Total")
_FEE = Words("费用", "fee")
_DATED: Mapping[str, Words] = {
    "written_off_on": Words("{day} 核销", "written off on {day}"),
    "sold_on": Words("{day} 转让", "sold on {day}"),
    "restructured_on": Words("{day} 重组", "restructured on {day}"),
}
_TERMS = Words(
    "本金 {principal}，年利率 {rate}，罚息年利率 {penalty}；{start} 放款，{end} 到期",
    "principal {principal}, {rate} a year, penalty rate {penalty}; lent on {start}, matures on {end}",
)


def print_explanation(told: Mapping[str, Any], language: Language, console: Console) -> None:
    """Print what :func:`mora.engine.explain.explain` returned."""
    loan, position = told["loan"], told["position"]
    currency = loan["currency"]

    def say(text: str, style: str = "") -> None:
        console.print(text, style=style, highlight=False, markup=False)

    say(f"{loan['loan_id']}  {loan['product']}  {currency}  {position['as_of']}", "bold")
    say(_terms(loan, language))
    console.print(_position(told, language))
    _heading(console, _WHY, language)
    say(told["why_days_past_due"][language.value])
    if told["open"]:
        _heading(console, _OPEN, language)
        console.print(_open(told["open"], currency, language))
    _heading(console, _CLASS, language)
    _print_class(told["class"], language, say)
    _heading(console, _LIFE, language)
    say(f"{_ORDER.in_(language)}{_colon(language)}{loan['waterfall'][language.value]}", "dim")
    for line in told["life"]:
        indent = "" if line["what"] in ("posting", "version", "credit") else "    "
        name = f"  {line['posting_id']}" if line["what"] == "posting" else ""
        say(f"{line['day']}  {indent}{line[language.value]}{name}")
    if not told["life"]:
        say(_NONE.in_(language))
    _heading(console, _PENALTY, language)
    if loan["penalty_grace_days"] and told["penalty"]:
        say(_GRACE.in_(language).format(days=loan["penalty_grace_days"]))
    for line in (*told["penalty"], *told["penalty_sums"]):
        say(line[language.value])
    if not told["penalty"] and not told["penalty_sums"]:
        say((_NONE if loan["penalty_rate"] != "0" else _NO_PENALTY).in_(language))
    if told["not_seen"]:
        _heading(console, _HIDDEN, language)
        for each in told["not_seen"]:
            amount = f" {format_minor(each['amount_minor'], currency)}" if each["amount_minor"] else ""
            kind = each["kind_words"][language.value]
            say(f"{each['day']}  {each['posting_id']}  {kind}{amount}{_colon(language)}{each[language.value]}")
    if told["without_effect"]:
        _heading(console, _LOST, language)
        for each in told["without_effect"]:
            say(f"{each['posting_id']}{_colon(language)}{format_minor(each['amount_minor'], currency)}")


def _colon(language: Language) -> str:
    return "：" if language is Language.ZH else ": "


def _heading(console: Console, words: Words, language: Language) -> None:
    console.print()
    console.print(Text(words.in_(language), style="bold"))


def _percent(rate: str, language: Language) -> str:
    text = format((Decimal(rate) * 100).normalize(), "f")
    return f"{text}%" if language is Language.ZH else f"{text} %"


def _terms(loan: Mapping[str, Any], language: Language) -> str:
    text = _TERMS.in_(language).format(
        principal=format_minor(loan["principal_minor"], loan["currency"]),
        rate=_percent(loan["annual_rate"], language),
        penalty=_percent(loan["penalty_rate"], language),
        start=loan["started_on"],
        end=loan["matures_on"],
    )
    dated = [words.in_(language).format(day=loan[name]) for name, words in _DATED.items() if loan[name]]
    return ("，" if language is Language.ZH else ", ").join([text, *dated])


def _position(told: Mapping[str, Any], language: Language) -> Table:
    position, currency = told["position"], told["loan"]["currency"]
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(justify="right")
    for name, words in FIGURES.items():
        value = position.get(name)
        if value is None or value == "":
            shown = "–"
        elif name.endswith("_minor"):
            shown = format_minor(value, currency)
        elif name == "risk_class":
            shown = str(told["class"][language.value])
        elif name == "bureau_status":
            meant = told["class"]["bureau_words"][language.value]
            shown = (
                (f"{value}（{meant}）" if language is Language.ZH else f"{value} ({meant})") if meant else str(value)
            )
        else:
            shown = str(value)
        table.add_row(words.in_(language), shown)
    return table


def _open(items: Sequence[Mapping[str, Any]], currency: str, language: Language) -> Table:
    """What is due and open, item by item; components nobody owes are left out."""
    owed = [each for each in Component if any(item.get(each.name.lower()) for item in items)]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for words in (_ITEM, _DUE, *(COMPONENT_WORDS[each] for each in owed), _TOTAL):
        table.add_column(words.in_(language), justify="right", no_wrap=True)
    for item in items:
        amounts = [format_minor(item.get(each.name.lower(), 0), currency) for each in owed]
        name = _FEE.in_(language) if item["is_fee"] else str(item["n"])
        table.add_row(name, str(item["due_on"]), *amounts, format_minor(item["total_minor"], currency))
    sums = [sum(item.get(each.name.lower(), 0) for item in items) for each in owed]
    table.add_section()
    table.add_row(
        _TOTAL.in_(language), "", *(format_minor(each, currency) for each in (*sums, sum(sums))), style="bold"
    )
    return table


def _print_class(told: Mapping[str, Any], language: Language, say: Callable[..., None]) -> None:
    if told["risk_class"] is None:
        say(told["reason"][language.value])
        return
    colon = _colon(language)
    lines = (
        ("risk_class", told[language.value], told["reason"]),
        ("ecl_stage", told["ecl_stage"], told["stage_reason"]),
        ("provision_minor", None, told["provision_reason"]),
    )
    for name, value, reason in lines:
        head = _CLASS_LINES[name].in_(language) + ("" if value is None else f" {value}")
        say(f"{head}{colon}{reason[language.value]}")
        if name != "provision_minor" or told["provision_minor"] is not None:
            say(f"    {_source(reason, language)}", "dim")
    for each in told["considered"]:
        if each["text"] != told["reason"]["text"]:
            name = each["class_words"][language.value]
            marks = ("（", "）") if language is Language.ZH else (" (", ")")
            say(f"{_CONSIDERED.in_(language)}{marks[0]}{name}{marks[1]}{colon}{each[language.value]}")
            say(f"    {_source(each, language)}", "dim")
    if told["observation"] and told["observation"]["start_on"]:
        until = told["observation"]["ends_on"] or "–"
        say(f"{_OBSERVED.in_(language)}{colon}{told['observation']['start_on']} – {until}")
    if told["warnings"]:
        say(_WARNED.in_(language), "yellow")
        for each in told["warnings"]:
            message = each["message_zh"] if language is Language.ZH and each["message_zh"] else each["message"]
            cite = f"{each['cite']}{colon}" if each["cite"] else ""
            say(f"    {cite}{message}", "yellow")


def _source(reason: Mapping[str, Any], language: Language) -> str:
    if reason["rule"] == "book":
        return _FROM_BOOK.in_(language)
    return f"{reason['rule_words'][language.value]}  {reason['citation'][language.value]}".rstrip()
