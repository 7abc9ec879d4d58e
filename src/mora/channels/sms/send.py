"""Hand a text message over to the gateway, segment by segment.

1. Before each segment the link is read empty, so a link that died while idle is noticed before anything is handed over.
2. A segment is submitted and its answer awaited; receipts that come between are recorded and acknowledged.
3. No answer, or no link any more: nobody knows, *possibly sent*. A segment not written whole did not leave.
4. The first segment refused: the message did not leave. A later one: it is tried again while the refusal is for now,
   and then the message is *possibly sent*, since a second hand-over would repeat the segments already taken.
"""

from __future__ import annotations

import hashlib
import logging
import re
import select
import struct
import time
from datetime import timedelta
from typing import Any

from smpplib import consts, smpp
from smpplib.client import Client
from smpplib.exceptions import ConnectionError as LinkLost
from smpplib.exceptions import PDUError, UnknownCommandError

from mora.channels.sms.receipts import Delivered, read
from mora.channels.sms.segments import MAX_SEGMENTS, Segments, header, segments
from mora.channels.sms.settings import Settings
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

GATE = frozenset({Channel.SMS})
_NUMBER = re.compile(r"\+?[0-9]{5,20}")
_NO_ROOM = frozenset({consts.SMPP_ESME_RTHROTTLED, consts.SMPP_ESME_RMSGQFUL})
_FOR_GOOD = {
    consts.SMPP_ESME_RINVDSTADR: Whose.ADDRESS, consts.SMPP_ESME_RINVDSTTON: Whose.ADDRESS,
    consts.SMPP_ESME_RINVDSTNPI: Whose.ADDRESS, consts.SMPP_ESME_RINVMSGLEN: Whose.MESSAGE,
    consts.SMPP_ESME_RINVESMCLASS: Whose.MESSAGE,
    consts.SMPP_ESME_RINVSRCADR: Whose.MESSAGE, consts.SMPP_ESME_RX_P_APPN: Whose.MESSAGE,
    consts.SMPP_ESME_RX_R_APPN: Whose.MESSAGE,
}  # fmt: skip
"""Statuses after which the same message never passes. All others are refusals for now: nothing left, and whoever keeps
the message limits how often it is tried."""
_FOREIGN = (
    OSError,
    LinkLost,
    PDUError,
    UnknownCommandError,
    struct.error,
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
)
"""What reading broken bytes raises in the library."""

_wire = logging.getLogger("mora.channels.sms.wire")
_wire.setLevel(logging.CRITICAL)  # below that the library writes numbers and texts of people into the log


class _Unanswered(Exception):
    """A segment left and its answer did not come."""


class _Unsent(Exception):
    """Nothing left."""


def sender(settings: Settings, clock: Clock, record: Record) -> Text:
    """A sender that connects when first needed, and again when the link was lost."""
    return Text(settings, clock, record)


class Text:
    """One transceiver connection."""

    def __init__(self, settings: Settings, clock: Clock, record: Record) -> None:
        self._settings, self._clock, self._record = settings, clock, record
        self._client: Any = None
        self._heard = clock.now()
        self._asked = False
        self._no_room = 0
        self._recorded = 0
        self._failure: Exception | None = None

    # -- handing over --------------------------------------------------------------------------------------------

    def hand_over(self, message: Message) -> Handed:
        """Submit every segment; see the module for how each ends."""
        number = message.to.strip()
        if not _NUMBER.fullmatch(number):
            return refused_here("not_an_address", Whose.ADDRESS)
        if message.attachments:
            return refused_here("attachment")
        if not message.text.strip():
            return refused_here("empty")
        cut = segments(message.text)
        if cut.count > MAX_SEGMENTS:
            return refused_here("too_long")
        return self._parts(number.lstrip("+"), cut, hashlib.sha256(message.key.encode()).digest()[0])

    def _parts(self, number: str, cut: Segments, reference: int) -> Handed:
        ids: list[str] = []
        tries = 1
        while len(ids) < cut.count:
            place = f"segment {len(ids) + 1} of {cut.count}"
            body = cut.bodies[len(ids)]
            if cut.count > 1:
                body = header(reference, len(ids) + 1, cut.count) + body
            try:
                status, name = self._submit(number, body, cut)
            except _Unanswered as lost:
                return PossiblySent(f"{place}: {lost}", tuple(ids), cut.count)
            except _Unsent as lost:
                refusal: RefusedForGood | RefusedForNow = RefusedForNow("SMPP link", str(lost), self._pause())
            else:
                if status == consts.SMPP_ESME_ROK:
                    ids.append(name)
                    tries = 1
                    continue
                refusal = self._refusal(status)
            if not ids:
                return refusal
            if isinstance(refusal, RefusedForGood) or tries >= self._settings.tries_of_a_part:
                return PossiblySent(f"{place}: {refusal.code} {refusal.why}", tuple(ids), cut.count)
            tries += 1
            self._clock.sleep(refusal.retry_after.total_seconds())
        return Accepted(tuple(ids), cut.count)

    def _refusal(self, status: int) -> RefusedForGood | RefusedForNow:
        code, why = f"SMPP 0x{status:02X}", consts.DESCRIPTIONS.get(status, "the gateway's own status")
        if status in _FOR_GOOD or status in self._settings.for_good:
            return RefusedForGood(code, why, _FOR_GOOD.get(status, Whose.MESSAGE))
        return RefusedForNow(code, why, self._pause() if status in _NO_ROOM else self._first_pause())

    def _first_pause(self) -> timedelta:
        return timedelta(seconds=self._settings.back_off_seconds)

    def _pause(self) -> timedelta:
        """How long to wait: twice as long each time in a row that there is no room or no link."""
        most = timedelta(seconds=self._settings.back_off_max_seconds)
        wait: timedelta = min(most, self._first_pause() * (1 << min(self._no_room, 20)))
        self._no_room += 1
        return wait

    def _submit(self, number: str, body: bytes, cut: Segments) -> tuple[int, str]:
        """Status and id of one segment."""
        self._ready()
        settings = self._settings
        pdu = smpp.make_pdu(
            "submit_sm", client=self._client, source_addr_ton=settings.source_ton, source_addr_npi=settings.source_npi,
            source_addr=settings.source, dest_addr_ton=settings.destination_ton,
            dest_addr_npi=settings.destination_npi, destination_addr=number, short_message=body,
            esm_class=consts.SMPP_GSMFEAT_UDHI if cut.count > 1 else 0, registered_delivery=1,
            data_coding=consts.SMPP_ENCODING_DEFAULT if cut.alphabet == "gsm7" else consts.SMPP_ENCODING_ISO10646,
        )  # fmt: skip
        sequence = pdu.sequence
        try:
            self._client.send_pdu(pdu)
        except (LinkLost, PDUError, OSError) as error:
            self._drop()
            raise _Unsent(f"the link broke while it was written ({error or 'connection lost'})") from error
        until = time.monotonic() + settings.answer_seconds
        while (answer := self._read(until)) is not None:
            if answer.command in {"submit_sm_resp", "generic_nack"} and answer.sequence == sequence:
                return self._answered(answer)
            self._serve(answer)
        self._drop()
        raise _Unanswered("the link was lost or silent before the answer")

    def _answered(self, answer: Any) -> tuple[int, str]:
        status = int(answer.status)
        if status == consts.SMPP_ESME_ROK:
            self._no_room = 0
        name = _ascii(getattr(answer, "message_id", b""))
        if self._settings.receipt_ids == "decimal_of_hex" and re.fullmatch("[0-9A-Fa-f]+", name):
            name = str(int(name, 16))
        return status, name

    # -- the link ------------------------------------------------------------------------------------------------

    def _ready(self) -> None:
        """A bound link with nothing waiting in it."""
        while self._client is not None and self._waiting(0):
            pdu = self._read(time.monotonic())
            if pdu is not None:
                self._serve(pdu)
        if self._client is None:
            self._bind()

    def _bind(self) -> None:
        settings = self._settings
        client = Client(
            settings.host, settings.port, timeout=settings.answer_seconds, logger_name=_wire.name,
            allow_unknown_opt_params=True,
        )  # fmt: skip
        try:
            client.connect()
            client.bind_transceiver(
                system_id=settings.system_id, password=settings.password, system_type=settings.system_type
            )
        except _FOREIGN as error:
            client.disconnect()
            raise _Unsent(f"no link to the gateway: {_without(str(error), settings.password)}") from None
        self._client, self._heard, self._asked = client, self._clock.now(), False

    def _waiting(self, seconds: float) -> bool:
        return bool(select.select([self._client._socket], [], [], max(0.0, seconds))[0])

    def _read(self, until: float) -> Any:
        """The next PDU; None when the link is silent until then, or was lost or spoke nonsense and is dropped."""
        if self._client is None or not self._waiting(until - time.monotonic()):
            return None
        try:
            pdu = self._client.read_pdu()
        except _FOREIGN:  # also a time-out in mid PDU, after which nothing would be in step
            self._drop()
            return None
        self._heard, self._asked = self._clock.now(), False
        return pdu

    def _serve(self, pdu: Any) -> None:
        """Answer what the gateway asks or delivers."""
        if pdu.command == "deliver_sm":
            self._answer("deliver_sm_resp", pdu.sequence, self._take(pdu))
        elif pdu.command == "enquire_link":
            self._answer("enquire_link_resp", pdu.sequence)
        elif pdu.command == "unbind":
            self._answer("unbind_resp", pdu.sequence)
            self._drop()

    def _take(self, pdu: Any) -> int:
        """Record what was delivered; the status to acknowledge it with."""
        payload = getattr(pdu, "message_payload", None)
        delivered = Delivered(
            _ascii(pdu.source_addr), _ascii(pdu.destination_addr), int(pdu.esm_class), int(pdu.data_coding),
            bytes(payload or pdu.short_message or b""), _ascii(getattr(pdu, "receipted_message_id", b"")),
            getattr(pdu, "message_state", None),
        )  # fmt: skip
        try:
            for each in read(delivered, self._settings, self._clock.now()):
                self._record(each)
                self._recorded += 1
        except Exception as error:  # noqa: BLE001 - not recorded for whatever reason: the gateway shall bring it again
            self._failure = error
            return int(consts.SMPP_ESME_RX_T_APPN)
        return int(consts.SMPP_ESME_ROK)

    def _answer(self, command: str, sequence: int, status: int = consts.SMPP_ESME_ROK) -> None:
        if self._client is None:
            return
        pdu = smpp.make_pdu(command, client=self._client, status=status)
        pdu.sequence = sequence
        try:
            self._client.send_pdu(pdu)
        except (LinkLost, PDUError, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._client is not None:
            self._client.disconnect()
            self._client = None

    # -- listening -----------------------------------------------------------------------------------------------

    def listen(self, seconds: float) -> int:
        """Take receipts and answers for so long, and try the link when it was silent.

        :raises Exception: whatever ``record`` raised; what could not be recorded comes again.
        """
        before, self._failure = self._recorded, None
        until = time.monotonic() + seconds
        try:
            self._ready()
        except _Unsent:
            return self._recorded - before
        while self._client is not None and (left := until - time.monotonic()) > 0:
            self._enquire()
            pdu = self._read(time.monotonic() + min(left, self._settings.enquire_seconds))
            if pdu is not None:
                self._serve(pdu)
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure
        return self._recorded - before

    def _enquire(self) -> None:
        """Ask after a long silence; a link that stays silent after that is given up."""
        silence = (self._clock.now() - self._heard).total_seconds()
        if self._asked and silence >= self._settings.enquire_seconds + self._settings.answer_seconds:
            self._drop()
        elif not self._asked and silence >= self._settings.enquire_seconds:
            self._asked = True
            pdu = smpp.make_pdu("enquire_link", client=self._client)
            try:
                self._client.send_pdu(pdu)
            except (LinkLost, PDUError, OSError):
                self._drop()

    def close(self) -> None:
        """Unbind, if the gateway still listens."""
        if self._client is None:
            return
        pdu = smpp.make_pdu("unbind", client=self._client)
        try:
            self._client.send_pdu(pdu)
            until = time.monotonic() + self._settings.answer_seconds
            while (answer := self._read(until)) is not None and answer.command != "unbind_resp":
                self._serve(answer)
        except (LinkLost, PDUError, OSError):
            pass
        self._drop()


def _ascii(value: Any) -> str:
    if value is None:
        return ""
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    return text.rstrip("\0").strip()


def _without(text: str, secret: str) -> str:
    return text.replace(secret, "***") if secret else text
