"""Where one begins: the first page one's role may see."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from mora.web.frame import frame
from mora.web.workbench.asked import EVERYBODY, page


@page(EVERYBODY)
def begin(request: HttpRequest) -> HttpResponse:
    """On to the first page in the navigation."""
    items = frame(request)["frame_items"]
    if not items:
        raise PermissionDenied
    return redirect(items[0].name)
