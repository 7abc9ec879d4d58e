"""What the channels file says of a mail server."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from mora.channels.hidden import shown


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """One account at one server."""

    host: str
    port: int
    sender: str
    """The address mails come from."""
    sender_name: str = ""
    user: str = ""
    password: str = ""
    tls: Literal["starttls", "implicit", "private_line"] = "starttls"
    """``private_line``: not encrypted, because the line between is the lender's own."""
    ca_file: str = ""
    """Certificates to trust instead of the system's."""
    bounce_to: str = ""
    """Envelope sender; the sender when empty."""
    reply_to: str = ""
    unsubscribe_to: str = ""
    """Mailbox for those who unsubscribe by mail."""
    success_receipts: bool = False
    """Ask servers on the way to report success too, where they can (RFC 3461)."""
    connect_seconds: float = 30.0
    answer_seconds: float = 300.0
    """How long an answer to a command may take (RFC 5321, 4.5.3.2)."""
    end_seconds: float = 600.0
    """How long the answer to the end of the data may take; giving up early is how mail gets sent twice."""
    retry_seconds: int = 900
    """When a mail refused for now may be tried again."""

    @property
    def domain(self) -> str:
        """The sender's domain, in which Message-IDs are made."""
        return self.sender.rpartition("@")[2]

    @property
    def envelope(self) -> str:
        """Where bounces go."""
        return self.bounce_to or self.sender

    def __repr__(self) -> str:
        return shown(self)
