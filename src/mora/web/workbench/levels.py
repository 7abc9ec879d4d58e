"""What levels ask for: an opinion in a review, items before court, more time on the clock."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mora.casework import court, level_clock, reviews
from mora.core.errors import Refused
from mora.core.words import Words
from mora.store.models import Case
from mora.web import typed
from mora.web.workbench.acting import act, stay
from mora.web.workbench.asked import now, page


@page("review_case", "POST")
@act("review", view_words=1000)
def review(request: HttpRequest, case: Case) -> HttpResponse:
    """Give the opinion that is wanted next."""
    asked = request.POST
    made = reviews.opine(request.user, case, asked.get("view", ""), asked.get("view_words", ""), now())
    if made.closed_at is not None:
        return stay(request, case, _("Review closed: %(outcome)s.") % {"outcome": made.get_outcome_display()})
    if made.second_by_id is not None:
        return stay(request, case, _("Opinion recorded. The two differ: a third person decides."))
    return stay(request, case, _("Opinion recorded. Somebody else gives the second one."))


@page("prepare_court", "POST")
@act("check", words=200)
def check(request: HttpRequest, case: Case) -> HttpResponse:
    """Mark an item done or take it back."""
    asked, done = request.POST, request.POST.get("done") == "yes"
    if asked.get("done") not in ("yes", "no"):
        raise Refused(Words("请选择办结或撤回", "choose whether it is done"))
    ready = court.check(request.user, case, asked.get("item", ""), done, asked.get("words", ""), now())
    if ready:
        return stay(request, case, _("Every item is done: the case is ready for court."))
    return stay(request, case, _("Item done.") if done else _("Item taken back."))


@page("assign_case", "POST")
@act("clock")
def extend(request: HttpRequest, case: Case) -> HttpResponse:
    """Give more time."""
    at, asked = now(), request.POST
    try:
        until = typed.day(asked.get("clock_until", ""), at.date())
    except Refused as refusal:
        raise Refused(refusal.words, about="clock_until") from None
    level_clock.extend(request.user, case, until, asked.get("clock_why", ""), at)
    return stay(request, case, _("The clock runs until %(day)s now.") % {"day": until})
