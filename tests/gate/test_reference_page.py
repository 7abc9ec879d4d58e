"""The reference page of the gate is made from the code it speaks of, and names what the code knows."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

from mora.gate.terms import HoldKind
from mora.gate.verdict import OWN_QUESTIONS
from mora.law import load

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "gate.md"


def test_the_tables_are_made_from_the_code() -> None:
    spec = importlib.util.spec_from_file_location("make_gate_reference", ROOT / "docs" / "make_gate_reference.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    assert PAGE.read_text(encoding="utf-8") == made.page(), "run python docs/make_gate_reference.py"


def test_the_page_names_every_hold_and_every_value_of_the_house() -> None:
    text = PAGE.read_text(encoding="utf-8")
    holds = text.partition("## Holds")[2].partition("## Permissions")[0]
    assert [kind.value for kind in HoldKind if f"`{kind}`" not in holds] == []
    house = text.partition("## House questions")[2].partition("## Places")[0]
    assert [name for name in OWN_QUESTIONS if f"| `{name}` |" not in house] == []
    rules = [rule for rule in load(house="prudent") if rule.id.startswith("house.prudent.")]
    used = {name for rule in rules for version in rule.versions for name in version.params} - {"question"}
    assert [name for name in sorted(used) if not re.search(rf"`{name}\b", house)] == []


def test_its_links_lead_somewhere() -> None:
    text = PAGE.read_text(encoding="utf-8")
    heads = {
        re.sub(r"[^a-z0-9 -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in text.splitlines()
        if line[:1] == "#"
    }
    for target in re.findall(r"\]\(([^)]+)\)", text):
        file, _, anchor = target.partition("#")
        assert not file or (PAGE.parent / file).exists(), target
        assert file or anchor in heads, target
