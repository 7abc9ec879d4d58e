"""Requests as frames, so that a list of them can be asked in bulk.

Each request brings its own history, holds and permissions, so its people get numbers of their own: what one request
says about a person is not known to the next. Numbers of collectors, points and claims are shared by all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

import polars as pl

from mora.gate import columns
from mora.gate.frames import Frames, Items, ask_all, rules_of
from mora.gate.terms import Claim, Effect, Hold, Outcome, Permission, Request

_Row = tuple[Any, ...]
_EFFECTS = (
    (Effect.REFUSE, "refused"), (Effect.WARN, "warned"), (Effect.EXCUSED, "excused"), (Effect.NOTE, "noted"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict on one request without its words."""

    outcome: Outcome
    findings: frozenset[tuple[str, Effect]]
    """Rules that had something to say, each with every effect it had."""
    earliest_at: datetime | None
    counters: dict[str, int]
    """Of :data:`mora.gate.columns.COUNTERS`, those that a rule looked at."""


def ask_requests(requests: Sequence[Request], house: str | Path | Items | None = "prudent") -> list[Answer]:
    """May each contact be made? The same as asking :class:`mora.gate.verdict.Gate` one by one.

    But for the words of a text, which the plain gate alone reads (:mod:`mora.gate.words`): a message's ``text`` is left
    out here, and only what somebody recorded about it counts.

    :param house: a house pack by name or folder (None for the law alone), or the rules read from one.
    :raises BadInput: as :func:`mora.gate.frames.ask_all`.
    """
    items = house if isinstance(house, Items) else Items.of(house)
    verdicts = ask_all(flatten(requests), items, counters=True)
    named = [[(effect, each) for each in rules_of(verdicts[column], items)] for effect, column in _EFFECTS]
    counts = [(name, verdicts[name].to_list()) for name in columns.COUNTERS]
    answers = []
    for row, (outcome, earliest) in enumerate(verdicts.select("outcome", "earliest_at").iter_rows()):
        said = (masks[row] for masks in named)
        findings = frozenset((rule, effect) for effect, rules in said for rule in rules)
        counted = {name: values[row] for name, values in counts if values[row] is not None}
        answers.append(Answer(Outcome(outcome), findings, earliest, counted))
    return answers


class _Numbers(dict[str, int]):
    """A number for each id, in the order in which they are met."""

    def __missing__(self, id_: str) -> int:
        self[id_] = number = len(self)
        return number


def flatten(requests: Iterable[Request]) -> Frames:
    """Frames that hold these requests, one candidate each, in their order."""
    rows: dict[str, list[_Row]] = {"candidates": [], "claims": [], "history": [], "holds": [], "permissions": []}
    actors, points, claims = _Numbers(), _Numbers(), _Numbers()
    met = 0
    for request in requests:
        people: dict[str, int] = {}

        def person(id_: str, people: dict[str, int] = people, before: int = met) -> int:
            return people.setdefault(id_, before + len(people))

        rows["candidates"].append(_candidate(request, person, actors, points))
        rows["claims"] += [_claim(each, actors, claims) for each in request.claims]
        for each in request.history:
            rows["history"].append((
                each.at, person(each.party), actors[each.actor], each.channel, each.result,
                None if each.point is None else points[each.point], [claims[id_] for id_ in each.claims],
                each.inbound, each.with_consent, each.at_work,
            ))  # fmt: skip
        for hold in request.holds:
            hours = (None, None) if hold.hours is None else tuple(time.fromisoformat(clock) for clock in hold.hours)
            spans = _span(hold, request, person, points, claims)
            rows["holds"].append((hold.kind, *spans, *hours, hold.written))
        for granted in request.permissions:
            spans = _span(granted, request, person, points, claims)
            rows["permissions"].append((granted.rule, granted.kind, *spans))
        met += len(people)
    return Frames(
        _frame(rows["candidates"], columns.CANDIDATES, columns.CANDIDATES_MORE),
        _frame(rows["claims"], columns.CLAIMS, columns.CLAIMS_MORE),
        _frame(rows["history"], columns.HISTORY, columns.HISTORY_MORE),
        _frame(rows["holds"], columns.HOLDS, columns.HOLDS_MORE),
        _frame(rows["permissions"], columns.PERMISSIONS, columns.PERMISSIONS_MORE),
    )


def _frame(rows: list[_Row], needed: columns.Types, more: columns.Types) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={**needed, **more}, orient="row")


def _candidate(request: Request, person: Callable[[str], int], actors: _Numbers, points: _Numbers) -> _Row:
    actor, party, point, debtor = request.actor, request.party, request.point, request.debtor
    agency, visit, message = request.agency, request.visit, request.message
    guarantee, estate = party.guarantee, party.estate
    return (
        request.at, " ".join(request.places), request.lender.kind, actor.kind, actors[actor.id], request.channel,
        person(party.id), party.role,
        request.purpose, actor.mode, " ".join(party.zones) or None, actor.trained_on, party.born_on, party.identified,
        party.joint_basis, party.volunteers,
        *((None,) * 4 if guarantee is None else (
            guarantee.period_until, guarantee.debt_due_on, guarantee.claimed_on, guarantee.limit_minor,
        )),
        *((None,) * 2 if estate is None else (estate.value_minor, estate.renounced)),
        *((None,) * 4 if debtor is None else (
            person(debtor.id), debtor.points_invalid, debtor.deceased, debtor.incapacitated,
        )),
        *((None,) * 5 if point is None else (
            points[point.id], point.kind, point.used_by_party_on, point.checked_on, point.notice_sent_on,
        )),
        *((None,) * 3 if agency is None else (agency.listed, agency.contract_until, agency.unlawful_record)),
        *((None,) * 5 if visit is None else (
            visit.visitors, visit.shows_identity, visit.records, visit.appointment_agreed, visit.entry_agreed,
        )),
        *((None,) * 5 if message is None else (
            message.discloses, None if message.contains is None else " ".join(message.contains),
            message.required_disclosure, message.electronic_consent, message.mentions_suit,
        )),
        len(request.claims),
    )  # fmt: skip


def _claim(claim: Claim, actors: _Numbers, claims: _Numbers) -> _Row:
    owed = claim.owed
    return (
        claims[claim.id], " ".join(claim.products), claim.amount_minor,
        None if claim.account is None else claims[claim.account], claim.student_loan,
        [actors[id_] for id_ in claim.placed_with], claim.barred_from, claim.assignment_notified_on,
        claim.assignment_notice_in_form_on, claim.outsourcing_told_on, claim.validation_sent_on,
        *(None if owed is None else getattr(owed, name) for name in columns.OWED),
    )  # fmt: skip


def _span(
    each: Hold | Permission, request: Request, person: Callable[[str], int], points: _Numbers, claims: _Numbers
) -> _Row:
    """From when until when, whom and what; one that names nobody is about the person of its request."""
    whom = request.party.id if each.party is None else each.party
    return (
        each.since, each.until, person(whom), [claims[id_] for id_ in each.claims], list(each.channels),
        [points[id_] for id_ in each.points],
    )  # fmt: skip
