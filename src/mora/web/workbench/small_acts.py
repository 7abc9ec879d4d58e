"""Notes, causes, holds, putting aside: the smaller acts on a case."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from mora.casework import acts, queue
from mora.core.errors import Refused
from mora.core.words import Words
from mora.store.models import Approval, Case, Hold, Note, User
from mora.web import typed
from mora.web.templatetags.shown import clock
from mora.web.workbench.acting import act, go, stay
from mora.web.workbench.asked import now, page
from mora.web.workbench.case import hold_kind
from mora.web.workbench.next_case import forward


@page("write_note", "POST")
@act("note", text=4000)
def note(request: HttpRequest, case: Case) -> HttpResponse:
    """Write a note."""
    acts.note(request.user, case, request.POST.get("text", ""), now())
    return stay(request, case, _("Note written. You can take it back for ten minutes."))


@page("write_note", "POST")
@act("note")
def withdraw(request: HttpRequest, case: Case, note: int) -> HttpResponse:
    """Take one's own note back."""
    acts.withdraw_note(request.user, get_object_or_404(Note, pk=note, case=case), now())
    return stay(request, case, _("Note taken back; it stays in the record, struck through."))


@page("write_note", "POST")
@act("cause")
def cause(request: HttpRequest, case: Case) -> HttpResponse:
    """Why the party is late, and whether it can and will pay."""
    asked = request.POST
    acts.cause(
        request.user, case, asked.get("why", ""), asked.get("able", ""), asked.get("willing", ""),
        asked.get("said", "").strip(), now(),
    )  # fmt: skip
    return stay(request, case, _("Cause recorded."))


@page("set_hold", "POST")
@act("hold")
def hold(request: HttpRequest, case: Case) -> HttpResponse:
    """Let contact rest."""
    at, text = now(), request.POST.get("until", "")
    until = None
    if text.strip():
        try:
            until = datetime.combine(typed.day(text, at.date()), time.min, tzinfo=at.tzinfo)
        except Refused as refusal:
            raise Refused(refusal.words, about="until") from None
    done = acts.hold(
        request.user, case, hold_kind(request.POST.get("kind", "")), until, request.POST.get("reason", ""), at
    )
    if isinstance(done, Approval):
        return stay(request, case, _("Contact rests from now; the longer time waits for approval."))
    return stay(request, case, _("Contact rests."))


@page("set_hold", "POST")
@act("lift")
def lift(request: HttpRequest, case: Case, hold: int) -> HttpResponse:
    """End a hold."""
    held = get_object_or_404(Hold, pk=hold, case=case, lifted_at__isnull=True)
    acts.lift_hold(request.user, held, request.POST.get("reason", ""), now())
    return stay(request, case, _("Hold lifted."))


@page("work_case", "POST")
@act("aside")
def aside(request: HttpRequest, case: Case) -> HttpResponse:
    """Put the case aside until later, and go on."""
    at, text = now(), request.POST.get("until", "")
    then, why = _until(text, at), request.POST.get("why", "").strip()
    if request.POST.get("mine") == "on":
        queue.call_back(request.user, case, then, why, at)
        messages.success(
            request, _("%(case)s comes back to you at %(when)s.") % {"case": case.number, "when": clock(then)}
        )
    else:
        queue.snooze(request.user, case, then, why, at)
        messages.success(request, _("%(case)s put aside.") % {"case": case.number})
    return go(request, forward(request))


def _until(text: str, at: datetime) -> datetime:
    """``16:30`` today, or a day at nine in the morning."""
    try:
        wanted = time.fromisoformat(text.strip().replace("：", ":").zfill(5))
    except ValueError:
        try:
            return datetime.combine(typed.day(text, at.date()), time(9), tzinfo=at.tzinfo)
        except Refused as refusal:
            words = Words(
                zh="请填写时刻或日期，如 16:30、+1、下周一", en="give a time or a day: 16:30, +1, monday"
            ) if not text.strip() else refusal.words  # fmt: skip
            raise Refused(words, about="until") from None
    then = datetime.combine(at.date(), wanted, tzinfo=at.tzinfo)
    return then if then > at else then + timedelta(days=1)


@page("work_case", "POST")
@act("aside")
def wake(request: HttpRequest, case: Case) -> HttpResponse:
    """Take a case back from aside."""
    queue.wake(request.user, case, now())
    return stay(request, case, _("Back in the queue."))


@page("work_case", "POST")
@act("skip")
def skip(request: HttpRequest, case: Case) -> HttpResponse:
    """Leave the case to somebody else, with a reason, and go on."""
    queue.skip(request.user, case, request.POST.get("why", ""), now())
    messages.success(request, _("%(case)s left to others.") % {"case": case.number})
    return go(request, forward(request))


@page("assign_case", "POST")
@act("assign")
def assign(request: HttpRequest, case: Case) -> HttpResponse:
    """Give the case to a colleague."""
    to = User.objects.filter(username=request.POST.get("to", ""), is_active=True).first()
    if to is None:
        raise Refused(Words("请选择人员", "choose a person"), about="to")
    queue.hand_over(request.user, case, to, request.POST.get("why", "").strip(), now())
    return stay(request, case, _("Assigned to %(person)s.") % {"person": to})


@page("assign_case", "POST")
@act("pin")
def pin(request: HttpRequest, case: Case) -> HttpResponse:
    """Put the case on top of its queue, or take it down."""
    if request.POST.get("pinned") not in ("on", ""):
        raise Refused(Words("请选择置顶或取消置顶", "choose whether it is pinned"))
    pinned = request.POST.get("pinned") == "on"
    if case.state != Case.State.OPEN:
        raise Http404
    queue.pin(request.user, case, pinned, now())
    return stay(request, case, _("Pinned.") if pinned else _("No longer pinned."))
