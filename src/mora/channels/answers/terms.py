"""What an answer may mean."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from msgspec import Struct


class Meaning(StrEnum):
    """What somebody wrote back."""

    OPT_OUT = "opt_out"
    """Refuses this channel."""
    PAID = "paid"
    """Says that it is paid."""
    WRONG_NUMBER = "wrong_number"
    """Says that the number is not the person's we mean."""
    PROMISE = "promise"
    """Says that he or she will pay, by a day, or an amount, or both."""
    HELP = "help"
    """Cannot pay, is in trouble, asks for time or for terms."""
    DISPUTE = "dispute"
    """Says it is not owed, not in this amount, not by him or her; or complains."""


class Answer(Struct, frozen=True):
    """One thing an answer says."""

    meaning: Meaning
    start: int
    """Where in the text, half-open."""
    end: int
    quote: str
    certain: bool = False
    """Only of a refusal that is the whole message; otherwise a person looks."""
    urgent: bool = False
    """Speaks of a danger to life: somebody looks at once."""
    due_on: date | None = None
    """A promise's day; None when none was named, or not clearly one."""
    amount_minor: int | None = None
    """A promise's amount; None when none was named, or not clearly one."""
    in_full: bool = False
    """Promises everything that is owed."""
