"""Every worked case through both witnesses, to the cent and to the day."""

from __future__ import annotations

from typing import Any

import pytest

from ageing.casebook import Case, View, casebook
from ageing.witnesses import Seen, by_kernel, told_by
from mora.ageing.rules import age

CASES = casebook()
EVERY_VIEW = [pytest.param(case, view, id=f"{name} {view.as_of}") for name, case in CASES.items() for view in case.views]


def named(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Items under the names cases use: instalments by number, the latest version; fees in item order."""
    found: dict[str, dict[str, Any]] = {}
    fees = 0
    for item in items:
        fees += item["is_fee"]
        name = str(item["n"])
        if item["is_fee"]:
            name = "fee" if fees == 1 else f"fee {fees}"
        if name not in found or item["version"] > found[name]["version"]:
            found[name] = item
    return found


def shown(seen: Seen, view: View) -> tuple[dict[str, object], dict[str, dict[str, int]]]:
    """The part of what a witness says that the case speaks of."""
    items = named(seen.items)
    return (
        {name: seen.columns[name] for name in view.columns},
        {item: {name: items[item][name] for name in amounts} for item, amounts in view.items.items()},
    )


@pytest.mark.parametrize(("case", "view"), EVERY_VIEW)
def test_the_rules_come_out_as_worked_by_hand(case: Case, view: View) -> None:
    aged = age(case.loan, view.as_of, known_at=view.known_at)
    assert shown(told_by(aged), view) == (view.columns, view.items)
    assert aged.life.account.balanced()
    if view.excess is not None:
        assert {posting.posting_id: amount for posting, amount in aged.life.excess} == view.excess


@pytest.mark.parametrize(("case", "view"), EVERY_VIEW)
def test_the_kernel_comes_out_as_worked_by_hand_and_equals_the_rules_in_every_column(case: Case, view: View) -> None:
    [seen] = by_kernel([case.loan], view.as_of, view.known_at)
    assert shown(seen, view) == (view.columns, view.items)
    assert seen == told_by(age(case.loan, view.as_of, known_at=view.known_at))
