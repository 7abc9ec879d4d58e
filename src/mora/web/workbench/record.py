"""Recording a contact in two keys, then on to the next case."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mora.casework import contact
from mora.casework.names import RESULT, named
from mora.casework.queue import hold_case
from mora.core.errors import Refused
from mora.core.words import Words
from mora.gate.terms import Channel, Result
from mora.store.models import Case, ContactPoint
from mora.web.refused import language
from mora.web.templatetags.shown import clock
from mora.web.workbench.acting import act, go
from mora.web.workbench.asked import now, page
from mora.web.workbench.case import kind_of
from mora.web.workbench.next_case import forward


@page("record_attempt", "POST")
@act("record", said=4000)
def record(request: HttpRequest, case: Case) -> HttpResponse:
    """What became of the attempt."""
    channel, point = way(request, case)
    hold_case(request.user, case, now())
    done = contact.record_attempt(
        request.user, case, channel=channel, point=point, result=_result(request, channel), at=now(),
        key=request.POST.get("key", ""), said=request.POST.get("said", "").strip(),
        inbound=request.POST.get("inbound") == "on",
    )  # fmt: skip
    result = named(RESULT, done.attempt.result).in_(language())
    rests = _(" It rests until %(when)s.") % {"when": clock(done.again_after)} if done.again_after else ""
    messages.success(request, _("%(case)s: recorded “%(result)s”.") % {"case": case.number, "result": result} + rests)
    return go(request, forward(request))


def way(request: HttpRequest, case: Case) -> tuple[Channel, ContactPoint]:
    """The channel and number a form names (``voice:uuid``).

    :raises Refused: neither of the case's.
    """
    channel, _colon, id_ = request.POST.get("way", "").partition(":")
    points = {str(point.pk): point for point in case.party.points.all()}
    if channel not in Channel.__members__.values() or id_ not in points:
        raise Refused(Words("请选择联系方式", "choose a number or address"), about="way")
    return Channel(channel), points[id_]


def _result(request: HttpRequest, channel: Channel) -> Result:
    chosen = request.POST.get(f"result_{kind_of(channel)}", "")
    if chosen not in Result.__members__.values():
        raise Refused(Words("请选择结果", "choose what became of it"), about="result")
    return Result(chosen)
