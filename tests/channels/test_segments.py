"""How many text messages is a text? Counts worked by hand, and what must hold of every split."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mora.channels.prices import Price, cost, pages, price_on, total_minor
from mora.channels.sms.segments import BASIC, EXTENSION, gsm7, header, segments, split_header
from mora.channels.terms import Attachment

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "segments.yaml").read_text(encoding="utf-8"))
GSM = st.text(st.sampled_from([*BASIC.replace("\x1b", ""), *EXTENSION.values()]), max_size=700)
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['text'][:8]!r}x{case['repeat']}")
def test_worked_counts(case: dict[str, object]) -> None:
    cut = segments(str(case["text"]) * int(str(case["repeat"])))
    assert (cut.alphabet, cut.units, cut.count) == (case["alphabet"], case["units"], case["segments"]), case["why"]


@settings(deadline=None)
@given(GSM)
def test_gsm_texts_come_back_whole_and_no_segment_is_too_long(text: str) -> None:
    cut = segments(text)
    assert cut.alphabet == "gsm7"
    assert "".join(gsm7(body) for body in cut.bodies) == text  # no escape was parted from its character
    assert all(len(body) <= (160 if cut.count == 1 else 153) for body in cut.bodies)
    assert all(body for body in cut.bodies) or cut.count == 1
    assert cut.left == (160 if cut.count == 1 else 153) - len(cut.bodies[-1])


@settings(deadline=None)
@given(ANY.map(lambda text: text + "好"))
def test_other_texts_come_back_whole_segment_by_segment(text: str) -> None:
    cut = segments(text)
    assert "".join(body.decode("utf-16-be") for body in cut.bodies) == text  # no pair of surrogates was parted
    assert all(len(body) <= (140 if cut.count == 1 else 134) for body in cut.bodies)


@settings(deadline=None)
@given(st.one_of(GSM, ANY))
def test_no_split_with_fewer_segments_exists(text: str) -> None:
    """The fewest possible is the units over the room, and one more for each segment that had to stay one short."""
    cut = segments(text)
    room = {"gsm7": 153, "ucs2": 67}[cut.alphabet]
    if cut.count > 1:
        assert -(-cut.units // room) <= cut.count <= -(-cut.units // (room - 1))


@settings(deadline=None)
@given(st.integers(0, 255), st.integers(1, 255), st.integers(1, 255), st.binary(max_size=134))
def test_a_header_is_read_back(reference: int, one: int, other: int, body: bytes) -> None:
    number, total = sorted((one, other))
    assert split_header(header(reference, number, total) + body) == ((reference, number, total), body)


@pytest.mark.parametrize(
    ("data", "part", "body"),
    [
        (bytes([6, 8, 4, 1, 2, 3, 1]) + b"x", (258, 1, 3), b"x"),  # a 16-bit reference
        (bytes([9, 1, 2, 0, 0, 0, 3, 7, 2, 2]) + b"x", (7, 2, 2), b"x"),  # another element before
        (bytes([5, 0, 3, 7, 2, 3]) + b"x", None, b"x"),  # the third of two
        (bytes([5, 0, 3, 7, 2, 0]) + b"x", None, b"x"),
        (b"", None, b""),
        (bytes([200]) + b"abc", None, bytes([200]) + b"abc"),  # longer than the message: no header at all
    ],
)
def test_headers_of_other_gateways(data: bytes, part: tuple[int, int, int] | None, body: bytes) -> None:
    assert split_header(data) == (part, body)


# -- what it costs --------------------------------------------------------------------------------------------------

PRICES = (
    Price(date(2026, 1, 1), Decimal("0.035")),
    Price(date(2026, 7, 1), Decimal("0.032")),
)


def test_the_price_is_that_of_the_day() -> None:
    assert price_on(PRICES, date(2025, 12, 31)) is None
    assert price_on(PRICES, date(2026, 6, 30)) == PRICES[0]
    assert price_on(PRICES, date(2026, 7, 1)) == PRICES[1]


def test_a_million_messages_are_rounded_once() -> None:
    # 1,000,000 x 0.035 yuan = 35,000 yuan = 3,500,000 fen; rounded one by one (3.5 -> 4 fen) it were 40,000 yuan
    assert total_minor([cost(PRICES[0], 1)] * 1_000) == 3_500
    assert cost(PRICES[0], 1) == Fraction(7, 2)
    assert cost(PRICES[0], 1_000_000, 0) == 3_500_000


def test_a_letter_costs_its_pages_and_its_postage() -> None:
    # 3 pages x 0.20 + postage 4.20 = 4.80 yuan
    letter = Price(date(2026, 1, 1), Decimal("0.20"), per_message=Decimal("4.20"))
    assert total_minor([cost(letter, 3)]) == 480
    assert total_minor([cost(Price(date(2026, 1, 1), Decimal(15), currency="JPY"), 2)]) == 30


def test_pages_nobody_counted_are_unknown() -> None:
    assert pages([Attachment("a.pdf", b"", pages=2), Attachment("b.pdf", b"", pages=1)]) == 3
    assert pages([Attachment("a.pdf", b"", pages=2), Attachment("b.pdf", b"")]) is None
