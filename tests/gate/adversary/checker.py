"""An independent plain reader of the raw log: which rules did each attempt break?

It files what was made in sorted lists, counts them by hand, and knows nothing of the gate but the words of requests
and results. For every attempt, made or refused, it names the blocking rules that the attempt would break by its own
reading: a made attempt that breaks one is a violation; a refusing rule that it does not name was avoidable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from . import american, chinese, european, prudent
from .asked import Asked
from .past import Past
from .record import Entry

MODELLED = frozenset({*chinese.RULES, *american.RULES, *european.BRITISH, *european.EUROPEAN, *prudent.RULES})
"""Rules the checker has a reading of."""


def read(log: list[Entry], house: str | None, literal: bool = False) -> Iterator[tuple[Entry, Asked, set[str]]]:
    """Each attempt that was asked about, as the checker looks at it, and the blocking rules it would break.

    ``log`` is one case's, oldest first; ``house`` the house pack the gate had (``prudent`` or None).
    """
    past = Past(log, literal)
    for entry in log:
        if entry.request is not None:
            asked = Asked(entry.request, past)
            rules = rules_of(entry.request.places, house)
            yield entry, asked, {rule for rule, breaks in rules if breaks(asked)}
        if entry.made is not None:
            past.write_down(entry.made)


@cache
def rules_of(places: tuple[str, ...], house: str | None) -> list[tuple[str, Callable[[Asked], bool]]]:
    """The rules that speak in these places."""
    found: list[tuple[str, Callable[[Asked], bool]]] = []
    if "cn" in places:
        found += chinese.RULES.items()
    if any(place.startswith("us") for place in places):
        found += american.RULES.items()
    if "uk" in places:
        found += european.BRITISH.items()
    if "eu" in places:
        found += european.EUROPEAN.items()
    if house == "prudent":
        found += prudent.RULES.items()
    return found
