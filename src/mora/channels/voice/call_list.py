"""Calls as a file for diallers that take lists, and the list of results back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

import msgspec

from mora.channels.terms import Incoming, Message, Receipt
from mora.channels.voice.receipts import Ended, receipt
from mora.core.errors import BadInput
from mora.core.findings import Finding

COLUMNS = ("key", "number", "name", "language", "text", "values")
RESULTS = ("call_id", "key", "result", "at", "seconds", "recording", "recording_sha256")
_NUMBER = re.compile(r"\+?[0-9]{5,20}")


def call_list(messages: Iterable[Message]) -> bytes:
    """The list as CSV. A call's id is the message's key.

    Numbers are written without their plus, and no other cell can begin a formula when a spreadsheet opens it.

    :raises BadInput: a number is none, or a key comes twice.
    """
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    seen: set[str] = set()
    for each in messages:
        if not _NUMBER.fullmatch(each.to):
            raise BadInput(f"Message {each.key}: {each.to!r} is not a telephone number such as +8613800138000.")
        if each.key in seen:
            raise BadInput(f"Message {each.key} is in the list twice.")
        seen.add(each.key)
        values = msgspec.json.encode(dict(each.values)).decode()
        writer.writerow([each.key, each.to.lstrip("+"), _plain(each.name), each.language, _plain(each.text), values])
    return sheet.getvalue().encode("utf-8-sig")


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def results(raw: bytes) -> tuple[Receipt | Incoming, ...]:
    """The results of a list, every row or none.

    :raises BadInput: a column is missing or a row is no result; each such row is a finding.
    """
    rows = csv.DictReader(io.StringIO(raw.decode("utf-8-sig", errors="replace")))
    missing = {"call_id", "result", "at"} - set(rows.fieldnames or ())
    if missing:
        raise BadInput(f"The results lack {', '.join(sorted(missing))}; their columns are {', '.join(RESULTS)}.")
    made: list[Receipt | Incoming] = []
    wrong: list[Finding] = []
    for number, row in enumerate(rows, 2):
        try:
            made += _read({name: value for name, value in row.items() if name in RESULTS and value})
        except (msgspec.ValidationError, BadInput) as error:
            wrong.append(Finding("VOICE.RESULT", str(error), row=number, expected=", ".join(RESULTS)))
    if wrong:
        raise BadInput(f"{len(wrong)} rows are no results of calls: {wrong[0]}", tuple(wrong))
    return tuple(made)


def _read(row: dict[str, str]) -> Iterator[Receipt | Incoming]:
    yield from receipt(msgspec.convert(row, Ended, strict=False))
