"""May we? May this person be contacted, by this channel, now, by us, with these words: a verdict with its clauses.

Words added: request, attempt, permission (an exception that attaches to a base rule), hold, verdict. Law read: the
rules of conduct in :mod:`mora.law` whose ``uses`` name this room, and a house pack (``prudent`` when none is named).

    >>> from mora.gate import Gate
    >>> gate = Gate.of()
    >>> verdict = gate.ask(request)                 # doctest: +SKIP
    >>> verdict.outcome, verdict.earliest_at        # doctest: +SKIP
"""

from mora.gate.terms import Finding, Outcome, Request, Verdict
from mora.gate.verdict import Gate

__all__ = ["Finding", "Gate", "Outcome", "Request", "Verdict"]
