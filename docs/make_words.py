"""Bring the words of the pages up to date: every text marked in templates and code gets its entry in the catalogues.

Run after changing a page: ``PYTHONPATH=src python docs/make_words.py``. Translations that exist stay; what no page says
any more goes. ``tests/web/test_words.py`` fails while a Chinese entry is empty.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[1]
WEB = ROOT / "src/mora/web"
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
HEADER = "# Words of Mora's pages. Made by docs/make_words.py; translations are written here by hand."


def said() -> Iterator[tuple[str | tuple[str, str], str | None]]:
    """Every text that pages, models and acts say, with its context."""
    if not settings.configured:
        settings.configure()
    folders = (WEB, ROOT / "src/mora/store")
    for folder in folders:
        for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.html")]):
            if "migrations" in path.parts:
                continue
            text = path.read_text(encoding="utf-8")
            if path.suffix == ".html":
                text = templatize(text, origin=str(path))
            found = extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"})
            for _line, message, _comments, context in found:
                plain = message if isinstance(message, tuple) else (message,)
                if all(plain):
                    yield message, context


def update(code: str) -> Catalog:
    """The catalogue of a language with every text in it, in the order of the alphabet."""
    path = WEB / "locale" / code / "LC_MESSAGES" / "django.po"
    old = read_po(path.open("rb"), locale=code) if path.exists() else Catalog(locale=code)
    new = Catalog(locale=code, project="Mora", fuzzy=False, header_comment=HEADER)
    texts = sorted(set(said()), key=str)
    for message, context in texts if code != "en" else []:
        held = old.get(message[0] if isinstance(message, tuple) else message, context)
        empty: str | tuple[str, ...] = ("",) if isinstance(message, tuple) else ""
        new.add(message, held.string if held is not None else empty, context=context, flags=_flags(message))
    path.parent.mkdir(parents=True, exist_ok=True)
    out = io.BytesIO()
    write_po(out, new, width=120, no_location=True, sort_output=True, omit_header=False)
    # Dates of making would make every run a change.
    dated = "POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid-Bugs-To"
    text = re.sub(rf'"({dated}): .*\n', "", out.getvalue().decode())
    path.write_text(text, encoding="utf-8")
    return new


def _flags(message: str | tuple[str, ...]) -> list[str]:
    text = message if isinstance(message, str) else message[0]
    return ["python-format"] if re.search(r"%\(\w+\)[sd]", text) else []


if __name__ == "__main__":
    for each in ("zh_Hans", "en"):
        catalogue = update(each)
        missing = [m.id for m in catalogue if m.id and not all(m.string if isinstance(m.string, tuple) else [m.string])]
        print(f"{each}: {len(catalogue)} texts, {len(missing)} without translation")
        for text in missing:
            print(f"  {text!r}")
