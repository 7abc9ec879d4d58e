"""The register: every rule once, with its status, its room and who reads it.

``packs/register.txt`` lists the ids that must be there. It is kept beside the packs and not made from them, so
that a rule lost from a pack is noticed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from mora.core.words import Words
from mora.law.packs import packaged
from mora.law.terms import Effect, Rule, Since, Status
from mora.law.vocabulary import Jurisdiction, Room


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the register."""

    id: str
    title: Words
    jurisdiction: Jurisdiction
    room: Room
    status: Status
    effect: Effect
    uses: tuple[str, ...]
    in_force_from: str
    """First day of the newest version, or ``unknown`` or ``pending``."""
    in_force_until: str
    """First day its newest version no longer holds; empty while it does."""
    checked_on: str


def expected_ids() -> tuple[str, ...]:
    """The ids the packs must hold, in the order of the list."""
    lines = (packaged() / "register.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def missing_and_extra(ids: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """``(missing, extra, doubled)`` ids against the list; doubled counts both the packs' and the list's own."""
    held, listed = Counter(ids), Counter(expected_ids())
    missing = tuple(id_ for id_ in listed if id_ not in held)
    extra = tuple(id_ for id_ in held if id_ not in listed)
    doubled = tuple(id_ for id_ in held | listed if held[id_] > 1 or listed[id_] > 1)
    return missing, extra, doubled


def entry(rule: Rule) -> Entry:
    """A rule's line in the register."""
    newest = rule.versions[-1]
    exactly = {Since.DAY: "%Y-%m-%d", Since.MONTH: "%Y-%m", Since.YEAR: "%Y"}.get(newest.since)
    since = newest.start.strftime(exactly) if newest.start is not None and exactly else newest.since.value
    until = newest.until.isoformat() if newest.until is not None else ""
    checked_on = rule.verification.checked_on.isoformat()
    return Entry(rule.id, rule.title, rule.jurisdiction, rule.room, rule.status, rule.effect, rule.uses, since,
                 until, checked_on)  # fmt: skip


def register(rules: Iterable[Rule]) -> tuple[Entry, ...]:
    """The register of these rules, in their order."""
    return tuple(entry(rule) for rule in rules)
