"""What every page asks first: who, may he or she, which case, what time is it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import add_never_cache_headers

from mora.casework import asking
from mora.casework.rights import NotAllowed, cases_for, reach, reading
from mora.store.models import Case
from mora.web.refused import sentence

View = Callable[..., HttpResponse]
EVERYBODY = "everybody"
"""The right of pages for whoever is logged in: language, log-out."""
NOBODY_ASKED = "open"
"""The right of what answers without log-in: health."""


def now() -> datetime:
    """This moment on the lender's clock."""
    return asking.local_now()


def page(right: str, *methods: str) -> Callable[[View], View]:
    """A page or act of the workbench, for people who hold a right (``casework/policy/rights.yaml``).

    A page that names a case takes its ``number``; whoever may not see the case is told that there is none.
    Without log-in the reader is sent to it; without the right to the page that says so.
    """
    allowed = methods or ("GET",)

    def mark(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method in ("GET", "HEAD"):
                with reading():
                    return answered(request, *args, **kwargs)
            return answered(request, *args, **kwargs)

        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in allowed and not (request.method == "HEAD" and "GET" in allowed):
                return HttpResponseNotAllowed(allowed)
            if right != EVERYBODY and not reach(request.user, right):
                raise PermissionDenied(f"right:{right}")
            if "number" in kwargs:
                kwargs["case"] = seen(request, kwargs.pop("number"))
                if right not in (EVERYBODY, "see_case") and not covers(request, right, kwargs["case"]):
                    raise PermissionDenied(f"right:{right}")
            try:
                response = view(request, *args, **kwargs)
            except NotAllowed as refusal:
                raise PermissionDenied(sentence(refusal)) from refusal
            add_never_cache_headers(response)
            return response

        guarded: Any = login_required(asked) if right != NOBODY_ASKED else view
        guarded.right = right
        guarded.methods = allowed
        return guarded

    return mark


def seen(request: HttpRequest, number: str) -> Case:
    """The case with its party, where this person may see it.

    :raises Http404: there is none, or it is not this person's to see; the two look the same.
    """
    cases = cases_for(request.user, "see_case", now().date())
    case = (
        cases.filter(number=number)
        .select_related("party", "team", "owner", "taken_by", "escalated_to", "call_back_for")
        .first()
    )
    if case is None:
        raise Http404
    return case


def covers(request: HttpRequest, right: str, case: Case) -> bool:
    """Whether a right reaches this case."""
    if reach(request.user, right) == "all":
        return True
    return cases_for(request.user, right, now().date()).filter(pk=case.pk).exists()
