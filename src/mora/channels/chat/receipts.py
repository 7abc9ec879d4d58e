"""Robots say nothing afterwards."""

from __future__ import annotations

from mora.channels.terms import Incoming, Receipt


def read(raw: bytes) -> tuple[Receipt | Incoming, ...]:  # noqa: ARG001 - the same in every channel
    """Always empty."""
    return ()
