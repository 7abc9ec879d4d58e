"""Put the tables of requests, verdicts, places, permissions and house questions into docs/reference/gate.md.

PYTHONPATH=src python docs/make_gate_reference.py
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from mora.gate import terms
from mora.gate.permissions import _ACCEPTS, CALL_RULES
from mora.gate.standing import named
from mora.gate.verdict import OWN_QUESTIONS, QUESTIONS
from mora.gate.zones import PLACES
from mora.law import Override, load
from mora.law.vocabulary import ProductKind

PAGE = Path(__file__).parent / "reference/gate.md"
BEGIN, END = "<!-- {}: made by docs/make_gate_reference.py -->", "<!-- end of {} -->"

REQUEST = (
    "Request", "Lender", "Actor", "Party", "Guarantee", "Estate", "Debtor", "Point", "Claim", "Owed", "Attempt", "Hold",
    "Permission", "Agency", "Visit", "Message",
)  # fmt: skip
VERDICT = ("Verdict", "Finding", "Counter")
WORDS = (
    "Channel", "Purpose", "ActorKind", "Mode", "LenderKind", "Role", "JointBasis", "PointKind", "Result", "HoldKind",
    "PermissionKind", "Outcome", "Effect",
)  # fmt: skip


class Field(NamedTuple):
    """A field of a record or a word of a list."""

    name: str
    typed: str
    default: str | None
    """As written; None when it must be given."""
    about: str


def declared() -> dict[str, tuple[str, list[Field]]]:
    """Every record and list of ``terms.py`` with its sentence and its fields or words."""
    body = ast.parse(Path(terms.__file__).read_text(encoding="utf-8")).body
    return {
        node.name: (" ".join((ast.get_docstring(node) or "").split()), list(_fields(node)))
        for node in body if isinstance(node, ast.ClassDef)
    }  # fmt: skip


def _fields(node: ast.ClassDef) -> Iterator[Field]:
    for place, each in enumerate(node.body):
        after = node.body[place + 1] if place + 1 < len(node.body) else None
        said = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else ""
        about = " ".join(str(said).split())
        for python, plain in (("None", "null"), ("True", "true"), ("False", "false")):
            about = re.sub(rf"\b{python}\b", plain, about)
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
            default = ast.unparse(each.value) if each.value is not None else None
            yield Field(each.target.id, _typed(ast.unparse(each.annotation)), default, about)
        elif (
            isinstance(each, ast.Assign)
            and isinstance(each.targets[0], ast.Name)
            and isinstance(each.value, ast.Constant)
        ):
            yield Field(str(each.value.value), "", "", about)


def _typed(written: str) -> str:
    """A type as the page writes it."""
    optional = written.endswith(" | None")
    bare = written.removesuffix(" | None")
    if bare.startswith("Annotated["):
        bare = bare.removeprefix("Annotated[").rpartition("], ")[0] + "]"
    many = bare.startswith("tuple[") and bare.endswith(", ...]")
    if many:
        bare = bare.removeprefix("tuple[").removesuffix(", ...]")
    plain = {
        "str": "text", "int": "whole number", "bool": "true or false", "date": "date", "datetime": "instant",
        "Instant": "instant", "Id": "id", "Minor": "whole number (minor units)",
        "ProductKind": "[debt kind](#debt-kinds)", "tuple[DailyTime, DailyTime]": "[HH:MM, HH:MM]",
    }.get(bare)  # fmt: skip
    shown = plain if plain is not None else f"[{bare}](#{bare.lower()})"
    return ("list of " if many else "") + shown + (", or null" if optional else "")


def _default(field: Field) -> str:
    if field.default is None:
        return "**required**"
    return {"None": "null", "()": "[]", "False": "false", "True": "true"}.get(
        field.default, field.default.rpartition(".")[2].lower().strip("'") or "empty"
    )


def records(names: tuple[str, ...], *, defaults: bool = True) -> str:
    """The tables of some records; a field without a sentence of its own has that of its type."""
    told = declared()
    parts = []
    for name in names:
        about, fields = told[name]
        head = (
            "| field | what | default | meaning |\n|---|---|---|---|"
            if defaults
            else "| field | what | meaning |\n|---|---|---|"
        )
        rows = [
            f"| `{each.name}` | {each.typed} |"
            + (f" {_default(each)} |" if defaults else "")
            + f" {each.about or _of_type(each, told)} |"
            for each in fields
        ]
        parts.append("\n".join([f"### {name}", "", about, "", head, *rows]))
    return "\n\n".join(parts)


def _of_type(field: Field, told: dict[str, tuple[str, list[Field]]]) -> str:
    name = field.typed.partition("[")[2].partition("]")[0]
    return told[name][0] if name in told else ""


def words() -> str:
    """The closed lists."""
    parts = []
    for name in WORDS:
        about, fields = declared()[name]
        rows = [f"| `{each.name}` | {each.about} |" for each in fields]
        parts.append("\n".join([f"### {name}", "", about, "", "| word | meaning |", "|---|---|", *rows]))
    kinds = ", ".join(f"`{kind.value}`" for kind in ProductKind if kind is not ProductKind.ANY)
    return "\n\n".join([*parts, f"### Debt kinds\n\n{kinds}"])


def places() -> str:
    """Every place with its zones."""
    rows = [f"| `{place}` | {', '.join(zones)} |" for place, zones in PLACES.items() if place not in ("us", "eu")]
    rows.insert(1, "| `us` | every zone of the states and territories below |")
    rows.insert(3, "| `eu` | every zone of the members below |")
    return "\n".join(["| place | zones of a person there |", "|---|---|", *rows])


def permissions() -> str:
    """Which permissions a rule accepts."""
    law = load(house="prudent")
    ids = [*QUESTIONS, *(rule.id for rule in law if rule.id.startswith("house.prudent."))]
    rows = []
    for id_ in ids:
        override = law.rule(id_).override
        kinds = sorted(kind.value for kind in _ACCEPTS[override])
        if id_ in CALL_RULES:
            kinds = ["consent", "debtor_called"]
        if kinds:
            why = "12 CFR 1006.14(b)(3)(i)" if id_ in CALL_RULES else f"`override: {override}`"
            rows.append(f"| `{id_}` | {', '.join(f'`{kind}`' for kind in kinds)} | {why} |")
    assert {law.rule(id_).override for id_ in CALL_RULES} == {Override.NONE}
    return "\n".join(["| rule | accepts | by |", "|---|---|---|", *rows])


def questions() -> str:
    """Every rule the gate asks, with its questions; and the questions a house pack may ask."""
    rows = [
        f"| `{id_}` | {' '.join(named(each).partition(': ')[2] for each in asked)} |"
        for id_, asked in QUESTIONS.items()
    ]
    own = [f"| `{name}` | {named(each).partition(': ')[2]} |" for name, each in OWN_QUESTIONS.items()]
    return "\n".join(["| rule | asked |", "|---|---|", *rows, "", "| `question` | asked |", "|---|---|", *own])


TABLES = {
    "request": lambda: records(REQUEST),
    "verdict": lambda: records(VERDICT, defaults=False),
    "words": words,
    "places": places,
    "permissions": permissions,
    "questions": questions,
}


def page() -> str:
    """The page with its tables made anew."""
    text = PAGE.read_text(encoding="utf-8")
    for name, make in TABLES.items():
        begin, end = BEGIN.format(name), END.format(name)
        before, _, rest = text.partition(begin)
        _, found, after = rest.partition(end)
        assert found, f"{PAGE.name} lacks the markers of {name}"
        text = f"{before}{begin}\n\n{make()}\n\n{end}{after}"
    return text


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
