"""A filled template as a letter on the lender's paper, with the address where a window envelope shows it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from mora.contact.filling import Filled
from mora.contact.statement import words as w
from mora.contact.statement.facts import Sender
from mora.contact.statement.paper import Paper, lines, paper
from mora.contact.statement.sheet import recipient
from mora.contact.written import date_text
from mora.core.words import Language

_SIGNS = re.compile(r"^(?:Yours |经办人|.+（加盖公章）)")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to be printed."""

    sender: Sender
    name: str
    address: tuple[str, ...]
    reference: str
    issued_on: date
    filled: Filled
    paper_size: str = "a4"
    """``a4`` or ``us-letter``."""


def letter_pdf(letter: Letter, on: Paper | None = None) -> bytes:
    """The letter as PDF/A.

    :raises NoGlyph: no font on this machine has a character of it.
    :raises Refused: there is no Chinese font at all.
    """
    language = letter.filled.language
    return (on or paper()).pdf(
        "letter.typ",
        {
            "language": language.value,
            "title": letter.filled.subject,
            "sender": lines(letter.sender),
            "recipient": recipient(letter.name, letter.address, language),
            "info": [
                [w.REFERENCE.in_(language), letter.reference],
                [w.ISSUED.in_(language), date_text(letter.issued_on, language)],
            ],
            "blocks": _dated(blocks(letter.filled.body), letter, language),
            "size": letter.paper_size,
            "page": w.PAGE.in_(language).split("{}"),
            "footer": f"{letter.sender.name} · {letter.reference}",
        },
        letter.issued_on,
    )


def _dated(made: list[dict[str, Any]], letter: Letter, language: Language) -> list[dict[str, Any]]:
    """A Chinese letter bears its date under the signature as well."""
    if language is Language.ZH:
        for each in made:
            if each["kind"] == "signature":
                each["rows"].append(date_text(letter.issued_on, language))
    return made


def blocks(body: str) -> list[dict[str, Any]]:
    """A body cut into what a letter consists of: salutation, paragraphs, lists, signature.

    A blank line ends a block. Lines that begin with ``- `` are a list, with ``□ `` boxes to tick; the first block is
    the salutation when it ends in a colon or comma; a block with ``Yours`` or 经办人 is the signature.
    """
    made: list[dict[str, Any]] = []
    for number, raw in enumerate(re.split(r"\n[ \t]*\n", body.strip())):
        rows = [row.strip() for row in raw.splitlines() if row.strip()]
        if not rows:
            continue
        if number == 0 and len(rows) == 1 and rows[0][-1] in "：:,，":
            kind = "salutation"
        elif all(row.startswith("- ") for row in rows):
            kind, rows = "list", [row[2:] for row in rows]
        elif all(row.startswith("□ ") for row in rows):
            kind, rows = "boxes", [row[2:] for row in rows]
        elif any(_SIGNS.match(row) for row in rows):
            kind = "signature"
        else:
            kind = "paragraph"
        made.append({"kind": kind, "rows": rows})
    return made
