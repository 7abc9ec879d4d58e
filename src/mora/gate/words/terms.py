"""The words of the wording guard: kinds of fault, what a finding holds, and the answer."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from mora.gate.terms import Effect


class Kind(StrEnum):
    """What is wrong with words. docs/algorithms/wording.md defines each."""

    THREAT = "threat"
    INSULT = "insult"
    IMPERSONATION = "impersonation"
    FALSE_CONSEQUENCE = "false_consequence"
    DISCLOSURE = "disclosure"
    FALSE_URGENCY = "false_urgency"
    EXTRA_FEE = "extra_fee"
    INDUCE_BORROWING = "induce_borrowing"
    HARASSMENT = "harassment"
    UNCONSENTED_ENTRY = "unconsented_entry"
    AMOUNT_MISMATCH = "amount_mismatch"
    """A sum that none of the position's figures equals."""
    DATE_MISMATCH = "date_mismatch"
    DAYS_MISMATCH = "days_mismatch"
    MISSING = "missing"
    """Something a message of this kind must hold is not there."""
    SUSPECT = "suspect"
    """Reads like faulty sentences, though no pattern names the fault; a person should look."""
    UNREADABLE = "unreadable"
    """A part of the text cannot be read, so nobody can say that it is clean."""


SPEECH = tuple(kind for kind in Kind if kind not in {
    Kind.AMOUNT_MISMATCH, Kind.DATE_MISMATCH, Kind.DAYS_MISMATCH, Kind.MISSING, Kind.SUSPECT, Kind.UNREADABLE,
})  # fmt: skip
"""Kinds found in what is said, rather than in figures or gaps."""


class WordFinding(Struct, frozen=True):
    """One fault, where it stands, the clause it breaks and words that would do."""

    kind: Kind
    start: int
    end: int
    """``[start, end)`` in the text as it was given; both 0 when something is missing."""
    quote: str
    """The words at fault, as they were given."""
    effect: Effect
    rule: str
    """The rule that decides; empty when no rule of these places speaks, and then it only warns."""
    rules: tuple[str, ...]
    """Every rule that speaks, the deciding one first."""
    clause_zh: str
    clause_en: str
    message_zh: str
    message_en: str
    suggestion_zh: str
    suggestion_en: str
    pattern: str = ""
    """Which pattern, or which mandatory item, found it."""
    verified: bool = True
    """False: the rule was not found in a source, so it only warns."""


class Reading(Struct, frozen=True):
    """What was found in a text."""

    findings: tuple[WordFinding, ...]
    language: str
    """zh, en or mixed: what the text was read as."""
    places: tuple[str, ...]
    rules: tuple[str, ...] = ()
    """Every rule the answer stands on, as ``id@first day of its version``."""

    @property
    def effect(self) -> Effect | None:
        """The worst a finding does; None when nothing was found."""
        if any(each.effect is Effect.REFUSE for each in self.findings):
            return Effect.REFUSE
        return Effect.WARN if self.findings else None

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of fault found."""
        return frozenset(each.kind for each in self.findings)
