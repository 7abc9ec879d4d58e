"""What the case page shows beside the call: lists the party stands on, files, what its level asks for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from mora.casework import attachments, complaints, lists
from mora.casework.policy_files import rule_of
from mora.casework.rights import may
from mora.core.words import Words
from mora.store.models import Approval, Attachment, Case, Complaint, Review, User


def facts(user: User, case: Case, at: datetime) -> dict[str, Any]:
    """More of what the page shows."""
    waiting = case.approvals.filter(act="list_entry", state=Approval.State.WAITING).select_related("asked_by")
    entries = list(lists.standing(case.party, at.date()).select_related("by", "approved_by"))
    return {
        "list_entries": entries, "list_rules": lists.rules(), "list_waiting": list(waiting),
        "list_lines": [(each, lists.closed(each)) for each in entries],
        **_review(user, case), **_checklist(case), **_complaints(case, at.date()),
        "files": _files(user, case, at), "file_rule": attachments.rule(),
    }  # fmt: skip


def _files(user: User, case: Case, at: datetime) -> list[Attachment]:
    """Files of the case, newest first, each with the words for its kind and what this person may do with it."""
    found = list(case.attachments.select_related("by", "withdrawn_by").order_by("-at", "-pk"))
    today, open_ = at.date(), case.state == Case.State.OPEN
    leads, adds = may(user, "assign_case", case, today), may(user, "attach_file", case, today)
    opens = may(user, "open_file", case, today)
    opens_struck = opens and may(user, "open_withdrawn", case, today)
    for each in found:
        kind = attachments.rule().kinds.get(each.kind)
        each.case = case
        each.may_strike = open_ and each.withdrawn_at is None and (leads or (adds and each.by_id == user.pk))
        each.may_restore = attachments.may_restore(user, each, at)
        each.may_open = opens if each.withdrawn_at is None else opens_struck
        each.kind_words = kind.words if kind is not None else Words(each.kind, each.kind)
    return found


def _review(user: User, case: Case) -> dict[str, Any]:
    """The newest review, and what this person could add to it."""
    rule = rule_of(case.level)
    found = case.reviews.select_related("first_by", "second_by", "outcome_by").order_by("-first_at", "-pk").first()
    running = found if found is not None and found.closed_at is None else None
    done_here = found is not None and running is None and timezone.localtime(found.closed_at).date() >= case.level_since
    return {
        "review": found, "views": Review.View.choices,
        "wants_review": rule is not None and rule.met_by == "review" and not done_here,
        "wants_decision": running is not None and running.second_by_id is not None,
        "has_opined": running is not None and user.pk in (running.first_by_id, running.second_by_id),
    }  # fmt: skip


def _checklist(case: Case) -> dict[str, Any]:
    """Items of the level's checklist, each with the row that says it is done."""
    rule = rule_of(case.level)
    if rule is None or not rule.checklist:
        return {"checklist": ()}
    done = {each.item: each for each in case.checks.select_related("by")}
    lines = [(item, words, done.get(item)) for item, words in rule.checklist.items()]
    return {
        "checklist": lines, "checklist_items": tuple(rule.checklist),
        "checklist_done": sum(row is not None for _, _, row in lines),
    }  # fmt: skip


def _complaints(case: Case, today: date) -> dict[str, Any]:
    """Open complaints, each with the clock that ends first and whether it has run out."""
    found = case.complaints.filter(answered_on__isnull=True).select_related("taken_by").order_by("answer_by", "pk")
    lines = [
        (each, complaints.clocks(each, today)[0], each.answer_by is not None and each.answer_by < today)
        for each in found
    ]
    return {"complaint_lines": lines, "complaint_kinds": Complaint.Kind.choices, "upheld": Complaint.Upheld.choices}
