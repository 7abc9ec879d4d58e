"""Where the checker reads the rules otherwise than the gate does, and nobody has settled it yet.

Each point is named, so that a run tells these apart from differences that nobody has explained. When a point is
settled, the side that was wrong changes and the point goes; with none left, a run has nothing to explain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from mora.gate.terms import Channel, Purpose

from . import readings as law
from .asked import Asked
from .clocks import months_later

LENIENT, STRICT = "lenient", "strict"
"""The gate lets pass what the checker would refuse; the gate refuses what the checker would let pass."""

STRANGERS = (
    "us.regf.thirdparty",
    "cn.gbt45251.contacts",
    "cn.cba2026.contacts.unreachable",
    "cn.card2011.a68",
    "cn.cfc2024.collection",
)
AGREED_AWAY = (
    "cn.gbt45251.hours",
    "cn.cba2026.hours",
    "us.regf.calls.7in7",
    "us.regf.calls.afterconv",
)


@dataclass(frozen=True)
class Point:
    """One way in which the two differ."""

    name: str
    side: str
    rules: tuple[str, ...]
    applies: Callable[[Asked], bool]


def coming_of_age(asked: Asked) -> bool:
    """Eighteen today in one zone of the world and not in another."""
    born = asked.request.party.born_on
    return born is not None and abs(asked.at.date() - months_later(born, 12 * law.ADULT)) <= timedelta(days=1)


def part_agreed(asked: Asked) -> bool:
    """A permission that names claims, and a contact about several."""
    return len(asked.claims) > 1 and any(each.claims for each in asked.request.permissions)


OPEN = (
    Point(
        "an answer to a stranger may name the debt",
        LENIENT,
        STRANGERS,
        lambda asked: asked.purpose is Purpose.REPLY and asked.discloses,
    ),
    Point(
        "a one-way call may name the debt to whoever answers",
        LENIENT,
        ("house.prudent.opening",),
        lambda asked: asked.channel is Channel.VOICE_NOTICE,
    ),
    Point("age on the law's day, not the person's", LENIENT, ("house.prudent.people",), coming_of_age),
    Point("age on the law's day, not the person's", STRICT, ("house.prudent.people",), coming_of_age),
    Point(
        "who bought a claim may not tell of the assignment, nor answer, before having told of it",
        STRICT,
        ("cn.civil.546", "eu.dir2021-2167.notice"),
        lambda asked: asked.purpose is not Purpose.COLLECT,
    ),
    Point("a permission must cover claims the rule is not about", STRICT, AGREED_AWAY, part_agreed),
    Point(
        "a hold about a claim outside the rule counts",
        STRICT,
        ("uk.conc7.9", "cn.card2011.a70.instalment"),
        lambda asked: len(asked.claims) > 1 and any(hold.claims for hold in asked.request.holds),
    ),
)


def point_of(asked: Asked, rule: str, side: str) -> str | None:
    """The open point that explains a difference; None when none does."""
    for point in OPEN:
        if point.side == side and rule in point.rules and point.applies(asked):
            return point.name
    return None
