"""Bringing a loan book in through the browser, as ``mora import`` does on the server.

 1. the files are laid into a folder of their own, readable by nobody else, within the policy's limits
 2. who brings what is recorded, with the hash of each file
 3. the import: the book is as it was, or has a new generation
 4. what came of it is recorded; the folder goes

The book cannot be committed together with the database. A server killed between 3 and 4 leaves an upload that is
begun, and a book that has its rows; the same files brought in again are known and change nothing.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings
from django.db import transaction

from mora.casework.book import held_paths
from mora.casework.policy_files import intake_limits
from mora.casework.rights import require
from mora.casework.unpacking import Given, lay
from mora.core.errors import Refused
from mora.core.words import Language, Words
from mora.engine import snapshots
from mora.engine.book import ImportReport, import_book, open_book
from mora.engine.book.lock import writing
from mora.engine.book.manifest import MANIFEST, Book
from mora.engine.book.quarantine import OWN
from mora.engine.hot.touched import keep_touched
from mora.feeds.faults import RefusedBook, Told, accepted, sentence, visible
from mora.store import audit
from mora.store.models import Upload, User

PERSONAL = frozenset({"name", "id_number", "value", "born_on", "employer"})
"""Columns whose content stays off the screen; the file that is taken out holds it."""
HIDDEN = "***"


def book_path() -> Path:
    """Where the main book of this installation lies, or will. Other books are imported on the server.

    :raises Refused: none is named.
    """
    paths = held_paths()
    if not paths:
        raise Refused(
            Words(
                "尚未指定账簿目录；请设置 MORA_BOOK 后重新启动",
                "no folder is named for the book; set MORA_BOOK and start again",
            )
        )
    return paths[0]


def book_if_any() -> Book | None:
    """The book, or None while nothing was imported yet.

    :raises Refused: none is named, or what is named is something else.
    """
    path = book_path()
    return open_book(path) if (path / MANIFEST).is_file() else None


def main_book() -> Book:
    """The book.

    :raises Refused: nothing was imported yet, none is named, or what is named is something else.
    """
    book = book_if_any()
    if book is None:
        raise Refused(Words("账簿还是空的，请先导入", "the book is still empty; bring files in first"))
    return book


def bring_in(user: User, given: Sequence[Given], at: datetime) -> tuple[Upload, Refused | None]:
    """Import what was given; an upload that is refused says why and left the book as it was.

    :returns: what is recorded of it, and why it was refused.
    :raises NotAllowed: the person may not.
    """
    require(user, "import_book", None, at.date())
    folder = Path(settings.HOME) / "intake" / uuid.uuid4().hex
    folder.mkdir(parents=True, mode=0o700)
    upload = Upload(at=at, by=user, files=[{"name": (each.name or "")[:200]} for each in given])
    try:
        laid = lay(given, folder, intake_limits())
        upload.files = laid.files
        with transaction.atomic():
            upload.save()
            audit.append(user.username, "book.upload", f"upload {upload.pk}", at=at, files=laid.files)
        path = book_path()
        report = import_book(folder, path, at=at)
        if report.changed and (path / snapshots.FOLDER).is_dir():
            with writing(path):
                keep_touched(open_book(path))
        _taken(upload, report, laid.left_out, at)
    except Refused as refusal:
        _refused(upload, refusal, at)
        return upload, refusal
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return upload, None


def _taken(upload: Upload, report: ImportReport, left_out: Sequence[Told], at: datetime) -> None:
    upload.state = Upload.State.TAKEN if report.changed else Upload.State.UNCHANGED
    upload.import_id, upload.tables, upload.codes = report.import_id, report.tables, report.codes
    upload.told = [asdict(each) for each in (*report.warnings, *left_out)]
    with transaction.atomic():
        upload.save()
        audit.append(
            upload.by.username, "book.import", f"upload {upload.pk}", at=at, import_id=report.import_id,
            changed=report.changed, rows={name: told["rows"] for name, told in report.tables.items()},
        )  # fmt: skip


def _refused(upload: Upload, refusal: Refused, at: datetime) -> None:
    upload.state = Upload.State.REFUSED
    if isinstance(refusal, RefusedBook):
        upload.told = [asdict(each) for each in refusal.told]
    else:
        upload.told = [{"zh": refusal.words.zh, "en": refusal.words.en}]
    with transaction.atomic():
        upload.save()
        why = [each.get("code") or each.get("en") for each in upload.told]
        audit.append(upload.by.username, "book.refuse", f"upload {upload.pk}", at=at, why=why)


def lines(upload: Upload, language: Language) -> list[str]:
    """Warnings and refusals about whole files, in words."""
    return [Told(**each).line(language) if "code" in each else _ended(each, language) for each in upload.told]


def _ended(told: dict[str, str], language: Language) -> str:
    """Words kept in both languages, as a sentence of one."""
    text = told[language.value].rstrip("。.")
    return text + "。" if language is Language.ZH else text[:1].upper() + text[1:] + "."


@dataclass(frozen=True, slots=True)
class AsideRow:
    """One row that was set aside: where it stands, why, and what would be accepted."""

    file: str
    row: int
    of: str
    """Loan or party of the row, where it says one."""
    column: str
    value: str
    """Personal values stay hidden."""
    code: str
    message: str
    expected: str
    also: str


def _files_aside(book: Book, import_id: str) -> list[Path]:
    """What an import set aside, a Parquet file for each file that was read.

    :raises Refused: the book knows no such import.
    """
    if import_id not in {str(done["id"]) for done in book.imports}:
        raise Refused(Words(f"账簿中没有编号为 {import_id} 的导入", f"the book knows no import {import_id}"))
    folder = book.path / "quarantine" / import_id
    return sorted(folder.glob("*.parquet")) if folder.is_dir() else []


def set_aside(book: Book, import_id: str, language: Language, *, skip: int, size: int) -> tuple[list[AsideRow], int]:
    """Rows set aside by an import, from the ``skip``-th on, and how many there are in all.

    :raises Refused: the book knows no such import.
    """
    found: list[AsideRow] = []
    total = 0
    for path in _files_aside(book, import_id):
        frame = pl.scan_parquet(path)
        count = int(frame.select(pl.len()).collect().item())
        first = max(0, skip - total)
        if len(found) < size and first < count:
            rows = frame.slice(first, size - len(found)).collect().to_dicts()
            found += [_aside(row, language) for row in rows]
        total += count
    return found, total


def _aside(row: dict[str, Any], language: Language) -> AsideRow:
    code, column, value = row["code"], row["column"], row["value"] or ""
    message, expected = row[f"message_{language.value}"], row[f"expected_{language.value}"]
    if value and column.strip().lower() in PERSONAL:
        # The sentence is made anew, since it may say the value.
        message = sentence(code, language, column=column, value=HIDDEN)
        expected, value = accepted(code, language, column=column, value=HIDDEN), HIDDEN
    of = next((str(row[name]) for name in (OWN + "loan_id", OWN + "party_id") if row.get(name)), "")
    return AsideRow(row["file"], row["row"], of, column, visible(value), code, message, expected, row["also"] or "")


def take_out_set_aside(user: User, book: Book, import_id: str, at: datetime) -> list[tuple[str, pl.DataFrame]]:
    """Everything an import set aside, as given and with the reasons, for a file that leaves the house: recorded first.

    :returns: name of the file that was read, and its rows as text.
    :raises NotAllowed: the person may not.
    :raises Refused: the book knows no such import.
    """
    require(user, "import_book", None, at.date())
    frames = [(path.stem, pl.read_parquet(path)) for path in _files_aside(book, import_id)]
    with transaction.atomic():
        audit.append(user.username, "book.set_aside", import_id, at=at, rows=sum(len(frame) for _, frame in frames))
    return frames
