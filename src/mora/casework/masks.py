"""What screens show of personal data: enough to tell two people apart, not enough to use."""

from __future__ import annotations

from pypinyin import Style, lazy_pinyin


def name_mask(name: str) -> str:
    """林小明 -> 林*明, 林明 -> 林*, John Q Public -> J*** P***."""
    if not name:
        return ""
    if name.isascii():
        return " ".join(f"{word[0]}***" for word in name.split())
    if len(name) <= 2:
        return name[0] + "*" * (len(name) - 1)
    return name[0] + "*" * (len(name) - 2) + name[-1]


def tail_mask(value: str, shown: int = 4) -> str:
    """All but the last few characters hidden: ****1234."""
    return "*" * max(0, len(value) - shown) + value[-shown:] if len(value) > shown else "*" * len(value)


def initials(name: str) -> str:
    """Initials in pinyin, for search: 林小明 -> lxm. Names in Latin letters give the initials of their words."""
    if name.isascii():
        return "".join(word[0] for word in name.lower().split() if word[0].isalnum())
    return "".join(part for part in lazy_pinyin(name, style=Style.FIRST_LETTER) if part).lower()
