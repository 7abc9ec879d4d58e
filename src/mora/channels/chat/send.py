"""Hand one message to one robot.

Robots answer HTTP 200 with ``errcode`` (Feishu: ``code``); nought is yes. Any other code means that nothing left. Which
codes would never pass is not published completely, so each is a refusal for now, and whoever keeps the message limits
how often it is tried.
"""

from __future__ import annotations

from datetime import timedelta

import httpx

from mora.channels.chat.robots import MOST_OCTETS, request
from mora.channels.chat.settings import Settings
from mora.channels.posting import Line, NeverLeft, Unanswered, fields
from mora.channels.terms import (
    Accepted,
    Clock,
    Handed,
    Message,
    PossiblySent,
    Record,
    RefusedForNow,
    Whose,
    refused_here,
)
from mora.gate.terms import Channel

GATE = frozenset({Channel.IM})


def sender(settings: Settings, clock: Clock, record: Record) -> Robots:  # noqa: ARG001 - robots hear nothing
    """A sender for all robots of the settings."""
    return Robots(settings, clock)


class Robots:
    """The lender's robots."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._line = Line(settings.connect_seconds, settings.answer_seconds)

    def hand_over(self, message: Message) -> Handed:
        """One message to the group of one robot."""
        robot = self._settings.robots.get(message.to)
        if robot is None:
            return refused_here("not_an_address", Whose.ADDRESS)
        if not robot.alone:
            return refused_here("group", Whose.ADDRESS)
        if message.attachments:
            return refused_here("attachment")
        if not message.text.strip():
            return refused_here("empty")
        if len(message.text.encode()) > MOST_OCTETS[robot.kind]:
            return refused_here("too_long")
        url, body = request(robot, message.text, self._settings, self._clock.now())
        try:
            return self._answered(self._line.post(url, body, {}))
        except NeverLeft as error:
            return self._later("HTTP link", str(error))
        except Unanswered as error:
            return PossiblySent(str(error))

    def _answered(self, answer: httpx.Response) -> Handed:
        said = fields(answer)
        code = said.get("errcode", said.get("code", said.get("StatusCode", "")))
        why = said.get("errmsg", said.get("msg", ""))
        if answer.status_code == 200 and code == "0":
            return Accepted((), said=why)
        if code not in {"", "0"} or answer.status_code // 100 in (3, 4):
            return self._later(f"HTTP {answer.status_code} {code}".strip(), why)
        return PossiblySent(f"the answer makes no sense: HTTP {answer.status_code}")

    def _later(self, code: str, why: str) -> RefusedForNow:
        return RefusedForNow(code, why, timedelta(seconds=self._settings.retry_seconds))

    def listen(self, seconds: float) -> int:  # noqa: ARG002
        """Robots hear nothing."""
        return 0

    def close(self) -> None:
        """Close the connections."""
        self._line.close()
