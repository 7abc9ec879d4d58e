"""Public holidays by rule, against the lists the governments published."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mora.core.public_holidays import (
    EnglishCalendar,
    UnitedStatesCalendar,
    easter_sunday,
    english_bank_holidays,
    federal_holidays,
    last_monday,
    nth_weekday,
    observed_federal_holidays,
)

# Read off the published lists: federal holidays with their observed days, weekdays on which offices close.
FEDERAL_CLOSED = {
    2021: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
    2022: "01-17 02-21 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26",
    2026: "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
    2027: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
}
# Bank holidays of England and Wales, weekdays only.
ENGLISH_CLOSED = {
    2019: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
}
years = st.integers(1986, 2199)


def weekdays_off(calendar: UnitedStatesCalendar | EnglishCalendar, year: int) -> str:
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    return " ".join(
        day.strftime("%m-%d")
        for day in days
        if day.year == year and day.weekday() < 5 and not calendar.is_business_day(day)
    )


@pytest.mark.parametrize("year", FEDERAL_CLOSED)
def test_federal_holidays_are_the_published_ones(year: int) -> None:
    assert weekdays_off(UnitedStatesCalendar(), year) == FEDERAL_CLOSED[year]


@pytest.mark.parametrize("year", ENGLISH_CLOSED)
def test_bank_holidays_are_the_published_ones(year: int) -> None:
    assert weekdays_off(EnglishCalendar(), year) == ENGLISH_CLOSED[year]


@pytest.mark.parametrize(("year", "easter"), [(1961, "04-02"), (2000, "04-23"), (2024, "03-31"), (2026, "04-05"),
                                              (2027, "03-28"), (2038, "04-25"), (2285, "03-22")])  # fmt: skip
def test_easter(year: int, easter: str) -> None:
    assert easter_sunday(year).strftime("%m-%d") == easter  # 2038 and 2285 are the latest and earliest there are


def test_without_observed_days_only_the_day_of_the_statute_is_off() -> None:
    strict = UnitedStatesCalendar(observed=False)
    assert strict.is_business_day(date(2026, 7, 3))  # the Friday on which Saturday the 4th is kept
    assert not UnitedStatesCalendar().is_business_day(date(2026, 7, 3))
    assert not strict.is_business_day(date(2026, 11, 26))


def test_juneteenth_and_kings_day_begin_when_they_were_made() -> None:
    assert date(2020, 6, 19) not in federal_holidays(2020)
    assert date(2021, 6, 19) in federal_holidays(2021)
    assert len(federal_holidays(1985)) == len(federal_holidays(1986)) - 1
    assert not UnitedStatesCalendar().is_known(date(1985, 12, 31))


def test_years_without_a_published_list_are_unknown() -> None:
    assert EnglishCalendar().is_known(date(2027, 12, 31))
    assert not EnglishCalendar().is_known(date(2028, 1, 1))
    assert not EnglishCalendar().is_known(date(2018, 12, 31))
    assert UnitedStatesCalendar().is_known(date(2090, 1, 1))  # fixed by statute for every year


@given(years)
def test_every_holiday_that_falls_on_a_weekend_is_kept_on_one_weekday_beside_it(year: int) -> None:
    kept = observed_federal_holidays(year)
    assert all(day.weekday() in (0, 4) for day in kept)
    weekend = [d for d in federal_holidays(year) | federal_holidays(year + 1) if d.weekday() > 4]
    near = {d + timedelta(days=1 if d.weekday() == 6 else -1) for d in weekend}
    assert kept == {day for day in near if day.year == year}


@given(years)
def test_the_english_year_has_eight_weekdays_off_by_rule(year: int) -> None:
    off = [day for day in english_bank_holidays(year) if day.weekday() < 5]
    assert len(off) == {2022: 10, 2023: 9}.get(year, 8)


@given(years, st.integers(1, 12), st.integers(0, 6), st.integers(1, 4))
def test_the_nth_weekday_is_that_weekday_in_its_week(year: int, month: int, weekday: int, nth: int) -> None:
    day = nth_weekday(year, month, weekday, nth)
    assert day.weekday() == weekday
    assert day.month == month
    assert 7 * (nth - 1) < day.day <= 7 * nth


@given(years)
def test_the_last_monday_has_none_after_it(year: int) -> None:
    day = last_monday(year, 5)
    assert day.weekday() == 0
    assert (day + timedelta(days=7)).month == 6
