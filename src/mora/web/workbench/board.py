"""The leader's board: figures that can be acted on, each a link to the list behind it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mora.casework.board import board
from mora.web.workbench.asked import now, page


@page("see_board")
def show(request: HttpRequest) -> HttpResponse:
    """The page."""
    return render(request, "board/page.html", {"board": board(request.user, now()), "at": now()})
