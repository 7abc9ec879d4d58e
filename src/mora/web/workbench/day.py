"""Running the day from the page: asking for it, watching it, and its report."""

from __future__ import annotations

import uuid
from datetime import date

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from mora.casework import intake, nightly, running
from mora.casework.book import days_run
from mora.core.errors import Refused
from mora.core.words import Language
from mora.report import page_name
from mora.store.models import DayJob
from mora.web import typed
from mora.web.refused import sentence
from mora.web.workbench.asked import now, page
from mora.web.workbench.intake import ran, whole


@page("run_day", "POST")
def run(request: HttpRequest) -> HttpResponse:
    """A day is asked for; the worker runs it."""
    at = now()
    try:
        typed.fits(request.POST)
        job = running.ask(request.user, typed.day(request.POST.get("as_of", ""), at.date()), at)
    except Refused as refusal:
        status = 409 if refusal.about == "busy" else 422
        return whole(request, status, day_problem=sentence(refusal), typed=request.POST)
    from mora.web.clock import run_job  # noqa: PLC0415  sets up the jobs' own store, which other pages do without

    run_job(str(job.pk))
    return redirect("intake")


@page("run_day")
def progress(request: HttpRequest, job: uuid.UUID) -> HttpResponse:
    """How far it is; the page asks every second until it has ended."""
    held = get_object_or_404(DayJob.objects.select_related("asked_by"), pk=job)
    try:
        told = {} if held.active else ran()
    except Refused:
        told = {}
    return render(request, "intake/progress.html", {"job": held, "oob": True, **told})


@csp_update({"style-src": [SELF, UNSAFE_INLINE]})  # the report is one file with its own style, and no script
@page("see_portfolio")
def report(request: HttpRequest, as_of: str, name: str) -> HttpResponse:
    """The page of a day in one language, to look at or (with ``?take``) to keep."""
    wanted = next((each for each in Language if page_name(each) == name), None)
    try:
        day = date.fromisoformat(as_of)
        book = intake.book_if_any()
    except (ValueError, Refused):
        raise Http404 from None
    if wanted is None or book is None or day not in days_run(book):
        raise Http404
    path = book.path / nightly.REPORTS / day.isoformat() / name
    if not path.is_file():
        path = nightly.write_report(book, day)[wanted]
    take = "take" in request.GET
    if take:
        running.report_taken(request.user, day, now())
    return FileResponse(
        path.open("rb"), as_attachment=take, filename=f"mora-{day}-{name}", content_type="text/html; charset=utf-8"
    )
