"""What did the person write? The text of a mail without the quoted one below it."""

from __future__ import annotations

import re
from email.message import Message as Parsed
from html.parser import HTMLParser

_BELOW = re.compile(
    r"^\s*(?:-{2,}\s*(?:original message|原始邮件|原邮件|forwarded message|转发邮件|回复的原邮件)\s*-{2,}"
    r"|on\b.{4,200}\bwrote:|.{0,200}(?:写道|寫道)\s*[:：]"
    r"|(?:from|发件人|寄件者)\s*[:：].{3,200}|_{10,}|-- )\s*$",
    re.IGNORECASE,
)
"""The line under which mail programs put what is answered, or a signature begins."""
_MOST = 20_000


def said_text(mail: Parsed) -> str:
    """The first readable part, plain before HTML, up to where the quotation begins."""
    parts = [part for part in mail.walk() if part.get_content_maintype() == "text" and not part.get_filename()]
    plain = next((part for part in parts if part.get_content_subtype() == "plain"), None)
    if plain is not None:
        return unquoted(_decoded(plain))
    marked_up = next((part for part in parts if part.get_content_subtype() == "html"), None)
    return unquoted(_stripped(_decoded(marked_up))) if marked_up is not None else ""


def unquoted(text: str) -> str:
    """What stands above the quotation, without quoted lines.

    >>> unquoted("I paid yesterday.\\n\\nOn Mon, 2 Mar 2026, Bank wrote:\\n> please pay")
    'I paid yesterday.'
    """
    kept: list[str] = []
    for line in text[:_MOST].splitlines():
        if _BELOW.match(line):
            break
        if not line.lstrip().startswith((">", "＞")):
            kept.append(line.rstrip())
    return "\n".join(kept).strip()


def _decoded(part: Parsed) -> str:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    charset = str(part.get_content_charset() or "utf-8")
    for name in (charset, "gb18030"):
        try:
            return raw.decode("gb18030" if name in {"gb2312", "gbk"} else name)
        except (LookupError, ValueError):
            continue
    return raw.decode("utf-8", errors="replace")


class _Words(HTMLParser):
    """Keeps what a person sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.kept: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._hidden += tag in {"style", "script", "blockquote"}
        if tag in {"br", "p", "div", "tr", "li"}:
            self.kept.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "script", "blockquote"} and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.kept.append(re.sub(r"\s+", " ", data))


def _stripped(text: str) -> str:
    words = _Words()
    words.feed(text[: _MOST * 5])
    return "".join(words.kept)
