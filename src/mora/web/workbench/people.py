"""The lender's own people: the list, somebody new, and one person's role, teams and log-in."""

from __future__ import annotations

import uuid
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mora.casework import roster, staff
from mora.core.errors import Refused
from mora.store.models import Team, User
from mora.store.models.people import Role
from mora.web import typed
from mora.web.refused import sentence
from mora.web.workbench import keyset
from mora.web.workbench.asked import now, page


@page("manage_people")
def show(request: HttpRequest) -> HttpResponse:
    """Everybody, by name, role, team and whether the log-in is open."""
    asked = request.GET
    role = asked.get("role", "") if asked.get("role", "") in Role.values else ""
    show_ = asked.get("show", "") if asked.get("show", "") in roster.SHOWS else roster.SHOWS[0]
    found = roster.found(asked.get("q", ""), role, asked.get("team", ""), show_)
    piece = keyset.piece(roster.with_more(found), ("username",), asked.get("after", ""))
    told = {
        "rows": roster.lines(piece.rows), "after": piece.after, "count": found.count(), "role": role, "show": show_,
        "roles": Role.choices, "teams": Team.objects.order_by("name"), "is_first_piece": not asked.get("after"),
        "shows": [("active", _("may log in")), ("disabled", _("disabled")), ("all", _("everybody"))],
    }  # fmt: skip
    return render(request, "people/page.html", told)


@page("manage_people", "GET", "POST")
def add(request: HttpRequest) -> HttpResponse:
    """Somebody new. The first password is on the page that follows, once."""
    asked, at, refusal = request.POST, now(), None
    if request.method == "POST":
        try:
            typed.fits(asked)
            told = _told(request, at.date())
            made = staff.add(
                request.user, asked.get("username", ""), told, _place(request), asked.get("reason", ""), at
            )
            return _given(request, made.person, made.password, waits=made.asked is not None)
        except Refused as problem:
            refusal = problem
    told_more = {
        **_choices(), "typed": asked, "typed_teams": asked.getlist("teams"), "typed_leads": asked.getlist("leads"),
        "problem": sentence(refusal) if refusal else "", "about": refusal.about if refusal else "", "act": "add",
    }  # fmt: skip
    return render(request, "people/add.html", told_more, status=422 if refusal else 200)


def _choices() -> dict[str, object]:
    second = [role for role in Role.values if staff.needs_second(role)]
    return {
        "roles": Role.choices, "teams": list(Team.objects.order_by("agency", "name")), "second": second,
        "languages": User._meta.get_field("language").choices,
    }  # fmt: skip


def _told(request: HttpRequest, today: date) -> staff.Told:
    asked = request.POST
    trained = None
    if asked.get("trained_on", "").strip():
        try:
            trained = typed.day(asked["trained_on"], today)
        except Refused as refusal:
            raise Refused(refusal.words, about="trained_on") from None
    return staff.Told(asked.get("name", ""), asked.get("language", ""), trained)


def _place(request: HttpRequest) -> staff.Place:
    asked = request.POST
    return staff.Place(asked.get("role", ""), asked.getlist("teams"), asked.getlist("leads"))


def _given(request: HttpRequest, person: User, password: str, *, waits: bool = False) -> HttpResponse:
    """The first password, shown this once."""
    return render(request, "people/password.html", {"person": person, "password": password, "waits": waits})


@page("manage_people")
def person(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """One person."""
    return _answer(request, get_object_or_404(User, pk=person))


def _answer(request: HttpRequest, held: User, *, act: str = "", refusal: Refused | None = None) -> HttpResponse:
    (line,) = roster.lines(roster.with_more(User.objects.filter(pk=held.pk)))
    here, asked = staff.place_of(held), request.POST
    told = {
        "person": line.user, "line": line, "here": here, "waiting": staff.waiting_for(held),
        "events": roster.happened(held), "own": held.pk == request.user.pk, **_choices(), "act": act, "typed": asked,
        "typed_teams": asked.getlist("teams") if act == "place" else here.teams,
        "typed_leads": asked.getlist("leads") if act == "place" else here.leads,
        "problem": sentence(refusal) if refusal else "", "about": refusal.about if refusal else "",
    }  # fmt: skip
    return render(request, "people/person.html", told, status=422 if refusal else 200)


@page("manage_people", "POST")
def place(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Role and teams."""
    held = get_object_or_404(User, pk=person)
    try:
        typed.fits(request.POST)
        waits = staff.place(request.user, held, _place(request), request.POST.get("reason", ""), now())
    except Refused as refusal:
        return _answer(request, held, act="place", refusal=refusal)
    said = _("Asked for; it holds when somebody with the authority agrees.") if waits else _("Role and teams set.")
    messages.success(request, said)
    return redirect("person", person=held.pk)


@page("manage_people", "POST")
def tell(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Name, language, training."""
    held, at = get_object_or_404(User, pk=person), now()
    try:
        typed.fits(request.POST)
        staff.tell(request.user, held, _told(request, at.date()), request.POST.get("reason", ""), at)
    except Refused as refusal:
        return _answer(request, held, act="tell", refusal=refusal)
    messages.success(request, _("Changed."))
    return redirect("person", person=held.pk)


@page("manage_people", "POST")
def disable(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Shut the log-in."""
    held = get_object_or_404(User, pk=person)
    try:
        typed.fits(request.POST)
        cases = staff.disable(request.user, held, request.POST.get("reason", ""), now())
    except Refused as refusal:
        return _answer(request, held, act="disable", refusal=refusal)
    said = ngettext(
        "Disabled; %(n)d case went back to its team.", "Disabled; %(n)d cases went back to their teams.", cases
    ) % {"n": cases}
    messages.success(request, said if cases else _("Disabled."))
    return redirect("person", person=held.pk)


@page("manage_people", "POST")
def enable(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Open the log-in again."""
    held = get_object_or_404(User, pk=person)
    try:
        typed.fits(request.POST)
        waits = staff.enable(request.user, held, request.POST.get("reason", ""), now())
    except Refused as refusal:
        return _answer(request, held, act="enable", refusal=refusal)
    said = _("Asked for; it holds when somebody with the authority agrees.") if waits else _("Enabled.")
    messages.success(request, said)
    return redirect("person", person=held.pk)


@page("manage_people", "POST")
def password(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """A new first password."""
    held = get_object_or_404(User, pk=person)
    try:
        typed.fits(request.POST)
        given = staff.new_password(request.user, held, request.POST.get("reason", ""), now())
    except Refused as refusal:
        return _answer(request, held, act="password", refusal=refusal)
    return _given(request, held, given)


@page("manage_people", "POST")
def factor(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Take the second factor away."""
    held = get_object_or_404(User, pk=person)
    try:
        typed.fits(request.POST)
        staff.reset_factor(request.user, held, request.POST.get("reason", ""), now())
    except Refused as refusal:
        return _answer(request, held, act="factor", refusal=refusal)
    messages.success(request, _("Second factor taken away; the person sets up a new one."))
    return redirect("person", person=held.pk)


@page("manage_people", "POST")
def unlock(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Let the person try again."""
    held = get_object_or_404(User, pk=person)
    try:
        typed.fits(request.POST)
        staff.unlock(request.user, held, request.POST.get("reason", ""), now())
    except Refused as refusal:
        return _answer(request, held, act="unlock", refusal=refusal)
    messages.success(request, _("Unlocked."))
    return redirect("person", person=held.pk)
