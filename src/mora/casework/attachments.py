"""Files on a case: recordings and proofs, checked, hashed, sealed and kept; opening one is recorded first."""

from __future__ import annotations

import hashlib
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db import transaction

from mora.casework.file_types import TYPES, by_content, by_name
from mora.casework.policy_files import read
from mora.casework.rights import may, require
from mora.core.errors import BadInput, Refused
from mora.core.words import Words
from mora.store import audit, sealed_files
from mora.store.models import Attachment, Case, User
from mora.store.sealing import UnsealError


@dataclass(frozen=True, slots=True)
class FileKind:
    """What a file is to the case, and which types it may be."""

    words: Words
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileRule:
    """The lender's rule on files."""

    largest_mb: int
    most_on_a_case: int
    kinds: Mapping[str, FileKind]

    @property
    def largest(self) -> int:
        """Bytes of the largest file."""
        return self.largest_mb * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as it came."""

    name: str
    media: str
    content: bytes


@cache
def rule() -> FileRule:
    """What may be kept.

    :raises BadInput: the file names a type Mora cannot tell, or leaves something out.
    """
    told = read("attachments.yaml")
    try:
        kinds = {
            name: FileKind(Words(each["zh"], each["en"]), tuple(each["types"])) for name, each in told["kinds"].items()
        }
        found = FileRule(told["largest_mb"], told["most_on_a_case"], kinds)
    except (KeyError, TypeError) as problem:
        raise BadInput(
            f"attachments.yaml: {problem}; it says largest_mb, most_on_a_case and kinds, each with zh, en, types"
        ) from None
    unknown = sorted({type_ for kind in kinds.values() for type_ in kind.types} - set(TYPES))
    if unknown:
        raise BadInput(f"attachments.yaml: {', '.join(unknown)} cannot be told; known are {', '.join(TYPES)}")
    return found


def attach(
    user: User, case: Case, *, kind: str, about: str, name: str, content: bytes, size: int, at: datetime, key: str = ""
) -> Attachment:  # fmt: skip
    """Keep a file on a case; the same key twice keeps one.

    :param size: as sent; the content of one that is too large need not be there.
    :raises NotAllowed: the person may not.
    :raises Refused: no such kind, no words, an empty or too large file, too many, or a type that does not fit.
    """
    require(user, "attach_file", case, at.date())
    if kind not in rule().kinds:
        raise Refused(Words("请选择文件种类", "choose what the file is"), about="file_kind")
    if not about.strip():
        raise Refused(Words("请写明文件内容", "say what the file shows"), about="file_about")
    key = key or uuid.uuid4().hex
    held = Attachment.objects.filter(key=key, case=case).first()
    if held is not None:
        return held
    type_ = _fits(kind, name, content, size)
    if case.attachments.count() >= rule().most_on_a_case:
        most = rule().most_on_a_case
        raise Refused(Words(f"本案文件已达 {most} 份上限", f"a case keeps {most} files at most"), about="file")
    made = Attachment(
        case=case, kind=kind, about=about.strip()[:200], name=_plain(name), type=type_, size=size, by=user, at=at,
        key=key, sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    made.stored = sealed_files.keep(content, _place(made), f"attachments/{made.pk.hex[:2]}/{made.pk}.sealed")
    try:
        with transaction.atomic():
            made.save(force_insert=True)
            audit.append(
                user.username, "file.attach", case.number, at=at, reason=made.about, kind=kind, size=size,
                type=type_, sha256=made.sha256, file=made.pk,
            )  # fmt: skip
    except BaseException:
        sealed_files.forget(made.stored)
        raise
    return made


BACK = timedelta(minutes=10)
"""How long a withdrawal can be undone by whoever made it."""


def may_withdraw(user: User, made: Attachment, at: datetime) -> bool:
    """Whether this person may strike a file: who added it, or a leader of the case's team."""
    if made.withdrawn_at is not None or made.case.state != Case.State.OPEN:
        return False
    adds = made.by_id == user.pk and may(user, "attach_file", made.case, at.date())
    return adds or may(user, "assign_case", made.case, at.date())


def may_restore(user: User, made: Attachment, at: datetime) -> bool:
    """Whether this person may undo the withdrawal: who made it, for ten minutes."""
    return made.withdrawn_at is not None and made.withdrawn_by_id == user.pk and at <= made.withdrawn_at + BACK


def withdraw(user: User, made: Attachment, why: str, at: datetime) -> None:
    """Strike a file: it stays sealed where it lies, listed with who struck it and why, and open to fewer people.

    :raises Refused: it is somebody else's and one leads no team of the case, it is struck already, or no reason.
    """
    require(user, "see_case", made.case, at.date())
    if not may_withdraw(user, made, at):
        raise Refused(
            Words("只能由上传人或组长撤回，且只能撤回一次", "who added it or a leader withdraws a file, once"),
            about="withdraw_why",
        )
    if not why.strip():
        raise Refused(Words("撤回须写明原因", "withdrawing has a reason"), about="withdraw_why")
    with transaction.atomic():
        changed = Attachment.objects.filter(pk=made.pk, withdrawn_at__isnull=True).update(
            withdrawn_at=at, withdrawn_by=user, withdrawn_why=why.strip()[:400]
        )
        if not changed:
            raise Refused(Words("该文件已撤回", "it was withdrawn already"), about="withdraw_why")
        audit.append(
            user.username, "file.withdraw", made.case.number, at=at, reason=why.strip()[:400], file=made.pk,
            sha256=made.sha256,
        )  # fmt: skip


def restore(user: User, made: Attachment, at: datetime) -> None:
    """Undo one's own withdrawal within ten minutes; both stay in the record.

    :raises Refused: it is not withdrawn, by somebody else, or longer ago.
    """
    require(user, "see_case", made.case, at.date())
    if not may_restore(user, made, at):
        raise Refused(
            Words("只能在十分钟内恢复本人撤回的文件", "only one's own withdrawal is undone, within ten minutes"),
            about="withdraw_why",
        )
    with transaction.atomic():
        Attachment.objects.filter(pk=made.pk).update(withdrawn_at=None, withdrawn_by=None, withdrawn_why="")
        audit.append(
            user.username, "file.restore", made.case.number, at=at, reason=made.withdrawn_why, file=made.pk,
            sha256=made.sha256,
        )  # fmt: skip


def may_open(user: User, made: Attachment, at: datetime) -> bool:
    """Whether this person may open the file; one that was withdrawn only with a right of its own."""
    right = "open_file" if made.withdrawn_at is None else "open_withdrawn"
    return may(user, right, made.case, at.date())


def _fits(kind: str, name: str, content: bytes, size: int) -> str:
    """The type of a file that may be kept as this kind."""
    if not name or size == 0:
        raise Refused(Words("请选择文件；空文件不予保存", "choose a file that is not empty"), about="file")
    if size > rule().largest:
        mb = -(-size * 10 // (1024 * 1024)) / 10
        raise Refused(
            Words(
                zh=f"文件 {mb} MB，上限 {rule().largest_mb} MB；请压缩或分份上传",
                en=f"the file has {mb} MB, at most {rule().largest_mb} are kept; make it smaller or send it in parts",
            ),
            about="file",
        )
    types = rule().kinds[kind].types
    endings = ", ".join(ending for type_ in types for ending in TYPES[type_].endings)
    claimed, found = by_name(name), by_content(content)
    if claimed not in types:
        words = rule().kinds[kind].words
        raise Refused(
            Words(f"{words.zh}只收 {endings} 文件", f"a file of the kind “{words.en}” ends in {endings}"), about="file"
        )
    if found != claimed:
        actual = (found, found) if found else ("无法识别的内容", "something unknown")
        raise Refused(
            Words(
                zh=f"文件名称为 {claimed}，内容却是 {actual[0]}；请核对后重新选择",
                en=f"the name says {claimed}, the content is {actual[1]}; look at the file and choose it again",
            ),
            about="file",
        )
    return claimed


def _plain(name: str) -> str:
    """The name without its folders and without characters that are not seen."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(char for char in last if unicodedata.category(char)[0] != "C")[-200:] or "file"


def _place(made: Attachment) -> str:
    return f"{made._meta.db_table}.file:{made.pk}"


def open_file(user: User, made: Attachment, at: datetime) -> Opened:
    """The file as it came; that it was opened is recorded first.

    :raises NotAllowed: the person may not.
    :raises Refused: it is gone, or is not what was kept.
    """
    require(user, "open_file", made.case, at.date())
    if made.withdrawn_at is not None:
        require(user, "open_withdrawn", made.case, at.date())
    with transaction.atomic():
        audit.append(user.username, "file.open", made.case.number, at=at, reason=made.about, file=made.pk)
    try:
        content = sealed_files.read(made.stored, _place(made))
    except UnsealError:
        content = b""
    if hashlib.sha256(content).hexdigest() != made.sha256:
        raise Refused(
            Words(
                zh="文件缺失或与保存时不一致，请告知管理员",
                en="the file is gone or is not what was kept; tell the administrator"
            )
        )  # fmt: skip
    return Opened(made._meta.get_field("name").open(made), TYPES[made.type].media, content)
