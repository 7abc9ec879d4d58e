"""What does a Chinese text say, whatever its dress? Simplified, without filler, sound-alikes restored.

Order of work: compatibility forms, traditional to simplified, quotation marks set apart, filler out, regional words
into standard ones, then pinyin and sound-alikes into the words they stand for. A sound-alike counts only for words
people disguise, and only where at least half of the word stands there as it is written; otherwise every 山门 would be
上门.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

import opencc
from pypinyin.pinyin_dict import pinyin_dict

from mora.gate.words.view import Cell, View, cells, found_again, joined, quotations, rewritten, unquoted, view

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HAN = re.compile(f"[{HAN}]")
_MARKS = r"\-*·•._~|/\\^#+=&\u2022\u30fb"
_FILLER = re.compile(
    rf"(?<=[{HAN}])(?:[ \t]+|[ \t]*[{_MARKS}]{{1,3}}[ \t]*)(?=[{HAN}])"
    rf"|(?<=[{HAN}])[、,。.](?=[{HAN}][、,。.][{HAN}](?![{HAN}]))"
    rf"|(?<=[、,。.][{HAN}])[、,。.](?=[{HAN}](?![{HAN}]))"
    rf"|(?<=[{HAN}])[{_MARKS}](?=[0-9][{_MARKS}][{HAN}])|(?<=[{_MARKS}][0-9])[{_MARKS}](?=[{HAN}])"
)
_BLANK = re.compile(rf"(?<=[{HAN}])[ \t]+(?=[{HAN}])")
_LATIN = re.compile(r"[a-z]+")
_GAP = re.compile(r"[ '\-]{1,2}")
_MAX_WORD = 6


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@lru_cache(maxsize=16384)
def _simple(char: str) -> str:
    new = _simplifier().convert(char)
    return new if len(new) == 1 else char


def has_han(text: str) -> bool:
    """Whether any Chinese character is in it."""
    return _HAN.search(text) is not None


# -- sound ----------------------------------------------------------------------------------------------------

_TONES = str.maketrans("āáǎàēéěèếềōóǒòīíǐìūúǔùǖǘǚǜüńňǹḿ", "aaaaeeeeeeooooiiiiuuuuvvvvvnnnm")


def _fold(syllable: str) -> str:
    """A syllable without tone, and without what many speakers do not tell apart: zh/z, ch/c, sh/s, -ng/-n."""
    plain = syllable.translate(_TONES)
    if plain[:2] in ("zh", "ch", "sh"):
        plain = plain[0] + plain[2:]
    return plain[:-1] if plain.endswith("ng") else plain


@lru_cache(maxsize=16384)
def sounds(char: str) -> frozenset[str]:
    """The ways a character is read, folded; a Latin syllable is read as itself."""
    if char.isascii():
        return frozenset({_fold(char)})
    read = pinyin_dict.get(ord(char), "")
    return frozenset(_fold(each) for each in read.split(",") if each)


@cache
def _syllables() -> frozenset[str]:
    """Every syllable of standard Chinese, as typed without tones."""
    made = set()
    for code, read in pinyin_dict.items():
        if 0x4E00 <= code <= 0x9FA5:
            made |= {each.translate(_TONES) for each in read.split(",")}
    return frozenset(
        each for each in made if each.isascii() and each not in ("n", "m", "ng", "hm", "hng", "e", "o", "r")
    )


def _cut(token: str) -> list[str] | None:
    """A run of letters cut into the fewest pinyin syllables; None when it is not pinyin."""
    if len(token) > 36:
        return None
    known = _syllables()
    best: list[list[str] | None] = [[]] + [None] * len(token)
    for end in range(1, len(token) + 1):
        for start in range(max(0, end - 6), end):
            before = best[start]
            piece = token[start:end].replace("ü", "v")
            if before is None or piece not in known:
                continue
            held = best[end]
            if held is None or len(before) + 1 < len(held):
                best[end] = [*before, piece]
    return best[len(token)]


def is_pinyin(text: str) -> bool:
    """Whether a text without Chinese characters reads as pinyin: four fifths of at least three runs of letters."""
    tokens = _LATIN.findall(text.lower())
    if len(tokens) < 3:
        return False
    fitting = sum(_cut(token) is not None for token in tokens)
    return fitting * 5 >= len(tokens) * 4


class Piece(NamedTuple):
    """A character, or a typed syllable: what is heard, and the cells it covers."""

    text: str
    start: int
    end: int
    typed: bool
    """Whether it is pinyin in Latin letters."""
    joins: bool
    """Whether it follows the piece before without anything between but a blank."""


def _pieces(parts: list[Cell]) -> list[Piece]:
    text = joined(parts)
    made: list[Piece] = []
    place = 0
    upto = 0
    while place < len(text):
        char = text[place]
        gap = text[upto:place]
        joins = bool(made) and (gap == "" or _GAP.fullmatch(gap) is not None)
        if _HAN.match(char):
            made.append(Piece(char, place, place + 1, False, joins))
            place += 1
            upto = place
            continue
        run = _LATIN.match(text, place)
        if run is None:
            place += 1
            continue
        for count, syllable in enumerate(_cut(run.group()) or []):
            made.append(Piece(syllable, place, place + len(syllable), True, joins or count > 0))
            place += len(syllable)
            upto = place
        place = max(place, run.end())
    return made


@dataclass(frozen=True)
class Sounds:
    """Words by their sound."""

    spoken: Mapping[str, tuple[str, ...]]
    """First sound of a word -> words of the patterns, longest first: what typed pinyin may stand for."""
    disguised: Mapping[str, tuple[str, ...]]
    """Character -> words that hold it and that people disguise."""
    ordinary: frozenset[str]
    """Words that sound like a disguised one and are meant as they stand."""
    short: Mapping[str, str]
    """Syllables that stand for a word of one character."""

    @classmethod
    def of(
        cls, words: Iterable[str], disguised: Iterable[str], ordinary: Iterable[str], short: Mapping[str, str]
    ) -> Sounds:
        """Index words by sound.

        :param words: longer is preferred, then whichever comes first.
        """
        spoken: dict[str, list[str]] = {}
        for word in sorted(dict.fromkeys(words), key=len, reverse=True):
            if 2 <= len(word) <= _MAX_WORD and all(_HAN.match(char) for char in word):
                for sound in sounds(word[0]):
                    spoken.setdefault(sound, []).append(word)
        hidden: dict[str, list[str]] = {}
        for word in dict.fromkeys(disguised):
            for char in dict.fromkeys(word):
                hidden.setdefault(char, []).append(word)
        return cls(
            {key: tuple(each) for key, each in spoken.items()},
            {key: tuple(each) for key, each in hidden.items()},
            frozenset(ordinary),
            {_fold(key): value for key, value in short.items()},
        )


def _hears(word: str, pieces: list[Piece], start: int) -> bool:
    if start + len(word) > len(pieces):
        return False
    for offset, char in enumerate(word):
        piece = pieces[start + offset]
        if offset and not piece.joins:
            return False
        if piece.text != char and not (sounds(piece.text) & sounds(char)):
            return False
    return True


def _restored(parts: list[Cell], known: Sounds) -> list[Cell]:
    """Cells with typed pinyin and sound-alikes replaced by the words they stand for."""
    pieces = _pieces(parts)
    changes: list[tuple[int, int, str]] = []
    place = 0
    while place < len(pieces):
        found = _word_at(pieces, place, known)
        if found is None:
            place += 1
            continue
        word, start = found
        first, last = pieces[start], pieces[start + len(word) - 1]
        if not changes or changes[-1][1] <= first.start:
            changes.append((first.start, last.end, word))
        place = start + len(word)
    return rewritten(parts, changes)


def _word_at(pieces: list[Piece], place: int, known: Sounds) -> tuple[str, int] | None:
    piece = pieces[place]
    if piece.typed:
        for word in known.spoken.get(_fold(piece.text), ()):
            if _hears(word, pieces, place) and _mostly_typed(word, pieces, place):
                return word, place
        word_of_one = known.short.get(_fold(piece.text))
        return None if word_of_one is None else (word_of_one, place)
    for word in known.disguised.get(piece.text, ()):
        for offset in (at for at, char in enumerate(word) if char == piece.text):
            start = place - offset
            if start >= 0 and _hears(word, pieces, start) and _disguised(word, pieces, start, known):
                return word, start
    return None


def _mostly_typed(word: str, pieces: list[Piece], start: int) -> bool:
    """Whatever stands there in characters is written as in the word."""
    return all(pieces[start + at].typed or pieces[start + at].text == char for at, char in enumerate(word))


def _disguised(word: str, pieces: list[Piece], start: int, known: Sounds) -> bool:
    stands = "".join(pieces[start + at].text for at in range(len(word)))
    if stands == word or stands in known.ordinary:
        return False
    same = sum(pieces[start + at].text == char for at, char in enumerate(word))
    return same * 2 >= len(word)


# -- the view -------------------------------------------------------------------------------------------------


def read_chinese(text: str, known: Sounds, regional: Mapping[str, str], fixed: re.Pattern[str] | None) -> View:
    """The text as a Chinese reader means it.

    :param regional: words of Hong Kong and Taiwan, in simplified characters -> standard words.
    :param fixed: a pattern that finds any key of ``regional``.
    """
    parts = [Cell(_simple(each.char), each.start, each.end) if each.char > "\u2fff" else each for each in cells(text)]
    parts, quotes = unquoted(parts)
    marks = quotations(parts, quotes)
    parts = rewritten(parts, ((each.start(), each.end(), "") for each in _FILLER.finditer(joined(parts))))
    if fixed is not None:
        parts = rewritten(
            parts, ((each.start(), each.end(), regional[each.group()]) for each in fixed.finditer(joined(parts)))
        )
    parts = _restored(parts, known)
    parts = rewritten(parts, ((each.start(), each.end(), "") for each in _BLANK.finditer(joined(parts))))
    return view(parts, found_again(parts, marks))
