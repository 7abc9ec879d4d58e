"""Make the notice."""

from __future__ import annotations

import base64
from datetime import datetime

import msgspec
from msgspec import Struct

from mora.channels.portal.settings import Settings
from mora.channels.terms import Accepted, Clock, Handed, Message, Record, Whose, refused_here
from mora.gate.terms import Channel

GATE: frozenset[Channel] = frozenset()
"""A person who opens the lender's app has come by himself: the gate knows no such channel."""


class NoticeFile(Struct, frozen=True):
    """A file of a notice."""

    name: str
    media_type: str
    content_base64: str


class Notice(Struct, frozen=True):
    """What the portal shows."""

    id: str
    to: str
    """Whose portal: the id the lender knows the person by."""
    at: datetime
    subject: str
    text: str
    language: str
    files: tuple[NoticeFile, ...] = ()


def sender(settings: Settings, clock: Clock, record: Record) -> Portal:  # noqa: ARG001 - the same in every channel
    """A maker of notices."""
    return Portal(settings, clock)


class Portal:
    """Turns messages into notices."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock

    def hand_over(self, message: Message) -> Handed:
        """Accepted, with the notice as JSON in ``record``; handed over again it has the same id."""
        if not message.to.strip():
            return refused_here("not_an_address", Whose.ADDRESS)
        if not message.text.strip():
            return refused_here("empty")
        if len(message.text) > self._settings.max_characters:
            return refused_here("too_long")
        files = tuple(
            NoticeFile(each.name, each.media_type, base64.b64encode(each.content).decode())
            for each in message.attachments
        )
        notice = Notice(
            f"notice-{message.key}",
            message.to,
            self._clock.now(),
            message.subject,
            message.text,
            message.language,
            files,
        )
        return Accepted((notice.id,), record=msgspec.json.encode(notice).decode())

    def listen(self, seconds: float) -> int:  # noqa: ARG002
        """The portal reports by ``receipts.read``."""
        return 0

    def close(self) -> None:
        """Nothing is open."""
