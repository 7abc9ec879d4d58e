"""How a call ended: a signed callback, or one row of a list's results.

    {"call_id": "...", "key": "...", "result": "right_party", "at": "2026-03-02T10:15:00+08:00", "seconds": 42,
     "recording": "https://...", "recording_sha256": "...", "said": "..."}

``result`` is one of the gate's results of a call. What the provider does not know it leaves out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from mora.channels.terms import Fault, Incoming, Kind, Receipt
from mora.channels.voice.settings import Settings
from mora.channels.voice.signing import verify
from mora.core.errors import BadInput
from mora.gate.terms import Result

_KIND: Mapping[Result, tuple[Kind, Fault | None]] = {
    Result.RIGHT_PARTY: (Kind.DELIVERED, None), Result.WRONG_PARTY: (Kind.DELIVERED, None),
    Result.THIRD_PARTY: (Kind.DELIVERED, None), Result.THIRD_PARTY_REFUSED: (Kind.DELIVERED, None),
    Result.CONNECTED: (Kind.DELIVERED, None), Result.VOICEMAIL: (Kind.DELIVERED, None),
    Result.DROPPED: (Kind.DELIVERED, None), Result.NO_ANSWER: (Kind.UNDELIVERABLE, Fault.AWAY),
    Result.BUSY: (Kind.UNDELIVERABLE, Fault.AWAY), Result.REJECTED: (Kind.UNDELIVERABLE, Fault.BLOCKED),
    Result.NOT_IN_SERVICE: (Kind.UNDELIVERABLE, Fault.DEAD), Result.SENT: (Kind.PENDING, None),
}  # fmt: skip
"""A dropped call did ring and was taken; ``sent`` is a call still in the provider's list."""


class Ended(Struct, frozen=True, forbid_unknown_fields=True):
    """What the provider says of one call."""

    call_id: Annotated[str, Meta(min_length=1, max_length=200)]
    result: Result
    at: Annotated[datetime, Meta(tz=True)]
    key: str = ""
    seconds: Annotated[int, Meta(ge=0, le=86_400)] | None = None
    recording: Annotated[str, Meta(max_length=2000)] = ""
    recording_sha256: Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")] = ""
    said: Annotated[str, Meta(max_length=20_000)] = ""
    """What the person said last, where a robot understood it."""
    sender: str = ""
    """The number it was said from; with ``said``."""


def receipt(ended: Ended) -> tuple[Receipt | Incoming, ...]:
    """The receipt of a call, and what the person said as an incoming message.

    :raises BadInput: a result no call ends in.
    """
    if ended.result not in _KIND:
        raise BadInput(f"No call ends in {ended.result!r}; accepted are {', '.join(_KIND)}.")
    kind, fault = _KIND[ended.result]
    recording = f"{ended.recording} sha256:{ended.recording_sha256}" if ended.recording_sha256 else ended.recording
    one = Receipt(
        ended.call_id, kind, ended.at, ended.result, fault=fault, result=ended.result, recording=recording,
        seconds=ended.seconds,
    )  # fmt: skip
    if not ended.said:
        return (one,)
    return one, Incoming(f"said-{ended.call_id}", ended.sender, ended.said, ended.at, in_reply_to=ended.call_id)


def read(raw: bytes) -> tuple[Receipt | Incoming, ...]:
    """A callback's body, when its signature was verified already.

    :raises BadInput: it is none.
    """
    try:
        return receipt(msgspec.json.decode(raw, type=Ended))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"This is no result of a call: {error}.") from error


def verified(
    raw: bytes, headers: Mapping[str, str], path: str, settings: Settings, now: datetime
) -> tuple[Receipt | Incoming, ...]:
    """A callback as it came in, by POST.

    :raises Refused: not signed by the provider, or not of now.
    :raises BadInput: signed, and not a result.
    """
    verify(
        headers, "POST", path, raw, secrets=(settings.secret, settings.former_secret), now=now,
        window=timedelta(seconds=settings.window_seconds),
    )  # fmt: skip
    return read(raw)
