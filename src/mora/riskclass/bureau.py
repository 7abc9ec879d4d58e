"""What is a credit bureau told?

Two code lists whose edges differ by a day: China's counts 1 to 30 days as its first band, Metro 2
calls 0 to 29 days current. The product's jurisdiction chooses; for the EU and the UK no list is
held and the status is empty.
"""

from __future__ import annotations

from datetime import date

from mora.ageing.terms import Position
from mora.loans.terms import Loan
from mora.riskclass.terms import Facts, Scheme

CN_NORMAL, CN_SETTLED, CN_NO_HISTORY, CN_BAD_DEBT, CN_ENDED = "N", "C", "*", "B", "G"
CN_LATE = ((1, "1"), (31, "2"), (61, "3"), (91, "4"), (121, "5"), (151, "6"), (181, "7"))
"""First day past due of each figure of the second-generation credit report 二代征信."""

METRO_CURRENT, METRO_PAID, METRO_CHARGED_OFF = "11", "13", "97"
METRO_LATE = ((30, "71"), (60, "78"), (90, "80"), (120, "82"), (150, "83"), (180, "84"))
"""First day past due of each Metro 2 account status."""


def bureau_status(scheme: Scheme, position: Position, loan: Loan, facts: Facts) -> str:
    """The bureau's code for the loan on the position's day; empty where no code list is held."""
    as_of = position.as_of
    settled = position.outstanding_principal_minor == 0 and position.payoff_minor == 0
    if scheme in (Scheme.CN_LOAN, Scheme.CN_CARD):
        return _cn(position, loan, facts, settled, as_of)
    if scheme in (Scheme.US_CLOSED_END, Scheme.US_OPEN_END, Scheme.US_REAL_ESTATE):
        if _passed(loan.written_off_on, as_of):
            return METRO_CHARGED_OFF
        return METRO_PAID if settled else _banded(position.days_past_due, METRO_LATE, METRO_CURRENT)
    return ""


def _cn(position: Position, loan: Loan, facts: Facts, settled: bool, as_of: date) -> str:
    if _passed(loan.sold_on, as_of):
        return CN_ENDED
    if _passed(loan.written_off_on, as_of):
        return CN_BAD_DEBT
    if settled:
        return CN_SETTLED
    if position.days_past_due == 0 and as_of < max(loan.started_on, facts.first_due_on or loan.started_on):
        return CN_NO_HISTORY
    return _banded(position.days_past_due, CN_LATE, CN_NORMAL)


def _passed(day: date | None, as_of: date) -> bool:
    return day is not None and day <= as_of


def _banded(days: int, starts: tuple[tuple[int, str], ...], otherwise: str) -> str:
    return next((code for first, code in reversed(starts) if days >= first), otherwise)
