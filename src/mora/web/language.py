"""Each person reads his or her own language; before log-in the browser's."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

CODES = {"zh": "zh-hans", "en": "en"}
COOKIE = "mora_language"
"""Which language a browser reads before anybody logs in; chosen with ``?lang=en``."""


class PersonLanguageMiddleware:
    """Activates the language of whoever is logged in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Before the page, choose; after it, say which."""
        user = request.user
        chosen = CODES.get(getattr(user, "language", "")) if user.is_authenticated else None
        asked = CODES.get(request.GET.get("lang", "")) or request.COOKIES.get(COOKIE)
        before = asked if asked in CODES.values() else translation.get_language_from_request(request)
        code = chosen or before
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        if chosen is None and request.GET.get("lang") in CODES:
            response.set_cookie(COOKIE, code, httponly=True, samesite="Lax", secure=request.is_secure())
        return response
