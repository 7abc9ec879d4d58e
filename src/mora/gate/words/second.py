"""Does a sentence read like a faulty one, though no pattern names the fault? The second reader.

A ridge regression over what stands in a sentence (n-grams, and the senses that meet in it), trained on the two
labelled development parts alone (benchmarks/train_words.py) and shipped as a table. It only ever adds a warning; it
neither refuses nor clears anything.

    score(sentence) = bias + step * sum of the weights of its features / square root of how many known ones it has

There is one score for the question whether a sentence is faulty at all and one for each kind; about 1 speaks for it,
about -1 against. Scores and biases are in thousandths, weights in steps; each weight is one sign, whose code less
``MIDDLE`` is the number, in the order of the head's ``kinds`` after the first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from mora.gate.words.patterns import raw_table
from mora.gate.words.terms import Kind

SCALE = 1000
"""Scores are in thousandths."""
MIDDLE, MOST = 79, 46
"""The sign ``O`` is nought; the least and greatest weights, ``!`` and ``}``, are so many steps from it."""
_SIZES = (1, 2, 3)
_NEAR = {"zh": 8, "en": 4}
"""How far apart senses meet: characters in Chinese, words in English."""
_DIGITS = re.compile(r"[0-9]")
_WORDS = re.compile(r"[a-z]+(?:'[a-z]+)?|[$£€]|[0-9]+|[?!]")
_TAIL = re.compile(r"(?:'s|s'|ings?|ed|ies|es|s|ly)$")
_FEWEST = 4
"""Fewer known features than this are no sentence to judge."""
_SHORTEST = {"zh": 7, "en": 12}
"""Nor are fewer characters: a heading, a name."""


@dataclass(frozen=True)
class Model:
    """The second reader of a language."""

    kinds: tuple[Kind, ...]
    bias: tuple[int, ...]
    """First for the question whether it is faulty, then one for each kind; so in every row of weights."""
    threshold: int
    """From this score on a sentence is suspect."""
    sure: int
    """From this score on a kind is named in a suspect sentence."""
    step: int
    weights: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A sentence of a view, as ``[start, end)``, with its scores in thousandths."""

    start: int
    end: int
    faulty: int
    kinds: Mapping[Kind, int]


@dataclass(frozen=True)
class Senses:
    """What words are about: word -> senses, and in Chinese the search for such words."""

    of: Mapping[str, tuple[str, ...]]
    search: re.Pattern[str] | None


@cache
def senses(language: str) -> Senses:
    """The senses of a language (``patterns/<language>/senses.yaml``)."""
    made: dict[str, set[str]] = {}
    for name, words in raw_table(language, "senses.yaml").items():
        for word in str(words).lower().split():
            made.setdefault(word if language == "zh" else stem(word), set()).add(name)
    search = re.compile("|".join(map(re.escape, sorted(made, key=lambda word: (-len(word), word)))))
    return Senses({word: tuple(sorted(names)) for word, names in made.items()}, search if language == "zh" else None)


def stem(word: str) -> str:
    """An English word less its ending, when at least three letters stay."""
    if len(word) > 4:
        tail = _TAIL.search(word)
        if tail is not None and tail.start() >= 3:
            return word[: tail.start()]
    return word


def features(text: str, language: str) -> frozenset[str]:
    """What the second reader sees of a sentence of a view; senses are marked with ``<``."""
    return _chinese(text) if language == "zh" else _english(text)


def _chinese(text: str) -> frozenset[str]:
    plain = f"_{_DIGITS.sub('0', text.strip().replace(' ', '_'))}_"
    made = {plain[start : start + size] for size in _SIZES for start in range(len(plain) - size + 1)}
    known = senses("zh")
    assert known.search is not None
    met = [(match.start(), known.of[match.group()]) for match in known.search.finditer(text)]
    for place, (start, names) in enumerate(met):
        made.update("<" + name for name in names)
        for other, others in met[place + 1 :]:
            if other - start > _NEAR["zh"]:
                break
            made.update(f"<{first}>{second}" for first in names for second in others)
    return frozenset(made)


def _english(text: str) -> frozenset[str]:
    words = ["0" if word[0].isdigit() else stem(word) for word in _WORDS.findall(text)]
    known = senses("en").of
    about = [known.get(word, ()) for word in words]
    ends = ["^", *words, "$"]
    made = set(ends)
    made.update(f"{first}_{second}" for first, second in pairwise(ends))
    made.update(f"{first}__{second}" for first, second in zip(ends, ends[2:], strict=False))
    for place, names in enumerate(about):
        before, after = ends[place], ends[place + 2]
        for name in names:
            made.add("<" + name)
            if place:
                made.add(f"{before}<{name}")
            if place + 1 < len(words):
                made.add(f"<{name}_{after}")
            for others in about[place + 1 : place + 1 + _NEAR["en"]]:
                made.update(f"<{name}>{other}" for other in others)
    return frozenset(made)


@cache
def model(language: str) -> Model | None:
    """The numbers of a language; None when none were trained.

    The file: a line ``name<TAB>value`` for kinds, bias, threshold, sure and step, then ``feature<TAB>signs``.
    """
    source = files("mora.gate.words").joinpath("patterns", language, "second.tsv")
    if not source.is_file():
        return None
    lines = iter(source.read_text(encoding="utf-8").split("\n"))
    head = dict(next(lines).split("\t", 1) for _ in range(5))
    rows = (line.split("\t") for line in lines if line)
    return Model(
        tuple(Kind(name) for name in head["kinds"].split()),
        tuple(int(number) for number in head["bias"].split()),
        int(head["threshold"]),
        int(head["sure"]),
        int(head["step"]),
        {feature: tuple(ord(sign) - MIDDLE for sign in signs) for feature, signs in rows},
    )


def weigh(text: str, language: str, known: Model) -> tuple[int, ...] | None:
    """The scores of a sentence, in the order of ``bias``; None when too little of it is known."""
    weights = known.weights
    rows = [weights[feature] for feature in features(text, language) if feature in weights]
    if len(rows) < _FEWEST:
        return None
    root = math.sqrt(len(rows))
    return tuple(
        bias + round(known.step * sum(column) / root)
        for bias, column in zip(known.bias, zip(*rows, strict=True), strict=True)
    )


_ENDS = {"zh": re.compile(r"[。!?\n]+"), "en": re.compile(r"[.!?]+(?=\s|$)")}


def sentences(text: str, language: str) -> Iterator[tuple[int, int]]:
    """The sentences of a view, as stretches; a short one is read with the one before it."""
    start = 0
    for match in _ENDS[language].finditer(text):
        if match.end() - start >= (8 if language == "zh" else 24):
            yield start, match.end()
            start = match.end()
    if text[start:].strip():
        yield start, len(text)


def weighed(text: str, language: str) -> tuple[Weighed, ...]:
    """Every sentence of a view that can be judged, with its scores; none when the language has no second reader."""
    known = model(language)
    if known is None:
        return ()
    made = []
    for start, end in sentences(text, language):
        scores = weigh(text[start:end], language, known) if end - start >= _SHORTEST[language] else None
        if scores is not None:
            made.append(Weighed(start, end, scores[0], dict(zip(known.kinds, scores[1:], strict=True))))
    return tuple(made)


def suspects(read: tuple[Weighed, ...], language: str) -> Iterator[tuple[Kind, int, int]]:
    """Sentences that read like faulty ones: under every kind it is sure of, else as ``suspect``."""
    known = model(language)
    if known is None:
        return
    for each in read:
        if each.faulty < known.threshold:
            continue
        named = [kind for kind, score in each.kinds.items() if score >= known.sure]
        for kind in named or [Kind.SUSPECT]:
            yield kind, each.start, each.end
