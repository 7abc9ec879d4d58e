"""docs/reference/templates.md names every kind, tone, medium and type, and what the house rule is not asked for."""

from __future__ import annotations

import re
from pathlib import Path

from mora.contact import Kind, Medium, Tone, Type
from mora.contact.checking import NOT_ASKED

PAGE = (Path(__file__).parents[2] / "docs/reference/templates.md").read_text(encoding="utf-8")
ITEMS = {
    "amount": "amount", "days late": "days_late", "cost of delay": "further_cost", "how to pay": "how_to_pay"
}  # fmt: skip


def test_every_word_of_the_form_is_on_the_page() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*)$", PAGE, re.MULTILINE))
    for field, words in (("kind", Kind), ("tone", Tone), ("media", Medium)):
        assert set(re.findall(r"`(\w+)`", rows[field])) == {each.value for each in words}
    assert {each.value for each in Type} <= set(rows)


def test_the_items_not_asked_are_those_of_the_code() -> None:
    table = PAGE.partition("| kind | not asked |")[2].partition("\n\n")[0]
    told = {
        kind: {ITEMS[item.strip()] for item in items.split(",")}
        for kinds, items in re.findall(r"^\| (`.*`) \| (.*) \|$", table, re.MULTILINE)
        for kind in re.findall(r"`(\w+)`", kinds)
    }
    assert told == {kind.value: set(items) for kind, items in NOT_ASKED.items()}
