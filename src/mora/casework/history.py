"""What happened on a case? Everything in one line of time, newest first, read only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mora.casework.names import CHANNEL, EVENT, HOLD, LEFT, LIST, RESULT, named
from mora.casework.policy_files import levels
from mora.core.money import format_minor
from mora.core.words import Words
from mora.store.models import Case, Event, User

KINDS = ("contact", "promise", "note", "hold", "other")
MOST = 200
"""Entries of each source that are read; older ones are in the audit chain."""

_TOLD_BETTER = frozenset({
    "case.take", "contact.record", "promise.take", "note.write", "note.withdraw", "cause.say", "hold.set", "hold.ask",
    "hold.lift",
})  # fmt: skip
"""Events whose rows say more than they do, and the taking up that every page view is."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened."""

    at: datetime
    kind: str
    who: str
    what: Words
    said: str = ""
    amount_minor: int | None = None
    currency: str = ""
    """Of the amount."""
    due_on: object = None
    state: str = ""
    withdrawn: bool = False
    note_id: int | None = None
    by_id: object = None


def entries(case: Case, kinds: tuple[str, ...] = KINDS) -> list[Entry]:
    """Everything on a case, newest first; the number of questions to the database does not grow with it."""
    found: list[Entry] = []
    if "contact" in kinds:
        found += _contacts(case)
    if "promise" in kinds:
        found += _promises(case)
    if "note" in kinds:
        found += _notes(case)
    if "hold" in kinds:
        found += _holds(case)
    if "other" in kinds or "promise" in kinds:
        found += [each for each in _events(case) if each.kind in kinds]
    return sorted(found, key=lambda each: each.at, reverse=True)[:MOST]


def _contacts(case: Case) -> list[Entry]:
    made = []
    for each in case.attempts.select_related("by", "point").order_by("-at")[:MOST]:
        channel, result = named(CHANNEL, each.channel), named(RESULT, each.result)
        point = f" {each.point.value_mask}" if each.point else ""
        inbound = ("（来电）", " (they called)") if each.inbound else ("", "")
        made.append(Entry(
            each.at, "contact", str(each.by or "Mora"),
            Words(f"{channel.zh}{point}{inbound[0]}：{result.zh}", f"{channel.en}{point}{inbound[1]}: {result.en}"),
            each.said, state=each.result,
        ))  # fmt: skip
    return made


def _promises(case: Case) -> list[Entry]:
    return [
        Entry(
            each.made_at, "promise", str(each.taken_by or "Mora"), Words("承诺还款", "Promise to pay"),
            amount_minor=each.amount_minor, currency=each.currency, due_on=each.due_on, state=each.state,
        )
        for each in case.promises.select_related("taken_by").order_by("-made_at")[:MOST]
    ]  # fmt: skip


def _notes(case: Case) -> list[Entry]:
    made = [
        Entry(
            each.at, "note", str(each.by), Words("备注", "Note"), each.text,
            withdrawn=each.withdrawn_at is not None, note_id=each.pk, by_id=each.by_id,
        )
        for each in case.notes.select_related("by").order_by("-at")[:MOST]
    ]  # fmt: skip
    for each in case.causes.select_related("by").order_by("-at")[:MOST]:
        why = Words(f"成因：{each.get_why_display()}", f"Cause: {each.get_why_display()}")
        made.append(Entry(each.at, "note", str(each.by), why, each.said))
    return made


def _holds(case: Case) -> list[Entry]:
    made = []
    for each in case.holds.select_related("set_by", "lifted_by").order_by("-since")[:MOST]:
        kind = named(HOLD, each.kind)
        upto = (f"，至 {each.until:%Y-%m-%d}", f" until {each.until:%Y-%m-%d}") if each.until else ("", "")
        made.append(Entry(
            each.since, "hold", str(each.set_by), Words(f"停催：{kind.zh}{upto[0]}", f"Hold: {kind.en}{upto[1]}"),
            each.reason,
        ))  # fmt: skip
        if each.lifted_at is not None:
            words = Words(f"解除停催：{kind.zh}", f"Hold lifted: {kind.en}")
            made.append(Entry(each.lifted_at, "hold", str(each.lifted_by or "Mora"), words))
    return made


def _events(case: Case) -> list[Entry]:
    rows = list(Event.objects.filter(subject=case.number).exclude(action__in=_TOLD_BETTER).order_by("-seq")[:MOST])
    people = {user.username: str(user) for user in User.objects.filter(username__in={each.actor for each in rows})}
    made = []
    for each in rows:
        what = named(EVENT, each.action)
        before, after = each.data.get("before"), each.data.get("after")
        moved = f" {before} → {after}" if before and after and each.action.startswith(("case.e", "case.k")) else ""
        if each.data.get("list"):
            on = named(LIST, each.data["list"])
            what = Words(f"{what.zh}：{on.zh}", f"{what.en}: {on.en}")
        if each.data.get("item"):
            item = _item(str(each.data["item"]))
            what = Words(f"{what.zh}：{item.zh}", f"{what.en}: {item.en}")
        if each.action == "loan.leave":
            why = named(LEFT, str(each.data.get("why")))
            loan = each.data.get("loan")
            what = Words(f"贷款 {loan} 移出案件：{why.zh}", f"Loan {loan} left the case: {why.en}")
        who = "Mora" if each.actor == "mora" else people.get(each.actor, each.actor)
        kind = "promise" if each.action.startswith(("promise.", "remind.")) else "other"
        received = each.data.get("received")
        if kind == "promise" and isinstance(received, int):
            currency = str(each.data.get("currency") or case.currency)
            money = f"{format_minor(received, currency)} {currency}"
            what = Words(f"{what.zh}，已收 {money}", f"{what.en}, received {money}")
        made.append(Entry(each.at, kind, who, Words(what.zh + moved, what.en + moved), each.reason))
    return made


def _item(key: str) -> Words:
    """The words of a checklist's item; its key where the file has it no longer."""
    return next((rule.checklist[key] for rule in levels() if key in rule.checklist), Words(key, key))
