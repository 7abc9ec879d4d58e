"""A sealed value in clear, for a reason; the reason is recorded before the value is shown."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from mora.casework import acts
from mora.core.errors import Refused
from mora.store.models import Case
from mora.web import typed
from mora.web.refused import sentence
from mora.web.workbench.asked import now, page


@page("reveal", "GET", "POST")
def reveal(request: HttpRequest, case: Case) -> HttpResponse:
    """Ask for the reason, then show the value. It is never kept in the page's address or by the browser."""
    what = (request.POST or request.GET).get("what", "name")
    field, _colon, id_ = what.partition(":")
    points = {str(point.pk): point for point in case.party.points.all()}
    subject = points.get(id_) if field == "value" else case.party
    if subject is None or field not in {"name", "id_number", "value"}:
        raise Http404
    told = {"case": case, "what": what, "field": field, "typed": request.POST}
    if request.method == "POST":
        try:
            typed.fits(request.POST)
            told["value"] = acts.reveal(request.user, subject, field, case, request.POST.get("reason", ""), now())
        except Refused as refusal:
            told["problem"] = sentence(refusal)
            return render(request, "case/reveal.html", told, status=422)
    return render(request, "case/reveal.html", told)
