"""A mail server that can be told to misbehave at any point (aiosmtpd), and a certificate for it."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, syntax
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Postbox:
    """What the server took, and how it behaves."""

    mails: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """Commands it heard, as they came."""
    on_data: list[str] = field(default_factory=list)
    """For each mail in turn: an answer, or ``drop`` after the data before the answer, ``slow``, ``silent``; an answer
    that ends in ``bye`` ends the line soon after."""
    on_rcpt: list[str] = field(default_factory=list)
    on_mail: list[str] = field(default_factory=list)
    drop_in_data: int = 0
    """So many of the next mails lose their line after 354, before the end of the data."""
    dsn: bool = False
    user: str = ""
    password: str = ""

    @property
    def parsed(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for raw in self.mails]  # type: ignore[misc]


class _Server(SMTP):
    box: Postbox

    @syntax("MAIL FROM: <address>")
    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        self.box.said.append(f"MAIL {arg}")
        if self.box.on_mail:
            await self.push(self.box.on_mail.pop(0))
            return
        await super().smtp_MAIL(_without(arg, ("RET=", "ENVID=")))

    @syntax("RCPT TO: <address>")
    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        self.box.said.append(f"RCPT {arg}")
        if self.box.on_rcpt:
            await self.push(self.box.on_rcpt.pop(0))
            return
        await super().smtp_RCPT(_without(arg, ("NOTIFY=",)))

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if self.box.drop_in_data:
            self.box.drop_in_data -= 1
            await self.push("354 go on")
            await self._reader.read(100)
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


def _without(arg: str | None, names: tuple[str, ...]) -> str | None:
    return " ".join(word for word in arg.split(" ") if not word.startswith(names)) if arg else arg


class _Handler:
    def __init__(self, box: Postbox) -> None:
        self.box = box

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-DSN", responses[-1]] if self.box.dsn else responses

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        does = self.box.on_data.pop(0) if self.box.on_data else "250 2.0.0 queued as 4F1"
        if does == "silent":
            await asyncio.sleep(30)
        if does == "slow":
            await asyncio.sleep(0.15)
            does = "250 2.0.0 queued after a while"
        if does == "drop" or does.startswith("250"):
            self.box.mails.append(envelope.content)
            self.box.recipients += envelope.rcpt_tos
        if does == "drop":
            server.transport.abort()
        if does.endswith("bye"):
            asyncio.get_running_loop().call_later(0.02, server.transport.close)
        return does


@contextmanager
def running(box: Postbox, tls: ssl.SSLContext | None = None, **more: Any) -> Iterator[int]:
    """The server on a free port of the loopback."""

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        good = (data.login, data.password) == (box.user.encode(), box.password.encode())
        return AuthResult(success=good, handled=good)

    server = type("_Told", (_Server,), {"box": box})

    class Told(Controller):
        def factory(self) -> SMTP:
            return server(self.handler, **self.SMTP_kwargs)  # type: ignore[no-any-return]

    if box.user:
        more |= {"authenticator": check, "auth_required": True, "auth_require_tls": tls is not None}
    controller = Told(_Handler(box), hostname="127.0.0.1", port=0, tls_context=tls, **more)
    controller.port = _free_port()
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop(no_assert=True)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


def certificate(folder: Path, name: str = "127.0.0.1") -> tuple[ssl.SSLContext, str]:
    """A server's context with a fresh certificate for that address, and the file to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail server of the tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(name))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    public, private = folder / "cert.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, str(public)
