"""Where packs lie and how a file is cut into records.

A pack file is a list; each record begins with ``- id:`` at the margin. The cut is textual, so that loading a
jurisdiction reads its files but parses only the records somebody asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from mora.law.vocabulary import Jurisdiction

_RECORD = re.compile(r"^- id:[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PackFile:
    """The text of one file and the name findings call it by."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """The text of one rule, not yet parsed."""

    id: str
    text: str
    file: str
    line: int
    """Line in the file on which the record begins."""


def packaged() -> Traversable:
    """The folder of packs that comes with Mora."""
    return files("mora.law") / "packs"


def jurisdiction_files(jurisdiction: Jurisdiction) -> Iterator[PackFile]:
    """Every packaged file of a jurisdiction, in the order of their names."""
    yield from read_tree(packaged() / jurisdiction.value, f"packs/{jurisdiction.value}")


def house_files(house: str | Path) -> Iterator[PackFile]:
    """Every file of a house pack: a packaged one by its name, or a directory (or one file) of the lender's own.

    :raises FileNotFoundError: there is no such pack.
    """
    folder = packaged() / "house" / str(house) if isinstance(house, str) and re.fullmatch(r"[\w-]+", house) else None
    if folder is not None and folder.is_dir():
        yield from read_tree(folder, f"packs/house/{house}")
        return
    path = Path(house)
    if not path.exists():
        raise FileNotFoundError(f"there is no house pack {house}")
    yield from read_tree(path, str(path)) if path.is_dir() else iter((PackFile(str(path), _text(path)),))


def read_tree(folder: Traversable, name: str) -> Iterator[PackFile]:
    """Every ``.yaml`` file below a folder, in the order of their names."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        inner = f"{name}/{entry.name}"
        if entry.is_dir():
            yield from read_tree(entry, inner)
        elif entry.name.endswith((".yaml", ".yml")):
            yield PackFile(inner, _text(entry))


def _text(file: Traversable) -> str:
    # A byte that is not UTF-8 becomes U+FFFD, which the strict reading refuses with its line.
    return file.read_bytes().decode("utf-8-sig", errors="replace")


def cut(file: PackFile) -> tuple[Record, ...]:
    """The records of a file. What stands before the first is left to the check of whole files."""
    starts = list(_RECORD.finditer(file.text))
    ends = [match.start() for match in starts[1:]] + [len(file.text)]
    records: list[Record] = []
    line, counted = 1, 0
    for match, end in zip(starts, ends, strict=True):
        line += file.text.count("\n", counted, match.start())
        counted = match.start()
        records.append(Record(match[1], file.text[match.start() : end], file.name, line))
    return tuple(records)
