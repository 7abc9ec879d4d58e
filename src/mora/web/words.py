"""The words of the pages: ``locale/*/LC_MESSAGES/*.po`` are compiled by Babel when the application starts, into the
installation's own folder, so that nobody needs gettext.

English is written in the pages themselves; ``en`` only holds what reads differently from its key.
"""

from __future__ import annotations

import os
from pathlib import Path

SOURCE = Path(__file__).parent / "locale"


def compile_words(target: Path, source: Path = SOURCE) -> int:
    """Compile every catalogue that is newer than what was compiled from it; says how many were.

    Each file is put in place in one step: a second process starting at the same moment reads the old or the new.
    """
    made = 0
    for po in sorted(source.glob("*/LC_MESSAGES/*.po")):
        mo = target / po.relative_to(source).with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        from babel.messages.mofile import write_mo  # noqa: PLC0415  only when there is something to compile
        from babel.messages.pofile import read_po  # noqa: PLC0415

        with po.open("rb") as text:
            catalogue = read_po(text, locale=po.parts[-3], domain=po.stem)
        mo.parent.mkdir(parents=True, exist_ok=True)
        new = mo.with_name(f"{mo.name}.{os.getpid()}")
        with new.open("wb") as out:
            write_mo(out, catalogue)
        new.replace(mo)
        made += 1
    return made
