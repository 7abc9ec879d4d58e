"""What borrowers do: from a character and a schedule to the days on which money comes.

The model in the reader's head: for each loan and instalment there is one day on which it is
paid (or NEVER) and the amount then asked for, penalty interest included. Most instalments
follow a habit; an *episode* (a stretch of missed instalments) overrides the habit.

Episodes begin at a position drawn over the instalments due so far and the next two, so that
the days after the as-of date go on as the days before it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mora.feeds.synthetic.catalogue import Character, Plan, Shape
from mora.feeds.synthetic.draws import Draws
from mora.feeds.synthetic.penalty import Pause
from mora.feeds.synthetic.plans import Schedule

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
NEVER = 10**6
"""A day number after every other (the year 4707)."""


@dataclass(slots=True)
class Conduct:
    """How each loan of a group is paid; matrices as in the schedule, vectors one a loan."""

    character: Ints
    start: Ints
    """Column at which the episode, if any, begins."""
    length: Ints
    """Instalments missed in the episode; 0: none."""
    paid_on: Ints
    """Day each instalment is finally paid."""
    pause: Pause
    """Pause of hardship or dispute; begin = end for none."""
    in_episode: Flags
    settled_with: Ints
    """Column whose payment also pays the whole episode; -1: none."""
    bounced_on: Ints
    """Day of a first payment that was returned; NEVER: none."""
    returned_on: Ints
    part_share: Ints
    """Hundredths paid on the due date by a part-payer; 0: paid whole."""
    restructured_on: Ints
    """NEVER: not."""


def conduct(shape: Shape, plan: Schedule, draws: Draws, as_of: int) -> Conduct:
    """Decide everything about how these loans are paid."""
    loans, count = plan.due.shape
    character = draws.choice("character", shape.mix, loans)
    elapsed = (plan.due <= as_of).sum(axis=1)
    length = _episode_length(character, draws, loans)
    reach = np.minimum(elapsed + 2, np.maximum(count - length, 1))
    drawn = draws.below("episode/start", 1 << 20, 3, loans)
    # Old defaults leave a book (sold, settled): most of the stretches seen in one began lately.
    start = np.where(np.isin(character, _LATELY), drawn.max(axis=0), drawn[0]) * reach >> 20
    character, length, start = _possible(character, length, start, plan, as_of)

    column = np.arange(count)[None, :]
    rows = np.arange(loans)
    in_episode = (column >= start[:, None]) & (column < (start + length)[:, None])
    paid_on = plan.due + _habit(character, start, draws, loans, count)

    settled_with = np.where(length > 0, start + length - 1, -1)
    last_missed = plan.due[rows, np.maximum(settled_with, 0)]
    wait = draws.between("episode/wait", 5, 20, loans)
    restructure = character == Character.RESTRUCTURED
    wait = np.where(restructure, np.minimum(wait, 15), np.where(character == Character.DISPUTED, wait + 4, wait))
    settled_on = last_missed + wait
    paid_on = np.where(in_episode, settled_on[:, None], paid_on)
    paid_on[(character == Character.DEFAULTER)[:, None] & (column >= start[:, None])] = NEVER

    replaced = restructure[:, None] & (column >= (start + length)[:, None])
    paid_on[replaced] = NEVER
    part_share = _parts(shape, character, plan, draws)
    paid_on = np.where(part_share > 0, plan.due + draws.between("part/rest", 5, 20, loans, count), paid_on)
    bounced_on, returned_on, paid_on = _bounces(character, plan, paid_on, in_episode, draws)
    return Conduct(
        character, start, length, paid_on, _pauses(character, plan.due[rows, start], settled_on, length),
        in_episode, settled_with, bounced_on, returned_on, part_share, np.where(restructure, settled_on, NEVER),
    )  # fmt: skip


_LATELY = (Character.DEFAULTER, Character.CATCH_UP, Character.HARDSHIP)


def _episode_length(character: Ints, draws: Draws, loans: int) -> Ints:
    drawn = draws.below("episode/length", 3, loans)
    length = np.zeros(loans, dtype=np.int64)
    for who, low, most in ((Character.CATCH_UP, 2, 4), (Character.RESTRUCTURED, 2, 3), (Character.HARDSHIP, 2, 3)):
        some = character == who
        length[some] = np.minimum(low + drawn[some], most)
    length[character == Character.DISPUTED] = 1
    return length


def _possible(character: Ints, length: Ints, start: Ints, plan: Schedule, as_of: int) -> tuple[Ints, Ints, Ints]:
    """Turn episodes that the schedule leaves no room for into prompt payers.

    A loan is restructured only when that lies before the as-of date (it changes the loan's own
    record, which the daily files do not carry) and at least two instalments remain.
    """
    count = plan.due.shape[1]
    last = np.minimum(start + length, count - 1)
    no_room = start + length > count
    after = plan.due[np.arange(len(start)), last]
    hasty = (character == Character.RESTRUCTURED) & ((start + length > count - 2) | (after > as_of))
    dropped = (length > 0) & (no_room | hasty)
    return np.where(dropped, Character.PROMPT, character), np.where(dropped, 0, length), start


def _habit(character: Ints, start: Ints, draws: Draws, loans: int, count: int) -> Ints:
    """Days between due date and payment when nothing special happens."""
    drawn = draws.below("habit", 1000, loans, count)
    lag = _HABITS[character[:, None], drawn]
    rolling = (character == Character.ROLLER)[:, None] & (np.arange(count)[None, :] >= start[:, None])
    return np.where(rolling, 20 + drawn % 21, lag)


def _table(*parts: tuple[int, int]) -> Ints:
    return np.concatenate([np.full(share, lag, dtype=np.int64) for share, lag in parts])


_PROMPT = _table((620, 0), (150, -1), (120, -2), (100, -3), (5, 1), (3, 2), (2, 3))
_EARLY = _table(*((125, -lag) for lag in range(3, 11)))
_SELF_CURER = _table((560, 0), (120, -1), (100, -2), *((22, lag) for lag in range(1, 11)))
_HABITS = np.stack([_EARLY if who is Character.EARLY else _SELF_CURER if who is Character.SELF_CURER else _PROMPT
                    for who in Character])  # fmt: skip
"""Lag in days by character and a draw of 0 to 999."""


def _pauses(character: Ints, first_missed: Ints, settled_on: Ints, length: Ints) -> Pause:
    """Hardship pauses from the tenth day, a dispute from the second; both end three days before the money comes."""
    hardship, dispute = character == Character.HARDSHIP, character == Character.DISPUTED
    begin = np.where(hardship, first_missed + 10, np.where(dispute, first_missed + 2, 0))
    return Pause(begin, np.where((hardship | dispute) & (length > 0), settled_on - 3, begin))


def _bounces(
    character: Ints, plan: Schedule, paid_on: Ints, in_episode: Flags, draws: Draws
) -> tuple[Ints, Ints, Ints]:
    """Four in a thousand payments come back after one to three days and are made again one to five days later."""
    loans, count = plan.due.shape
    usual = np.isin(character, (Character.PROMPT, Character.EARLY, Character.SELF_CURER))[:, None]
    hit = (draws.below("bounce", 1000, loans, count) < 4) & usual & ~in_episode & (paid_on <= plan.due)
    bounced_on = np.where(hit, paid_on, NEVER)
    returned_on = np.where(hit, paid_on + draws.between("bounce/return", 1, 3, loans, count), NEVER)
    again = returned_on + draws.between("bounce/again", 1, 5, loans, count)
    return bounced_on, returned_on, np.where(hit, again, paid_on)


def _parts(shape: Shape, character: Ints, plan: Schedule, draws: Draws) -> Ints:
    """Three in ten instalments of a part-payer come in two parts; where nothing compounds and principal is due."""
    loans, count = plan.due.shape
    if shape.compound or shape.plan is Plan.INTEREST_ONLY:
        return np.zeros((loans, count), dtype=np.int64)
    hit = (draws.below("part", 10, loans, count) < 3) & (character == Character.PART_PAYER)[:, None]
    return np.where(hit, draws.between("part/share", 40, 80, loans, count), 0)
