"""White, black and watch list: who stands on one until when, and what that changes. Read only; acts: :mod:`listing`.

What a list does is the lender's policy (``policy/lists.yaml``). An entry is asked for by one person and granted by
another; it begins when granted, holds on days ``[since, until)``, and can be ended early with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from django.db.models import QuerySet

from mora.casework.policy_files import read
from mora.core.errors import BadInput, Refused
from mora.core.words import Words
from mora.store.models import ListEntry, Party


@dataclass(frozen=True, slots=True)
class ListRule:
    """What standing on a list does."""

    says: Words
    longest_days: int
    keeps_level: bool = False
    """The warning level does not rise by itself."""
    points: int = 0
    """Added to the place in the queue."""
    dealings: Mapping[str, Words] = field(default_factory=dict)
    """What an entry can close."""


@cache
def rules() -> Mapping[str, ListRule]:
    """List to its rule, as the lender's file says.

    :raises BadInput: the file names another list, or leaves out what a rule says.
    """
    found = {}
    for name, told in read("lists.yaml").items():
        if name not in ListEntry.Name.values:
            raise BadInput(f"lists.yaml: {name!r} is not one of {', '.join(ListEntry.Name.values)}")
        try:
            dealings = {each: Words(**words) for each, words in told.pop("dealings", {}).items()}
            found[name] = ListRule(Words(**told.pop("says")), dealings=dealings, **told)
        except (KeyError, TypeError) as problem:
            raise BadInput(f"lists.yaml: {name}: {problem}; a list has says and longest_days") from None
    return found


def standing(party: Party, on: date) -> QuerySet[ListEntry]:
    """Entries in force for a party on a day."""
    return party.lists.filter(since__lte=on, until__gt=on, ended_at__isnull=True).order_by("until", "id")


def keeps_level(party: Party, on: date) -> bool:
    """Whether the party's warning level must not rise by itself that day."""
    names = [name for name, rule in rules().items() if rule.keeps_level]
    return standing(party, on).filter(name__in=names).exists()


def points(party: Party, on: date) -> list[tuple[int, Words]]:
    """What lists add to the place in the queue, with the words for it."""
    weighing = {name: rule.points for name, rule in rules().items() if rule.points}
    held = standing(party, on).filter(name__in=weighing).values_list("name", flat=True)
    return [(weighing[name], Words("重点关注名单", "on the watch list")) for name in sorted(set(held))]


def refuse_barred(party: Party, dealing: str, on: date, about: str = "") -> None:
    """Go on unless a list closes this dealing with the party.

    :raises Refused: names the list, the dealing, the reason and until when.
    """
    for entry in standing(party, on):
        if dealing in entry.dealings:
            words = rules()[entry.name].dealings.get(dealing, Words(dealing, dealing))
            raise Refused(
                Words(
                    zh=f"列入黑名单，{words.zh}，至 {entry.until}：{entry.reason}",
                    en=f"on the black list until {entry.until}, {words.en}: {entry.reason}",
                ),
                about=about,
            )


def closed(entry: ListEntry) -> list[Words]:
    """What an entry closes, in words."""
    known = rules()[entry.name].dealings
    return [known.get(each, Words(each, each)) for each in entry.dealings]
