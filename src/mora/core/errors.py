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

    :param zh: the message in Chinese, for what people meet at the command line.
    """

    def __init__(self, message: str = "", zh: str = "") -> None:
        super().__init__(message)
        self.zh = zh

    @property
    def words(self) -> Words:
        """The message in both languages; English twice where there is no Chinese."""
        return Words(self.zh or str(self), str(self))


class Refused(MoraError):
    """Not done, and nothing was changed. The command line exits with 2.

    What people at a screen read is given as a pair of words; as text it is the English one.

    :param about: which of the things given it is about, so that a page shows the message there.
    """

    def __init__(self, message: str | Words = "", *, about: str = "") -> None:
        self.words = message if isinstance(message, Words) else Words(zh=message, en=message)
        self.about = about
        super().__init__(self.words.en)


class BadInput(Refused):
    """A file or argument is unusable as a whole."""

    def __init__(self, message: str, findings: tuple[Finding, ...] = (), zh: str = "") -> None:
        super().__init__(message, zh)
        self.findings = findings


class UnknownLoan(Refused):
    """The book has no loan with this id."""


class UnknownRule(Refused):
    """The law packs hold no such rule, or it has no value on the date asked for."""
