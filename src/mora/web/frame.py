"""What every page's frame shows: who is logged in, which pages the role may see, and where one is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from mora.casework.rights import reach


def frame(request: HttpRequest) -> dict[str, Any]:
    """Rights by name for the templates: ``{% if rights.see_board %}``."""
    user = request.user
    if not user.is_authenticated:
        return {"rights": {}}
    names = ("take_next", "see_case", "see_board", "see_portfolio", "see_audit", "approve", "manage_people", "run_day")
    return {"rights": {name: bool(reach(user, name)) for name in names}}
