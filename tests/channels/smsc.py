"""A short-message centre of our own: SMPP 3.4 packed by hand, so it shares nothing with the client library.

What it does with each submit_sm is scripted: a status, or a word for an accident. ``taken`` lists what it accepted.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from typing import NamedTuple

SUBMIT, DELIVER, BIND, UNBIND, ENQUIRE, NACK = 0x04, 0x05, 0x09, 0x06, 0x15, 0x80000000
RESP = 0x80000000
OK, THROTTLED, QUEUE_FULL, BAD_ADDRESS, BIND_FAILED = 0x00, 0x58, 0x14, 0x0B, 0x0D


class Submitted(NamedTuple):
    """A submit_sm as it came over the wire."""

    source: str
    destination: str
    esm_class: int
    data_coding: int
    registered: int
    body: bytes


def cstring(data: bytes, at: int) -> tuple[str, int]:
    end = data.index(0, at)
    return data[at:end].decode("latin-1"), end + 1


def submitted(body: bytes) -> Submitted:
    _service, at = cstring(body, 0)
    source, at = cstring(body, at + 2)
    destination, at = cstring(body, at + 2)
    esm_class = body[at]
    _schedule, at = cstring(body, at + 3)
    _validity, at = cstring(body, at)
    registered, data_coding, size = body[at], body[at + 2], body[at + 4]
    return Submitted(source, destination, esm_class, data_coding, registered, body[at + 5 : at + 5 + size])


def delivery(
    text: bytes, *, esm_class: int = 0, coding: int = 0, source: str = "8613800138000", tlv: bytes = b""
) -> bytes:
    return (
        b"\0\1\1" + source.encode() + b"\0\1\1" + b"10690001\0" + bytes([esm_class, 0, 0]) + b"\0\0"
        + bytes([0, 0, coding, 0, len(text)]) + text + tlv
    )  # fmt: skip


@dataclass
class Centre:
    """Listens on a free port of the loopback; ``with Centre() as centre``."""

    script: list[int | str] = field(default_factory=list)
    """For each submit_sm in turn: a status; ``drop`` before or ``drop_after`` taking it, ``silent``, ``slow``,
    ``nonsense``, ``half`` an answer, ``receipt_first``, ``stranger`` (an answer to somebody else first)."""
    bind_status: int = OK
    taken: list[Submitted] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    """Commands received."""
    acknowledged: list[tuple[int, int]] = field(default_factory=list)
    """(sequence, status) of deliver_sm_resp."""
    binds: int = 0
    answers_enquiries: bool = True

    def __enter__(self) -> Centre:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._links: list[socket.socket] = []
        self._sequence = 1000
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown(socket.SHUT_RDWR)  # closing alone would not wake the thread that accepts
        self._server.close()
        self.cut()

    def cut(self) -> None:
        """Lose every link."""
        for link in self._links:
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
            link.close()
        self._links.clear()

    def send(self, command: int, body: bytes = b"", sequence: int | None = None, status: int = OK) -> int:
        """Send a PDU on the newest link; its sequence number."""
        self._sequence += 1
        used = self._sequence if sequence is None else sequence
        self._links[-1].sendall(struct.pack(">LLLL", 16 + len(body), command, status, used) + body)
        return used

    def wait(self, ready: object, seconds: float = 5) -> None:
        """Until ``ready()`` is true; the test fails when that takes longer."""
        until = time.monotonic() + seconds
        while not ready():  # type: ignore[operator]
            assert time.monotonic() < until, "the centre waited in vain"
            time.sleep(0.002)

    def _accept(self) -> None:
        while True:
            try:
                link, _ = self._server.accept()
            except OSError:
                return
            self._links.append(link)
            threading.Thread(target=self._talk, args=(link,), daemon=True).start()

    def _talk(self, link: socket.socket) -> None:
        try:
            while True:
                head = self._exactly(link, 16)
                length, command, status, sequence = struct.unpack(">LLLL", head)
                self._hear(link, command, status, sequence, self._exactly(link, length - 16))
        except (OSError, ConnectionError):
            return

    @staticmethod
    def _exactly(link: socket.socket, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = link.recv(size - len(data))
            if not more:
                raise ConnectionError
            data += more
        return data

    def _hear(self, link: socket.socket, command: int, status: int, sequence: int, body: bytes) -> None:
        self.seen.append(command)
        if command == BIND:
            self.binds += 1
            self.send(BIND | RESP, b"centre\0", sequence, self.bind_status)
        elif command == UNBIND:
            self.send(UNBIND | RESP, b"", sequence)
        elif command == ENQUIRE and self.answers_enquiries:
            self.send(ENQUIRE | RESP, b"", sequence)
        elif command == DELIVER | RESP:
            self.acknowledged.append((sequence, status))
        elif command == SUBMIT:
            self._submit(link, sequence, submitted(body))

    def _submit(self, link: socket.socket, sequence: int, what: Submitted) -> None:
        does = self.script.pop(0) if self.script else OK
        if does == "drop":
            raise self._lost(link)
        if isinstance(does, int) and does != OK:
            self.send(SUBMIT | RESP, b"\0", sequence, does)
            return
        self.taken.append(what)
        name = f"{len(self.taken):08X}"
        if does == "drop_after":
            raise self._lost(link)
        if does == "silent":
            return
        if does == "nonsense":
            link.sendall(struct.pack(">LLLL", 20, 0x7777, 0, sequence) + b"????")
            return
        if does == "half":
            link.sendall(struct.pack(">LLL", 25, SUBMIT | RESP, 0))
            return
        if does == "slow":
            time.sleep(0.15)
        if does == "receipt_first":
            self.send(
                DELIVER, delivery(f"id:{name} sub:001 dlvrd:001 stat:DELIVRD err:000 text:".encode(), esm_class=4)
            )
        if does == "stranger":
            self.send(SUBMIT | RESP, b"SOMEBODYELSE\0", sequence + 500)
        self.send(SUBMIT | RESP, name.encode() + b"\0", sequence)

    @staticmethod
    def _lost(link: socket.socket) -> ConnectionError:
        link.shutdown(socket.SHUT_RDWR)
        link.close()
        return ConnectionError()
