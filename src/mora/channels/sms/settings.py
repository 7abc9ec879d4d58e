"""What the channels file says of a gateway."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from mora.channels.hidden import shown


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """One account at one short-message centre."""

    host: str
    port: int
    system_id: str
    password: str
    source: str
    """The number or name the message comes from."""
    source_ton: int = 0
    source_npi: int = 0
    destination_ton: int = 1
    """1 international, with the country code."""
    destination_npi: int = 1
    """1 E.164."""
    system_type: str = ""
    answer_seconds: float = 10.0
    """How long an answer may take before the connection counts as lost."""
    enquire_seconds: float = 30.0
    """After so much silence the link is tried."""
    back_off_seconds: int = 5
    """First waiting time when the gateway has no room; it doubles while it lasts."""
    back_off_max_seconds: int = 300
    tries_of_a_part: int = 4
    """How often a later segment is tried when it is refused for now, before the message counts as possibly sent."""
    receipt_ids: Literal["as_given", "decimal_of_hex"] = "as_given"
    """``decimal_of_hex``: answers give ids in hexadecimal, receipts the same number in decimal."""
    receipt_zone: str = "Asia/Shanghai"
    """Zone of the times in receipts, which SMPP does not tell."""
    dead_codes: tuple[str, ...] = ()
    """The operator's error codes in receipts that mean: no such number."""
    blocked_codes: tuple[str, ...] = ()
    """Those that mean: the person or a filter refuses it."""
    for_good: tuple[int, ...] = ()
    """The operator's own statuses, from 0x400 on, after which trying again never helps."""

    def __repr__(self) -> str:
        return shown(self)
