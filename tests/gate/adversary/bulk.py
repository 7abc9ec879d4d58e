"""Asks the bulk gate: requests and histories as frames."""

from __future__ import annotations


def bulk_asker(house: str | None) -> object:
    """Not there yet."""
    raise NotImplementedError(house)
