"""One loan in front of the rules: everything that is known of it, and the law of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mora.ageing.terms import Position, Standing
from mora.loans.terms import Loan
from mora.riskclass.numbers import Numbers
from mora.riskclass.terms import Facts, Reason, RiskClass, Scheme

Floor = tuple[RiskClass, Reason, bool]
"""A class some rule asks for at least, why, and whether that rule may decide."""

CHINESE = (Scheme.CN_LOAN, Scheme.CN_CARD)
AMERICAN = (Scheme.US_CLOSED_END, Scheme.US_OPEN_END, Scheme.US_REAL_ESTATE)
EUROPEAN = (Scheme.EU, Scheme.EU_MATERIAL)


@dataclass(frozen=True, slots=True)
class Case:
    """What the rules look at."""

    scheme: Scheme
    loan: Loan
    position: Position
    standing: Standing
    facts: Facts
    numbers: Numbers

    @property
    def as_of(self) -> date:
        """The evening the loan is looked at."""
        return self.position.as_of

    @property
    def days(self) -> int:
        """Days past due."""
        return self.position.days_past_due

    @property
    def is_written_off(self) -> bool:
        """Written off by that day."""
        return _passed(self.loan.written_off_on, self.as_of)

    @property
    def is_sold(self) -> bool:
        """Sold by that day."""
        return _passed(self.loan.sold_on, self.as_of)

    @property
    def is_restructured(self) -> bool:
        """Its terms were changed by that day."""
        return _passed(self.loan.restructured_on, self.as_of)


def _passed(day: date | None, as_of: date) -> bool:
    return day is not None and day <= as_of
