"""Rounds of attempts through the gate and into the log, and the checker's report over what came of them."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import msgspec

from mora.gate import Gate
from mora.gate.terms import Effect, Request

from .asked import Asked
from .bulk import bulk_asker
from .checker import MODELLED, read
from .chinese import seventh_unanswered
from .generator import settle, step
from .open_points import LENIENT, STRICT, point_of
from .record import Answer, Entry
from .world import Case, case

Ask = Callable[[Sequence[tuple[Case, Request]]], Sequence[Answer]]
"""Answers to requests that come without their history, in their order."""
Asker = Callable[[list[Case]], Ask]
"""An asker for one world, whose logs hold the history."""


def plain_asker(house: str | None) -> Asker:
    """Asks the plain gate, one request at a time."""
    gate = Gate.of(house)

    def ask(asked: Sequence[tuple[Case, Request]]) -> list[Answer]:
        answers = []
        for each, request in asked:
            verdict = gate.ask(msgspec.structs.replace(request, history=tuple(each.attempts)))
            said = [(finding.rule, finding.effect) for finding in verdict.findings]
            answers.append(
                (
                    str(verdict.outcome),
                    tuple(rule for rule, effect in said if effect is Effect.REFUSE),
                    tuple(rule for rule, effect in said if effect is Effect.WARN),
                )
            )
        return answers

    return lambda world: ask


def simulate(seed: str, debtors: int, rounds: int, asker: Asker) -> list[Case]:
    """So many debtors, one candidate attempt for each in every round; returns them with their logs."""
    world = [case(f"{seed}/{number}") for number in range(debtors)]
    ask = asker(world)
    for _ in range(rounds):
        asked = [(each, request) for each in world if (request := step(each)) is not None]
        for (each, request), answer in zip(asked, ask(asked), strict=True):
            settle(each, request, *answer)
    return world


COUNTS = ("asked", "allowed", "warned", "refused", "inbound", "in_breach", "avoidable", "sevenths", "unexplained")
BY_RULE = ("violations", "unjustified", "missed", "justified", "seventh", "points")
SEVENTH = "cn.cba2026.freq.unanswered"


@dataclass
class Report:
    """What the checker found."""

    asked: int = 0
    allowed: int = 0
    warned: int = 0
    refused: int = 0
    inbound: int = 0
    """Times a person called or wrote of his or her own accord; logged, not asked."""
    in_breach: int = 0
    """Violations: made attempts that broke at least one rule."""
    avoidable: int = 0
    """Refused attempts in which every rule that refused was in fact kept."""
    unexplained: int = 0
    """Differences of one rule in one attempt, of any kind, that no open point explains."""
    sevenths: int = 0
    """Seventh unanswered calls that were warned of."""
    violations: Counter[str] = field(default_factory=Counter)
    """Rules broken by attempts that were made."""
    unjustified: Counter[str] = field(default_factory=Counter)
    """Rules that refused though they were kept, whether or not another rule refused with good reason."""
    missed: Counter[str] = field(default_factory=Counter)
    """Rules broken by refused attempts that the gate did not name beside the others."""
    justified: Counter[str] = field(default_factory=Counter)
    """Rules that refused with good reason."""
    seventh: Counter[str] = field(default_factory=Counter)
    """Warnings of a seventh unanswered call, ``missed`` or ``unjustified``."""
    points: Counter[str] = field(default_factory=Counter)
    """Differences that an open point explains."""
    examples: dict[str, str] = field(default_factory=dict)
    """One attempt for each kind of difference, to try again."""

    def add(self, other: Report) -> None:
        """Take in another report."""
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in BY_RULE:
            getattr(self, name).update(getattr(other, name))
        self.examples = other.examples | self.examples

    def differ(self, kind: str, rules: set[str], asked: Asked, again: Callable[[], str]) -> None:
        """Count rules on which gate and checker differ in one attempt."""
        getattr(self, kind).update(rules)
        for rule in rules:
            point = point_of(asked, rule, STRICT if kind == "unjustified" else LENIENT)
            if point is None:
                self.unexplained += 1
            else:
                self.points[point] += 1
            named = f"{kind} {rule} ({point or 'unexplained'})"
            if named not in self.examples:
                self.examples[named] = again()

    def told(self) -> str:
        """The report as text."""
        strange = sorted(set(self.unjustified) - MODELLED)
        lines = [
            f"asked {self.asked:,}: allowed {self.allowed:,}, warned {self.warned:,}, refused {self.refused:,}",
            f"beside them persons called or wrote to us {self.inbound:,} times",
            f"violations, made attempts that broke a rule: {self.in_breach:,}{by_rule(self.violations)}",
            f"avoidable refusals: {self.avoidable:,}; rules that refused though kept{by_rule(self.unjustified)}",
            f"rules broken but not named beside another that refused{by_rule(self.missed)}",
            f"differences that no open point explains: {self.unexplained:,}; that one explains{by_rule(self.points)}",
            f"seventh unanswered calls warned of: {self.sevenths:,}; warnings amiss{by_rule(self.seventh)}",
            f"rules that refused with good reason{by_rule(self.justified)}",
            f"rules that refused and that the checker has no reading of: {', '.join(strange) or 'none'}",
        ]
        lines += [f"example, {what}:\n{example}" for what, example in sorted(self.examples.items())]
        return "\n".join(lines)


def by_rule(found: Counter[str]) -> str:
    """Counts by rule, most first."""
    return ": " + (", ".join(f"{rule} {count:,}" for rule, count in found.most_common()) or "none")


def check(world: list[Case], house: str | None, literal: bool = False) -> Report:
    """Read every log and count."""
    report = Report()
    for each in world:
        report.inbound += sum(entry.request is None for entry in each.log)
        for entry, asked, broken in read(each.log, house, literal):
            report.asked += 1
            setattr(report, entry.outcome, getattr(report, entry.outcome) + 1)
            again = partial(example, each.log, entry, house)
            refused = set(entry.refused_by)
            if entry.outcome == "refused":
                report.avoidable += not refused & broken
                report.justified.update(refused & broken)
                report.differ("unjustified", refused - broken, asked, again)
                report.differ("missed", broken - refused, asked, again)
                continue
            report.in_breach += bool(broken)
            report.differ("violations", broken, asked, again)
            many, warned = seventh_unanswered(asked), SEVENTH in entry.warned_by
            report.sevenths += many and warned
            if many != warned:
                report.seventh["missed" if many else "unjustified"] += 1
    return report


def example(log: list[Entry], entry: Entry, house: str | None) -> str:
    """The request with its history as the gate can be asked it again, in JSON."""
    request = entry.request
    assert request is not None
    position = next(number for number, each in enumerate(log) if each is entry)
    history = tuple(each.made for each in log[:position] if each.made is not None)
    asked = msgspec.structs.replace(request, history=history)
    return f"house {house}, {entry.outcome} {' '.join(entry.refused_by)}: " + msgspec.json.encode(asked).decode()


def batch(seed: str, debtors: int, rounds: int, house: str | None, asker: str, literal: bool = False) -> Report:
    """One world from its seed to its report."""
    gc.disable()  # nothing here goes round in circles, and there are millions of small things to look through
    ask = {"plain": plain_asker, "bulk": bulk_asker}[asker](house)
    return check(simulate(seed, debtors, rounds, ask), house, literal)
