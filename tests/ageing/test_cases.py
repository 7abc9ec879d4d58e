"""Every worked case through both witnesses, to the cent and to the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from enum import StrEnum
from typing import Any

import pytest

from ageing.casebook import Case, View, casebook
from ageing.witnesses import Seen, by_kernel, by_rules, told_by
from mora.ageing.rules import age
from mora.loans.terms import PostingKind

CASES = casebook()
EVERY_VIEW = [
    pytest.param(case, view, id=f"{name} {view.as_of}") for name, case in CASES.items() for view in case.views
]


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


@pytest.mark.parametrize(("case", "view"), [each for each in EVERY_VIEW if each.values[1].known_at])
def test_a_view_shows_what_was_known_then_and_nothing_else(case: Case, view: View) -> None:
    """As if the book of that moment had been aged: without the postings that were booked later."""

    def known(posting: Any) -> bool:
        return (posting.booked_at or datetime.combine(posting.value_on, time(), UTC)) <= view.known_at

    then = replace(case.loan, postings=tuple(filter(known, case.loan.postings)))
    assert by_rules(case.loan, view.as_of, view.known_at) == by_rules(then, view.as_of)
    assert by_kernel([case.loan], view.as_of, view.known_at) == by_kernel([then], view.as_of)


THEMES = {
    "buckets", "caps", "compound", "credit", "days-past-due", "early-money", "fees", "grace", "limits", "materiality",
    "mba-ots", "next-due-last-paid", "pauses", "payoff", "penalty-grace", "penalty-rounding", "re-amortise", "refunds",
    "reschedule", "reversals", "switch-art57", "waivers", "waterfall-directions", "waterfall-twelve-pairs", "worst",
    "write-off-recovery",
}  # fmt: skip


def test_every_theme_is_told_and_every_case_expects_something() -> None:
    assert {name.split("/")[0] for name in CASES} == THEMES
    assert len(CASES) >= 150
    assert all(view.columns or view.items for case in CASES.values() for view in case.views)


def test_every_variant_of_every_term_has_a_case() -> None:
    products = [case.loan.product for case in CASES.values()]
    holders = [*products, *(p.penalty for p in products), *(p.lateness for p in products)]
    holders += [p.switch for p in products if p.switch]
    seen: dict[type[StrEnum], set[StrEnum]] = {}
    for holder in holders:
        for value in (getattr(holder, name) for name in holder.__slots__):
            if isinstance(value, StrEnum):
                seen.setdefault(type(value), set()).add(value)
    assert {kind.__name__: set(kind) - values for kind, values in seen.items() if set(kind) - values} == {}
    flags = [
        (holder, name) for holder in holders for name in holder.__slots__ if isinstance(getattr(holder, name), bool)
    ]
    used = {name for holder, name in flags if getattr(holder, name)}
    assert used == {name for _, name in flags}


def test_every_kind_of_posting_that_moves_something_has_a_case() -> None:
    kinds = {posting.kind for case in CASES.values() for posting in case.loan.postings}
    assert kinds >= set(PostingKind) - {PostingKind.RESCHEDULE}  # it announces; the schedule version does the work
