"""Are these facts usable? JSON (or YAML) into the facts' dataclasses, strictly, with every fault named at once.

The dataclasses are the format: a field's type says what is accepted. A key nobody knows is a finding with the near
miss; nothing is guessed and nothing is dropped. On a dataclass ``ORDER`` names pairs of dates of which the second may
not come before the first, ``WITH_MEMBERS`` lists that may not be empty.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

from mora.core.dates import FIRST_DAY, LAST_DAY
from mora.core.findings import Finding
from mora.law.fields import choices, did_you_mean


def read_facts(kind: type[Any], value: object, where: str, found: list[Finding]) -> Any:
    """A value as a dataclass of facts, or None with findings when something is wrong.

    :param where: the path to it, such as ``us_mortgage``; findings name the column by it.
    """
    before = len(found)
    read = _read_object(kind, value, where, found)
    return read if len(found) == before else None


def _read_object(kind: type[Any], value: object, where: str, found: list[Finding]) -> Any:
    if not isinstance(value, Mapping):
        return _fault(found, "DUTIES.VALUE", where, value, "is not an object.", '{"...": ...}')
    known, hints = {field.name: field for field in fields(kind)}, get_type_hints(kind)
    for key in value:
        if key not in known:
            hint = did_you_mean(str(key), known)
            _fault(found, "DUTIES.KEY", f"{where}.{key}", "", f"is not known.{hint}", f"one of {', '.join(known)}")
    taken: dict[str, Any] = {}
    for name, field in known.items():
        if name in value:
            taken[name] = _read(hints[name], value[name], f"{where}.{name}", found)
        elif field.default is MISSING and field.default_factory is MISSING:
            _fault(found, "DUTIES.MISSING", f"{where}.{name}", "", "is missing.", _expected(hints[name]))
    for name in getattr(kind, "WITH_MEMBERS", ()):
        if taken.get(name) == ():
            _fault(
                found,
                "DUTIES.VALUE",
                f"{where}.{name}",
                "",
                "is empty.",
                f"[{_expected(get_args(hints[name])[0])}, ...]",
            )
    for first, second in getattr(kind, "ORDER", ()):
        a, b = taken.get(first), taken.get(second)
        if isinstance(a, date) and isinstance(b, date) and b < a:
            _fault(found, "DUTIES.ORDER", f"{where}.{second}", b, f"comes before {first} {a}.", f"{a} or later")
    return kind(**taken) if not any(finding.column.startswith(where) for finding in found) else None


def _read(hint: Any, value: object, where: str, found: list[Finding]) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        if value is None:
            return None
        hint = next(part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is tuple:
        member = get_args(hint)[0]
        if not isinstance(value, (list, tuple)):
            return _fault(found, "DUTIES.VALUE", where, value, "is not a list.", f"[{_expected(member)}, ...]")
        return tuple(_read(member, each, f"{where}[{number}]", found) for number, each in enumerate(value, 1))
    if is_dataclass(hint):
        assert isinstance(hint, type)
        return _read_object(hint, value, where, found)
    if hint is date:
        return _read_day(value, where, found)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        if isinstance(value, str) and value in {member.value for member in hint}:
            return hint(value)
        near = did_you_mean(str(value), [member.value for member in hint])
        return _fault(found, "DUTIES.VALUE", where, value, f"is not one of its words.{near}", choices(hint))
    if type(value) is not hint:
        return _fault(found, "DUTIES.VALUE", where, value, f"is not {_expected(hint)}.", _expected(hint))
    return value


def _read_day(value: object, where: str, found: list[Finding]) -> date | None:
    day = value if type(value) is date else None
    if isinstance(value, str):
        try:
            day = date.fromisoformat(value) if len(value) == len("2026-11-22") else None
        except ValueError:
            day = None
    if day is None:
        _fault(found, "DUTIES.DATE", where, value, "is not a date.", "2026-11-22")
    elif not FIRST_DAY <= day <= LAST_DAY:
        _fault(found, "DUTIES.DATE", where, value, "is out of range.", f"{FIRST_DAY} to {LAST_DAY}")
    return day


def _expected(hint: Any) -> str:
    if get_origin(hint) in (Union, types.UnionType):
        return _expected(get_args(hint)[0])
    if get_origin(hint) is tuple:
        return f"[{_expected(get_args(hint)[0])}, ...]"
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return choices(hint)
    return {date: "a date such as 2026-11-22", bool: "true or false", int: "a whole number", str: "a text"}.get(
        hint, "an object"
    )


def _fault(found: list[Finding], code: str, where: str, value: object, message: str, expected: str) -> None:
    found.append(
        Finding(code, f"{where} {message}", column=where, value="" if value == "" else str(value), expected=expected)
    )
