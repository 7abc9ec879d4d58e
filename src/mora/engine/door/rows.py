"""Rules between the cells of one row. A rule says which rows break it; a row with an unreadable cell breaks none."""

# ruff: noqa: E501 - a row of the table a line

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from mora.loans.terms import PostingKind

_KIND_NAMES = {kind.value: kind.name.lower() for kind in PostingKind}

MOVES_MONEY = (PostingKind.DISBURSEMENT, PostingKind.PAYMENT, PostingKind.REFUND, PostingKind.FEE, PostingKind.WAIVER,
               PostingKind.WRITE_OFF, PostingKind.RECOVERY)  # fmt: skip
"""Need an amount above zero."""
MOVES_NONE = (PostingKind.INTEREST_PAUSE, PostingKind.INTEREST_RESUME, PostingKind.DELINQUENCY_PAUSE,
              PostingKind.DELINQUENCY_RESUME, PostingKind.RESCHEDULE)  # fmt: skip
"""Need an amount of zero."""
MAY_BE_NEGATIVE = (PostingKind.PENALTY_ADJUSTMENT, PostingKind.REVERSAL)
"""An adjustment takes penalty off when negative; a reversal repeats the amount of what it reverses."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows where ``broken`` holds are set aside with ``code``; ``column`` is the one to look at."""

    code: str
    column: str
    broken: pl.Expr
    detail: pl.Expr


def rules_for(table: str, given: frozenset[str]) -> list[Rule]:
    """The rules of a table that the columns given allow to be asked."""
    return [rule for rule in _RULES.get(table, ()) if set(rule.broken.meta.root_names()) | {rule.column} <= given] + (
        _without(table, given)
    )


def _no_detail() -> pl.Expr:
    return pl.lit("")


def _is(*kinds: PostingKind) -> pl.Expr:
    return pl.col("kind").is_in([kind.value for kind in kinds])


def _negative(column: str) -> Rule:
    return Rule("BOOK.AMOUNT_NEGATIVE", column, pl.col(column) < 0, _no_detail())


_KIND_NAME = pl.col("kind").replace_strict(_KIND_NAMES, default="", return_dtype=pl.String)

_RULES: dict[str, tuple[Rule, ...]] = {
    "loans": (
        _negative("principal"),
        Rule("BOOK.AMOUNT_ZERO", "principal", pl.col("principal") == 0, pl.lit("贷款|a loan")),
        _negative("collateral_value"),
        Rule("BOOK.MATURITY", "matures_on", pl.col("matures_on") < pl.col("started_on"), pl.col("started_on")),
    ),
    "schedule": (
        _negative("principal"),
        _negative("interest"),
        _negative("fee"),
        Rule("BOOK.VERSION_DATE", "version", (pl.col("version") > 1) & pl.col("effective_on").is_null(), pl.col("version")),
    ),
    "postings": (
        Rule("BOOK.AMOUNT_NEGATIVE", "amount", (pl.col("amount") < 0) & ~_is(*MAY_BE_NEGATIVE), _no_detail()),
        Rule("BOOK.AMOUNT_ZERO", "amount",
             (pl.col("amount") == 0) & _is(*MOVES_MONEY, PostingKind.PENALTY_ADJUSTMENT), _KIND_NAME),
        Rule("BOOK.AMOUNT_NOT_ZERO", "amount", (pl.col("amount") > 0) & _is(*MOVES_NONE), _KIND_NAME),
        Rule("BOOK.WAIVER_COMPONENT", "component", _is(PostingKind.WAIVER) & pl.col("component").is_null(), _no_detail()),
        Rule("BOOK.REVERSAL_UNNAMED", "reverses", _is(PostingKind.REVERSAL) & pl.col("reverses").is_null(), _no_detail()),
        Rule("BOOK.REVERSES_UNASKED", "reverses",
             pl.col("kind").is_not_null() & ~_is(PostingKind.REVERSAL) & pl.col("reverses").is_not_null(), _no_detail()),
    ),
}  # fmt: skip


def _without(table: str, given: frozenset[str]) -> list[Rule]:
    """What is still wrong when the column a rule asks about is not there at all."""
    rules = []
    if table == "schedule" and "version" in given and "effective_on" not in given:
        rules.append(Rule("BOOK.VERSION_DATE", "version", pl.col("version") > 1, pl.col("version")))
    if table == "postings" and "component" not in given:
        rules.append(Rule("BOOK.WAIVER_COMPONENT", "kind", _is(PostingKind.WAIVER), _no_detail()))
    if table == "postings" and "reverses" not in given:
        rules.append(Rule("BOOK.REVERSAL_UNNAMED", "kind", _is(PostingKind.REVERSAL), _no_detail()))
    return rules
