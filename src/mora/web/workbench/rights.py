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
    roles = [Role(value) for value in Role.values]
    rows = [(right, [(role.value, row.get(role.value, "")) for role in roles]) for right, row in rights().items()]
    acts = [(act, row.get("limit"), [Role(each).label for each in row["decides"]]) for act, row in authority().items()]
    told = {"roles": roles, "rows": rows, "acts": acts, "own": request.user.role}
    return render(request, "rights/page.html", told)
