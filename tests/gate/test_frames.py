"""The door of the bulk gate: what comes in another order or form means the same, and what cannot be read is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.asks import attempt, request
from gate.random_requests import ZONES, random_requests
from mora.core.errors import BadInput
from mora.gate import columns
from mora.gate.clock import EPOCH, ZoneSets, changes
from mora.gate.flatten import flatten
from mora.gate.frames import Frames, Items, ask_all, rules_of

ITEMS = Items.of("prudent")
MANY = flatten(random_requests(99, 400))


def _same(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    return one.equals(other, null_equal=True)


def test_history_in_any_order_gives_the_same_verdicts() -> None:
    assert MANY.history is not None
    shuffled = (
        MANY.history.with_row_index("row").sample(fraction=1, shuffle=True, seed=5).sort("at", maintain_order=True)
    )
    # attempts at one instant count in the order of their rows, which is therefore kept
    by_time = shuffled.sort("at", "row").drop("row")
    by_party = by_time.sort("party", "at", maintain_order=True)
    plain = ask_all(MANY, ITEMS, counters=True)
    for history in (by_time, by_party):
        assert _same(ask_all(Frames(MANY.candidates, MANY.claims, history, MANY.holds, MANY.permissions), ITEMS,
                             counters=True), plain)  # fmt: skip


def test_threads_and_pieces_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = ask_all(MANY, ITEMS, threads=1)
    monkeypatch.setattr("mora.gate.frames._PIECE", 37)
    assert _same(ask_all(MANY, ITEMS, threads=3), plain)


def test_columns_may_be_left_out_where_nothing_is_known() -> None:
    frames = flatten([request()])
    few = frames.candidates.select(
        name for name in frames.candidates.columns if frames.candidates[name].null_count() == 0
    )
    claims = frames.claims.select("claim", "products", *columns.OWED)
    assert _same(ask_all(Frames(few, claims), ITEMS), ask_all(frames, ITEMS))


def test_texts_may_come_as_an_enum() -> None:
    frames = flatten([request(), request(places=["us-ny-nyc"])])
    enums = frames.candidates.with_columns(pl.col("places").cast(pl.Enum(["cn", "us-ny-nyc", "uk"])))
    assert _same(ask_all(Frames(enums, frames.claims), ITEMS), ask_all(Frames(frames.candidates, frames.claims), ITEMS))


def test_a_hold_on_a_claim_is_laid_on_everybody_asked_about_it() -> None:
    debtor, guarantor, other = (
        request(party={"id": who, "role": "debtor"}, claims=[request_claim(claim)])
        for who, claim in (("lin", "card-1"), ("wang", "card-1"), ("zhao", "card-2"))
    )
    frames = flatten([debtor, guarantor, other])
    number = frames.claims["claim"][0]
    holds = pl.DataFrame(
        {"kind": ["dispute"], "since": [datetime(2026, 1, 1, tzinfo=UTC)], "claims": [[number]]},
        schema=dict(columns.HOLDS) | {"claims": columns.IDS},
    )
    said = rules_of(ask_all(Frames(frames.candidates, frames.claims, holds=holds), ITEMS)["refused"], ITEMS)
    assert said == [("house.prudent.holds",), ("house.prudent.holds",), ()]


def test_each_candidate_is_judged_by_what_had_happened_at_its_own_instant() -> None:
    calls = [attempt(f"2026-03-02T{hour}:00:00+08:00") for hour in ("09", "11", "13")]
    asked = [request(at=f"2026-03-02T{clock}+08:00", history=calls) for clock in ("12:59:59", "13:00:00")]
    frames = flatten(asked)
    one_person = frames.candidates.with_columns(party=pl.lit(0, pl.Int32))
    assert frames.history is not None
    history = frames.history.with_columns(party=pl.lit(0, pl.Int32)).unique().sort("at")
    verdicts = ask_all(Frames(one_person, frames.claims, history), ITEMS, counters=True)
    assert verdicts["effective_calls"].to_list() == [2, 3]
    assert verdicts["outcome"].to_list() == ["allowed", "refused"]
    assert verdicts["earliest_at"][1] == datetime(2026, 3, 3, tzinfo=UTC), "08:00 in Beijing"


def request_claim(id_: str) -> dict[str, Any]:
    owed = {"identity_matched": True, "balance_reconciled": True, "owned_by_lender": True}
    return {"id": id_, "products": ["card"], "owed": owed}


FRAMES = flatten([request()])
BROKEN = {
    "a column is missing": (FRAMES.candidates.drop("at"), FRAMES.claims, "candidates lacks the column at"),
    "a column is of another type": (
        FRAMES.candidates.with_columns(pl.col("party").cast(pl.Int64)), FRAMES.claims, "candidates.party is Int64",
    ),
    "a column is not known": (
        FRAMES.candidates.with_columns(colour=pl.lit("red")), FRAMES.claims, "does not read: colour",
    ),
    "a null where every row needs a value": (
        FRAMES.candidates.with_columns(actor=pl.lit(None, pl.Int32)), FRAMES.claims, "candidates.actor holds nulls",
    ),
    "a place is not known": (
        FRAMES.candidates.with_columns(places=pl.lit("cn us-mx")), FRAMES.claims, "'us-mx' is not a place",
    ),
    "a zone is not known": (
        FRAMES.candidates.with_columns(zones=pl.lit("Asia/Peking")), FRAMES.claims, "'Asia/Peking' is not a time zone",
    ),
    "a kind of debt is not known": (
        FRAMES.candidates, FRAMES.claims.with_columns(products=pl.lit("cards")), "'cards' names no kind of debt",
    ),
    "claims are missing": (FRAMES.candidates, FRAMES.claims.head(0), "do not match 0 rows of claims"),
    "an id is below zero": (
        FRAMES.candidates.with_columns(party=pl.lit(-4, pl.Int32)), FRAMES.claims, "-4 is below zero",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", BROKEN)
def test_what_cannot_be_read_is_refused(fault: str) -> None:
    candidates, claims, said = BROKEN[fault]
    with pytest.raises(BadInput, match=said):
        ask_all(Frames(candidates, claims), ITEMS)


def test_a_hold_names_somebody_or_something() -> None:
    schema = dict(columns.HOLDS) | {"party": columns.ID}
    holds = pl.DataFrame(
        {"kind": ["death"], "since": [datetime(2026, 1, 1, tzinfo=UTC)], "party": [None]}, schema=schema
    )
    with pytest.raises(BadInput, match="neither a party nor claims"):
        ask_all(Frames(FRAMES.candidates, FRAMES.claims, holds=holds), ITEMS)


@given(st.sampled_from(ZONES), st.integers(0, 4 * 366 * 86400))
def test_tables_of_clock_changes_are_the_zone_database(name: str, second: int) -> None:
    at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    micros = (at - EPOCH) // timedelta(microseconds=1)
    offset = next(by for since, by in reversed(changes(name, 2022, 2030)) if since <= micros)
    assert timedelta(microseconds=offset) == at.astimezone(ZoneInfo(name)).utcoffset()


def test_changes_stand_to_the_second() -> None:
    new_york = changes("America/New_York", 2026, 2026)
    spring = (datetime(2026, 3, 8, 7, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
    assert new_york[1] == (spring, -4 * 3600 * 1_000_000)


def test_sets_of_zones_begin_with_the_jurisdictions_own() -> None:
    names = ("Asia/Shanghai", "America/New_York", "Europe/London", "Europe/Brussels")
    sets = ZoneSets()
    assert [sets.number((name,)) for name in names] == [0, 1, 2, 3]


def test_rules_are_told_once_though_a_lenders_rule_has_several_versions() -> None:
    assert len(set(ITEMS.ids)) == len(ITEMS.ids)
    assert rules_of(pl.Series([0, 1, 1 << (len(ITEMS.ids) - 1)], dtype=pl.UInt64), ITEMS) == [
        (), (ITEMS.ids[0],), (ITEMS.ids[-1],),
    ]  # fmt: skip
