"""What every page's frame shows: who is logged in, which pages the role may see, and where one is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from mora.casework.rights import reach
from mora.core.words import Words
from mora.web.first_steps import steps_for

PAGES = (
    ("queue", "see_case", "Q", Words("队列", "Queue")),
    ("board", "see_board", "B", Words("看板", "Board")),
    ("team", "manage_team", "T", Words("人员", "People")),
    ("approvals", "approve", "A", Words("审批", "Approvals")),
    ("complaints", "see_complaints", "O", Words("投诉与异议", "Complaints")),
    ("lists", "see_lists", "L", Words("名单", "Lists")),
    ("portfolio", "see_portfolio", "P", Words("资产质量", "Portfolio")),
    ("audit", "see_audit", "U", Words("审计", "Audit")),
    ("people", "manage_people", "E", Words("人员与小组", "Staff")),
    ("rights", "see_rights", "R", Words("权限", "Rights")),
    ("intake", "run_day", "D", Words("导入与日终", "Book and day")),
    ("health-page", "see_health", "H", Words("运行状态", "Health")),
)
"""Page, the right it needs, the letter after ``g``, and its name."""

_WITHIN = {"queue": ("case",), "intake": ("intake-", "day-"), "people": ("people-", "person", "teams", "branch")}
"""Addresses that belong to a page of the navigation."""


@dataclass(frozen=True, slots=True)
class Item:
    """A page in the navigation."""

    name: str
    go: str
    words: Words
    here: bool


def frame(request: HttpRequest) -> dict[str, Any]:
    """Rights by name for the templates (``{% if rights.see_board %}``), and the navigation they give."""
    user = request.user
    if not user.is_authenticated:
        return {"rights": {}, "frame_items": (), "frame_first_steps": ()}
    names = ("take_next", "see_case", "see_board", "see_portfolio", "see_audit", "approve", "manage_people", "run_day",
             "import_book", "export", "see_rights")  # fmt: skip
    here = request.resolver_match.url_name if request.resolver_match else ""
    items = tuple(
        Item(name, go, words, here == name or str(here).startswith(_WITHIN.get(name, ("-",))))
        for name, right, go, words in PAGES
        if reach(user, right)
    )
    first = bool(items) and items[0].name == here and not user.first_steps_put_away
    return {
        "rights": {name: bool(reach(user, name)) for name in names},
        "frame_items": items,
        "frame_first_steps": steps_for(user.role) if first else (),
    }
