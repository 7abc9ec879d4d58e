"""Worked cases of the gate as people write them, turned into requests and the verdicts they must get.

A file is a mapping of ``base`` (the name of a request in ``bases.yaml`` that its cases begin from), ``given`` (what
differs in the whole file) and ``cases``. A case holds ``name`` (with the row of the test tables where it is one),
``zh`` and ``en`` (the situation in a sentence), ``about`` (the rules it is told for), ``base`` (when it begins
elsewhere), ``given`` (what differs) and ``expect``: one mapping a view.

What is given is merged into the base key by key; lists are replaced. Beside the fields of a request it may hold

- ``house``: ``none`` or ``prudent``
- ``clock``: the zone in which times without an offset are written, such as ``2026-03-02 21:59:59``
- ``claim``: one claim, or what all of ``claims`` have in common
- ``attempt``: what all rows of ``history`` have in common; a row is ``[at, channel, result]`` or
  ``[at, channel, result, {more}]``

A view may differ once more (``at``, ``given``). It holds ``outcome``; the rules that ``refuse``, ``warn``, are
``excused`` or ``note`` something, all of them; ``earliest_at`` when refused (``never`` when waiting does not help);
and, where told, ``counters`` as ``rule: count/limit``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from mora.gate import Gate, Request, Verdict
from mora.gate.reading import read_request
from mora.law.reading import read_nodes

FOLDER = Path(__file__).parent / "cases"
CASE_KEYS = {"name", "zh", "en", "about", "base", "given", "expect"}
VIEW_KEYS = {
    "at", "given", "outcome", "refuse", "warn", "excused", "note", "earliest_at", "counters",
}  # fmt: skip
OUR_KEYS = {"house", "clock", "claim", "attempt"}
EFFECTS = ("refuse", "warn", "excused", "note")


def _read(text: str) -> Any:
    root = read_nodes(text)
    return root.plain() if root is not None else {}


BASES: Mapping[str, Any] = _read((Path(__file__).parent / "bases.yaml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class View:
    """One request of a case and the verdict it must get."""

    where: str
    """``file/name`` and the number of the view."""
    house: str
    request: Request
    outcome: str
    effects: Mapping[str, frozenset[str]]
    """Under each effect the rules that must have it, and no others."""
    earliest_at: datetime | None
    counters: Mapping[str, tuple[str, ...]]
    """Under a rule what it must have counted, ``count/limit`` each; only those told."""


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case."""

    file: str
    name: str
    zh: str
    en: str
    about: tuple[str, ...]
    views: tuple[View, ...]

    @property
    def id(self) -> str:
        """File and name: ``hours/T-CN-1 ...``."""
        return f"{self.file}/{self.name}"


@cache
def casebook() -> dict[str, Case]:
    """All cases under their ids."""
    found: dict[str, Case] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for case in cases_of(path.stem, path.read_text(encoding="utf-8")):
            if case.id in found:
                raise ValueError(f"{case.id} is told twice")
            found[case.id] = case
    return found


def cases_of(file: str, text: str) -> Iterator[Case]:
    """The cases of one file."""
    told = _read(text)
    _known(told, {"base", "given", "cases"}, file)
    for case in told["cases"]:
        where = f"{file}/{case.get('name')}"
        _known(case, CASE_KEYS, where)
        if missing := {"name", "zh", "en", "about", "expect"} - set(case):
            raise ValueError(f"{where} lacks {sorted(missing)}")
        base = BASES[case.get("base", told["base"])]
        if case.get("base", told["base"]) == told["base"]:
            base = merged(base, told.get("given", {}))
        given = merged(base, case.get("given", {}))
        views = tuple(_view(f"{where} #{number}", given, view) for number, view in enumerate(case["expect"], 1))
        yield Case(file, case["name"], case["zh"], case["en"], case["about"], views)


@cache
def gate(house: str) -> Gate:
    """The gate with a house pack; ``none`` for the law alone."""
    return Gate.of(None if house == "none" else house)


def asked(view: View) -> Verdict:
    """The verdict its request gets."""
    return gate(view.house).ask(view.request)


def merged(base: Any, change: Any) -> Any:
    """A mapping with another laid over it, key by key; anything else is replaced."""
    if not isinstance(base, Mapping) or not isinstance(change, Mapping):
        return change
    return {**base, **{key: merged(base.get(key), value) for key, value in change.items()}}


def request_of(given: Mapping[str, Any], where: str) -> Request:
    """The request a case gives, read as any other."""
    clock = given.get("clock", "Asia/Shanghai")
    plain = {key: value for key, value in given.items() if key not in OUR_KEYS and value is not None}
    claim = given.get("claim", {})
    plain["claims"] = [merged(claim, each) for each in given.get("claims", ({},))]
    plain["history"] = [_attempt(row, given.get("attempt", {})) for row in given.get("history", ())]
    return read_request(json.dumps(_timed(plain, clock)), where)


def instant(text: str, clock: str) -> datetime:
    """An instant with its offset, or the time a clock there shows.

    :raises ValueError: the clock shows that time never, or twice.
    """
    at = datetime.fromisoformat(text)
    if at.tzinfo is not None:
        return at
    local = at.replace(tzinfo=ZoneInfo(clock))
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        raise ValueError(f"{text} is shown never or twice in {clock}; write the offset")
    return local


def _known(told: Mapping[str, Any], keys: set[str], where: str) -> None:
    if unknown := set(told) - keys:
        raise ValueError(f"{where}: unknown keys {sorted(unknown)}; known are {sorted(keys)}")


def _attempt(row: tuple[Any, ...], common: Mapping[str, Any]) -> dict[str, Any]:
    at, channel, result, *more = row
    return {**common, "at": at, "channel": channel, "result": result, **(more[0] if more else {})}


_INSTANTS = {"at", "since", "until"}


def _timed(value: Any, clock: str, key: str = "") -> Any:
    """Plain JSON values, times without an offset given theirs."""
    if isinstance(value, Mapping):
        return {name: _timed(each, clock, name) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_timed(each, clock) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return instant(value, clock).isoformat() if key in _INSTANTS and isinstance(value, str) else value


def _view(where: str, case: Mapping[str, Any], told: Mapping[str, Any]) -> View:
    _known(told, VIEW_KEYS, where)
    given = merged(case, told.get("given", {}))
    if "at" in told:
        given = {**given, "at": told["at"]}
    request = request_of(given, where)
    outcome, earliest = told["outcome"], told.get("earliest_at")
    if (outcome == "refused") != (earliest is not None):
        raise ValueError(f"{where}: earliest_at is said when refused, and only then")
    at = None
    if earliest != "never":
        at = request.at if earliest is None else instant(earliest, given.get("clock", "Asia/Shanghai"))
    counted = {
        rule: (counts,) if isinstance(counts, str) else tuple(counts)
        for rule, counts in told.get("counters", {}).items()
    }
    effects = {name: frozenset(told.get(name, ())) for name in EFFECTS}
    return View(where, given["house"], request, outcome, effects, at, counted)
