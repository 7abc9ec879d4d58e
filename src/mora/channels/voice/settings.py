"""What the channels file says of a dialler."""

from __future__ import annotations

from msgspec import Struct

from mora.channels.hidden import shown


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """One account at one provider."""

    url: str
    """Where a call is handed over: https, unless ``private_line``."""
    secret: str
    """Signs what we send, and what comes back."""
    former_secret: str = ""
    """Still accepted in callbacks while the secret is being changed."""
    script: str = ""
    """Which of the provider's scripts speaks; empty: the text is read out."""
    caller: str = ""
    """The number shown to the person."""
    callback_url: str = ""
    """Where results shall come."""
    click_url: str = "tel:{number}"
    """The link a person clicks to call: ``{number}``, ``{key}``, ``{at}`` and ``{signature}`` are filled in."""
    private_line: bool = False
    window_seconds: int = 300
    """How far a callback's moment may be from ours."""
    connect_seconds: float = 10.0
    answer_seconds: float = 30.0
    retry_seconds: int = 300
    """When a call refused for now may be tried again, unless the provider says."""

    def __post_init__(self) -> None:
        if not self.url.startswith("https://") and not (self.private_line and self.url.startswith("http://")):
            raise ValueError("url must begin with https://, or with http:// on a private line")
        if len(self.secret) < 16:
            raise ValueError("secret must have at least 16 characters")

    def __repr__(self) -> str:
        return shown(self)
