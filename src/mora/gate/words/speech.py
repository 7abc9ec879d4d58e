"""What faults are said in a text? The patterns over its views, less what is only mentioned.

Each language's view is searched with its own patterns; a text in both is read as both. A text in which no
pattern found anything goes to the second reader. Hits of a kind that overlap are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mora.gate.words.chinese import has_han, is_pinyin, read_chinese
from mora.gate.words.english import read_english
from mora.gate.words.mention import Scope
from mora.gate.words.patterns import Book, book
from mora.gate.words.second import suspects
from mora.gate.words.terms import Kind
from mora.gate.words.view import View

_WORD = re.compile(r"[A-Za-z]{2}")


@dataclass(frozen=True, slots=True)
class Hit:
    """A fault found: where in the original, and by which pattern."""

    kind: Kind
    start: int
    end: int
    pattern: str


def languages(text: str, stated: str | None) -> tuple[str, ...]:
    """What to read a text as: Chinese when it holds characters or pinyin, English when it holds words; both if both."""
    found = []
    chinese = has_han(text) or is_pinyin(text)
    if chinese or stated == "zh":
        found.append("zh")
    if stated == "en" or (_WORD.search(text) is not None and not (chinese and not has_han(text))) or not found:
        found.append("en")
    return tuple(found)


def views(text: str, stated: str | None) -> Iterator[tuple[Book, View]]:
    """The views of a text with what is known about their language."""
    for language in languages(text, stated):
        known = book(language)
        if language == "zh":
            assert known.sounds is not None
            yield known, read_chinese(text, known.sounds, known.regional or {}, known.fixed)
        else:
            assert known.spelling is not None
            yield known, read_english(text, known.spelling)


def faults(text: str, stated: str | None, third_party: bool) -> tuple[Hit, ...]:
    """The faults said in a text, by place.

    :param stated: zh or en when the sender says so; other languages found in the text are read as well.
    :param third_party: whether the person addressed owes nothing.
    """
    found: list[Hit] = []
    for known, seen in views(text, stated):
        scope = Scope.of(seen, known.cues)
        for pattern in known.patterns:
            if pattern.third_party is not None and pattern.third_party is not third_party:
                continue
            for match in pattern.search.finditer(seen.text):
                start, end = match.span()
                if start == end:
                    continue
                if pattern.unless is not None and scope.lawful(pattern.unless, start, end):
                    continue
                if not pattern.literal and scope.mentioned(pattern.kind, start, end):
                    continue
                found.append(Hit(pattern.kind, *seen.original(start, end), pattern.id))
        if not third_party:
            if found:
                continue
            for kind, start, end in suspects(seen.text, known.language):
                opens, closes = seen.original(start, end)
                found.append(Hit(kind, opens, closes, f"{known.language}.second.{kind.value}"))
    return _merged(_without_dates(found))


_CARRIERS = frozenset({Kind.FALSE_CONSEQUENCE, Kind.THREAT, Kind.UNCONSENTED_ENTRY})


def _without_dates(hits: list[Hit]) -> list[Hit]:
    """Hits less an urgency that is only the day or hour of another fault: "they come tonight" is one fault, not two."""
    others = [hit for hit in hits if hit.kind in _CARRIERS]
    return [
        hit
        for hit in hits
        if hit.kind is not Kind.FALSE_URGENCY
        or not any(hit.start < other.end and other.start < hit.end for other in others)
    ]


def _merged(hits: list[Hit]) -> tuple[Hit, ...]:
    """Hits of one kind that overlap as one, named after the longest."""
    made: list[Hit] = []
    for hit in sorted(hits, key=lambda each: (each.kind, each.start, -each.end)):
        last = made[-1] if made else None
        if last is not None and last.kind is hit.kind and hit.start < last.end:
            made[-1] = Hit(last.kind, last.start, max(last.end, hit.end), last.pattern)
        else:
            made.append(hit)
    return tuple(sorted(made, key=lambda each: (each.start, each.end, each.kind)))
