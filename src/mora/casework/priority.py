"""Which case first? Order in the queue, and the words for it.

The stored part is what does not depend on the hour: how bad (days late against the level's own clock), how much, and
what was promised. It is a plain sum of named points, so that the reason for a place can be said.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from mora.casework import lists
from mora.casework.currencies import weight
from mora.core.words import Words
from mora.store.models import Case

BROKEN, PARTLY = 2000, 1600
"""More than everything else together can come to: who broke a promise is called before who never gave one."""


def points(case: Case, today: date | None = None) -> Iterator[tuple[int, Words]]:
    """Named points of a case; the place in the queue is their sum."""
    day = today or case.as_of
    yield (
        min(case.days_past_due, 180) * 2,
        Words(zh=f"逾期 {case.days_past_due} 天", en=f"{case.days_past_due} day{'s'[: case.days_past_due != 1]} late"),
    )
    # Doubling the sum adds the same points whatever the sum: amounts run over six orders of magnitude.
    yield weight(case).bit_length() * 10, Words(zh="欠款金额", en="amount in arrears")
    if case.level_due_on is not None and case.level_due_on <= day:
        late = (day - case.level_due_on).days
        yield 120 + min(late, 30) * 4, Words(zh="已到处理时限", en="the level's clock has run out")
    elif case.level_due_on is not None and (case.level_due_on - day).days <= 1:
        yield 60, Words(zh="临近处理时限", en="the level's clock runs out soon")
    last = case.promises.exclude(state="superseded").order_by("-made_at", "-pk").values("state", "due_on").first()
    if last is not None and last["state"] == "broken":
        yield BROKEN, Words(zh="承诺未履行", en="a promise was broken")
    elif last is not None and last["state"] == "partly":
        yield PARTLY, Words(zh="承诺部分履行", en="a promise was kept in part")
    elif last is not None and last["state"] == "open" and last["due_on"] <= day:
        yield 90, Words(zh="承诺今日到期", en="a promise is due")
    yield from lists.points(case.party, day)


def priority(case: Case, today: date | None = None) -> int:
    """The sum of the points."""
    return sum(value for value, _ in points(case, today))


def reason(case: Case, today: date | None = None) -> Words:
    """Why the case stands where it stands: its three heaviest points."""
    heaviest = sorted(points(case, today), key=lambda each: -each[0])[:3]
    return Words(zh="；".join(words.zh for _, words in heaviest), en="; ".join(words.en for _, words in heaviest))
