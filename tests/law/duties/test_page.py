"""The worked tables of the duties page are worked cases, and the page names every field and word of the facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from law.duties.casebook import casebook
from mora.law import load
from mora.law.duties import MATTERS, DutyStatus, Kind, duties_of

PAGE = Path(__file__).parents[3] / "docs" / "algorithms" / "duties.md"
TEXT = PAGE.read_text(encoding="utf-8")
NAMED = re.compile(r"<!-- cases: (\S+) -->")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a worked table."""

    line: int
    case: str
    cells: dict[str, str]


def worked_rows() -> Iterator[Row]:
    """Every row of the page's worked tables."""
    file, heads = "", []
    for number, line in enumerate(TEXT.splitlines(), 1):
        if found := NAMED.fullmatch(line):
            file, heads = found[1], []
        elif not line.startswith("|"):
            file = ""
        elif file:
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if not heads:
                heads = cells
            elif not set(line) <= set("|- "):
                row = dict(zip(heads, cells, strict=True))
                yield Row(number, f"{file}/{row['case'].strip('`')}", row)


ROWS = list(worked_rows())


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.line} {row.case}" for row in ROWS])
def test_a_row_is_what_its_case_expects(row: Row) -> None:
    case = casebook()[row.case]
    assert case.as_of == date.fromisoformat(row.cells["as of"])
    assert row.cells["what happens"] in ("", case.says)
    wanted = [
        (
            e["rule"],
            str(e["from"]) if e.get("from") else "",
            day_cell(e["day"], e.get("provisional", False)),
            e["status"],
        )
        for e in case.expect
    ]
    cells = row.cells
    assert (cells["rule"].strip("`"), cells["from"], cells["day"], cells["status"]) in wanted


def day_cell(day: date | None, provisional: bool) -> str:
    """A day as the page writes it."""
    return ("–" if day is None else str(day)) + (" provisional" if provisional else "")


def test_every_row_of_the_rule_tables_is_on_the_page() -> None:
    shown = {row.case.partition("/")[2] for row in ROWS}
    assert {f"T-US-X{n}" for n in range(1, 10)} <= shown
    assert {"T-CN-12", "T-CN-12-holiday", "T-CN-13", "T-CN-14", "T-CN-15"} <= shown


def test_a_table_with_days_is_worked() -> None:
    """A table that no comment ties to cases holds words only."""
    lines = TEXT.splitlines()
    for number, line in enumerate(lines):
        if line.startswith("|--") and not NAMED.fullmatch(lines[number - 2]):
            for row in lines[number + 1 :]:
                if not row.startswith("|"):
                    break
                assert not re.search(r"\d{4}-\d\d-\d\d", row), row


def test_the_page_names_every_status_and_kind() -> None:
    assert [word for word in (*DutyStatus, *Kind) if f"`{word}`" not in TEXT] == []


def shapes(kind: type[Any]) -> Iterator[type[Any]]:
    """A dataclass of facts, those inside it, and the word lists of their fields."""
    yield kind
    for hint in get_type_hints(kind).values():
        for part in (hint, *get_args(hint)):
            if isinstance(part, type) and issubclass(part, StrEnum):
                yield part
            elif is_dataclass(part) and get_origin(part) is None:
                yield from shapes(part)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", MATTERS)
def test_the_page_names_every_field_of_a_matter_and_says_which_are_required(name: str) -> None:
    (row,) = (line for line in TEXT.splitlines() if line.startswith(f"| `{name}` "))
    elsewhere = TEXT[TEXT.index("An interruption:") : TEXT.index("## In code")]
    for shape in shapes(MATTERS[name].facts):
        text = elsewhere if shape.__name__ == "Interruption" else row
        if issubclass(shape, StrEnum):
            assert [word for word in shape if f"`{word}`" not in row + elsewhere] == []
            continue
        for field in fields(shape):
            required = field.default is MISSING and field.default_factory is MISSING
            if shape.__name__ == "Obstacle" and name == "cn_judgment":
                continue  # described at the claim
            assert (f"**`{field.name}`**" if required else f"`{field.name}`") in text, field.name


def test_the_example_of_the_page_is_accepted_and_the_code_says_what_it_says() -> None:
    import json

    example = json.loads(re.search(r"```json\n(.*?)```", TEXT, re.DOTALL)[1])  # type: ignore[index]
    assert duties_of(load(), example, date(2026, 11, 24))
    (duty,) = duties_of(load("cn"), {"cn_claim": {"due_on": ["2023-10-01"]}}, date(2026, 9, 1))
    assert f"# {duty.act_by} {duty.status} ..." in TEXT
