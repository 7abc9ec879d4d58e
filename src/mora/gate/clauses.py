"""Which rules speak about this request, and with what figures? The law as the gate reads it.

A rule speaks when it is in force that day, its place is among the request's, and its scope (who acts, which debt, which
channel) fits. The lender's own rules (``house.*``) name their places and their question among their values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import cast

from mora.core.errors import BadInput
from mora.core.findings import Severity
from mora.core.words import Words
from mora.gate.terms import Actor, ActorKind, Channel, Claim, Lender, LenderKind, Request, Role
from mora.law import Action, Jurisdiction, Law, Rule, Version, load
from mora.law import Room as LawRoom
from mora.law.lints import check as lint
from mora.law.vocabulary import Actor as Bound
from mora.law.vocabulary import Channel as LawChannel
from mora.law.vocabulary import ProductKind

LOCAL: Mapping[str, tuple[str, ...]] = {
    "us.ma.940cmr7": ("us-ma",),
    "us.nyc.shield": ("us-ny-nyc",),
    "uk.breathing": ("uk", "uk-eng", "uk-wls"),
    "uk.breathing.mh": ("uk", "uk-eng", "uk-wls"),
}
"""Rules of part of a jurisdiction, and the places in a request that bring them in. ``uk`` alone may be England."""

_CHANNEL = {
    Channel.VOICE: LawChannel.VOICE,
    Channel.VOICE_ROBOT: LawChannel.VOICE,
    Channel.VOICE_NOTICE: LawChannel.NOTICE_VOICE,
    Channel.SMS: LawChannel.SMS,
    Channel.EMAIL: LawChannel.EMAIL,
    Channel.IM: LawChannel.IM,
    Channel.LETTER: LawChannel.LETTER,
    Channel.VISIT: LawChannel.VISIT,
}
_GENERAL = frozenset({LenderKind.OTHER, LenderKind.TRANSFEREE})
_KINDS = frozenset(Bound(kind.value) for kind in LenderKind if kind not in _GENERAL) | {Bound.CARD_ISSUER}
_WIDER: Mapping[ProductKind, tuple[ProductKind, ...]] = {
    ProductKind.CARD: (ProductKind.CONSUMER, ProductKind.PERSONAL, ProductKind.RETAIL, ProductKind.OPEN_END),
    ProductKind.CONSUMER: (ProductKind.PERSONAL, ProductKind.RETAIL),
    ProductKind.INTERNET: (ProductKind.CONSUMER, ProductKind.PERSONAL, ProductKind.RETAIL),
    ProductKind.MORTGAGE: (ProductKind.SECURED,),
    ProductKind.AUTO: (ProductKind.SECURED,),
}


@dataclass(frozen=True, slots=True)
class Ruling:
    """A rule with the version in force that day."""

    rule: Rule
    version: Version

    @property
    def id(self) -> str:
        """The rule's id, which a finding names."""
        return self.rule.id

    @property
    def label(self) -> str:
        """The id with the first day of the version, for the record."""
        return f"{self.rule.id}@{self.version.start or self.version.since.value}"

    @property
    def over_on(self) -> date | None:
        """First day on which this version no longer speaks: its own end, or the next version's first day."""
        versions = self.rule.versions
        place = versions.index(self.version)
        later = versions[place + 1].start if place + 1 < len(versions) else None
        return min((day for day in (self.version.until, later) if day is not None), default=None)

    @property
    def clause(self) -> Words:
        """Instrument and article, as a person would cite them; the lender's own policy beside the law it tightens."""
        cited = [self.rule.citation, *([self.rule.house.citation] if self.rule.house is not None else [])]
        return Words(
            zh="；".join(f"{each.instrument.zh} {each.article or ''}".rstrip() for each in cited),
            en="; ".join(f"{each.instrument.en} {each.article or ''}".rstrip() for each in cited),
        )

    @property
    def forbids(self) -> bool:
        """Whether the rule forbids, rather than advises or computes."""
        return Action.BLOCK in self.rule.action

    def whole(self, name: str) -> int | None:
        """A whole-number parameter; None when the rule does not have it or does not know it."""
        value = self.version.params.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def flag(self, name: str) -> bool:
        """A yes-or-no parameter; absent is no."""
        return self.version.params.get(name) is True

    def text(self, name: str) -> str | None:
        """A text parameter."""
        value = self.version.params.get(name)
        return value if isinstance(value, str) else None

    def names(self, name: str) -> tuple[str, ...]:
        """A list of words."""
        value = self.version.params.get(name)
        return tuple(str(member) for member in value) if isinstance(value, tuple) else ()

    def part(self, name: str) -> Mapping[str, object]:
        """A mapping inside the parameters; empty when absent."""
        value = self.version.params.get(name)
        return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}

    def window(self) -> tuple[time, time] | None:
        """The daily hours in which contact is allowed, ``[from, to)``; None when the rule gives no hours."""
        start, end = self.text("quiet_end"), self.text("quiet_start")
        if start is None or end is None:
            pair = self.names("allowed") or self.names("hours")
            if len(pair) != 2:
                return None
            start, end = pair
        return time.fromisoformat(start), time.fromisoformat(end)


class Clauses:
    """The rules of conduct of some law and a house pack, checked once."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.house = law.house
        self.own = tuple(rule for rule in law if rule.id.startswith("house.") and rule.room is LawRoom.GATE)

    def of(self, id_: str, day: date) -> Ruling | None:
        """A rule with its version of that day; None when it is not in force (or not in the packs loaded)."""
        if id_ not in self.law:
            return None
        rule = self.law.rule(id_)
        version = rule.on(day)
        return None if version is None else Ruling(rule, version)

    def own_on(self, question: str, places: tuple[str, ...], day: date) -> tuple[Ruling, ...]:
        """The lender's own rules on a question that hold in one of these places that day."""
        found = []
        for rule in self.own:
            version = rule.on(day)
            if version is None or version.params.get("question") != question:
                continue
            ruling = Ruling(rule, version)
            named = ruling.names("places")
            if not named or any(place == name or place.startswith(name + "-") for place in places for name in named):
                found.append(ruling)
        return tuple(found)


@cache
def clauses(house: str | Path | None = "prudent") -> Clauses:
    """The law's rules of conduct with a house pack laid over them; None for the law alone.

    :raises BadInput: the pack cannot be read or loosens the law, two rules that exclude each other hold on one day, or
        a rule leaves no hour of the day open.
    """
    law = load(house=house)
    found = [item for item in lint(*([] if house is None else _folder(house))) if item.severity is Severity.ERROR]
    if found:
        raise BadInput("The rules of conduct cannot be used: " + " ".join(map(str, found)), tuple(found))
    made = Clauses(law)
    for rule in law:
        for version in rule.versions:
            if rule.room is LawRoom.GATE and Ruling(rule, version).window() is not None:
                _leaves_an_hour(Ruling(rule, version))
    return made


def _folder(house: str | Path) -> list[Path]:
    path = Path(house)
    return [path] if path.exists() else []


def _leaves_an_hour(ruling: Ruling) -> None:
    window = ruling.window()
    if window is not None and window[0] == window[1]:
        raise BadInput(f"{ruling.label} allows no hour of the day: it opens and closes at {window[0]:%H:%M}.")


def who_is_bound(
    actor: Actor, lender: Lender, claims: tuple[Claim, ...], jurisdiction: Jurisdiction
) -> frozenset[Bound]:
    """The words by which a rule's scope may call whoever acts.

    An agency is bound by what binds its principal, through the contract; a buyer of claims collects debts that were in
    default, so United States law treats it as a collector.
    """
    bound = {Bound.EVERYONE, Bound.LENDER}
    if lender.kind is not LenderKind.OTHER:
        bound.add(Bound(lender.kind.value))
    if lender.kind is LenderKind.BANK and any(ProductKind.CARD in claim.products for claim in claims):
        bound.add(Bound.CARD_ISSUER)
    if actor.kind is ActorKind.AGENCY:
        bound.add(Bound.AGENCY)
    elif actor.kind is ActorKind.SERVICER:
        bound.add(Bound.SERVICER)
    if jurisdiction is Jurisdiction.US and Bound.TRANSFEREE in bound:
        bound.add(Bound.AGENCY)
    return frozenset(bound)


def products_of(claim: Claim) -> frozenset[ProductKind]:
    """The claim's kinds of debt with the wider kinds that follow from them."""
    kinds = set(claim.products)
    for kind in claim.products:
        kinds.update(_WIDER.get(kind, ()))
    if ProductKind.CARD not in kinds:
        kinds.add(ProductKind.NON_CARD)
    return frozenset(kinds | {ProductKind.ANY})


def fits_actor(rule: Rule, bound: frozenset[Bound]) -> bool:
    """Whether the rule binds whoever acts.

    A rule that names kinds of lenders speaks of those and of their agencies, not of everybody's agencies.
    """
    named = set(rule.scope.actors)
    kinds = named & _KINDS
    return bool(bound & (kinds if kinds and Bound.AGENCY in bound and Bound.EVERYONE not in named else named))


def fits_channel(rule: Rule, channel: Channel) -> bool:
    """Whether the rule speaks about this way of reaching a person; rules about no channel bind them all."""
    spoken = rule.scope.channels
    return LawChannel.ANY in spoken or LawChannel.NONE in spoken or _CHANNEL.get(channel) in spoken


def claims_in_scope(rule: Rule, request: Request) -> tuple[Claim, ...]:
    """The claims the rule is about; what a guarantor is asked for is a guaranteed debt."""
    more = {ProductKind.GUARANTEED} if request.party.role is Role.GUARANTOR else set()
    return tuple(claim for claim in request.claims if (products_of(claim) | more) & set(rule.scope.products))
