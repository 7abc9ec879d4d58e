"""Changing the language one reads; it stays with the person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from mora.casework.people import read_in
from mora.web import refused
from mora.web.language import CODES
from mora.web.workbench.asked import EVERYBODY, page


@page(EVERYBODY, "POST")
def change(request: HttpRequest) -> HttpResponse:
    """Read in the other language from now on, and stay where one is."""
    if request.POST.get("language") not in CODES:
        return refused.not_understood(request)
    read_in(request.user, "en" if request.POST.get("language") == "en" else "zh")
    back = request.POST.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "queue")
