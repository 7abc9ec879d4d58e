"""One request at one instant, as the questions see it, and what a question may answer.

The instant is apart from the request, because :mod:`mora.gate.verdict` asks the same questions again at later instants
to find when the answer turns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from mora.core.words import Words
from mora.gate.clauses import Clauses, Ruling
from mora.gate.terms import Attempt, Channel, Claim, Counter, Effect, Hold, HoldKind, Purpose, Request, Role
from mora.gate.zones import OWN_ZONE, local, zones_in

WRITTEN = frozenset({Channel.SMS, Channel.EMAIL, Channel.IM, Channel.LETTER})
"""Channels whose text is read by whoever holds the thing, before anybody is identified."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule is not kept."""

    words: Words
    clears_at: datetime | None = None
    """When it ends by waiting alone; None when it does not."""
    counter: int | None = None
    limit: int | None = None
    by: str = ""
    """The parameter that decides, when it may be less well known than the rule."""
    at_most: Effect | None = None
    """The strongest effect this may have, when it is weaker than the rule's own."""


@dataclass
class Ask:
    """A request looked at at an instant; counters gather in ``counters``."""

    request: Request
    at: datetime
    clauses: Clauses
    counters: list[Counter] = field(default_factory=list)
    _days: dict[str, date] = field(default_factory=dict, repr=False)

    def zones_for(self, jurisdiction: str) -> tuple[str, ...]:
        """Zones the person may be in: those given, else every zone of the place."""
        return self.request.party.zones or zones_in(jurisdiction, self.request.places) or (OWN_ZONE[jurisdiction],)

    def zones_among(self, named: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Zones the person may be in by all the request's places, or by those under one of these names."""
        places = [
            place for place in self.request.places
            if not named or any(place == name or place.startswith(name + "-") for name in named)
        ]  # fmt: skip
        roots = dict.fromkeys(place[:2] for place in places)
        return self.request.party.zones or tuple(
            dict.fromkeys(each for root in roots for each in zones_in(root, tuple(places)))
        )

    def shown(self, at: datetime) -> datetime:
        """An instant as sentences show it: on the person's clock, the first when there are several.

        Never as it was written, so that a record with all its instants in UTC gives the same sentence again.
        """
        return local(at, self.zones_among()[0])

    def day_in(self, jurisdiction: str) -> date:
        """The day that decides which version of a rule is in force."""
        day = self._days.get(jurisdiction)
        if day is None:
            day = self._days[jurisdiction] = local(self.at, OWN_ZONE[jurisdiction]).date()
        return day

    @cached_property
    def history(self) -> tuple[Attempt, ...]:
        """What had happened by the time of the request, oldest first."""
        return tuple(sorted((each for each in self.request.history if each.at <= self.request.at), key=_when))

    @cached_property
    def discloses(self) -> bool:
        """Whether the debt would be named before anybody is identified.

        Text to a debtor names it; a call or visit opens by asking whom one speaks to; a locating contact names nothing.
        """
        said = self.request.message.discloses if self.request.message is not None else None
        if said is not None:
            return said
        return self.request.purpose is not Purpose.LOCATE and self.request.channel in WRITTEN

    @cached_property
    def third_party(self) -> bool:
        """Whether the person reached owes nothing and does not stand in the debtor's place."""
        party = self.request.party
        return party.role is Role.CONTACT or (party.role is Role.SPOUSE and party.joint_basis is None)

    def holds(self, *kinds: HoldKind) -> Iterator[Hold]:
        """Holds of these kinds that run at this instant and are about this contact."""
        for hold in self.request.holds:
            running = hold.since <= self.at and (hold.until is None or self.at < hold.until)
            if hold.kind in kinds and running and self.is_about(hold):
                yield hold

    def is_about(self, hold: Hold) -> bool:
        """Whether a hold is about this person, channel, point and at least one of these claims."""
        request = self.request
        point = request.point.id if request.point is not None else None
        return (
            (hold.party is None or hold.party == request.party.id)
            and (not hold.claims or any(claim.id in hold.claims for claim in request.claims))
            and (not hold.channels or request.channel in hold.channels)
            and (not hold.points or point in hold.points)
        )


def _when(attempt: Attempt) -> datetime:
    return attempt.at


Question = Callable[[Ask, Ruling, tuple[Claim, ...]], Iterator[Breach]]
"""Asked of a rule that applies, with the claims it is about."""
