"""The register comes back from the printer and the post."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from mora.channels.letter.send import REGISTER
from mora.channels.terms import Fault, Incoming, Kind, Receipt
from mora.core.errors import BadInput
from mora.core.findings import Finding

_ZONE = ZoneInfo("Asia/Shanghai")
_ENDED = {
    "delivered": (Kind.DELIVERED, None), "妥投": (Kind.DELIVERED, None),
    "returned": (Kind.UNDELIVERABLE, Fault.OTHER), "退回": (Kind.UNDELIVERABLE, Fault.OTHER),
    "refused": (Kind.UNDELIVERABLE, Fault.BLOCKED), "拒收": (Kind.UNDELIVERABLE, Fault.BLOCKED),
    "no_such_address": (Kind.UNDELIVERABLE, Fault.DEAD), "地址不详": (Kind.UNDELIVERABLE, Fault.DEAD),
}  # fmt: skip
"""What the post says in column ``ended``. Whether a refusal counts as service is for the law, not for here."""


def read(raw: bytes) -> tuple[Receipt | Incoming, ...]:
    """A register of posting as receipts: ``pending`` for what was posted, and how it ended where the post said so.

    :param raw: ``register.csv``, UTF-8 or GB18030 as Chinese spreadsheets save it. Days are those of the post in China.
    :raises BadInput: a column is missing, or a row says something else; every such row is a finding.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", errors="replace")
    sheet = csv.DictReader(io.StringIO(text))
    missing = set(REGISTER) - set(sheet.fieldnames or ())
    if missing:
        raise BadInput(f"The register lacks {', '.join(sorted(missing))}; its columns are {', '.join(REGISTER)}.")
    made: list[Receipt | Incoming] = []
    wrong: list[Finding] = []
    for number, row in enumerate(sheet, 2):
        try:
            made += _receipts({name: (value or "").strip() for name, value in row.items() if name})
        except ValueError as error:
            wrong.append(Finding("LETTER.REGISTER", str(error), row=number, expected=f"one of {', '.join(_ENDED)}"))
    if wrong:
        raise BadInput(f"{len(wrong)} rows of the register cannot be read: {wrong[0]}", tuple(wrong))
    return tuple(made)


def _receipts(row: dict[str, str]) -> Iterator[Receipt]:
    if row["posted_on"]:
        yield Receipt(row["key"], Kind.PENDING, _day(row["posted_on"]), said=row["tracking_number"])
    if row["ended"]:
        if row["ended"] not in _ENDED:
            raise ValueError(f"The letter {row['key']} is said to have ended as {row['ended']!r}.")
        kind, fault = _ENDED[row["ended"]]
        at = _day(row["ended_on"]) if row["ended_on"] else None
        yield Receipt(row["key"], kind, at, code=row["ended"], said=row["tracking_number"], fault=fault)


def _day(text: str) -> datetime:
    return datetime.combine(date.fromisoformat(text), time(), _ZONE)
