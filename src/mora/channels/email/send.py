"""Hand a mail over, knowing at each moment whether it can have left.

1. A connection: greeting, EHLO, encryption, log-in. Whatever fails here is the server's matter: refused for now.
2. Envelope: a refused recipient is the address's matter; a refused sender or size is not.
3. Data: a line lost before the last dot was written took nothing with it.
4. The answer to the last dot decides; without it nobody knows.
"""

from __future__ import annotations

import re
import select
import smtplib
import ssl
from contextlib import suppress
from datetime import timedelta
from socket import socket

from mora.channels.email.mime import ascii_domain, message_id, mime
from mora.channels.email.settings import Settings
from mora.channels.terms import (
    Accepted,
    Clock,
    Handed,
    Message,
    PossiblySent,
    Record,
    RefusedForGood,
    RefusedForNow,
    Whose,
    refused_here,
)
from mora.gate.terms import Channel

GATE = frozenset({Channel.EMAIL})
_ADDRESS = re.compile(
    r"[^@\s<>,;:\"\\()\[\]\x00-\x20]{1,64}@(?:[^@\s.<>,;:\x00-\x2c/]{1,63}\.)+[^@\s.<>,;:\x00-\x2c/]{2,63}"
)
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")
_DOT = re.compile(rb"^\.", re.MULTILINE)
_CHUNK = 1 << 16
_TOO_BIG = frozenset({552, 523})
_BAD_ADDRESS = frozenset({550, 551, 553, 556})
_LINK = (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, OSError)


def sender(settings: Settings, clock: Clock, record: Record) -> Mail:  # noqa: ARG001 - nothing comes back on this line
    """A sender that keeps its connection between mails."""
    return Mail(settings, clock)


class _No(Exception):
    """Ends a hand-over."""

    def __init__(self, handed: Handed) -> None:
        self.handed = handed


class Mail:
    """One connection."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._smtp: smtplib.SMTP | None = None

    def hand_over(self, message: Message) -> Handed:
        """One mail to one recipient."""
        if not _ADDRESS.fullmatch(message.to) or len(message.to) > 254:
            return refused_here("not_an_address", Whose.ADDRESS)
        if not message.text.strip():
            return refused_here("empty")
        try:
            to = ascii_domain(message.to)
            if not to.isascii():  # the standard library writes no such header
                return refused_here("not_an_address", Whose.ADDRESS)
            raw = mime(message, self._settings, self._clock.now())
        except ValueError as error:  # also UnicodeError
            return RefusedForGood("mora form", str(error), Whose.MESSAGE)
        try:
            smtp = self._ready()
            self._envelope(smtp, to, raw, message_id(message.key, self._settings.domain))
            return self._data(smtp, raw, message_id(message.key, self._settings.domain))
        except _No as no:
            return no.handed
        except _LINK as error:
            self._drop()
            return self._later("SMTP link", str(error) or type(error).__name__)

    # -- the line ------------------------------------------------------------------------------------------------

    def _ready(self) -> smtplib.SMTP:
        if self._smtp is not None:
            if not _hung_up(self._smtp):
                return self._smtp
            self._drop()
        try:
            self._smtp = self._connected()
        except smtplib.SMTPAuthenticationError as error:
            raise _No(self._later(f"{error.smtp_code} log-in", _said(error.smtp_error))) from None
        except (smtplib.SMTPException, *_LINK) as error:
            raise _No(self._later("SMTP link", f"no line to the mail server: {error}")) from None
        return self._smtp

    def _connected(self) -> smtplib.SMTP:
        settings = self._settings
        secure = ssl.create_default_context(cafile=settings.ca_file or None)
        ours = settings.domain or "localhost"
        smtp: smtplib.SMTP
        if settings.tls == "implicit":
            smtp = smtplib.SMTP_SSL(timeout=settings.connect_seconds, local_hostname=ours, context=secure)
        else:
            smtp = smtplib.SMTP(timeout=settings.connect_seconds, local_hostname=ours)
        smtp._host = settings.host  # type: ignore[attr-defined] # the name the certificate must bear
        try:
            code, said = smtp.connect(settings.host, settings.port)
            if code != 220:
                raise _No(self._later(f"{code} greeting", _said(said)))
            smtp.ehlo_or_helo_if_needed()
            if settings.tls == "starttls":
                self._encrypt(smtp, secure)
            if settings.user:
                smtp.login(settings.user, settings.password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _encrypt(self, smtp: smtplib.SMTP, secure: ssl.SSLContext) -> None:
        if not smtp.has_extn("starttls"):
            raise _No(self._later("TLS", "the server offers no encryption, and nothing leaves without it"))
        code, said = smtp.starttls(context=secure)
        if code != 220:
            raise _No(self._later(f"{code} TLS", _said(said)))
        smtp.ehlo()

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    # -- one mail ------------------------------------------------------------------------------------------------

    def _envelope(self, smtp: smtplib.SMTP, to: str, raw: bytes, name: str) -> None:
        settings = self._settings
        limit = smtp.esmtp_features.get("size", "") if smtp.does_esmtp else ""
        if limit.isdigit() and 0 < int(limit) < len(raw):
            raise _No(refused_here("too_long"))
        more = [f"SIZE={len(raw)}"] if limit else []
        notify: list[str] = []
        if smtp.has_extn("dsn"):
            more += ["RET=HDRS", f"ENVID={name.strip('<>')}"]
            notify = ["NOTIFY=FAILURE,DELAY" + (",SUCCESS" if settings.success_receipts else "")]
        _wait(smtp, settings.answer_seconds)
        code, said = smtp.mail(settings.envelope, more)
        if code // 100 != 2:
            whose = Whose.MESSAGE if code in _TOO_BIG or b"5.3.4" in said else Whose.PROVIDER
            raise _No(self._refused(code, said, whose, "the sender"))
        code, said = smtp.rcpt(to, notify)
        if code // 100 != 2:
            raise _No(self._refused(code, said, _whose_recipient(code, said), "the recipient"))
        code, said = smtp.docmd("DATA")
        if code != 354:
            raise _No(self._refused(code, said, Whose.MESSAGE, "the data"))

    def _data(self, smtp: smtplib.SMTP, raw: bytes, name: str) -> Handed:
        body = _DOT.sub(b"..", raw)
        for place in range(0, len(body), _CHUNK):
            smtp.send(body[place : place + _CHUNK])
        if _hung_up(smtp):
            self._drop()
            return self._later("SMTP link", "the server ended the line before the end of the data")
        smtp.send(b".\r\n" if body.endswith(b"\r\n") else b"\r\n.\r\n")
        _wait(smtp, self._settings.end_seconds)
        try:
            code, said = smtp.getreply()
        except _LINK as error:
            self._drop()
            return PossiblySent(f"the line was lost or silent after the data: {error}", (name,))
        if code // 100 == 2:
            return Accepted((name,), said=f"{code} {_said(said)}")
        if code // 100 not in (4, 5):
            self._drop()
            return PossiblySent(f"the answer to the data makes no sense: {code} {_said(said)}", (name,))
        return self._refused(code, said, Whose.MESSAGE, "the mail")

    def _refused(self, code: int, said: bytes, whose: Whose, what: str) -> Handed:
        """5xx about a message or an address is for good; everything else is for now."""
        with suppress(*_LINK):
            if code == 421 or self._smtp is None or self._smtp.rset()[0] != 250:
                self._drop()
        words = _said(said)
        found = _ENHANCED.match(words)
        shown = f"{code} {found.group()}" if found else str(code)
        if code // 100 == 5 and whose is not Whose.PROVIDER:
            return RefusedForGood(shown, f"{what}: {words}", whose)
        return self._later(shown, f"{what}: {words}", whose)

    def _later(self, code: str, why: str, whose: Whose = Whose.PROVIDER) -> RefusedForNow:
        return RefusedForNow(code, why, timedelta(seconds=self._settings.retry_seconds), whose)

    def listen(self, seconds: float) -> int:  # noqa: ARG002
        """Bounces and answers come as mail: ``receipts.read``."""
        return 0

    def close(self) -> None:
        """Say goodbye."""
        if self._smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
            self._drop()


def _whose_recipient(code: int, said: bytes) -> Whose:
    found = _ENHANCED.match(_said(said))
    if found:
        return Whose.ADDRESS if found.group()[2:4] in {"1.", "2."} else Whose.MESSAGE
    return Whose.ADDRESS if code in _BAD_ADDRESS else Whose.MESSAGE


def _said(said: bytes | str) -> str:
    return said.decode("utf-8", errors="replace") if isinstance(said, bytes) else said


def _hung_up(smtp: smtplib.SMTP) -> bool:
    """Whether the server said something unasked or left: between commands both mean that the line is over."""
    held = smtp.sock
    return not isinstance(held, socket) or bool(select.select([held], [], [], 0)[0])


def _wait(smtp: smtplib.SMTP, seconds: float) -> None:
    if smtp.sock is not None:
        smtp.sock.settimeout(seconds)
