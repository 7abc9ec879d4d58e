"""The worked tables of the gate's algorithm pages are worked cases: every row is a view of its case.

A table is worked when a comment before it names its case (``<!-- case: file/name -->``). ``view`` is the number of the
view in the case, ``what happens`` is prose; the other columns are compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from gate.casebook import View, casebook
from mora.gate.clauses import clauses
from mora.gate.terms import Result
from mora.gate.verdict import QUESTIONS
from mora.law import load

FOLDER = Path(__file__).parents[2] / "docs" / "algorithms"
PAGES = ("contact-hours", "contact-frequency", "third-parties")
NAMED_CASE = re.compile(r"<!-- case: (.+) -->")


def cells_of(view: View) -> dict[str, str]:
    """A view as pages write it, by the heading."""
    silent = {"refuse": "", "warn": " (warns)", "excused": " (excused)", "note": " (notes)"}
    rules = [f"`{rule}`{says}" for effect, says in silent.items() for rule in sorted(view.effects[effect])]
    counted = [
        count.removesuffix("/None") for counts in view.counters.values() for count in counts if "None" not in count
    ]
    earliest = "–" if view.outcome != "refused" else "never" if view.earliest_at is None else written(
        view.earliest_at.astimezone(view.request.at.tzinfo)
    )  # fmt: skip
    return {
        "at": written(view.request.at), "outcome": view.outcome, "rules": ", ".join(rules) or "–",
        "earliest": earliest, "counted": ", ".join(counted),
    }  # fmt: skip


def written(at: datetime) -> str:
    """An instant with its offset, seconds only when there are some."""
    clock = f"{at:%Y-%m-%d %H:%M:%S}" if at.second else f"{at:%Y-%m-%d %H:%M}"
    return f"{clock} {at:%z}"


def worked_rows(page: str) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Every row of a page's worked tables: its line, its case, its cells by the heading."""
    case, heads = "", list[str]()
    for number, line in enumerate((FOLDER / f"{page}.md").read_text(encoding="utf-8").splitlines(), 1):
        if found := NAMED_CASE.fullmatch(line):
            case, heads = found[1], []
        elif not line.startswith("|"):
            case = ""
        elif case:
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if not heads:
                heads = cells
            elif not set(line) <= set("|- "):
                yield number, case, dict(zip(heads, cells, strict=True))


ROWS = [
    pytest.param(case, cells, id=f"{page}.md:{line}")
    for page in PAGES
    if (FOLDER / f"{page}.md").exists()
    for line, case, cells in worked_rows(page)
]


@pytest.mark.parametrize(("case", "cells"), ROWS)
def test_a_row_of_a_page_is_a_view_of_its_case(case: str, cells: dict[str, str]) -> None:
    told = cells_of(casebook()[case].views[int(cells["view"]) - 1])
    for heading, cell in cells.items():
        if heading not in ("view", "what happens"):
            assert cell == told[heading], heading


def test_there_are_worked_rows_on_every_page() -> None:
    for page in PAGES:
        assert len(list(worked_rows(page))) >= 25, page


def test_the_page_of_hours_names_every_rule_of_hours_with_its_window() -> None:
    lines = (FOLDER / "contact-hours.md").read_text(encoding="utf-8").splitlines()
    rows = {cells[0].strip(" `"): cells[1].strip() for line in lines if len(cells := line.strip("|").split("|")) == 5}
    day = datetime.fromisoformat("2026-11-20").date()
    law = clauses("prudent")
    asked = [id_ for id_, questions in QUESTIONS.items() if any(each.__name__ == "at_this_hour" for each in questions)]
    for id_ in (*asked, "house.prudent.hours", "house.prudent.hours.cn"):
        ruling = law.of(id_, day)
        assert ruling is not None
        window = ruling.window
        if window is not None:
            assert rows[id_] == f"{window[0]:%H:%M} to {window[1]:%H:%M}"


def test_the_page_of_frequency_names_every_counter_and_limit() -> None:
    text = (FOLDER / "contact-frequency.md").read_text(encoding="utf-8")
    limits = {
        "cn.gbt45251.freq.voice": ["max_per_day"], "cn.gbt45251.freq.notice": ["max_per_day"],
        "cn.cba2026.freq.unanswered": ["max_attempts_per_day"], "us.regf.calls.7in7": ["max_calls"],
        "us.ma.940cmr7": ["calls_7d", "calls_other_30d", "visit_30d"], "us.nyc.shield": ["max_contacts_7d"],
        "house.prudent.calls": ["max_per_day"],
    }  # fmt: skip
    law = load(house="prudent")
    for id_, names in limits.items():
        row = next(line for line in text.splitlines() if line.startswith(f"| `{id_}` |"))
        params = law.rule(id_).versions[-1].params
        assert row.strip("| ").split("|")[-1].strip().removesuffix(", warns") == "; ".join(
            str(params[name]) for name in names
        )


def test_the_pages_name_every_result_that_counts_somewhere() -> None:
    text = "".join((FOLDER / f"{page}.md").read_text(encoding="utf-8") for page in PAGES)
    left_out = {
        Result.SENT,
        Result.DELIVERED,
        Result.UNDELIVERABLE,
        Result.NOT_MET,
        Result.THIRD_PARTY,
        Result.WRONG_PARTY,
    }
    assert [result.value for result in Result if result not in left_out and f"`{result.value}`" not in text] == []
