"""What comes back as mail: bounces, complaints, people's answers, answering machines.

1. ``multipart/report; report-type=delivery-status`` (RFC 3464): one receipt for each recipient it speaks of
2. ``report-type=feedback-report`` (RFC 5965): somebody pressed "this is spam"
3. a mail to the unsubscribe mailbox: the channel is refused
4. anything else is an incoming message; a machine's (RFC 3834) says so

The mail may be anything at all, made by anybody: nothing here raises for what is in it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message as Parsed
from email.utils import parseaddr, parsedate_to_datetime

from mora.channels.email.settings import Settings
from mora.channels.email.text import said_text
from mora.channels.terms import Fault, Incoming, Kind, Receipt

_ACTIONS = {
    "failed": Kind.UNDELIVERABLE, "delayed": Kind.PENDING, "delivered": Kind.DELIVERED, "relayed": Kind.PENDING,
    "expanded": Kind.PENDING,
}  # fmt: skip
"""RFC 3464, 2.3.3. Relayed and expanded say that nobody will tell more, not that it arrived."""
_FAULTS = {"1": Fault.DEAD, "7": Fault.BLOCKED, "4": Fault.AWAY}
"""By the subject of an enhanced status (RFC 3463): address, security or policy, network."""
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_OURS = re.compile(r"<mora\.[0-9a-f]{24}@[^<>\s]{1,255}>")
_MACHINES = ("X-Autoreply", "X-Autorespond", "List-Id", "X-Failed-Recipients")
_WHOLE = 20_000_000
"""Octets that are read; more than any mail to these mailboxes needs."""


def read(raw: bytes, settings: Settings) -> tuple[Receipt | Incoming, ...]:
    """What one mail says."""
    try:
        mail = message_from_bytes(raw[:_WHOLE])
        report = _word(mail.get_param("report-type")) if mail.get_content_type() == "multipart/report" else ""
        if report == "delivery-status" and (bounced := tuple(_bounces(mail))):
            return bounced
        if report == "feedback-report" and (complained := tuple(_complaints(mail))):
            return complained
        return (_incoming(mail, raw, settings),)
    except (RecursionError, MessageError, ValueError, LookupError, TypeError, AttributeError):
        return (Incoming(_digest(raw), "", "", automatic=True),)


# -- bounces and complaints ---------------------------------------------------------------------------------------


def _bounces(mail: Parsed) -> Iterator[Receipt]:
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        if not isinstance(blocks, list):
            continue
        about, *recipients = [each for each in blocks if isinstance(each, Parsed)] or [Parsed()]
        name = _original(mail) or _envelope_id(about)
        at = _date(about, "Arrival-Date")
        for each in recipients:
            kind = _ACTIONS.get(_header(each, "Action").lower())
            if kind is not None and name:
                status = _STATUS.search(_header(each, "Status"))
                code = status.group() if status else ""
                fault = _fault(code) if kind is Kind.UNDELIVERABLE else None
                yield Receipt(name, kind, _date(each, "Last-Attempt-Date") or at, code, _diagnosis(each), fault)


def _diagnosis(block: Parsed) -> str:
    return re.sub(r"\s+", " ", _header(block, "Diagnostic-Code"))[:500]


def _fault(code: str) -> Fault:
    """What a status says about the address; 5.2.2 is a full mailbox, and a 4.x.x that was given up may yet work."""
    if not code:
        return Fault.OTHER
    if code.endswith(".2.2"):
        return Fault.FULL
    if code.startswith("4."):
        return Fault.AWAY
    return _FAULTS.get(code.split(".")[1], Fault.OTHER)


def _complaints(mail: Parsed) -> Iterator[Receipt]:
    for part in mail.walk():
        if part.get_content_type() != "message/feedback-report":
            continue
        payload = part.get_payload()
        fields = payload[0] if isinstance(payload, list) and isinstance(payload[0], Parsed) else part
        kind = _header(fields, "Feedback-Type").lower() or "abuse"
        name = _original(mail)
        if name and kind != "not-spam":
            at = _date(fields, "Arrival-Date") or _date(fields, "Received-Date")
            yield Receipt(name, Kind.COMPLAINED, at, kind, _header(fields, "User-Agent"))


def _original(mail: Parsed) -> str:
    """The Message-ID of the mail that is sent back, whole or its headers alone."""
    for part in mail.walk():
        if part.get_content_type() == "message/rfc822":
            payload = part.get_payload()
            inner = payload[0] if isinstance(payload, list) and payload else None
            if isinstance(inner, Parsed) and _header(inner, "Message-ID"):
                return _header(inner, "Message-ID")
        elif part.get_content_type() == "text/rfc822-headers":
            inner = message_from_bytes(_bytes(part))
            if _header(inner, "Message-ID"):
                return _header(inner, "Message-ID")
    return ""


def _envelope_id(about: Parsed) -> str:
    held = _header(about, "Original-Envelope-Id")
    return f"<{held}>" if held.startswith("mora.") else ""


# -- messages -----------------------------------------------------------------------------------------------------


def _incoming(mail: Parsed, raw: bytes, settings: Settings) -> Incoming:
    subject, text = _decoded(_header(mail, "Subject")), said_text(mail)
    to = {parseaddr(_header(mail, name))[1].lower() for name in ("To", "Delivered-To", "X-Original-To")}
    opt_out = bool(settings.unsubscribe_to) and settings.unsubscribe_to.lower() in to
    answers = _OURS.search(subject if opt_out else f"{_header(mail, 'In-Reply-To')} {_header(mail, 'References')}")
    return Incoming(
        _header(mail, "Message-ID") or _digest(raw), parseaddr(_header(mail, "From"))[1], text, _date(mail, "Date"),
        answers.group() if answers else "", automatic=_automatic(mail), opt_out=opt_out,
    )  # fmt: skip


def _automatic(mail: Parsed) -> bool:
    """Whether a machine sent it (RFC 3834, and the habits before it)."""
    auto = _header(mail, "Auto-Submitted").lower().partition(";")[0].strip()
    return (
        auto not in ("", "no")
        or _header(mail, "Return-Path") == "<>"
        or _header(mail, "Precedence").lower() in {"bulk", "junk", "list", "auto_reply"}
        or any(
            mail.get(name) is not None for name in ("X-Autoreply", "X-Autorespond", "List-Id", "X-Failed-Recipients")
        )
        or mail.get_content_type() == "multipart/report"
        or parseaddr(_header(mail, "From"))[1].lower().startswith(("mailer-daemon@", "postmaster@"))
    )


# -- pieces -------------------------------------------------------------------------------------------------------


def _header(mail: Parsed, name: str) -> str:
    value = mail.get(name)
    return "" if value is None else str(value).strip()


def _word(value: object) -> str:
    return value.strip().lower() if isinstance(value, str) else ""


def _bytes(part: Parsed) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _decoded(value: str) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (MessageError, LookupError, ValueError):
        return value


def _date(mail: Parsed, name: str) -> datetime | None:
    """A date with its zone; None when there is none, or it does not tell the zone."""
    try:
        found = parsedate_to_datetime(_header(mail, name))
    except (ValueError, TypeError, OverflowError):
        return None
    return found if found.tzinfo is not None else None


def _digest(raw: bytes) -> str:
    return f"mail-{hashlib.sha256(raw).hexdigest()[:24]}"
