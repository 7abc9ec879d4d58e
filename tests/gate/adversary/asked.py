"""One request as the checker looks at it: the facts several rules ask for, each worked out once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mora.gate.terms import (
    ActorKind,
    Channel,
    Claim,
    Hold,
    HoldKind,
    LenderKind,
    PointKind,
    Purpose,
    Request,
    Role,
)

from . import readings as law
from .clocks import BEIJING, outside, possible_zones
from .past import Past


class Asked:
    """A request, and what happened before it."""

    def __init__(self, request: Request, past: Past) -> None:
        self.request = request
        self.past = past
        self.at = request.at.astimezone(UTC)
        self.claims = request.claims
        self.channel = request.channel
        self.purpose = request.purpose
        self.person = request.party.id
        self.by = request.actor.id
        self.collecting = self.purpose in (Purpose.COLLECT, Purpose.LOCATE)
        """Asks for payment, or looks for the debtor."""
        self.sold = request.lender.kind is LenderKind.TRANSFEREE
        self.at_work = request.point is not None and request.point.kind is PointKind.WORK
        self.day: date = self.at.astimezone(BEIJING).date()
        """The day in Beijing."""
        self.consumer = [claim for claim in request.claims if claim.id in past.consumer]
        """Claims that are consumer credit, cards among them."""
        bank = request.lender.kind is LenderKind.BANK
        self.cards = [claim for claim in request.claims if claim.id in past.cards] if bank else []
        """Card claims of a bank, which alone issues cards."""
        self.standard = bool(self.consumer) and self.day >= law.STANDARD
        """Whether the national standard speaks."""
        licensed = bank or request.lender.kind is LenderKind.CONSUMER_FINANCE
        self.bankers = bool(self.consumer) and licensed and self.day >= law.BANKERS
        """Whether the bankers' guideline speaks."""
        self.collector = request.actor.kind is ActorKind.AGENCY or self.sold
        """Whether Regulation F binds whoever acts: an agency, or whoever bought the claim."""
        party = request.party
        spouse = party.role is Role.SPOUSE and party.joint_basis is None
        self.stranger = party.role is Role.CONTACT or spouse
        """Whether the person owes nothing: a contact, or a spouse without a reason for which the debt is joint."""
        said = request.message.discloses if request.message is not None else None
        self.discloses = self.channel in law.WRITTEN and self.purpose is not Purpose.LOCATE if said is None else said
        """Whether the debt is named before anybody is identified: text names it unless it only looks for somebody."""

    def zones(self, law_of: str) -> tuple[ZoneInfo, ...]:
        """Where the person may be."""
        return possible_zones(self.request.party.zones, self.request.places, law_of)

    def laws(self) -> list[str]:
        """The countries whose law applies."""
        return list(dict.fromkeys(place[:2] for place in self.request.places))

    def everywhere(self) -> tuple[ZoneInfo, ...]:
        """Where the person may be, under every law that applies."""
        return tuple(zone for each in self.laws() for zone in self.zones(each))

    def late(self, zones: tuple[ZoneInfo, ...], opens: time, closes: time) -> bool:
        """Whether it is outside these hours in one of the zones; a letter arrives at no hour."""
        return self.channel is not Channel.LETTER and outside(self.at, zones, opens, closes)

    def running(self, kinds: Iterable[HoldKind], claims: Iterable[Claim] | None = None) -> Iterator[Hold]:
        """Holds of these kinds that run now and concern this contact, and one of these claims."""
        about = self.claims if claims is None else claims
        for hold in self.request.holds:
            runs = hold.since <= self.at and (hold.until is None or self.at < hold.until)
            if hold.kind in kinds and runs and self.concerns(hold, about):
                yield hold

    def concerns(self, hold: Hold, claims: Iterable[Claim]) -> bool:
        """Whether a hold is about this person, channel and point, and about one of these claims."""
        point = self.request.point
        return (
            hold.party in (None, self.person)
            and (not hold.channels or self.channel in hold.channels)
            and (not hold.points or (point is not None and point.id in hold.points))
            and any(not hold.claims or claim.id in hold.claims for claim in claims)
        )

    def stopped(self, hold: Hold, zones: tuple[ZoneInfo, ...]) -> bool:
        """Whether a running hold stops this contact, by its purpose, hour and place."""
        if self.purpose is Purpose.REPLY or (hold.kind in law.STOPS_ASKING and self.purpose is Purpose.INFORM):
            return False
        if hold.kind is HoldKind.REPRESENTED and self.request.party.role is Role.ATTORNEY:
            return False
        if hold.kind in law.AT_WORK_ONLY and not self.at_work:
            return False
        if hold.kind is HoldKind.INCONVENIENT_TIME and hold.hours is not None:
            begins, ends = (time.fromisoformat(each) for each in hold.hours)
            return outside(self.at, zones, ends, begins)
        return True

    def set_aside(self, rule: str, claims: Iterable[Claim]) -> bool:
        """Whether recorded permissions set this rule aside for each of the claims it is about."""
        return all(any(self.permitting(rule, claim.id)) for claim in claims)

    def permitting(self, rule: str, claim: str) -> Iterator[datetime]:
        """When permissions that cover this claim, person, channel and point, and run now, were given."""
        point = self.request.point
        for each in self.request.permissions:
            if (
                each.rule == rule
                and each.kind in law.SET_ASIDE.get(rule, ())
                and each.since <= self.at
                and (each.until is None or self.at < each.until)
                and each.party in (None, self.person)
                and (not each.channels or self.channel in each.channels)
                and (not each.points or (point is not None and point.id in each.points))
                and (not each.claims or claim in each.claims)
            ):
                yield each.since

    def agreed_to_more(self, rule: str, debts: set[str]) -> bool:
        """Whether the person agreed to more calls about these debts within seven days, with no conversation since."""
        return all(
            any(
                self.at < given + timedelta(days=7)
                and not any(talk > given for talk in self.past.talks[self.by, self.person, debt])
                for given in self.permitting(rule, claim.id)
            )
            for claim in self.claims
            if (debt := self.past.debt_of[claim.id]) in debts
        )


def told(on: date | None, day: date) -> bool:
    """Whether something was told by this day."""
    return on is not None and on <= day
