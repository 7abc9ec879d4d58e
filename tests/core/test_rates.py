"""Rates: exact parts of 10^-12."""

from __future__ import annotations

from fractions import Fraction

import pytest

from mora.core.rates import SCALE, daily_ratio, parse_rate, times


@pytest.mark.parametrize(
    ("text", "e12"),
    [
        ("0.045", 45_000_000_000),
        ("0", 0),
        ("0.0000000001", 100),
        (" 0.24 ", 240_000_000_000),
        ("10", 10 * SCALE),
        ("0.04500000000000", 45_000_000_000),
    ],
)
def test_a_decimal_fraction_is_read_exactly(text: str, e12: int) -> None:
    assert parse_rate(text) == e12


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("4.5 %", "'4.5 %' is not a decimal fraction such as 0.045"),
        ("", "'' is not a decimal fraction such as 0.045"),
        ("-0.01", "'-0.01' is not a rate of zero or more"),
        ("NaN", "'NaN' is not a rate of zero or more"),
        ("Infinity", "'Infinity' is not a rate of zero or more"),
        ("0.00000000001", "'0.00000000001' has more than ten decimals"),
        ("10.5", "'10.5' is above 10 (1000 %); write 4.5 % as 0.045"),
    ],
)
def test_what_is_no_rate_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  the whole message is compared
        parse_rate(text)
    assert str(refused.value) == message


def test_penalty_rates_are_exact_multiples() -> None:
    # 4.2 % x 1.5 = 6.3 %; ten decimals x two decimals still fit twelve
    assert times(parse_rate("0.042"), "1.5") == parse_rate("0.063")
    assert times(parse_rate("0.0999999999"), "1.35") == 134_999_999_865


def test_a_factor_of_too_many_decimals_is_refused() -> None:
    with pytest.raises(ValueError, match="more than twelve decimals"):
        times(1, "1.5")


@pytest.mark.parametrize(
    ("rate", "basis", "ratio"),
    [
        ("0.36", 360, (1, 1000)),  # 36 % / 360 = 0.1 % a day
        ("0.18", 360, (1, 2000)),
        ("0.063", 360, (7, 40000)),  # 0.0175 % a day
        ("0.365", 365, (1, 1000)),
        ("0", 360, (0, 1)),
    ],
)
def test_a_day_of_a_yearly_rate_is_a_fraction_in_lowest_terms(rate: str, basis: int, ratio: tuple[int, int]) -> None:
    assert daily_ratio(parse_rate(rate), basis) == ratio
    assert Fraction(*ratio) == Fraction(rate) / basis
