"""Files at rest: sealed as values are (:mod:`mora.store.sealing`), bound to their row."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from mora.store.sealing import UnsealError, key_named, sealing_key

_NONCE = 12
_HEAD = b"mora1."


def keep(content: bytes, place: str, path: str) -> str:
    """Seal a file for a place and keep it; where it was kept.

    The key's name stands in front in clear, so that keys can change.
    """
    name, key = sealing_key("file")
    nonce = os.urandom(_NONCE)
    body = AESGCM(key).encrypt(nonce, content, place.encode())
    return default_storage.save(path, ContentFile(_HEAD + name.encode() + b"\n" + nonce + body))


def read(path: str, place: str) -> bytes:
    """The file again.

    :raises UnsealError: it is gone, was altered, was kept for another place, or its key is not known.
    """
    try:
        with default_storage.open(path) as held:
            raw = held.read()
    except FileNotFoundError:
        raise UnsealError(f"{path} is not there") from None
    head, _, body = raw.partition(b"\n")
    if not head.startswith(_HEAD):
        raise UnsealError(f"{path} is not a sealed file")
    key = key_named(head.removeprefix(_HEAD).decode(errors="replace"), "file")
    try:
        return AESGCM(key).decrypt(body[:_NONCE], body[_NONCE:], place.encode())
    except (InvalidTag, ValueError):
        raise UnsealError(f"{path} does not belong to {place}, or was altered") from None


def forget(path: str) -> None:
    """Remove a file whose row was never written."""
    default_storage.delete(path)
