"""Putting the first page's steps away, and having them back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from mora.casework.people import put_first_steps_away
from mora.web import refused
from mora.web.workbench.asked import EVERYBODY, page


@page(EVERYBODY, "POST")
def change(request: HttpRequest) -> HttpResponse:
    """Away or back, and on to the first page, where they stand."""
    if request.POST.get("steps") not in ("away", "back"):
        return refused.not_understood(request)
    put_first_steps_away(request.user, away=request.POST.get("steps") != "back")
    return redirect("home")
