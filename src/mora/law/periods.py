"""The dated values of a rule: which version holds on which day. Half-open: from its first day until, not on, its end.

A key is a date, a month (``2025-12``) or a year (``2014``) when no more is known - read as its first day -,
``unknown`` for a rule in force since a day nobody found, or ``pending`` for one not yet in force. A version holds
until the next one begins, or until its own ``until``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from mora.law.fields import Fields, show
from mora.law.reading import Node
from mora.law.terms import Since, Version

_EXPECTED = "a date (2023-07-01), month (2025-12), year (2014), unknown or pending"


def read_versions(record: Fields) -> tuple[Version, ...]:
    """The versions, oldest first; empty (with findings) when a date is wrong, out of order or overlapping."""
    part = record.part("values", True, "{2023-07-01: {days: 90}}")
    if part is None:
        return ()
    before = len(record.found)
    versions: list[Version] = []
    for key, node, line in part.node.items():
        version = _version(part, key, node, line)
        if version is None:
            continue
        if versions:
            versions[-1] = _follows(part, versions[-1], version, line)
        versions.append(version)
    if not versions and len(record.found) == before:
        part.report("LAW.DATE", "values is empty; a rule has at least one version.", expected=_EXPECTED)
    return tuple(versions) if len(record.found) == before else ()


def _version(part: Fields, key: object, node: Node, line: int) -> Version | None:
    read = _start(key)
    if read is None:
        part.report("LAW.DATE", f"{key!s} is not a day values can start on.", line, expected=_EXPECTED)
        return None
    since, start = read
    if not node.is_mapping:
        part.report("LAW.VALUE", f"the values of {key!s} are {show(node)}.", node.line, expected="{parameter: value}")
        return None
    params: dict[str, object] = {}
    until: date | None = None
    cite = ""
    for name, value, name_line in node.items():
        if name == "until":
            if not isinstance(value.value, date):
                part.report("LAW.DATE", f"until is {show(value)}, not a date.", value.line, expected="2025-02-28")
            else:
                until = value.value
        elif name == "cite":
            cite = str(value.value)
        elif not isinstance(name, str):
            part.report("LAW.VALUE", f"the parameter name {name!s} is not text.", name_line, expected=f'"{name!s}"')
        elif not _names_are_text(value):
            part.report(
                "LAW.VALUE", f"{name} holds a name that is not text.", value.line, expected='names in quotes: "1.0"'
            )
        else:
            params[name] = value.plain()
    if until is not None and start is not None and until <= start:
        part.report(
            "LAW.DATE", f"until {until} is not after {start}.", line, expected="the first day no longer in force"
        )
    return Version(start, since, until, MappingProxyType(params), cite)


def _start(key: object) -> tuple[Since, date | None] | None:
    if isinstance(key, date):
        return Since.DAY, key
    if isinstance(key, int) and 1900 <= key <= 2200:
        return Since.YEAR, date(key, 1, 1)
    if isinstance(key, str) and re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", key):
        return Since.MONTH, date.fromisoformat(key + "-01")
    if key in ("unknown", "pending"):
        return Since(str(key)), None
    return None


def _follows(part: Fields, earlier: Version, later: Version, line: int) -> Version:
    """The earlier version with its end; findings when the later one does not come after it."""
    if later.since is Since.PENDING:
        return earlier
    if (
        later.start is None
        or earlier.since is Since.PENDING
        or (earlier.start is not None and earlier.start >= later.start)
    ):
        part.report("LAW.DATE", f"{later.start or later.since} comes after {earlier.start or earlier.since}.", line,
                    expected="oldest first: unknown, then dates in order, then pending")  # fmt: skip
        return earlier
    if earlier.until is not None and earlier.until > later.start:
        part.report("LAW.OVERLAP", f"the version until {earlier.until} overlaps the one from {later.start}.", line,
                    expected=f"until: {later.start} or earlier (the until day itself is not in force)")  # fmt: skip
        return earlier
    return earlier if earlier.until is not None else replace(earlier, until=later.start)


def _names_are_text(node: Node) -> bool:
    if node.is_list:
        return all(_names_are_text(member) for member in node.members())
    return all(isinstance(key, str) and _names_are_text(value) for key, value, _ in node.items())
