"""One loan out of the book, as the plain rules read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from mora.core.errors import UnknownLoan
from mora.engine.book.manifest import Book
from mora.engine.scan import Chunk, find_loan
from mora.loans.terms import Component, Instalment, Loan, Posting, PostingKind, Product


def loan_rows(book: Book, loan_id: str) -> Chunk:
    """The rows of one loan.

    :raises UnknownLoan: the book has no such loan.
    """
    chunk = find_loan(book, loan_id)
    if chunk is None:
        raise UnknownLoan(
            f"the book {book.path} has no loan {loan_id!r}; was it set aside? See {book.path}/quarantine",
            zh=f"账簿 {book.path} 中没有贷款“{loan_id}”；是否在导入时被搁置？见 {book.path}/quarantine",
        )
    return chunk


def loan_of(chunk: Chunk, products: Mapping[str, Product]) -> Loan:
    """The first loan of a chunk read with every column."""
    row: dict[str, Any] = chunk.loans.slice(0, 1).to_pylist()[0]
    schedule = chunk.schedule.slice(0, row["n_schedule"]).to_pylist()
    postings = chunk.postings.slice(0, row["n_postings"]).to_pylist()
    return Loan(
        loan_id=row["loan_id"],
        party_id=row["party_id"],
        product=products[row["product"]],
        currency=row["currency"],
        principal=row["principal_minor"],
        annual_rate_e12=row["annual_rate_e12"],
        started_on=row["started_on"],
        matures_on=row["matures_on"],
        schedule=tuple(_instalment(each) for each in schedule),
        postings=tuple(_posting(each) for each in postings),
        penalty_rate_e12=row["penalty_rate_e12"],
        written_off_on=_day(row, "written_off_on"),
        sold_on=_day(row, "sold_on"),
        restructured_on=_day(row, "restructured_on"),
    )


def _day(row: Mapping[str, Any], name: str) -> date | None:
    value: date | None = row.get(name)
    return value


def _instalment(row: Mapping[str, Any]) -> Instalment:
    return Instalment(
        row["n"], row["due_on"], row["principal_minor"], row["interest_minor"], row["fee_minor"], row["version"],
        row["effective_on"],
    )  # fmt: skip


def _posting(row: Mapping[str, Any]) -> Posting:
    booked: datetime | None = row["booked_at"]
    return Posting(
        posting_id=row["posting_id"],
        value_on=row["value_on"],
        kind=PostingKind(row["kind"]),
        amount=row["amount_minor"],
        booked_at=booked,
        component=Component(row["component"]) if row["component"] else None,
        reverses=row["reverses"],
        instalment_n=None if row["instalment_n"] < 0 else row["instalment_n"],
        note=row["note"] or "",
    )
