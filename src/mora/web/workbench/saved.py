"""Keeping a list for oneself, and letting it go."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from mora.casework import saved
from mora.core.errors import Refused
from mora.web.refused import sentence
from mora.web.workbench.asked import page


@page("see_case", "POST")
def keep(request: HttpRequest) -> HttpResponse:
    """Keep what the queue page was asked, under a name."""
    name, query = request.POST.get("name", ""), request.POST.get("query", "")
    try:
        made = saved.keep(request.user, name, query)
    except Refused as refusal:
        messages.error(request, sentence(refusal))
        again = urlencode({"save_name": name}) if name else ""
        return redirect(f"{reverse('queue')}?{'&'.join(filter(None, (query, again)))}")
    messages.success(request, _("List “%(name)s” kept.") % {"name": made.name})
    return redirect(f"{reverse('queue')}?{made.query}")


@page("see_case", "POST")
def forget(request: HttpRequest, saved_list: int) -> HttpResponse:
    """No longer keep it."""
    saved.forget(request.user, saved_list)
    return redirect("queue")
