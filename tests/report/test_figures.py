"""How figures are written."""

from __future__ import annotations

from fractions import Fraction

import pytest

from mora.core.words import Language
from mora.report import charts, figures


@pytest.mark.parametrize(
    ("minor", "zh", "en"),
    [
        (0, "0.00", "0.00"),
        (99_950, "999.50", "999.50"),
        (999_999, "9,999.99", "10.00 k"),
        (999_999_999_999, "100.00 亿", "10.00 bn"),
        (9_999_999_999, "1.00 亿", "100.00 m"),
        (123_456_789_012, "12.35 亿", "1.23 bn"),
        (-7_117_984_4, "−71.18 万", "−711.80 k"),
        (10**17, "1,000.00 万亿", "1,000.00 tn"),
    ],
)
def test_short_amounts_are_rounded_half_up_with_their_unit(minor: int, zh: str, en: str) -> None:
    assert figures.short(minor, "CNY", Language.ZH).replace("\u2009", " ") == zh
    assert figures.short(minor, "CNY", Language.EN).replace("\u2009", " ") == en


def test_short_amounts_follow_the_currency() -> None:
    assert figures.short(123_456, "JPY", Language.EN).replace("\u2009", " ") == "123.46 k"
    assert figures.short(123_456, "KWD", Language.EN) == "123.456"


def test_shares_are_exact_and_never_hide_something_as_nothing() -> None:
    assert figures.percent(Fraction(1, 3)) == "33.33%"
    assert figures.percent(Fraction(5, 100_000)) == "0.01%"
    assert figures.percent(Fraction(1, 10**6)) == "<0.01%"
    assert figures.percent(Fraction(0)) == "0.00%"
    assert figures.percent(None) == "–"
    assert figures.percent(Fraction(300)) == "30,000.00%"


def test_changes_carry_their_sign() -> None:
    assert figures.points(Fraction(2, 100), Fraction(1, 100)) == "+1.00"
    assert figures.points(Fraction(1, 100), Fraction(2, 100)) == "−1.00"
    assert figures.points(Fraction(1, 100), Fraction(1, 100)) is None
    assert figures.points(None, Fraction(1)) is None
    assert (figures.signed(150, "CNY"), figures.signed(-150, "CNY"), figures.signed(0, "CNY")) == (
        "+1.50",
        "−1.50",
        "0.00",
    )


def test_buckets_name_the_days_they_hold() -> None:
    assert [figures.bucket_days(name) for name in ("M0", "M1", "M6", "M7+")] == ["0", "1–30", "151–180", "181+"]


def test_a_bar_is_as_long_as_its_share_and_never_invisible() -> None:
    assert 'width="50.00%"' in charts.bar(1, 2, 3)
    assert 'class="s3"' in charts.bar(1, 2, 3)
    assert 'width="0.50%"' in charts.bar(1, 10**9, 1)
    assert charts.bar(0, 5, 1) == charts.bar(0, 0, 1) == ""


def test_signed_bars_leave_the_middle_in_both_directions() -> None:
    assert 'x="50.00%" width="50.00%"' in charts.signed_bar(7, 7, "worse")
    assert 'x="25.00%" width="25.00%"' in charts.signed_bar(-1, 2, "better")
    assert "<rect" not in charts.signed_bar(0, 2, "still")


def test_a_strip_is_full_and_skips_what_is_empty() -> None:
    assert charts.strip([(3, 0), (0, 1), (1, 4)]).count("<rect") == 2
    assert 'x="75.00%" width="25.00%"' in charts.strip([(3, 0), (0, 1), (1, 4)])
    assert charts.strip([(0, 0)]) == ""


def test_heat_steps_tell_a_trickle_from_a_flood() -> None:
    assert [charts.heat(part, 100) for part in (0, 1, 2, 10, 25, 50, 100)] == [0, 1, 2, 3, 4, 5, 5]
