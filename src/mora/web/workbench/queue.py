"""The queue: the next case big and alone with the reason for its place, and the list behind it."""

from __future__ import annotations

import re
from datetime import datetime

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from mora.casework import finding, priority, queue, reminders
from mora.casework.currencies import house_currency, rates_on
from mora.casework.policy_files import levels
from mora.casework.rights import cases_for, reach
from mora.core.errors import Refused
from mora.core.words import Words
from mora.store.models import Case, Team, User
from mora.web import typed
from mora.web.refused import sentence
from mora.web.workbench import keyset
from mora.web.workbench.asked import now, page


@page("see_case")
def show(request: HttpRequest) -> HttpResponse:
    """The page; the list alone when asked for it piecemeal."""
    return answer(request)


def answer(request: HttpRequest, status: int = 200, **more: object) -> HttpResponse:
    """The page for what the address asks, with what an act that was refused says."""
    at = now()
    wanted, problem = read(request)
    order = request.GET.get("sort", "priority")
    try:
        piece = keyset.cases(request.user, wanted, at, order, request.GET.get("after", ""))
    except (ValidationError, ValueError):
        piece = keyset.cases(request.user, wanted, at, order, "")
    products, branches, currencies = finding.offered(request.user, at.date())
    takes = bool(reach(request.user, "take_next"))
    first = _next(request.user, at) if takes else None
    shown = {each.currency for case in piece.rows for each in case.sums}
    told = {
        "takes": takes, "first": first, "why": _why(first, at) if first else None,
        "mine": first is not None and first.taken_by_id == request.user.pk and first.taken_until > at,
        "rows": piece.rows, "after": piece.after, "order": order, "at": at,
        "count": finding.count(request.user, wanted, at),
        "wanted": wanted, "problem": problem, "levels": levels(), "products": products, "branches": branches,
        "chips": _chips(wanted), "shows": _shows(takes), "currency": shown.pop() if len(shown) == 1 else "",
        "currencies": currencies, "bounds_in": wanted.currency or house_currency(), "rates": rates_on(at.date()),
        "n_reminders": reminders.to_send(request.user, at).count() if takes else 0,
        "saved": list(request.user.saved_lists.all()), "save_name": request.GET.get("save_name", ""),
        "is_first_piece": not request.GET.get("after"), **more,
    }  # fmt: skip
    return render(request, "queue/page.html", told, status=422 if problem else status)


def _next(user: User, at: datetime) -> Case | None:
    """What this person works on, else the case that would be given next."""
    # What was taken while one stood in for somebody is no longer one's own to see afterwards.
    held = cases_for(user, "see_case", at.date()).filter(taken_by=user, taken_until__gt=at, state=Case.State.OPEN)
    for cases in (held, queue.call_backs(user, at), queue.best(user, at, 1)):
        found = cases.select_related("party", "team", "owner").first()
        if found is not None:
            return found
    return None


def _why(case: Case, at: datetime) -> Words:
    """Why the case stands first: a call-back that was promised, else its points."""
    if case.call_back_at is not None and case.call_back_at <= at:
        when = f"{case.call_back_at.astimezone(at.tzinfo):%H:%M}"
        return Words(f"约定 {when} 回电", f"a call-back was promised for {when}")
    return priority.reason(case, at.date())


def read(request: HttpRequest) -> tuple[finding.Wanted, str]:
    """What the address asks for; an amount that cannot be read is left out, and said."""
    asked, problem = request.GET, ""
    bounds: dict[str, int | None] = {"least": None, "most": None}
    named = asked.get("currency", "")
    currency = named if re.fullmatch("[A-Z]{3}", named) else ""
    for name in bounds:
        if asked.get(name, "").strip():
            try:
                bounds[name] = typed.amount(asked[name], currency or house_currency())
            except Refused as refusal:
                problem = sentence(refusal)
    usual = "waiting" if reach(request.user, "take_next") else "open"
    show = asked.get("show", "")
    if show not in finding.SHOWS:
        show = "all" if asked.get("q", "").strip() else usual
    return finding.Wanted(
        text=asked.get("q", ""), show=show,
        levels=tuple(asked.getlist("level")), products=tuple(filter(None, asked.getlist("product"))),
        branches=tuple(filter(None, asked.getlist("branch"))), least_minor=bounds["least"], most_minor=bounds["most"],
        currency=currency,
        clock=asked.get("clock", ""), escalated=asked.get("escalated", ""), court=asked.get("court", ""),
        asked=asked.get("asked", ""),
        promise=asked.get("promise", ""), team=asked.get("team", ""),
        owner=asked.get("owner", ""), touched_by=asked.get("touched_by", ""),
    ), problem  # fmt: skip


def _shows(takes: bool) -> list[tuple[str, str]]:
    """What the list can show; who takes no cases has no waiting ones."""
    names = {
        "waiting": _("waiting for me") if takes else _("waiting now"), "open": _("open"), "resting": _("resting"),
        "closed": _("closed"), "all": _("all"),
    }  # fmt: skip
    return list(names.items())


def _chips(wanted: finding.Wanted) -> list[tuple[str, str, str]]:
    """What narrows the list, as (name, value, words), each to be taken away again."""
    chips = [("product", each, each) for each in wanted.products]
    chips += [("branch", each, each) for each in wanted.branches]
    if wanted.team and wanted.team != "none":
        chips += [("team", team.code, team.name) for team in Team.objects.filter(code=wanted.team)]
    for name in ("owner", "touched_by"):
        value = getattr(wanted, name)
        if value and value != "nobody":
            chips += [(name, value, str(user)) for user in User.objects.filter(username=value)]
    return chips
