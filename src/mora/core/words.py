"""Words in two languages. A pair is written together, where it is used, so neither is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """What a person reads."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """The same sentence in Chinese and in English."""

    zh: str
    en: str

    def in_(self, language: Language) -> str:
        """The sentence in that language."""
        return self.zh if language is Language.ZH else self.en
