"""A lender's own pack laid over the law: it may tighten a rule and confirm an unverified one, never loosen.

A record with ``base: <rule id>`` changes that rule. Its ``values`` hold only the parameters it tightens, each in the
direction the base rule declares under ``tighten``; ``confirmed_by`` and ``confirmed_on`` say who read the official
text and when, after which the rule decides. A record without ``base`` is an additional rule of the lender's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from mora.core.findings import Finding
from mora.law.fields import Fields
from mora.law.form import read_citation
from mora.law.parameters import leaves, value_at, with_value
from mora.law.periods import read_versions
from mora.law.reading import Node
from mora.law.terms import Direction, HouseChange, Rule, Since, Version
from mora.law.tighten import is_looser


@dataclass(frozen=True, slots=True)
class Change:
    """One record of a house pack that names a base rule."""

    base: str
    change: HouseChange
    versions: tuple[Version, ...]
    file: str
    line: int

    def fault(self, code: str, message: str) -> Finding:
        """An error about this record."""
        return Finding(code, f"{self.change.id}: {message}", file=self.file, row=self.line, cite=self.base)


def read_change(node: Node, file: str, pack: str) -> tuple[Change | None, tuple[Finding, ...]]:
    """A house record that names a base rule; None with findings when it cannot be read."""
    found: list[Finding] = []
    name = {key: value for key, value, _ in node.items()}.get("id")
    record = Fields(node, file, str(name.value) if name is not None else "a house rule without id", found)
    id_ = record.text("id", True, "house.<lender>.<rule>")
    base = record.text("base", True)
    title = record.words("title", True)
    has_values = any(key == "values" for key, _, _ in node.items())
    versions = read_versions(record) if has_values else ()
    citation = read_citation(record)
    confirmed_by, confirmed_on = record.words("confirmed_by"), record.day("confirmed_on")
    record.words("statement")
    record.words("notes")
    record.finish(also=["values"])
    if id_ is not None and not id_.startswith("house."):
        record.report("LAW.PLACE", "the id of a house rule begins with house.", expected="house.<lender>.<rule>")
    if (confirmed_by is None) != (confirmed_on is None):
        record.report("LAW.CONFIRM", "a confirmation says both who read the text and when.",
                      expected="confirmed_by: {zh: ..., en: ...} and confirmed_on: 2026-11-22")  # fmt: skip
    if not has_values and confirmed_on is None:
        record.report("LAW.MISSING", "it neither tightens nor confirms anything.", expected="values: or confirmed_on:")
    if found or id_ is None or base is None or title is None or citation is None:
        return None, tuple(found)
    tightened = tuple(dict.fromkeys(path for version in versions for path in leaves(version.params)))
    change = HouseChange(id_, pack, title, citation, tightened, confirmed_by, confirmed_on)
    return Change(base, change, versions, file, node.line), tuple(found)


def apply(base: Rule, change: Change) -> tuple[Rule, tuple[Finding, ...]]:
    """The base rule with the lender's values and confirmation; unchanged, with findings, when they would loosen it."""
    found: list[Finding] = []
    versions: list[Version] = []
    unused = list(change.versions)
    for version in base.versions:
        for piece in _pieces(version, change.versions):
            own = _holding(change.versions, piece.start)
            unused = [version for version in unused if version is not own]
            versions.append(piece if own is None else _tightened(base, piece, own, change, found))
    found += [
        change.fault("LAW.DATE", f"{version.start or version.since} meets no day {base.id} is in force.")
        for version in unused
    ]
    if found:
        return base, tuple(dict.fromkeys(found))
    return replace(base, versions=tuple(versions), house=change.change), ()


def _pieces(version: Version, own: tuple[Version, ...]) -> list[Version]:
    """The version cut wherever the lender's values begin or end inside it."""
    if version.since is Since.PENDING:
        return [version]
    days = {day for other in own for day in (other.start, other.until) if day is not None}
    inside = sorted(day for day in days if (version.start is None or version.start < day)
                    and (version.until is None or day < version.until))  # fmt: skip
    starts: list[date | None] = [version.start, *inside]
    ends: list[date | None] = [*inside, version.until]
    return [
        replace(version, start=start, until=end, since=version.since if start == version.start else Since.DAY)
        for start, end in zip(starts, ends, strict=True)
    ]


def _holding(own: tuple[Version, ...], start: date | None) -> Version | None:
    for version in reversed(own):
        begun = version.start is None or (start is not None and version.start <= start)
        if begun and (version.until is None or start is None or start < version.until):
            return version
    return None


def _tightened(base: Rule, piece: Version, own: Version, change: Change, found: list[Finding]) -> Version:
    params = piece.params
    for path, value in leaves(own.params).items():
        problem = _problem(base, params, path, value)
        if problem:
            found.append(change.fault("LAW.LOOSER", problem))
        else:
            params = with_value(params, path, value)
    return replace(piece, params=params)


def _problem(base: Rule, params: Mapping[str, object], path: str, value: object) -> str:
    """Why the lender's value may not stand, or nothing."""
    there, law_value = value_at(params, path)
    if not there:
        return f"{base.id} has no parameter {path}."
    if value is None:
        return f"{path} may not become unknown (null); the law says {shown(law_value)}."
    direction = _direction(base, path)
    if direction is None:
        return f"{path} declares no direction in {base.id}, so a house pack may not change it."
    # Where the law's own number is not known, the lender's stands in; the rule stays as verified as it was.
    return "" if law_value is None else _comparison(direction, path, law_value, value)


def _comparison(direction: Direction, path: str, law: object, house: object) -> str:
    try:
        looser = is_looser(direction, law, house)
    except ValueError as accepted:
        return f"{path}: {shown(house)} cannot be compared with the law's {shown(law)}; write {accepted}."
    only = f"a house pack may only tighten ({direction})"
    return f"{path} {shown(house)} is looser than the law's {shown(law)}; {only}." if looser else ""


def _direction(base: Rule, path: str) -> Direction | None:
    while path:
        if path in base.tighten:
            return base.tighten[path]
        path = path.rpartition(".")[0]
    return None


def shown(value: object) -> str:
    """A parameter as a message shows it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "[" + ", ".join(shown(member) for member in value) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {shown(member)}" for key, member in value.items()) + "}"
    return str(value)
