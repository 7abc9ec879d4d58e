"""The book format: its tables, their columns, and what each cell may hold. Plain data; docs/reference is made from it.

In text (CSV, Excel) an amount is a decimal in major units under its plain name (``principal``). In a typed source
(Parquet) it is int64 minor units and its name ends in ``_minor``; a rate is int64 parts of 10^-12 and ends in ``_e12``.
"""

# ruff: noqa: E501 - a row of the table a line

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mora.core.words import Words
from mora.loans.terms import Component, PostingKind


class Kind(StrEnum):
    """What a cell holds."""

    ID = "id"
    """A key: 1 to 64 characters, none of them a control character."""
    TEXT = "text"
    """Free text of at most 1,000 characters; tabs and line breaks are its only control characters."""
    CURRENCY = "currency"
    """Three capital letters (ISO 4217)."""
    AMOUNT = "amount"
    """Money."""
    RATE = "rate"
    """A yearly rate as a decimal fraction."""
    DATE = "date"
    """A day, year first."""
    INSTANT = "instant"
    """A moment with its offset from UTC."""
    NUMBER = "number"
    """A whole number from 1."""
    CHOICE = "choice"
    """One of a few words."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the format."""

    name: str
    kind: Kind
    required: bool
    about: Words
    example: str
    choices: tuple[str, ...] = ()
    fixed: bool = True
    """A later import may not change it (loans); otherwise the later value holds."""

    @property
    def typed_name(self) -> str:
        """Its name where the source is typed."""
        return self.name + {Kind.AMOUNT: "_minor", Kind.RATE: "_e12"}.get(self.kind, "")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the format."""

    name: str
    about: Words
    key: tuple[str, ...]
    """What tells two rows apart."""
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """The column of that name. :raises KeyError: none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def required(self) -> tuple[str, ...]:
        """Names that must be there."""
        return tuple(c.name for c in self.columns if c.required)


KINDS = tuple(kind.name.lower() for kind in PostingKind)
COMPONENTS = tuple(component.name.lower() for component in Component)


def _must(name: str, kind: Kind, zh: str, en: str, example: str, choices: tuple[str, ...] = ()) -> Column:
    return Column(name, kind, True, Words(zh, en), example, choices)


def _may(
    name: str, kind: Kind, zh: str, en: str, example: str, choices: tuple[str, ...] = (), *, fixed: bool = True
) -> Column:
    return Column(name, kind, False, Words(zh, en), example, choices, fixed)


LOANS = Table(
    "loans",
    Words("贷款，一笔一行", "Loans, one row each"),
    ("loan_id",),
    (
        _must("loan_id", Kind.ID, "借据号，全账簿唯一", "The loan's number, unique in the book", "L-0001"),
        _must("party_id", Kind.ID, "借款人", "The borrower", "P-0001"),
        _must("product", Kind.ID, "产品，见 products.yaml", "The product, as named in products.yaml", "consumer"),
        _must("currency", Kind.CURRENCY, "币种", "Currency of every amount of the loan", "CNY"),
        _must("principal", Kind.AMOUNT, "本金，大于零", "Amount lent, above zero", "12000.00"),
        _must("annual_rate", Kind.RATE, "年利率（小数），至多十位小数",
              "Yearly rate as a decimal fraction of at most ten decimals, from 0 to 10", "0.072"),
        _must("started_on", Kind.DATE, "起息日", "First day of the loan", "2025-01-15"),
        Column("matures_on", Kind.DATE, True,
               Words("到期日，不早于起息日", "Last due date by contract, not before started_on; an extension may move it"),
               "2026-01-15", fixed=False),
        _may("penalty_rate", Kind.RATE, "罚息年利率；缺省按产品上浮",
             "Yearly penalty rate; absent: the product's uplift of annual_rate", "0.108"),
        _may("collateral_kind", Kind.TEXT, "担保物种类", "Kind of collateral", "residential", fixed=False),
        _may("collateral_value", Kind.AMOUNT, "担保物价值", "Value of the collateral, not negative", "800000.00",
             fixed=False),
        _may("branch", Kind.TEXT, "网点", "Branch", "Harbour Street", fixed=False),
        _may("officer", Kind.TEXT, "客户经理", "Account manager", "officer-7", fixed=False),
        _may("channel", Kind.TEXT, "渠道", "Channel the loan came through", "app", fixed=False),
        _may("first_due_on", Kind.DATE, "首期应还款日", "First due date", "2025-02-15"),
        _may("status", Kind.TEXT, "来源系统中的状态", "Status in the lender's own system; a fact, never trusted for lateness",
             "active", fixed=False),
        _may("written_off_on", Kind.DATE, "核销日", "Day it was written off", "2026-03-31", fixed=False),
        _may("sold_on", Kind.DATE, "转让日", "Day the claim was sold", "2026-06-30", fixed=False),
        _may("restructured_on", Kind.DATE, "重组日", "Day it was restructured", "2025-11-01", fixed=False),
    ),
)  # fmt: skip

SCHEDULE = Table(
    "schedule",
    Words("还款计划，一期一行", "Schedule, one row an instalment"),
    ("loan_id", "version", "n"),
    (
        _must("loan_id", Kind.ID, "借据号", "The loan", "L-0001"),
        _must("n", Kind.NUMBER, "期次，随应还款日递增",
              "Number of the instalment; rises with due_on, unique in its version", "1"),
        _must("due_on", Kind.DATE, "应还款日", "Due date", "2025-02-15"),
        _must("principal", Kind.AMOUNT, "应还本金", "Principal due, not negative", "1000.00"),
        _must("interest", Kind.AMOUNT, "应还利息", "Interest due, not negative", "72.00"),
        _may("fee", Kind.AMOUNT, "应还费用", "Fee due, not negative; absent: 0", "0.00"),
        _may("version", Kind.NUMBER, "计划版本，缺省 1", "Version of the schedule; absent: 1", "1"),
        _may("effective_on", Kind.DATE, "版本生效日；第二版起必填",
             "Day the version takes effect; needed from version 2 on, the same in all its rows", "2025-11-01"),
        _may("currency", Kind.CURRENCY, "币种；若给出须与贷款一致", "Checked against the loan's when given; not kept", "CNY"),
    ),
)  # fmt: skip

POSTINGS = Table(
    "postings",
    Words("入账流水，一笔一行，不可更改", "Postings, one row each; immutable"),
    ("loan_id", "posting_id"),
    (
        _must("loan_id", Kind.ID, "借据号", "The loan", "L-0001"),
        _must("posting_id", Kind.ID, "流水号，同一贷款内唯一", "The posting's number, unique within its loan", "T-000001"),
        _must("value_on", Kind.DATE, "起息日（记账生效日），不早于贷款起息日",
              "Value date, not before the loan's started_on", "2025-02-14"),
        _must("kind", Kind.CHOICE, "种类", "What it does", "payment", KINDS),
        _must("amount", Kind.AMOUNT, "金额，按种类有不同限制", "Amount; which amounts a kind may have is told below",
              "1072.00"),
        _may("booked_at", Kind.INSTANT, "入账时刻（带时区）；缺省为起息日零时",
             "When it became known, with its offset; absent: at its value date", "2025-02-14T09:30:00+08:00"),
        _may("component", Kind.CHOICE, "成分；减免必填", "Part of the debt it touches; needed for a waiver", "penalty",
             COMPONENTS),
        _may("reverses", Kind.ID, "被冲正的流水号；冲正必填", "posting_id it reverses; needed for a reversal and only there",
             "T-000001"),
        _may("instalment_n", Kind.NUMBER, "所指期次", "Instalment it names; must be in the loan's schedule", "3"),
        _may("note", Kind.TEXT, "备注", "Free text", "counter"),
        _may("currency", Kind.CURRENCY, "币种；若给出须与贷款一致", "Checked against the loan's when given; not kept", "CNY"),
    ),
)  # fmt: skip

PARTIES = Table(
    "parties",
    Words("当事人，一人一行", "Parties, one row each"),
    ("party_id",),
    (
        _must("party_id", Kind.ID, "当事人号", "The party's number", "P-0001"),
        _must("kind", Kind.CHOICE, "个人或单位", "A person or a company", "person", ("person", "company")),
        _must("region", Kind.TEXT, "地区", "Region, as the lender codes it", "CN-SH"),
        _may("name", Kind.TEXT, "姓名或名称", "Name", "示例甲"),
        _may("id_kind", Kind.TEXT, "证件种类", "Kind of identity paper", "resident"),
        _may("id_number", Kind.TEXT, "证件号码", "Its number", "EXAMPLE-0001"),
        _may("language", Kind.TEXT, "语言", "Language to write in", "zh"),
        _may("time_zone", Kind.TEXT, "时区", "Time zone", "Asia/Shanghai"),
        _may("born_on", Kind.DATE, "出生日期", "Date of birth", "1988-05-06"),
        _may("employer", Kind.TEXT, "工作单位", "Employer", "Example Works"),
        _may("consents", Kind.TEXT, "授权", "Consents given, as the lender writes them", "sms;email"),
    ),
)  # fmt: skip

ROLES = Table(
    "roles",
    Words("贷款与当事人的关系", "Who stands how to which loan"),
    ("loan_id", "party_id", "role"),
    (
        _must("loan_id", Kind.ID, "借据号", "The loan", "L-0001"),
        _must("party_id", Kind.ID, "当事人号", "The party", "P-0002"),
        _must("role", Kind.CHOICE, "身份", "How they stand to it", "guarantor",
              ("borrower", "co_borrower", "guarantor", "contact")),
        _may("liability_until", Kind.DATE, "责任截止日", "First day they are no longer liable", "2028-01-15"),
        _may("guarantee_kind", Kind.TEXT, "保证方式", "Kind of guarantee", "joint"),
        _may("guarantee_period_until", Kind.DATE, "保证期间截止日", "First day after the guarantee period", "2026-07-15"),
    ),
)  # fmt: skip

CONTACT_POINTS = Table(
    "contact_points",
    Words("联系方式", "Ways to reach a party"),
    ("party_id", "channel", "value"),
    (
        _must("party_id", Kind.ID, "当事人号", "The party", "P-0001"),
        _must("channel", Kind.TEXT, "渠道", "Channel: mobile, email, address ...", "email"),
        _must("value", Kind.TEXT, "号码或地址", "Number or address", "p0001@example.invalid"),
        _may("verified_on", Kind.DATE, "核实日", "Day it was verified", "2025-01-10"),
        _may("source", Kind.TEXT, "来源", "Where it came from", "application"),
        _may("preferred", Kind.TEXT, "是否首选", "Whether the party prefers it", "yes"),
        _may("consent", Kind.TEXT, "授权情况", "Consent for this channel", "given"),
    ),
)  # fmt: skip

TABLES: dict[str, Table] = {t.name: t for t in (LOANS, SCHEDULE, POSTINGS, PARTIES, ROLES, CONTACT_POINTS)}
"""In the order they are read."""

RESERVED = ("party_kind", "region", "n_schedule", "n_postings", "flags")
"""Names the book itself gives to columns of loans; a column of the source so named is not kept."""
