"""A finding says what is wrong, where, and what would be accepted; one pass reports them all.

Findings are data: they go into quarantine files, onto pages and into tests. Exceptions
(:mod:`mora.core.errors`) are for what stops the work.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum

from mora.core.words import Language


class Severity(StrEnum):
    """What a finding does."""

    ERROR = "error"
    """The thing is not used: a row is set aside, a file is refused."""
    WARNING = "warning"
    """The thing is used; somebody should look."""
    NOTE = "note"
    """Nothing is wrong; a reader would ask."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed about one place."""

    code: str
    """Stable, upper case, dotted by topic: ``BOOK.DATE``. See docs/errors.md."""
    message: str
    """Plain sentence: what it is, and why it cannot stand."""
    file: str = ""
    row: int | None = None
    """Line in the file as an editor shows it (the header is line 1); None when about the whole file."""
    column: str = ""
    value: str = ""
    expected: str = ""
    """What would be accepted, with an example."""
    severity: Severity = Severity.ERROR
    cite: str = ""
    """Rule id or clause when law is involved."""
    message_zh: str = ""
    """The message in Chinese, where a page or an explanation shows it to people."""

    def message_in(self, language: Language) -> str:
        """The message in that language; the English one where there is no Chinese."""
        return self.message_zh if language is Language.ZH and self.message_zh else self.message

    def as_dict(self) -> dict[str, object]:
        """Plain values for a JSON or Parquet row."""
        return asdict(self) | {"severity": self.severity.value}

    def __str__(self) -> str:
        where = self.file + (f":{self.row}" if self.row is not None else "")
        parts = [f"{where}: " if where else "", f"[{self.code}] ", self.message]
        if self.column:
            parts.append(f" (column {self.column}" + (f", value {self.value!r})" if self.value else ")"))
        if self.expected:
            stop = "" if parts[-1].endswith((".", "?", "!", ":")) else "."
            parts.append(f"{stop} Expected: {self.expected}")
        return "".join(parts)
