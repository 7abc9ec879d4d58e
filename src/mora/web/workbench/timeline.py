"""Everything that happened on a case, by kind."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mora.casework import history
from mora.store.models import Case
from mora.web.workbench.asked import now, page


@page("see_case")
def timeline(request: HttpRequest, case: Case) -> HttpResponse:
    """The entries of the kinds asked for; all when none is named."""
    kinds = tuple(kind for kind in request.GET.getlist("kind") if kind in history.KINDS) or history.KINDS
    told = {"case": case, "entries": history.entries(case, kinds), "kinds": kinds, "at": now()}
    return render(request, "case/entries.html", told)
