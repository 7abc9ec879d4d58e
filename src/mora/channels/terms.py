"""The words of the ways out: a message, what became of handing it over, and what comes back.

A message carries the key of the outbox's record. Everything derived from it (Message-ID, batch file, idempotency
header) is derived from that key alone, so a second hand-over of the same record can be recognised where the protocol
allows it. How a hand-over ends is a closed set, :data:`Handed`; whoever keeps the record stores it as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Protocol

from msgspec import Meta, Struct

from mora.core.words import Words
from mora.gate.terms import Result

_KEY = r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,119}$"
Key = Annotated[str, Meta(pattern=_KEY)]
"""The outbox's key of one message to one person: letters, digits and ``._:-``, so that it can name a file."""


class Attachment(Struct, frozen=True):
    """A file that goes with a message."""

    name: str
    content: bytes
    media_type: str = "application/pdf"
    pages: int | None = None
    """Printed pages, for the price of a letter; None when nobody counted."""


class Message(Struct, frozen=True):
    """What leaves: rendered, allowed by the gate, addressed to one contact point."""

    key: Key
    to: str
    """The contact point as the channel takes it: a number with country code, a mail address, an id in the portal."""
    text: str
    subject: str = ""
    """For channels that have one."""
    language: str = "zh"
    """zh or en."""
    name: str = ""
    """Whom it is addressed to, by name."""
    address: tuple[str, ...] = ()
    """Lines of the postal address."""
    attachments: tuple[Attachment, ...] = ()
    unsubscribe_url: str = ""
    """Where one click refuses this channel; the lender's portal makes it."""
    values: Mapping[str, str] = {}
    """What a voice script fills in, by name."""

    def __post_init__(self) -> None:
        """:raises ValueError: the key could not name a file."""
        if not re.fullmatch(_KEY, self.key):
            raise ValueError(f"key {self.key!r} must be up to 120 letters, digits and ._:-, such as case-17.3")


class Whose(StrEnum):
    """Whose fault a refusal is, so that the right thing is stopped."""

    ADDRESS = "address"
    """This contact point: it does not exist or takes nothing. Lowers its quality."""
    MESSAGE = "message"
    """These words or this form: another message to the same person may pass."""
    PROVIDER = "provider"
    """The way itself: log-in, encryption, capacity. No message is to blame, and the channel may be paused."""


class Accepted(Struct, frozen=True, tag="accepted"):
    """The provider took it over."""

    ids: tuple[str, ...]
    """What receipts will call it, one for each part; empty where the provider gives none and no receipt will come."""
    units: int = 1
    """What is paid for: segments, pages, messages."""
    said: str = ""
    """The provider's own words."""
    record: str = ""
    """What was kept, where the channel keeps nothing elsewhere: the portal's notice, what null would have sent."""


class RefusedForGood(Struct, frozen=True, tag="refused_for_good"):
    """It did not leave, and trying the same again will not help."""

    code: str
    """The protocol's code, such as ``550 5.1.1`` or ``SMPP 0x0B``."""
    why: str
    """What the provider said, or what is wrong."""
    whose: Whose = Whose.MESSAGE


class RefusedForNow(Struct, frozen=True, tag="refused_for_now"):
    """It did not leave; it may be tried again."""

    code: str
    why: str
    retry_after: timedelta
    """Not before this much time has passed."""
    whose: Whose = Whose.PROVIDER


class PossiblySent(Struct, frozen=True, tag="possibly_sent"):
    """Nobody can know: the connection was lost between the hand-over and its answer, or only some parts were taken.

    It counts as sent, for every limit, and is not tried again by itself.
    """

    why: str
    ids: tuple[str, ...] = ()
    """Of the parts that were taken for certain; or what receipts would call it, if it did leave. A state made of these
    ids says nothing of the other parts."""
    units: int = 1
    """What may have to be paid for."""


Handed = Accepted | RefusedForGood | RefusedForNow | PossiblySent
"""How a hand-over ends. There is no fifth way."""


class Kind(StrEnum):
    """What a receipt says about one part of a message."""

    PENDING = "pending"
    """On its way: queued, relayed, delayed."""
    DELIVERED = "delivered"
    """It reached the contact point, or its mailbox, or the person's telephone was answered."""
    READ = "read"
    """It was opened, where the law lets us know."""
    UNDELIVERABLE = "undeliverable"
    """It will not arrive."""
    COMPLAINED = "complained"
    """The person called it unwanted; so it did arrive."""


class Fault(StrEnum):
    """Why it could not be delivered, as far as the quality of the contact point is concerned."""

    DEAD = "dead"
    """No such number or mailbox."""
    BLOCKED = "blocked"
    """The recipient, or a filter for the recipient, refuses it."""
    FULL = "full"
    """No room for it."""
    AWAY = "away"
    """Switched off, out of reach, nobody answers: may be better tomorrow."""
    OTHER = "other"


class Receipt(Struct, frozen=True):
    """One thing said about one part of one message. Receipts come twice and in any order; see ``state.py``."""

    id: str
    """One of the ids of the hand-over."""
    kind: Kind
    at: datetime | None = None
    """When it happened, as the provider says; None when it does not say."""
    code: str = ""
    said: str = ""
    fault: Fault | None = None
    """None when nothing failed or the cause is unknown."""
    result: Result | None = None
    """What became of a call, in the gate's words; None for written channels (see ``state.result``)."""
    recording: str = ""
    """Where the recording of a call lies, and what it hashes to."""
    seconds: int | None = None
    """How long the call was connected."""


class Incoming(Struct, frozen=True):
    """Something a person sent us."""

    id: str
    """The provider's id, or one derived from the bytes: the same delivery has the same id."""
    sender: str
    """The contact point it came from, as the channel writes it."""
    text: str
    at: datetime | None = None
    in_reply_to: str = ""
    """The id of our message it answers, where the protocol tells."""
    automatic: bool = False
    """A machine's answer (out of office): nobody said it."""
    opt_out: bool = False
    """It came by a way that has no other meaning than to refuse the channel."""
    part: tuple[int, int, int] | None = None
    """(reference, number, of how many) of a long text message; ``sms.receipts.joined`` puts them together."""


Record = Callable[[Receipt | Incoming], None]
"""Makes one thing that came back durable, or raises. Where the protocol acknowledges, we do it after this returned, so
what is lost in a crash is sent to us again."""


class Clock(Protocol):
    """Time as an argument."""

    def now(self) -> datetime:
        """The moment, with its zone."""

    def sleep(self, seconds: float) -> None:
        """Let that much time pass."""


class Sender(Protocol):
    """An open way out. One thread uses it."""

    def hand_over(self, message: Message) -> Handed:
        """Try once. Never raises for what the other side does; how it ended is the answer."""

    def listen(self, seconds: float) -> int:
        """Take what comes back on this connection for so long; how much was recorded. 0 where nothing ever does."""

    def close(self) -> None:
        """Leave in good order. May be repeated."""


NO_WAY: Mapping[str, Words] = {
    "not_an_address": Words("不是该渠道可用的联系方式", "not a contact point this channel can use"),
    "empty": Words("内容为空", "there is nothing in it"),
    "too_long": Words("内容超出该渠道的上限", "longer than the channel takes"),
    "changed": Words("同一编号已交付过不同内容", "the same key was handed over before with other content"),
    "attachment": Words("该渠道不能带附件", "the channel carries no files"),
    "group": Words("群机器人会向全群公开欠款信息", "a group robot would tell the whole group of the debt"),
}
"""Why we ourselves do not hand it over, before any provider is asked."""


def refused_here(why: str, whose: Whose = Whose.MESSAGE) -> RefusedForGood:
    """A refusal of our own, with the reason in both languages."""
    words = NO_WAY[why]
    return RefusedForGood(f"mora {why}", f"{words.zh} / {words.en}", whose)
