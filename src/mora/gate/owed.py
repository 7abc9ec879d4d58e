"""Is it owed? Ten questions about a claim, one scored answer, and what to mend.

Asked before the first contact about a claim and whenever its facts change. The weights, and what a bad or a missing
answer does, are the lender's own rule (``question: owed`` in its house pack); without one each of them warns.
Each question has one good answer; an unanswered question is neither good nor bad and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum

from msgspec import Struct

from mora.core.words import Words
from mora.gate.asking import Ask, Breach
from mora.gate.clauses import Ruling
from mora.gate.terms import Claim, Effect, Outcome, Owed, Purpose


class Standing(StrEnum):
    """How one question stands."""

    GOOD = "good"
    BAD = "bad"
    UNANSWERED = "unanswered"


GOOD_ANSWER: Mapping[str, bool] = {
    "identity_matched": True,
    "balance_reconciled": True,
    "payment_in_transit": False,
    "dispute_open": False,
    "complaint_open": False,
    "time_barred": False,
    "guarantor_in_scope": True,
    "owned_by_lender": True,
    "insolvency_known": False,
    "death_known": False,
}
"""Every question with the answer that speaks for contact. ``guarantor_in_scope`` is asked only of guarantors."""

MEND: Mapping[str, Words] = {
    "identity_matched": Words(
        zh="核对债务人身份（姓名、证件、联系方式）", en="match the debtor's name, document and number"
    ),
    "balance_reconciled": Words(zh="与账簿核对余额", en="reconcile the balance to the ledger"),
    "payment_in_transit": Words(zh="等待在途还款入账", en="wait for the payment in transit to post"),
    "dispute_open": Words(zh="先处理异议并答复", en="answer the dispute first"),
    "complaint_open": Words(zh="先办结投诉", en="close the complaint first"),
    "time_barred": Words(
        zh="查明时效；已过的不得以起诉相告", en="establish limitation; on a barred debt no suit is mentioned"
    ),
    "guarantor_in_scope": Words(zh="核对保证范围与保证期间", en="check the scope and period of the guarantee"),
    "owned_by_lender": Words(
        zh="核对债权归属；已转让的由受让人主张", en="check who owns the claim; a sold one is the buyer's"
    ),
    "insolvency_known": Words(zh="转入破产债权申报", en="lodge the claim in the insolvency"),
    "death_known": Words(zh="停止联络本人，转遗产处理", en="stop contacting the person; turn to the estate"),
}


class Answer(Struct, frozen=True):
    """One question about one claim."""

    question: str
    standing: Standing
    outcome: Outcome
    """What it does by the lender's rule."""
    weight: int
    mend_zh: str = ""
    mend_en: str = ""


class OwedAnswer(Struct, frozen=True):
    """Whether a claim may be pursued as owed."""

    claim: str
    as_of: date
    outcome: Outcome
    score: int
    """Weight of the good answers in percent of the weight of all that were asked, rounded down."""
    answers: tuple[Answer, ...]
    rule: str
    """The lender's rule the weights came from; empty without one."""

    @property
    def to_mend(self) -> tuple[Answer, ...]:
        """The questions that do not stand well, worst first."""
        return tuple(
            sorted(
                (each for each in self.answers if each.standing is not Standing.GOOD),
                key=lambda each: (each.outcome is not Outcome.REFUSED, -each.weight),
            )
        )


def is_it_owed(claim: Claim, as_of: date, policy: Ruling | None = None, *, guarantor: bool = False) -> OwedAnswer:
    """Whether a claim may be pursued as owed on a day, by the lender's policy.

    :param policy: the lender's rule with ``weights`` (question to whole number), ``refuse`` and ``refuse_unanswered``
        (questions whose bad, or missing, answer refuses) and ``silent`` (questions whose missing answer does not even
        warn). Without one each question weighs one and warns.
    :param guarantor: whether a guarantor is asked to pay, so that the question about the guarantee is asked too.
    """
    owed = claim.owed or Owed()
    given = {name: getattr(owed, name) for name in GOOD_ANSWER}
    if given["time_barred"] is None and claim.barred_from is not None:
        given["time_barred"] = claim.barred_from <= as_of
    asked = [name for name in GOOD_ANSWER if guarantor or name != "guarantor_in_scope"]
    answers = tuple(_answer(name, given[name], policy) for name in asked)
    total = sum(each.weight for each in answers)
    good = sum(each.weight for each in answers if each.standing is Standing.GOOD)
    worst = Outcome.ALLOWED
    for outcome in (Outcome.WARNED, Outcome.REFUSED):
        if any(each.outcome is outcome for each in answers):
            worst = outcome
    return OwedAnswer(
        claim.id, as_of, worst, 100 * good // total if total else 0, answers, policy.label if policy is not None else ""
    )


def _answer(name: str, given: bool | None, policy: Ruling | None) -> Answer:
    standing = Standing.UNANSWERED if given is None else Standing.GOOD if given is GOOD_ANSWER[name] else Standing.BAD
    weight = 1
    if policy is not None:
        weighed = policy.part("weights").get(name)
        weight = weighed if isinstance(weighed, int) else 1
    return Answer(name, standing, _effect(name, standing, policy), weight, MEND[name].zh, MEND[name].en)


def _effect(name: str, standing: Standing, policy: Ruling | None) -> Outcome:
    if standing is Standing.GOOD:
        return Outcome.ALLOWED
    if policy is None:
        return Outcome.WARNED
    if standing is Standing.BAD:
        return Outcome.REFUSED if name in policy.names("refuse") else Outcome.WARNED
    if name in policy.names("refuse_unanswered"):
        return Outcome.REFUSED
    return Outcome.ALLOWED if name in policy.names("silent") else Outcome.WARNED


def owed_first(ask: Ask, ruling: Ruling, claims: tuple[Claim, ...]) -> Iterator[Breach]:
    """Does each claim stand as owed by the lender's rule? Only asking for payment needs the answer."""
    if ask.request.purpose is not Purpose.COLLECT:
        return
    as_of = ask.day_in(ask.request.places[0][:2])
    for claim in claims:
        answer = is_it_owed(claim, as_of, ruling, guarantor=ask.request.party.role.value == "guarantor")
        for outcome, at_most in ((Outcome.REFUSED, None), (Outcome.WARNED, Effect.WARN)):
            named = [each for each in answer.to_mend if each.outcome is outcome]
            if named:
                yield Breach(
                    Words(
                        zh=f"债权（{claim.id}）是否应还尚待核实（{answer.score}分）："
                        + "；".join(n.mend_zh for n in named) + "。",
                        en=f"Whether the claim ({claim.id}) is owed is not settled (score {answer.score}): "
                        + "; ".join(n.mend_en for n in named) + ".",
                    ),
                    counter=answer.score, limit=100, at_most=at_most, claim=claim,
                )  # fmt: skip
