"""Each person reads his or her own language; before log-in the browser's."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

CODES = {"zh": "zh-hans", "en": "en"}


class PersonLanguageMiddleware:
    """Activates the language of whoever is logged in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Before the page, choose; after it, say which."""
        user = request.user
        chosen = CODES.get(getattr(user, "language", "")) if user.is_authenticated else None
        code = chosen or translation.get_language_from_request(request)
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response
