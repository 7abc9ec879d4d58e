"""Templates from YAML, read strictly: what is wrong, in which file and line, and what would be accepted.

- code: days_1_3.sms
  kind: days_1_3
  tone: warm
  media: [sms]
  places: [cn]
  title: {zh: 逾期1至3天短信, en: "Text, 1-3 days late"}
  zh: {body: '【{lender:name}】{customer:name}您好，……'}
  en: {body: '{lender:name}: Dear {customer:name}, ...'}
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from mora.contact.pieces import BadPiece, pieces
from mora.contact.terms import Kind, Medium, Template, Text, Tone
from mora.contact.variables import Variable, variables
from mora.core.errors import BadInput
from mora.core.findings import Finding, Severity
from mora.core.words import Language, Words
from mora.gate.terms import ActorKind
from mora.gate.zones import check_places
from mora.law.fields import did_you_mean
from mora.law.reading import Node, UnreadableError, read_nodes
from mora.law.vocabulary import ProductKind

_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_-]+)*")
_CHOICES: Mapping[str, Iterable[str]] = {
    "kind": Kind, "tone": Tone, "media": Medium, "actors": ActorKind, "products": ProductKind
}  # fmt: skip


class _Words(Struct, frozen=True, forbid_unknown_fields=True):
    zh: str
    en: str


class _Text(Struct, frozen=True, forbid_unknown_fields=True):
    body: str
    subject: str = ""


class _Row(Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    kind: Kind
    tone: Tone
    media: tuple[Medium, ...]
    places: tuple[str, ...]
    title: _Words
    zh: _Text
    en: _Text
    actors: tuple[ActorKind, ...] = (ActorKind.LENDER,)
    products: tuple[ProductKind, ...] = ()
    first: bool = False


class _Sheet:
    """One template being read, and what was found in it."""

    def __init__(self, file: str, line: int | None) -> None:
        self.file, self.line, self.found = file, line, list[Finding]()

    def tell(
        self, code: str, message: str, field: str = "", value: str = "", expected: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:  # fmt: skip
        self.found.append(Finding(f"TEMPLATE.{code}", message, self.file, self.line, field, value, expected, severity))


def read_template(
    raw: Mapping[str, Any], known: Mapping[str, Variable] | None = None, *, file: str = "", line: int | None = None
) -> tuple[Template | None, tuple[Finding, ...]]:
    """One template from plain data, as a page or a file gives it.

    :param known: the variables it may use; those that come with Mora by default.
    :returns: the template, None when any finding is an error; and everything that is wrong. A finding's ``column`` is
        the field, its ``value`` the words at fault.
    """
    sheet = _Sheet(file, line)
    try:
        row = msgspec.convert(dict(raw), _Row, strict=True)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at ")
        field = path.strip("`").removeprefix("$.").removeprefix("$")
        accepted = ", ".join(_CHOICES.get(re.split(r"[.\[]", field, maxsplit=1)[0], ()))
        sheet.tell("FORM", message, field, expected=accepted)
        return None, tuple(sheet.found)
    if _CODE.fullmatch(row.code) is None:
        sheet.tell("CODE", "the code is not lower-case words with dots.", "code", row.code, "such as days_1_3.sms")
    for name, listed in (("media", row.media), ("places", row.places), ("actors", row.actors)):
        if not listed:
            sheet.tell("EMPTY", f"{name} is empty.", name, expected="at least one")
    try:
        check_places(row.places)
    except BadInput as error:
        sheet.tell("PLACE", str(error), "places")
    catalogue = variables() if known is None else known
    texts: dict[Language, Text] = {}
    for language, given in ((Language.ZH, row.zh), (Language.EN, row.en)):
        texts[language] = Text(given.subject, given.body)
        _subject_fits(sheet, row.media, given, language)
        _variables(sheet, given.subject, f"{language}.subject", catalogue)
        _variables(sheet, given.body, f"{language}.body", catalogue)
    if sheet.found:
        return None, tuple(sheet.found)
    for language, other in ((Language.ZH, Language.EN), (Language.EN, Language.ZH)):
        for name in sorted(texts[other].names - texts[language].names):
            sheet.tell("ONE_LANGUAGE", f"{name} stands in {other} only.", f"{language}.body", name,
                       severity=Severity.WARNING)  # fmt: skip
    return Template(
        row.code, row.kind, row.tone, row.media, row.places, Words(zh=row.title.zh, en=row.title.en),
        texts[Language.ZH], texts[Language.EN], row.actors, row.products, row.first,
    ), tuple(sheet.found)  # fmt: skip


def read_templates(
    text: str, file: str = "templates.yaml", known: Mapping[str, Variable] | None = None
) -> tuple[dict[str, Template], tuple[Finding, ...]]:
    """Every template of a file by code, and everything wrong with it, with lines.

    A template with an error is left out. Never raises for what the text holds.
    """
    whole = _Sheet(file, 1)
    made: dict[str, Template] = {}
    try:
        root = read_nodes(text)
    except UnreadableError as error:
        whole.line = error.line
        whole.tell("YAML", str(error))
        return {}, tuple(whole.found)
    if root is None or not root.is_list:
        whole.tell("YAML", "the file is no list of templates.", expected="- code: ...")
        return {}, tuple(whole.found)
    for node in root.members():
        whole.line = node.line
        if not node.is_mapping:
            whole.tell("YAML", "this is no template.", expected="- code: ...")
            continue
        template, wrong = read_template(_plain(node), known, file=file, line=node.line)
        whole.found += wrong
        if template is None:
            continue
        if template.code in made:
            whole.tell("DOUBLED", "the code is written twice.", "code", template.code, "one template for each code")
            continue
        made[template.code] = template
    return made, tuple(whole.found)


def _plain(node: Node) -> Any:
    if node.is_mapping:
        return {str(key): _plain(value) for key, value, _ in node.items()}
    if node.is_list:
        return [_plain(each) for each in node.members()]
    return node.value


def _subject_fits(sheet: _Sheet, media: tuple[Medium, ...], given: _Text, language: Language) -> None:
    field = f"{language}.subject"
    if not given.body.strip():
        sheet.tell("EMPTY", "the text is empty.", f"{language}.body")
    need = [each for each in media if each.has_subject]
    if need and not given.subject.strip():
        sheet.tell("SUBJECT", f"a text for {need[0]} needs a subject.", field, expected="one line")
    if given.subject and media and not need:
        sheet.tell("SUBJECT", f"a text for {media[0]} has no subject.", field, given.subject, "no subject")
    if "\n" in given.subject.strip():
        sheet.tell("SUBJECT", "a subject is one line.", field)


def _variables(sheet: _Sheet, text: str, field: str, known: Mapping[str, Variable]) -> None:
    try:
        cut = pieces(text)
    except BadPiece as error:
        sheet.tell("BRACE", f"{error}.", f"{field}, character {error.at + 1}", expected="{name:type}, {{ or }}")
        return
    for each in cut:
        if not each.name:
            continue
        place, shown = f"{field}, character {each.start + 1}", f"{{{each.name}:{each.type}}}"
        variable = known.get(each.name)
        if variable is None:
            message = f"there is no variable {each.name!r}.{did_you_mean(each.name, known)}"
            sheet.tell("VARIABLE", message, place, shown, "one of " + ", ".join(sorted(known)))
        elif variable.type != each.type:
            message = f"{each.name} is of type {variable.type}, not {each.type}."
            sheet.tell("TYPE", message, place, shown, f"{{{each.name}:{variable.type}}}")
