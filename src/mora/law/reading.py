"""YAML read exactly and safely: every value with its line, numbers never through float.

Resolved are: null, true/false, whole numbers, decimals (``Decimal``), dates. Everything else is text, so ``22:00``,
``no`` and ``on`` stay what they look like. Tags, anchors, aliases and doubled keys are refused: a pack means
exactly what a reader sees, and each record can be read alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import ClassVar

import yaml

_BASE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C parser is about ten times faster; both read the same
_TAG = "tag:yaml.org,2002:"


class _PackLoader(_BASE):  # type: ignore[misc, valid-type]
    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


for _name, _pattern, _first in (
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("bool", r"^(?:true|false)$", list("tf")),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", list("-0123456789")),
    ("float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", list("-0123456789")),
    ("timestamp", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", list("0123456789")),
):
    _PackLoader.add_implicit_resolver(_TAG + _name, re.compile(_pattern), _first)


class UnreadableError(ValueError):
    """Not YAML, or YAML that packs do not use; carries the line (from 1)."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its line. ``value`` is a scalar, a tuple of nodes, or a dict of key to (line of the key, node)."""

    value: object
    line: int

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.value, dict)

    @property
    def is_list(self) -> bool:
        return isinstance(self.value, tuple)

    def items(self) -> Iterator[tuple[object, Node, int]]:
        """Key (as resolved), value and the key's line, in written order; nothing when this is not a mapping."""
        if isinstance(self.value, dict):
            for key, (line, node) in self.value.items():
                yield key, node, line

    def members(self) -> tuple[Node, ...]:
        """The list's members; none when this is not a list."""
        return self.value if isinstance(self.value, tuple) else ()

    def plain(self) -> object:
        """The value without lines: tuples for lists, read-only mappings."""
        if isinstance(self.value, dict):
            return MappingProxyType({key: node.plain() for key, (_, node) in self.value.items()})
        if isinstance(self.value, tuple):
            return tuple(node.plain() for node in self.value)
        return self.value


def read_nodes(text: str, first_line: int = 1) -> Node | None:
    """The document's root with line numbers counted from ``first_line``; None for an empty document.

    :raises UnreadableError: not YAML, more than one document, a tag, an alias or a doubled key.
    """
    if "\ufffd" in text:
        line = first_line + text.count("\n", 0, text.index("\ufffd"))
        raise UnreadableError("these bytes are not UTF-8; save the pack as UTF-8", line)
    try:
        loader = _PackLoader(text)
    except yaml.YAMLError as problem:
        raise UnreadableError(f"this is not text YAML can hold: {problem}", first_line) from None
    try:
        root = loader.get_single_node()
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line = first_line + (mark.line if mark else 0)
        raise UnreadableError(f"this is not YAML a pack may hold: {problem.problem or problem.context}", line) from None
    finally:
        loader.dispose()
    return None if root is None else _convert(root, first_line, set())


def _convert(node: yaml.Node, first_line: int, seen: set[int]) -> Node:
    line = first_line + node.start_mark.line
    if id(node) in seen:
        raise UnreadableError("anchors and aliases are not used in packs; write the value again", line)
    seen.add(id(node))
    kind = node.tag.removeprefix(_TAG)
    if isinstance(node, yaml.MappingNode) and kind == "map":
        entries: dict[object, tuple[int, Node]] = {}
        for key_node, value_node in node.value:
            key = _convert(key_node, first_line, seen)
            if key.is_mapping or key.is_list:
                raise UnreadableError("a key is a single word or date", key.line)
            if key.value in entries:
                raise UnreadableError(f"the key {key.value} is written twice", key.line)
            entries[key.value] = (key.line, _convert(value_node, first_line, seen))
        return Node(entries, line)
    if isinstance(node, yaml.SequenceNode) and kind == "seq":
        return Node(tuple(_convert(member, first_line, seen) for member in node.value), line)
    if isinstance(node, yaml.ScalarNode):
        return Node(_scalar(node.value, kind, line), line)
    raise UnreadableError(f"the tag {node.tag} is not used in packs", line)


def _scalar(text: str, kind: str, line: int) -> object:
    match kind:
        case "str":
            return text
        case "int":
            return int(text)
        case "float":
            return Decimal(text)
        case "null":
            return None
        case "bool":
            return text == "true"
        case "timestamp":
            try:
                return date.fromisoformat(text)
            except ValueError:
                raise UnreadableError(f"{text} is not a day of the calendar", line) from None
    raise UnreadableError(f"the tag {kind} is not used in packs", line)
