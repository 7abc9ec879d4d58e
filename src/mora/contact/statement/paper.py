"""The typesetter: one compiler a process, fonts looked for once, PDF/A out.

typst reads a page's source from this folder and the facts as JSON. A character that no font has stops the work and is
named; it never becomes an empty box on somebody's letter.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

from mora.contact.statement.facts import Sender
from mora.core.errors import Refused

FAMILIES = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN")
"""Chinese families by preference; Debian has the first in ``fonts-noto-cjk``."""
STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
_HERE = Path(__file__).parent
_NO_GLYPH = re.compile(r'the text `"(?P<text>.*?)"` could not be displayed', re.DOTALL)


class NoGlyph(Refused):
    """No font on this machine has a character that must be printed; carries the words it stands in."""

    def __init__(self, text: str) -> None:
        codes = " ".join(f"U+{ord(char):04X}" for char in text)
        super().__init__(
            f"No font here has {text!r} ({codes}). Install a font that has it, or write it as the person agrees.",
            f"本机没有可显示“{text}”（{codes}）的字体。请安装含有该字的字体，或者按本人认可的写法填写。",
        )
        self.text = text


class Paper:
    """A typesetter with its fonts. Threads may share it; they take turns.

    :param font_paths: folders with further fonts.
    :raises Refused: no Chinese font is found.
    """

    def __init__(self, font_paths: tuple[str, ...] = ()) -> None:
        held = typst.Fonts(font_paths=[*font_paths]).families()
        found = [family for family in FAMILIES if family in held]
        if not found:
            raise Refused(
                f"There is no Chinese font for letters and statements: none of {', '.join(FAMILIES)}. Debian has one "
                "in fonts-noto-cjk.",
                f"没有可用于信函和对账单的中文字体（{'、'.join(FAMILIES)}均未安装）。Debian可安装fonts-noto-cjk。",
            )
        self.family = found[0]
        self._font_paths = [*font_paths]
        self._compilers: dict[str, typst.Compiler] = {}
        self._turn = threading.Lock()

    def pdf(self, page: str, facts: Mapping[str, Any], on: date) -> bytes:
        """One document.

        :param page: the page's source in this folder.
        :param on: the day the document says it was made.
        :raises NoGlyph: no font has a character of the facts.
        """
        inputs = {"facts": json.dumps({**facts, "family": self.family, "made_on": on.isoformat()}, ensure_ascii=False)}
        moment = int(datetime(on.year, on.month, on.day, tzinfo=UTC).timestamp())
        with self._turn:
            compiler = self._compilers.get(page)
            if compiler is None:
                compiler = self._compilers[page] = typst.Compiler(
                    input=str(_HERE / page), root=str(_HERE), font_paths=self._font_paths
                )
            try:
                made = compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=[*STANDARDS], timestamp=moment)
            except typst.TypstError as error:
                missing = _NO_GLYPH.search(str(error))
                if missing is None:
                    raise
                raise NoGlyph(_unescaped(missing["text"])) from None
        assert isinstance(made, bytes)
        return made


@cache
def paper() -> Paper:
    """The typesetter with the fonts of this machine."""
    return Paper()


def _unescaped(text: str) -> str:
    r"""A string as typst writes it in a message: ``\u{32000}`` is one character."""
    return re.sub(r"\\[uU]\{?([0-9a-fA-F]{4,8})\}?", lambda found: chr(int(found[1], 16)), text)


def lines(sender: Sender) -> dict[str, Any]:
    """A letterhead as the page prints it."""
    reach = [each for each in (sender.telephone, sender.web) if each]
    return {"name": sender.name, "address": list(sender.address), "reach": reach}
