"""Complaints and disputes: taking one in, answering it, and the list by the day of the answer."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from mora.casework import complaints
from mora.core.errors import Refused
from mora.store.models import Case, Complaint
from mora.web import typed
from mora.web.workbench import keyset
from mora.web.workbench.acting import act, stay
from mora.web.workbench.asked import now, page

SHOWS = ("open", "overdue", "soon", "answered")


@page("see_complaints")
def show(request: HttpRequest) -> HttpResponse:
    """The list, the most pressing first."""
    today, asked = now().date(), request.GET
    show_ = asked.get("show", "") if asked.get("show", "") in SHOWS else SHOWS[0]
    kind = asked.get("kind", "") if asked.get("kind", "") in Complaint.Kind.values else ""
    found = complaints.complaints_for(request.user, today, show_, kind)
    fields = ("-answered_on", "-pk") if show_ == "answered" else ("answer_by", "pk")
    piece = keyset.piece(found, fields, asked.get("after", ""))
    told: dict[str, Any] = {
        "rows": [(each, complaints.clocks(each, today)[0]) for each in piece.rows], "after": piece.after,
        "count": found.count(), "show": show_, "kind": kind, "kinds": Complaint.Kind.choices, "today": today,
        "overdue": complaints.complaints_for(request.user, today, "overdue").count(),
        "is_first_piece": not asked.get("after"),
        "shows": [
            ("open", _("open")), ("overdue", _("overdue")), ("soon", _("due soon")), ("answered", _("answered")),
        ],
    }  # fmt: skip
    return render(request, "complaints/page.html", told)


@page("take_complaint", "POST")
@act("complaint")
def take(request: HttpRequest, case: Case) -> HttpResponse:
    """Take one in."""
    at, asked = now(), request.POST
    received = at.date()
    if asked.get("received_on", "").strip():
        try:
            received = _past(asked["received_on"], at.date())
        except Refused as refusal:
            raise Refused(refusal.words, about="received_on") from None
    made = complaints.take(
        request.user, case, asked.get("kind", ""), received, asked.get("about", ""), at,
        forwarded=asked.get("forwarded") == "on", about_collection=asked.get("about_collection") == "on",
    )  # fmt: skip
    return stay(request, case, _("Recorded; contact rests. Answer by %(day)s.") % {"day": made.answer_by})


def _past(text: str, today: date) -> date:
    """A day that lies behind: ``昨天``, ``-3``, or a day without its year, which is then the last one."""
    plain = text.strip().lower()
    behind = {"昨天": 1, "昨日": 1, "yesterday": 1, "前天": 2}.get(plain)
    if behind is None and re.fullmatch(r"-\d{1,3}", plain):
        behind = int(plain[1:])
    if behind is not None:
        return today - timedelta(days=behind)
    found = typed.day(text, today)
    if found > today and not re.search(r"\d{4}", plain):
        with suppress(ValueError):  # the 29th of February has none a year before
            found = found.replace(year=found.year - 1)
    return found


@page("answer_complaint", "POST")
@act("answer")
def answer(request: HttpRequest, case: Case, complaint: int) -> HttpResponse:
    """Record the answer."""
    made = get_object_or_404(Complaint, pk=complaint, case=case)
    asked = request.POST
    complaints.answer(request.user, made, asked.get("answer", ""), asked.get("upheld", ""), now())
    return stay(request, case, _("Answer recorded; its hold is lifted."))
