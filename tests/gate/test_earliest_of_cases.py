"""At the earliest moment nothing refuses, just before it something does, and while waiting nothing was missed."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from gate.casebook import View, casebook, gate
from mora.gate import Outcome
from mora.gate.verdict import HORIZON

REFUSED = [
    pytest.param(view, id=view.where)
    for case in casebook().values() for view in case.views if view.outcome == "refused"
]  # fmt: skip


@pytest.mark.parametrize("view", [each for each in REFUSED if each.values[0].earliest_at is not None])
def test_at_the_earliest_moment_nothing_refuses_and_just_before_something_does(view: View) -> None:
    assert view.earliest_at is not None
    assert _outcome(view, view.earliest_at) is not Outcome.REFUSED
    assert _outcome(view, max(view.request.at, view.earliest_at - timedelta(microseconds=1))) is Outcome.REFUSED


NOT_FORESEEN = {"third-parties/before the banks defined it nobody is lost by failed tries #1"}
"""The standard reads the banks' definition, which begins the day after: a rule only read aside is not foreseen."""


@pytest.mark.parametrize("view", [each for each in REFUSED if each.values[0].where not in NOT_FORESEEN])
def test_while_waiting_no_hour_was_open(view: View) -> None:
    """Every hour until then, and days ahead where waiting is said not to help."""
    until = view.earliest_at if view.earliest_at is not None else view.request.at + timedelta(days=2)
    at = view.request.at
    while at < min(until, view.request.at + timedelta(days=10)):
        assert _outcome(view, at) is Outcome.REFUSED, at
        at += timedelta(hours=1)
    if view.earliest_at is None:
        for days in range(7, HORIZON.days, 30):
            later = (view.request.at + timedelta(days=days)).replace(hour=15, minute=0)
            assert _outcome(view, later) is Outcome.REFUSED, later


def _outcome(view: View, at: object) -> Outcome:
    """The answer at another instant, knowing what was known at the first."""
    known = tuple(each for each in view.request.history if each.at <= view.request.at)
    return gate(view.house).ask(msgspec.structs.replace(view.request, at=at, history=known)).outcome
