"""A page as a tree: which forms stand on it, what stands in their fields, and where a refusal is said."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])


@dataclass
class Node:
    """An element with what is in it."""

    tag: str
    said: dict[str, str]
    over: Node | None = None
    within: list[Node] = field(default_factory=list)
    text: str = ""

    def all(self) -> list[Node]:
        """This element and every one in it."""
        return [self, *(deep for each in self.within for deep in each.all())]

    def words(self) -> str:
        """All text in it."""
        return " ".join(each.text.strip() for each in self.all() if each.text.strip())

    def has(self, name: str) -> bool:
        """Whether it is of a class."""
        return name in self.said.get("class", "").split()

    def problems(self) -> list[str]:
        """What is refused in it, in words."""
        return [each.words() for each in self.all() if each.has("problem")]

    def typed(self) -> dict[str, list[str]]:
        """What stands in its text fields, by name."""
        found: dict[str, list[str]] = {}
        for each in self.all():
            if each.tag == "input" and each.said.get("type", "text") in ("text", "search", "password"):
                found.setdefault(each.said.get("name", ""), []).append(each.said.get("value", ""))
            if each.tag == "textarea":
                found.setdefault(each.said.get("name", ""), []).append(each.text)
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.top = Node("top", {})
        self.here = self.top

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Node(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.within.append(made)
        if tag not in VOID:
            self.here = made

    def handle_endtag(self, tag: str) -> None:
        at: Node | None = self.here
        while at is not None and at.tag != tag:
            at = at.over
        if at is not None and at.over is not None:
            self.here = at.over

    def handle_data(self, data: str) -> None:
        self.here.text += data


def read(page: str) -> Node:
    """The tree of a page."""
    reader = _Reader()
    reader.feed(page)
    return reader.top


def forms(page: Node, address: str) -> list[Node]:
    """The forms of a page that post to an address."""
    return [
        each for each in page.all()
        if each.tag == "form" and each.said.get("method") == "post" and each.said.get("action") == address
    ]  # fmt: skip


def beside(form: Node) -> list[str]:
    """What is refused in a form or right beside it."""
    over = form.over or form
    near = [each for each in over.within if each is not form and each.has("problem")]
    return form.problems() + [each.words() for each in near]
