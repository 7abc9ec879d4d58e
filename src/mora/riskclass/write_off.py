"""May it be written off? A checklist: what is known, what is unknown, who has to say.

The packs hold no verified Chinese rule with numbers for write-off beyond the class of loss; the
tax and finance-ministry conditions are documents a person must produce. So this never answers
"eligible": it says what stands in the way and what nobody has recorded yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mora.core.words import Words
from mora.riskclass.terms import RiskClass


class Answer(StrEnum):
    """What is known of one condition."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    """Nobody has recorded it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of the checklist."""

    code: str
    words: Words
    answer: Answer


@dataclass(frozen=True, slots=True)
class Recovery:
    """What is recorded of the attempts to recover. None: not recorded."""

    collected_from_debtor: bool | None = None
    """Demand and collection were carried through and documented."""
    guarantors_pursued: bool | None = None
    collateral_realised: bool | None = None
    court_or_insolvency_closed: bool | None = None
    """Enforcement ended without assets, or insolvency proceedings closed."""
    approved: bool | None = None
    """The lender's own authority signed."""


_QUESTIONS = (
    ("collected_from_debtor", Words("已向借款人追索并留存证据", "The debtor was pursued, with evidence kept")),
    ("guarantors_pursued", Words("已向保证人追索或无保证人", "Guarantors were pursued, or there are none")),
    ("collateral_realised", Words("抵质押物已处置或无抵质押物", "Collateral was realised, or there is none")),
    ("court_or_insolvency_closed", Words("执行终结或破产程序终结", "Enforcement or insolvency is closed")),
    ("approved", Words("已按授权审批", "Approved by the lender's own authority")),
)


def write_off_checklist(
    risk_class: RiskClass, written_off: bool, sold: bool, recovery: Recovery | None = None
) -> tuple[Condition, ...]:
    """What speaks for and against writing a loan off, line by line; nothing unknown is taken as met."""
    known = recovery or Recovery()
    lines = [
        Condition("on_book", Words("仍在账内", "Still on the book"), _answer(not written_off and not sold)),
        Condition("class_loss", Words("分类为损失", "Classed as loss"), _answer(risk_class is RiskClass.LOSS)),
    ]
    lines += [Condition(code, words, _answer(getattr(known, code))) for code, words in _QUESTIONS]
    return tuple(lines)


def _answer(value: bool | None) -> Answer:
    if value is None:
        return Answer.UNKNOWN
    return Answer.MET if value else Answer.NOT_MET


def blocking(checklist: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """The lines that are not met or unknown."""
    return tuple(line for line in checklist if line.answer is not Answer.MET)
