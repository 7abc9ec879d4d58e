"""What the channels file says of the portal."""

from __future__ import annotations

from msgspec import Struct


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """The portal takes notices up to a length."""

    max_characters: int = 20_000
