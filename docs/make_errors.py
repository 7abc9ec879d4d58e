"""Make docs/errors.md by running every bad input of tests/engine/bad, and print nothing else.

    python docs/make_errors.py            write docs/errors.md
    python docs/make_errors.py --expect   write each case's expect.yaml too (then read them before keeping them)

A case is a folder named by the code it must give. Its files are laid over tests/engine/good and imported together;
``case.yaml`` may say otherwise:

    first: true      import the good book first, then the case's files alone
    alone: true      the case's files alone
    feed: NAME       as with --feed
    book: foreign    the book's directory holds something else
    book: locked     another process is writing to it
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from mora.core.words import Language
from mora.engine.book import import_book
from mora.engine.book.lock import writing
from mora.feeds.faults import FILE_FAULTS, ROW_FAULTS, WARNINGS, RefusedBook, Told, visible

ROOT = Path(__file__).parent.parent
BAD, GOOD, PAGE = ROOT / "tests/engine/bad", ROOT / "tests/engine/good", ROOT / "docs/errors.md"
_SHOWN_LINES = 6


@dataclass(frozen=True)
class Outcome:
    """What running a case gave."""

    told: Told
    """The fault the case is named for."""
    codes: dict[str, int]
    """Rows set aside by code; empty when the import was refused or only warned."""
    refused: bool

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as expect.yaml holds them."""
        zh, en = self.told.finding(Language.ZH), self.told.finding(Language.EN)
        return {
            "refused": self.refused, "file": en.file, "row": en.row, "column": en.column, "value": en.value,
            "zh": zh.message, "en": en.message, "expected_zh": zh.expected, "expected_en": en.expected,
            "set_aside": self.codes,
        }  # fmt: skip


def cases() -> list[Path]:
    """The folders of bad inputs, in the order the codes are declared."""
    order = [*FILE_FAULTS, *ROW_FAULTS, *WARNINGS]
    return sorted((p for p in BAD.iterdir() if p.is_dir()), key=lambda p: (order.index(p.name), p.name))


@cache
def run(case: Path) -> Outcome:
    """Import the case into a new book and return what it said.

    :raises LookupError: it did not say what it is named for.
    """
    setting = yaml.safe_load((case / "case.yaml").read_text()) if (case / "case.yaml").exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        source, book = Path(folder) / "in", Path(folder) / "book"
        source.mkdir()
        if setting.get("first"):
            import_book(GOOD, book)
        elif not setting.get("alone"):
            shutil.copytree(GOOD, source, dirs_exist_ok=True)
        for path in case.iterdir():
            if path.name not in ("case.yaml", "expect.yaml"):
                for other in source.glob(path.stem + ".*"):
                    other.unlink()
                shutil.copy(path, source)
        if setting.get("book") == "foreign":
            book.mkdir()
            (book / "holiday.jpg").touch()
        if setting.get("book") == "locked":
            with writing(book):
                return _import(case.name, source, book, setting.get("feed"))
        return _import(case.name, source, book, setting.get("feed"))


def _import(code: str, source: Path, book: Path, feed: str | None) -> Outcome:
    try:
        report = import_book(source, book, feed=feed)
    except RefusedBook as refused:
        told = [t for t in refused.told if t.code == code]
        if not told:
            raise LookupError(f"{code}: refused with {refused}") from refused
        return Outcome(_without_places(told[0], source, book), {}, True)
    told = [t for t in (*report.examples, *report.warnings) if t.code == code]
    if not told:
        raise LookupError(f"{code}: gave {report.codes} {[w.code for w in report.warnings]}")
    return Outcome(told[0], report.codes, False)


def _without_places(told: Told, source: Path, book: Path) -> Told:
    """The same without this machine's temporary paths and process numbers, and without the feeds a lender adds."""
    detail = told.detail.replace(str(book), "BOOK").replace(str(source), "DIR")
    if told.code == "BOOK.LOCKED":
        detail = "4711"
    if told.code == "BOOK.UNKNOWN_FEED":
        detail = "csv, excel, parquet, ..."
    return Told(told.code, told.file.replace(str(source), "DIR"), told.row, told.column, told.value, detail)


def page() -> str:
    """The text of docs/errors.md."""
    groups = (
        ("Files: the import is refused, the book stays as it was (exit code 2)", FILE_FAULTS),
        ("Rows: set aside in BOOK/quarantine, the others are kept (exit code 1)", ROW_FAULTS),
        ("Warnings: used as it is, somebody should look", WARNINGS),
    )
    lines = ["# Messages of the import", "",
             "Made by `docs/make_errors.py` from the bad inputs in `tests/engine/bad`: each was run, and this is what",
             "it said. Codes are stable. `--lang zh` or `--lang en` chooses the language in the terminal; quarantine",
             "files hold both.", ""]  # fmt: skip
    by_code = {case.name: case for case in cases()}
    for title, faults in groups:
        lines += [f"## {title}", ""]
        for code in faults:
            lines += _entry(code, by_code[code])
    return "\n".join(lines).rstrip() + "\n"


def _entry(code: str, case: Path) -> list[str]:
    outcome = run(case).as_dict()
    where = outcome["file"] + (f", line {outcome['row']}" if outcome["row"] is not None else "")
    place = "; ".join(filter(None, [where, f"column {outcome['column']}" if outcome["column"] else "",
                                    f"value `{outcome['value'][:60]}`" if outcome["value"] else ""]))  # fmt: skip
    zh, en = (
        (f"应为：{outcome['expected_zh']}", f" Expected: {outcome['expected_en']}")
        if outcome["expected_en"]
        else ("", "")
    )
    lines = [f"### {code}", "", f"- {_ended(outcome['zh'], '。')}{zh}", f"- {_ended(outcome['en'], '.')}{en}"]
    if place:
        lines.append(f"- Here: {place}")
    if outcome["set_aside"] and outcome["set_aside"] != {code: 1}:
        lines.append("- Set aside with it: " + ", ".join(f"{n} x {c}" for c, n in outcome["set_aside"].items()))
    shown = _excerpt(case, outcome)
    return [*lines, "", *(["```text", *shown, "```", ""] if shown else [])]


def _ended(text: str, stop: str) -> str:
    return text if text.endswith(("?", "？", ".", "。")) else text + stop


def _excerpt(case: Path, outcome: dict[str, Any]) -> list[str]:
    """The header and the line at fault of a text file."""
    path = case / outcome["file"] if outcome["file"] else None
    if path is None or not path.is_file() or path.suffix != ".csv" or not path.stat().st_size:
        return []
    try:
        text = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError:
        return []
    row = outcome["row"]
    picked = [text[0], text[row - 1]] if row and row > 1 else text[:2]
    return [visible(line.rstrip("\r"))[:120] for line in picked if line][:_SHOWN_LINES]


if __name__ == "__main__":
    if "--expect" in sys.argv:
        for case in cases():
            told = run(case).as_dict()
            text = "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in told.items())
            (case / "expect.yaml").write_text(text + "\n", encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
