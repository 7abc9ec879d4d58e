"""What faults are said in a text? The patterns over its views, less what is only mentioned.

Each language's view is searched with its own patterns; a text in both is read as both. The second reader adds kinds
that no pattern found, and settles which of several kinds found in one sentence is meant. Hits of a kind that overlap
are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mora.gate.words.chinese import has_han, is_pinyin, read_chinese
from mora.gate.words.english import read_english
from mora.gate.words.mention import Scope
from mora.gate.words.patterns import Book, Pattern, book
from mora.gate.words.second import Weighed, suspects, weighed
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
    said: list[Hit] = []
    added: list[Hit] = []
    for known, seen in views(text, stated):
        scope = Scope.of(seen, known.cues)
        read = () if third_party else weighed(seen.text, known.language)
        found = [
            (Hit(pattern.kind, *seen.original(start, end), pattern.id), start, end, pattern.literal)
            for pattern in known.patterns
            if pattern.third_party is None or pattern.third_party is third_party
            for start, end in _places(pattern, scope)
        ]
        said += [hit for hit, start, end, literal in found if literal or not _elsewhere(hit, start, end, found, read)]
        for kind, start, end in suspects(read, known.language):
            added.append(Hit(kind, *seen.original(start, end), f"{known.language}.second.{kind.value}"))
    said = _without_dates(said)
    kinds = {hit.kind for hit in said}
    new = [hit for hit in added if hit.kind not in kinds and hit.kind is not Kind.SUSPECT]
    if not said and not new:
        new = added
    return _merged(said + new)


def _places(pattern: Pattern, scope: Scope) -> Iterator[tuple[int, int]]:
    """Where a pattern is used in a view, rather than lawful or mentioned."""
    for match in pattern.search.finditer(scope.view.text):
        start, end = match.span()
        if start == end or (pattern.unless is not None and scope.lawful(pattern.unless, start, end)):
            continue
        if pattern.literal or not scope.mentioned(pattern.kind, start, end):
            yield start, end


_FAR, _LEAD = -700, 300
"""A kind scored below the first, and that much below another kind found in its sentence, is that other kind."""


def _elsewhere(
    hit: Hit, start: int, end: int, found: list[tuple[Hit, int, int, bool]], read: tuple[Weighed, ...]
) -> bool:
    """Whether the words are rather another kind that patterns found in the same sentence. A finding always stays."""
    around = [each for each in read if each.start < end and start < each.end]
    if not around:
        return False
    own = max(each.kinds[hit.kind] for each in around)
    if own >= _FAR:
        return False
    rivals = {
        other.kind
        for other, opens, closes, _ in found
        if any(each.start < closes and opens < each.end for each in around)
    }
    return any(each.kinds[kind] > own + _LEAD for each in around for kind in rivals)


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
