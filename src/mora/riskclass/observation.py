"""How long is a restructured loan watched, and when has a non-performing one earned its way up?"""

from __future__ import annotations

from datetime import date, timedelta

from mora.ageing.terms import Standing
from mora.core.dates import add_months
from mora.core.errors import Refused
from mora.riskclass.numbers import Ruling
from mora.riskclass.terms import Facts, Observation

KNOWN_PERIODS = 2
"""Repayment periods the replay looks ahead (``Standing.observation_second_on``)."""


def observation(standing: Standing, as_of: date, rule: Ruling) -> Observation:
    """The observation clock of a restructured loan (cn.class2023.restructured.obs).

    It starts at the first repayment date after the change and lasts the longer of ``min_months``
    and ``min_consecutive_periods`` repayments; a missed payment starts it again from the missed
    date. ``Standing`` already carries the start that counts. Half open: on ``ends_on`` it may be left.

    :raises Refused: a house pack asks for more periods than the replay looks ahead.
    """
    periods = rule.whole("min_consecutive_periods")
    if periods > KNOWN_PERIODS:
        raise Refused(f"{rule.rule_id}: {periods} periods asked for; the replay looks {KNOWN_PERIODS} repayments ahead")
    start, second = standing.observation_start_on, standing.observation_second_on
    if start is None or second is None:
        # Fewer repayments are left than must be kept: observed until nothing is owed.
        return Observation(start, None, False)
    ends_on = max(add_months(start, rule.whole("min_months")), second)
    return Observation(start, ends_on, as_of >= ends_on)


def upgrade_on(standing: Standing, facts: Facts, rule: Ruling) -> date | None:
    """First day a loan once more than 90 days late may leave non-performing (cn.class2023.upgrade); None: never was.

    All arrears paid, then on time for the longer of ``min_months`` and two repayment periods. The
    periods need ``facts.second_due_after_clean_on``; without it only the months are tested. Any late
    day starts the clock again, also one after an earlier upgrade: the standing remembers no upgrades.
    """
    if standing.last_npl_on is None:
        return None
    clean_on = (standing.last_late_on or standing.last_npl_on) + timedelta(days=1)
    by_months = add_months(clean_on, rule.whole("min_months"))
    second = facts.second_due_after_clean_on
    return by_months if second is None else max(by_months, second)
