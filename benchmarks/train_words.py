"""Train the wording guard's second readers from the labelled development parts, and write their numbers.

    python benchmarks/train_words.py tests/gate/words/development.yaml tests/gate/words/development2.yaml

Only development parts may be given. What is printed comes from ten-fold cross-validation within them (folds by a hash
of the text's id), with every text read sentence by sentence as the guard does, and the same choice of features inside
each fold. A sentence is suspect from the lowest score at which at most CLEAN in a hundred clean texts are; in a suspect
sentence a kind is named from the lowest score at which RIGHT in a hundred names are right. The numbers written are
then trained on everything.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from mora.gate.words import second
from mora.gate.words.speech import views
from mora.gate.words.terms import SPEECH

CLEAN, RIGHT = 5, 82
STRENGTH = {"zh": 0.3, "en": 1.0}
KEPT = {"zh": 6500, "en": 6200}
"""How many features a table holds: it stays under some 150 kB."""
FOLDS = 10
WHERE = Path(__file__).parents[1] / "src/mora/gate/words/patterns"


@dataclass(frozen=True)
class Unit:
    """A sentence to learn from: of which text, what it says, and its kinds."""

    text: int
    said: str
    kinds: frozenset[str]


def units(rows: list[dict[str, Any]], language: str) -> list[Unit]:
    """The sentences of labelled texts, each with the kinds whose spans it overlaps."""
    made = []
    for place, row in enumerate(rows):
        seen = next(seen for book, seen in views(row["text"], language) if book.language == language)
        for start, end in second.sentences(seen.text, language):
            opens, closes = seen.original(start, end)
            kinds = set()
            for kind, spans in row["spans"].items():
                at = [(row["text"].index(words), len(words)) for words in spans]
                if any(opens < begins + length and begins < closes for begins, length in at):
                    kinds.add(kind)
            made.append(Unit(place, seen.text[start:end], frozenset(kinds)))
    return made


def fitted(held: list[frozenset[str]], targets: np.ndarray, names: list[str], strength: float) -> np.ndarray:
    """Ridge regression in its dual form: weights of the features named, and the bias in the last row."""
    places = {name: place for place, name in enumerate(names)}
    x = np.zeros((len(held), len(names)), dtype=np.float32)
    for row, found in enumerate(held):
        own = [places[name] for name in found if name in places]
        x[row, own] = 1 / np.sqrt(max(len(own), 1))
    inner = (x @ x.T).astype(float) + 1.0 + strength * np.eye(len(held))
    dual = np.linalg.solve(inner, targets)
    return np.vstack([x.T @ dual, dual.sum(axis=0)])


def train(data: list[Unit], language: str) -> second.Model:
    """The second reader trained on these sentences, thresholds still at zero."""
    held = [second.features(each.said, language) for each in data]
    seen = Counter(name for found in held for name in found)
    names = sorted(name for name, count in seen.items() if count >= 2)
    targets = np.array([[bool(each.kinds), *(kind.value in each.kinds for kind in SPEECH)] for each in data]) * 2.0 - 1
    strength = STRENGTH[language]
    first = fitted(held, targets, names, strength)[:-1]
    worth = np.abs(first).max(axis=1) * np.sqrt([seen[name] for name in names])
    names = sorted(names[place] for place in np.argsort(-worth, kind="stable")[: KEPT[language]])
    numbers = fitted(held, targets, names, strength) * second.SCALE
    step = max(1, int(np.ceil(np.abs(numbers[:-1]).max() / second.MOST)))
    weights = np.rint(numbers[:-1] / step).astype(int)
    return second.Model(
        tuple(SPEECH), tuple(int(each) for each in np.rint(numbers[-1])), 0, 0, step,
        {name: tuple(int(each) for each in weights[place]) for place, name in enumerate(names) if weights[place].any()},
    )  # fmt: skip


Scored = list[list[tuple[int, ...]]]
"""Texts, their sentences that can be judged, and the scores of each."""


def crossed(rows: list[dict[str, Any]], data: list[Unit], language: str) -> Scored:
    """Scores of every text by a reader that has not learnt from it."""
    fold = [hashlib.blake2b(row["id"].encode(), digest_size=2).digest()[0] % FOLDS for row in rows]
    scored: Scored = [[] for _ in rows]
    for out in range(FOLDS):
        known = train([each for each in data if fold[each.text] != out], language)
        for each in data:
            if fold[each.text] == out and (scores := second.weigh(each.said, language, known)) is not None:
                scored[each.text].append(scores)
    return scored


def named(scored: Scored, threshold: int, sure: int) -> np.ndarray:
    """Which kinds are named in each text."""
    made = np.zeros((len(scored), len(SPEECH)), dtype=bool)
    for row, sentences in enumerate(scored):
        for scores in sentences:
            if scores[0] >= threshold:
                made[row] |= np.array(scores[1:]) >= sure
    return made


def flagged(scored: Scored, threshold: int) -> np.ndarray:
    """Which texts hold a suspect sentence."""
    return np.array([any(scores[0] >= threshold for scores in sentences) for sentences in scored])


def thresholds(scored: Scored, labels: np.ndarray) -> tuple[int, int]:
    """From which scores a sentence is suspect and a kind is named."""
    clean = ~labels.any(axis=1)
    threshold = next(
        score for score in range(-1000, 2000, 10) if flagged(scored, score)[clean].sum() <= CLEAN * clean.sum() / 100
    )
    for sure in range(-1000, 2000, 10):
        names = named(scored, threshold, sure)
        if (names & labels).sum() >= RIGHT * names.sum() / 100:
            break
    return threshold, sure


def told(scored: Scored, labels: np.ndarray, threshold: int, sure: int) -> str:
    """What a reader with these thresholds finds, in words."""
    clean, names, found = ~labels.any(axis=1), named(scored, threshold, sure), flagged(scored, threshold)
    hits = int((names & labels).sum())
    return (
        f"flags {found[~clean].sum()} of {(~clean).sum()} faulty and {found[clean].sum()} of {clean.sum()} clean; "
        f"names {hits} of {labels.sum()} kinds, {hits} of {names.sum()} names right"
    )


def written(known: second.Model) -> str:
    """A model as its file holds it."""
    lines = [
        f"kinds\t{' '.join(kind.value for kind in known.kinds)}", f"bias\t{' '.join(map(str, known.bias))}",
        f"threshold\t{known.threshold}", f"sure\t{known.sure}", f"step\t{known.step}",
    ]  # fmt: skip
    for name, row in sorted(known.weights.items()):
        lines.append(f"{name}\t{''.join(chr(second.MIDDLE + each) for each in row)}")
    return "\n".join(lines) + "\n"


def main(parts: list[str]) -> None:
    rows: list[dict[str, Any]] = []
    for part in parts:
        if "test" in Path(part).name:
            raise SystemExit(f"{part} is for measuring; give development parts.")
        held = yaml.safe_load(Path(part).read_text(encoding="utf-8"))
        rows += [{**row, "part": Path(part).stem} for row in held if row["to"] == "debtor"]
    for language in ("zh", "en"):
        own = [row for row in rows if row["lang"] == language]
        data = units(own, language)
        labels = np.array([[kind.value in row["labels"] for kind in SPEECH] for row in own])
        scored = crossed(own, data, language)
        threshold, sure = thresholds(scored, labels)
        print(f"{language}: suspect from {threshold}, kind from {sure}; {told(scored, labels, threshold, sure)}")
        for part in parts:
            chosen = [place for place, row in enumerate(own) if row["part"] == Path(part).stem]
            print(f"    {Path(part).stem}: {told([scored[each] for each in chosen], labels[chosen], threshold, sure)}")
        known = replace(train(data, language), threshold=threshold, sure=sure)
        (WHERE / language / "second.tsv").write_text(written(known), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
