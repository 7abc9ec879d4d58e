"""Parameters by dotted path: ``specific.substandard`` is the value of ``substandard`` inside ``specific``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


def paths(params: object, before: str = "") -> list[str]:
    """Dotted paths of every parameter, mappings included, lists not entered."""
    names: list[str] = []
    if isinstance(params, Mapping):
        for key, value in params.items():
            path = f"{before}{key}"
            names += [path, *paths(value, path + ".")]
    return names


def leaves(params: Mapping[str, object], before: str = "") -> dict[str, object]:
    """Dotted path to value, for values that are not themselves mappings."""
    flat: dict[str, object] = {}
    for key, value in params.items():
        if isinstance(value, Mapping):
            flat |= leaves(value, f"{before}{key}.")
        else:
            flat[f"{before}{key}"] = value
    return flat


def value_at(params: object, path: str) -> tuple[bool, object]:
    """``(there, value)`` at a dotted path; a name that itself holds dots is found too."""
    if not isinstance(params, Mapping):
        return False, None
    if path in params:
        return True, params[path]
    head, _, rest = path.partition(".")
    return value_at(params[head], rest) if rest and head in params else (False, None)


def with_value(params: Mapping[str, object], path: str, value: object) -> Mapping[str, object]:
    """The same parameters, read-only, with one leaf replaced."""
    head, _, rest = path.partition(".")
    inside = params.get(head)
    if path in params or not rest or not isinstance(inside, Mapping):
        return MappingProxyType({**params, path: value})
    return MappingProxyType({**params, head: with_value(inside, rest, value)})
