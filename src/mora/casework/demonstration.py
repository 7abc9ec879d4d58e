"""Some made-up work, so that in a demonstration nobody's first page is empty: placements, and something to decide."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from mora.casework import acts
from mora.gate.terms import HoldKind
from mora.store import audit
from mora.store.models import Case, Event, Team, User

PLACED = 12


def some_work(at: datetime) -> None:
    """Place some of the collectors' longest-late cases with the agency, and ask for one long hold; done once."""
    if Event.objects.filter(action="case.place").exists():
        return
    collectors = Case.objects.filter(state=Case.State.OPEN, team__code="collector", owner=None, taken_by=None)
    cases = list(collectors.order_by("-days_past_due", "number")[: PLACED + 1])
    agency = Team.objects.get(code="agency-a")
    with transaction.atomic():
        for case in cases[1:]:
            Case.objects.filter(pk=case.pk).update(team=agency)
            audit.append("sun", "case.place", case.number, at=at, reason="演示", before="collector", after=agency.code)
        for case in cases[:1]:
            chen = User.objects.get(username="chen")
            until, reason = at + timedelta(days=60), "（演示）住院治疗，出院前无收入"
            acts.hold(chen, case, HoldKind.HARDSHIP, until, reason, at)
