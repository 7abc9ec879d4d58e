"""Personal data at rest: AES-256-GCM bound to its row and field, and a keyed index to find it by.

A sealed value opens only in the row and field it was sealed for: the row's key and the field's name are authenticated
with it, so a value copied elsewhere does not open. Keys are named; the first of ``MORA_KEYS`` seals, all open.
The blind index is an HMAC of the normalised value under a key of its own: equal values can be found, none can be read.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE = 12


class UnsealError(ValueError):
    """The value was altered, belongs to another row or field, or its key is not known."""


@lru_cache(maxsize=16)
def _key(name: str, secret: str, purpose: str) -> bytes:
    derive = HKDF(hashes.SHA256(), 32, salt=None, info=f"mora:{purpose}:{name}".encode())
    return derive.derive(secret.encode())


def _keys() -> dict[str, str]:
    return settings.MORA_KEYS


def sealing_key(purpose: str) -> tuple[str, bytes]:
    """Name and key of what seals now, for a purpose of its own."""
    name, secret = next(iter(_keys().items()))
    return name, _key(name, secret, purpose)


def key_named(name: str, purpose: str) -> bytes:
    """The key of a name.

    :raises UnsealError: no such key is configured.
    """
    secret = _keys().get(name)
    if secret is None:
        raise UnsealError(f"no key named {name!r} is configured")
    return _key(name, secret, purpose)


def seal(text: str, place: str) -> str:
    """The sealed form of a text for a place (``table.field:row``)."""
    name, secret = next(iter(_keys().items()))
    nonce = os.urandom(_NONCE)
    body = AESGCM(_key(name, secret, "seal")).encrypt(nonce, text.encode(), place.encode())
    return f"{name}.{base64.urlsafe_b64encode(nonce + body).decode()}"


def unseal(sealed: str, place: str) -> str:
    """The text again.

    :raises UnsealError: altered, sealed for another place, or by a key that is not configured.
    """
    name, _, body = sealed.partition(".")
    secret = _keys().get(name)
    if secret is None:
        raise UnsealError(f"no key named {name!r} is configured")
    raw = base64.urlsafe_b64decode(body)
    try:
        return AESGCM(_key(name, secret, "seal")).decrypt(raw[:_NONCE], raw[_NONCE:], place.encode()).decode()
    except InvalidTag:
        raise UnsealError(f"the value does not belong to {place}, or was altered") from None


def normal(text: str) -> str:
    """How values are compared in the blind index: full-width folded, spaces and punctuation out, upper case."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(char for char in folded if char.isalnum()).upper()


def blind(text: str, kind: str) -> str:
    """The index of a value among values of one kind (phone, id_number): 32 hexadecimal digits."""
    secret = settings.MORA_INDEX_KEY
    return hmac.new(_key("index", secret, kind), normal(text).encode(), hashlib.sha256).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A value as it lies in the database; it prints as its mask and never as itself."""

    text: str

    def __str__(self) -> str:
        return "•••"

    def __bool__(self) -> bool:
        return bool(self.text)
