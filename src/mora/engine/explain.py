"""Why? The life of one loan in order, and the sentence behind each figure of its position.

Runs on the plain rules, never on the kernel. The result is plain data: what ``mora explain
--json`` prints and what pages show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from mora.ageing.columns import FLAG_LINKED
from mora.ageing.rules import Aged, age, item_positions
from mora.core.errors import Refused
from mora.core.money import exponent, format_minor, round_fraction
from mora.core.rates import SCALE
from mora.core.words import Words
from mora.engine.book.manifest import Book
from mora.engine.one import loan_of, loan_rows
from mora.engine.scan import products_of
from mora.law import load
from mora.loans.account import item_name
from mora.loans.replay import Entry, oldest_late
from mora.loans.terms import Component, DaysRule, Loan, PostingKind, Product
from mora.loans.words import COMPONENT_WORDS, POSTING_WORDS, waterfall_words
from mora.riskclass.bureau import STATUS_WORDS
from mora.riskclass.columns import FLAG_WORDS
from mora.riskclass.numbers import Numbers, label_words, read_numbers
from mora.riskclass.rules import decide
from mora.riskclass.terms import CLASS_WORDS, NO_CITATION, Debtor, Decision, Facts


def explain(
    book: Book, loan_id: str, as_of: date, *, known_at: datetime | None = None, house: Path | None = None
) -> dict[str, Any]:
    """Everything known of why one loan stands where it stands at the evening of ``as_of``.

    :returns: plain data; amounts in minor units (``*_minor``), sentences as ``{"zh": ..., "en": ...}``.
    :raises UnknownLoan: the book has no such loan.
    """
    products = products_of(book)
    chunk = loan_rows(book, loan_id)
    row = chunk.loans.slice(0, 1).to_pylist()[0]
    loan = loan_of(chunk, products)
    aged = age(loan, as_of, known_at=known_at, journal=True)
    place = loan.product.jurisdiction
    numbers = read_numbers(load(*dict.fromkeys([place, "eu"]), house=house), on=as_of)
    debtor = _debtor(book, row, products, numbers, as_of, known_at)
    told: dict[str, Any] = {
        "loan": _terms(loan, aged),
        "position": asdict(aged.position),
        "standing": asdict(aged.standing),
        "life": _life(aged),
        "penalty": _penalty(aged),
        "penalty_sums": _penalty_sums(aged),
        "open": _open_items(aged, as_of),
        "not_seen": _not_seen(aged, as_of, known_at),
        "items": [_item(each) for each in item_positions(aged.life)],
        "why_days_past_due": _pair(_why_days(aged, as_of)),
        "without_effect": [
            {"posting_id": posting.posting_id, "amount_minor": amount} for posting, amount in aged.life.excess
        ],
    }
    try:
        decision = decide(loan, aged.position, aged.standing, numbers, facts=facts_of(row), debtor=debtor)
    except Refused as error:
        unknown = Words(f"无法分类：{error.words.zh}", f"unknown: {error}")
        told["class"] = {"risk_class": None, "reason": _pair(unknown)}
        return told
    told["class"] = _class(decision)
    told["position"] |= {
        "risk_class": decision.risk_class.word,
        "risk_class_reason": decision.reason.text,
        "ecl_stage": decision.ecl_stage,
        "provision_minor": decision.provision_minor,
        "bureau_status": decision.bureau_status,
    }
    return told


def facts_of(row: Mapping[str, Any]) -> Facts:
    """What the book's row says beside terms, for classification; absent columns stay unknown."""

    def flag(name: str) -> bool:
        value = row.get(name)
        return FLAG_WORDS.get(value.strip().lower(), False) if isinstance(value, str) else bool(value)

    def text(name: str) -> str:
        return row.get(name) or ""

    ecl = row.get("ecl_minor")
    return Facts(
        party_kind=row.get("party_kind"),
        credit_impaired=flag("credit_impaired"),
        significant_increase=flag("significant_increase"),
        technical_delay=flag("technical_delay"),
        npl_before_change=flag("npl_before_change"),
        restructured_again=flag("restructured_again"),
        sicr_rebuttal=text("sicr_rebuttal"),
        default_rebuttal=text("default_rebuttal"),
        first_due_on=row.get("first_due_on"),
        ecl_minor=int(ecl) if ecl not in (None, "") else None,
    )


def _debtor(
    book: Book,
    row: Mapping[str, Any],
    products: Mapping[str, Product],
    numbers: Numbers,
    as_of: date,
    known_at: datetime | None,
) -> Debtor | None:
    """Totals over the debtor's loans by their own classes, where contagion may apply; the worst of its currencies."""
    if not row["flags"] & FLAG_LINKED:
        return None
    totals: dict[str, tuple[int, int]] = {}
    for each in _loans_of(book, row["party_id"]):
        chunk = loan_rows(book, each)
        other = chunk.loans.slice(0, 1).to_pylist()[0]
        loan = loan_of(chunk, products)
        if loan.sold_on is not None and loan.sold_on <= as_of:
            continue
        aged = age(loan, as_of, known_at=known_at)
        own = decide(loan, aged.position, aged.standing, numbers, facts=facts_of(other))
        principal = aged.position.outstanding_principal_minor
        exposure, npl = totals.get(loan.currency, (0, 0))
        totals[loan.currency] = exposure + principal, npl + (principal if own.risk_class.is_npl else 0)
    debtors = [Debtor(*each) for each in totals.values()]
    return max(debtors, key=lambda each: Fraction(each.npl_minor, max(1, each.exposure_minor)), default=None)


def _loans_of(book: Book, party_id: str) -> list[str]:
    found: list[str] = []
    for number in range(book.partitions):
        path = book.file("loans", number)
        if path is not None:
            table = pq.read_table(path, columns=["loan_id", "party_id"])
            found += table.filter(pc.equal(table["party_id"], party_id))["loan_id"].to_pylist()
    return found


def _pair(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _terms(loan: Loan, aged: Aged) -> dict[str, Any]:
    account = aged.life.account
    return {
        "loan_id": loan.loan_id,
        "party_id": loan.party_id,
        "product": loan.product.name,
        "jurisdiction": loan.product.jurisdiction,
        "currency": loan.currency,
        "principal_minor": loan.principal,
        "started_on": loan.started_on,
        "matures_on": loan.matures_on,
        "written_off_on": loan.written_off_on,
        "sold_on": loan.sold_on,
        "restructured_on": loan.restructured_on,
        "annual_rate": _decimal(loan.annual_rate_e12),
        "penalty_rate": _decimal(account.penalty_rate_e12),
        "days_rule": loan.product.lateness.rule.value,
        "waterfall": _pair(waterfall_words(loan.product)),
        "penalty_grace_days": loan.product.penalty.grace_days,
        "postings_seen": len(aged.life.postings),
        "postings_held": len(loan.postings),
    }


def _decimal(rate_e12: int) -> str:
    whole, part = divmod(rate_e12, SCALE)
    return f"{whole}.{part:012d}".rstrip("0").rstrip(".")


_DONE_WORDS: Mapping[str, Words] = {
    "paid": Words("冲抵", "pays"),
    "waived": Words("减免", "waives"),
    "written_off": Words("核销", "writes off"),
}


def _life(aged: Aged) -> list[dict[str, Any]]:
    """Every posting and where its money went, in the order it acted."""
    lines: list[dict[str, Any]] = []
    currency = aged.position.currency
    for entry in aged.life.journal:
        told = _sentence(entry, currency)
        line: dict[str, Any] = {"day": entry.day, "what": entry.what, "amount_minor": entry.amount, **_pair(told)}
        if entry.posting_id:
            line["posting_id"] = entry.posting_id
        if entry.component is not None:
            line |= {"item": entry.item, "component": entry.component.name.lower()}
        lines.append(line)
    return lines


def _item_words(name: str) -> Words:
    """``3 (2026-04-10)`` as people say it; ``fee (...)`` is a fee of its own."""
    number, day = name.rstrip(")").split(" (")
    if number == "fee":
        return Words(f"{day} 收取的费用", f"the fee of {day}")
    return Words(f"第 {number} 期（{day}）", f"instalment {number} ({day})")


def _sentence(entry: Entry, currency: str) -> Words:
    amount = format_minor(entry.amount, currency)
    if entry.what == "posting":
        kind = POSTING_WORDS[PostingKind[entry.detail.upper()]]
        money = f" {amount}" if entry.amount else ""
        return Words(f"{kind.zh}{money}", f"{kind.en}{money}")
    if entry.what == "version":
        version, rows = entry.detail.split(": ")
        return Words(
            f"第 {version} 版还款计划生效，共 {rows} 期", f"schedule version {version} takes effect: {rows} instalments"
        )
    if entry.what == "credit":
        return Words(f"溢缴款 {amount} 遇到期款项", f"credit held of {amount} meets what falls due")
    if entry.what == "held":
        held = format_minor(abs(entry.amount), currency)
        if entry.amount < 0:
            return Words(f"动用溢缴款 {held}", f"credit used: {held}")
        return Words(f"暂存为溢缴款 {held}", f"held as credit: {held}")
    done, component = _DONE_WORDS[entry.what], COMPONENT_WORDS[entry.component or Component.PRINCIPAL]
    item = _item_words(entry.item)
    return Words(f"{done.zh}{item.zh}{component.zh} {amount}", f"{done.en} {component.en} of {item.en}: {amount}")


def _not_seen(aged: Aged, as_of: date, known_at: datetime | None) -> list[dict[str, Any]]:
    """Postings the book holds which this view leaves out, each with the reason."""
    loan = aged.life.loan
    seen = {posting.posting_id for posting in aged.life.postings}
    undone = {posting.reverses: posting for posting in loan.postings if posting.kind is PostingKind.REVERSAL}
    lines = []
    for posting in loan.postings:
        if posting.posting_id in seen:
            continue
        late = posting.booked_at is not None and known_at is not None and posting.booked_at > known_at
        if posting.value_on > as_of:
            why = Words("起息日在观察日之后", "dated after the as-of date")
        elif late:
            why = Words("当时尚未入账", "not yet booked at that time")
        elif posting.kind is PostingKind.REVERSAL:
            why = Words(f"用于冲销 {posting.reverses}", f"undoes {posting.reverses}")
        else:
            by = undone.get(posting.posting_id)
            name = by.posting_id if by else "?"
            why = Words(f"已被 {name} 冲正，视同从未发生", f"reversed by {name}: it never happened")
        lines.append({
            "posting_id": posting.posting_id, "day": posting.value_on, "kind": posting.kind.name.lower(),
            "amount_minor": posting.amount, "kind_words": _pair(POSTING_WORDS[posting.kind]), **_pair(why),
        })  # fmt: skip
    return lines


def _penalty(aged: Aged) -> list[dict[str, Any]]:
    """Each stretch of days penalty or compound interest grew on one unchanged base, with the exact sum."""
    account, currency = aged.life.account, aged.position.currency
    ratio = Fraction(account.penalty_rate_e12, account.product.penalty.basis * SCALE)
    lines: list[dict[str, Any]] = []
    if not account.penalty_rate_e12:
        return lines
    for spell in account.spells or []:
        exact = spell.base * spell.days * ratio
        base = format_minor(spell.base, currency)
        kind, item = COMPONENT_WORDS[spell.component], _item_words(spell.item)
        rate, basis = _decimal(account.penalty_rate_e12), account.product.penalty.basis
        grown = Decimal(round_fraction(exact * 10_000)).scaleb(-4 - exponent(currency))
        sum_ = f"{base} x {rate} / {basis} x {spell.days}"
        lines.append({
            "item": spell.item, "component": spell.component.name.lower(), "from": spell.first, "to": spell.last,
            "days": spell.days, "base_minor": spell.base, "rate": rate, "basis": basis,
            "exact_minor": f"{exact.numerator}/{exact.denominator}",
            "zh": f"{item.zh}{kind.zh}：{spell.first} 至 {spell.last}，{sum_} 天 = {grown:,f}",
            "en": f"{kind.en} on {item.en}: {spell.first} to {spell.last}, {sum_} days = {grown:,f}",
        })  # fmt: skip
    return lines


def _penalty_sums(aged: Aged) -> list[dict[str, Any]]:
    """What grew in all, and what became of it: by component."""
    currency, sums = aged.position.currency, []
    for component in (Component.PENALTY, Component.COMPOUND):
        amounts = [each.amounts[component] for each in item_positions(aged.life) if component in each.amounts]
        due, paid, waived, off, left = (
            sum(getattr(each, name) for each in amounts)
            for name in ("due", "paid", "waived", "written_off", "outstanding")
        )
        if not due:
            continue
        kind, shown = COMPONENT_WORDS[component], [format_minor(each, currency) for each in (due, paid, waived, left)]
        gone = Words(f"，核销 {format_minor(off, currency)}", f", written off {format_minor(off, currency)}")
        sums.append({
            "component": component.name.lower(), "due_minor": due, "paid_minor": paid, "waived_minor": waived,
            "written_off_minor": off, "outstanding_minor": left,
            "zh": f"{kind.zh}合计 {shown[0]}（按产品约定取整并计入调整）：已还 {shown[1]}，减免 {shown[2]}"
            f"{gone.zh if off else ''}，尚欠 {shown[3]}",
            "en": f"{kind.en} in all {shown[0]} (rounded as the product says, adjustments included): paid {shown[1]}, "
            f"waived {shown[2]}{gone.en if off else ''}, open {shown[3]}",
        })  # fmt: skip
    return sums


def _open_items(aged: Aged, as_of: date) -> list[dict[str, Any]]:
    """What is due and open, item by item, by component."""
    lines = []
    for each in item_positions(aged.life):
        left = {component.name.lower(): values.outstanding for component, values in each.amounts.items()}
        if each.due_on <= as_of and any(left.values()):
            total = sum(left.values())
            lines.append({"n": each.n, "is_fee": each.is_fee, "due_on": each.due_on, **left, "total_minor": total})
    return lines


def _item(each: Any) -> dict[str, Any]:
    amounts = {
        component.name.lower(): asdict(values)
        for component, values in each.amounts.items()
        if any(asdict(values).values())
    }
    return {
        "n": each.n, "version": each.version, "is_fee": each.is_fee, "due_on": each.due_on, "amounts_minor": amounts
    }  # fmt: skip


_RULE_WORDS: Mapping[DaysRule, Words] = {
    DaysRule.OLDEST_UNPAID: Words("观察日减最早未还清一期的应还款日", "as-of date minus the oldest unpaid due date"),
    DaysRule.DUE_DAY_COUNTS: Words("应还款日当天计为第一天", "the due day is day one"),
    DaysRule.MBA: Words(
        "每满一个月计 30 天（至下一应还款日前一日日终）", "30 a missed month, seen the evening before the next due date"
    ),
    DaysRule.OTS: Words("每满一个月计 30 天（至下一应还款日日终）", "30 a missed month, seen on the next due date"),
}


def _why_days(aged: Aged, as_of: date) -> Words:
    position, product = aged.position, aged.life.loan.product
    oldest = oldest_late(aged.life.account, as_of)
    if oldest is None:
        zh, en = f"{as_of} 日终没有逾期未还的期款，逾期 0 天。", f"Nothing was past due and open on {as_of}: 0 days."
        return Words(zh, en)
    rule = _RULE_WORDS[product.lateness.rule]
    owed = format_minor(oldest.open_scheduled(), position.currency)
    item = _item_words(item_name(oldest))
    zh = f"最早未还清的是{item.zh}，尚欠 {owed}；按“{rule.zh}”，逾期 {position.days_past_due} 天。"
    en = f"The oldest unpaid item is {item.en}, with {owed} open; by '{rule.en}', {position.days_past_due} days late."
    if position.delinquent_days != position.days_past_due:
        zh += f"扣除宽限与暂停后为 {position.delinquent_days} 天。"
        en += f" After grace and pauses: {position.delinquent_days}."
    return Words(zh, en)


def _class(decision: Decision) -> dict[str, Any]:
    def reason(each: Any) -> dict[str, Any]:
        return {
            "rule": each.rule_id, "rule_words": _pair(label_words(each.rule_id)), "citation": _pair(each.citation),
            "text": each.text, "figures": dict(each.figures),
            **_pair(each.words),
        }  # fmt: skip

    observation = decision.observation
    return {
        "risk_class": decision.risk_class.word,
        **_pair(CLASS_WORDS[decision.risk_class]),
        "reason": reason(decision.reason),
        "considered": [
            {"risk_class": each.word, "class_words": _pair(CLASS_WORDS[each]), **reason(why)}
            for each, why in decision.considered
        ],
        "ecl_stage": decision.ecl_stage,
        "stage_reason": reason(decision.stage_reason),
        "provision_minor": decision.provision_minor,
        "provision_reason": reason(decision.provision_reason),
        "bureau_status": decision.bureau_status,
        "bureau_words": _pair(STATUS_WORDS.get(decision.bureau_status, NO_CITATION)),
        "observation": asdict(observation) if observation else None,
        "warnings": [each.as_dict() for each in decision.warnings],
    }
