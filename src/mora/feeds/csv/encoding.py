"""How a text file is encoded, decided on the whole file, and its bytes as UTF-8 in blocks.

1. A byte order mark decides: UTF-8 or UTF-16.
2. Text that is UTF-8 from end to end is UTF-8.
3. Text that breaks UTF-8 after eight or more good characters beyond ASCII is damaged UTF-8: refused, with the place.
   (GB18030 text looks like UTF-8 by chance for a character or two, not for eight.)
4. Text that is GB18030 from end to end is GB18030 (which holds GBK and GB2312).
5. Anything else is refused, with the place.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

BLOCK = 1 << 24
_CHANCE = 8


class UndecodableError(ValueError):
    """The file is in none of the encodings read."""


def detect(path: Path) -> str:
    """``utf-8-sig``, ``utf-16`` or ``gb18030``.

    :raises UndecodableError: says the encoding that came nearest and the line where it breaks.
    """
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith(codecs.BOM_UTF8):
        wanted = ["utf-8"]
    elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        wanted = ["utf-16"]
    else:
        wanted = ["utf-8", "gb18030"]
    broken = ""
    for name in wanted:
        fault, good = _first_fault(path, name)
        if fault is None:
            return "utf-8-sig" if name == "utf-8" else name
        broken = broken or f"{name}, {fault}"
        if good >= _CHANCE:
            break
    raise UndecodableError(broken)


def blocks(path: Path, encoding: str) -> Iterator[bytes]:
    """The file as UTF-8 without byte order mark, a block at a time; blocks may end inside a line."""
    with path.open("rb") as file:
        if encoding == "utf-8-sig":
            first = True
            while block := file.read(BLOCK):
                yield block.removeprefix(codecs.BOM_UTF8) if first else block
                first = False
            return
        decoder = codecs.getincrementaldecoder(encoding)()
        while block := file.read(BLOCK):
            if text := decoder.decode(block):
                yield text.encode()
        if text := decoder.decode(b"", True):
            yield text.encode()


def _first_fault(path: Path, encoding: str) -> tuple[str | None, int]:
    """Where the encoding first breaks, if anywhere, and how many characters beyond ASCII were good until then."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line, beyond = 1, 0
    with path.open("rb") as file:
        while True:
            block = file.read(BLOCK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                good = error.object[: error.start].decode(encoding, errors="ignore")
                beyond += sum(1 for letter in good if letter > "\x7f")
                byte = error.object[error.start]
                return f"byte 0x{byte:02X} in line {line + good.count(chr(10))}", beyond
            if not block:
                return None, beyond
            line += block.count(b"\n")
            if not text.isascii() and beyond < _CHANCE:
                beyond += sum(1 for letter in text[:100_000] if letter > "\x7f")
