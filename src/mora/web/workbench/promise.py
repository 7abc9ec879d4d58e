"""A promise: amount and day as people say them, how they were understood, then on to the next case."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mora.casework import promises, talk
from mora.casework.policy_files import promise_rule
from mora.casework.queue import hold_case
from mora.core.errors import Refused
from mora.core.money import format_minor
from mora.core.words import Words
from mora.store.models import Case
from mora.web import typed
from mora.web.refused import sentence
from mora.web.workbench.acting import act, go
from mora.web.workbench.asked import now, page
from mora.web.workbench.next_case import forward
from mora.web.workbench.record import way


@page("take_promise", "POST")
@act("promise")
def take(request: HttpRequest, case: Case) -> HttpResponse:
    """Record the promise, and the talk in which it was made."""
    at = now()
    currency = currency_of(case, request.POST.get("currency", ""))
    minor = typed.amount(request.POST.get("amount", ""), currency)
    due_on = typed.day(request.POST.get("due_on", ""), at.date())
    hold_case(request.user, case, at)
    if request.POST.get("talked") == "on":
        channel, point = way(request, case)
        talk.promised_on_call(
            request.user, case, minor, due_on, channel=channel, point=point, at=at, key=request.POST.get("key", ""),
            inbound=request.POST.get("inbound") == "on", currency=currency,
        )  # fmt: skip
    else:
        promises.promise(
            request.user, case, minor, due_on, "other", at, currency=currency, key=request.POST.get("key", "")
        )
    messages.success(
        request,
        _("%(case)s: promise of %(amount)s %(currency)s by %(day)s recorded.")
        % {"case": case.number, "amount": format_minor(minor, currency), "currency": currency, "day": due_on},
    )
    return go(request, forward(request))


@page("take_promise")
def understood(request: HttpRequest, case: Case) -> HttpResponse:
    """How what is being typed is understood, while it is typed."""
    today = now().date()
    told: dict[str, object] = {"currency": case.currency}
    with suppress(Refused):
        told["currency"] = currency_of(case, request.GET.get("currency", ""))
    for name in ("amount", "due_on"):
        text = request.GET.get(name, "")
        if not text.strip():
            continue
        try:
            told[name] = typed.amount(text, str(told["currency"])) if name == "amount" else _day(text, today)
        except Refused as refusal:
            told[f"{name}_problem"] = sentence(refusal)
    return render(request, "case/understood.html", told)


def currency_of(case: Case, named: str) -> str:
    """The currency a form names; the case's own where it has one only.

    :raises Refused: it names none of the case's.
    """
    known = [each.currency for each in case.sums]
    if named in known or (not named and len(known) == 1):
        return named or known[0]
    listed = ", ".join(known)
    raise Refused(
        Words(f"请选择承诺还款的币种：{listed}", f"say in which currency it is promised: {listed}"), about="currency"
    )


def _day(text: str, today: date) -> dict[str, object]:
    found = typed.day(text, today)
    return {
        "day": found, "weekday": date_format(found, "l"), "ahead": (found - today).days,
        "fits": 0 <= (found - today).days <= promise_rule().longest_days,
    }  # fmt: skip
