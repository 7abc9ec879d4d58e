"""The column reader and the plain words agree on every text: what one turns away the other can explain."""

from __future__ import annotations

from fractions import Fraction

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mora.engine.door import accept
from mora.engine.door.diagnose import reason
from mora.feeds.columns import TABLES, Column, Kind

COLUMNS = {
    Kind.ID: TABLES["loans"].column("loan_id"), Kind.TEXT: TABLES["loans"].column("branch"),
    Kind.CURRENCY: TABLES["loans"].column("currency"), Kind.AMOUNT: TABLES["loans"].column("principal"),
    Kind.RATE: TABLES["loans"].column("annual_rate"), Kind.DATE: TABLES["loans"].column("started_on"),
    Kind.INSTANT: TABLES["postings"].column("booked_at"), Kind.NUMBER: TABLES["schedule"].column("n"),
    Kind.CHOICE: TABLES["parties"].column("kind"),
}  # fmt: skip
ALPHABET = st.sampled_from("0123456789.,-+/:TZeE %'￥年 \x07\tAcnyperson")
TEXTS = st.one_of(
    st.text(ALPHABET, min_size=1, max_size=22), st.decimals(allow_nan=True).map(str), st.integers().map(str),
    st.dates().map(str), st.datetimes(timezones=st.timezones()).map(lambda d: d.isoformat()), st.text(max_size=70),
    st.from_regex(r"[0-9]{1,20}(\.[0-9]{1,14})?", fullmatch=True),
)  # fmt: skip


def read(column: Column, text: str) -> object:
    """What the door makes of one cell, nulls for what it turns away."""
    frame = pl.DataFrame({column.name: [text]}, schema={column.name: pl.String}).select(
        accept.tidy(column.name).alias(column.name)
    )
    if frame[column.name][0] is None:
        return "empty"
    value = frame.select(accept.read_text("loans", column))[column.name]
    if value.dtype == pl.Decimal:
        value = accept.whole(value)
    if value[0] is None and (again := accept.second_look(column, frame[column.name])) is not None:
        value = again
    return value[0]


@pytest.mark.parametrize("kind", list(COLUMNS))
@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
@example("2026-02-29")
@example("2024-02-29")
@example("20240229")
@example("2024/2-29")
@example("٢٠٢٦-٠١-٠٥")
@example("9000000000000000.000")
@example("9000000000000000.001")
@example("10.0000000000")
@example("10.0000000001")
@example("-0.0")
@example("1_000")
@example("1e3")
@example("2026-01-05T23:59:60Z")
@example("2026-01-05T10:00:00+08:00")
@example("2026-01-05T10:00+08")
@example("1950-01-01T00:00:00Z")
@example("0001-01-01T00:00:00Z")
def test_a_text_is_read_exactly_when_there_is_no_reason_against_it(kind: Kind, text: str) -> None:
    column = COLUMNS[kind]
    got = read(column, text)
    if got == "empty":
        return
    assert (got is None) == (reason(column, text.strip(" ")) is not None), (text, got)


@settings(max_examples=200, deadline=None)
@given(st.integers(-(9 * 10**18), 9 * 10**18))
def test_amounts_are_read_exactly(milli: int) -> None:
    text = f"{'-' if milli < 0 else ''}{abs(milli) // 1000}.{abs(milli) % 1000:03d}"
    assert read(COLUMNS[Kind.AMOUNT], text) == milli


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**11))
def test_rates_are_read_exactly(parts: int) -> None:
    text = f"{parts // 10**10}.{parts % 10**10:010d}"
    assert read(COLUMNS[Kind.RATE], text) == parts * 100 == int(Fraction(text) * 10**12)
