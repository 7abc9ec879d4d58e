"""The portal says that a notice was shown or opened, or what the person wrote under it."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import Struct

from mora.channels.terms import Incoming, Kind, Receipt
from mora.core.errors import BadInput


class Shown(Struct, frozen=True, tag="shown", tag_field="event", forbid_unknown_fields=True):
    """The person's list of notices was shown with it: it is delivered."""

    notice: str
    at: datetime


class Opened(Struct, frozen=True, tag="opened", tag_field="event", forbid_unknown_fields=True):
    """The notice itself was opened."""

    notice: str
    at: datetime


class Answered(Struct, frozen=True, tag="answered", tag_field="event", forbid_unknown_fields=True):
    """The person wrote something under it."""

    id: str
    notice: str
    sender: str
    text: str
    at: datetime


def read(raw: bytes) -> tuple[Receipt | Incoming, ...]:
    """One event of the portal, as JSON.

    :raises BadInput: it is none.
    """
    try:
        event = msgspec.json.decode(raw, type=Shown | Opened | Answered)
    except msgspec.DecodeError as error:
        raise BadInput(f"This is no event of the portal: {error}. Accepted are shown, opened and answered.") from error
    if isinstance(event, Answered):
        return (Incoming(event.id, event.sender, event.text, event.at, in_reply_to=event.notice),)
    kind = Kind.READ if isinstance(event, Opened) else Kind.DELIVERED
    return (Receipt(event.notice, kind, event.at),)
