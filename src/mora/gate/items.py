"""Law and a lender's rules as rows of whole numbers for the kernel: which question of which version, with what figures.

An item is one question of one version of one rule. Figures are read from the rules' parameters and nowhere else.
Written apart from the questions of the plain gate, so that the two can be held against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mora.core.errors import BadInput
from mora.gate import kernels
from mora.gate.clauses import LOCAL, OF_WORDS, Clauses, Ruling, clauses
from mora.gate.clock import ZoneSets, microseconds
from mora.gate.columns import OWED
from mora.gate.kernels import NEVER, ROOTS, Question
from mora.gate.terms import Channel, Effect, HoldKind, JointBasis, LenderKind, PermissionKind
from mora.gate.zones import OWN_ZONE, zone, zones_in
from mora.law import Action, Override, Rule
from mora.law.terms import Since, Version
from mora.law.vocabulary import Actor as Bound
from mora.law.vocabulary import Channel as Spoken
from mora.law.vocabulary import ProductKind

Args = tuple[int, ...]
Longs = npt.NDArray[np.int64]
ALWAYS = -(2**63)
STRENGTH = {Effect.NOTE: 0, Effect.EXCUSED: 1, Effect.WARN: 2, Effect.REFUSE: 3}
MOST_RULES, MOST_VERSIONS, MOST_WORDS = 64, 256, 63

_SAYS = {
    Channel.VOICE: Spoken.VOICE, Channel.VOICE_ROBOT: Spoken.VOICE, Channel.VOICE_NOTICE: Spoken.NOTICE_VOICE,
    Channel.SMS: Spoken.SMS, Channel.EMAIL: Spoken.EMAIL, Channel.IM: Spoken.IM, Channel.LETTER: Spoken.LETTER,
    Channel.VISIT: Spoken.VISIT,
}  # fmt: skip
_LENDERS = frozenset(
    {Bound(kind.value) for kind in LenderKind if kind not in (LenderKind.OTHER, LenderKind.TRANSFEREE)}
)
_ACCEPTS: Mapping[Override, tuple[PermissionKind, ...]] = {
    Override.NONE: (),
    Override.CONSENT: (PermissionKind.CONSENT, PermissionKind.AGREEMENT, PermissionKind.DEBTOR_CALLED),
    Override.AGREEMENT: (PermissionKind.CONSENT, PermissionKind.AGREEMENT, PermissionKind.DEBTOR_CALLED),
    Override.COURT_ORDER: (PermissionKind.COURT_ORDER,),
}
_WIDER: Mapping[ProductKind, tuple[ProductKind, ...]] = {
    ProductKind.CARD: (ProductKind.CONSUMER, ProductKind.PERSONAL, ProductKind.RETAIL, ProductKind.OPEN_END),
    ProductKind.CONSUMER: (ProductKind.PERSONAL, ProductKind.RETAIL),
    ProductKind.INTERNET: (ProductKind.CONSUMER, ProductKind.PERSONAL, ProductKind.RETAIL),
    ProductKind.MORTGAGE: (ProductKind.SECURED,),
    ProductKind.AUTO: (ProductKind.SECURED,),
}


def bits(members: Iterator[object] | tuple[object, ...] | frozenset[object], all_: type) -> int:
    """A bit for each member, by its place in the list."""
    places = list(all_)  # type: ignore[call-overload]
    return sum(1 << places.index(member) for member in set(members))


@cache
def kinds_of(products: str) -> int:
    """The kinds of debt of a claim as bits, with the wider kinds that follow.

    :raises BadInput: a word is not a kind of debt.
    """
    try:
        named = {ProductKind(word) for word in products.split()}
    except ValueError:
        raise BadInput(f"products: {products!r} names no kind of debt; say {', '.join(ProductKind)}") from None
    named |= {wider for kind in tuple(named) for wider in _WIDER.get(kind, ())} | {ProductKind.ANY}
    return bits(frozenset(named | ({ProductKind.NON_CARD} if ProductKind.CARD not in named else set())), ProductKind)


class _Words:
    """Mandatory fields of a text, as the rules name them, by number."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def mask(self, words: tuple[str, ...]) -> int:
        made = 0
        for word in words:
            made |= 1 << self.numbers.setdefault(word, len(self.numbers))
        if len(self.numbers) > MOST_WORDS:
            raise BadInput(f"The rules name more words than the bulk gate has bits for ({MOST_WORDS}).")
        return made


Said = Iterator[tuple[Question, Args]]
_Speaks = Callable[["Encoder", Ruling], Said]


def _or(value: int | None) -> int:
    return -1 if value is None else value


class Encoder:
    """Gathers windows and words while rules are read."""

    def __init__(self) -> None:
        self.windows: dict[tuple[int, int], int] = {}
        self.fields = _Words()

    def hours(self, ruling: Ruling) -> Said:
        window = ruling.window
        if window is not None:
            pair = _clock(window[0]), _clock(window[1])
            yield Question.HOURS, (self.windows.setdefault(pair, len(self.windows)), *pair)

    def letter(self, ruling: Ruling) -> Said:
        yield Question.LETTER, (self.fields.mask(ruling.names("required_fields")),)

    def opt_out(self, ruling: Ruling) -> Said:
        if ruling.flag("opt_out_required"):
            yield Question.OPT_OUT, (self.fields.mask(("opt_out",)),)


def _clock(at: time) -> int:
    return ((at.hour * 60 + at.minute) * 60 + at.second) * 1_000_000 + at.microsecond


def _limit(question: Question, name: str) -> _Speaks:
    def speak(_: Encoder, ruling: Ruling) -> Said:
        limit = ruling.whole(name)
        if limit is not None:
            yield question, (limit,)

    return speak


def _flag(question: Question, name: str) -> _Speaks:
    def speak(_: Encoder, ruling: Ruling) -> Said:
        if ruling.flag(name):
            yield question, ()

    return speak


def _seven(_: Encoder, ruling: Ruling) -> Said:
    limit, days = ruling.whole("max_calls"), ruling.whole("window_days")
    if limit is not None and days is not None:
        gap = _or(ruling.whole("rebut_gap_minutes"))
        yield Question.SEVEN_IN_SEVEN, (limit, days, gap, ruling.flag("rebut_all_in_one_day"))


def _massachusetts(_: Encoder, ruling: Ruling) -> Said:
    names = ("calls_7d", "calls_other_30d", "visit_30d")
    yield Question.MASSACHUSETTS, tuple(_or(ruling.whole(name)) for name in names)


def _spouse(_: Encoder, ruling: Ruling) -> Said:
    joint = ruling.names("joint_if")
    yield Question.SPOUSE, (sum(1 << n for n, basis in enumerate(JointBasis, 1) if basis in joint),)


def _only_liable(_: Encoder, ruling: Ruling) -> Said:
    terms = ruling.part("third_party")
    held = terms.get("allowed_if")
    reasons = ("debtor_unreachable", "debtor_deceased", "debtor_incapacitated")
    allowed = sum(1 << n for n, reason in enumerate(reasons) if isinstance(held, tuple) and reason in held)
    yield Question.ONLY_LIABLE, (allowed, terms.get("stop_on_refusal") is True)


def _only_when_lost(_: Encoder, ruling: Ruling) -> Said:
    yield Question.ONLY_WHEN_LOST, (ruling.part("unrelated").get("exception") == "volunteers_to_pay",)


def _no_third_party(_: Encoder, ruling: Ruling) -> Said:
    if ruling.text("third_party") == "prohibited":
        yield Question.NO_THIRD_PARTY, (strength(ruling, "third_party"),)


def _word(question: Question, name: str, word: str) -> _Speaks:
    def speak(_: Encoder, ruling: Ruling) -> Said:
        if ruling.text(name) == word:
            yield question, ()

    return speak


def _consumer_only(_: Encoder, ruling: Ruling) -> Said:
    name = "max_location_contacts"
    yield Question.CONSUMER_ONLY, (_or(ruling.whole(name)), strength(ruling, name))


def _regulation_f(_: Encoder, ruling: Ruling) -> Said:
    kinds = {
        "time": HoldKind.INCONVENIENT_TIME, "place": HoldKind.INCONVENIENT_PLACE,
        "employer": HoldKind.EMPLOYER_FORBIDS, "attorney": HoldKind.REPRESENTED,
    }  # fmt: skip
    respected = ruling.names("respect")
    yield Question.RESTS, (bits(tuple(kind for name, kind in kinds.items() if name in respected), HoldKind), 0)
    if "cease_request" in respected:
        yield Question.CEASE, ()


def _rests(*kinds: HoldKind, flag: str = "") -> _Speaks:
    def speak(_: Encoder, ruling: Ruling) -> Said:
        if not flag or ruling.flag(flag):
            yield Question.RESTS, (bits(kinds, HoldKind), 0)

    return speak


def _own_holds(_: Encoder, ruling: Ruling) -> Said:
    kinds = [tuple(HoldKind(name) for name in ruling.names(part)) for part in ("refuse", "warn")]
    yield Question.RESTS, (bits(kinds[0], HoldKind), bits(kinds[1], HoldKind))


def _breathing_space(_: Encoder, ruling: Ruling) -> Said:
    days = ruling.whole("days")
    if days is not None and "contact" in ruling.names("block"):
        yield Question.BREATHING_SPACE, (days,)


def _identity(_: Encoder, ruling: Ruling) -> Said:
    if "verify_debtor" in ruling.names("steps"):
        yield Question.IDENTITY, ()


def _safe_address(_: Encoder, ruling: Ruling) -> Said:
    yield Question.SAFE_ADDRESS, (_or(ruling.whole("email_optout_days")), _or(ruling.whole("text_recency_days")))


def _visit(_: Encoder, ruling: Ruling) -> Said:
    least = ruling.whole("min_visitors")
    shows, records = (strength(ruling, name) if ruling.flag(name) else 0 for name in ("show_id", "record_av"))
    agreed = (ruling.flag("appointment"), ruling.flag("entry_agreed"))
    yield Question.VISIT, (_or(least), strength(ruling, "min_visitors"), shows, records, *agreed)


def _record(_: Encoder, ruling: Ruling) -> Said:
    if ruling.flag("agency_blacklist_check"):
        yield Question.RECORD, (strength(ruling, "agency_blacklist_check"),)


def _in_form(_: Encoder, ruling: Ruling) -> Said:
    if ruling.names("fields"):
        yield Question.IN_FORM, ()


def _always(question: Question) -> _Speaks:
    def speak(_: Encoder, __: Ruling) -> Said:
        yield question, ()

    return speak


def _owed(_: Encoder, ruling: Ruling) -> Said:
    parts = (ruling.names(part) for part in ("refuse", "refuse_unanswered", "silent"))
    yield Question.OWED, tuple(sum(1 << n for n, name in enumerate(OWED) if name in part) for part in parts)


ASKS: Mapping[str, tuple[_Speaks, ...]] = {
    "cn.gbt45251.hours": (Encoder.hours,),
    "cn.cba2026.hours": (Encoder.hours,),
    "us.regf.hours": (Encoder.hours,),
    "us.tcpa.hours": (Encoder.hours,),
    "us.ma.940cmr7": (Encoder.hours, _massachusetts, _limit(Question.ORAL_AT_WORK, "work_oral_days")),
    "uk.conc7.9": (
        Encoder.hours,
        _rests(
            HoldKind.OPTED_OUT, HoldKind.INCONVENIENT_TIME, HoldKind.INCONVENIENT_PLACE, HoldKind.NO_WORK_CALLS,
            HoldKind.EMPLOYER_FORBIDS, HoldKind.CEASE_REQUESTED, flag="respect_requests",
        ),
    ),
    "uk.mcob13.5.3": (Encoder.hours,),
    "cn.gbt45251.freq.voice": (_limit(Question.EFFECTIVE_CALLS, "max_per_day"),),
    "cn.gbt45251.freq.notice": (_limit(Question.CONNECTED_NOTICES, "max_per_day"),),
    "cn.cba2026.freq.unanswered": (_limit(Question.UNANSWERED, "max_attempts_per_day"),),
    "us.regf.calls.7in7": (_seven,),
    "us.regf.calls.afterconv": (_limit(Question.AFTER_CONVERSATION, "cooldown_days"),),
    "us.nyc.shield": (
        _limit(Question.NEW_YORK_CITY, "max_contacts_7d"), _flag(Question.ELECTRONIC, "electronic_consent"),
    ),
    "cn.gbt45251.contacts": (_only_liable,),
    "cn.cba2026.contacts.unreachable": (_only_when_lost,),
    "cn.card2011.a68": (_no_third_party,),
    "cn.cfc2024.collection": (_no_third_party,),
    "cn.internetloan2020": (_no_third_party, _record),
    "cn.civil.1064": (_spouse,),
    "cn.civil.1161": (_word(Question.HEIR, "cap", "estate_value"),),
    "cn.civil.693": (_word(Question.GUARANTOR, "else", "released"),),
    "us.regf.thirdparty": (_consumer_only,),
    "us.regf.inconvenient": (_regulation_f,),
    "us.regf.dispute": (_word(Question.DISPUTED, "cease_until", "verification_sent"),),
    "us.regf.medium": (_rests(HoldKind.OPTED_OUT, flag="respect_medium_optout"),),
    "us.bankruptcy.stay": (_rests(HoldKind.BANKRUPTCY),),
    "uk.conc7.3": (_limit(Question.PLAN_BEING_MADE, "breathing_days"),),
    "uk.conc7.15": (_rests(HoldKind.BARRED_STATED, flag="stop_after_statement"),),
    "uk.breathing": (_breathing_space,),
    "uk.breathing.mh": (_limit(Question.CRISIS, "tail_days"),),
    "cn.card2011.a70.instalment": (_rests(HoldKind.PLAN_IN_FORCE, flag="pause_collection"),),
    "cn.gbt45251.identity": (_identity,),
    "cn.gbt45251.visit": (_visit,),
    "cn.card2011.a69.letter": (Encoder.letter,),
    "us.regf.optout": (Encoder.opt_out,),
    "us.regf.electronic": (_flag(Question.ESIGN, "esign"),),
    "us.regf.6d": (_safe_address,),
    "us.regf.timebarred": (_word(Question.SUIT, "suit_if_time_barred", "block"),),
    "us.regf.validation": (_limit(Question.VALIDATION, "days"),),
    "cn.cba2026.agency": (_flag(Question.LISTED, "agency_whitelist"),),
    "cn.cbirc2022-9.a41": (_flag(Question.OUTSOURCING, "pre_outsourcing_notice"),),
    "cn.pipl.processor": (_always(Question.PROCESSOR),),
    "cn.gbt45251.training": (_limit(Question.TRAINED, "interval_months"),),
    "cn.civil.546": (_flag(Question.NOT_TOLD, "require_notice"),),
    "eu.dir2021-2167.notice": (_in_form,),
}  # fmt: skip
"""Every rule of law the gate asks."""

OWN_ASKS: Mapping[str, _Speaks] = {
    "hours": Encoder.hours,
    "effective_calls": _limit(Question.EFFECTIVE_CALLS, "max_per_day"),
    "holds": _own_holds,
    "people": _limit(Question.OF_AGE, "min_age"),
    "opening": _flag(Question.IDENTITY, "identity_first"),
    "visit": _visit,
    "placement": _flag(Question.PLACED, "only_placed"),
    "owed": _owed,
}
"""What a lender's own rules may ask."""

_CALL_RULES = ("us.regf.calls.7in7", "us.regf.calls.afterconv")


def strength(ruling: Ruling, by: str = "") -> int:
    """The strongest effect a breach of this rule, or of one parameter of it, may have."""
    decides = ruling.rule.decides_by(by) if by else ruling.rule.decides
    return STRENGTH[Effect.REFUSE if Action.BLOCK in ruling.rule.action and decides else Effect.WARN]


def _midnight(day: date, name: str) -> int:
    return microseconds(datetime.combine(day, time(), tzinfo=zone(name)))


@dataclass(frozen=True, slots=True)
class _Slot:
    """A rule of law, or one version of a rule of the lender's own, which may hold in places of its own."""

    rule: Rule
    versions: tuple[Version, ...]
    own: bool
    ident: int


class Items:
    """All rules that can speak, encoded once; shared by every call."""

    def __init__(self, rules: Clauses) -> None:
        self.house = str(rules.house or "")
        self.law = rules.law
        self._slots = tuple(_slots(rules))
        self.ids = tuple(dict.fromkeys(slot.rule.id for slot in self._slots))
        """The rule of each bit."""
        if len(self.ids) > MOST_RULES or len(self._slots) > MOST_VERSIONS:
            raise BadInput(
                f"The bulk gate has room for {MOST_RULES} rules, and for {MOST_VERSIONS} with each version of a "
                f"lender's own; the law and the house pack have {len(self.ids)} and {len(self._slots)}."
            )
        self.encoder = Encoder()
        rule_rows: list[list[int]] = []
        version_rows: list[list[int]] = []
        item_rows: list[list[int]] = []
        for slot in self._slots:
            first = len(version_rows)
            for version in slot.versions:
                start = len(item_rows)
                item_rows += self._items(slot, Ruling(slot.rule, version))
                version_rows.append([*_spans(slot, version), start, len(item_rows)])
            rule_rows.append([*_scope(slot), first, len(version_rows)])
        self.rules: Longs = np.array(rule_rows, np.int64)
        self.versions: Longs = np.array(version_rows, np.int64)
        self.items: Longs = np.array(item_rows, np.int64)
        self.lost_after = _aside(rules, "cn.cba2026.contacts.unreachable", _lost_after)
        self.left_out = _aside(rules, "us.regf.calls.exclusions", _left_out)

    @classmethod
    def of(cls, house: str | Path | None = "prudent") -> Items:
        """The law with a house pack by name or folder; None for the law alone.

        :raises BadInput: the pack cannot be read, loosens the law, contradicts it, asks what the gate cannot answer, or
            holds more rules than there are bits.
        """
        return cls(clauses(house))

    def idents(self, id_: str) -> int:
        """The number by which permissions name a rule; -1 when the gate does not ask it."""
        return self.ids.index(id_) if id_ in self.ids else -1

    def fields(self, held: str | None) -> int:
        """The mandatory fields a text holds as bits; -1 when nobody checked. Words no rule asks for have none."""
        if held is None:
            return -1
        known = self.encoder.fields.numbers
        return sum(1 << known[word] for word in set(held.split()) if word in known)

    @property
    def slots(self) -> int:
        """How many rows of rules the kernel has."""
        return len(self._slots)

    def place(self, places: tuple[str, ...], zones: tuple[str, ...], sets: ZoneSets) -> tuple[list[int], list[int]]:
        """What a pair of places and zones means: the kernel's row for it, and each rule's zones (-1: silent)."""
        roots = tuple(dict.fromkeys(place[:2] for place in places))

        hours = [sets.number(_clocks(slot, places, zones)) if _speaks(slot, places) else -1 for slot in self._slots]
        known = [sets.number(_zones(_in(root, places), zones)) if root in roots else 0 for root in ROOTS]
        return [ROOTS.index(places[0][:2]), *known, sets.number(_zones(places, zones))], hours

    def _items(self, slot: _Slot, ruling: Ruling) -> list[list[int]]:
        if slot.own:
            asked = ruling.text("question") or ""
            if asked not in OWN_ASKS:
                raise BadInput(f"{slot.rule.id} asks {asked!r}; a lender's rule asks one of {', '.join(OWN_ASKS)}")
            asks: tuple[_Speaks, ...] = (OWN_ASKS[asked],)
        else:
            asks = ASKS[slot.rule.id]
        rows = []
        for speak in asks:
            for question, args in speak(self.encoder, ruling):
                padded = [*map(int, args), *[0] * (kernels.ARGS - len(args))]
                rows.append([int(question), strength(ruling), *padded])
        return rows


def _slots(rules: Clauses) -> Iterator[_Slot]:
    ident = 0
    for id_ in ASKS:
        rule = rules.rule(id_)
        held = () if rule is None else tuple(each for each in rule.versions if each.since is not Since.PENDING)
        if rule is not None and held:
            yield _Slot(rule, held, own=False, ident=ident)
            ident += 1
    for rule in rules.own:
        asked = [each for each in rule.versions if each.params.get("question") not in OF_WORDS]
        held = tuple(each for each in asked if each.since is not Since.PENDING)
        for version in held:
            yield _Slot(rule, (version,), own=True, ident=ident)
        ident += bool(held)


def _speaks(slot: _Slot, places: tuple[str, ...]) -> bool:
    """Whether a rule speaks in one of the places."""
    if slot.own:
        return bool(_named(slot, places))
    parts = LOCAL.get(slot.rule.id)
    return bool(_in(slot.rule.id[:2], places)) if parts is None else not set(parts).isdisjoint(places)


def _clocks(slot: _Slot, places: tuple[str, ...], zones: tuple[str, ...]) -> tuple[str, ...]:
    """The zones in which a rule's hours are kept: its own, else those in which the person may be where it speaks."""
    own = Ruling(slot.rule, slot.versions[0]).text("tz")
    if own is not None and "/" in own:
        return (own,)
    return _zones(_named(slot, places) if slot.own else _in(slot.rule.id[:2], places), zones)


def _named(slot: _Slot, places: tuple[str, ...]) -> tuple[str, ...]:
    """The places a lender's own rule is for; all of them when it names none."""
    names = Ruling(slot.rule, slot.versions[0]).names("places")
    return tuple(place for place in places if not names or any(_in(name, (place,)) for name in names))


def _in(name: str, places: tuple[str, ...]) -> tuple[str, ...]:
    """The places that are this one or lie in it."""
    return tuple(place for place in places if place == name or place.startswith(name + "-"))


def _zones(places: tuple[str, ...], zones: tuple[str, ...]) -> tuple[str, ...]:
    """Zones the person may be in: those given, else those of the narrowest of these places."""
    roots = dict.fromkeys(place[:2] for place in places)
    return zones or tuple(dict.fromkeys(name for root in roots for name in zones_in(root, places)))


def _spans(slot: _Slot, version: Version) -> list[int]:
    """First instant, first instant no longer, and the instant at which another version speaks, for each root."""
    later = [each.start for each in slot.rule.versions if each.start is not None and _after(each, version)]
    until = min((day for day in (version.until, *later) if day is not None), default=None)
    rows = []
    for day, default in ((version.start, ALWAYS), (until, NEVER), (until, NEVER)):
        for root in ROOTS:
            name = OWN_ZONE[root if slot.own else slot.rule.id[:2]]
            rows.append(default if day is None else _midnight(day, name))
    return rows


def _after(each: Version, version: Version) -> bool:
    return each.start is not None and (version.start is None or each.start > version.start)


def _scope(slot: _Slot) -> list[int]:
    rule, scope = slot.rule, slot.rule.scope
    products = bits(scope.products, ProductKind)
    if ProductKind.GUARANTEED in scope.products:
        products |= kernels.GUARANTEED
    open_to_all = Spoken.ANY in scope.channels or Spoken.NONE in scope.channels
    channels = tuple(each for each in Channel if open_to_all or _SAYS.get(each) in scope.channels)
    return [
        -1 if slot.own else ROOTS.index(rule.id[:2]),
        slot.ident,
        bits(scope.actors, Bound),
        bits(tuple(each for each in scope.actors if each in _LENDERS or each is Bound.CARD_ISSUER), Bound),
        products,
        bits(channels, Channel),
        bits(_ACCEPTS[rule.override], PermissionKind),
        int(rule.id in _CALL_RULES),
    ]


def _aside(rules: Clauses, id_: str, read: Callable[[Ruling], int]) -> Longs:
    """A parameter that another rule's question reads: rows of first instant, first instant no longer, value."""
    if id_ not in rules.law:
        return np.empty((0, 3), np.int64)
    rule, name = rules.law.rule(id_), OWN_ZONE[id_[:2]]
    rows = [
        (
            ALWAYS if version.start is None else _midnight(version.start, name),
            NEVER if version.until is None else _midnight(version.until, name),
            int(read(Ruling(rule, version))),
        )
        for version in rule.versions
        if version.since is not Since.PENDING
    ]
    return np.array(rows, np.int64).reshape(-1, 3)


def _lost_after(ruling: Ruling) -> int:
    limit = ruling.part("lost_contact").get("consecutive_failed_attempts")
    return limit if isinstance(limit, int) else -1


def _left_out(ruling: Ruling) -> int:
    kinds = ("prior_consent_le_7d", "not_connected", "professional_parties")
    return sum(1 << n for n, kind in enumerate(kinds) if kind in ruling.names("exclude"))
