"""Hand over to nobody."""

from __future__ import annotations

import hashlib

import msgspec

from mora.channels.null.settings import Settings
from mora.channels.terms import Accepted, Clock, Handed, Message, Record, refused_here
from mora.gate.terms import Channel

GATE = frozenset(Channel)


def sender(settings: Settings, clock: Clock, record: Record) -> Null:  # noqa: ARG001 - the same in every channel
    """A sender that sends nothing."""
    return Null()


class Null:
    """Says what would have left."""

    def hand_over(self, message: Message) -> Handed:
        """Accepted, with what would have left as JSON; files are told by name, size and sha256."""
        if not message.text.strip() and not message.attachments:
            return refused_here("empty")
        files = [
            {"name": each.name, "bytes": len(each.content), "sha256": hashlib.sha256(each.content).hexdigest()}
            for each in message.attachments
        ]
        left = {
            "to": message.to, "name": message.name, "subject": message.subject, "text": message.text,
            "language": message.language, "files": files,
        }  # fmt: skip
        return Accepted((f"null-{message.key}",), said="nothing left", record=msgspec.json.encode(left).decode())

    def listen(self, seconds: float) -> int:  # noqa: ARG002
        """Nothing comes back."""
        return 0

    def close(self) -> None:
        """Nothing is open."""
