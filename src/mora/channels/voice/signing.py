"""Is this from whom it says, unchanged and of now? One signature for both directions.

    Mora-Timestamp: 1772445300                       seconds since 1970
    Mora-Signature: v1=<hex HMAC-SHA256>             over "v1", timestamp, method, path with query, hex SHA-256 of the
                                                     body, joined by line feeds

Several signatures may stand in the header, divided by commas, while a secret is being changed; one that fits is enough.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from mora.core.errors import Refused
from mora.core.words import Words

TIMESTAMP, SIGNATURE = "Mora-Timestamp", "Mora-Signature"
_SECONDS = re.compile(r"[0-9]{1,12}")


def signature(secret: str, seconds: int, method: str, path: str, body: bytes) -> str:
    """The hex signature of one request."""
    told = "\n".join(("v1", str(seconds), method.upper(), path, hashlib.sha256(body).hexdigest()))
    return hmac.new(secret.encode(), told.encode(), hashlib.sha256).hexdigest()


def signed(secret: str, at: datetime, method: str, path: str, body: bytes) -> dict[str, str]:
    """The two headers of a request made at that moment."""
    seconds = int(at.timestamp())
    return {TIMESTAMP: str(seconds), SIGNATURE: f"v1={signature(secret, seconds, method, path, body)}"}


def verify(
    headers: Mapping[str, str],
    method: str,
    path: str,
    body: bytes,
    *,
    secrets: Iterable[str],
    now: datetime,
    window: timedelta,
) -> None:
    """Nothing, when the request is signed with one of the secrets and its moment is within the window.

    :param headers: as received; names in any case.
    :param path: with its query, as it was called.
    :raises Refused: says which of these failed, never what would have fitted.
    """
    held = {name.lower(): value for name, value in headers.items()}
    stamp, given = held.get(TIMESTAMP.lower(), ""), held.get(SIGNATURE.lower(), "")
    if not _SECONDS.fullmatch(stamp) or not given:
        raise Refused(Words("缺少签名或时间戳", "signature or timestamp is missing"))
    if abs(now.timestamp() - int(stamp)) > window.total_seconds():
        raise Refused(Words("时间戳超出允许范围", "the timestamp lies outside the window"))
    offered = [each.strip()[3:] for each in given.split(",")[:5] if each.strip().startswith("v1=")]
    wanted = [signature(secret, int(stamp), method, path, body) for secret in secrets if secret]
    fits = [hmac.compare_digest(one.encode(), other.encode()) for one in offered for other in wanted]
    if not any(fits):
        raise Refused(Words("签名不符", "the signature does not fit"))
