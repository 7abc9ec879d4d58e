"""What counts as a fault in words? The patterns and lexicons as data, compiled once.

A pattern is a regular expression over a view, in which ``{name}`` stands for a lexicon and ``~`` for up to eight
characters of the same sentence (``~12`` for up to twelve). No other repetition without bound is allowed, so that no
text can make a search explode.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from mora.core.words import Words
from mora.gate.words.chinese import HAN, Sounds
from mora.gate.words.english import Spelling
from mora.gate.words.terms import SPEECH, Kind

_GAPS = {"zh": r"[^。!?\n]", "en": r"[^.!?]"}
_NAME = re.compile(r"\{([a-z_]+)\}")
_GAP = re.compile(r"~(\d*)")
_UNBOUNDED = re.compile(r"(?<!\\)[*+](?!\])|\{\d+,\}")
_DEFAULT_GAP = {"zh": "8", "en": "24"}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way in which a fault is said."""

    id: str
    kind: Kind
    search: re.Pattern[str]
    unless: re.Pattern[str] | None
    """Found in the same sentence, it makes the words lawful."""
    third_party: bool | None
    """Only when a third party (True) or the debtor (False) is spoken to; None: always."""
    literal: bool
    """Counts even where the words are denied, quoted or taught: they are a fault whoever repeats them."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that turn use into mention."""

    search: re.Pattern[str]
    kinds: frozenset[Kind]


@dataclass(frozen=True, slots=True)
class Cues:
    """How a language shows that words are denied, reported, taught or quoted."""

    before: tuple[Cue, ...]
    """Before the words, in their sentence."""
    after: tuple[Cue, ...]
    """After the words, in their sentence."""
    sentence: tuple[Cue, ...]
    """Anywhere in their sentence."""
    text: tuple[Cue, ...]
    """Anywhere in the text."""
    quotation: tuple[Cue, ...]
    """In the sentence of a quotation or the one before: the words quoted are mentioned."""
    turns: re.Pattern[str]
    """Where a sentence turns (but, otherwise): a cue before it does not reach beyond."""
    ends: re.Pattern[str]
    """Ends of sentences."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is said about a kind of fault, and what could be said instead."""

    title: Words
    message: Words
    suggestion: Words
    suggestions: Mapping[str, Words]
    """By pattern, where one fits better."""


@dataclass(frozen=True)
class Book:
    """Everything the guard knows about one language."""

    language: str
    patterns: tuple[Pattern, ...]
    cues: Cues
    sounds: Sounds | None = None
    regional: Mapping[str, str] | None = None
    fixed: re.Pattern[str] | None = None
    spelling: Spelling | None = None


def raw_table(*path: str) -> Any:
    """A table of the guard's data as YAML has it."""
    return _read(*path)


def _read(*path: str) -> Any:
    text = files("mora.gate.words").joinpath("patterns", *path).read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - the safe loader, in C


@cache
def lexicons(language: str) -> Mapping[str, tuple[str, ...]]:
    """The lexicons of a language: name -> entries. Entries stand between blanks (Chinese) or bars (English)."""
    raw: dict[str, str] = _read(language, "lexicons.yaml")
    made: dict[str, tuple[str, ...]] = {}
    for name, entries in raw.items():
        words: list[str] = []
        for entry in entries.split() if language == "zh" else [part.strip() for part in entries.split("|")]:
            words += made[entry[1:-1]] if entry.startswith("{") else [entry] if entry else []
        made[name] = tuple(dict.fromkeys(words))
    return made


def expanded(source: str, language: str) -> str:
    """A pattern's regular expression with lexicons and gaps written out.

    :raises ValueError: it names no lexicon, or repeats without bound.
    """
    if _UNBOUNDED.search(source):
        raise ValueError(f"pattern {source!r} repeats without bound: write {{0,n}} or ~n")
    known = lexicons(language)

    def alternatives(match: re.Match[str]) -> str:
        if match[1] not in known:
            raise ValueError(f"pattern {source!r} names no lexicon of {language}: {match[1]}")
        words = sorted(known[match[1]], key=len, reverse=True)
        return "(?:" + "|".join(words) + ")"

    gap = _GAPS[language]
    out = _NAME.sub(alternatives, source)
    # An English gap begins and ends between words ("rat" is not in "rather"); a plural or past ending may precede it.
    opens, closes = ("", "") if language == "zh" else (r"(?:(?<=\W)|(?:'?s|es|ed|d|ing)?(?!\w))", r"(?:(?<!\w)|(?!\w))")
    return _GAP.sub(lambda match: f"{opens}{gap}{{0,{match[1] or _DEFAULT_GAP[language]}}}?{closes}", out)


def compiled(source: str | list[str], language: str) -> re.Pattern[str]:
    """One or several patterns as one search; English words begin and end where words do."""
    sources = [source] if isinstance(source, str) else source
    alternatives = "|".join(f"(?:{expanded(each, language)})" for each in sources)
    return re.compile(rf"(?:(?<!\w)|(?!\w))(?:{alternatives})(?![a-z])" if language == "en" else alternatives)


def _cues(raw: list[Any], language: str) -> tuple[Cue, ...]:
    made = []
    for entry in raw:
        row = entry if isinstance(entry, dict) else {"is": entry}
        kinds = frozenset(Kind(name) for name in row["only"]) if "only" in row else frozenset(SPEECH)
        made.append(Cue(compiled(row["is"], language), kinds - {Kind(name) for name in row.get("not", ())}))
    return tuple(made)


def _entries(language: str) -> Iterator[tuple[Kind, dict[str, Any]]]:
    for kind in SPEECH:
        for row in _read(language, f"{kind.value}.yaml"):
            yield kind, row


@cache
def book(language: str) -> Book:
    """The patterns, cues and spelling of a language.

    :raises ValueError: a pattern cannot be used; names it.
    """
    patterns = []
    for kind, row in _entries(language):
        try:
            patterns.append(
                Pattern(
                    f"{language}.{kind.value}.{row['id']}",
                    kind,
                    compiled(row["says"], language),
                    compiled(row["unless"], language) if "unless" in row else None,
                    {"third_party": True, "debtor": False}.get(row.get("to", "")),
                    bool(row.get("literal", False)),
                )
            )
        except (re.error, ValueError, KeyError) as problem:
            raise ValueError(f"{language}/{kind.value}.yaml, {row.get('id')}: {problem}") from problem
    raw = _read(language, "mention.yaml")
    before, after, sentence, text, quotation = (
        _cues(raw[name], language) for name in ("before", "after", "sentence", "text", "quotation")
    )
    ends = re.compile(r"[。!?\n]" if language == "zh" else r"[.!?](?=\s|$)")
    cues = Cues(before, after, sentence, text, quotation, compiled(raw["turns"], language), ends)
    spelling = _read(language, "spelling.yaml")
    if language == "zh":
        return _chinese(tuple(patterns), cues, spelling)
    return Book(language, tuple(patterns), cues, spelling=_english(spelling))


def _chinese(patterns: tuple[Pattern, ...], cues: Cues, raw: dict[str, Any]) -> Book:
    words: list[str] = [word for entries in lexicons("zh").values() for word in entries]
    for _, row in _entries("zh"):
        for source in [row["says"]] if isinstance(row["says"], str) else row["says"]:
            words += re.findall(f"[{HAN}]{{2,6}}", source)
    words += raw["spoken"].split()
    regional = dict(pair.split("=") for pair in raw["regional"].split())
    keys = sorted(regional, key=len, reverse=True)
    return Book(
        "zh", patterns, cues,
        sounds=Sounds.of(
            words, raw["disguised"].split(), raw["ordinary"].split(), dict(p.split("=") for p in raw["short"].split())
        ),
        regional=regional,
        fixed=re.compile("|".join(map(re.escape, keys))),
    )  # fmt: skip


def _english(raw: dict[str, Any]) -> Spelling:
    texts = [entry for entries in lexicons("en").values() for entry in entries]
    for _, row in _entries("en"):
        texts += [row["says"]] if isinstance(row["says"], str) else row["says"]
    words = {word for text in texts for word in re.findall(r"[a-z]{2,}", text)} | set(raw["common"].split())
    texting = {left.strip(): right.strip() for left, right in (pair.split("=") for pair in raw["texting"].split("|"))}
    several = sorted((key for key in texting if " " in key), key=len, reverse=True)
    return Spelling(
        frozenset(words) | set(raw["disguised"].split()),
        texting,
        re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, several)) + r")(?!\w)") if several else None,
        tuple(raw["disguised"].split()),
        frozenset(raw["ordinary"].split()),
    )


@cache
def told() -> Mapping[Kind, Told]:
    """What is said about each kind."""
    made = {}
    for name, row in _read("told.yaml").items():
        made[Kind(name)] = Told(
            Words(**row["title"]), Words(**row["message"]), Words(**row["suggestion"]),
            {key: Words(**words) for key, words in row.get("suggestions", {}).items()},
        )  # fmt: skip
    return made
