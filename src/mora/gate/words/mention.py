"""Are the words used, or only mentioned? Denial, prohibition, report, teaching and quotation.

"We will never tell your employer" denies, "he said you would be arrested" reports, a training note teaches. A cue
reaches over its own sentence up to a turn ("but", "otherwise"); a quotation is mentioned when a cue stands by it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from mora.gate.words.patterns import Cue, Cues
from mora.gate.words.terms import Kind
from mora.gate.words.view import View

REACH = 60
"""Characters before or after the words within which a cue counts."""


@dataclass(frozen=True)
class Scope:
    """A view with its sentences and the cues that hold over the whole of it."""

    view: View
    cues: Cues
    ends: tuple[int, ...]
    whole: tuple[Cue, ...]
    """Cues of the text that were found."""

    @classmethod
    def of(cls, view: View, cues: Cues) -> Scope:
        """Look once at the whole text."""
        ends = (*(match.end() for match in cues.ends.finditer(view.text)), len(view.text))
        return cls(view, cues, ends, tuple(cue for cue in cues.text if cue.search.search(view.text)))

    def sentence(self, place: int) -> tuple[int, int]:
        """The sentence around a place, as ``[start, end)``."""
        at = bisect_right(self.ends, place)
        start = self.ends[at - 1] if at else 0
        return start, self.ends[min(at, len(self.ends) - 1)]

    def lawful(self, unless: re.Pattern[str], start: int, end: int) -> bool:
        """Whether what makes words lawful stands in their sentence, near enough to read together."""
        opens, closes = self.around(start, end)
        return unless.search(self.view.text, max(opens, start - 2 * REACH), min(closes, end + 2 * REACH)) is not None

    def around(self, start: int, end: int) -> tuple[int, int]:
        """The sentences a stretch lies in."""
        return self.sentence(start)[0], max(self.sentence(end - 1)[1], end)

    def mentioned(self, kind: Kind, start: int, end: int) -> bool:
        """Whether words of this kind at this place are mentioned rather than used."""
        text = self.view.text
        if any(kind in cue.kinds for cue in self.whole):
            return True
        opens, closes = self.around(start, end)
        near = max(opens, start - REACH)
        turn = _last(self.cues.turns, text, near, start)
        if _first(self.cues.before, kind, text, max(near, turn), start):
            return True
        if _first(self.cues.after, kind, text, end, min(closes, end + REACH)):
            return True
        if _first(self.cues.sentence, kind, text, max(opens, start - 2 * REACH), min(closes, end + 2 * REACH)):
            return True
        if not self.view.quoted(start, end):
            return False
        earlier = self.sentence(max(opens - 1, 0))[0]
        later = self.sentence(min(closes, len(text) - 1))[1] if text else 0
        return _first(self.cues.quotation, kind, text, max(earlier, start - 2 * REACH), min(later, end + 2 * REACH))


def _first(cues: tuple[Cue, ...], kind: Kind, text: str, start: int, end: int) -> bool:
    return start < end and any(kind in cue.kinds and cue.search.search(text, start, end) for cue in cues)


def _last(search: re.Pattern[str], text: str, start: int, end: int) -> int:
    place = start
    for match in search.finditer(text, start, end):
        place = match.end()
    return place
