"""Is it well? For machines as JSON without log-in and without figures; for people with what to do."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from mora import __version__
from mora.casework.book import days_run, held_books
from mora.core.errors import Refused
from mora.store.models import Case, DayRun, User
from mora.web.refused import sentence
from mora.web.workbench.asked import NOBODY_ASKED, now, page


@page(NOBODY_ASKED)
def machine(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """200 and ok when the database answers and the last day run was taken in; 503 otherwise."""
    told = {name: found["ok"] for name, found in _checks().items()}
    well = all(told.values())
    return JsonResponse({"ok": well, "checks": told}, status=200 if well else 503)


@page("see_health")
def show(request: HttpRequest) -> HttpResponse:
    """The same for people, with figures."""
    last = DayRun.objects.filter(finished_at__isnull=False).order_by("-as_of").first()
    told = {
        "checks": _checks(), "last": last, "version": __version__, "book": settings.MORA_BOOK,
        "database": connection.vendor, "open": Case.objects.filter(state=Case.State.OPEN).count(),
        "people": User.objects.filter(is_active=True).count(), "at": now(),
    }  # fmt: skip
    return render(request, "health/page.html", told)


def _checks() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {"database": {"ok": _answers(), "why": ""}}
    try:
        books = held_books()
        found["book"] = {"ok": bool(books), "why": "" if books else "MORA_BOOK"}
        newest = {book.path.resolve().name: max(days_run(book), default=None) for book in books}
        taken = [
            day is not None and DayRun.objects.filter(book=name, as_of=day, finished_at__isnull=False).exists()
            for name, day in newest.items()
        ]
        told = [f"{name} {day or '–'}" if len(newest) > 1 else f"{day or ''}" for name, day in newest.items()]
        found["day"] = {"ok": bool(taken) and all(taken), "why": "; ".join(told)}
    except Refused as refusal:
        found["book"] = {"ok": False, "why": sentence(refusal)}
    return found


def _answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        return bool(cursor.fetchone() == (1,))
