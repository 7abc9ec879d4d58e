"""The ten worked requests of the guide get the verdicts beside them, to the last word."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "howto" / "gate.md"


def _maker():  # type: ignore[no-untyped-def]
    spec = importlib.util.spec_from_file_location("make_gate_examples", ROOT / "docs" / "make_gate_examples.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


MAKER = _maker()
REQUESTS = MAKER.requests()


def test_there_are_ten() -> None:
    assert [path.name[:2] for path in REQUESTS] == [f"{number:02}" for number in range(1, 11)]


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.stem)
def test_a_request_gets_the_verdict_beside_it(path: Path) -> None:
    beside = path.with_suffix(".verdict.json").read_text(encoding="utf-8")
    assert json.loads(MAKER.verdict_of(path)) == json.loads(beside)


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.stem)
def test_the_guide_tells_each_with_its_outcome(path: Path) -> None:
    verdict = json.loads(path.with_suffix(".verdict.json").read_text(encoding="utf-8"))
    rows = [
        line for line in GUIDE.read_text(encoding="utf-8").splitlines() if f"](../examples/gate/{path.name})" in line
    ]
    assert len(rows) == 1
    cells = [cell.strip() for cell in rows[0].strip("|").split("|")]
    effects = {"refuse": "", "warn": " (warns)", "excused": " (excused)", "note": " (notes)"}
    order = list(effects)
    said = sorted(verdict["findings"], key=lambda each: order.index(each["effect"]))
    rules = dict.fromkeys(f"`{each['rule']}`{effects[each['effect']]}" for each in said)
    earliest = verdict["earliest_at"]
    when = "–" if verdict["allowed"] else "never by waiting" if earliest is None else re.sub("T", " ", earliest)[:16]
    assert cells[2:] == [verdict["outcome"], ", ".join(rules) or "–", when]
