"""What the gateway delivers to us: receipts, and what people wrote.

The text of a receipt (SMPP 3.4, appendix B) is a convention many gateways bend, so it is read field by field:
``id:... stat:DELIVRD err:000 done date:2603021015``. Optional parameters, where there are any, go before the text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from mora.channels.sms.segments import gsm7, split_header
from mora.channels.sms.settings import Settings
from mora.channels.terms import Fault, Incoming, Kind, Receipt

_UDH, _TYPE, _RECEIPTS = 0x40, 0x3C, frozenset({0x04, 0x20})
"""Bits of esm_class: a header begins the body; what it is; a receipt, final or intermediate."""
_FIELD = re.compile(r"(id|stat|err|done date):\s*([^\s]*)", re.IGNORECASE)
_STATES = {
    "DELIVRD": Kind.DELIVERED, "ACCEPTD": Kind.PENDING, "ENROUTE": Kind.PENDING, "UNKNOWN": Kind.PENDING,
    "SCHEDUL": Kind.PENDING, "EXPIRED": Kind.UNDELIVERABLE, "DELETED": Kind.UNDELIVERABLE,
    "UNDELIV": Kind.UNDELIVERABLE, "REJECTD": Kind.UNDELIVERABLE, "SKIPPED": Kind.UNDELIVERABLE,
}  # fmt: skip
_BY_NUMBER = {
    1: "ENROUTE",
    2: "DELIVRD",
    3: "EXPIRED",
    4: "DELETED",
    5: "UNDELIV",
    6: "ACCEPTD",
    7: "UNKNOWN",
    8: "REJECTD",
}
"""message_state (SMPP 3.4, 5.2.28)."""
_CODINGS = {0x01: "ascii", 0x03: "latin-1", 0x08: "utf-16-be", 0x0F: "gb18030"}
"""data_coding; 15 is what gateways in China use for GBK. 0 is the GSM alphabet."""


class Delivered(Struct, frozen=True):
    """A deliver_sm, as plain values."""

    source: str
    destination: str
    esm_class: int
    data_coding: int
    body: bytes
    receipted_message_id: str = ""
    message_state: int | None = None


def read(raw: Delivered, settings: Settings, at: datetime) -> tuple[Receipt | Incoming, ...]:
    """A receipt, or an incoming message or a part of one.

    :param at: when it came, for messages; SMPP does not say when they were written.
    """
    if raw.esm_class & _TYPE in _RECEIPTS:
        return _receipt(raw, settings)
    part, body = split_header(raw.body) if raw.esm_class & _UDH else (None, raw.body)
    # A repeated delivery has the same id, and so has the same answer by the same person on the same day; who keeps them
    # shows both as one.
    marks = f"{raw.source}|{raw.destination}|{part}|{at:%Y-%m-%d}|".encode() + body
    name = f"mo-{hashlib.sha256(marks).hexdigest()[:24]}"
    return (Incoming(name, raw.source, _text(body, raw.data_coding), at, part=part),)


def _text(body: bytes, coding: int) -> str:
    return gsm7(body) if coding not in _CODINGS else body.decode(_CODINGS[coding], errors="replace")


def _receipt(raw: Delivered, settings: Settings) -> tuple[Receipt, ...]:
    said = raw.body.decode("latin-1")
    fields = {name.lower(): value for name, value in _FIELD.findall(said)}
    name = raw.receipted_message_id or fields.get("id", "")
    stat = _BY_NUMBER.get(raw.message_state or 0) or fields.get("stat", "").upper()[:7]
    if not name or stat not in _STATES:
        return ()
    kind, code = _STATES[stat], fields.get("err", "")
    fault = _fault(stat, code, settings) if kind is Kind.UNDELIVERABLE else None
    return (Receipt(name, kind, _done(fields.get("done date", ""), settings), f"{stat} {code}".strip(), said, fault),)


def _fault(stat: str, code: str, settings: Settings) -> Fault:
    if code in settings.dead_codes:
        return Fault.DEAD
    if code in settings.blocked_codes:
        return Fault.BLOCKED
    return Fault.AWAY if stat == "EXPIRED" else Fault.OTHER


def _done(text: str, settings: Settings) -> datetime | None:
    form = {10: "%y%m%d%H%M", 12: "%y%m%d%H%M%S"}.get(len(text))
    if form is None:
        return None
    try:
        return datetime.strptime(text, form).replace(tzinfo=ZoneInfo(settings.receipt_zone))
    except ValueError:
        return None


def joined(parts: Iterable[Incoming]) -> Incoming | None:
    """The whole of a long incoming message; None while a part is missing.

    :param parts: of one sender and one reference, in any order, repeated or not.
    """
    held = {each.part[1]: each for each in parts if each.part is not None}
    if not held:
        return None
    first = min(held)
    part = held[first].part
    assert part is not None
    if sorted(held) != list(range(1, part[2] + 1)):
        return None
    return replace(held[1], text="".join(held[n].text for n in sorted(held)), part=None)
