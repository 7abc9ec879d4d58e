"""When does a period end that may be interrupted and suspended? Civil Code art. 188-195; CPL art. 250 follows them.

Interruption 中断: the whole period begins again, for proceedings when they end. Suspension 中止: an obstacle in the
last six months puts the end off to six months after it is gone. An act after the end restarts nothing. A long stop,
where there is one, is never passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from mora.core.dates import add_months
from mora.core.words import Words
from mora.law.duties.cn.facts import Interruption, InterruptionKind, Obstacle
from mora.law.duties.cn.interruption import NAMES, effect_of
from mora.law.duties.cn.periods import last_day
from mora.law.duties.numbers import ruling_if_any
from mora.law.library import Law

_PROCEEDINGS = (InterruptionKind.SUIT, InterruptionKind.ARBITRATION)


@dataclass(slots=True)
class Running:
    """A period as it stands on the as-of date."""

    start: date
    """The day it was last counted from."""
    day: date | None
    """Its last day; None while an obstacle suspends it."""
    moved_from: date | None = None
    """Where it would have ended but for a holiday."""
    provisional: bool = False
    pending_since: date | None = None
    """Day of the suit or arbitration now pending, which keeps the period from running."""
    rules: list[str] = field(default_factory=list)
    """Rules that moved it."""
    remarks: list[Words] = field(default_factory=list)
    """What interrupted or suspended it, and what did not and why."""


def run(
    law: Law,
    start: date,
    years: int,
    acts: Sequence[Interruption],
    obstacles: Sequence[Obstacle],
    as_of: date,
    *,
    counting: str,
    card: bool = False,
    long_stop: date | None = None,
) -> Running:
    """Work out the end of a period of years that began on ``start``, from what was known on ``as_of``."""
    state = Running(start, None)
    _end(law, state, years, obstacles, as_of, counting, long_stop)
    for act in sorted((each for each in acts if each.done_on <= as_of), key=lambda each: each.done_on):
        name = NAMES[act.kind]
        effect = effect_of(law, act, card)
        if effect.counts and state.day is not None and act.done_on > state.day:
            effect = type(effect)(False, why_not=Words(zh="期间已届满", en="the period had already ended"))
        if not effect.counts:
            why = effect.why_not
            state.remarks.append(
                Words(
                    zh=f"{act.done_on}{name.zh}未计入：{why.zh}",
                    en=f"The {name.en} of {act.done_on} does not count: {why.en}",
                )
            )
            continue
        ended = act.ended_on if act.ended_on is not None and act.ended_on <= as_of else None
        if act.kind in _PROCEEDINGS and ended is None:
            state.pending_since = act.done_on
            state.rules += [rule for rule in effect.rules if rule not in state.rules]
            return state
        again = ended if ended is not None else act.done_on
        if again <= state.start:
            continue  # it came before the period began, or within proceedings that ended later
        state.start = again
        state.rules += [rule for rule in effect.rules if rule not in state.rules]
        state.remarks.append(
            Words(
                zh=f"{act.done_on}{name.zh}，自{again}起重新计算",
                en=f"The {name.en} of {act.done_on} restarted it on {again}",
            )
        )
        _end(law, state, years, obstacles, as_of, counting, long_stop)
    return state


def _end(
    law: Law,
    state: Running,
    years: int,
    obstacles: Sequence[Obstacle],
    as_of: date,
    counting: str,
    long_stop: date | None,
) -> None:
    end: date | None = add_months(state.start, 12 * years)
    for obstacle in sorted(obstacles, key=lambda each: each.began_on):
        if end is None or obstacle.began_on > min(end, as_of):
            continue
        end = _suspended(law, state, obstacle, end, as_of)
    if end is None:
        state.day, state.moved_from, state.provisional = None, None, False
        return
    if long_stop is not None:
        end = min(end, long_stop)
    last = last_day(law, counting, end)
    state.day, state.moved_from, state.provisional = last.day, end, last.provisional


def _suspended(law: Law, state: Running, obstacle: Obstacle, end: date, as_of: date) -> date | None:
    rule = ruling_if_any(law, "cn.civil.194", obstacle.began_on)
    if rule is None:
        return end
    window = add_months(end, -rule.whole("window_months"))
    tail = rule.whole("tail_months")
    gone = obstacle.ended_on if obstacle.ended_on is not None and obstacle.ended_on <= as_of else None
    if gone is None:
        if as_of < window:
            return end  # it may be gone before the last six months begin
        _note(
            state,
            Words(
                zh=f"{obstacle.began_on}起的障碍尚未消除，时效中止",
                en=f"Suspended by the obstacle since {obstacle.began_on}",
            ),
        )
        return None
    if gone <= window:
        return end
    later = add_months(gone, tail)
    _note(
        state,
        Words(
            zh=f"障碍于{gone}消除，自该日起满{tail}个月届满",
            en=f"The obstacle was gone on {gone}: {tail} months from there",
        ),
    )
    return later


def _note(state: Running, remark: Words) -> None:
    """Say once that art. 194 moved the end, though it is worked out again after each interruption."""
    if "cn.civil.194" not in state.rules:
        state.rules.append("cn.civil.194")
    if remark not in state.remarks:
        state.remarks.append(remark)
