"""What the case page shows beside the call: lists the party stands on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mora.casework import lists
from mora.store.models import Approval, Case


def facts(case: Case, at: datetime) -> dict[str, Any]:
    """More of what the page shows."""
    waiting = case.approvals.filter(act="list_entry", state=Approval.State.WAITING).select_related("asked_by")
    entries = list(lists.standing(case.party, at.date()).select_related("by", "approved_by"))
    return {
        "list_entries": entries, "list_rules": lists.rules(), "list_waiting": list(waiting),
        "list_lines": [(each, lists.closed(each)) for each in entries],
    }  # fmt: skip
