"""How many text messages is a text, and what are they? GSM 7-bit where every character has one, otherwise UCS-2.

A single message holds 160 septets or 70 16-bit units (140 octets). Longer texts carry a header of six octets in each
segment (concatenation with an 8-bit reference, 3GPP TS 23.040, 9.2.3.24.1), which leaves 153 septets or 67 units. Two
things make counts by division wrong: a character of the extension table (``€ [ ] { } ~ ^ | \\``) takes two septets
and one outside the basic plane (emoji, rare Chinese characters) two units, and neither may be cut in two, so a segment
may stay one short.
"""

from __future__ import annotations

from dataclasses import dataclass

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The GSM default alphabet (3GPP TS 23.038, 6.2.1) in the order of its codes; 0x1B escapes to the extension."""
EXTENSION = {0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|",
             0x65: "€"}  # fmt: skip
"""The extension table (6.2.1.1)."""
_ESCAPE = 0x1B
_CODES = {char: bytes([code]) for code, char in enumerate(BASIC) if code != _ESCAPE}
_CODES |= {char: bytes([_ESCAPE, code]) for code, char in EXTENSION.items()}
_CHARS = {code: char for code, char in enumerate(BASIC) if code != _ESCAPE}
MAX_SEGMENTS = 255


@dataclass(frozen=True, slots=True)
class Segments:
    """A text as it leaves."""

    alphabet: str
    """``gsm7`` or ``ucs2``."""
    bodies: tuple[bytes, ...]
    """Without header: one octet a septet (SMPP carries them unpacked), two octets a unit."""
    units: int
    """Septets or 16-bit units of the whole text."""

    @property
    def count(self) -> int:
        """How many messages are paid for."""
        return len(self.bodies)

    @property
    def left(self) -> int:
        """How many more units fit into the last segment."""
        width = 1 if self.alphabet == "gsm7" else 2
        return _room(self.alphabet, self.count > 1) - len(self.bodies[-1]) // width


def segments(text: str) -> Segments:
    """Split a text; an empty one is one empty segment.

    >>> segments("a" * 160).count, segments("a" * 161).count, segments("好" * 70).count, segments("好" * 71).count
    (1, 2, 1, 2)
    """
    alphabet = "gsm7" if all(char in _CODES for char in text) else "ucs2"
    width = 1 if alphabet == "gsm7" else 2
    pieces = [_CODES[char] if width == 1 else char.encode("utf-16-be", "surrogatepass") for char in text]
    units = sum(map(len, pieces)) // width
    if units <= _room(alphabet, False):
        return Segments(alphabet, (b"".join(pieces),), units)
    room = _room(alphabet, True) * width
    bodies: list[bytes] = []
    held = bytearray()
    for piece in pieces:
        if len(held) + len(piece) > room:
            bodies.append(bytes(held))
            held.clear()
        held += piece
    return Segments(alphabet, (*bodies, bytes(held)), units)


def _room(alphabet: str, long: bool) -> int:
    return {("gsm7", False): 160, ("gsm7", True): 153, ("ucs2", False): 70, ("ucs2", True): 67}[alphabet, long]


def header(reference: int, number: int, total: int) -> bytes:
    """The user data header of one segment of a long message."""
    return bytes([5, 0, 3, reference & 0xFF, total, number])


def split_header(data: bytes) -> tuple[tuple[int, int, int] | None, bytes]:
    """(reference, number, of how many) of a body that begins with a header, and the body without it.

    8-bit and 16-bit references are read, other elements skipped; a header that is none leaves the body as it is.
    """
    if not data or len(data) <= data[0]:
        return None, data
    elements, rest = data[1 : data[0] + 1], data[data[0] + 1 :]
    while len(elements) >= 2:
        kind, size = elements[0], elements[1]
        value, elements = elements[2 : 2 + size], elements[2 + size :]
        if (kind, len(value)) in {(0, 3), (8, 4)}:
            number, total = value[-1], value[-2]
            return ((int.from_bytes(value[:-2], "big"), number, total) if 1 <= number <= total else None), rest
    return None, rest


def gsm7(data: bytes) -> str:
    """Unpacked GSM 7-bit octets as text; an escape to an unknown character is a blank, as the standard asks."""
    text: list[str] = []
    codes = iter(data)
    for code in codes:
        if code != _ESCAPE:
            text.append(_CHARS.get(code, "�"))
            continue
        extended = next(codes, None)
        text.append(" " if extended is None else EXTENSION.get(extended, _CHARS.get(extended, " ")))
    return "".join(text)
