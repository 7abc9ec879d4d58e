"""Ways out to people, and the answers that come back. One folder each, the same files in each.

A channel is a package with

    __init__.py     what it is, what it needs, what it cannot do: read this first
    settings.py     Settings: what the lender's channels file says, read strictly
    send.py         GATE: the gate's channels it serves; sender(settings, clock, record) -> Sender
    receipts.py     read(...): what came back, as receipts and incoming messages

and may hold more. It knows protocols and facts; it asks no gate, keeps no queue, reads no clock of its own and decides
nothing about people. The room's own files: ``terms.py`` (words), ``state.py`` (a message's state by its receipts),
``rates.py`` (how fast), ``prices.py`` (what it costs), ``providers.py`` (the channels file), ``answers/`` (what people
wrote back). docs/howto/channel.md shows how a lender adds one.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import NamedTuple, cast

from msgspec import Struct

from mora.channels.terms import Clock, Record, Sender
from mora.core.errors import BadInput
from mora.gate.terms import Channel

_PACKAGES = frozenset({"smpplib", "httpx"})
"""Installed by the extra ``channels``."""


class Way(NamedTuple):
    """A channel's modules."""

    name: str
    sending: ModuleType
    receipts: ModuleType
    settings: type[Struct]

    @property
    def gate(self) -> frozenset[Channel]:
        """The gate's channels a message of which may leave this way; empty where the gate knows none (the portal)."""
        return frozenset(cast(Iterable[Channel], self.sending.GATE))

    def open(self, settings: Struct, clock: Clock, record: Record) -> Sender:
        """An open sender; connects at the first hand-over, so it does not fail for want of a network."""
        return cast(Sender, self.sending.sender(settings, clock, record))


def way_names() -> tuple[str, ...]:
    """Every channel that comes with Mora: the folders beside this file that hold ``send.py``."""
    return tuple(sorted(each.parent.name for each in Path(__file__).parent.glob("*/send.py")))


def load_way(name: str) -> Way:
    """The channel of that name, or a lender's own by its dotted path (``our_bank.channels.pigeon``).

    :raises BadInput: no such channel, or its folder lacks one of the files.
    """
    package = name if "." in name else f"mora.channels.{name}"
    if "." not in name and name not in way_names():
        raise BadInput(f"There is no channel {name!r}; there are {', '.join(way_names())}, or a dotted path.")
    try:
        parts = {part: import_module(f"{package}.{part}") for part in ("settings", "send", "receipts")}
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        hint = " Its packages come with: pip install 'mora[channels]'" if missing in _PACKAGES else ""
        raise BadInput(f"The channel {name!r} cannot be loaded: {error}.{hint}") from error
    for part, wanted in (("settings", "Settings"), ("send", "GATE"), ("send", "sender"), ("receipts", "read")):
        if not hasattr(parts[part], wanted):
            raise BadInput(f"The channel {name!r} has no {wanted} in {part}.py; copy the folder null and change it.")
    return Way(name, parts["send"], parts["receipts"], parts["settings"].Settings)
