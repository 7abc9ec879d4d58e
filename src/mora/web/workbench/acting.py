"""What every act on a case shares: a refusal keeps what was typed and says why at its field; success shows the case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect

from mora.casework.queue import Busy
from mora.casework.rights import NotAllowed
from mora.core.errors import Refused
from mora.store.models import Case
from mora.web import typed
from mora.web.refused import sentence
from mora.web.workbench import case as case_page

FIELDS: Mapping[str, tuple[str, ...]] = {
    "promise": ("amount", "due_on"), "hold": ("kind", "until", "reason"), "cause": ("why", "able", "willing", "said"),
    "complaint": ("kind", "about", "received_on"), "aside": ("until", "why"), "skip": ("why",), "assign": ("to", "why"),
    "list": ("list", "dealings", "until", "reason"), "file": ("file_kind", "file_about", "file"),
    "review": ("view", "view_words"), "clock": ("clock_until", "clock_why"),
}  # fmt: skip
"""Fields that show their own refusal; one about anything else stands on top of its form."""


def act(name: str, **longer: int) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """An act whose form on the case page has this name.

    :param longer: the most letters of fields that take another number than the usual (:func:`typed.fits`).
    """

    def mark(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def tried(request: HttpRequest, case: Case, **kwargs: Any) -> HttpResponse:
            try:
                typed.fits(request.POST, **longer)
                return view(request, case, **kwargs)
            except NotAllowed:
                raise
            except Refused as refusal:
                status = 409 if isinstance(refusal, Busy) else 422
                about = refusal.about if refusal.about in FIELDS.get(name, ()) else ""
                return case_page.answer(request, case, act=name, problem=sentence(refusal), about=about, status=status)

        return tried

    return mark


def stay(request: HttpRequest, case: Case, said: str) -> HttpResponse:
    """Done; the case again, as it stands now."""
    case.refresh_from_db()
    if request.htmx:
        return case_page.answer(request, case, said=said)
    messages.success(request, said)
    return redirect("case", number=case.number)


def go(request: HttpRequest, there: HttpResponse) -> HttpResponse:
    """Done; on to another page, also from a part of this one."""
    if request.htmx and isinstance(there, HttpResponseRedirect):
        return HttpResponseClientRedirect(there.url)
    return there
