"""``n``: the next best case, or back to the queue when nothing waits."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from mora.casework import queue
from mora.web.workbench.asked import now, page


@page("take_next", "POST")
def take(request: HttpRequest) -> HttpResponse:
    """Take the next case up."""
    return forward(request)


def forward(request: HttpRequest) -> HttpResponse:
    """Go to the next case; pages call it when their act is done."""
    found = queue.next_case(request.user, now())
    if found is None:
        messages.info(request, _("Nothing waits for you now."))
        return redirect("queue")
    return redirect("case", number=found.number)
