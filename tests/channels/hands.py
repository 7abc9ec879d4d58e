"""What the tests of the channels hold: a clock that is moved by hand, and somebody who records."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from mora.channels.terms import Incoming, Message, Receipt

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


class HandClock:
    """A clock that moves only when it is slept on or set."""

    def __init__(self) -> None:
        self.at = START
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)


class Book:
    """Records what comes back; can be told to fail."""

    def __init__(self) -> None:
        self.rows: list[Receipt | Incoming] = []
        self.broken = False

    def __call__(self, row: Receipt | Incoming) -> None:
        if self.broken:
            raise OSError("disk full")
        self.rows.append(row)

    @property
    def receipts(self) -> list[Receipt]:
        return [row for row in self.rows if isinstance(row, Receipt)]

    @property
    def incoming(self) -> list[Incoming]:
        return [row for row in self.rows if isinstance(row, Incoming)]


def message(text: str = "您好", to: str = "+8613800138000", key: str = "m-1", **more: object) -> Message:
    return Message(key=key, to=to, text=text, **more)  # type: ignore[arg-type]
