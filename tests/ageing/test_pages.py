"""The worked tables of the algorithm pages are worked cases: every figure in them is expected by a case too.

A table is worked when a comment before it names its case (``<!-- case: file/id -->``) or the file of its cases
(``<!-- cases: file -->``, with the id in the column ``case``). Its other columns are columns of positions,
``1: paid principal`` for an instalment's amounts, or one of a few words that are prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ageing.casebook import COLUMNS, ITEM_COLUMNS, View, casebook
from mora.ageing.terms import BUCKET_STARTS, BUCKETS
from mora.core.money import format_minor
from mora.loans.product_keys import LATENESS_KEYS, MATERIALITY_KEYS, PENALTY_KEYS
from mora.loans.terms import (
    DaysRule,
    Direction,
    EarlyMoney,
    FeeStyle,
    GraceStyle,
    PauseBoundary,
    PayoffStyle,
    PenaltyBase,
    PenaltyUnit,
    RescheduleStyle,
    ReversalStyle,
    SwitchMeasured,
    WriteOffStyle,
)
from mora.loans.waterfalls import NAMED

FOLDER = Path(__file__).parents[2] / "docs" / "algorithms"
PAGES = ("waterfall", "days-past-due", "penalty-interest")
PROSE = {"variant", "what happens", "the sum"}
KEYS = {"case", "as of", "known at"}
NAMED_CASES = re.compile(r"<!-- (cases?): (\S+) -->")
ITEM = re.compile(r"(\d+|fee(?: \d+)?): (.+)")
UNSAID = {"", "–"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a worked table."""

    where: str
    case: str
    cells: dict[str, str]
    """By the heading, without Chinese words."""


def worked_rows(page: str) -> Iterator[Row]:
    """Every row of a page's worked tables."""
    named: re.Match[str] | None = None
    heads: list[str] = []
    for number, line in enumerate((FOLDER / f"{page}.md").read_text(encoding="utf-8").splitlines(), 1):
        if found := NAMED_CASES.fullmatch(line):
            named, heads = found, []
        elif not line.startswith("|"):
            named = None
        elif named:
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if not heads:
                heads = cells
            elif not set(line) <= set("|- "):
                row = dict(zip(heads, cells, strict=True))
                case = named[2] if named[1] == "case" else f"{named[2]}/{row['case'].strip('`')}"
                yield Row(f"{page}.md:{number}", case, row)


ROWS = [row for page in PAGES for row in worked_rows(page)]


def view_of(row: Row) -> View:
    """The view of its case that a row speaks of; the first one in a table without days."""
    views = casebook()[row.case].views
    if "as of" in row.cells:
        views = tuple(view for view in views if view.as_of == date.fromisoformat(row.cells["as of"]))
    if "known at" in row.cells:
        text = row.cells["known at"]
        known = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")) if text else None
        views = tuple(view for view in views if view.known_at == known)
    assert views, f"{row.where}: {row.case} has no such view"
    return views[0]


def expected(row: Row, view: View, heading: str) -> object:
    """What the case expects under a heading; KeyError when the case does not say."""
    if item := ITEM.fullmatch(heading):
        return view.items[item[1]][column(item[2], ITEM_COLUMNS)]
    return view.columns[column(heading, COLUMNS)]


def column(words: str, known: set[str]) -> str:
    """The column a heading names."""
    name = words.replace(" ", "_")
    return name if name in known else f"{name}_minor"


def written(value: object, heading: str, currency: str) -> str:
    """A value as pages write it."""
    if isinstance(value, int) and column(heading.rpartition(": ")[2], COLUMNS | ITEM_COLUMNS).endswith("_minor"):
        return format_minor(value, currency)
    return str(value)


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.where} {row.case}" for row in ROWS])
def test_a_row_of_a_page_is_what_its_case_expects(row: Row) -> None:
    case, view = casebook()[row.case], view_of(row)
    compared = 0
    for heading, cell in row.cells.items():
        if heading in PROSE | KEYS or cell in UNSAID:
            continue
        assert cell == written(expected(row, view, heading), heading, case.loan.currency), heading
        compared += 1
    assert compared


@pytest.mark.parametrize("page", PAGES)
def test_every_table_with_figures_is_worked(page: str) -> None:
    """A table that no comment ties to cases may hold words only (the bucket edges are compared elsewhere)."""
    lines = (FOLDER / f"{page}.md").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if line.startswith("|--") and not NAMED_CASES.fullmatch(lines[number - 2]):
            for row in lines[number + 1 :]:
                if not row.startswith("|"):
                    break
                assert not re.search(r"\d\.\d\d\b", row.replace("`", "")), f"{page}.md: {row}"


def test_the_buckets_begin_where_the_page_says() -> None:
    lines = (FOLDER / "days-past-due.md").read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("| days past due from |"))
    names, starts = ([cell.strip() for cell in lines[row].strip("|").split("|")][1:] for row in (at - 2, at))
    assert tuple(names) == BUCKETS
    assert tuple(map(int, starts)) == BUCKET_STARTS


def test_there_are_worked_rows_on_every_page() -> None:
    for page in PAGES:
        assert sum(row.where.startswith(f"{page}.md") for row in ROWS) >= 25, page


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("waterfall", [*Direction, *EarlyMoney, *SwitchMeasured, *FeeStyle, *WriteOffStyle, *RescheduleStyle, *NAMED]),
        ("days-past-due", [*DaysRule, *PayoffStyle, *ReversalStyle]),
        ("days-past-due", [key.name for key in (*LATENESS_KEYS, *MATERIALITY_KEYS)]),
        ("penalty-interest", [*PenaltyBase, *PenaltyUnit, *GraceStyle, *PauseBoundary]),
        ("penalty-interest", [key.name for key in PENALTY_KEYS]),
    ],
)
def test_the_pages_name_every_variant(page: str, words: list[str]) -> None:
    text = (FOLDER / f"{page}.md").read_text(encoding="utf-8")
    default_only = {"own_item", "due"}  # said in words: 'its own item', 'due by the day'
    assert [word for word in words if not re.search(rf"\b{word}\b", text) and word not in default_only] == []
