"""What an import did: counts and amounts in, kept, already there and set aside, and where to look."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mora.feeds.faults import Told


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The outcome of one import."""

    import_id: str
    generation: int
    """The book's generation afterwards."""
    changed: bool
    """Whether the book is other than before."""
    tables: dict[str, dict[str, Any]]
    """Table -> {"rows": {in, kept, unchanged, set_aside}, "amounts": the same -> currency -> minor units}."""
    codes: dict[str, int]
    """Code -> rows set aside for it first."""
    quarantine: Path | None
    """Folder of what was set aside; None when nothing was."""
    warnings: tuple[Told, ...] = ()
    examples: tuple[Told, ...] = ()
    """The first few rows set aside."""
    touched: int = 0
    """Loans whose rows or facts changed."""

    @property
    def set_aside(self) -> int:
        """Rows set aside in all."""
        return sum(table["rows"]["set_aside"] for table in self.tables.values())

    @property
    def exit_code(self) -> int:
        """0 done, 1 done with rows set aside."""
        return 1 if self.set_aside else 0
