"""With these words? The text of a request, read by the wording guard, as findings of the verdict."""

from __future__ import annotations

from mora.gate.asking import Ask
from mora.gate.clauses import Ruling
from mora.gate.terms import Finding
from mora.gate.words import WordFinding, read

_CALLED = "mora.gate.words"
"""Stands for the rule where no rule of these places speaks about a fault; such a finding only warns."""


def said(ask: Ask) -> tuple[list[Finding], list[Ruling]]:
    """What the guard finds in the text to be sent or said, and the rules it found it by; nothing without a text."""
    message = ask.request.message
    if message is None or message.text is None:
        return [], []
    day = ask.day_in(ask.request.places[0][:2])
    reading = read(
        message.text,
        on=day,
        language=message.language,
        to="third_party" if ask.third_party else "debtor",
        places=ask.request.places,
        channel=ask.request.channel,
        actor=ask.request.actor.kind,
        products=tuple(dict.fromkeys(kind for claim in ask.request.claims for kind in claim.products)),
        rules=ask.clauses,
    )
    named = dict.fromkeys(label.partition("@")[0] for label in reading.rules)
    rulings = [ruling for id_ in named if (ruling := ask.clauses.of(id_, day)) is not None]
    return [_finding(each) for each in reading.findings], rulings


def _finding(each: WordFinding) -> Finding:
    where = f" [{each.start}, {each.end}) {each.quote}" if each.quote else ""
    return Finding(
        each.rule or _CALLED,
        each.clause_zh,
        each.effect,
        f"{each.message_zh}{where} 建议：{each.suggestion_zh}",
        f"{each.message_en}{where} Suggested: {each.suggestion_en}",
        each.clause_en,
        each.verified,
    )
