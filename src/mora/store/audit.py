"""The audit chain: adding to it, and finding out whether anybody touched it.

Each event carries SHA-256 over its canonical text and the hash of the event before it, so that altering, removing or
reordering any event breaks every later one. The last hash can be written down elsewhere (:func:`head`): cutting off the
end of the chain is noticed by it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from mora.store.models import Event

FIRST = "0" * 64
_LOCK = 0x4D4F5241
"""One writer at a time: the chain has one end."""


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold."""

    seq: int
    what: str


def append(actor: str, action: str, subject: str, *, at: datetime, reason: str = "", **data: Any) -> Event:
    """Add an event to the chain, in the caller's transaction: either both happen or neither.

    :raises RuntimeError: called outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an event is added in the transaction of what it records")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
    last = Event.objects.order_by("-seq").values_list("seq", "hash").first()
    seq, before = (last[0] + 1, last[1]) if last is not None else (1, FIRST)
    event = Event(
        seq=seq, at=at, actor=actor, action=action, subject=subject, reason=reason,
        data=json.loads(json.dumps(data, default=str)), before=before,
    )  # fmt: skip
    event.hash = _hash(event)
    event.save(force_insert=True)
    return event


def verify(*, upto: tuple[int, str] | None = None) -> Iterator[Break]:
    """Every place where the chain does not hold, oldest first; nothing when it is whole.

    :param upto: number and hash of an event written down earlier, which must still stand there.
    """
    before, expected = FIRST, 1
    with transaction.atomic():
        for event in Event.objects.order_by("seq").iterator(chunk_size=2000):
            if event.seq != expected:
                yield Break(event.seq, f"event {expected} is missing" if event.seq > expected else "out of order")
            if event.before != before:
                yield Break(event.seq, "does not follow the event before it")
            if event.hash != _hash(event):
                yield Break(event.seq, "was altered")
            if upto is not None and event.seq == upto[0] and event.hash != upto[1]:
                yield Break(event.seq, "is not the event that was written down")
            before, expected = event.hash, event.seq + 1
    if upto is not None and expected <= upto[0]:
        yield Break(upto[0], "the end of the chain was cut off")


def head() -> tuple[int, str]:
    """Number and hash of the last event, to be written down where nobody here can change it."""
    last = Event.objects.order_by("-seq").values_list("seq", "hash").first()
    return last if last is not None else (0, FIRST)


def _hash(event: Event) -> str:
    told = {
        "seq": event.seq, "at": event.at.astimezone(UTC).isoformat(), "actor": event.actor, "action": event.action,
        "subject": event.subject, "reason": event.reason, "data": event.data, "before": event.before,
    }  # fmt: skip
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
