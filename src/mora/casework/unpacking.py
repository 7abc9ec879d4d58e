"""Files as a browser gives them, laid into a folder that an import can read: names checked, archives unpacked, limits
kept while it is written and not believed from what a file says of itself.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from mora.casework.policy_files import IntakeLimits
from mora.core.errors import Refused
from mora.core.words import Words
from mora.feeds.faults import Told
from mora.feeds.files import SYNTHETIC_MARK

MIB = 1 << 20
TABLES_IN = (".csv", ".xlsx", ".parquet")
BESIDE = ("products.yaml", SYNTHETIC_MARK)
"""What may lie beside the tables, by name."""
LONGEST = 200
"""Bytes of a file's name."""
KINDS = Words(
    "可上传 CSV、Excel（xlsx）、Parquet 文件及 products.yaml，或装有这些文件的 zip",
    "CSV, Excel (xlsx) and Parquet files with products.yaml, or a zip of them, can be brought in",
)


class Given(Protocol):
    """A file as Django hands it over."""

    name: str | None

    def chunks(self) -> Iterable[bytes]:
        """Its bytes, part by part."""
        ...


class TooMuch(Refused):
    """More than the policy takes at once."""


@dataclass
class Laid:
    """What lies in the folder now."""

    files: list[dict[str, object]] = field(default_factory=list)
    """Of each: name, bytes, sha256."""
    left_out: list[Told] = field(default_factory=list)
    """What an archive held besides."""


def lay(given: Sequence[Given], folder: Path, limits: IntakeLimits) -> Laid:
    """Write what was given into an empty folder, each file by its bare name.

    :raises TooMuch: more bytes or files than the policy takes; says how to bring in more.
    :raises Refused: nothing was given, a file is of another kind, two have one name, or an archive cannot be read.
    """
    if not given:
        raise _refused("请先选择文件", "choose files first")
    laying = _Laying(folder, limits)
    for each in given:
        name = _bare(each.name or "")
        if name.lower().endswith(".zip"):
            laying.unpack(name, each.chunks())
        elif _wanted(name):
            laying.write(name, each.chunks())
        else:
            raise _refused(f"不能识别文件“{name}”", f"“{name}” is not a file of a loan book")
    if not any(Path(str(file["name"])).suffix.lower() in TABLES_IN or file["name"] == BESIDE[0]
               for file in laying.laid.files):  # fmt: skip
        raise _refused("没有可读的表", "there is no table in it")
    for path in sorted(folder.iterdir()):
        _check_inside(path, limits)
    return laying.laid


class _Laying:
    """One upload on its way into the folder, with what it may still take."""

    def __init__(self, folder: Path, limits: IntakeLimits) -> None:
        self.folder, self.limits, self.left, self.laid = folder, limits, limits.unpacked_mib * MIB, Laid()
        self.names: set[str] = set()

    def write(self, name: str, chunks: Iterable[bytes]) -> None:
        if name.lower() in self.names:
            raise _refused(f"有两个文件都叫“{name}”", f"two files are called “{name}”", kinds=False)
        if len(name.encode()) > LONGEST:
            raise _refused(f"文件名过长：“{name[:40]}…”", f"the name “{name[:40]}…” is too long", kinds=False)
        self.names.add(name.lower())
        if len(self.names) > self.limits.files:
            raise TooMuch(
                Words(
                    f"一次最多 {self.limits.files} 个文件；更多请在服务器上用 mora import 导入",
                    f"at most {self.limits.files} files at once; bring more in on the server with mora import",
                ),
                about="files",
            )
        whole, size = hashlib.sha256(), 0
        with (self.folder / name).open("xb") as out:
            for chunk in chunks:
                self.left -= len(chunk)
                if self.left < 0:
                    raise _too_big(self.limits)
                out.write(chunk)
                whole.update(chunk)
                size += len(chunk)
        self.laid.files.append({"name": name, "bytes": size, "sha256": whole.hexdigest()})

    def unpack(self, name: str, chunks: Iterable[bytes]) -> None:
        packed = self.folder.with_name(self.folder.name + ".zip")
        try:
            with packed.open("xb") as out:
                for chunk in chunks:
                    out.write(chunk)
            with zipfile.ZipFile(packed) as archive:
                self._members(name, archive)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as problem:
            raise _refused(
                f"压缩包“{name}”无法读取（{problem}）", f"the archive “{name}” cannot be read ({problem})"
            ) from None
        finally:
            packed.unlink(missing_ok=True)

    def _members(self, name: str, archive: zipfile.ZipFile) -> None:
        for member in archive.infolist():
            bare = _bare(member.filename)
            if member.is_dir() or bare.startswith((".", "~$")) or "__MACOSX" in member.filename:
                continue
            if member.flag_bits & 1:
                raise _refused(f"压缩包“{name}”有密码", f"the archive “{name}” is locked with a password")
            if not _wanted(bare):
                self.laid.left_out.append(Told("BOOK.UNKNOWN_FILE", file=f"{name}/{bare}"))
                continue
            with archive.open(member) as file:
                self.write(bare, iter(lambda file=file: file.read(MIB), b""))  # type: ignore[misc]


def _bare(name: str) -> str:
    """The last part of a name, whatever path it came with."""
    return PurePosixPath(name.replace("\\", "/")).name


def _wanted(name: str) -> bool:
    return Path(name).suffix.lower() in TABLES_IN or name in BESIDE


def _check_inside(path: Path, limits: IntakeLimits) -> None:
    """Formats that are packed themselves may not unfold beyond the limit; what cannot be read, its feed says."""
    inside = 0
    if path.suffix.lower() == ".xlsx":
        try:
            with zipfile.ZipFile(path) as workbook:
                inside = sum(member.file_size for member in workbook.infolist())
        except zipfile.BadZipFile:
            return
    elif path.suffix.lower() == ".parquet":
        try:
            told = pq.read_metadata(path)
        except (pa.ArrowException, OSError):
            return
        inside = sum(told.row_group(n).total_byte_size for n in range(told.num_row_groups))
    elif path.name == BESIDE[0]:
        try:
            path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise _refused("products.yaml 不是 UTF-8 文本", "products.yaml is not UTF-8 text", kinds=False) from None
    if inside > limits.unpacked_mib * MIB:
        raise _too_big(limits)


def _too_big(limits: IntakeLimits) -> TooMuch:
    most = limits.unpacked_mib
    return TooMuch(
        Words(
            f"解包后超过 {most} MiB；更大的账簿请在服务器上用 mora import 导入",
            f"unpacked it is more than {most} MiB; bring a larger book in on the server with mora import",
        ),
        about="files",
    )


def _refused(zh: str, en: str, *, kinds: bool = True) -> Refused:
    more = Words(f"{zh}。{KINDS.zh}", f"{en}. {KINDS.en}") if kinds else Words(zh, en)
    return Refused(more, about="files")
