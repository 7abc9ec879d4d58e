"""What does an English text say, whatever its dress? Look-alike letters, leet, texting, spaced letters, contractions.

A token with digits or signs in it becomes a word only when that word is one the patterns know; so do misspellings, and
only of words people disguise. Numbers, references and names stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

from mora.gate.words.view import Cell, View, cells, found_again, joined, quotations, rewritten, unquoted, view

_LOOKALIKE = dict(zip("аеорсухіјѕһԁӏвкмнтгѵ", "aeopcyxijshdlbkmhtrv", strict=True)) | dict(
    zip("αβεικνορτυχωγηѡ", "abeikvoptuxwynw", strict=True)
) | {"’": "'", "‘": "'", "`": "'", "´": "'", "ı": "i", "ł": "l", "ø": "o", "đ": "d", "‐": "-",
    "‑": "-", "–": "-", "—": "-"}  # fmt: skip
_SPACED = re.compile(r"(?<![a-z0-9'@$])[a-z0-9@$](?:[ .\-*_]{1,3}[a-z0-9@$]){3,}(?![a-z0-9'@$])")
_STARRED = re.compile(r"(?<![a-z])[a-z]+(?:[*_.·][a-z]+)+(?![a-z])")
_INITIALS = re.compile(r"(?<![a-z0-9.])(?:[a-z]\.){2,5}")
_TOKEN = re.compile(r"[a-z0-9@$!|+€]*[a-z@][a-z0-9@$!|+€]*(?:'[a-z]+)?|(?<![\w.,$£€])[24](?![\w.,%])")
_LETTERS = {
    "0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g", "@": "a",
    "$": "s", "!": "i", "|": "li", "+": "t", "€": "e", "2": "z",
}  # fmt: skip
_NOT = re.compile(r"([a-z]+)n't")
_TAILS = {"'ll": " will", "'re": " are", "'ve": " have", "'m": " am", "'d": " would"}
_IS = frozenset(
    ["it", "that", "there", "he", "she", "what", "here", "who", "where", "everyone", "everybody", "nobody", "nothing"]
)


@dataclass(frozen=True)
class Spelling:
    """How English is respelt."""

    words: frozenset[str]
    """Every word the patterns know."""
    texting: Mapping[str, str]
    """Short and wrong forms -> words; those of several words are replaced first."""
    phrases: re.Pattern[str] | None
    """Finds the forms of several words."""
    disguised: tuple[str, ...]
    """Words of five letters or more that people misspell on purpose."""
    ordinary: frozenset[str]
    """Words one letter away from a disguised one and meant as they stand."""


def read_english(text: str, known: Spelling) -> View:
    """The text as an English reader means it: one blank between words, contractions written out."""
    parts = [Cell(_LOOKALIKE.get(each.char, each.char), each.start, each.end) for each in cells(text)]
    parts, quotes = unquoted(parts)
    marks = quotations(parts, quotes)
    parts = rewritten(parts, _unspaced(joined(parts), known))
    if known.phrases is not None:
        found = known.phrases.finditer(joined(parts))
        parts = rewritten(parts, [(each.start(), each.end(), known.texting[each.group()]) for each in found])
    parts = rewritten(parts, _respelt(joined(parts), known))
    parts = rewritten(
        parts, ((each.start(), each.end(), " ") for each in re.finditer(r"[ \t\r\n\f\v]+", joined(parts)))
    )
    return view(parts, found_again(parts, marks))


def _unspaced(text: str, known: Spelling) -> list[tuple[int, int, str]]:
    changes = []
    for run in _SPACED.finditer(text):
        words = [re.sub(r"[ .\-*_]", "", word) for word in re.split(r"[ .\-*_]{2,3}", run.group())]
        changes.append((run.start(), run.end(), " ".join(_words_in(word, known) for word in words)))
    for run in _INITIALS.finditer(text):
        word = run.group().replace(".", "")
        if word in known.words and not any(start < run.end() and run.start() < end for start, end, _ in changes):
            changes.append((run.start(), run.end(), word))
    for run in _STARRED.finditer(text):
        word = re.sub(r"[*_.·]", "", run.group())
        if word in known.words and not any(start < run.end() and run.start() < end for start, end, _ in changes):
            changes.append((run.start(), run.end(), word))
    return sorted(changes)


def _words_in(run: str, known: Spelling) -> str:
    """A run of letters cut into the fewest known words; itself when it cannot be cut."""
    if run in known.words or len(run) > 60:
        return run
    best: list[tuple[str, ...] | None] = [()] + [None] * len(run)
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - 14), end):
            before = best[start]
            piece = run[start:end]
            if before is not None and (piece in known.words or piece in known.texting):
                held = best[end]
                if held is None or len(before) + 1 < len(held):
                    best[end] = (*before, piece)
    whole = best[len(run)]
    return " ".join(whole) if whole else run


def _respelt(text: str, known: Spelling) -> list[tuple[int, int, str]]:
    changes: list[tuple[int, int, str]] = []
    digits: list[tuple[int, int, str]] = []
    for token in _TOKEN.finditer(text):
        word = token.group()
        if word in ("2", "4"):
            digits.append((token.start(), token.end(), {"2": "to", "4": "for"}[word]))
            continue
        new = respell(word, known)
        if new != word:
            changes.append((token.start(), token.end(), new))
    texted = any(not text[start:end].isalpha() and "'" not in text[start:end] for start, end, _ in changes) or any(
        text[start:end] in ("u", "ur", "r", "gonna", "pls", "til") for start, end, _ in changes
    )
    return sorted(changes + digits) if texted else changes


def respell(word: str, known: Spelling) -> str:
    """One token written out, or itself."""
    if word in known.texting:
        return known.texting[word]
    if "'" in word:
        return _written_out(word)
    if not word.isalpha():
        return _unleet(word, known)
    if len(word) >= 5 and word not in known.words and word not in known.ordinary:
        return _near(word, known)
    return word


def _written_out(word: str) -> str:
    if word in ("won't", "can't", "shan't"):
        return {"won't": "will not", "can't": "cannot", "shan't": "shall not"}[word]
    negated = _NOT.fullmatch(word)
    if negated:
        return f"{negated.group(1)} not"
    if word == "let's":
        return "let us"
    for tail, full in _TAILS.items():
        if word.endswith(tail):
            return word[: -len(tail)] + full
    head, _, tail = word.partition("'")
    return f"{head} is" if tail == "s" and head in _IS else word


def _unleet(word: str, known: Spelling) -> str:
    core = word.rstrip("!")
    if core.isalpha() or not any(char.isalpha() for char in core) or len(core) > 16:
        return word
    choices = [_LETTERS.get(char, char) for char in core]
    for letters in islice(product(*choices), 64):
        made = "".join(letters)
        if made in known.words:
            return made + word[len(core) :]
        if made in known.texting:
            return known.texting[made] + word[len(core) :]
    return word


def _near(word: str, known: Spelling) -> str:
    return _nearest(word, known.disguised) or word


@lru_cache(maxsize=8192)
def _nearest(word: str, among: tuple[str, ...]) -> str:
    found = [
        each for each in among if each[0] == word[0] and abs(len(each) - len(word)) <= 1 and _one_apart(word, each)
    ]
    return found[0] if len(found) == 1 else ""


def _one_apart(left: str, right: str) -> bool:
    """Whether one insertion, deletion, substitution or swap of neighbours leads from one word to the other."""
    if len(left) > len(right):
        left, right = right, left
    at = next((place for place, char in enumerate(left) if char != right[place]), len(left))
    if len(left) < len(right):
        return left[at:] == right[at + 1 :]
    if left[at + 1 :] == right[at + 1 :]:
        return True
    return left[at : at + 2] == right[at : at + 2][::-1] and left[at + 2 :] == right[at + 2 :]
