"""What happened before, filed by the checker under every key by which a rule counts: sorted lists of instants."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from datetime import UTC, datetime

from mora.gate.terms import Attempt, Channel, Result
from mora.law.vocabulary import ProductKind

from . import readings as law
from .record import Entry

Key = tuple[str, ...]


class Past:
    """The made attempts of one case so far."""

    def __init__(self, log: list[Entry], literal: bool = False) -> None:
        """The claims are looked up in the whole log first: which share an account is known to whoever keeps it.

        ``literal`` counts New York City's contacts by account alone and Massachusetts' calls by debt alone; else both
        are counted for each person.
        """
        named = (claim for entry in log if entry.request is not None for claim in entry.request.claims)
        claims = {claim.id: claim for claim in named}.values()
        self.all = tuple(claim.id for claim in claims)
        self.consumer = {c.id for c in claims if law.CONSUMER & set(c.products)}
        self.cards = {c.id for c in claims if ProductKind.CARD in c.products}
        self.debt_of = {c.id: c.account if c.student_loan and c.account else c.id for c in claims}
        self.account_of = {c.id: c.account or c.id for c in claims}
        self.literal = literal
        self.effective: dict[Key, list[datetime]] = defaultdict(list)
        """By collector and person: answered outbound calls of persons and robots."""
        self.notices: dict[Key, list[datetime]] = defaultdict(list)
        """By person: one-way calls that were played, by whomever."""
        self.unanswered: dict[Key, list[datetime]] = defaultdict(list)
        """By person and number: calls nobody answered, by whomever."""
        self.calls: dict[Key, list[datetime]] = defaultdict(list)
        """By collector, person and debt: calls that count under Regulation F."""
        self.talks: dict[Key, list[datetime]] = defaultdict(list)
        """By collector, person and debt: conversations, whoever called."""
        self.state_home: dict[Key, list[datetime]] = defaultdict(list)
        self.state_work: dict[Key, list[datetime]] = defaultdict(list)
        self.state_visits: dict[Key, list[datetime]] = defaultdict(list)
        self.city: dict[Key, list[datetime]] = defaultdict(list)
        self.failed_in_a_row: dict[str, int] = defaultdict(int)
        """By person: tries that failed since one succeeded or the person called."""
        self.asked_to_stop: set[str] = set()
        """Third persons who refused to be contacted again."""

    def state_key(self, person: str, claim: str) -> Key:
        """What Massachusetts counts by."""
        return (claim,) if self.literal else (person, claim)

    def city_key(self, person: str, claim: str) -> Key:
        """What New York City counts by."""
        return (self.account_of.get(claim, claim),) if self.literal else (person, claim)

    def write_down(self, made: Attempt) -> None:
        """File one attempt."""
        at = made.at.astimezone(UTC)
        claims = made.claims or self.all  # an attempt about nobody knows what counts for each
        if made.result is Result.THIRD_PARTY_REFUSED:
            self.asked_to_stop.add(made.party)
        if made.channel in law.TALKS and made.result is Result.RIGHT_PARTY:
            for debt in {self.debt_of.get(claim, claim) for claim in claims}:
                insort(self.talks[made.actor, made.party, debt], at)
        if made.inbound:
            self.failed_in_a_row[made.party] = 0
            return
        self._by_place(made, at, claims)
        self._calls(made, at, claims)
        self._tries(made)

    def _by_place(self, made: Attempt, at: datetime, claims: Key) -> None:
        for key in {self.city_key(made.party, claim) for claim in claims}:
            insort(self.city[key], at)
        counted = None
        if made.channel is Channel.VISIT:
            counted = self.state_visits
        elif made.channel in law.TALKS:
            counted = self.state_work if made.at_work else self.state_home
        if counted is not None:
            for key in {self.state_key(made.party, claim) for claim in claims}:
                insort(counted[key], at)

    def _calls(self, made: Attempt, at: datetime, claims: Key) -> None:
        if made.channel not in law.CALLS:
            return
        if made.result in law.UNANSWERED:
            insort(self.unanswered[made.party, made.point or ""], at)
        if made.result not in law.NOT_CONNECTED and not made.with_consent:
            for debt in {self.debt_of.get(claim, claim) for claim in claims}:
                insort(self.calls[made.actor, made.party, debt], at)
        if made.result in law.ANSWERED and made.channel in law.TALKS:
            insort(self.effective[made.actor, made.party], at)
        if made.result in law.ANSWERED and made.channel is Channel.VOICE_NOTICE:
            insort(self.notices[(made.party,)], at)

    def _tries(self, made: Attempt) -> None:
        if made.channel in law.CALLS or made.channel is Channel.VISIT:
            if made.result in law.FAILED:
                self.failed_in_a_row[made.party] += 1
            elif made.result in law.ANSWERED:
                self.failed_in_a_row[made.party] = 0
        elif made.channel is Channel.INTERVIEW and made.result is Result.RIGHT_PARTY:
            self.failed_in_a_row[made.party] = 0
