"""Teams and branches: the page, making them, renaming them, whose cases a team takes and who leads it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from mora.casework import houses
from mora.casework.rights import reach
from mora.core.errors import Refused
from mora.core.words import Words
from mora.store.models import Branch, Team
from mora.store.models.people import Role
from mora.web import typed
from mora.web.refused import sentence
from mora.web.workbench.asked import now, page


@page("manage_people")
def show(request: HttpRequest) -> HttpResponse:
    """The page."""
    return _answer(request)


def _answer(
    request: HttpRequest, *, act: str = "", of: int | None = None, refusal: Refused | None = None
) -> HttpResponse:  # fmt: skip
    teams = list(houses.teams())
    for each in teams:
        each.may_lead = [held for held in each.members if reach(held.user, "manage_team")]
    told = {
        "teams": teams, "branches": list(houses.branches()), "act": act, "of": of, "typed": request.POST,
        "typed_leaders": request.POST.getlist("leaders"),
        "roles": [(role, Role(role).label) for role in houses.roles_with_cases()],
        "problem": sentence(refusal) if refusal else "", "about": refusal.about if refusal else "",
    }  # fmt: skip
    return render(request, "people/teams.html", told, status=422 if refusal else 200)


def _told(request: HttpRequest) -> houses.TeamTold:
    asked = request.POST
    kind = asked.get("kind", "house")
    if kind not in ("house", "agency"):
        raise Refused(Words("请选择本行小组或外包机构", "choose house or agency"), about="kind")
    return houses.TeamTold(
        asked.get("name", ""), asked.get("role", ""), asked.get("branch", ""), kind == "agency",
        asked.getlist("leaders"),
    )  # fmt: skip


@page("manage_people", "POST")
def add(request: HttpRequest) -> HttpResponse:
    """A new team."""
    try:
        typed.fits(request.POST)
        asked = request.POST
        made = houses.add_team(request.user, asked.get("code", ""), _told(request), asked.get("reason", ""), now())
    except Refused as refusal:
        return _answer(request, act="team-add", refusal=refusal)
    messages.success(request, _("Team “%(name)s” made.") % {"name": made.name})
    return redirect("teams")


@page("manage_people", "POST")
def change(request: HttpRequest, team: int) -> HttpResponse:
    """Name, cases, branch and leaders of a team."""
    held = get_object_or_404(Team, pk=team)
    try:
        typed.fits(request.POST)
        houses.change_team(request.user, held, _told(request), request.POST.get("reason", ""), now())
    except Refused as refusal:
        return _answer(request, act="team", of=team, refusal=refusal)
    messages.success(request, _("Team “%(name)s” changed.") % {"name": held.name})
    return redirect("teams")


@page("manage_people", "POST")
def add_branch(request: HttpRequest) -> HttpResponse:
    """A new branch."""
    asked = request.POST
    try:
        typed.fits(asked)
        made = houses.add_branch(
            request.user, asked.get("code", ""), asked.get("name", ""), asked.get("reason", ""), now()
        )
    except Refused as refusal:
        return _answer(request, act="branch-add", refusal=refusal)
    messages.success(request, _("Branch “%(name)s” made.") % {"name": made.name})
    return redirect("teams")


@page("manage_people", "POST")
def change_branch(request: HttpRequest, branch: int) -> HttpResponse:
    """Rename a branch."""
    held = get_object_or_404(Branch, pk=branch)
    asked = request.POST
    try:
        typed.fits(asked)
        houses.change_branch(request.user, held, asked.get("name", ""), asked.get("reason", ""), now())
    except Refused as refusal:
        return _answer(request, act="branch", of=branch, refusal=refusal)
    messages.success(request, _("Changed."))
    return redirect("teams")
