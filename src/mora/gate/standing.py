"""Which questions stand on a rule, and which of a lender's own rules ask the same?

For people who look a rule up (``mora law show``); the verdict itself reads the tables in :mod:`mora.gate.verdict`.
"""

from __future__ import annotations

from collections.abc import Iterable

from mora.gate.asking import Question
from mora.gate.verdict import OWN_QUESTIONS, QUESTIONS
from mora.law import Rule


def questions_of(rule: Rule) -> tuple[Question, ...]:
    """The gate's questions that stand on a rule, of the law or of a lender; empty when the gate asks none."""
    if rule.id in QUESTIONS:
        return QUESTIONS[rule.id]
    named = (version.params.get("question") for version in rule.versions)
    found = (OWN_QUESTIONS.get(name) for name in named if isinstance(name, str))
    return tuple(dict.fromkeys(question for question in found if question is not None))


def same_question(rule: Rule, rules: Iterable[Rule]) -> tuple[str, ...]:
    """Ids of the other rules, of the law or of a lender, that ask one of this rule's questions."""
    asked = set(questions_of(rule))
    return tuple(other.id for other in rules if other.id != rule.id and asked & set(questions_of(other)))


def named(question: Question) -> str:
    """A question by its module and name, with what it asks in a sentence."""
    says = (question.__doc__ or "").strip().partition("\n")[0]
    return f"{question.__module__}.{getattr(question, '__name__', '')}: {says}"
