"""What a message's receipts say together: never a matter of their order or number."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mora.channels.state import Standing, State, at_most, join, result, state
from mora.channels.terms import Kind, Receipt
from mora.gate.terms import Result

OF_A_PART = [each for each in Standing if each is not Standing.PARTLY]
KINDS = st.sampled_from(Kind)
PARTS = ("a", "b", "c")
RECEIPTS = st.lists(st.builds(Receipt, id=st.sampled_from([*PARTS, "another message"]), kind=KINDS), max_size=9)
COUNTS = st.integers(1, 3)


@settings(deadline=None)
@given(COUNTS, RECEIPTS, st.randoms())
def test_order_and_repetition_change_nothing(count: int, receipts: list[Receipt], random: object) -> None:
    again = receipts + receipts[: len(receipts) // 2]
    random.shuffle(again)  # type: ignore[attr-defined]
    assert state(PARTS[:count], again) == state(PARTS[:count], receipts)


@settings(deadline=None)
@given(COUNTS, RECEIPTS, RECEIPTS)
def test_more_receipts_never_lead_back(count: int, some: list[Receipt], more: list[Receipt]) -> None:
    before, after = state(PARTS[:count], some), state(PARTS[:count], some + more)
    assert at_most(before.standing, after.standing)
    assert after.complained or not before.complained


def test_standings_are_a_lattice() -> None:
    for one, other, third in product(OF_A_PART, repeat=3):
        assert join(one, one) is one
        assert join(one, other) is join(other, one)
        assert join(join(one, other), third) is join(one, join(other, third))
        assert at_most(one, join(one, other))
        if at_most(one, third) and at_most(other, third):
            assert at_most(join(one, other), third)  # the least of those above both


def test_the_order_is_one() -> None:
    for one, other, third in product(Standing, repeat=3):
        assert at_most(one, one)
        if at_most(one, other) and at_most(other, one):
            assert one is other
        if at_most(one, other) and at_most(other, third):
            assert at_most(one, third)


@settings(deadline=None)
@given(st.lists(KINDS, max_size=6))
def test_one_part_stands_at_the_join_of_what_was_said(kinds: list[Kind]) -> None:
    alone = [state("a", [Receipt("a", kind)]).standing for kind in kinds]
    together = Standing.SENT
    for each in alone:
        together = join(together, each)
    assert state("a", [Receipt("a", kind) for kind in kinds]).standing is together


D, U, P, R, C = Kind.DELIVERED, Kind.UNDELIVERABLE, Kind.PENDING, Kind.READ, Kind.COMPLAINED


@pytest.mark.parametrize(
    ("said", "standing", "counts_as"),
    [
        ({}, Standing.SENT, Result.SENT),
        ({"a": [P]}, Standing.PENDING, Result.SENT),
        ({"a": [D], "b": []}, Standing.PENDING, Result.SENT),  # one part arrived: the message has not
        ({"a": [D], "b": [D]}, Standing.DELIVERED, Result.DELIVERED),
        ({"a": [D], "b": [D, R]}, Standing.READ, Result.DELIVERED),
        ({"a": [U], "b": []}, Standing.UNDELIVERABLE, Result.UNDELIVERABLE),
        ({"a": [U], "b": [D]}, Standing.PARTLY, Result.SENT),
        ({"a": [U, D], "b": [D]}, Standing.CONTRADICTORY, Result.SENT),
    ],
)
def test_worked_states(said: dict[str, list[Kind]], standing: Standing, counts_as: Result) -> None:
    found = state(said or ["a"], [Receipt(part, kind) for part, kinds in said.items() for kind in kinds])
    assert found == State(standing)
    assert result(found) is counts_as


def test_a_complaint_says_that_it_arrived() -> None:
    assert state("a", [Receipt("a", C)]) == State(Standing.DELIVERED, complained=True)


def test_a_message_without_ids_stays_sent() -> None:
    assert state([], [Receipt("a", D)]) == State(Standing.SENT)
