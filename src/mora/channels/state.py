"""What is the state of a message, by what was said about it? A pure function of the set of receipts.

Receipts come twice, late and in any order, so nothing here looks at order or at times. Each part has a standing in a
lattice; what two receipts say together is their join, and more receipts never lead back down:

           contradictory
           |           |
         read        partly
           |           |
       delivered  undeliverable
            |        |
             pending
                |
               sent

``partly`` is about messages of several parts only: some arrived and some will not. A complaint says that it arrived,
and is remembered beside the standing.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import reduce

from msgspec import Struct

from mora.channels.terms import Kind, Receipt
from mora.gate.terms import Result


class Standing(StrEnum):
    """Where a message stands."""

    SENT = "sent"
    """Handed over; nothing was said since."""
    PENDING = "pending"
    DELIVERED = "delivered"
    """Every part arrived."""
    READ = "read"
    """Every part arrived and one was opened."""
    UNDELIVERABLE = "undeliverable"
    """At least one part will not arrive, and none is known to have."""
    PARTLY = "partly"
    """Some parts arrived, some will not."""
    CONTRADICTORY = "contradictory"
    """The same part is said to have arrived and not to have. For limits it counts as arrived, for proof it does not."""


_ABOVE: dict[Standing, frozenset[Standing]] = {
    Standing.SENT: frozenset(Standing),
    Standing.PENDING: frozenset(Standing) - {Standing.SENT},
    Standing.DELIVERED: frozenset({Standing.DELIVERED, Standing.READ, Standing.CONTRADICTORY}),
    Standing.READ: frozenset({Standing.READ, Standing.CONTRADICTORY}),
    Standing.UNDELIVERABLE: frozenset({Standing.UNDELIVERABLE, Standing.PARTLY, Standing.CONTRADICTORY}),
    Standing.PARTLY: frozenset({Standing.PARTLY, Standing.CONTRADICTORY}),
    Standing.CONTRADICTORY: frozenset({Standing.CONTRADICTORY}),
}
"""The lattice: everything at least as high."""

_SAYS = {
    Kind.PENDING: Standing.PENDING,
    Kind.DELIVERED: Standing.DELIVERED,
    Kind.READ: Standing.READ,
    Kind.UNDELIVERABLE: Standing.UNDELIVERABLE,
    Kind.COMPLAINED: Standing.DELIVERED,
}


class State(Struct, frozen=True):
    """What is known of a message."""

    standing: Standing
    complained: bool = False


def at_most(one: Standing, other: Standing) -> bool:
    """Whether ``other`` says at least as much as ``one``."""
    return other in _ABOVE[one]


def join(one: Standing, other: Standing) -> Standing:
    """What two things said about the same part say together; about one part ``partly`` never arises."""
    if at_most(one, other):
        return other
    if at_most(other, one):
        return one
    return Standing.CONTRADICTORY


def state(parts: Iterable[str], receipts: Iterable[Receipt]) -> State:
    """The state of a message with these parts, by these receipts.

    :param parts: the ids of the hand-over; empty when the provider gave none, and the message stays ``sent``.
    :param receipts: in any order, repeated or not; those with other ids are of other messages and say nothing.
    """
    said: dict[str, set[Kind]] = {part: set() for part in parts}
    for each in receipts:
        if each.id in said:
            said[each.id].add(each.kind)
    standings = [reduce(join, (_SAYS[kind] for kind in sorted(kinds)), Standing.SENT) for kinds in said.values()]
    complained = any(Kind.COMPLAINED in kinds for kinds in said.values())
    return State(_together(standings), complained)


def _together(standings: list[Standing]) -> Standing:
    """The standing of a message by those of its parts."""
    arrived = [each in {Standing.DELIVERED, Standing.READ} for each in standings]
    if Standing.CONTRADICTORY in standings:
        return Standing.CONTRADICTORY
    if Standing.UNDELIVERABLE in standings:
        return Standing.PARTLY if any(arrived) else Standing.UNDELIVERABLE
    if standings and all(arrived):
        return Standing.READ if Standing.READ in standings else Standing.DELIVERED
    return Standing.SENT if all(each is Standing.SENT for each in standings) else Standing.PENDING


def result(of: State) -> Result:
    """What the gate counts for a written message: what may have arrived counts as sent, never as nothing."""
    if of.standing is Standing.UNDELIVERABLE:
        return Result.UNDELIVERABLE
    return Result.DELIVERED if of.standing in {Standing.DELIVERED, Standing.READ} else Result.SENT
