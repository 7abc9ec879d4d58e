"""Who may do what: the rights file as a table."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mora.casework.policy_files import authority, rights
from mora.store.models.people import Role
from mora.web.workbench.asked import page


@page("see_rights")
def show(request: HttpRequest) -> HttpResponse:
    """The page."""
    rows = [(right, [(role.value, reaches.get(role.value, "")) for role in Role]) for right, reaches in rights().items()]
    acts = [(act, told.get("limit"), [Role(each).label for each in told["decides"]]) for act, told in authority().items()]
    told = {"roles": list(Role), "rows": rows, "acts": acts, "own": request.user.role}
    return render(request, "rights/page.html", told)
