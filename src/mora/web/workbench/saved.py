"""Keeping a list for oneself, and letting it go."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from mora.casework import saved
from mora.core.errors import Refused
from mora.web import typed
from mora.web.refused import sentence
from mora.web.workbench import queue
from mora.web.workbench.asked import page


@page("see_case", "POST")
def keep(request: HttpRequest) -> HttpResponse:
    """Keep what the queue page was asked, under a name."""
    name, query = request.POST.get("name", ""), request.POST.get("query", "")
    try:
        typed.fits(request.POST, name=40, query=800)
        made = saved.keep(request.user, name, query)
    except Refused as refusal:
        request.GET = QueryDict(query)
        return queue.answer(request, 422, save_name=name, keep_problem=sentence(refusal))
    messages.success(request, _("List “%(name)s” kept.") % {"name": made.name})
    return redirect(f"{reverse('queue')}?{made.query}")


@page("see_case", "POST")
def forget(request: HttpRequest, saved_list: int) -> HttpResponse:
    """No longer keep it."""
    saved.forget(request.user, saved_list)
    return redirect("queue")
