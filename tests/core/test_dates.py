"""Dates: months, day numbers, and the part of a year by each day count."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mora.core.dates import DayCount, add_months, day_number, from_day_number, whole_months, year_fraction

some_day = st.dates(date(1950, 1, 1), date(2150, 1, 1))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),  # no 31st: the month's last day
        (date(2028, 1, 31), 1, date(2028, 2, 29)),  # leap year
        (date(2026, 1, 31), 2, date(2026, 3, 31)),  # counted from the start, not from 28 February
        (date(2026, 2, 28), 1, date(2026, 3, 28)),  # the end of a month is not kept
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -13, date(2024, 12, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_months_later_is_the_corresponding_day_or_the_last(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 27), 0),
        (date(2026, 1, 31), date(2026, 2, 28), 1),
        (date(2026, 1, 31), date(2026, 3, 30), 1),
        (date(2026, 1, 31), date(2026, 3, 31), 2),
        (date(2026, 1, 15), date(2026, 1, 15), 0),
        (date(2026, 1, 15), date(2025, 1, 15), 0),  # never negative
        (date(2024, 2, 29), date(2025, 2, 28), 12),
    ],
)
def test_whole_months_between_two_days(start: date, end: date, months: int) -> None:
    assert whole_months(start, end) == months


@given(some_day, st.integers(0, 2000))
def test_whole_months_is_what_add_months_reaches(start: date, later: int) -> None:
    end = start + timedelta(days=later)
    months = whole_months(start, end)
    assert add_months(start, months) <= end < add_months(start, months + 1)


@given(some_day)
def test_day_numbers_read_back(day: date) -> None:
    assert from_day_number(day_number(day)) == day


def test_day_numbers_count_from_1970() -> None:
    assert day_number(date(1970, 1, 1)) == 0
    assert day_number(date(1969, 12, 31)) == -1
    assert day_number(date(2026, 1, 1)) == 56 * 365 + 14  # leap years 1972 to 2024


A360, A365, ACT, US, EURO = (
    DayCount.ACT_360, DayCount.ACT_365F, DayCount.ACT_ACT, DayCount.THIRTY_360, DayCount.THIRTY_E_360,
)  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "day_count", "fraction"),
    [
        # 2026-01-15 to 02-15: 31 days; 30/360: 30 days
        (date(2026, 1, 15), date(2026, 2, 15), A360, Fraction(31, 360)),
        (date(2026, 1, 15), date(2026, 2, 15), A365, Fraction(31, 365)),
        (date(2026, 1, 15), date(2026, 2, 15), ACT, Fraction(31, 365)),
        (date(2026, 1, 15), date(2026, 2, 15), US, Fraction(30, 360)),
        (date(2026, 1, 15), date(2026, 2, 15), EURO, Fraction(30, 360)),
        # the whole leap year 2028: 366 days
        (date(2028, 1, 1), date(2029, 1, 1), A360, Fraction(366, 360)),
        (date(2028, 1, 1), date(2029, 1, 1), A365, Fraction(366, 365)),
        (date(2028, 1, 1), date(2029, 1, 1), ACT, Fraction(1)),
        (date(2028, 1, 1), date(2029, 1, 1), US, Fraction(1)),
        # 2027-11-01 to 2028-05-01: 30 + 31 = 61 days of 365, 31 + 29 + 31 + 30 = 121 days of 366
        (date(2027, 11, 1), date(2028, 5, 1), ACT, Fraction(61, 365) + Fraction(121, 366)),
        (date(2027, 11, 1), date(2028, 5, 1), A360, Fraction(182, 360)),
        (date(2027, 11, 1), date(2028, 5, 1), US, Fraction(180, 360)),
        # 2026-01-31 to 03-31. US: the first 31st is the 30th, so the second one is too: 2 x 30 = 60. Euro: both are: 60
        (date(2026, 1, 31), date(2026, 3, 31), US, Fraction(60, 360)),
        (date(2026, 1, 31), date(2026, 3, 31), EURO, Fraction(60, 360)),
        # 2026-01-15 to 03-31. US: the 31st stays, since the start is no 30th: 2 x 30 + 16 = 76. Euro: 75
        (date(2026, 1, 15), date(2026, 3, 31), US, Fraction(76, 360)),
        (date(2026, 1, 15), date(2026, 3, 31), EURO, Fraction(75, 360)),
        # 2026-01-31 to 02-28: 30 + 28 - 30 = 28 in both
        (date(2026, 1, 31), date(2026, 2, 28), US, Fraction(28, 360)),
        (date(2026, 1, 31), date(2026, 2, 28), EURO, Fraction(28, 360)),
        # nothing between a day and itself, nor backwards
        (date(2026, 1, 1), date(2026, 1, 1), A360, Fraction(0)),
        (date(2026, 1, 2), date(2026, 1, 1), ACT, Fraction(0)),
    ],
)
def test_the_part_of_a_year_by_each_day_count(start: date, end: date, day_count: DayCount, fraction: Fraction) -> None:
    assert year_fraction(start, end, day_count) == fraction


@given(some_day, st.integers(0, 800), st.integers(0, 800), st.sampled_from([A360, A365, ACT]))
def test_actual_day_counts_add_up(start: date, first: int, second: int, day_count: DayCount) -> None:
    middle = start + timedelta(days=first)
    end = middle + timedelta(days=second)
    parts = year_fraction(start, middle, day_count) + year_fraction(middle, end, day_count)
    assert parts == year_fraction(start, end, day_count)
