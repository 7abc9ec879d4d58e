"""How are settings shown, in a log or a failing assertion? Without their secrets."""

from __future__ import annotations

from msgspec import Struct

_SECRET = frozenset({"password", "secret", "former_secret", "token"})


def shown(settings: Struct) -> str:
    """The settings as text, each secret as three stars."""
    told = [
        f"{name}={'***' if name in _SECRET and getattr(settings, name) else repr(getattr(settings, name))}"
        for name in settings.__struct_fields__
    ]
    return f"{type(settings).__name__}({', '.join(told)})"
