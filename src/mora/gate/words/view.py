"""Which characters of the text stand behind this reading? A reading with the way back to the original.

A view is the text as a reader means it, undressed of spelling; each of its characters knows the stretch of the
original it stands for. Steps (:mod:`~mora.gate.words.chinese`, :mod:`~mora.gate.words.english`) rewrite cells and
never lose their place.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Cell(NamedTuple):
    """One character of a view, and the half-open stretch of the original it stands for."""

    char: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class View:
    """A reading of a text."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    quotes: tuple[tuple[int, int], ...] = ()
    """Stretches of the view that stood between quotation marks, which themselves are not in it."""

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original behind ``[start, end)`` of the view.

        :raises ValueError: the stretch is empty.
        """
        if start >= end:
            raise ValueError("an empty stretch has no original")
        return min(self.starts[start:end]), max(self.ends[start:end])

    def quoted(self, start: int, end: int) -> bool:
        """Whether the stretch lies within one pair of quotation marks."""
        return any(opens <= start and end <= closes for opens, closes in self.quotes)


_ZERO_WIDTH = frozenset("\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u3164\uffa0\u2800")
_DROPPED = frozenset({"Cf", "Mn", "Me", "Cs"})


def cells(text: str) -> list[Cell]:
    """The text with full-width, circled and ligature forms folded, in lower case, without what has no width."""
    made: list[Cell] = []
    for place, char in enumerate(text):
        if char.isascii():
            made.append(Cell(char.lower(), place, place + 1))
            continue
        for part in unicodedata.normalize("NFKC", char):
            if part in _ZERO_WIDTH or unicodedata.category(part) in _DROPPED:
                continue
            made += [Cell(low, place, place + 1) for low in part.lower() if unicodedata.category(low) not in _DROPPED]
    return made


def joined(parts: Iterable[Cell]) -> str:
    """The characters of some cells as a string."""
    return "".join(part.char for part in parts)


def rewritten(parts: list[Cell], changes: Iterable[tuple[int, int, str]]) -> list[Cell]:
    """Cells with stretches replaced.

    :param changes: (start, end, new characters), half-open in ``parts``, in order and apart; each new character stands
        for the whole stretch it replaces.
    """
    made: list[Cell] = []
    upto = 0
    for start, end, new in changes:
        made += parts[upto:start]
        first, last = parts[start].start, parts[end - 1].end
        made += [Cell(char, first, last) for char in new]
        upto = end
    return made + parts[upto:]


_OPENS = {"“": "”", "「": "」", "『": "』", "«": "»", "„": "”", "《": "》"}
_STRAIGHT = '"'


def unquoted(parts: list[Cell]) -> tuple[list[Cell], tuple[tuple[int, int], ...]]:
    """Cells without their quotation marks, and the stretches these enclosed (in the new cells)."""
    made: list[Cell] = []
    stretches: list[tuple[int, int]] = []
    open_at: list[tuple[str, int]] = []
    for part in parts:
        char = part.char
        if open_at and char == open_at[-1][0]:
            stretches.append((open_at.pop()[1], len(made)))
        elif char in _OPENS and len(open_at) < 8:  # deeper nesting is no quotation
            open_at.append((_OPENS[char], len(made)))
        elif char == _STRAIGHT:
            open_at.append((_STRAIGHT, len(made)))
        elif char not in "”」』»》":
            made.append(part)
    return made, tuple(stretches)


def quotations(parts: list[Cell], quotes: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """Quoted stretches of some cells by their place in the original, which later steps keep."""
    return [(parts[start].start, parts[end - 1].end) for start, end in quotes if start < end]


def found_again(parts: list[Cell], marks: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Where stretches of the original lie in some cells."""
    starts = [part.start for part in parts]
    found = ((bisect_left(starts, opens), bisect_left(starts, closes)) for opens, closes in marks)
    return tuple((start, end) for start, end in found if start < end)


def view(parts: list[Cell], quotes: tuple[tuple[int, int], ...] = ()) -> View:
    """A view of some cells."""
    return View(joined(parts), [part.start for part in parts], [part.end for part in parts], quotes)
