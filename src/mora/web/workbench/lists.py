"""The lists people stand on, as a page; asking for an entry on a case, and ending one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from mora.casework import listing
from mora.casework import lists as standing
from mora.core.errors import Refused
from mora.store.models import Case, ListEntry
from mora.web import typed
from mora.web.workbench import keyset
from mora.web.workbench.acting import act, stay
from mora.web.workbench.asked import now, page

SHOWS = ("in force", "soon", "past")


@page("see_lists")
def show(request: HttpRequest) -> HttpResponse:
    """Who stands on which list, until when and why."""
    today = now().date()
    name, show_ = request.GET.get("list", ""), request.GET.get("show", "")
    name = name if name in ListEntry.Name.values else ""
    show_ = show_ if show_ in SHOWS else SHOWS[0]
    found = listing.entries_for(request.user, today, name, show_)
    fields = ("-until", "-pk") if show_ == "past" else ("until", "pk")
    piece = keyset.piece(found.prefetch_related("party__cases"), fields, request.GET.get("after", ""))
    told = {
        "rows": [(each, standing.closed(each), _case(each)) for each in piece.rows], "after": piece.after,
        "count": found.count(), "name": name, "show": show_, "rules": standing.rules(), "today": today,
        "soon": today + listing.SOON, "is_first_piece": not request.GET.get("after"),
        "shows": [("in force", _("in force")), ("soon", _("ending within 14 days")), ("past", _("ended"))],
    }  # fmt: skip
    return render(request, "lists/page.html", told)


def _case(entry: ListEntry) -> Case | None:
    """The party's open case, else its newest."""
    cases = entry.party.cases.all()
    return max(cases, key=lambda each: (each.state == Case.State.OPEN, each.opened_on), default=None)


@page("list_party", "POST")
@act("list")
def ask(request: HttpRequest, case: Case) -> HttpResponse:
    """Ask that the party be put on a list."""
    asked, at = request.POST, now()
    name = asked.get("list", "")
    # Dealings of another list than the chosen one may be ticked, and are not meant.
    known = standing.rules()[name].dealings if name in standing.rules() else {}
    dealings = [each for each in asked.getlist("dealings") if each in known]
    try:
        until = typed.day(asked.get("until", ""), at.date())
    except Refused as refusal:
        raise Refused(refusal.words, about="until") from None
    listing.ask(request.user, case, name, asked.get("reason", ""), until, dealings, at)
    return stay(request, case, _("Asked for; it begins when somebody with the authority agrees."))


@page("list_party", "POST")
@act("list-end")
def end(request: HttpRequest, case: Case, entry: int) -> HttpResponse:
    """End an entry."""
    held = get_object_or_404(ListEntry, pk=entry, party=case.party_id, ended_at__isnull=True)
    listing.end(request.user, case, held, request.POST.get("end_reason", ""), now())
    return stay(request, case, _("Taken off the list."))
