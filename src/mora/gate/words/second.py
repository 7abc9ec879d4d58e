"""Does a sentence read like a faulty one, though no pattern names the fault? The second reader.

A logistic regression over character n-grams, trained on the labelled development part alone
(benchmarks/train_words.py) and shipped as whole numbers in a table one can read. It only ever adds a warning; it
neither refuses nor clears anything.

    score(sentence) = bias + sum of the weights of its n-grams / square root of how many known ones it has

Above the threshold the sentence is suspect. A second set of weights says which kind it resembles; the kind is named
when its share reaches the file's confidence, else it stays ``suspect``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from mora.gate.words.terms import Kind

SCALE = 1000
"""Weights are stored in thousandths."""
_SIZES: Mapping[str, tuple[int, ...]] = {"zh": (1, 2, 3), "en": (3, 4, 5)}
_DIGITS = re.compile(r"[0-9]")


@dataclass(frozen=True)
class Model:
    """The second reader of a language."""

    sizes: tuple[int, ...]
    kinds: tuple[Kind, ...]
    bias: tuple[int, ...]
    """First for the question whether it is faulty, then one for each kind; so in every row of weights."""
    threshold: int
    confidence: int
    weights: Mapping[str, tuple[int, ...]]


def grams(text: str, sizes: tuple[int, ...]) -> frozenset[str]:
    """The n-grams of a sentence, digits as 0, with a blank at each end."""
    plain = f" {_DIGITS.sub('0', text.strip())} "
    return frozenset(plain[start : start + size] for size in sizes for start in range(len(plain) - size + 1))


@cache
def model(language: str) -> Model | None:
    """The numbers of a language; None when none were trained.

    The file: a line ``name<TAB>numbers`` for kinds, bias, threshold and confidence, then ``n-gram<TAB>weights``.
    """
    source = files("mora.gate.words").joinpath("patterns", language, "second.tsv")
    if not source.is_file():
        return None
    lines = iter(source.read_text(encoding="utf-8").splitlines())
    head = dict(next(lines).split("\t", 1) for _ in range(4))
    rows = (line.split("\t") for line in lines)
    return Model(
        _SIZES[language],
        tuple(Kind(name) for name in head["kinds"].split()),
        tuple(int(number) for number in head["bias"].split()),
        int(head["threshold"]),
        int(head["confidence"]),
        {gram.replace("_", " "): tuple(int(number) for number in numbers.split()) for gram, numbers in rows},
    )


def weigh(text: str, known: Model) -> tuple[int, Kind, int]:
    """How bad a sentence reads (log-odds in thousandths), the kind it resembles, and that kind's share in percent."""
    rows = [known.weights[gram] for gram in sorted(grams(text, known.sizes)) if gram in known.weights]
    root = math.sqrt(len(rows)) or 1.0
    sums = (
        [bias + sum(column) / root for bias, column in zip(known.bias, zip(*rows, strict=True), strict=True)]
        if rows
        else [*known.bias]
    )
    shares = [1 / (1 + math.exp(-max(min(each / SCALE, 30.0), -30.0))) for each in sums[1:]]
    best = max(range(len(shares)), key=lambda place: (shares[place], -place))
    return round(sums[0]), known.kinds[best], round(100 * shares[best] / sum(shares))


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


def suspects(text: str, language: str) -> Iterator[tuple[Kind, int, int]]:
    """Sentences of a view that read like faulty ones, with the kind they resemble."""
    known = model(language)
    if known is None:
        return
    for start, end in sentences(text, language):
        score, kind, share = weigh(text[start:end], known)
        if score >= known.threshold:
            yield (kind if share >= known.confidence else Kind.SUSPECT), start, end
