"""By which day must we act, and under which clause?

Words added: duty, clause, act by, provisional. Each file answers one question with functions of (law, facts, as-of
date) that return :class:`Duty` values; every number is read from a pack by the day of its event. See
docs/algorithms/duties.md for the counting and the facts' format.
"""

from mora.law.duties.matters import MATTERS, Matter, duties_of, read_matters
from mora.law.duties.terms import Duty, DutyStatus, Kind

__all__ = ["MATTERS", "Duty", "DutyStatus", "Kind", "Matter", "duties_of", "read_matters"]
