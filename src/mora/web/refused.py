"""What a person sees who asked for something that is not there, or not for him or her."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from mora.casework import names
from mora.core.errors import Refused
from mora.core.words import Language


def language() -> Language:
    """The language of the page that is being made."""
    return Language.ZH if (get_language() or "zh").startswith("zh") else Language.EN


def sentence(refusal: Refused) -> str:
    """Why it was refused, in the reader's language, beginning with a capital and ending with a full stop."""
    said = refusal.words.in_(language()).rstrip("。.")
    return said + "。" if language() is Language.ZH else said[:1].upper() + said[1:] + "."


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Logged in, but the right is missing."""
    why = exception.args[0] if exception is not None and exception.args else ""
    right = names.named(names.RIGHT, str(why).removeprefix("right:"))
    return render(request, "refused/403.html", {"why": why, "right_words": right}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """No such page or case, or none this person may see."""
    return render(request, "refused/404.html", status=404)


def not_understood(request: HttpRequest) -> HttpResponse:
    """A button said something no page offers: nothing was done."""
    return render(request, "refused/400.html", status=400)
