"""What the channels file says of letters."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """Where batches are made."""

    folder: str
    """Holds one folder for each batch; the one being filled ends in ``.open``. Closed batches stay there: by them a
    letter that is handed over twice is found."""
    sender: tuple[str, ...] = ()
    """The lender's own address, as the register names it."""
    service: str = "挂号信"
    """Registered letter, EMS: as the register calls it."""

    @property
    def path(self) -> Path:
        """The folder."""
        return Path(self.folder)
