"""Smaller acts on a case: notes, causes, holds, reveals. Each is one transaction with its event."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from mora.casework import staff
from mora.casework.level_clock import stop_if_met
from mora.casework.listing import enter
from mora.casework.policy_files import authority
from mora.casework.rights import require
from mora.core.errors import Refused
from mora.core.words import Words
from mora.gate.terms import HoldKind
from mora.store import audit
from mora.store.models import Approval, Case, Cause, ContactPoint, Hold, Note, Party, User


def note(user: User, case: Case, text: str, at: datetime) -> Note:
    """Write a note; it stays as written.

    :raises Refused: it is empty.
    """
    require(user, "write_note", case, at.date())
    if not text.strip():
        raise Refused(Words(zh="备注不能为空", en="a note has some words"), about="text")
    with transaction.atomic():
        made = Note.objects.create(case=case, by=user, at=at, text=text.strip())
        audit.append(user.username, "note.write", case.number, at=at, note=made.pk)
    return made


def withdraw_note(user: User, written: Note, at: datetime) -> None:
    """Take back one's own note within ten minutes; it stays in the record, struck through.

    :raises Refused: it is somebody else's, or older.
    """
    if written.by_id != user.pk or at > written.at + timedelta(minutes=10):
        raise Refused(
            Words(zh="只能在十分钟内撤回本人写的备注", en="only one's own note can be withdrawn, within ten minutes")
        )
    with transaction.atomic():
        written.withdrawn_at = at
        written.save(update_fields=["withdrawn_at"])
        audit.append(user.username, "note.withdraw", written.case.number, at=at, note=written.pk)


def cause(user: User, case: Case, why: str, able: str, willing: str, said: str, at: datetime) -> Cause:
    """Say why the party is late, and whether it can and will pay."""
    require(user, "write_note", case, at.date())
    for about, value, kind in (
        ("why", why, Cause.Why),
        ("able", able, Cause.Degree),
        ("willing", willing, Cause.Degree),
    ):
        if value not in kind.values:
            raise Refused(Words(zh="请从列表中选择", en="choose one of the list"), about=about)
    with transaction.atomic():
        made = Cause.objects.create(case=case, why=why, able=able, willing=willing, said=said, by=user, at=at)
        audit.append(user.username, "cause.say", case.number, at=at, why=why, able=able, willing=willing)
        stop_if_met(case, user.username, at)
    return made


def hold(user: User, case: Case, kind: HoldKind, until: datetime | None, reason: str, at: datetime) -> Hold | Approval:
    """Let contact rest; longer than the authority's limit it waits for approval.

    :raises Refused: no reason is given, or it ends before it begins.
    """
    require(user, "set_hold", case, at.date())
    if not reason.strip():
        raise Refused(Words(zh="停催须写明原因", en="a hold has a reason"), about="reason")
    if until is not None and until <= at:
        raise Refused(Words(zh="停催的截止时间须晚于现在", en="a hold ends after it begins"), about="until")
    limit = authority()["hold_over_days"]["limit"]
    with transaction.atomic():
        if until is None or until > at + timedelta(days=limit):
            # Until somebody decides, the person is protected: a hold of the permitted length begins at once.
            made = Hold.objects.create(
                case=case, kind=kind, since=at, until=at + timedelta(days=limit), reason=reason, set_by=user
            )
            asked = Approval.objects.create(
                act="hold_over_days", case=case, reason=reason, asked_by=user, asked_at=at,
                details={"hold": made.pk, "kind": kind, "until": until.isoformat() if until else None},
            )  # fmt: skip
            audit.append(user.username, "hold.ask", case.number, at=at, reason=reason, kind=kind, until=until)
            return asked
        made = Hold.objects.create(case=case, kind=kind, since=at, until=until, reason=reason, set_by=user)
        audit.append(user.username, "hold.set", case.number, at=at, reason=reason, kind=kind, until=until)
        return made


def lift_hold(user: User, held: Hold, reason: str, at: datetime) -> None:
    """End a hold, with the reason."""
    require(user, "set_hold", held.case, at.date())
    if not reason.strip():
        raise Refused(Words(zh="解除停催须写明原因", en="lifting a hold has a reason"), about="reason")
    with transaction.atomic():
        Hold.objects.filter(pk=held.pk, lifted_at__isnull=True).update(lifted_at=at, lifted_by=user)
        audit.append(user.username, "hold.lift", held.case.number, at=at, reason=reason, hold=held.pk)


def reveal(user: User, subject: Party | ContactPoint, field: str, case: Case, reason: str, at: datetime) -> str:
    """The plain text of a sealed value, for a reason, recorded first.

    :raises Refused: no reason is given, or the field is not a sealed one.
    """
    require(user, "reveal", case, at.date())
    if not reason.strip():
        raise Refused(Words(zh="查看完整信息须写明原因", en="a reveal has a reason"), about="reason")
    if field not in {"name", "id_number", "value"}:
        raise Refused(Words(zh=f"{field} 不是加密字段", en=f"{field} is not a field that is sealed"))
    with transaction.atomic():
        audit.append(
            user.username, "reveal", case.number, at=at, reason=reason, field=field, subject_of=str(subject.pk)
        )
    return subject._meta.get_field(field).open(subject)


def decide(user: User, asked: Approval, granted: bool, words: str, at: datetime) -> None:
    """Grant or deny what somebody else asked for.

    :raises Refused: it was decided already, is one's own, or the person has not the authority.
    """
    require(user, "approve", asked.case, at.date())
    if asked.asked_by_id == user.pk:
        raise Refused(Words(zh="不得审批本人提出的申请", en="nobody decides what he or she asked for"))
    if user.role not in authority()[asked.act]["decides"]:
        deciding = ", ".join(authority()[asked.act]["decides"])
        raise Refused(Words(zh=f"{asked.act} 由 {deciding} 审批", en=f"{asked.act} is decided by {deciding}"))
    state = Approval.State.GRANTED if granted else Approval.State.DENIED
    with transaction.atomic():
        changed = Approval.objects.filter(pk=asked.pk, state=Approval.State.WAITING).update(
            state=state, decided_by=user, decided_at=at, decision=words
        )
        if not changed:
            raise Refused(Words(zh="该申请已有审批结果", en="it was decided already"))
        if granted and asked.act == "hold_over_days":
            until = asked.details["until"]
            Hold.objects.filter(pk=asked.details["hold"]).update(until=datetime.fromisoformat(until) if until else None)
        if granted and asked.act == "list_entry":
            enter(asked, user, at)
        if granted and asked.act == "grant_role":
            staff.grant(asked, user, at)
        subject = asked.case.number if asked.case else asked.details.get("person", asked.act)
        audit.append(
            user.username, f"approval.{state}", subject, at=at, reason=words,
            act=asked.act, asked_by=asked.asked_by.username,
        )  # fmt: skip
