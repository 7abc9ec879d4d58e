"""What is this file? By its first bytes and by its name; the two must agree before a file is kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileType:
    """A type that can be told by content."""

    endings: tuple[str, ...]
    media: str


TYPES: dict[str, FileType] = {
    "pdf": FileType((".pdf",), "application/pdf"),
    "jpeg": FileType((".jpg", ".jpeg"), "image/jpeg"),
    "png": FileType((".png",), "image/png"),
    "mp3": FileType((".mp3",), "audio/mpeg"),
    "wav": FileType((".wav",), "audio/wav"),
    "m4a": FileType((".m4a",), "audio/mp4"),
    "ogg": FileType((".ogg", ".oga", ".opus"), "audio/ogg"),
    "amr": FileType((".amr",), "audio/amr"),
}

_SIGNED = (
    (b"%PDF-", "pdf"), (b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"OggS", "ogg"), (b"#!AMR", "amr"),
    (b"ID3", "mp3"),
)  # fmt: skip
_AUDIO_BRANDS = (b"M4A ", b"M4B ", b"mp42", b"isom")


def by_content(content: bytes) -> str:
    """The type the first bytes show; empty when none of ours."""
    for start, type_ in _SIGNED:
        if content.startswith(start):
            return type_
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return "wav"
    if content[4:8] == b"ftyp" and content[8:12] in _AUDIO_BRANDS:
        return "m4a"
    # An MPEG frame without a tag in front: eleven set bits, a version that exists, layer III.
    if len(content) > 2 and content[0] == 0xFF and content[1] & 0xE6 == 0xE2 and content[1] & 0x18 != 0x08:
        return "mp3"
    return ""


def by_name(name: str) -> str:
    """The type the name claims; empty when none of ours."""
    low = name.lower()
    return next((type_ for type_, told in TYPES.items() if low.endswith(told.endings)), "")
