"""What is written down of every attempt: the raw log the checker reads, and all it reads."""

from __future__ import annotations

from dataclasses import dataclass

from mora.gate.terms import Attempt, Request


@dataclass(slots=True)
class Entry:
    """One line of the raw log, in order of time within a case."""

    request: Request | None
    """What was asked, without its history; None when the person contacted us and nobody was asked."""
    outcome: str
    """allowed, warned, refused; or inbound."""
    refused_by: tuple[str, ...] = ()
    """Rules that refused."""
    warned_by: tuple[str, ...] = ()
    made: Attempt | None = None
    """The attempt as the log holds it, when it was made."""


Answer = tuple[str, tuple[str, ...], tuple[str, ...]]
"""Outcome, rules that refused, rules that warned."""
