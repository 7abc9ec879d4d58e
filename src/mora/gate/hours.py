"""May we at this hour? In the person's own time; where the zone is unknown, in every zone of the place.

Hours are half-open: where contact is allowed from 08:00 to 22:00, 08:00:00 may and 22:00:00 may not. A letter is read
when its reader opens it, so hours do not bind letters. docs/algorithms/contact-hours.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mora.core.words import Words
from mora.gate.asking import Ask, Breach, Question
from mora.gate.clauses import Ruling
from mora.gate.terms import Channel, Claim, Counter
from mora.gate.zones import inside, local, next_inside


def at_this_hour(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """Is it inside the rule's hours wherever the person may be?"""
    window = ruling.window
    if window is None or ask.request.channel is Channel.LETTER:
        return
    named = ruling.text("tz")
    zones = (named,) if named is not None and "/" in named else _zones(ask, ruling)
    opening = next_inside(ask.at, window, zones)
    ask.counters.append(Counter(ruling.id, "hours", int(opening == ask.at), None, ", ".join(zones), ask.at, opening))
    if opening == ask.at:
        return
    shut = next(name for name in zones if not inside(local(ask.at, name).time(), window))
    clock = local(ask.at, shut)
    hours = f"{window[0]:%H:%M}-{window[1]:%H:%M}"
    yield Breach(
        Words(
            zh=f"对方当地（{shut}）现为{clock:%H:%M:%S}，不在允许联络的{hours}之内。",
            en=f"It is {clock:%H:%M:%S} where the person may be ({shut}), outside the permitted {hours}.",
        ),
        clears_at=opening,
    )


def _zones(ask: Ask, ruling: Ruling) -> tuple[str, ...]:
    """Zones the person may be in, of the places in which the rule holds."""
    if ruling.id.startswith("house."):
        return ask.zones_among(ruling.names("places"))
    return ask.zones_for(ruling.rule.jurisdiction.value)


QUESTIONS: Mapping[str, Question] = dict.fromkeys(
    (
        "cn.gbt45251.hours", "cn.cba2026.hours", "us.regf.hours", "us.tcpa.hours", "us.ma.940cmr7", "uk.conc7.9",
        "uk.mcob13.5.3",
    ),
    at_this_hour,
)  # fmt: skip
