"""What the case page shows beside the call: lists the party stands on, files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mora.casework import attachments, lists
from mora.casework.rights import may
from mora.core.words import Words
from mora.store.models import Approval, Attachment, Case, User


def facts(user: User, case: Case, at: datetime) -> dict[str, Any]:
    """More of what the page shows."""
    waiting = case.approvals.filter(act="list_entry", state=Approval.State.WAITING).select_related("asked_by")
    entries = list(lists.standing(case.party, at.date()).select_related("by", "approved_by"))
    return {
        "list_entries": entries, "list_rules": lists.rules(), "list_waiting": list(waiting),
        "list_lines": [(each, lists.closed(each)) for each in entries],
        "files": _files(case), "file_rule": attachments.rule(),
        "may_open_files": may(user, "open_file", case, at.date()),
    }  # fmt: skip


def _files(case: Case) -> list[Attachment]:
    """Files of the case, newest first, each with the words for its kind."""
    found = list(case.attachments.select_related("by").order_by("-at", "-pk"))
    for each in found:
        kind = attachments.rule().kinds.get(each.kind)
        each.kind_words = kind.words if kind is not None else Words(each.kind, each.kind)
    return found
