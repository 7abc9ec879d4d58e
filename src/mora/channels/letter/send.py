"""Fill a batch, close it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import timedelta

import msgspec
from msgspec import Struct

from mora.channels.letter.durable import keep, write
from mora.channels.letter.settings import Settings
from mora.channels.prices import pages
from mora.channels.terms import Accepted, Clock, Handed, Message, Record, RefusedForNow, Whose, refused_here
from mora.gate.terms import Channel

GATE = frozenset({Channel.LETTER})
OPEN = "batch.open"
ADDRESSES = ("no", "key", "file", "pages", "name", "address")
REGISTER = ("no", "key", "name", "address", "service", "tracking_number", "posted_on", "ended", "ended_on")
"""The last four are for the printer and the post: number, day, ``delivered`` or ``returned``, day."""


class Entry(Struct, frozen=True):
    """One letter of a batch, kept as JSON beside its PDF."""

    key: str
    name: str
    address: tuple[str, ...]
    pages: int | None
    files: int


def sender(settings: Settings, clock: Clock, record: Record) -> Letters:  # noqa: ARG001 - the same in every channel
    """A writer of batches."""
    return Letters(settings, clock)


class Letters:
    """The batch being filled, by one process at a time."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock

    def hand_over(self, message: Message) -> Handed:
        """Accepted when the letter lies in the batch, durable.

        The same key with the same content is accepted again and lies there once, also after its batch was closed; with
        other content it is refused for good.
        """
        if not message.name.strip() or not any(line.strip() for line in message.address):
            return refused_here("not_an_address", Whose.ADDRESS)
        files = [each.content for each in message.attachments if each.media_type == "application/pdf"]
        if not files or any(not each.startswith(b"%PDF-") for each in files):
            return refused_here("empty")
        counted = pages(message.attachments)
        entry = Entry(message.key, message.name, message.address, counted, len(files))
        try:
            fresh = self._put(entry, files)
        except OSError as error:
            return RefusedForNow(f"OS {error.errno}", str(error.strerror), timedelta(hours=1), Whose.PROVIDER)
        if not fresh:
            return refused_here("changed")
        return Accepted((message.key,), units=counted or 1)

    def _put(self, entry: Entry, files: Sequence[bytes]) -> bool:
        wanted = {f"{entry.key}-{n}.pdf": content for n, content in enumerate(files, 1)}
        wanted[f"{entry.key}.json"] = msgspec.json.encode(entry)  # last: it says that the letter is complete
        for folder in (*sorted(self._settings.path.glob("batch-*")), self._settings.path / OPEN):
            if (folder / f"{entry.key}.json").exists():
                return all((folder / name).read_bytes() == wanted[name] for name in reversed(wanted))
        folder = self._settings.path / OPEN
        folder.mkdir(parents=True, exist_ok=True)
        keep(self._settings.path)
        for name, content in wanted.items():
            write(folder / name, content)
        return True

    def close_batch(self) -> str | None:
        """Write the two sheets, give the batch its number and the clock's date; its name, or None when it is empty.

        A crash in between leaves it open, and closing again does the rest.
        """
        folder = self._settings.path / OPEN
        entries = [msgspec.json.decode(each.read_bytes(), type=Entry) for each in sorted(folder.glob("*.json"))]
        if not entries:
            return None
        for leftover in folder.glob(".*.part"):
            leftover.unlink()
        write(folder / "addresses.csv", _sheet(ADDRESSES, [_addressed(n, each) for n, each in enumerate(entries, 1)]))
        service = self._settings.service
        rows = [(n, e.key, e.name, " ".join(e.address), service, "", "", "", "") for n, e in enumerate(entries, 1)]
        write(folder / "register.csv", _sheet(REGISTER, rows))
        day = f"batch-{self._clock.now():%Y%m%d}"
        number = 1 + sum(1 for _ in self._settings.path.glob(f"{day}-*"))
        name = f"{day}-{number:02}"
        folder.rename(self._settings.path / name)
        keep(self._settings.path)
        return name

    def listen(self, seconds: float) -> int:  # noqa: ARG002
        """The register comes back by ``receipts.read``."""
        return 0

    def close(self) -> None:
        """The batch stays open for more letters."""


def _addressed(number: int, entry: Entry) -> tuple[object, ...]:
    files = " ".join(f"{entry.key}-{n}.pdf" for n in range(1, entry.files + 1))
    return number, entry.key, files, entry.pages if entry.pages is not None else "", entry.name, " ".join(entry.address)


def _sheet(header: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """A CSV a spreadsheet opens with its Chinese characters, and never takes for a formula."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(header)
    writer.writerows([[_plain(str(cell)) for cell in row] for row in rows])
    return sheet.getvalue().encode("utf-8-sig")


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
