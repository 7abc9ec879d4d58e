"""What screens show of personal data: enough to tell two people apart, not enough to use."""

from __future__ import annotations

import re

from pypinyin import Style, lazy_pinyin

_ASIDE = re.compile(r"\s*[（(].*?[）)]\s*$")
"""What stands in brackets after a name is no part of it: 林小明（测试）."""


def name_mask(name: str) -> str:
    """林小明 -> 林*明, 林明 -> 林*, 林小明（测试） -> 林*明（测试）, John Q Public -> J*** Q*** P***."""
    if not name:
        return ""
    aside = _ASIDE.search(name)
    own = name[: aside.start()] if aside else name
    if not own:
        return "*" * len(name)
    kept = aside.group().strip() if aside else ""
    if own.isascii():
        shown = " ".join(f"{word[0]}***" for word in own.split())
        return f"{shown} {kept}".strip()
    if len(own) <= 2:
        return own[0] + "*" * (len(own) - 1) + kept
    return own[0] + "*" * (len(own) - 2) + own[-1] + kept


def tail_mask(value: str, shown: int = 4) -> str:
    """The last few characters behind four stars: ****1234. How long a value is says something too, and is not shown."""
    return "****" + value[-shown:] if len(value) > shown else "*" * len(value)


def point_mask(value: str) -> str:
    """A contact point: the end of a number, the beginning and the house of an address for mail (l***@example.cn)."""
    user, at, house = value.partition("@")
    return f"{user[:1]}***@{house}" if at else tail_mask(value)


def initials(name: str) -> str:
    """Initials in pinyin, for search: 林小明 -> lxm. Names in Latin letters give the initials of their words."""
    own = _ASIDE.sub("", name)
    if own.isascii():
        return "".join(word[0] for word in own.lower().split() if word[0].isalnum())
    return "".join(part for part in lazy_pinyin(own, style=Style.FIRST_LETTER) if part.isalnum()).lower()
