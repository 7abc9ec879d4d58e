"""Proof: a verdict with everything it stood on, in one canonical text that can be asked again.

The record holds the request, every rule version that spoke (also at the later instants looked at for ``earliest_at``),
the counters and the outcome. Canonical means: keys sorted, no spaces, instants in UTC, what was not given left out; the
digest is SHA-256 over the record without it. Asking again uses the recorded rules, not today's packs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import msgspec

from mora.core.errors import BadInput
from mora.core.words import Words
from mora.gate.clauses import Clauses, Ruling
from mora.gate.terms import Request, Verdict
from mora.gate.verdict import Gate
from mora.law import Action, Jurisdiction, Known, Law, Modality, Override, Room, Rule, Status, Version
from mora.law.terms import Citation, Scope, Since, Verification
from mora.law.vocabulary import Actor, Channel, ProductKind

FORMAT = "mora.gate.record/1"


@dataclass(frozen=True, slots=True)
class Replay:
    """What asking a record again gave."""

    recorded: Verdict
    again: Verdict
    """By the recorded rules."""
    now: Verdict
    """By the rules Mora has today."""
    intact: bool
    """Whether the digest matches the text."""

    @property
    def same(self) -> bool:
        """Whether the record proves its verdict: unaltered, and asked again it answers the same."""
        return self.intact and canonical(self.recorded) == canonical(self.again)

    @property
    def same_today(self) -> bool:
        """Whether today's rules answer the same, findings included."""
        return canonical(self.recorded) == canonical(self.now)


def canonical(value: object) -> bytes:
    """The canonical JSON of a record, request or verdict."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def record_of(gate: Gate, request: Request) -> bytes:
    """Ask a request and return the record that proves the answer.

    :raises BadInput: as :meth:`Gate.ask`.
    """
    verdict, rulings = gate.witness(request)
    return sealed(request, verdict, rulings)


def sealed(request: Request, verdict: Verdict, rulings: tuple[Ruling, ...]) -> bytes:
    """The canonical record of an answer already given, with its digest."""
    body = {
        "format": FORMAT,
        "request": request,
        "verdict": verdict,
        "rules": [_rule_out(ruling) for ruling in sorted(rulings, key=lambda each: each.label)],
    }
    return canonical(body | {"digest": _digest(body)})


def replay(text: bytes | str, today: Gate) -> Replay:
    """Ask a record again, by its own rules and by today's.

    :raises BadInput: it is not a record of this format.
    """
    try:
        body = msgspec.json.decode(text)
        digest = body.pop("digest")
        if body["format"] != FORMAT:
            raise BadInput(f"the record's format is {body['format']!r}; this Mora reads {FORMAT}")
        request = msgspec.convert(body["request"], Request)
        recorded = msgspec.convert(body["verdict"], Verdict)
        rules = [_rule_in(each) for each in body["rules"]]
    except (msgspec.MsgspecError, KeyError, TypeError, AttributeError, ValueError) as problem:
        raise BadInput(f"not a record of a verdict: {type(problem).__name__}: {problem}") from None
    held: dict[str, Rule] = {}
    for rule in rules:
        other = held.get(rule.id)
        held[rule.id] = rule if other is None else _merged(other, rule)
    again = Gate(Clauses(Law({}, recorded.house, held))).ask(request)
    return Replay(recorded, again, today.ask(request), _digest(body) == digest)


def _digest(body: Mapping[str, object]) -> str:
    return hashlib.sha256(canonical(body)).hexdigest()


def _plain(value: object) -> Any:
    """Plain JSON values: fields that hold their default left out, instants in UTC."""
    if isinstance(value, msgspec.Struct):
        first_default = len(value.__struct_fields__) - len(value.__struct_defaults__)
        told = {}
        for place, name in enumerate(value.__struct_fields__):
            each = getattr(value, name)
            if place < first_default or each != value.__struct_defaults__[place - first_default]:
                told[name] = _plain(each)
        return told
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return value


def _param_out(value: object) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _param_out(each) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [_param_out(each) for each in value]
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    return value


def _param_in(value: Any) -> object:
    if isinstance(value, dict):
        if set(value) == {"$decimal"}:
            return Decimal(value["$decimal"])
        if set(value) == {"$date"}:
            return date.fromisoformat(value["$date"])
        return MappingProxyType({key: _param_in(each) for key, each in value.items()})
    return tuple(_param_in(each) for each in value) if isinstance(value, list) else value


def _rule_out(ruling: Ruling) -> dict[str, object]:
    rule, version, clause = ruling.rule, ruling.version, ruling.clause
    return {
        "id": rule.id,
        "jurisdiction": rule.jurisdiction.value,
        "room": rule.room.value,
        "actors": [each.value for each in rule.scope.actors],
        "products": [each.value for each in rule.scope.products],
        "channels": [each.value for each in rule.scope.channels],
        "action": [each.value for each in rule.action],
        "override": rule.override.value,
        "decides": rule.decides,
        "unverified": [name for name in version.params if not rule.decides_by(name)],
        "clause_zh": clause.zh,
        "clause_en": clause.en,
        "start": version.start,
        "since": version.since.value,
        "until": ruling.over_on,
        "params": _param_out(version.params),
    }


def _rule_in(told: dict[str, Any]) -> Rule:
    known = Known.PRIMARY if told["decides"] else Known.MEMORY
    start, until = told["start"], told["until"]
    version = Version(
        date.fromisoformat(start) if start else None,
        Since(told["since"]),
        date.fromisoformat(until) if until else None,
        MappingProxyType({name: _param_in(value) for name, value in told["params"].items()}),
    )
    empty = Words(zh="", en="")
    return Rule(
        told["id"], empty, empty, Jurisdiction(told["jurisdiction"]), Room(told["room"]),
        Scope(
            tuple(map(Actor, told["actors"])), tuple(map(ProductKind, told["products"])),
            tuple(map(Channel, told["channels"])),
        ),
        Modality.MUST, tuple(map(Action, told["action"])), None, Override(told["override"]), Status.ENCODED, None, (),
        (version,), MappingProxyType({}), Citation(Words(zh=told["clause_zh"], en=told["clause_en"]), None),
        Verification(known, 0, date.min, (), known, tuple(told["unverified"]) if told["decides"] else ()),
    )  # fmt: skip


def _merged(one: Rule, other: Rule) -> Rule:
    """One rule with the versions of both records of it."""
    versions = sorted((*one.versions, *other.versions), key=lambda each: each.start or date.min)
    return replace(one, versions=tuple(versions))
