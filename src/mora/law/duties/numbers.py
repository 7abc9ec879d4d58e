"""Which number does the law give on that day, and may it decide?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mora.core.errors import UnknownRule
from mora.core.words import Words
from mora.law.duties.clause import clause_of
from mora.law.library import Law
from mora.law.terms import Rule, Version


@dataclass(frozen=True, slots=True)
class Ruling:
    """One rule as it stood on the day of the event."""

    rule: Rule
    version: Version

    @property
    def clause(self) -> Words:
        """Instrument and article."""
        return clause_of(self.rule, self.version)

    def whole(self, name: str) -> int:
        """A parameter that is a known whole number.

        :raises UnknownRule: it is missing, unknown (null) or not whole.
        """
        value = self.version.params.get(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise UnknownRule(f"{self.rule.id}: {name} is {value!r}; a whole number is needed, and none is guessed.")
        return value

    def known(self, name: str) -> bool:
        """Whether a parameter is there and not unknown (null)."""
        return self.version.params.get(name) is not None

    def holds(self, name: str, member: str) -> bool:
        """Whether a list parameter holds a word, or a text parameter is that word."""
        value = self.version.params.get(name)
        return member in value if isinstance(value, tuple) else value == member

    def decides_by(self, name: str) -> bool:
        """Whether the rule may decide by this parameter."""
        return self.rule.decides_by(name) if name else self.rule.decides


def ruling(law: Law, rule_id: str, on: date) -> Ruling:
    """The rule in force on the day of the event.

    :raises UnknownRule: the packs have no such rule, or no version of it in force that day.
    """
    return Ruling(law.rule(rule_id), law.version(rule_id, on))


def ruling_if_any(law: Law, rule_id: str, on: date) -> Ruling | None:
    """The rule in force on the day of the event, or None when the packs hold nothing for that day."""
    version = law.rule(rule_id).on(on) if rule_id in law else None
    return None if version is None else Ruling(law.rule(rule_id), version)
