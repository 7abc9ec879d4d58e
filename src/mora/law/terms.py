"""The words of the law room: what a rule is, what it may do, and how well it is known.

A rule is a statement with dated values, a citation and a verification. It *decides* only when the
part that decides was read in a source, or a lender confirmed it in writing; otherwise it warns.
Periods are half-open: a version holds from its first day until, and not on, its ``until`` day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from mora.core.words import Words
from mora.law.vocabulary import Actor, Channel, Jurisdiction, ProductKind, Room


class Status(StrEnum):
    """Where a rule stands in this system."""

    ENCODED = "encoded"
    """Code reads it today; ``uses`` names the modules."""
    LATER = "later"
    """It belongs to a room that does not read it yet."""
    OUT_OF_SCOPE = "out_of_scope"
    """Kept for the record and for people; no room will read it. ``why`` says so."""


class Modality(StrEnum):
    """How strongly the text speaks."""

    MUST = "must"
    """Shall, must not, 应、不得."""
    SHOULD = "should"
    """Should, 宜、不宜, guidance, a supervisor's or a court's leaning."""


class Action(StrEnum):
    """What the system does with a rule."""

    BLOCK = "block"
    """The act is refused, with the clause."""
    WARN = "warn"
    """The act goes on; the person is told first."""
    COMPUTE = "compute"
    """A figure, a class or a date comes out of it."""
    REMIND = "remind"
    """A clock: somebody is told in time."""


class Override(StrEnum):
    """What sets the rule aside in one case, once it is stored with its date and scope."""

    NONE = "none"
    """Nothing does."""
    CONSENT = "consent"
    """The debtor's consent."""
    AGREEMENT = "agreement"
    """What the parties agreed."""
    COURT_ORDER = "court_order"
    """Leave of a court."""


class Known(StrEnum):
    """How the content of a rule is known."""

    PRIMARY = "primary"
    """The rule-maker's own text, or a page that reproduces it, was read."""
    SECONDARY = "secondary"
    """Articles, reprints or answers state it; the text itself was not read."""
    MEMORY = "memory"
    """Nobody found it in a source yet."""
    MIXED = "mixed"
    """Parts differ; ``deciding_part`` says how the part that decides is known."""


class Effect(StrEnum):
    """What a rule may do today, after its verification is taken into account."""

    DECIDES = "decides"
    """Its block blocks, its figure counts."""
    WARNS = "warns"
    """It is unverified: it warns and says so, and never decides."""


class Direction(StrEnum):
    """Which way a lender's own value is the stricter one."""

    LOWER = "lower"
    """A smaller number, or an earlier time of day."""
    HIGHER = "higher"
    """A larger number, or a later time of day."""
    EARLIER = "earlier"
    """An earlier date or time of day."""
    LATER = "later"
    """A later date or time of day."""
    SET_GROWS = "set_grows"
    """The same members and perhaps more (more things forbidden)."""
    SET_SHRINKS = "set_shrinks"
    """The same members or fewer (fewer things allowed)."""
    BECOMES_TRUE = "becomes_true"
    """False may become true, never back."""
    BECOMES_FALSE = "becomes_false"
    """True may become false, never back."""
    SEVERER = "severer"
    """A risk class at least as bad."""
    BANDS_SEVERER = "bands_severer"
    """A list of (first day, class): on every day a class at least as bad."""


class Take(StrEnum):
    """How two rules that both apply are combined."""

    MORE_SEVERE = "more_severe"
    """The worse class or the larger figure counts."""
    STRICTER = "stricter"
    """Both must be kept, so the tighter limit counts."""
    SPECIFIC = "specific"
    """The rule made for the special case goes first."""


class Since(StrEnum):
    """How exactly a version's first day is known."""

    DAY = "day"
    MONTH = "month"
    """Only the month: read as its first day, the stricter reading."""
    YEAR = "year"
    """Only the year: read as its first day."""
    UNKNOWN = "unknown"
    """In force, since when is not known: holds on every day before the next version."""
    PENDING = "pending"
    """Not in force; the day is not fixed."""


Params = Mapping[str, object]
"""Parameters as read: int, Decimal, str, bool, date, None (unknown), tuples and mappings of these. Read-only."""


@dataclass(frozen=True, slots=True)
class Version:
    """The values of a rule from ``start`` until, and not on, ``until``."""

    start: date | None
    """First day in force; None when unknown or pending."""
    since: Since
    until: date | None
    """First day no longer in force; None while it holds."""
    params: Params
    cite: str = ""
    """The instrument of this version when it differs from the rule's citation."""

    def holds(self, on: date) -> bool:
        """Whether this version is in force on that day."""
        if self.since is Since.PENDING:
            return False
        return (self.start is None or self.start <= on) and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class Citation:
    """Where the rule stands."""

    instrument: Words
    article: str | None
    """Article or section; None when it was not seen."""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """Who says so, how often it was read, and when someone last looked."""

    status: Known
    readings: int
    checked_on: date
    sources: tuple[str, ...]
    deciding_part: Known
    """How the part that decides is known; equals ``status`` unless mixed."""
    unverified_params: tuple[str, ...] = ()
    """Names of parameters nobody found in a source."""
    unverified_parts: Words | None = None
    """What else is unverified, in words."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom, what and which way of contact a rule speaks about."""

    actors: tuple[Actor, ...]
    products: tuple[ProductKind, ...]
    channels: tuple[Channel, ...]
    text: Words | None = None


@dataclass(frozen=True, slots=True)
class Together:
    """Another rule that applies to the same case, and which of the two counts."""

    rule: str
    take: Take


@dataclass(frozen=True, slots=True)
class HouseChange:
    """What a lender's pack did to a rule."""

    id: str
    pack: str
    title: Words
    citation: Citation
    tightened: tuple[str, ...]
    confirmed_by: Words | None
    confirmed_on: date | None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, as read from its pack. Values by day are in ``versions``, oldest first."""

    id: str
    title: Words
    statement: Words
    jurisdiction: Jurisdiction
    room: Room
    scope: Scope
    modality: Modality
    action: tuple[Action, ...]
    """What the system does, the main thing first."""
    while_unverified: Action | None
    """What a blocking rule does until someone confirms it; required when it is known from memory only."""
    override: Override
    status: Status
    why: Words | None
    """Why it is out of scope; None otherwise."""
    uses: tuple[str, ...]
    """Modules that read it."""
    versions: tuple[Version, ...]
    tighten: Mapping[str, Direction]
    citation: Citation
    verification: Verification
    examples: tuple[Words, ...] = ()
    cases: tuple[str, ...] = ()
    """Names of worked test tables, such as T-CN-6."""
    together: tuple[Together, ...] = ()
    excludes: tuple[str, ...] = ()
    """Rules that cannot hold beside this one."""
    notes: Words | None = None
    house: HouseChange | None = None
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    @property
    def decides(self) -> bool:
        """Whether its deciding part was read in a source, or a house pack confirmed it. If not it may only warn."""
        if self.house is not None and self.house.confirmed_on is not None:
            return True
        return self.verification.deciding_part in (Known.PRIMARY, Known.SECONDARY)

    def decides_by(self, parameter: str) -> bool:
        """The same question for one parameter (dotted path): False when that parameter is unverified."""
        if not self.decides:
            return False
        if self.house is not None and self.house.confirmed_on is not None:
            return True
        return not any(parameter == p or parameter.startswith(p + ".") for p in self.verification.unverified_params)

    @property
    def effect(self) -> Effect:
        """DECIDES or WARNS, from :attr:`decides`."""
        return Effect.DECIDES if self.decides else Effect.WARNS

    def on(self, day: date) -> Version | None:
        """The version in force that day, or None."""
        return next((version for version in reversed(self.versions) if version.holds(day)), None)
