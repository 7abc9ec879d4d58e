"""Post to a provider: was it answered, can it not have left, or does nobody know?"""

from __future__ import annotations

import httpx
import msgspec

_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL)


class NeverLeft(Exception):
    """There was no line to the provider."""


class Unanswered(Exception):
    """The line was lost, or silent, after the request may have left."""


class Line:
    """Connections to one provider, without proxies or redirections that nobody configured."""

    def __init__(self, connect_seconds: float, answer_seconds: float) -> None:
        limits = httpx.Timeout(answer_seconds, connect=connect_seconds)
        self._http = httpx.Client(timeout=limits, follow_redirects=False, trust_env=False)

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
        """The answer.

        :raises NeverLeft: safe to try again.
        :raises Unanswered: it may have been taken.
        """
        try:
            return self._http.post(url, content=body, headers={"Content-Type": "application/json"} | headers)
        except _NEVER_LEFT as error:
            raise NeverLeft(f"no line to the provider: {type(error).__name__}") from None
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise Unanswered(f"the line was lost before the answer: {type(error).__name__}") from None

    def close(self) -> None:
        """Close them."""
        self._http.close()


def path_of(url: str) -> str:
    """Path and query of an address, as they are signed."""
    return httpx.URL(url).raw_path.decode()


def fields(answer: httpx.Response) -> dict[str, str]:
    """The fields of a JSON object as text; none when the answer is no such thing."""
    try:
        held = msgspec.json.decode(answer.content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
    return {str(name): str(value)[:500] for name, value in held.items()} if isinstance(held, dict) else {}
