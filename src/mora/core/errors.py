"""What stops the work.

    MoraError
    +-- Refused            the request cannot be carried out as asked; the message says how to mend it
        +-- BadInput       a file or an argument is not usable as a whole; carries findings
        +-- UnknownLoan    the book has no such loan
        +-- UnknownRule    the law packs have no such rule, or no value on that date

Rows that are wrong do not raise: they become findings (:mod:`mora.core.findings`).
"""

from __future__ import annotations

from mora.core.findings import Finding
from mora.core.words import Words


class MoraError(Exception):
    """Anything Mora raises on purpose.

    :param message: what happened, in English, or as a pair of words.
    :param zh: the message in Chinese, where ``message`` is the English one.
    """

    def __init__(self, message: str | Words = "", zh: str = "") -> None:
        self._words = message if isinstance(message, Words) else Words(zh or message, message)
        super().__init__(self._words.en)

    @property
    def zh(self) -> str:
        """The message in Chinese; empty where there is none."""
        return "" if self._words.zh == self._words.en else self._words.zh

    @property
    def words(self) -> Words:
        """The message in both languages; English twice where there is no Chinese."""
        return self._words


class Refused(MoraError):
    """Not done, and nothing was changed. The command line exits with 2.

    :param about: which of the things given it is about, so that a page shows the message there.
    """

    def __init__(self, message: str | Words = "", zh: str = "", *, about: str = "") -> None:
        super().__init__(message, zh)
        self.about = about


class BadInput(Refused):
    """A file or argument is unusable as a whole."""

    def __init__(self, message: str, findings: tuple[Finding, ...] = (), zh: str = "") -> None:
        super().__init__(message, zh)
        self.findings = findings


class UnknownLoan(Refused):
    """The book has no loan with this id."""


class UnknownRule(Refused):
    """The law packs hold no such rule, or it has no value on the date asked for."""
