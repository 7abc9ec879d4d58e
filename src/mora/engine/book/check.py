"""Does the book tie? Totals recomputed from the rows, and whatever does not agree, in one short table.

Reads every row group of loans, schedule and postings once; memory holds one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

import polars as pl
import pyarrow.parquet as pq

from mora.core.money import format_minor
from mora.core.words import Words
from mora.engine.book.layout import check_alignment
from mora.engine.book.manifest import Book
from mora.loans.products import parse_products
from mora.loans.terms import PostingKind

MONEY_IN = (PostingKind.PAYMENT.value, PostingKind.RECOVERY.value)
_NAMES = {kind.value: kind.name.lower() for kind in PostingKind}
_SHOWN = 3


class Standing(StrEnum):
    """What a line of the check says."""

    OK = "ok"
    """It ties."""
    NOTE = "note"
    """Nothing to tie it to; somebody may want to know."""
    WRONG = "wrong"
    """It does not tie."""


@dataclass(frozen=True, slots=True)
class Line:
    """One question and its answer."""

    question: Words
    answer: Words
    standing: Standing


@dataclass(slots=True)
class _Sums:
    """What one pass over the book adds up."""

    unequal: list[str] = field(default_factory=list)
    unequal_count: int = 0
    twice: Counter[str] = field(default_factory=Counter)
    lent: Counter[str] = field(default_factory=Counter)
    planned: Counter[str] = field(default_factory=Counter)
    """Everything the last version of each loan's schedule asks for, with what earlier versions asked before it."""
    received: Counter[str] = field(default_factory=Counter)
    by_kind: Counter[tuple[str, str]] = field(default_factory=Counter)
    kind_rows: Counter[str] = field(default_factory=Counter)
    products: set[str] = field(default_factory=set)
    no_kind: int = 0
    rows: Counter[str] = field(default_factory=Counter)


def check_book(book: Book) -> list[Line]:
    """Every line of the check, those that do not tie included."""
    layout = check_alignment(book)
    sums = _Sums()
    for loans, schedule, postings in _groups(book):
        _add(sums, loans, schedule, postings)
    lines = [_label(book), _yes_no(Words("文件布局", "layout of the files"), len(layout), layout)]
    for table in ("loans", "schedule", "postings"):
        told = book.counts.get(table, 0)
        wrong = [] if told == sums.rows[table] else [f"{told} <> {sums.rows[table]}"]
        lines.append(
            Line(Words(f"{table} 行数", f"rows of {table}"), _same(" ".join([f"{sums.rows[table]:,}", *wrong])),
                 Standing.WRONG if wrong else Standing.OK)
        )  # fmt: skip
    lines.append(
        _yes_no(
            Words("计划本金合计等于贷款本金", "schedule principal equals loan principal"),
            sums.unequal_count,
            sums.unequal,
        )
    )
    for table, key in (("loans", "loan_id"), ("schedule", "version, n"), ("postings", "posting_id")):
        lines.append(_yes_no(Words(f"{table} 的 {key} 不重复", f"{key} of {table} once each"), sums.twice[table], []))
    lines += _money(sums)
    lines += _products(book, sums)
    lines += _parties(book, sums)
    return lines


def _groups(book: Book) -> Iterator[tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]]:
    columns = {
        "loans": ["loan_id", "currency", "principal_minor", "product", "party_kind"],
        "schedule": [
            "loan_id",
            "version",
            "effective_on",
            "n",
            "due_on",
            "principal_minor",
            "interest_minor",
            "fee_minor",
        ],
        "postings": ["loan_id", "posting_id", "kind", "amount_minor", "reversed_by_ix"],
    }
    for part in range(book.partitions):
        files = {table: pq.ParquetFile(book.file(table, part)) for table in columns}
        for group in range(files["loans"].num_row_groups):
            yield tuple(  # type: ignore[misc]
                pl.DataFrame(pl.from_arrow(files[t].read_row_group(group, columns=c))) for t, c in columns.items()
            )
        for file in files.values():
            file.close()


def _add(sums: _Sums, loans: pl.DataFrame, schedule: pl.DataFrame, postings: pl.DataFrame) -> None:
    for table, rows in (("loans", loans), ("schedule", schedule), ("postings", postings)):
        sums.rows[table] += len(rows)
    first = (
        schedule.filter(pl.col("version") == 1)
        .group_by("loan_id")
        .agg(pl.col("principal_minor").sum().alias("planned"))
    )
    met = loans.join(first, on="loan_id", how="left").filter(pl.col("planned").ne_missing(pl.col("principal_minor")))
    sums.unequal_count += len(met)
    sums.unequal += met["loan_id"].head(_SHOWN - len(sums.unequal)).to_list() if len(sums.unequal) < _SHOWN else []
    sums.twice["loans"] += int(loans["loan_id"].is_duplicated().sum())
    sums.twice["schedule"] += int(schedule.select("loan_id", "version", "n").is_duplicated().sum())
    sums.twice["postings"] += int(postings.select("loan_id", "posting_id").is_duplicated().sum())
    sums.products |= set(loans["product"].unique())
    sums.no_kind += int(loans["party_kind"].null_count())
    currency = loans.select("loan_id", "currency")
    _sum(sums.lent, loans, "principal_minor", ["currency"])
    # An instalment stands until a later version takes effect on or before its due date.
    later = (
        schedule.filter(pl.col("version") > 1)
        .group_by("loan_id", "version")
        .agg(pl.col("effective_on").first().alias("from"))
    )
    if len(later):
        replaced = (
            schedule.join(later.rename({"version": "by"}), on="loan_id")
            .filter((pl.col("by") > pl.col("version")) & (pl.col("from") <= pl.col("due_on")))
            .select("loan_id", "version", "n")
            .unique()
        )
        schedule = schedule.join(replaced, on=["loan_id", "version", "n"], how="anti")
    asked = schedule.with_columns(pl.sum_horizontal("principal_minor", "interest_minor", "fee_minor").alias("asked"))
    _sum(sums.planned, asked.join(currency, on="loan_id"), "asked", ["currency"])
    told = postings.join(currency, on="loan_id").with_columns(
        pl.col("kind").replace_strict(_NAMES, return_dtype=pl.String).alias("name")
    )
    _sum(sums.by_kind, told, "amount_minor", ["name", "currency"])
    sums.kind_rows.update(dict(told["name"].value_counts().iter_rows()))
    stands = told.filter(pl.col("kind").is_in(MONEY_IN) & (pl.col("reversed_by_ix") < 0))
    _sum(sums.received, stands, "amount_minor", ["currency"])


def _sum(into: Counter, rows: pl.DataFrame, amount: str, by: list[str]) -> None:  # type: ignore[type-arg]
    """Add sums by group, in two halves so that none leaves 63 bits."""
    parts = rows.group_by(by).agg(
        (pl.col(amount) // 10**6).sum().alias("_h"), (pl.col(amount) % 10**6).sum().alias("_l")
    )
    for *key, high, low in parts.iter_rows():
        into[key[0] if len(key) == 1 else tuple(key)] += high * 10**6 + low


def _same(text: str) -> Words:
    return Words(text, text)


def _yes_no(question: Words, wrong: int, examples: list[str]) -> Line:
    if not wrong:
        return Line(question, Words("是", "yes"), Standing.OK)
    few = ", ".join(examples[:_SHOWN])
    return Line(question, Words(f"{wrong:,} 处不符 {few}", f"{wrong:,} do not {few}".strip()), Standing.WRONG)


def _label(book: Book) -> Line:
    if book.synthetic:
        return Line(Words("数据", "data"), Words("合成数据", "synthetic"), Standing.NOTE)
    return Line(
        Words("数据", "data"), Words("真实数据（来源未标为合成）", "real, or not labelled as synthetic"), Standing.OK
    )


def _money(sums: _Sums) -> list[Line]:
    lines = []
    for currency in sorted(sums.lent):
        shown = {
            name: format_minor(c[currency], currency)
            for name, c in (("lent", sums.lent), ("planned", sums.planned), ("received", sums.received))
        }
        lines.append(Line(Words(f"{currency} 放款本金", f"{currency} lent"), _same(shown["lent"]), Standing.OK))
        lines.append(Line(Words(f"{currency} 计划应收", f"{currency} scheduled"), _same(shown["planned"]), Standing.OK))
        lines.append(
            Line(
                Words(f"{currency} 实收（扣除冲正）", f"{currency} received, reversals off"),
                _same(shown["received"]),
                Standing.OK,
            )
        )
    for (kind, currency), amount in sorted(sums.by_kind.items()):
        lines.append(
            Line(
                Words(f"流水 {kind}", f"postings {kind}"),
                _same(f"{format_minor(amount, currency)} {currency}"),
                Standing.OK,
            )
        )
    return lines


def _products(book: Book, sums: _Sums) -> list[Line]:
    question = Words("产品都有条款", "products have terms")
    if book.products is None:
        return [
            Line(
                question,
                Words("没有 products.yaml，全部按默认条款", "no products.yaml: all use the default terms"),
                Standing.NOTE,
            )
        ]
    named, _ = parse_products(book.products, "products.yaml")
    missing = sorted(sums.products - set(named))
    return [_yes_no(question, len(missing), missing)]


def _parties(book: Book, sums: _Sums) -> list[Line]:
    question = Words("借款人都在 parties 中且有种类", "borrowers are in parties and have a kind")
    if book.file("parties") is None:
        return [Line(question, Words("没有 parties", "no parties were given"), Standing.NOTE)]
    lines = [_yes_no(question, sums.no_kind, [])]
    parties = book.scan("parties").select("party_id")
    known = [book.scan("loans").select("party_id")]
    if book.file("roles") is not None:
        known.append(book.scan("roles").select("party_id"))
    orphans = (
        parties.join(pl.concat(known), on="party_id", how="anti").select(pl.len()).collect(engine="streaming").item()
    )
    lines.append(Line(Words("没有贷款或身份的当事人", "parties without loan or role"), _same(f"{orphans:,}"),
                      Standing.NOTE if orphans else Standing.OK))  # fmt: skip
    for table in ("roles", "contact_points"):
        if book.file(table) is None:
            continue
        lost = (
            book.scan(table)
            .select("party_id")
            .join(parties, on="party_id", how="anti")
            .select(pl.len())
            .collect(engine="streaming")
            .item()
        )
        lines.append(
            _yes_no(Words(f"{table} 的当事人都在 parties 中", f"parties of {table} are in parties"), int(lost), [])
        )
    return lines
