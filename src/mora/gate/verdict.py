"""The verdict: every rule that applies is asked, its answer weighed, and the earliest moment found.

1. the request's places, zones and loaded rules are checked
2. each rule in force that day, in scope for who acts, which debt and which channel, is asked its question
3. a breach refuses when the rule forbids and is verified, else it warns; a permission attached to the rule excuses it
4. the words, when they are given, are read by the wording guard
5. the worst effect is the outcome
6. if something refuses, the same questions are asked at the moment the last of them would clear, until nothing refuses
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

from mora.core.errors import BadInput
from mora.core.words import Words
from mora.gate import by_us, calls, holds, hours, manner, owed, whom
from mora.gate.asking import Ask, Breach, Question
from mora.gate.clauses import (
    LOCAL,
    OF_WORDS,
    Clauses,
    Ruling,
    claims_in_scope,
    clauses,
    fits_actor,
    fits_channel,
    who_is_bound,
)
from mora.gate.permissions import attached, why_not
from mora.gate.said import said
from mora.gate.terms import Counter, Effect, Finding, Outcome, Permission, Request, Verdict
from mora.gate.zones import OWN_ZONE, check_places, check_zones, start_of_day
from mora.law.vocabulary import Actor as Bound
from mora.law.vocabulary import Jurisdiction, ProductKind

QUESTIONS: dict[str, tuple[Question, ...]] = {}
"""Every rule the gate asks, with its questions."""
for _table in (hours.QUESTIONS, calls.QUESTIONS, whom.QUESTIONS, holds.QUESTIONS, manner.QUESTIONS, by_us.QUESTIONS):
    for _rule, _question in _table.items():
        QUESTIONS[_rule] = (*QUESTIONS.get(_rule, ()), _question)

_ASKED = tuple(QUESTIONS)

OWN_QUESTIONS: dict[str, Question] = {
    "hours": hours.at_this_hour,
    "effective_calls": calls.effective_calls,
    "holds": holds.own_holds,
    "people": whom.of_age,
    "opening": manner.own_opening,
    "visit": manner.visit,
    "placement": by_us.placed,
    "owed": owed.owed_first,
}
"""What a lender's own rules may ask: the value of ``question`` in a house pack."""
_OWN_ASKED = tuple(OWN_QUESTIONS)

ASIDE = ("cn.cba2026.contacts.unreachable", "cn.civil.692", "cn.civil.200-203", "us.regf.calls.exclusions")
"""Rules without a question of their own here that the questions of others read."""

HORIZON = timedelta(days=366)
"""How far ahead the earliest moment is looked for."""


class Gate:
    """The rules of conduct with a house pack, ready to be asked."""

    def __init__(self, rules: Clauses) -> None:
        self.rules = rules
        for rule in rules.own:
            for version in rule.versions:
                asked = version.params.get("question")
                if asked not in OWN_QUESTIONS and asked not in OF_WORDS:
                    known = ", ".join((*OWN_QUESTIONS, *OF_WORDS))
                    raise BadInput(
                        f"{rule.file}:{rule.line}: {rule.id} asks {asked!r}; a lender's rule asks one of {known}"
                    )

    @classmethod
    def of(cls, house: str | Path | None = "prudent") -> Gate:
        """The gate with a house pack by name or folder; None for the law alone.

        :raises BadInput: the pack cannot be read, loosens the law, contradicts it, or asks what the gate cannot answer.
        """
        return cls(clauses(house))

    def ask(self, request: Request) -> Verdict:
        """May the contact be made?

        :raises BadInput: a place or zone of the request is not known.
        """
        return self.witness(request)[0]

    def witness(self, request: Request) -> tuple[Verdict, tuple[Ruling, ...]]:
        """The verdict, with every rule version that was read for it at any instant looked at.

        :raises BadInput: a place or zone of the request is not known.
        """
        check_places(request.places)
        check_zones(request.party.zones)
        applied: list[Ruling] = []
        counters: list[Counter] = []
        findings = self._findings(request, request.at, counters, applied)
        outcome = _worst(findings)
        spoke = tuple(ruling.label for ruling in applied)
        earliest = request.at if outcome is not Outcome.REFUSED else self._earliest(request, findings, applied)
        earliest = _as_asked(earliest, request)
        verdict = Verdict(outcome, findings, tuple(counters), earliest, request.at, spoke, str(self.rules.house or ""))
        return verdict, tuple({ruling.label: ruling for ruling in (*applied, *self._aside(request, earliest))}.values())

    def _aside(self, request: Request, earliest: datetime | None) -> Iterator[Ruling]:
        """Rules that other rules' questions read, on the days of the first and the last instant looked at."""
        for at in (request.at, earliest or request.at):
            ask = Ask(request, at, self.rules)
            days = {ask.day_in("cn"), *whom.days_of_guarantee(ask)}
            for id_ in ASIDE:
                if id_[:2] in {place[:2] for place in request.places}:
                    read = (self.rules.of(id_, day) for day in (days if id_[:2] == "cn" else {ask.day_in(id_[:2])}))
                    yield from (ruling for ruling in read if ruling is not None)
        if any(place.startswith("cn") for place in request.places):
            yield from self.rules.later(ASIDE[0], Ask(request, request.at, self.rules).day_in("cn"))

    def _earliest(self, request: Request, findings: tuple[Finding, ...], applied: list[Ruling]) -> datetime | None:
        at = request.at
        while at <= request.at + HORIZON:
            refusing = [each for each in findings if each.effect is Effect.REFUSE]
            if not refusing:
                return at
            if any(each.clears_at is None for each in refusing):
                return None
            later = max(each.clears_at for each in refusing if each.clears_at is not None)
            if later <= at:
                raise AssertionError(f"{refusing[0].rule} says it clears at {later}, which is not after {at}")
            at = later
            findings = self._findings(request, at, [], applied)
        return None

    def _findings(
        self, request: Request, at: datetime, counters: list[Counter], applied: list[Ruling]
    ) -> tuple[Finding, ...]:
        ask = Ask(request, at, self.rules, counters)
        found: list[Finding] = []
        for ruling, questions in chain(self._law(ask), self._own(ask)):
            claims = claims_in_scope(ruling.rule, request)
            if not claims:
                continue
            applied.append(ruling)
            for question in questions:
                found += [self._weigh(ask, ruling, breach) for breach in question(ask, ruling, claims)]
        spoken, rulings = said(ask)
        applied += rulings
        return (*found, *spoken)

    def _law(self, ask: Ask) -> Iterator[tuple[Ruling, tuple[Question, ...]]]:
        request = ask.request
        for root in dict.fromkeys(place[:2] for place in request.places):
            bound = _bound(request, root)
            for ruling in self.rules.in_force(root, ask.day_in(root), _ASKED):
                id_, rule = ruling.rule.id, ruling.rule
                if id_ in LOCAL and not any(part in LOCAL[id_] for part in request.places):
                    continue
                if fits_channel(rule, request.channel) and fits_actor(rule, bound):
                    yield ruling, QUESTIONS[id_]

    def _own(self, ask: Ask) -> Iterator[tuple[Ruling, tuple[Question, ...]]]:
        request = ask.request
        place = request.places[0][:2]
        bound = _bound(request, place)
        for ruling in self.rules.own_on(_OWN_ASKED, request.places, ask.day_in(place)):
            if fits_channel(ruling.rule, request.channel) and fits_actor(ruling.rule, bound):
                yield ruling, (OWN_QUESTIONS[ruling.text("question") or ""],)

    def _weigh(self, ask: Ask, ruling: Ruling, breach: Breach) -> Finding:
        decides = ruling.rule.decides_by(breach.by) if breach.by else ruling.rule.decides
        effect = Effect.REFUSE if ruling.forbids and decides else Effect.WARN
        if breach.at_most is not None and not (breach.at_most is Effect.WARN and effect is Effect.WARN):
            effect = breach.at_most
        clears = breach.clears_at
        permission = None
        if effect in (Effect.REFUSE, Effect.WARN):
            effect, clears, permission = _excused(ask, ruling, effect, clears)
        if effect is Effect.REFUSE and ruling.over_on is not None:
            ends = start_of_day(ruling.over_on, OWN_ZONE[_jurisdiction(ask, ruling)])
            clears = ends if clears is None else min(clears, ends)
        said = breach.words
        if not decides:
            said = Words(
                zh=f"{said.zh}（该规则或其关键内容尚未核实，仅提示。）",
                en=f"{said.en} (The rule, or the part that speaks, is unverified: this only warns.)",
            )
        clause = ruling.clause
        return Finding(
            ruling.id, clause.zh, effect, said.zh, said.en, clause.en, decides, breach.counter, breach.limit,
            _as_asked(clears, ask.request), permission,
        )  # fmt: skip


def _jurisdiction(ask: Ask, ruling: Ruling) -> str:
    """Whose days a rule's versions change by; the lender's own follow the first place."""
    return ask.request.places[0][:2] if ruling.id.startswith("house.") else ruling.rule.jurisdiction.value


def _excused(
    ask: Ask, ruling: Ruling, effect: Effect, clears: datetime | None
) -> tuple[Effect, datetime | None, str | None]:
    """The effect after permissions; one that begins later may be what clears the breach."""
    reasons = []
    for each in attached(ask, ruling):
        reason = why_not(ask, ruling, each)
        if not reason:
            return Effect.EXCUSED, clears, each.evidence or each.kind.value
        reasons.append(f"{each.kind.value}: {reason}")
        if each.since > ask.at and not _why_not_then(ask, ruling, each):
            clears = each.since if clears is None else min(clears, each.since)
    return effect, clears, "; ".join(reasons) or None


def _why_not_then(ask: Ask, ruling: Ruling, permission: Permission) -> str:
    then = Ask(ask.request, permission.since, ask.clauses)
    return why_not(then, ruling, permission)


def _bound(request: Request, jurisdiction: str) -> frozenset[Bound]:
    card = any(ProductKind.CARD in claim.products for claim in request.claims)
    return who_is_bound(request.actor.kind, request.lender.kind, card, Jurisdiction(jurisdiction))


def _as_asked(at: datetime | None, request: Request) -> datetime | None:
    """An instant with the request's own offset, so that people read the clock they asked by."""
    return None if at is None else at.astimezone(request.at.tzinfo)


def _worst(findings: tuple[Finding, ...]) -> Outcome:
    if any(each.effect is Effect.REFUSE for each in findings):
        return Outcome.REFUSED
    if any(each.effect is Effect.WARN for each in findings):
        return Outcome.WARNED
    return Outcome.ALLOWED
