"""What a mail looks like on the wire: the same message, settings and moment give the same bytes."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import quote

from mora.channels.email.settings import Settings
from mora.channels.terms import Message

_POLICY = policy.SMTP.clone(cte_type="7bit")


def message_id(key: str, domain: str) -> str:
    """The Message-ID of an outbox key, with its angle brackets; the key itself is not told to the world.

    >>> message_id("m-1", "bank.example")
    '<mora.a461b472cb41a9ec3dee5c90@bank.example>'
    """
    return f"<mora.{hashlib.sha256(key.encode()).hexdigest()[:24]}@{domain}>"


def ascii_domain(address: str) -> str:
    """The address with its domain as the name system writes it; the part before stays as it is.

    :raises ValueError: the domain cannot be written so.

    >>> ascii_domain("wang@例子.example")
    'wang@xn--fsqu00a.example'
    """
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}" if not domain.isascii() else address


def mime(message: Message, settings: Settings, at: datetime) -> bytes:
    """The mail, lines ended by CR LF, seven bits wide, without dots doubled.

    :raises ValueError: an address or header cannot be written (a line break in the subject, say).
    """
    name, to = message_id(message.key, settings.domain), ascii_domain(message.to)
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = Address(settings.sender_name, addr_spec=settings.sender)
    mail["To"] = Address(message.name, addr_spec=to)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = name
    if settings.reply_to:
        mail["Reply-To"] = Address(addr_spec=settings.reply_to)
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = message.language
    ways = [f"<{message.unsubscribe_url}>"] if message.unsubscribe_url else []
    if settings.unsubscribe_to:
        ways.append(f"<mailto:{settings.unsubscribe_to}?subject={quote('unsubscribe ' + name)}>")
    if ways:
        mail["List-Unsubscribe"] = ", ".join(ways)
    if message.unsubscribe_url.startswith("https://"):
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.text, charset="utf-8", cte="base64" if not message.text.isascii() else "quoted-printable")
    for each in message.attachments:
        kind, _, sub = each.media_type.partition("/")
        mail.add_attachment(each.content, maintype=kind, subtype=sub, filename=each.name)
    if mail.is_multipart():
        mail.set_boundary(f"=_{hashlib.sha256(message.key.encode()).hexdigest()}")
    return mail.as_bytes()
