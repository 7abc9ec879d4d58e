"""Hand one call over to the provider.

POST {url}    Idempotency-Key: {key}    Mora-Timestamp, Mora-Signature
{"key", "to", "caller", "script", "text", "language", "values", "callback_url"}

2xx {"call_id": "..."}              it will be dialled
409 {"call_id": "..."}              this key is known already: the same call
429, 503, 408, 425 (Retry-After)    not now
404, 405, 401, 403, other 5xx       the way itself: not now, and somebody should look; 5xx after the hand-over leaves
                                    unknown whether the call was put into the list, so it is possibly sent
other 4xx {"code", "message"}       not this call; code ``bad_number`` blames the number
"""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import msgspec

from mora.channels.posting import Line, NeverLeft, Unanswered, fields, path_of
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
from mora.channels.voice.settings import Settings
from mora.channels.voice.signing import signed
from mora.gate.terms import Channel

GATE = frozenset({Channel.VOICE_ROBOT, Channel.VOICE_NOTICE})
_NUMBER = re.compile(r"\+?[0-9]{5,20}")
_NOT_NOW = frozenset({408, 425, 429, 503})
_THE_WAY = frozenset({401, 403, 404, 405})


def sender(settings: Settings, clock: Clock, record: Record) -> Calls:  # noqa: ARG001 - results come as callbacks
    """A sender that keeps its connection."""
    return Calls(settings, clock)


class Calls:
    """One provider."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._line = Line(settings.connect_seconds, settings.answer_seconds)

    def hand_over(self, message: Message) -> Handed:
        """One call."""
        if not _NUMBER.fullmatch(message.to):
            return refused_here("not_an_address", Whose.ADDRESS)
        if message.attachments:
            return refused_here("attachment")
        if not message.text.strip() and not self._settings.script:
            return refused_here("empty")
        told = {
            "key": message.key, "to": message.to, "caller": self._settings.caller, "script": self._settings.script,
            "text": message.text, "language": message.language, "values": dict(message.values),
            "callback_url": self._settings.callback_url,
        }  # fmt: skip
        body = msgspec.json.encode(told)
        headers = signed(self._settings.secret, self._clock.now(), "POST", path_of(self._settings.url), body)
        try:
            answer = self._line.post(self._settings.url, body, headers | {"Idempotency-Key": message.key})
        except NeverLeft as error:
            return self._later("HTTP link", str(error))
        except Unanswered as error:
            return PossiblySent(str(error))
        return self._answered(answer)

    def _answered(self, answer: httpx.Response) -> Handed:
        status, code = answer.status_code, f"HTTP {answer.status_code}"
        said = fields(answer)
        if status // 100 == 2 or status == 409:
            name = said.get("call_id", "")
            if name:
                return Accepted((name,), said=code)
            return PossiblySent(f"{code} without a call_id")
        if status in _NOT_NOW or status in _THE_WAY or status // 100 == 3:
            wait = _retry_after(answer)
            return self._later(code, said.get("message", ""), wait)
        if status // 100 == 5:
            return PossiblySent(f"{code}: {said.get('message', '')}")
        whose = Whose.ADDRESS if said.get("code") == "bad_number" else Whose.MESSAGE
        return RefusedForGood(f"{code} {said.get('code', '')}".strip(), said.get("message", ""), whose)

    def _later(self, code: str, why: str, wait: timedelta | None = None) -> RefusedForNow:
        return RefusedForNow(code, why, wait or timedelta(seconds=self._settings.retry_seconds), Whose.PROVIDER)

    def listen(self, seconds: float) -> int:  # noqa: ARG002
        """Results come as callbacks: ``receipts.read``."""
        return 0

    def close(self) -> None:
        """Close the connection."""
        self._line.close()


def _retry_after(answer: httpx.Response) -> timedelta | None:
    """Seconds the provider asks us to wait, a day at most; a date is not read."""
    held = answer.headers.get("Retry-After", "")
    return timedelta(seconds=min(int(held), 86_400)) if held.isascii() and held.isdigit() and len(held) < 9 else None
