"""On which day does a legal period end? Civil Code art. 200-203, Civil Procedure Law art. 85.

The day it begins is not counted; months and years end on the corresponding day or the month's last; an end on a
statutory holiday moves to the first day after it 顺延. When the holidays of that year are not announced the end is not
moved and is provisional.
"""

from __future__ import annotations

from datetime import date

from mora.core.calendar import Adjusted, ChineseCalendar
from mora.core.errors import UnknownRule
from mora.law.duties.counting import rolled
from mora.law.duties.numbers import ruling_if_any
from mora.law.library import Law

CIVIL = "cn.civil.200-203"
"""Periods of substantive law: limitation, guarantee."""
COURT = "cn.cpl.periods"
"""Periods before courts."""

_CALENDAR = ChineseCalendar()
_ROLLS = ("next_day_after_holiday", "first_day_after_holiday")


def last_day(law: Law, counting: str, end: date) -> Adjusted:
    """The last day of a period that by days, months or years ends on ``end``.

    Nothing is moved when the packs hold no rule of counting for that day: earlier is the safe reading.

    :param counting: :data:`CIVIL` or :data:`COURT`.
    :raises UnknownRule: the rule counts in a way this does not know.
    """
    rule = ruling_if_any(law, counting, end)
    if rule is None:
        return Adjusted(end)
    if rule.version.params.get("exclude_start") is not True or rule.version.params.get("roll") not in _ROLLS:
        raise UnknownRule(f"{counting}: this way of counting is not known here: {dict(rule.version.params)}.")
    return rolled(end, _CALENDAR)
