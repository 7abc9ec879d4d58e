"""The audit chain: who did what, and the proof that nobody touched the record."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from time import perf_counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mora.casework.names import EVENT
from mora.core.errors import Refused
from mora.core.words import Words
from mora.store import audit
from mora.store.models import Event
from mora.web import typed
from mora.web.refused import sentence
from mora.web.workbench.asked import now, page

SIZE = 100
READS = ("reveal", "file.open", "list.export", "book.set_aside")
"""Events by which somebody saw or took away what is personal."""


@page("see_audit")
def show(request: HttpRequest) -> HttpResponse:
    """Events, newest first, by whom, what, on what and when."""
    return _page(request)


def _page(request: HttpRequest, status: int = 200, **more: object) -> HttpResponse:
    events, problem = Event.objects.order_by("-seq"), ""
    asked = request.GET
    for name, field in (("actor", "actor__iexact"), ("action", "action"), ("subject", "subject__iexact")):
        value = asked.get(name, "").strip()
        if name == "action" and value == "reads":
            events = events.filter(action__in=READS)
        elif value:
            events = events.filter(**{field: value})
    at = now()
    for name, field, more_days in (("since", "at__gte", 0), ("until", "at__lt", 1)):
        if asked.get(name, "").strip():
            try:
                day = typed.day(asked[name], at.date()) + timedelta(days=more_days)
                events = events.filter(**{field: datetime.combine(day, time.min, tzinfo=at.tzinfo)})
            except Refused as refusal:
                problem, status = sentence(refusal), 422
    count = events.count()
    if asked.get("after", "").isdecimal():
        events = events.filter(seq__lt=int(asked["after"]))
    rows = list(events[: SIZE + 1])
    told = {
        "rows": rows[:SIZE], "after": rows[SIZE - 1].seq if len(rows) > SIZE else "", "count": count,
        "head": audit.head(), "actions": sorted(EVENT), "problem": problem, **more,
    }  # fmt: skip
    return render(request, "audit/page.html", told, status=status)


@page("see_audit", "POST")
def verify(request: HttpRequest) -> HttpResponse:
    """Read the whole chain again, against a number and hash written down earlier where they are given."""
    number, hash_ = request.POST.get("seq", "").strip(), request.POST.get("hash", "").strip().lower()
    upto, problem = None, ""
    try:
        typed.fits(request.POST)
    except Refused as refusal:
        return _page(request, status=422, verify_problem=sentence(refusal), typed=request.POST)
    if number or hash_:
        if number.isdecimal() and re.fullmatch(r"[0-9a-f]{64}", hash_):
            upto = int(number), hash_
        else:
            words = Words("请同时填写序号与64位哈希值", "give both the number and the hash of 64 digits")
            problem = sentence(Refused(words))
            return _page(request, status=422, verify_problem=problem, typed=request.POST)
    began = perf_counter()
    breaks = list(audit.verify(upto=upto))
    return _page(
        request, verified=True, breaks=breaks[:50], n_breaks=len(breaks), upto=upto, typed=request.POST,
        seconds=round(perf_counter() - began, 2),
    )  # fmt: skip
