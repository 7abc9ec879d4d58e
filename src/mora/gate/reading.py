"""Requests as they come: JSON read strictly, with messages that say what, where and what would be accepted."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import inspect

from mora.core.errors import BadInput
from mora.gate.terms import Request
from mora.gate.zones import check_places, check_zones
from mora.law.fields import did_you_mean

_DECODER = msgspec.json.Decoder(Request)
_STEP = re.compile(r"\.(\w+)|\[")
_QUOTED = re.compile(r"`([^`]*)`|'([^']*)'")


def read_request(text: bytes | str, where: str = "request") -> Request:
    """One request from JSON.

    :param where: what messages call it, such as ``requests.jsonl:3``.
    :raises BadInput: not JSON, not the published form, or a place, zone or claim that does not fit; nothing given
        wrongly is defaulted.
    """
    try:
        request = _DECODER.decode(text)
    except msgspec.ValidationError as problem:
        raise _refusal(str(problem), where) from None
    except msgspec.DecodeError as problem:
        raise _bad(f"not JSON: {problem}", "{...} as in docs/reference/gate.md", where) from None
    _consistent(request, where)
    return request


def convert_request(value: Mapping[str, Any], where: str = "request") -> Request:
    """One request from plain values, such as a row of a Parquet file.

    :raises BadInput: as :func:`read_request`.
    """
    try:
        request = msgspec.convert(value, Request, strict=True)
    except msgspec.ValidationError as problem:
        raise _refusal(str(problem), where) from None
    _consistent(request, where)
    return request


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a request."""
    made = msgspec.json.schema(Request)
    told = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Mora gate request", **made}
    plain: dict[str, Any] = json.loads(json.dumps(told))
    return plain


def _consistent(request: Request, where: str) -> None:
    check_places(request.places)
    check_zones(request.party.zones)
    ids = [claim.id for claim in request.claims]
    twice = {each for each in ids if ids.count(each) > 1}
    if twice:
        raise _bad(f"claim {min(twice)} stands twice in claims", "each claim once", where)
    for name, given in (("history", request.history), ("holds", request.holds), ("permissions", request.permissions)):
        for number, each in enumerate(given):
            since, until = getattr(each, "since", None), getattr(each, "until", None)
            if since is not None and until is not None and until <= since:
                raise _bad(f"{name}[{number}] ends before it begins", "since before until", where)


def _bad(message: str, expected: str, where: str) -> BadInput:
    return BadInput(
        f"[GATE.REQUEST] {where}: {message.rstrip('.')}{'' if message.endswith('?') else '.'} Expected: {expected}"
    )


def _refusal(problem: str, where: str) -> BadInput:
    """A message of the decoder made useful: the field by its path, and what would be accepted there."""
    said, _, path = problem.partition(" - at ")
    path = path.strip("`").removeprefix("$").removeprefix(".")
    place = path or "the request"
    kind = _type_at(path)
    word = next((a or b for a, b in _QUOTED.findall(said)), "")
    if "unknown field" in said:
        known = [field.encode_name for field in kind.fields] if isinstance(kind, inspect.StructType) else []
        return _bad(f"{place} has no field {word!r}.{did_you_mean(word, known)}", f"one of {', '.join(known)}", where)
    if "missing required field" in said:
        return _bad(f"{place} lacks {word!r}", f"the field {word}, see docs/reference/gate.md", where)
    if isinstance(kind, inspect.EnumType):
        known = [str(member.value) for member in kind.cls]
        return _bad(f"{place} is {word!r}, which is not known.{did_you_mean(word, known)}", " | ".join(known), where)
    return _bad(
        f"{place}: {said[:1].lower()}{said[1:]}", _EXPECTED.get(_name(kind), "see docs/reference/gate.md"), where
    )


_EXPECTED = {
    "DateTimeType": "an instant with its offset, such as 2026-03-02T21:59:59+08:00",
    "DateType": "a date such as 2026-03-02",
    "IntType": "a whole number (minor units for amounts)",
    "BoolType": "true, false, or leave it out when it is not known",
}


def _name(kind: inspect.Type | None) -> str:
    return type(kind).__name__


def _type_at(path: str) -> inspect.Type | None:
    """The type of the published form at a path such as ``history[...].result``."""
    kind: inspect.Type | None = inspect.type_info(Request)
    for match in _STEP.finditer("." + path if path else ""):
        if match[1] is None:
            kind = kind.item_type if isinstance(kind, inspect.VarTupleType) else None
        elif isinstance(kind, inspect.StructType):
            kind = next((_bare(field.type) for field in kind.fields if field.encode_name == match[1]), None)
        else:
            return None
        kind = _bare(kind) if kind is not None else None
    return kind


def _bare(kind: inspect.Type) -> inspect.Type:
    if isinstance(kind, inspect.Metadata):
        return _bare(kind.type)
    if isinstance(kind, inspect.UnionType):
        return next((_bare(each) for each in kind.types if not isinstance(each, inspect.NoneType)), kind)
    return kind
