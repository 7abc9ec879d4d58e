"""Money during the day: the loan is aged anew by the plain rules, its case follows at once, promises are judged.

The book itself is not touched: its own import brings the posting tonight, under the same id; then that one counts and
the payment told here no longer does.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from mora.ageing.rules import age
from mora.ageing.terms import Position
from mora.casework.book import held_book
from mora.casework.from_day import FIGURES, close_if_cured, total_up
from mora.casework.promises import judge, mark_left
from mora.core.errors import Refused, UnknownLoan
from mora.engine.book.manifest import Book
from mora.engine.one import loan_of, loan_rows
from mora.engine.scan import products_of
from mora.loans.terms import Loan, Posting, PostingKind
from mora.store import audit
from mora.store.models import Case, CaseLoan, Payment, Promise

_MONEY_IN = frozenset({PostingKind.PAYMENT, PostingKind.RECOVERY})


def post_payment(
    book: Book, loan_id: str, posting_id: str, amount_minor: int, currency: str, value_on: date, at: datetime
) -> Position:
    """Take a payment in and let the loan's case follow; told twice it counts once.

    :returns: where the loan stands on the day of ``at`` with all that is known now.
    :raises UnknownLoan: the book has no such loan.
    :raises Refused: the amount is not positive, in another currency, dated ahead, or the id names another payment.
    """
    loan = loan_with_payments(book, loan_id)
    today = at.date()
    if amount_minor <= 0:
        raise Refused(f"payment {posting_id}: {amount_minor} is not an amount")
    if currency != loan.currency:
        raise Refused(f"payment {posting_id} is in {currency}, the loan {loan_id} in {loan.currency}")
    if not loan.started_on <= value_on <= today:
        raise Refused(f"payment {posting_id}: {value_on} is not between {loan.started_on} and {today}")
    with transaction.atomic():
        held, new = Payment.objects.get_or_create(
            posting_id=posting_id,
            defaults={
                "loan_id": loan_id, "value_on": value_on, "booked_at": at, "amount_minor": amount_minor,
                "currency": currency,
            },
        )  # fmt: skip
        if not new and (held.loan_id, held.amount_minor, held.value_on) != (loan_id, amount_minor, value_on):
            raise Refused(f"payment {posting_id} was told before with another loan, amount or date")
        position = age(loan_with_payments(book, loan_id), today).position
        if new:
            audit.append("mora", "payment.post", loan_id, at=at, posting=posting_id, amount_minor=amount_minor)
            _follow(loan_id, position, book, at)
    return position


def loan_with_payments(book: Book, loan_id: str) -> Loan:
    """The loan of the book with what was told since its last import.

    :raises UnknownLoan: the book has no such loan.
    """
    loan = loan_of(loan_rows(book, loan_id), products_of(book))
    known = {each.posting_id for each in loan.postings}
    told = tuple(
        Posting(each.posting_id, each.value_on, PostingKind.PAYMENT, each.amount_minor, each.booked_at)
        for each in Payment.objects.filter(loan_id=loan_id).order_by("booked_at", "posting_id")
        if each.posting_id not in known
    )
    return replace(loan, postings=tuple(sorted((*loan.postings, *told), key=lambda each: each.value_on)))


def received_since(loan: Loan, made_at: datetime, upto: date) -> int:
    """Money that came after a promise was made and by a day, reversals taken off."""
    undone = {each.reverses for each in loan.postings if each.kind is PostingKind.REVERSAL and each.value_on <= upto}
    return sum(
        each.amount
        for each in loan.postings
        if each.kind in _MONEY_IN and each.posting_id not in undone and _after(each, made_at) and each.value_on <= upto
    )


def _after(posting: Posting, made_at: datetime) -> bool:
    """Whether money came after an instant; without a booking time only a later day counts as after."""
    if posting.booked_at is not None:
        return posting.booked_at > made_at
    return posting.value_on > made_at.date()


def judge_promises(book: Book, as_of: date, at: datetime) -> int:
    """Judge every open promise about this book's loans by their money, gone from the case or not; how many changed."""
    changed, name = 0, book.path.resolve().name
    waiting = Promise.objects.filter(state=Promise.State.OPEN).select_related("case").prefetch_related("case__loans")
    for made in waiting.order_by("pk"):
        if any(each in ("", name) for each in _covers(made).values()):
            changed += _judge(made, book, as_of, at)
    return changed


def _covers(made: Promise) -> dict[str, str]:
    """The loans whose money counts towards a promise, each with its book: those of then, and those of the case now."""
    now = {each.loan_id: each.book for each in made.case.loans.all() if each.currency == made.currency}
    covers = {**made.loans, **now}
    return {made.loan_id: covers.get(made.loan_id, "")} if made.loan_id else covers


def _judge(made: Promise, book: Book, as_of: date, at: datetime) -> bool:
    received, standings = 0, set()
    for loan_id, name in _covers(made).items():
        where = book if name in ("", book.path.resolve().name) else held_book(name)
        if where is None:
            return False  # money on a loan of a book that is not here cannot be seen, so nothing is judged
        try:
            loan = loan_with_payments(where, loan_id)
        except UnknownLoan:
            standings.add(made.left.get(loan_id, "unknown"))
            continue
        upto = as_of if loan.sold_on is None else min(as_of, loan.sold_on)
        received += received_since(loan, made.made_at, upto)
        standings.add("sold" if loan.sold_on is not None and loan.sold_on <= as_of else made.left.get(loan_id, ""))
    before = made.state
    told = "sold" if standings == {"sold"} else "paid_off" if standings in ({"paid_off"}, {"paid_off", "sold"}) else ""
    return judge(made, received, as_of, at, standing=told).state != before


def _follow(loan_id: str, position: Position, book: Book, at: datetime) -> None:
    row = CaseLoan.objects.select_related("case").filter(loan_id=loan_id, case__state=Case.State.OPEN).first()
    if row is None:
        return
    case = Case.objects.select_for_update().get(pk=row.case_id)
    for name in FIGURES:
        setattr(row, name, getattr(position, name))
    row.as_of = at.date()
    row.save()
    if position.payoff_minor == 0 and position.arrears_minor == 0:
        mark_left(case, {loan_id: "paid_off"})
    for made in case.promises.filter(state=Promise.State.OPEN, currency=row.currency):
        _judge(made, book, at.date(), at)
    total_up(case, at.date())
    close_if_cured(case, at.date(), at)
