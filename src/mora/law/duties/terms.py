"""The words of duties: by which day, under which clause, and how it stands on a given day.

Days are inclusive: an act by 6 February may still be done on 6 February. An as-of date is read at its evening, so what
happened after it is not known yet, and a day that is today has not passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mora.core.words import Words


class Kind(StrEnum):
    """What a duty's day means."""

    ACT_BY = "act_by"
    """The last day on which we (or whom the sentence names) may still act in time."""
    NOT_BEFORE = "not_before"
    """The first day on which the act is allowed."""
    UNTIL = "until"
    """The last day of a period that runs: to be waited for, or kept to its end."""


class DutyStatus(StrEnum):
    """How a duty stands on the as-of date."""

    DUE = "due"
    """Not done; the day has not passed, or is not known."""
    MET = "met"
    """Done; ``late`` says whether after its day."""
    NOT_NEEDED = "not_needed"
    """Nothing has to be done; the sentence says why."""
    OVERDUE = "overdue"
    """The day has passed undone, or the act came when the right was already lost."""
    MISSED = "missed"
    """The day passed undone, and what it was for has since fallen away: for the record, nothing is left to do."""
    RUNNING = "running"
    """A period still runs: the act is not allowed yet, or something must still be kept or waited for."""
    OVER = "over"
    """The period has ended: the act is allowed, or nothing need be kept any longer."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty or deadline under one rule."""

    rule_id: str
    clause: Words
    """Instrument and article, as people cite it."""
    what: Words
    """The act or the period, in a few words."""
    kind: Kind
    day: date | None
    """What ``kind`` says; None when it cannot be known from the facts or the law packs."""
    provisional: bool
    """A day it depended on lies in a year whose holidays are not announced; ``day`` was then not moved, or counted
    without holidays, which is the earliest it can be."""
    counted_from: date | None
    status: DutyStatus
    as_of: date
    met_on: date | None
    decides: bool
    """False when the rule (or the number used) is known from memory only: it reminds, and says unverified."""
    sentence: Words
    """All of it in plain words."""
    also: tuple[str, ...] = ()
    """Other rules that shaped the day."""
    matter: str = ""
    """Which part of the facts it comes from, such as ``us_mortgage`` or ``cn_complaints[2]``."""

    @property
    def act_by(self) -> date | None:
        """The last day for the act; None when unknown, or when this is no act-by duty."""
        return self.day if self.kind is Kind.ACT_BY else None

    @property
    def late(self) -> bool:
        """Done, but after its day."""
        return self.met_on is not None and self.day is not None and self.kind is Kind.ACT_BY and self.met_on > self.day
