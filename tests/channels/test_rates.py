"""Never faster than the contract, never slower than needed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.hands import START
from mora.channels.rates import Rate, full, take

NONE = timedelta(0)
RATES = st.builds(Rate, count=st.integers(1, 1000), seconds=st.integers(1, 3600), burst=st.integers(1, 50))


def test_twenty_a_minute_with_three_at_once() -> None:
    rate = Rate(count=20, seconds=60, burst=3)
    bucket = full(rate, START)
    for _ in range(3):
        bucket, wait = take(rate, bucket, START)
        assert wait == NONE
    bucket, wait = take(rate, bucket, START)
    assert wait == timedelta(seconds=3)
    bucket, wait = take(rate, bucket, START + timedelta(seconds=2))
    assert wait == timedelta(seconds=1)
    bucket, wait = take(rate, bucket, START + timedelta(seconds=3))
    assert wait == NONE


@settings(deadline=None)
@given(RATES, st.lists(st.integers(0, 10_000_000), max_size=60))
def test_no_window_lets_more_through_than_its_rate_and_one_burst(rate: Rate, micros: list[int]) -> None:
    at, bucket = START, full(rate, START)
    drawn = []
    for step in micros:
        at += timedelta(microseconds=step)
        bucket, wait = take(rate, bucket, at)
        if wait == NONE:
            drawn.append(at)
    for n, first in enumerate(drawn):
        for m, last in enumerate(drawn[n:], 1):
            passed = (last - first) // timedelta(microseconds=1)
            assert m <= rate.burst + passed * rate.count / (rate.seconds * 10**6)


@settings(deadline=None)
@given(RATES, st.integers(1, 60), st.integers(0, 10**7))
def test_waiting_as_told_is_enough_and_a_microsecond_less_is_not(rate: Rate, drawn: int, micros: int) -> None:
    at, bucket = START, full(rate, START)
    for _ in range(drawn):
        bucket, _ = take(rate, bucket, at)
    at += timedelta(microseconds=micros)
    bucket, wait = take(rate, bucket, at)
    if wait != NONE:
        assert take(rate, bucket, at + wait)[1] == NONE
        assert take(rate, bucket, at + wait - timedelta(microseconds=1))[1] != NONE


def test_a_clock_set_back_gives_nothing() -> None:
    rate = Rate(count=1)
    bucket, _ = take(rate, full(rate, START), START)
    assert take(rate, bucket, START - timedelta(hours=1))[1] == timedelta(seconds=1)


def test_a_message_of_more_segments_than_the_burst_is_drawn_on_credit() -> None:
    rate = Rate(count=10, burst=2)
    bucket, wait = take(rate, full(rate, START), START, 5)
    assert wait == NONE
    assert take(rate, bucket, START)[1] == timedelta(seconds=0.4)  # 3 owed and 1 wanted, at ten a second


@pytest.mark.parametrize("wrong", [{"count": 0}, {"count": 1, "burst": 0}, {"count": 1, "seconds": 0}])
def test_a_rate_of_nothing_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Rate(**wrong)
