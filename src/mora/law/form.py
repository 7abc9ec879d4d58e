"""The form of a rule: one record of a pack read strictly into a :class:`Rule`, with every fault as a finding.

docs/reference/law-packs.md describes the fields. Nothing is defaulted that law would have to say: a parameter
that is null stays None, and a field that may not be unknown refuses null.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from mora.core.findings import Finding, Severity
from mora.core.words import Words
from mora.law.fields import Fields, show
from mora.law.parameters import paths
from mora.law.periods import read_versions
from mora.law.reading import Node
from mora.law.terms import (
    Action,
    Citation,
    Direction,
    Known,
    Modality,
    Override,
    Rule,
    Scope,
    Status,
    Take,
    Together,
    Verification,
    Version,
)
from mora.law.vocabulary import Actor, Channel, Jurisdiction, ProductKind, Room


def read_rule(node: Node, file: str) -> tuple[Rule | None, tuple[Finding, ...]]:
    """One record of a pack as a rule.

    Returns ``(rule, findings)``; the rule is None when any finding is an error, so nothing half-read is ever used.
    Findings carry the file and the line in it.
    """
    found: list[Finding] = []
    name = {key: value for key, value, _ in node.items()}.get("id")
    about = str(name.value) if name is not None and isinstance(name.value, str) else "a rule without id"
    record = Fields(node, file, about, found)
    if not node.is_mapping:
        record.report("LAW.FORM", f"a record is a mapping, this is {show(node)}.", expected="- id: cn.class2023.dpd")
        return None, tuple(found)
    rule = _read(record)
    record.finish()
    if rule is None or any(item.severity is Severity.ERROR for item in found):
        return None, tuple(found)
    return rule, tuple(found)


def _read(record: Fields) -> Rule | None:
    id_ = record.text("id", True, "cn.class2023.dpd")
    title, statement = record.words("title", True), record.words("statement", True)
    jurisdiction = record.one_of("jurisdiction", Jurisdiction, True)
    room = record.one_of("room", Room, True, "LAW.ROOM")
    scope = _scope(record)
    modality = record.one_of("modality", Modality, True)
    action = record.several_of("action", Action, True)
    while_unverified = record.one_of("while_unverified", Action)
    override = record.one_of("override", Override) or Override.NONE
    status = record.one_of("status", Status, True, "LAW.STATUS")
    why = record.words("why")
    uses = record.texts("uses")
    versions = read_versions(record)
    tighten = _tighten(record, versions)
    citation = read_citation(record)
    verification = _verification(record, versions)
    examples = _examples(record)
    cases = record.texts("cases")
    together = _together(record)
    excludes = record.texts("excludes")
    notes = record.words("notes")
    _says_why(record, status, why, uses)
    if (
        id_ is None or title is None or statement is None or jurisdiction is None or room is None or scope is None
        or modality is None or not action or status is None or citation is None or verification is None or not versions
    ):  # fmt: skip
        return None
    if not id_.startswith((jurisdiction.value + ".", "house.")):
        record.report("LAW.PLACE", f"the id does not begin with its jurisdiction {jurisdiction.value}.")
    rule = Rule(
        id_, title, statement, jurisdiction, room, scope, modality, action, while_unverified, override, status, why,
        uses, versions, tighten, citation, verification, examples, cases, together, excludes, notes,
        file=record.file, line=record.node.line,
    )  # fmt: skip
    _memory_may_not_block(record, rule)
    return rule


def _scope(record: Fields) -> Scope | None:
    part = record.part("scope", True, "{actors: [bank], products: [any], channels: [none]}")
    if part is None:
        return None
    actors = part.several_of("actors", Actor, True)
    products = part.several_of("products", ProductKind, True)
    channels = part.several_of("channels", Channel, True)
    text = part.words("text")
    part.finish()
    return Scope(actors, products, channels, text)


def read_citation(record: Fields) -> Citation | None:
    """The citation of a rule or of a house pack's change: an instrument in both languages and an article (or null)."""
    part = record.part("citation", True, '{instrument: {zh: ..., en: ...}, article: "12"}')
    if part is None:
        return None
    instrument = part.words("instrument", True)
    article = part.take("article", True, "the article as text, or null when it was not seen")
    if article is not None and article.value is not None and not isinstance(article.value, str):
        part.report("LAW.CITATION", f"article is {show(article)}.", article.line, expected="text in quotes, or null")
    url = part.text("url") or ""
    part.finish()
    if instrument is None:
        return None
    return Citation(instrument, str(article.value) if article is not None and article.value is not None else None, url)


def _verification(record: Fields, versions: Iterable[Version]) -> Verification | None:
    part = record.part("verification", True, "{status: primary, readings: 1, checked_on: 2026-11-22, sources: [...]}")
    if part is None:
        return None
    status = part.one_of("status", Known, True)
    readings = part.count("readings", True)
    checked_on = part.day("checked_on", True)
    sources = part.texts("sources", True)
    deciding = part.one_of("deciding_part", Known)
    params = part.texts("unverified_params")
    parts = part.words("unverified_parts")
    part.finish()
    if status is None or readings is None or checked_on is None:
        return None
    if status is Known.MIXED and deciding in (None, Known.MIXED):
        part.report("LAW.MISSING", "a mixed verification says how the deciding part is known.",
                    expected="deciding_part: primary | secondary | memory")  # fmt: skip
    if status is Known.MIXED and not params and parts is None:
        part.report("LAW.MISSING", "a mixed verification names what is unverified.",
                    expected="unverified_params: [...] or unverified_parts: {zh: ..., en: ...}")  # fmt: skip
    if status is not Known.MIXED and deciding not in (None, status):
        part.report("LAW.VALUE", f"deciding_part {deciding} contradicts the status {status}.", expected=status.value)
    if status in (Known.PRIMARY, Known.SECONDARY) and (not sources or readings == 0):
        part.report("LAW.MISSING", f"{status} without a source that was read.", expected="sources: [...], readings: 1")
    known = {name for version in versions for name in paths(version.params)}
    for name in params:
        if known and name not in known:
            part.report("LAW.VALUE", f"unverified_params names {name}, which no version has.")
    return Verification(status, readings, checked_on, sources, deciding or status, params, parts)


def _tighten(record: Fields, versions: Iterable[Version]) -> MappingProxyType[str, Direction]:
    part = record.part("tighten", expected="{parameter: lower}")
    directions: dict[str, Direction] = {}
    if part is None:
        return MappingProxyType(directions)
    known = {name for version in versions for name in paths(version.params)}
    for key, value, line in part.node.items():
        direction = part.member(value, f"tighten {key}", Direction)
        if known and key not in known:
            part.report("LAW.VALUE", f"tighten names {key}, which no version has.", line)
        elif direction is not None:
            directions[str(key)] = direction
    return MappingProxyType(directions)


def _examples(record: Fields) -> tuple[Words, ...]:
    node = record.take("examples")
    if node is None:
        return ()
    if not node.is_list:
        record.report("LAW.VALUE", f"examples is {show(node)}, not a list.", node.line, expected="- {zh: ..., en: ...}")
    read = [record.words_of(member, "an example") for member in node.members()]
    return tuple(words for words in read if words is not None)


def _together(record: Fields) -> tuple[Together, ...]:
    node = record.take("together")
    pairs: list[Together] = []
    for member in node.members() if node is not None else ():
        part = Fields(member, record.file, record.about, record.found)
        rule, take = part.text("rule", True), part.one_of("take", Take, True)
        part.finish()
        if rule is not None and take is not None:
            pairs.append(Together(rule, take))
    return tuple(pairs)


def _says_why(record: Fields, status: Status | None, why: Words | None, uses: tuple[str, ...]) -> None:
    if status is Status.OUT_OF_SCOPE and why is None:
        record.report("LAW.MISSING", "an out_of_scope rule says why.", expected="why: {zh: ..., en: ...}")
    if status is Status.ENCODED and not uses:
        record.report("LAW.MISSING", "an encoded rule names who reads it.", expected="uses: [mora.riskclass.x]")
    if status in (Status.LATER, Status.OUT_OF_SCOPE) and uses:
        record.report("LAW.STATUS", f"a rule that modules read is encoded, not {status}.", expected="status: encoded")


def _memory_may_not_block(record: Fields, rule: Rule) -> None:
    if rule.verification.deciding_part is not Known.MEMORY:
        if rule.while_unverified is not None:
            record.report("LAW.VALUE", "while_unverified is for rules nobody found in a source; this one was.")
        return
    if Action.BLOCK in rule.action and rule.while_unverified is not Action.WARN:
        record.report(
            "LAW.MEMORY_BLOCKS",
            "nobody found this rule in a source, so it must not block; it must warn.",
            expected="while_unverified: warn (action: block stays for when it is confirmed)",
        )
