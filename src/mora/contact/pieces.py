"""A text with variables, cut into pieces.

    {name:type}    a variable: its name, and the type the writer expects
    {{ and }}      a brace

Nothing else has a meaning: no conditions, no loops, no calls.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PIECE = re.compile(r"(?P<brace>\{\{|\}\})|\{(?P<name>[a-z][a-z0-9_]{0,39}):(?P<type>[a-z_]{1,20})\}|(?P<stray>[{}])")


class BadPiece(ValueError):
    """A brace that opens or closes nothing; ``at`` is its place in the text."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True, slots=True)
class Piece:
    """Literal text, or a variable."""

    start: int
    end: int
    """``[start, end)`` in the text as written."""
    literal: str
    name: str = ""
    type: str = ""


def pieces(text: str) -> tuple[Piece, ...]:
    """The pieces of a text in order; together they cover it.

    :raises BadPiece: a brace that is neither doubled nor part of a variable.
    """
    made: list[Piece] = []
    place = 0
    for match in _PIECE.finditer(text):
        start, end = match.span()
        if match["stray"]:
            near = text[start : start + 24].partition("\n")[0]
            raise BadPiece(
                f"{near!r} is no variable. Write a name and type, such as {{arrears:money}}; a brace itself is doubled",
                start,
            )
        if place < start:
            made.append(Piece(place, start, text[place:start]))
        if match["brace"]:
            made.append(Piece(start, end, match["brace"][0]))
        else:
            made.append(Piece(start, end, "", match["name"], match["type"]))
        place = end
    if place < len(text):
        made.append(Piece(place, len(text), text[place:]))
    return tuple(made)
