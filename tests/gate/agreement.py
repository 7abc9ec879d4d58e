"""One request through both witnesses: the plain gate, and the bulk gate over frames."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import dataclass, field

from mora.gate import Gate
from mora.gate.flatten import Answer, ask_requests
from mora.gate.items import Items
from mora.gate.terms import Request, Verdict

COUNTED = {
    "effective_calls": "effective_calls", "connected_notices": "connected_notices",
    "unanswered_attempts": "unanswered_attempts", "calls": "calls", "conversation": "conversation",
    "visit_30d": "massachusetts", "calls_other_30d": "massachusetts", "calls_7d": "massachusetts",
    "contacts": "contacts", "failed_in_a_row": "failed_in_a_row",
}  # fmt: skip
"""A plain counter's ``what``, and the column it is told in."""


@dataclass
class Agreement:
    """What was compared, and where the two differ."""

    requests: int = 0
    differing: list[tuple[Request, Verdict, Answer]] = field(default_factory=list)
    outcomes: Tally[str] = field(default_factory=Tally)
    findings: Tally[tuple[str, str]] = field(default_factory=Tally)
    later: int = 0
    """Refusals that clear by waiting."""

    def add(self, other: Agreement) -> None:
        """Take in what another part of the requests gave."""
        self.requests += other.requests
        self.differing += other.differing
        self.outcomes.update(other.outcomes)
        self.findings.update(other.findings)
        self.later += other.later


def plainly(verdict: Verdict) -> Answer:
    """A plain verdict in the bulk gate's terms."""
    counters: dict[str, int] = {}
    for each in verdict.counters:
        name = COUNTED.get(each.what)
        if name is not None:
            counters[name] = max(each.count, counters.get(name, 0))
    for each in verdict.findings:
        if each.rule == "us.regf.thirdparty" and each.counter is not None:
            counters["location_contacts"] = each.counter
    return Answer(
        verdict.outcome, frozenset((each.rule, each.effect) for each in verdict.findings), verdict.earliest_at, counters
    )


def compare(requests: Sequence[Request], gate: Gate, items: Items) -> Agreement:
    """Outcome, every (rule, effect), every counter over the history and the earliest instant of each request."""
    seen = Agreement()
    for request, bulk in zip(requests, ask_requests(requests, items), strict=True):
        verdict = gate.ask(request)
        plain = plainly(verdict)
        seen.requests += 1
        seen.outcomes[plain.outcome.value] += 1
        seen.findings.update((rule, effect.value) for rule, effect in plain.findings)
        seen.later += plain.earliest_at is not None and plain.earliest_at > request.at
        told = dict(bulk.counters)
        if "location_contacts" not in plain.counters:
            told.pop("location_contacts", None)  # the plain gate tells this count only where it breaches
        if (bulk.outcome, bulk.findings, bulk.earliest_at, told) != (
            plain.outcome, plain.findings, plain.earliest_at, plain.counters,
        ):  # fmt: skip
            seen.differing.append((request, verdict, bulk))
    return seen
