"""The people one leads: who is there, who stands in, what each can do; sharing cases out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mora.casework import allocation, team
from mora.casework.rights import cases_for, reach
from mora.core.errors import Refused
from mora.core.words import Words
from mora.store.models import Absence, User
from mora.web import typed
from mora.web.refused import sentence
from mora.web.workbench.asked import now, page


@page("manage_team")
def show(request: HttpRequest) -> HttpResponse:
    """The page."""
    return _answer(request)


def _answer(request: HttpRequest, *, act: str = "", who: str = "", refusal: Refused | None = None) -> HttpResponse:
    """The page as it stands; after a refusal with the form open, what was typed, and why."""
    at = now()
    shares = bool(reach(request.user, "assign_case"))
    reached = cases_for(request.user, "assign_case", at.date())
    told = {
        "people": team.people(request.user, at.date()), "deputies": team.deputies(request.user), "today": at.date(),
        "skills": allocation.known_skills(), "levels": allocation.rule().levels, "shares": shares,
        "unowned": allocation.to_share(reached).count() if shares else 0, "act": act, "who": who,
        "problem": sentence(refusal) if refusal else "", "about": refusal.about if refusal else "",
        "typed": request.POST, "typed_skills": request.POST.getlist("skills"),
    }  # fmt: skip
    return render(request, "team/page.html", told, status=422 if refusal else 200)


def _person(request: HttpRequest) -> User:
    return get_object_or_404(team.led_by(request.user), username=request.POST.get("who", ""))


@page("manage_team", "POST")
def away(request: HttpRequest) -> HttpResponse:
    """Record an absence."""
    at, asked = now(), request.POST
    person = _person(request)
    try:
        typed.fits(asked)
        days = {}
        for name in ("since", "until"):
            try:
                days[name] = typed.day(asked.get(name, ""), at.date())
            except Refused as refusal:
                raise Refused(refusal.words, about=name) from None
        deputy = User.objects.filter(username=asked.get("deputy", ""), is_active=True).first()
        if asked.get("deputy") and deputy is None:
            raise Refused(Words("请选择代理人", "choose a deputy"), about="deputy")
        team.away(request.user, person, days["since"], days["until"], deputy, at)
    except Refused as refusal:
        return _answer(request, act="away", who=person.username, refusal=refusal)
    messages.success(request, _("Absence of %(person)s recorded.") % {"person": person})
    return redirect("team")


@page("manage_team", "POST")
def back(request: HttpRequest, absence: int) -> HttpResponse:
    """End or strike an absence."""
    held = get_object_or_404(Absence.objects.filter(user__in=team.led_by(request.user)), pk=absence)
    team.back(request.user, held, now())
    messages.success(request, _("%(person)s is back.") % {"person": held.user})
    return redirect("team")


@page("manage_team", "POST")
def able(request: HttpRequest) -> HttpResponse:
    """Skills and the most cases of a person."""
    person, text = _person(request), request.POST.get("capacity", "").strip()
    try:
        typed.fits(request.POST)
        if not text.isdecimal():
            raise Refused(Words("请填写整数", "give a whole number"), about="capacity")
        team.able(request.user, person, request.POST.getlist("skills"), int(text), now())
    except Refused as refusal:
        return _answer(request, act="able", who=person.username, refusal=refusal)
    messages.success(request, _("Skills and most cases of %(person)s set.") % {"person": person})
    return redirect("team")


@page("assign_case", "POST")
def share(request: HttpRequest) -> HttpResponse:
    """Give the cases that should have an owner to somebody."""
    done = allocation.share_out(now(), request.user)
    said = ngettext("%(n)d case given.", "%(n)d cases given.", done.given) % {"n": done.given}
    if done.left:
        left = ngettext(
            "%(n)d case could not be given: nobody who is there has room and the skill.",
            "%(n)d cases could not be given: nobody who is there has room and the skill.", done.left,
        ) % {"n": done.left}  # fmt: skip
        said = f"{said} {left}"
    messages.success(request, said)
    return redirect("team" if reach(request.user, "manage_team") else "board")
