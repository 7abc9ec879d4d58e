"""A plain request to vary: a bank's own collector calls a card debtor in the afternoon."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from mora.gate import Request

BASE: dict[str, Any] = {
    "at": "2026-03-02T15:00:00+08:00",
    "places": ["cn"],
    "lender": {"id": "bank", "kind": "bank"},
    "actor": {"kind": "lender", "id": "bank", "trained_on": "2026-01-05"},
    "channel": "voice",
    "point": {"id": "mobile-1", "kind": "mobile"},
    "party": {"id": "lin", "role": "debtor"},
    "claims": [
        {
            "id": "card-1",
            "products": ["card"],
            "owed": {"identity_matched": True, "balance_reconciled": True, "owned_by_lender": True},
        }
    ],
}


def request(**change: Any) -> Request:
    """The base request with some fields replaced."""
    return msgspec.convert(BASE | change, Request)


def attempt(at: str, **change: Any) -> dict[str, Any]:
    """One earlier attempt: an answered call by the bank to Lin about the card."""
    base = {
        "at": at, "actor": "bank", "channel": "voice", "party": "lin", "result": "connected", "point": "mobile-1",
        "claims": ["card-1"],
    }  # fmt: skip
    return base | change


def instant(text: str) -> datetime:
    """An instant from its ISO form."""
    return datetime.fromisoformat(text)
