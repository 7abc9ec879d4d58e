"""What was said in a call, as the provider wrote it down: JSON lines or WebVTT.

Nothing is judged here. Turns keep the provider's own order in time; who spoke is told only where the provider tells.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from mora.core.errors import BadInput

_CUE = re.compile(r"(?:(\d{2,}):)?(\d{2}):(\d{2})\.(\d{3})\s+-->\s")
_VOICE = re.compile(r"<v(?:\.\S+)?\s+([^>]+)>")
_TAG = re.compile(r"<[^>]*>")
_OURS = frozenset({"robot", "agent", "collector", "机器人", "坐席", "催收员"})
_MOST = 20_000


class Turn(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody speaks."""

    at_ms: Annotated[int, Meta(ge=0)]
    """Since the call was answered."""
    who: Literal["us", "person", "unknown"]
    text: str


def transcript(raw: bytes) -> tuple[Turn, ...]:
    """The turns of a call, in time.

    :param raw: one JSON object a line with ``at_ms``, ``who`` and ``text``; or a WebVTT file, with voices or without.
    :raises BadInput: neither.
    """
    text = raw.decode("utf-8-sig", errors="replace").strip()
    turns = _vtt(text) if text.startswith("WEBVTT") else _lines(text)
    if len(turns) > _MOST:
        raise BadInput(f"The transcript has {len(turns)} turns; {_MOST} are accepted.")
    return tuple(sorted(turns, key=lambda each: each.at_ms))


def _lines(text: str) -> list[Turn]:
    made: list[Turn] = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            made.append(msgspec.json.decode(line, type=Turn))
        except msgspec.DecodeError as error:
            raise BadInput(f"Line {number} of the transcript is no turn: {error}.") from error
    return made


def _vtt(text: str) -> list[Turn]:
    made: list[Turn] = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        lines = block.split("\n")
        for place, line in enumerate(lines):
            cue = _CUE.match(line)
            if cue is not None:
                hours, minutes, seconds, milli = (int(each or 0) for each in cue.groups())
                said = " ".join(lines[place + 1 :])
                voice = _VOICE.search(said)
                words = _TAG.sub("", said).strip()
                at = ((hours * 60 + minutes) * 60 + seconds) * 1000 + milli
                made.append(Turn(at, _who(voice.group(1).strip().lower() if voice else ""), words))
                break
    return made


def _who(voice: str) -> Literal["us", "person", "unknown"]:
    if not voice:
        return "unknown"
    return "us" if voice in _OURS else "person"
