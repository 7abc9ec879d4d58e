"""The law as code asks for it: ``load("cn").params("cn.class2023.dpd", on=day)``.

Only the jurisdictions asked for are opened, and only the rules asked for are parsed, strictly; a rule once
parsed is kept for the life of the process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from mora.core.errors import BadInput, UnknownRule
from mora.core.findings import Finding, Severity
from mora.law.fields import did_you_mean
from mora.law.form import read_rule
from mora.law.house import Change, apply, read_change
from mora.law.packs import PackFile, Record, cut, house_files, jurisdiction_files
from mora.law.reading import Node, UnreadableError, read_nodes
from mora.law.terms import Params, Rule, Since, Version
from mora.law.vocabulary import Jurisdiction

JURISDICTIONS = frozenset(member.value for member in Jurisdiction)


class Law:
    """The rules of some jurisdictions, with a lender's own pack laid over them when given."""

    def __init__(self, records: dict[str, Record], house: str = "", rules: Mapping[str, Rule] | None = None) -> None:
        self._records = records
        self._own = dict(rules or {})
        """Rules that stand before the records: a house pack's, or those a proof of long ago was kept with."""
        self.house = house
        """Name of the house pack, or empty."""

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of every rule, in the order of the packs."""
        return (*self._records, *(id_ for id_ in self._own if id_ not in self._records))

    def __contains__(self, id_: object) -> bool:
        return id_ in self._records or id_ in self._own

    def __iter__(self) -> Iterator[Rule]:
        return (self.rule(id_) for id_ in self.ids)

    def rule(self, id_: str) -> Rule:
        """One rule.

        :raises UnknownRule: no loaded pack has it; the near miss is suggested.
        :raises BadInput: its record cannot be read; carries the findings.
        """
        own = self._own.get(id_)
        if own is not None:
            return own
        record = self._records.get(id_)
        if record is None:
            loaded = ", ".join(sorted({known.partition(".")[0] for known in self._records}))
            hint = did_you_mean(id_, self._records)
            raise UnknownRule(
                f"No rule {id_} in the packs loaded ({loaded}).{hint} `mora law list` shows every id.",
                zh=f"已载入的规则包（{loaded}）中没有规则 {id_}。{_near_zh(id_, self._records)}"
                "全部编号见 mora law list。",
            )
        return _rule_of(record)

    def version(self, id_: str, on: date) -> Version:
        """The version of a rule in force on a day.

        :raises UnknownRule: no such rule, or none of its versions is in force that day.
        """
        rule = self.rule(id_)
        version = rule.on(on)
        if version is None:
            held = "; ".join(_period(known) for known in rule.versions)
            raise UnknownRule(f"{id_} has no value on {on}: {held}.", zh=f"{id_} 在 {on} 没有数值：{held}。")
        return version

    def params(self, id_: str, on: date) -> Params:
        """The parameters of a rule in force on a day, read-only; None inside means unknown.

        :raises UnknownRule: no such rule, or not in force that day.
        """
        return self.version(id_, on).params

    def value(self, id_: str, name: str, on: date) -> object:
        """One parameter, which must be known.

        :raises UnknownRule: no such rule, version or parameter, or its value is unknown (null).
        """
        params = self.params(id_, on)
        if name not in params:
            hint = did_you_mean(name, params)
            raise UnknownRule(f"{id_} has no parameter {name}.{hint} It has: {', '.join(params)}.")
        if params[name] is None:
            raise UnknownRule(f"{id_}: {name} is unknown (null); it is not guessed. A house pack may set it.")
        return params[name]

    def _add(self, rule: Rule) -> tuple[Finding, ...]:
        """Take in a rule of the lender's own; refused when it would stand in the place of a law."""
        if rule.id.startswith("house.") and rule.id not in self._own:
            self._own[rule.id] = rule
            return ()
        message = f"{rule.id}: a lender's own rule has an id of its own that begins with house."
        return (
            Finding("LAW.PLACE", message, file=rule.file, row=rule.line, expected="base: <rule id> to change a law"),
        )

    def _lay_over(self, changes: list[Change]) -> tuple[Finding, ...]:
        """Lay house changes over the rules they name, leaving out jurisdictions that are not loaded."""
        found: list[Finding] = []
        loaded = {id_.partition(".")[0] for id_ in self._records}
        for change in changes:
            if change.base.partition(".")[0] in JURISDICTIONS - loaded:
                continue
            if change.base not in self._records:
                hint = did_you_mean(change.base, self._records)
                found.append(change.fault("LAW.BASE", f"there is no rule {change.base} to stand on.{hint}"))
            elif change.base in self._own:
                found.append(
                    change.fault("LAW.DUPLICATE", f"a pack changes a rule once, and {change.base} is changed.")
                )
            else:
                self._own[change.base], problems = apply(self.rule(change.base), change)
                found += problems
        return tuple(found)


def load(*jurisdictions: str, house: str | Path | None = None) -> Law:
    """The law of the jurisdictions named (all four when none is), with a house pack laid over it.

    ``house`` is the name of a packaged pack (``"example"``) or a directory or file of the lender's own.

    :raises UnknownRule: no such jurisdiction.
    :raises BadInput: the house pack cannot be read, or would loosen the law; carries the findings.
    """
    names = jurisdictions or tuple(sorted(JURISDICTIONS))
    records: dict[str, Record] = {}
    for name in names:
        if name not in JURISDICTIONS:
            hint = did_you_mean(name, JURISDICTIONS)
            known = ", ".join(sorted(JURISDICTIONS))
            raise UnknownRule(
                f"No law packs for {name!r}; there are {known}.{hint}", zh=f"没有法域“{name}”的规则包；现有：{known}。"
            )
        records |= _records_of(Jurisdiction(name))
    if house is None:
        return Law(records)
    try:
        files = tuple(house_files(house))
    except FileNotFoundError as missing:
        raise BadInput(
            f"{missing}; name a packaged one or a directory of .yaml files.",
            zh=f"没有机构规则包“{house}”；请写随附规则包的名称，或存放 .yaml 文件的目录。",
        ) from None
    law, found = with_house(Law(records, str(house)), files)
    errors = tuple(item for item in found if item.severity is Severity.ERROR)
    if errors:
        raise BadInput(
            "The house pack is refused: " + " ".join(str(item) for item in errors),
            errors,
            zh=f"机构规则包不予采用，有 {len(errors)} 处错误：",
        )
    return law


def with_house(law: Law, files: tuple[PackFile, ...]) -> tuple[Law, tuple[Finding, ...]]:
    """Lay the files of a house pack over a law; returns it with what was found."""
    found: list[Finding] = []
    changes: list[Change] = []
    for file in files:
        try:
            root = read_nodes(file.text)
        except UnreadableError as problem:
            found.append(Finding("LAW.YAML", str(problem), file=file.name, row=problem.line))
            continue
        for node in root.members() if root is not None else ():
            if any(key == "base" for key, _, _ in node.items()):
                change, problems = read_change(node, file.name, law.house)
                if change is not None:
                    changes.append(change)
            else:
                rule, problems = read_rule(node, file.name)
                if rule is not None:
                    problems += law._add(rule)
            found += problems
    return law, (*found, *law._lay_over(changes))


@cache
def _records_of(jurisdiction: Jurisdiction) -> dict[str, Record]:
    return {record.id: record for file in jurisdiction_files(jurisdiction) for record in cut(file)}


@cache
def _rule_of(record: Record) -> Rule:
    try:
        root = read_nodes(record.text, record.line)
    except UnreadableError as problem:
        bad = Finding("LAW.YAML", str(problem), file=record.file, row=problem.line)
        raise BadInput(str(bad), (bad,)) from None
    rule, found = read_rule(root.members()[0] if root is not None else Node(None, record.line), record.file)
    if rule is None:
        raise BadInput(f"The record of {record.id} cannot be read: " + " ".join(map(str, found)), found)
    return rule


def _near_zh(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), n=1)
    return f"是否为 {close[0]}？" if close else ""


def _period(version: Version) -> str:
    if version.since is Since.PENDING:
        return "pending, not in force"
    start = "in force" if version.start is None else f"in force from {version.start}"
    return start + (f" until {version.until} (not that day)" if version.until else "")
