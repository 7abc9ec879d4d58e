"""The link with which a person calls: the telephone's own, or the dialler's with a signature that ends."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import quote

from mora.channels.voice.settings import Settings
from mora.channels.voice.signing import signature
from mora.core.errors import BadInput

_NUMBER = re.compile(r"\+?[0-9]{5,20}")


def click_to_call(number: str, key: str, settings: Settings, at: datetime) -> str:
    """The link. The gate is asked before it is shown; the dialler should ask again when it is used.

    :param key: names the act in the dialler's result, such as the case's number and a count.
    :raises BadInput: the number is none: a link is made of digits only.

    >>> from datetime import UTC
    >>> told = Settings("https://dialler.example/calls", "sixteen letters!")
    >>> click_to_call("+8613800138000", "case-1", told, datetime(2026, 3, 2, tzinfo=UTC))
    'tel:+8613800138000'
    """
    if not _NUMBER.fullmatch(number):
        raise BadInput(f"{number!r} is not a telephone number such as +8613800138000.")
    seconds = int(at.timestamp())
    told = signature(settings.secret, seconds, "CLICK", number, key.encode())
    plain = number if settings.click_url.startswith("tel:") else quote(number, safe="")
    return settings.click_url.format(number=plain, key=quote(key, safe=""), at=seconds, signature=told)
