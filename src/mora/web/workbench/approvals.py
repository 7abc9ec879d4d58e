"""What waits for a second pair of eyes, and deciding it with words."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from mora.casework import acts
from mora.casework.board import approvals_for
from mora.casework.policy_files import authority
from mora.core.errors import Refused
from mora.core.words import Words
from mora.store.models import Approval
from mora.web import typed
from mora.web.refused import sentence
from mora.web.workbench.asked import now, page


@page("approve")
def show(request: HttpRequest) -> HttpResponse:
    """The inbox, oldest first; what one asked for oneself stands there too, without buttons."""
    return _inbox(request)


def _inbox(
    request: HttpRequest, *, at_: str = "", problem: str = "", words: str = "", status: int = 200
) -> HttpResponse:
    waiting = [
        {
            "asked": asked, "own": asked.asked_by_id == request.user.pk,
            "decides": request.user.role in authority().get(asked.act, {}).get("decides", ()),
            "problem": problem if str(asked.pk) == at_ else "", "words": words if str(asked.pk) == at_ else "",
        }
        for asked in approvals_for(request.user, now())
    ]  # fmt: skip
    decided = (
        Approval.objects.filter(decided_by=request.user).select_related("case", "asked_by").order_by("-decided_at")[:10]
    )
    return render(request, "approvals/page.html", {"waiting": waiting, "decided": decided}, status=status)


@page("approve", "POST")
def decide(request: HttpRequest, asked: str) -> HttpResponse:
    """Grant or deny, with the words for it."""
    found = get_object_or_404(approvals_for(request.user, now()), pk=asked)
    words, granted = request.POST.get("words", "").strip(), request.POST.get("granted") == "yes"
    try:
        typed.fits(request.POST)
        if request.POST.get("granted") not in ("yes", "no"):
            raise Refused(Words("请选择批准或不予批准", "choose whether it is granted"), about="granted")
        if not words:
            raise Refused(Words("请写明理由", "say why"), about="words")
        acts.decide(request.user, found, granted, words, now())
    except Refused as refusal:
        return _inbox(request, at_=str(asked), problem=sentence(refusal), words=words, status=422)
    messages.success(request, _("Granted.") if granted else _("Not granted."))
    return redirect("approvals")
