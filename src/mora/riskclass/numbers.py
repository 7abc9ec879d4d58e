"""The law's numbers for classification on one day, read once and typed.

Every other file of the room takes a :class:`Numbers`; none of them knows a threshold. A rule
that the packs hold only from memory comes with ``decides`` false: it may warn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, Protocol

from mora.core.errors import Refused, UnknownRule
from mora.core.words import Words
from mora.riskclass.terms import NO_CITATION, RiskClass, class_of


class VersionLike(Protocol):
    """What is asked of a dated version of a rule."""

    @property
    def start(self) -> date | None: ...


class CitationLike(Protocol):
    """What is asked of a citation."""

    @property
    def instrument(self) -> Words: ...

    @property
    def article(self) -> str | None: ...


class RuleLike(Protocol):
    """What is asked of a rule of :mod:`mora.law`."""

    @property
    def decides(self) -> bool: ...

    @property
    def versions(self) -> Sequence[VersionLike]: ...

    @property
    def citation(self) -> CitationLike: ...

    def decides_by(self, parameter: str) -> bool: ...


class LawLike(Protocol):
    """What is asked of a loaded law (:class:`mora.law.Law`)."""

    def params(self, rule_id: str, on: date) -> Mapping[str, Any]: ...

    def rule(self, rule_id: str) -> RuleLike: ...


RULES = (
    "cn.class2023.dpd", "cn.class2023.techgrace", "cn.class2023.ecl", "cn.class2023.cross10", "cn.class2023.cross20",
    "cn.class2023.restructured.obs", "cn.class2023.restructured.floor", "cn.class2023.upgrade",
    "cn.card2011.a92.class", "cn.prov2002.specific", "cn.prov2011.ratios", "cn.prov2018.relief", "cn.prov2012.mof",
    "cn.ecl2022", "us.urcc.chargeoff", "us.urcc.reage", "us.urcc.special", "us.nonaccrual", "eu.crr178.default",
    "eu.materiality", "eu.forborne.cure", "eu.forborne.relapse", "eu.dod.npv", "eu.crr47c.calendar",
    "eu.ifrs9.sicr", "eu.ifrs9.default",
)  # fmt: skip
"""Every rule this room reads."""

LENT_BACKWARDS = frozenset({"cn.class2023.dpd", "us.urcc.chargeoff", "eu.ifrs9.sicr", "eu.ifrs9.default"})
"""Rules without which a day cannot be classed at all. Before their first day their first values are used for
comparison, and the reason says so; no other rule speaks before its day."""


def exact(value: object) -> Fraction:
    """A law number as an exact fraction; a float stands for the decimal it prints as (0.025 is 25/1000)."""
    return Fraction(str(value))


def percent_text(ratio: Fraction) -> str:
    """A law ratio as people write it: 1/10 -> ``10``, 1/40 -> ``2.5``."""
    whole = ratio * 100
    return str(whole) if whole.denominator == 1 else str(Decimal(whole.numerator) / Decimal(whole.denominator))


_LENT = " (in force from "


def label_words(label: str) -> Words:
    """A :attr:`Ruling.label` for people."""
    rule_id, lent, day = label.partition(_LENT)
    return Words(f"{rule_id}（自 {day.rstrip(')')} 起施行，借作比照）", label) if lent else Words(label, label)


@dataclass(frozen=True, slots=True)
class Ruling:
    """One rule in force on the day: its numbers and whether it may decide."""

    rule_id: str
    decides: bool
    params: Mapping[str, Any]
    citation: Words = NO_CITATION
    unverified: frozenset[str] = frozenset()
    """Parameters that may only warn although the rule decides."""
    lent_from: date | None = None
    """First day in force when that lies after the day asked for (:data:`LENT_BACKWARDS`)."""

    @property
    def label(self) -> str:
        """The id, and from when it is in force if it was not yet on the day."""
        return self.rule_id if self.lent_from is None else f"{self.rule_id}{_LENT}{self.lent_from})"

    def decides_by(self, name: str) -> bool:
        """Whether the rule may decide by this parameter."""
        return self.decides and name not in self.unverified

    def whole(self, name: str) -> int:
        """A parameter that is a whole number.

        :raises Refused: missing, unknown (null) or not whole.
        """
        value = self.params.get(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise Refused(f"rule {self.rule_id}: parameter {name} is {value!r}; a whole number is needed")
        return value

    def ratio(self, name: str) -> Fraction:
        """A parameter that is a ratio, exactly.

        :raises Refused: missing or unknown (null).
        """
        value = self.params.get(name)
        if value is None:
            raise Refused(f"rule {self.rule_id}: parameter {name} is missing; a ratio such as 0.1 is needed")
        return exact(value)

    def days_floors(self, name: str) -> tuple[tuple[int, RiskClass], ...]:
        """``[[91, "substandard"], ...]`` as (first day, class), by day."""
        return tuple(sorted((int(day), class_of(word)) for day, word in self.params[name]))

    def bands(self, name: str) -> tuple[tuple[int, RiskClass], ...]:
        """``[[first, last, class], ...]`` as (first day, class), by day.

        :raises Refused: bands that leave a gap or overlap.
        """
        found = sorted((int(first), last, class_of(word)) for first, last, word in self.params[name])
        for (_, last, _), (first, _, _) in pairwise(found):
            if last is None or int(last) + 1 != first:
                raise Refused(f"rule {self.rule_id}: band ending {last} is followed by one starting {first}")
        return tuple((first, word) for first, _, word in found)

    def ratio_floors(self, name: str) -> tuple[tuple[Fraction, RiskClass], ...]:
        """``[[0.5, "doubtful"], ...]`` as (ratio, class), by ratio."""
        return tuple(sorted((exact(ratio), class_of(word)) for ratio, word in self.params[name]))


@dataclass(frozen=True, slots=True)
class Numbers:
    """The rules of :data:`RULES` in force on a day, by id."""

    on: date
    rulings: Mapping[str, Ruling] = field(default_factory=dict)

    def get(self, rule_id: str) -> Ruling | None:
        """The rule when in force, deciding or not."""
        return self.rulings.get(rule_id)

    def deciding(self, rule_id: str) -> Ruling | None:
        """The rule when in force and allowed to decide."""
        ruling = self.rulings.get(rule_id)
        return ruling if ruling is not None and ruling.decides else None

    def need(self, rule_id: str) -> Ruling:
        """The rule, which must be in force and allowed to decide.

        :raises Refused: it is not; the message names rule and day.
        """
        ruling = self.rulings.get(rule_id)
        if ruling is None:
            raise Refused(
                f"rule {rule_id} has no value on {self.on}: load its jurisdiction's pack, or ask for a later day",
                zh=f"规则 {rule_id} 在 {self.on} 没有数值：请载入相应法域的规则包，或查询更晚的日期",
            )
        if not ruling.decides:
            raise Refused(
                f"rule {rule_id} is not verified and may not decide; a house pack can confirm it",
                zh=f"规则 {rule_id} 未经核实，不得据以决定；可由机构规则包确认",
            )
        return ruling


def read_numbers(*laws: LawLike, on: date) -> Numbers:
    """What the law says about classification on ``on``.

    :param laws: loaded packs; the first that knows a rule speaks for it.
    :param on: the day the law is read for; normally the as-of date.
    """
    rulings: dict[str, Ruling] = {}
    for rule_id in RULES:
        for law in laws:
            ruling = _read(law, rule_id, on)
            if ruling is not None:
                rulings[rule_id] = ruling
                break
    return Numbers(on, rulings)


def _cited(citation: CitationLike) -> Words:
    zh, en, article = citation.instrument.zh, citation.instrument.en, citation.article
    return Words(f"{zh}第{article}条", f"{en}, art. {article}") if article else Words(zh, en)


def _read(law: LawLike, rule_id: str, on: date) -> Ruling | None:
    try:
        rule = law.rule(rule_id)
    except UnknownRule:
        return None
    lent_from = None
    try:
        params = law.params(rule_id, on)
    except UnknownRule:
        first = min((version.start for version in rule.versions if version.start is not None), default=None)
        if rule_id not in LENT_BACKWARDS or first is None or first <= on:
            return None
        lent_from, params = first, law.params(rule_id, first)
    return Ruling(
        rule_id,
        rule.decides,
        params,
        _cited(rule.citation),
        frozenset(name for name in params if rule.decides and not rule.decides_by(name)),
        lent_from,
    )
