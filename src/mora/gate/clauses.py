"""Which rules speak about this request, and with what figures? The law as the gate reads it.

A rule speaks when it is in force that day, its place is among the request's, and its scope (who acts, which debt, which
channel) fits. The lender's own rules (``house.*``) name their places and their question among their values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import cast

from mora.core.errors import BadInput
from mora.core.findings import Severity
from mora.core.words import Words
from mora.gate.terms import ActorKind, Channel, Claim, LenderKind, Request, Role
from mora.law import Action, Jurisdiction, Law, Rule, Version, load
from mora.law import Room as LawRoom
from mora.law.lints import check as lint
from mora.law.terms import Since
from mora.law.vocabulary import Actor as Bound
from mora.law.vocabulary import Channel as LawChannel
from mora.law.vocabulary import ProductKind

LOCAL: Mapping[str, tuple[str, ...]] = {
    "us.ma.940cmr7": ("us-ma",),
    "us.nyc.shield": ("us-ny-nyc",),
    "uk.breathing": ("uk", "uk-eng", "uk-wls"),
    "uk.breathing.mh": ("uk", "uk-eng", "uk-wls"),
}
"""Rules of part of a jurisdiction, and the places in a request that bring them in. ``uk`` alone may be England;
Scotland and Northern Ireland, when named, are not."""

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


OF_WORDS = ("text", "wording")
"""Questions of a lender's own rules that :mod:`mora.gate.words` asks of a text."""


@dataclass(frozen=True, eq=False)
class Ruling:
    """A rule with the version in force that day. What is read from it more than once is kept with it."""

    rule: Rule
    version: Version
    _kept: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    @property
    def id(self) -> str:
        """The rule's id, which a finding names."""
        return self.rule.id

    @cached_property
    def label(self) -> str:
        """The id with the first day of the version, for the record."""
        return f"{self.rule.id}@{self.version.start or self.version.since.value}"

    @cached_property
    def over_on(self) -> date | None:
        """First day on which this version no longer speaks: its own end, or the next version's first day."""
        versions = self.rule.versions
        place = versions.index(self.version)
        later = versions[place + 1].start if place + 1 < len(versions) else None
        return min((day for day in (self.version.until, later) if day is not None), default=None)

    @cached_property
    def clause(self) -> Words:
        """Instrument and article, as a person would cite them; the lender's own policy beside the law it tightens."""
        cited = [self.rule.citation, *([self.rule.house.citation] if self.rule.house is not None else [])]
        return Words(
            zh="；".join(f"{each.instrument.zh} {each.article or ''}".rstrip() for each in cited),
            en="; ".join(f"{each.instrument.en} {each.article or ''}".rstrip() for each in cited),
        )

    @cached_property
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
        kept = self._kept.get(name)
        if kept is None:
            value = self.version.params.get(name)
            kept = self._kept[name] = tuple(str(member) for member in value) if isinstance(value, tuple) else ()
        return kept

    def places_among(self, places: tuple[str, ...]) -> tuple[str, ...]:
        """Of a request's places those in which a rule of the lender's own holds; all when it names none."""
        named = self.names("places")
        return tuple(
            place for place in places
            if not named or any(place == name or place.startswith(name + "-") for name in named)
        )  # fmt: skip

    def part(self, name: str) -> Mapping[str, object]:
        """A mapping inside the parameters; empty when absent."""
        value = self.version.params.get(name)
        return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}

    @cached_property
    def window(self) -> tuple[time, time] | None:
        """The daily hours in which contact is allowed, ``[from, to)``; None when the rule gives no hours."""
        start, end = self.text("quiet_end"), self.text("quiet_start")
        if start is None or end is None:
            pair = self.names("allowed") or self.names("hours")
            if len(pair) != 2:
                return None
            start, end = pair
        return time.fromisoformat(start), time.fromisoformat(end)


def in_order(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """A lender's own rules in the order they are asked in, whichever file or record they come from: by id."""
    return tuple(sorted(rules, key=lambda rule: rule.id))


class Clauses:
    """The rules of conduct of some law and a house pack, checked once."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.house = law.house
        self.own = in_order(rule for rule in law if rule.id.startswith("house.") and rule.room is LawRoom.GATE)
        self._rulings = {
            rule.id: tuple((version, Ruling(rule, version)) for version in reversed(rule.versions)) for rule in law
        }
        self._in_force = lru_cache(maxsize=1 << 14)(self._law_on)
        self._own_on = lru_cache(maxsize=1 << 14)(self._own_that)

    def of(self, id_: str, day: date) -> Ruling | None:
        """A rule with its version of that day; None when it is not in force (or not in the packs loaded)."""
        held = self._rulings.get(id_, ())
        return next((ruling for version, ruling in held if version.holds(day)), None)

    def in_force(self, jurisdiction: str, day: date, ids: tuple[str, ...]) -> tuple[Ruling, ...]:
        """Of these rules those of a jurisdiction that are in force that day."""
        return self._in_force(jurisdiction, day, ids)

    def _law_on(self, jurisdiction: str, day: date, ids: tuple[str, ...]) -> tuple[Ruling, ...]:
        found = (self.of(id_, day) for id_ in ids if id_.startswith(jurisdiction + "."))
        return tuple(ruling for ruling in found if ruling is not None)

    def rule(self, id_: str) -> Rule | None:
        """A rule with all its versions; None when the packs loaded do not have it."""
        return self.law.rule(id_) if id_ in self.law else None

    def later(self, id_: str, day: date) -> tuple[Ruling, ...]:
        """A rule with each of its versions that begin after that day."""
        rule = self.rule(id_)
        return tuple(
            Ruling(rule, version) for version in (rule.versions if rule is not None else ())
            if rule is not None and version.since is not Since.PENDING
            and version.start is not None and version.start > day
        )  # fmt: skip

    def own_on(self, questions: tuple[str, ...], places: tuple[str, ...], day: date) -> tuple[Ruling, ...]:
        """The lender's own rules that hold in one of these places that day, in the order of their questions."""
        return self._own_on(questions, places, day)

    def _own_that(self, questions: tuple[str, ...], places: tuple[str, ...], day: date) -> tuple[Ruling, ...]:
        rulings = (self.of(rule.id, day) for rule in self.own)
        held = [
            (questions.index(asked), ruling) for ruling in rulings
            if ruling is not None and (asked := ruling.text("question")) in questions and ruling.places_among(places)
        ]  # fmt: skip
        return tuple(ruling for _, ruling in sorted(held, key=lambda each: (each[0], each[1].id)))


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
            if rule.room is LawRoom.GATE and Ruling(rule, version).window is not None:
                _leaves_an_hour(Ruling(rule, version))
    return made


def _folder(house: str | Path) -> list[Path]:
    path = Path(house)
    return [path] if path.exists() else []


def _leaves_an_hour(ruling: Ruling) -> None:
    window = ruling.window
    if window is not None and window[0] == window[1]:
        raise BadInput(f"{ruling.label} allows no hour of the day: it opens and closes at {window[0]:%H:%M}.")


@lru_cache(maxsize=1024)
def who_is_bound(actor: ActorKind, lender: LenderKind, card: bool, jurisdiction: Jurisdiction) -> frozenset[Bound]:
    """The words by which a rule's scope may call whoever acts.

    An agency is bound by what binds its principal, through the contract; a buyer of claims collects debts that were in
    default, so United States law treats it as a collector.

    :param card: whether one of the claims is a card debt: a bank has issued the card then.
    """
    bound = {Bound.EVERYONE, Bound.LENDER}
    if lender is not LenderKind.OTHER:
        bound.add(Bound(lender.value))
    if lender is LenderKind.BANK and card:
        bound.add(Bound.CARD_ISSUER)
    if actor is ActorKind.AGENCY:
        bound.add(Bound.AGENCY)
    elif actor is ActorKind.SERVICER:
        bound.add(Bound.SERVICER)
    if jurisdiction is Jurisdiction.US and Bound.TRANSFEREE in bound:
        bound.add(Bound.AGENCY)
    return frozenset(bound)


@lru_cache(maxsize=1024)
def products_of(products: tuple[ProductKind, ...]) -> frozenset[ProductKind]:
    """A claim's kinds of debt with the wider kinds that follow from them."""
    kinds = set(products)
    for kind in products:
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
    spoken = rule.scope.products
    if ProductKind.ANY in spoken or (request.party.role is Role.GUARANTOR and ProductKind.GUARANTEED in spoken):
        return request.claims
    return tuple(claim for claim in request.claims if not products_of(claim.products).isdisjoint(spoken))
