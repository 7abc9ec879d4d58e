"""What can be wrong with packs as a whole: read every file strictly, then look across records.

Each check is a function that answers one question and yields findings with file and line.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from mora.core.findings import Finding, Severity
from mora.law.fields import did_you_mean
from mora.law.form import read_rule
from mora.law.library import load, with_house
from mora.law.packs import PackFile, cut, jurisdiction_files, packaged, read_tree
from mora.law.reading import Node, UnreadableError, read_nodes
from mora.law.register import missing_and_extra
from mora.law.terms import Rule, Since, Status, Version
from mora.law.vocabulary import Jurisdiction


@dataclass(slots=True)
class Shelf:
    """Everything read so far: rules in order, findings, and the house files left for later."""

    rules: list[Rule] = field(default_factory=list)
    ids: list[tuple[str, str, int]] = field(default_factory=list)
    """Every id met, readable or not: (id, file, line)."""
    found: list[Finding] = field(default_factory=list)
    house: list[PackFile] = field(default_factory=list)


def check(*directories: Path) -> tuple[Finding, ...]:
    """Every fault of the packaged packs and of the directories (or files) given, in file and line order.

    Directories may hold rules in the packs' form, or house records (with ``base``), which are laid over the packs.
    """
    own = _packaged()
    shelf = Shelf([*own.rules], [*own.ids], [*own.found])
    for directory in directories:
        _read_directory(shelf, directory)
    shelf.found += _house_faults(tuple(shelf.house)) if shelf.house else ()
    shelf.found += [*duplicates(shelf), *places(shelf), *contradictions(shelf), *unknown_values(shelf), *uses(shelf)]
    return tuple(sorted(shelf.found, key=lambda item: (item.file, item.row or 0, item.code)))


@cache
def _packaged() -> Shelf:
    """The packaged packs as read; they do not change while Mora runs. Callers copy before they add."""
    shelf = Shelf()
    for jurisdiction in Jurisdiction:
        for file in jurisdiction_files(jurisdiction):
            _read_file(shelf, file)
    shelf.found += register_faults(shelf)
    for entry in sorted((packaged() / "house").iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            shelf.found += _house_faults(tuple(read_tree(entry, f"packs/house/{entry.name}")))
    return shelf


def _read_directory(shelf: Shelf, directory: Path) -> None:
    if directory.is_dir():
        files = tuple(read_tree(directory, str(directory)))
    elif directory.exists():
        files = (PackFile(str(directory), directory.read_bytes().decode("utf-8-sig", errors="replace")),)
    else:
        shelf.found.append(Finding("LAW.FILE", "there is no such file or directory.", file=str(directory)))
        return
    for file in files:
        _read_file(shelf, file)


def _read_file(shelf: Shelf, file: PackFile) -> None:
    try:
        root = read_nodes(file.text)
    except UnreadableError as problem:
        shelf.found.append(Finding("LAW.YAML", str(problem), file=file.name, row=problem.line))
        return
    if root is None or not root.is_list:
        shelf.found.append(
            Finding("LAW.FORM", "a pack is a list of rules.", file=file.name, row=1, expected="- id: ...")
        )
        return
    if any(_has(member, "base") for member in root.members()):
        shelf.house.append(file)
        return
    for member in root.members():
        rule, problems = read_rule(member, file.name)
        shelf.found += problems
        if rule is not None:
            shelf.rules.append(rule)
    cut_ids = [(record.id, file.name, record.line) for record in cut(file)]
    shelf.ids += cut_ids
    if len(cut_ids) != len(root.members()):
        message = f"{len(root.members())} records, but {len(cut_ids)} begin with `- id:` at the margin."
        shelf.found.append(
            Finding("LAW.FORM", message, file=file.name, row=1, expected="every record begins `- id: ...`")
        )


def _has(node: Node, key: str) -> bool:
    return any(name == key for name, _, _ in node.items())


def _house_faults(files: tuple[PackFile, ...]) -> tuple[Finding, ...]:
    """What is wrong with a house pack laid over all jurisdictions."""
    return with_house(load(), files)[1]


def register_faults(shelf: Shelf) -> Iterator[Finding]:
    """Is every rule of the register there, once, and none besides?"""
    missing, extra, doubled = missing_and_extra(id_ for id_, _, _ in shelf.ids)
    for id_ in missing:
        yield Finding("LAW.REGISTER", f"{id_} is in the register and in no pack.", file="packs/register.txt")
    for id_ in (*extra, *doubled):
        yield Finding("LAW.REGISTER", f"{id_} must stand in the register exactly once.", file="packs/register.txt")


def duplicates(shelf: Shelf) -> Iterator[Finding]:
    """Does an id stand twice?"""
    first: dict[str, tuple[str, int]] = {}
    for id_, file, line in shelf.ids:
        if id_ in first:
            where = "{}:{}".format(*first[id_])
            yield Finding(
                "LAW.DUPLICATE", f"{id_} already stands at {where}.", file=file, row=line, expected="an id once"
            )
        else:
            first[id_] = (file, line)


def places(shelf: Shelf) -> Iterator[Finding]:
    """Does a packaged rule lie in the folder of its jurisdiction and room?"""
    for rule in shelf.rules:
        folder = f"packs/{rule.jurisdiction}/{rule.room}/"
        if rule.file.startswith("packs/") and not rule.file.startswith(folder):
            yield Finding(
                "LAW.PLACE", f"{rule.id} does not lie where it says.", file=rule.file, row=rule.line, expected=folder
            )


def contradictions(shelf: Shelf) -> Iterator[Finding]:
    """Do two rules that exclude each other hold on the same day? Do rules name rules that are not there?"""
    by_id = {rule.id: rule for rule in shelf.rules}
    for rule in shelf.rules:
        for other_id in (*rule.excludes, *(pair.rule for pair in rule.together)):
            other = by_id.get(other_id)
            if other is None:
                hint = did_you_mean(other_id, by_id)
                yield Finding("LAW.BASE", f"{rule.id} names {other_id}, which is not there.{hint}",
                              file=rule.file, row=rule.line)  # fmt: skip
            elif other_id in rule.excludes and Status.OUT_OF_SCOPE not in (rule.status, other.status):
                day = _shared_day(rule, other)
                if day:
                    yield Finding("LAW.CONTRADICTION", f"{rule.id} excludes {other_id}, yet both hold {day}.",
                                  file=rule.file, row=rule.line, cite=other_id,
                                  expected="an until date on one, or together: with what counts")  # fmt: skip


def _shared_day(one: Rule, other: Rule) -> str:
    for a in one.versions:
        for b in other.versions:
            day = _overlap(a, b)
            if day:
                return day
    return ""


def _overlap(a: Version, b: Version) -> str:
    if Since.PENDING in (a.since, b.since):
        return ""
    starts = [version.start for version in (a, b) if version.start is not None]
    ends = [version.until for version in (a, b) if version.until is not None]
    if not starts:
        return "on days before any is dated"
    return f"on {max(starts)}" if not ends or max(starts) < min(ends) else ""


def unknown_values(shelf: Shelf) -> Iterator[Finding]:
    """Which parameters are unknown (null)? A warning when code reads the rule, a note otherwise."""
    for rule in shelf.rules:
        names = sorted({name for version in rule.versions for name, value in version.params.items() if value is None})
        if names:
            # What a house pack is meant to set is not a gap in the law.
            is_gap = rule.status is Status.ENCODED and not set(names) <= set(rule.tighten)
            severity = Severity.WARNING if is_gap else Severity.NOTE
            yield Finding("LAW.UNKNOWN", f"{rule.id}: {', '.join(names)} unknown (null), never guessed.",
                          file=rule.file, row=rule.line, severity=severity)  # fmt: skip


def uses(shelf: Shelf) -> Iterator[Finding]:
    """Does every module a rule names exist, and does it mention the rule?"""
    for rule in shelf.rules:
        for module in rule.uses:
            problem = _use_problem(rule.id, module)
            if problem:
                yield Finding(
                    "LAW.USES", f"{rule.id}: {problem}", file=rule.file, row=rule.line, severity=Severity.WARNING
                )


def _use_problem(id_: str, module: str) -> str:
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError):
        spec = None
    if spec is None:
        return f"no module {module} to read it."
    if spec.origin is None or not spec.origin.endswith(".py"):
        return ""
    return "" if id_ in Path(spec.origin).read_text(encoding="utf-8") else f"{module} does not mention it."
