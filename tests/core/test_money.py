"""Money: whole minor units, exact sharing, named roundings."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mora.core.money import Rounding, exponent, format_minor, parse_minor, round_fraction, round_ratio, split

HALF_UP, HALF_EVEN, DOWN, UP = Rounding.HALF_UP, Rounding.HALF_EVEN, Rounding.DOWN, Rounding.UP


@pytest.mark.parametrize(
    ("numerator", "denominator", "half_up", "half_even", "down", "up"),
    [
        (1, 2, 1, 0, 0, 1),  # 0.5
        (3, 2, 2, 2, 1, 2),  # 1.5
        (5, 2, 3, 2, 2, 3),  # 2.5
        (1, 3, 0, 0, 0, 1),  # 0.333
        (2, 3, 1, 1, 0, 1),  # 0.667
        (7, 7, 1, 1, 1, 1),  # exactly 1
        (0, 9, 0, 0, 0, 0),
        (-1, 2, -1, 0, 0, -1),  # away from zero, to even, towards zero, away from zero
        (-3, 2, -2, -2, -1, -2),
        (-5, 2, -3, -2, -2, -3),
        (10**30 + 1, 2 * 10**30, 1, 1, 0, 1),  # a hair above a half, far beyond floats
        (10**30 - 1, 2 * 10**30, 0, 0, 0, 1),
    ],
)
def test_each_rounding_does_what_its_name_says(
    numerator: int, denominator: int, half_up: int, half_even: int, down: int, up: int
) -> None:
    made = [round_ratio(numerator, denominator, rounding) for rounding in (HALF_UP, HALF_EVEN, DOWN, UP)]
    assert made == [half_up, half_even, down, up]
    assert [round_fraction(Fraction(numerator, denominator), r) for r in (HALF_UP, HALF_EVEN, DOWN, UP)] == made


@pytest.mark.parametrize("denominator", [0, -3])
def test_nothing_is_divided_by_zero_or_less(denominator: int) -> None:
    with pytest.raises(ValueError, match="denominator must be positive"):
        round_ratio(1, denominator)


@given(st.integers(-(10**40), 10**40), st.integers(1, 10**40), st.sampled_from(Rounding))
def test_rounding_is_never_a_whole_unit_off(numerator: int, denominator: int, rounding: Rounding) -> None:
    exact = Fraction(numerator, denominator)
    off = round_ratio(numerator, denominator, rounding) - exact
    assert abs(off) < 1
    if rounding in (HALF_UP, HALF_EVEN):
        assert abs(off) <= Fraction(1, 2)
    if exact.denominator == 1:
        assert off == 0


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [33, 34, 33]),  # prefixes 33.33 -> 33, 66.67 -> 67, 100
        (1, [1, 1], [1, 0]),  # prefix 0.5 -> 1
        (10, [0, 1, 0], [0, 10, 0]),
        (0, [3, 4], [0, 0]),
        (-100, [1, 1, 1], [-33, -34, -33]),
        (10000, [1], [10000]),
        (7, [2, 3, 5], [1, 3, 3]),  # prefixes 1.4 -> 1, 3.5 -> 4, 7
    ],
)
def test_parts_sum_to_the_whole(total: int, weights: list[int], parts: list[int]) -> None:
    assert split(total, weights) == parts


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [2, -1]])
def test_weights_that_cannot_share_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights must not be negative nor all zero"):
        split(100, weights)


@given(st.integers(-(10**18), 10**18), st.lists(st.integers(0, 10**18), min_size=1).filter(any))
def test_no_part_is_more_than_a_unit_from_its_share(total: int, weights: list[int]) -> None:
    parts = split(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    assert all(abs(part - Fraction(total * each, whole)) <= 1 for part, each in zip(parts, weights, strict=True))
    assert all(part == 0 for part, each in zip(parts, weights, strict=True) if each == 0)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.34", "CNY", 1234),
        ("12", "CNY", 1200),
        ("12.3", "CNY", 1230),
        ("-0.01", "CNY", -1),
        ("+5", "CNY", 500),
        (".5", "CNY", 50),
        ("5.", "CNY", 500),
        (" 7.00 ", "CNY", 700),
        ("12.3400", "CNY", 1234),
        ("12.340", "KWD", 12340),
        ("1200", "JPY", 1200),
        ("1200.0", "JPY", 1200),
        ("10000000000000.00", "CNY", 10**15),
        ("１２", "CNY", 1200),  # full-width, as Chinese keyboards write digits
    ],
)
def test_a_plain_decimal_is_read_exactly(text: str, currency: str, minor: int) -> None:
    assert parse_minor(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency", "message"),
    [
        ("12.345", "CNY", "'12.345' has more than 2 decimals, which CNY has not"),
        ("0.5", "JPY", "'0.5' has more than 0 decimals, which JPY has not"),
        ("1,200.00", "CNY", "'1,200.00' is not a plain decimal such as 1234.50"),
        ("1e3", "CNY", "'1e3' is not a plain decimal such as 1234.50"),
        ("", "CNY", "'' is not a plain decimal such as 1234.50"),
        ("NaN", "CNY", "'NaN' is not a plain decimal such as 1234.50"),
        ("12", "cny", "currency 'cny' is not three capital letters such as CNY"),
    ],
)
def test_anything_else_is_refused_with_what_would_be_accepted(text: str, currency: str, message: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  the whole message is compared
        parse_minor(text, currency)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("minor", "currency", "thousands", "text"),
    [
        (1234567, "CNY", True, "12,345.67"),
        (1234567, "CNY", False, "12345.67"),
        (-5, "CNY", True, "-0.05"),
        (0, "CNY", True, "0.00"),
        (1234567, "JPY", True, "1,234,567"),
        (1234567, "KWD", True, "1,234.567"),
        (-1234567, "KWD", False, "-1234.567"),
    ],
)
def test_minor_units_are_shown_as_major_ones(minor: int, currency: str, thousands: bool, text: str) -> None:
    assert format_minor(minor, currency, thousands=thousands) == text


@given(st.integers(-(10**18), 10**18), st.sampled_from(["CNY", "JPY", "KWD"]))
def test_what_is_shown_reads_back(minor: int, currency: str) -> None:
    assert parse_minor(format_minor(minor, currency, thousands=False), currency) == minor


def test_exponents_follow_iso_4217() -> None:
    assert [exponent(currency) for currency in ("CNY", "EUR", "JPY", "KWD", "VND")] == [2, 2, 0, 3, 0]
