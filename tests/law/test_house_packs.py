"""A lender may ask more than the law and confirm what nobody had found; never less."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mora.core.errors import BadInput
from mora.law import Effect, load
from mora.law.terms import Direction
from mora.law.tighten import CLASSES, is_looser

HERE = Path(__file__).parent / "house"
DAY = date(2026, 3, 1)


def test_the_demonstration_lender_confirms_three_rules_and_tightens_one() -> None:
    law = load("cn", house="example")
    for id_ in ("cn.class2023.restructured.floor", "cn.class2023.upgrade", "cn.class2023.restructured.def"):
        assert not load("cn").rule(id_).decides
        assert law.rule(id_).decides
        assert law.params(id_, DAY) == load("cn").params(id_, DAY)
    assert load("cn").value("cn.cba2026.freq.unanswered", "max_attempts_per_day", DAY) == 6
    assert law.value("cn.cba2026.freq.unanswered", "max_attempts_per_day", DAY) == 4
    assert not law.rule("cn.class2023.ecl").decides  # not confirmed, so as before


def test_own_values_hold_on_their_own_days_and_the_law_s_on_the_others() -> None:
    law = load("cn", house=HERE / "good" / "stricter.yaml")
    months = {day: law.value("cn.class2023.upgrade", "min_months", day) for day in (
        date(2023, 7, 1), date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 6, 30), date(2026, 7, 1),
    )}  # fmt: skip
    # the law's 6; the lender's 9 from 2025, 12 in the first half of 2026; after that the law's again
    assert list(months.values()) == [6, 6, 9, 9, 12, 6]
    assert law.value("cn.class2023.upgrade", "min_periods", date(2026, 3, 1)) == 2  # what it does not name is the law's


def test_a_lender_may_set_what_the_law_leaves_unknown_yet_the_rule_stays_unverified() -> None:
    law = load("cn", house=HERE / "good" / "stricter.yaml")
    assert law.value("cn.gbt45251.visit", "min_visitors", DAY) == 2
    assert law.rule("cn.gbt45251.visit").effect is Effect.WARNS


def test_a_looser_pack_is_refused_with_both_values() -> None:
    with pytest.raises(BadInput, match="min_months 6 is looser than the law's 12") as refused:
        load("cn", house=HERE / "bad" / "fewer-days-of-observation.yaml")
    assert [item.cite for item in refused.value.findings] == ["cn.class2023.restructured.obs"]


def test_a_pack_for_another_jurisdiction_waits_until_that_is_loaded() -> None:
    law = load("us", house="example")
    assert all(id_.startswith("us.") for id_ in law.ids)


CASES = [
    (Direction.LOWER, 3, 2, 4),
    (Direction.LOWER, Decimal("0.24"), Decimal("0.2"), Decimal("0.25")),
    (Direction.HIGHER, 150, 160, 149),
    (Direction.EARLIER, "22:00", "21:00", "22:30"),
    (Direction.LATER, "08:00", "09:00", "07:59"),
    (Direction.EARLIER, date(2027, 12, 31), date(2027, 6, 30), date(2028, 1, 1)),
    (Direction.SET_GROWS, ("a", "b"), ("b", "a", "c"), ("a", "c")),
    (Direction.SET_SHRINKS, ("a", "b"), ("a",), ("a", "c")),
    (Direction.SEVERER, "special_mention", "substandard", "normal"),
    (Direction.BANDS_SEVERER, ((1, "special_mention"), (91, "substandard")), ((1, "special_mention"), (61, "loss")),
     ((1, "special_mention"), (92, "loss"))),
]  # fmt: skip


@pytest.mark.parametrize(("direction", "law", "stricter", "looser"), CASES)
def test_each_direction_knows_stricter_from_looser(direction, law, stricter, looser) -> None:  # type: ignore[no-untyped-def]
    assert not is_looser(direction, law, law)
    assert not is_looser(direction, law, stricter)
    assert is_looser(direction, law, looser)


def test_a_flag_may_move_one_way() -> None:
    assert is_looser(Direction.BECOMES_TRUE, True, False)
    assert not is_looser(Direction.BECOMES_TRUE, False, True)
    assert is_looser(Direction.BECOMES_FALSE, False, True)


bands = st.lists(st.tuples(st.integers(1, 400), st.sampled_from(CLASSES)), min_size=1, max_size=5).map(tuple)


@given(bands, bands, st.integers(1, 420))
def test_bands_that_are_not_looser_class_no_day_better(law, house, day) -> None:  # type: ignore[no-untyped-def]
    def worst(rows) -> int:  # type: ignore[no-untyped-def]
        return max((CLASSES.index(name) for first, name in rows if first <= day), default=0)

    if not is_looser(Direction.BANDS_SEVERER, law, house):
        assert worst(house) >= worst(law)
