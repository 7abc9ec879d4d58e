"""Under which clause? A rule's citation as people write it, in both languages."""

from __future__ import annotations

from mora.core.words import Words
from mora.law.terms import Rule, Version
from mora.law.vocabulary import Jurisdiction


def clause_of(rule: Rule, version: Version | None = None) -> Words:
    """Instrument and article of a rule, or of one version of it when that version names its own."""
    if version is not None and version.cite:
        zh, _, en = version.cite.partition(" / ")
        return Words(zh=zh, en=en or zh)
    return Words(zh=_chinese(rule), en=_english(rule))


def _english(rule: Rule) -> str:
    name, article = rule.citation.instrument.en, rule.citation.article
    if article is None:
        return name
    pairs = _pairs(name, "; ", article)
    if rule.jurisdiction is Jurisdiction.CN:
        return "; ".join(f"{part}, art. {number}" for part, number in pairs)
    return "; ".join(f"{part}, {number}" for part, number in pairs)


def _chinese(rule: Rule) -> str:
    name, article = rule.citation.instrument.zh, rule.citation.article
    if article is None:
        return name
    pairs = _pairs(name, "；", article)
    return "；".join(f"{part}第{number.replace(', ', '、').replace('-', '至')}条" for part, number in pairs)


def _pairs(name: str, mark: str, article: str) -> list[tuple[str, str]]:
    """Each instrument with its article when both are lists of the same length; else the whole with the whole."""
    names, numbers = name.split(mark), article.split("; ")
    return list(zip(names, numbers, strict=True)) if len(names) == len(numbers) else [(name, article)]
