"""Two witnesses, one truth: the plain rules and the compiled kernel agree on random loans, column for column.

Products have every term drawn, loans have postings of every kind, back-dated and reversed ones, and up to three
schedule versions; half of the chunks are also seen with the knowledge of some earlier moment.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from ageing.books import random_loan, random_product
from ageing.witnesses import by_kernel, told_by
from mora.ageing.rules import age
from mora.loans.terms import Loan

CHUNKS, SIZE = 100, 100
FIRST = date(2024, 1, 1)


def horizon(rng: random.Random, chunk: int) -> int:
    """Days after FIRST; the rules live every day, so most chunks are short and every tenth is long."""
    return rng.randrange(300, 500) if chunk % 10 == 0 else rng.randrange(60, 170)


def chunk_of(chunk: int) -> tuple[list[Loan], date, datetime | None]:
    """Some random loans, and the view they are seen in; the same for every witness."""
    rng = random.Random(f"conformance {chunk}")
    loans = [random_loan(rng, chunk * SIZE + number, random_product(rng)) for number in range(SIZE)]
    as_of = FIRST + timedelta(days=horizon(rng, chunk))
    known_at = None
    if chunk % 2:
        known_at = datetime(2024, 1, 1, 12, tzinfo=UTC) + timedelta(days=rng.randrange(60, 300))
    return loans, as_of, known_at


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_rules_and_kernel_agree_on_random_loans(chunk: int) -> None:
    loans, as_of, known_at = chunk_of(chunk)
    seen = by_kernel(loans, as_of, known_at)
    for loan, kernel in zip(loans, seen, strict=True):
        aged = age(loan, as_of, known_at=known_at)
        assert kernel == told_by(aged), f"{loan}\nas of {as_of}, known at {known_at}"
        assert aged.life.account.balanced(), loan
        assert all(amount >= 0 for name, amount in kernel.columns.items() if name.endswith("_minor") and amount), loan


def test_the_random_loans_reach_every_kind_of_posting_and_every_term() -> None:
    rng = random.Random("conformance reach")
    loans = [random_loan(rng, number, random_product(rng)) for number in range(SIZE * 10)]
    kinds = {posting.kind for loan in loans for posting in loan.postings}
    assert len(kinds) == 15
    for term in ("early", "write_off", "reschedule", "fee", "reversal", "payoff"):
        values = {getattr(loan.product, term) for loan in loans}
        assert values == set(type(next(iter(values)))), term
    assert {loan.product.penalty.unit for loan in loans} == set(type(loans[0].product.penalty.unit))
    assert {loan.product.lateness.rule for loan in loans} == set(type(loans[0].product.lateness.rule))
    assert any(loan.product.switch for loan in loans)
    assert any(loan.product.penalty.cap_percent for loan in loans)
