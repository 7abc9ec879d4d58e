"""How is one value of a product file read, what does it accept, and how is it written back?

A kind of value reads a YAML node into the value of :mod:`mora.loans.terms` or raises :class:`WrongValueError`;
``write`` gives the YAML text that reads back as the same value. No number goes through float.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from mora.core.money import parse_minor
from mora.core.rates import parse_rate
from mora.core.words import Words
from mora.law.reading import Node
from mora.loans.terms import Component
from mora.loans.waterfalls import COMPONENT_NAMES

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_MONEY = re.compile(r"(\S+) ([A-Z]{3})")
_RESERVED = frozenset({"null", "true", "false"})

_FLAG = Words("true 或 false", "true or false")
_FACTOR = Words(
    "0 到 100、至多两位小数的倍数，如 1.5", "a multiple from 0 to 100 with at most two decimals, such as 1.5"
)
_RATE = Words(
    "小数形式的年利率（24% 写作 0.24），或 null", "a yearly rate as a decimal fraction (24 % is 0.24), or null"
)
_SHARE = Words("0 到 1、至多六位小数，如 0.01", "a share from 0 to 1 with at most six decimals, such as 0.01")
_MONEY_WORDS = Words(
    "最小货币单位的整数（100 即一元），或带币种的金额，如 1.00 CNY",
    "a whole number of minor units (100 is 1.00), or an amount with its currency, such as 1.00 CNY",
)
_DAY = Words("日期，如 2026-01-31", "a date such as 2026-01-31")
_ORDER = Words(
    f"成分的列表，每个至多一次：{', '.join(COMPONENT_NAMES)}",
    f"a list of components, each at most once: {', '.join(COMPONENT_NAMES)}",
)


class WrongValueError(ValueError):
    """A value that is not accepted; ``accepted`` says what would be, ``known`` the words it may have meant."""

    def __init__(self, node: Node, accepted: Words, known: tuple[str, ...] = ()) -> None:
        super().__init__(accepted.en)
        self.node = node
        self.accepted = accepted
        self.known = known


class Kind(Protocol):
    """One kind of value."""

    @property
    def accepts(self) -> Words:
        """What may be written, for findings and the reference page."""
        ...

    def read(self, node: Node) -> object:
        """The value. :raises WrongValueError: not accepted."""
        ...

    def write(self, value: object) -> str:
        """YAML text that reads back as ``value``."""
        ...


def text(value: str) -> str:
    """A string as YAML: bare when it can only be read as that string, else in double quotes."""
    return value if _PLAIN.fullmatch(value) and value not in _RESERVED else json.dumps(value, ensure_ascii=False)


def shown(node: Node) -> str:
    """A node's value as people wrote it, near enough for a finding."""
    value = node.plain()
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{...}"
    if isinstance(value, tuple):
        return "[" + ", ".join(shown(member) for member in node.members()) + "]"
    return str(value)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of an enum's words."""

    words: type[StrEnum]

    @property
    def accepts(self) -> Words:
        listed = ", ".join(self.words)
        return Words(f"下列之一：{listed}", f"one of {listed}")

    def read(self, node: Node) -> object:
        if isinstance(node.value, str) and node.value in set(self.words):
            return self.words(node.value)
        raise WrongValueError(node, self.accepts, tuple(self.words))

    def write(self, value: object) -> str:
        return text(str(value))


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few plain words or numbers."""

    members: tuple[str | int, ...]

    @property
    def accepts(self) -> Words:
        listed = ", ".join(str(member) for member in self.members)
        return Words(f"下列之一：{listed}", f"one of {listed}")

    def read(self, node: Node) -> object:
        if not isinstance(node.value, bool) and node.value in self.members:
            return node.value
        raise WrongValueError(node, self.accepts, tuple(str(member) for member in self.members))

    def write(self, value: object) -> str:
        return text(value) if isinstance(value, str) else str(value)


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no, as ``true`` or ``false``."""

    accepts: Words = _FLAG

    def read(self, node: Node) -> object:
        if isinstance(node.value, bool):
            return node.value
        raise WrongValueError(node, self.accepts)

    def write(self, value: object) -> str:
        return "true" if value else "false"


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds, or ``null`` when it may be left out."""

    least: int
    most: int
    or_none: bool = False

    @property
    def accepts(self) -> Words:
        zh, en = f"{self.least} 到 {self.most} 的整数", f"a whole number from {self.least} to {self.most}"
        return Words(zh + "，或 null", en + ", or null") if self.or_none else Words(zh, en)

    def read(self, node: Node) -> object:
        if node.value is None and self.or_none:
            return None
        if isinstance(node.value, int) and not isinstance(node.value, bool) and self.least <= node.value <= self.most:
            return node.value
        raise WrongValueError(node, self.accepts)

    def write(self, value: object) -> str:
        return "null" if value is None else str(value)


def _decimal(node: Node) -> str | None:
    if isinstance(node.value, bool) or not isinstance(node.value, int | Decimal):
        return None
    return str(node.value)


@dataclass(frozen=True, slots=True)
class Factor:
    """A multiple of a rate with at most two decimals, kept as its text."""

    accepts: Words = _FACTOR

    def read(self, node: Node) -> object:
        written = _decimal(node)
        if written is None or not 0 <= Decimal(written) <= 100 or Decimal(written) != round(Decimal(written), 2):
            raise WrongValueError(node, self.accepts)
        return written

    def write(self, value: object) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Rate:
    """A yearly rate as a decimal fraction, held in 10^-12 parts; ``null`` for none."""

    accepts: Words = _RATE

    def read(self, node: Node) -> object:
        if node.value is None:
            return None
        written = _decimal(node)
        try:
            return parse_rate(written or "")
        except ValueError:
            raise WrongValueError(node, self.accepts) from None

    def write(self, value: object) -> str:
        return "null" if value is None else _plain_decimal(int(str(value)), 12)


@dataclass(frozen=True, slots=True)
class Share:
    """A share as a decimal fraction of at most six decimals, held in millionths."""

    accepts: Words = _SHARE

    def read(self, node: Node) -> object:
        written = _decimal(node)
        if written is None or not 0 <= Decimal(written) <= 1 or Decimal(written) != round(Decimal(written), 6):
            raise WrongValueError(node, self.accepts)
        return int(Decimal(written).scaleb(6))

    def write(self, value: object) -> str:
        return _plain_decimal(int(str(value)), 6)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount: whole minor units, or major units with their currency."""

    accepts: Words = _MONEY_WORDS

    def read(self, node: Node) -> object:
        if isinstance(node.value, int) and not isinstance(node.value, bool) and 0 <= node.value <= 10**15:
            return node.value
        if isinstance(node.value, str) and (found := _MONEY.fullmatch(node.value)):
            try:
                minor = parse_minor(found[1], found[2])
            except ValueError:
                raise WrongValueError(node, self.accepts) from None
            if 0 <= minor <= 10**15:
                return minor
        raise WrongValueError(node, self.accepts)

    def write(self, value: object) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Day:
    """A date."""

    accepts: Words = _DAY

    def read(self, node: Node) -> object:
        if isinstance(node.value, date):
            return node.value
        raise WrongValueError(node, self.accepts)

    def write(self, value: object) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Order:
    """Components in an order, each at most once."""

    accepts: Words = _ORDER

    def read(self, node: Node) -> tuple[Component, ...]:
        found = []
        for member in node.members():
            if not isinstance(member.value, str) or member.value not in COMPONENT_NAMES:
                raise WrongValueError(member, self.accepts, tuple(COMPONENT_NAMES))
            found.append(COMPONENT_NAMES[member.value])
        if not found or len(set(found)) != len(found):
            raise WrongValueError(node, self.accepts)
        return tuple(found)

    def write(self, value: object) -> str:
        order = value if isinstance(value, tuple) else ()
        return "[" + ", ".join(component.name.lower() for component in order) + "]"


def _plain_decimal(whole: int, places: int) -> str:
    """``whole`` x 10^-places without exponent or trailing zeros; ``0.0`` keeps a decimal apart from minor units."""
    digits = f"{whole:0{places + 1}d}"
    part = digits[-places:].rstrip("0") or "0"
    return f"{digits[:-places]}.{part}"
