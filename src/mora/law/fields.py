"""Taking fields out of a record strictly: each is asked for once, what is left over is a finding.

Nothing here knows what a rule is; :mod:`mora.law.form` does.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import TypeVar

from mora.core.findings import Finding, Severity
from mora.core.words import Words
from mora.law.reading import Node

E = TypeVar("E", bound=StrEnum)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`` Did you mean x?`` when something close is known, else nothing."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" Did you mean {close[0]}?" if close else ""


class Fields:
    """The fields of one mapping. Findings gather in ``found``; a field that cannot be read is None or empty."""

    def __init__(self, node: Node, file: str, about: str, found: list[Finding]) -> None:
        self.node, self.file, self.about, self.found = node, file, about, found
        self._left: dict[object, tuple[int, Node]] = {key: (line, value) for key, value, line in node.items()}
        self._asked: list[str] = []
        self._missing: list[tuple[str, str]] = []

    def report(self, code: str, message: str, line: int | None = None, expected: str = "") -> None:
        """Add an error about this record."""
        self.found.append(
            Finding(
                code,
                f"{self.about}: {message}",
                file=self.file,
                row=self.node.line if line is None else line,
                expected=expected,
                severity=Severity.ERROR,
            )
        )

    def take(self, key: str, required: bool = False, expected: str = "") -> Node | None:
        """The field, with the line of its key, or None; :meth:`finish` reports it when it is required."""
        self._asked.append(key)
        line, node = self._left.pop(key, (0, None))
        if node is None and required:
            self._missing.append((key, expected))
        # A mapping or list begins below its key; people look for the key.
        return None if node is None else Node(node.value, line)

    def finish(self, also: Iterable[str] = ()) -> None:
        """Report what is missing and what nobody asked for; a misspelt key is reported once, as that."""
        for key, expected in self._missing:
            if not any(did_you_mean(str(left), [key]) for left in self._left):
                code = "LAW.CITATION" if key in ("citation", "instrument", "article") else "LAW.MISSING"
                self.report(code, f"{key} is missing.", expected=expected)
        self._missing.clear()
        for left, (line, _) in self._left.items():
            known = [*self._asked, *also]
            hint = did_you_mean(str(left), known)
            self.report("LAW.KEY", f"the key {left} is not known.{hint}", line, expected=f"one of {', '.join(known)}")
        self._left.clear()

    def text(self, key: str, required: bool = False, expected: str = "a text") -> str | None:
        """A text that is not empty."""
        node = self.take(key, required, expected)
        if node is None:
            return None
        if not isinstance(node.value, str) or not node.value.strip():
            self.report("LAW.VALUE", f"{key} is {show(node)}, not a text.", node.line, expected=expected)
            return None
        return node.value

    def words(self, key: str, required: bool = False) -> Words | None:
        """A pair ``{zh: ..., en: ...}``, both written."""
        node = self.take(key, required, "{zh: ..., en: ...}")
        return None if node is None else self.words_of(node, key)

    def words_of(self, node: Node, key: str) -> Words | None:
        """Read a node as a pair of words."""
        pair = {str(k): v.value for k, v, _ in node.items()}
        texts = [pair.get(language) for language in ("zh", "en")]
        if len(pair) != 2 or not all(isinstance(text, str) and text.strip() for text in texts):
            self.report(
                "LAW.WORDS",
                f"{key} is not written in both languages.",
                node.line,
                expected="{zh: ..., en: ...}, both filled, nothing else",
            )
            return None
        return Words(zh=str(texts[0]), en=str(texts[1]))

    def one_of(self, key: str, kind: type[E], required: bool = False, code: str = "LAW.VALUE") -> E | None:
        """A word from a closed list."""
        node = self.take(key, required, choices(kind))
        return None if node is None else self.member(node, key, kind, code)

    def member(self, node: Node, key: str, kind: type[E], code: str = "LAW.VALUE") -> E | None:
        """Read a node as a word from a closed list."""
        try:
            return kind(str(node.value))
        except ValueError:
            known = [member.value for member in kind]
            hint = did_you_mean(str(node.value), known)
            self.report(code, f"{key} {show(node)} is not known.{hint}", node.line, expected=choices(kind))
            return None

    def several_of(self, key: str, kind: type[E], required: bool = False) -> tuple[E, ...]:
        """A list (or one) of words from a closed list."""
        node = self.take(key, required, f"a list of {choices(kind)}")
        if node is None:
            return ()
        members = node.members() if node.is_list else (node,)
        if not members:
            self.report("LAW.VALUE", f"{key} is empty.", node.line, expected=choices(kind))
        read = [self.member(member, key, kind) for member in members]
        return tuple(member for member in read if member is not None)

    def texts(self, key: str, required: bool = False) -> tuple[str, ...]:
        """A list of texts, perhaps empty."""
        node = self.take(key, required, "a list of texts")
        if node is None:
            return ()
        if not node.is_list or not all(isinstance(member.value, str) for member in node.members()):
            self.report("LAW.VALUE", f"{key} is {show(node)}, not a list of texts.", node.line, expected="[a, b]")
            return ()
        return tuple(str(member.value) for member in node.members())

    def day(self, key: str, required: bool = False) -> date | None:
        """A date."""
        node = self.take(key, required, "a date such as 2026-11-22")
        if node is None:
            return None
        if not isinstance(node.value, date):
            self.report("LAW.DATE", f"{key} is {show(node)}, not a date.", node.line, expected="2026-11-22")
            return None
        return node.value

    def count(self, key: str, required: bool = False) -> int | None:
        """A whole number of zero or more."""
        node = self.take(key, required, "a whole number")
        if node is None:
            return None
        if isinstance(node.value, bool) or not isinstance(node.value, int) or node.value < 0:
            self.report("LAW.VALUE", f"{key} is {show(node)}, not a whole number.", node.line, expected="0, 1, 2 ...")
            return None
        return node.value

    def part(self, key: str, required: bool = False, expected: str = "") -> Fields | None:
        """A mapping inside this one, to be read the same way."""
        node = self.take(key, required, expected)
        if node is None:
            return None
        if not node.is_mapping:
            code = "LAW.CITATION" if key == "citation" else "LAW.VALUE"
            self.report(code, f"{key} is {show(node)}, not a mapping.", node.line, expected=expected)
            return None
        return Fields(node, self.file, self.about, self.found)


def show(node: Node) -> str:
    """A node's value as a message shows it."""
    if node.value is None:
        return "null (null means unknown, and this may not be unknown)"
    return "a mapping" if node.is_mapping else "a list" if node.is_list else repr(str(node.value))


def choices(kind: type[StrEnum]) -> str:
    """The words of a closed list, for a message."""
    return " | ".join(member.value for member in kind)
