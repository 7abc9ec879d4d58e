"""A template with its values put in. Values are values: nothing in them is read as a variable, a brace or markup."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mora.contact.pieces import Piece
from mora.contact.terms import Template
from mora.contact.variables import Variable, variables
from mora.contact.written import Value, written
from mora.core.errors import BadInput
from mora.core.findings import Finding
from mora.core.words import Language
from mora.law.fields import did_you_mean


@dataclass(frozen=True, slots=True)
class Origin:
    """A stretch of filled text and the stretch of the template it comes from."""

    start: int
    end: int
    from_start: int
    from_end: int
    name: str
    """The variable; empty for literal text."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What a person will read, and which version of which template said it."""

    code: str
    version: str
    language: Language
    subject: str
    body: str
    values: Mapping[str, str]
    """The variables as written, by name."""
    subject_from: tuple[Origin, ...]
    body_from: tuple[Origin, ...]


def fill(
    template: Template,
    values: Mapping[str, Value],
    language: Language,
    known: Mapping[str, Variable] | None = None,
) -> Filled:
    """The text of a template in one language with these values.

    :param values: one for each variable of that language; others that the template knows in its other language may be
        there as well.
    :param known: the variables; those that come with Mora by default.
    :raises BadInput: a value is missing, unknown to the template, or of the wrong type; every such is a finding that
        names the variable and what would be accepted. A value itself is never in the message.
    """
    catalogue = variables() if known is None else known
    text = template.text(language)
    found: list[Finding] = []
    ready: dict[str, str] = {}
    for name in sorted(set(values) - template.names):
        hint = did_you_mean(name, template.names)
        found.append(Finding("TEMPLATE.VALUE", f"the template has no variable {name!r}.{hint}", column=name,
                             expected=", ".join(sorted(template.names))))  # fmt: skip
    for name in sorted(text.names):
        variable = catalogue.get(name)
        if variable is None:
            found.append(Finding("TEMPLATE.VARIABLE", f"there is no variable {name!r}", column=name))
        elif name not in values or values[name] is None:
            found.append(Finding("TEMPLATE.VALUE", f"{name} has no value", column=name, expected=f"a {variable.type}",
                                 message_zh=f"“{variable.title.zh}”没有值"))  # fmt: skip
        else:
            try:
                ready[name] = written(variable.type, values[name], language)
            except ValueError as error:
                found.append(Finding("TEMPLATE.VALUE", f"{name} is not a {variable.type}", column=name,
                                     expected=str(error), message_zh=f"“{variable.title.zh}”的值不可用"))  # fmt: skip
    if found:
        told = "; ".join(str(each) for each in found)
        zh = f"模板{template.code}不能填写：" + "；".join(each.message_zh or each.message for each in found)
        raise BadInput(f"The template {template.code} cannot be filled: {told}.", tuple(found), zh)
    subject, subject_from = _put(text.subject_pieces, ready)
    body, body_from = _put(text.body_pieces, ready)
    return Filled(template.code, template.version, language, subject, body, ready, subject_from, body_from)


def _put(pieces: tuple[Piece, ...], ready: Mapping[str, str]) -> tuple[str, tuple[Origin, ...]]:
    parts: list[str] = []
    origins: list[Origin] = []
    place = 0
    for each in pieces:
        text = ready[each.name] if each.name else each.literal
        origins.append(Origin(place, place + len(text), each.start, each.end, each.name))
        parts.append(text)
        place += len(text)
    return "".join(parts), tuple(origins)


def back(origins: tuple[Origin, ...], start: int, end: int) -> tuple[int, int]:
    """Where in the template the words ``[start, end)`` of the filled text come from; a variable is taken whole."""
    touched = [each for each in origins if each.start < end and start < each.end]
    if not touched:
        return 0, 0
    first, last = touched[0], touched[-1]
    opens = first.from_start if first.name else _inside(first, max(start, first.start))
    closes = last.from_end if last.name else _inside(last, min(end, last.end))
    return opens, closes


def _inside(origin: Origin, place: int) -> int:
    """A place of literal text; a doubled brace has one character and covers two."""
    return min(origin.from_end, origin.from_start + place - origin.start) if place < origin.end else origin.from_end
