"""The loans, schedule and postings tables of a block, in loan order, named as in the book format's typed form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mora.feeds.synthetic.behaviour import NEVER
from mora.feeds.synthetic.catalogue import SHAPES
from mora.feeds.synthetic.draws import Draws
from mora.feeds.synthetic.endings import SecondVersion
from mora.feeds.synthetic.ledger import NOTES, Booked
from mora.feeds.synthetic.plans import MILLION, Schedule
from mora.feeds.synthetic.text import NO_DAY, constant, dates, digits, palette, scattered, strings
from mora.loans.terms import Component, PostingKind

Ints = NDArray[np.int64]
STATUSES: list[str | None] = ["active", "settled", "restructured", "disputed", "written_off"]
_BRANCHES: list[str | None] = [f"SYN-BR{n:02d}" for n in range(1, 41)]
_OFFICERS: list[str | None] = [f"SYN-OF{n:03d}" for n in range(1, 201)]
_COLLATERAL: list[str | None] = [None, "residential_property", "vehicle"]
_POSTING_KINDS: list[str | None] = [None, *(kind.name.lower() for kind in PostingKind)]
_COMPONENTS: list[str | None] = [None, *(component.name.lower() for component in Component)]


@dataclass(slots=True)
class Loans:
    """What was drawn for each loan of a block, and what became of it."""

    product: Ints
    """Position in SHAPES."""
    months: Ints
    rate_ppm: Ints
    principal: Ints
    start: Ints
    day_of_month: Ints
    first_due_on: Ints
    matures_on: Ints
    written_off_on: Ints
    restructured_on: Ints
    status: Ints


@dataclass(frozen=True, slots=True)
class Plans:
    """All schedules of a group."""

    loan: Ints
    first: Schedule
    second: SecondVersion


def loans_table(ids: pa.Array, borrower: pa.Array, loans: Loans, draws: Draws) -> pa.Table:
    """One row a loan."""
    count = len(ids)
    own = np.array([-1 if shape.penalty_rate_ppm is None else shape.penalty_rate_ppm for shape in SHAPES])[
        loans.product
    ]
    collateral = np.array([_COLLATERAL.index(shape.collateral) for shape in SHAPES])[loans.product]
    cover = loans.principal // 1000 * draws.between("collateral", 1100, 2200, count)
    return pa.table({
        "loan_id": ids,
        "party_id": borrower,
        "product": palette(loans.product, [shape.product for shape in SHAPES]),
        "currency": palette(loans.product, [shape.currency for shape in SHAPES]),
        "principal_minor": pa.array(loans.principal),
        "annual_rate_e12": pa.array(loans.rate_ppm * MILLION),
        "penalty_rate_e12": pa.array(own * MILLION, mask=own < 0),
        "started_on": dates(loans.start),
        "matures_on": dates(loans.matures_on),
        "first_due_on": dates(loans.first_due_on),
        "status": palette(loans.status, STATUSES),
        "written_off_on": _if_ever(loans.written_off_on),
        "restructured_on": _if_ever(loans.restructured_on),
        "collateral_kind": palette(collateral, _COLLATERAL),
        "collateral_value_minor": pa.array(cover, mask=collateral == 0),
        "branch": palette(draws.below("branch", len(_BRANCHES), count), _BRANCHES),
        "officer": palette(draws.below("officer", len(_OFFICERS), count), _OFFICERS),
        "channel": palette(draws.choice("channel", (60, 30, 10), count), ["app", "branch", "partner"]),
    })  # fmt: skip


def _if_ever(days: Ints) -> pa.Array:
    return dates(np.where(days == NEVER, NO_DAY, days))


def schedule_table(ids: pa.Array, groups: list[Plans]) -> pa.Table:
    """All versions of all loans, in order of loan, version and instalment."""
    loans = len(ids)
    firsts, seconds = np.zeros(loans, dtype=np.int64), np.zeros(loans, dtype=np.int64)
    for group in groups:
        firsts[group.loan] = group.first.due.shape[1]
        seconds[group.loan[group.second.row]] = group.second.count
    counts = firsts + seconds
    begin = np.cumsum(counts) - counts
    size = int(counts.sum())
    out = {name: np.zeros(size, dtype=np.int64) for name in ("n", "due", "principal", "interest", "fee")}
    out["version"] = np.ones(size, dtype=np.int64)
    out["effective"] = np.full(size, NO_DAY, dtype=np.int64)
    for group in groups:
        _place_first(out, begin[group.loan], group.first)
        _place_second(out, (begin + firsts)[group.loan[group.second.row]], group.second)
    loan = pa.array(np.repeat(np.arange(loans, dtype=np.int32), counts))
    return pa.table({
        "loan_id": pa.DictionaryArray.from_arrays(loan, ids),
        "n": pa.array(out["n"].astype(np.int32)),
        "due_on": dates(out["due"]),
        "principal_minor": pa.array(out["principal"]),
        "interest_minor": pa.array(out["interest"]),
        "fee_minor": pa.array(out["fee"]),
        "version": pa.array(out["version"].astype(np.int32)),
        "effective_on": dates(out["effective"]),
    })  # fmt: skip


def _place_first(out: dict[str, Ints], begin: Ints, plan: Schedule) -> None:
    column = np.arange(plan.due.shape[1])
    at = begin[:, None] + column
    out["n"][at] = column + 1
    out["due"][at] = plan.due
    out["principal"][at] = plan.principal
    out["interest"][at] = plan.interest
    out["fee"][at] = plan.fee


def _place_second(out: dict[str, Ints], begin: Ints, second: SecondVersion) -> None:
    column = np.arange(second.schedule.due.shape[1])[None, :]
    real = column < second.count[:, None]
    at = (begin[:, None] + column)[real]
    out["n"][at] = (second.first_n[:, None] + column)[real]
    out["due"][at] = second.schedule.due[real]
    out["principal"][at] = second.schedule.principal[real]
    out["interest"][at] = second.schedule.interest[real]
    out["version"][at] = 2
    out["effective"][at] = np.broadcast_to(second.effective_on[:, None], real.shape)[real]


def postings_table(number: Ints, ids: pa.Array, booked: Booked, rows: Ints) -> pa.Table:
    """Some of the block's postings, in order of loan and booking.

    :param number: number in the book of each loan of the block.
    :param rows: which.
    """
    loan = booked.loan[rows]
    back = np.flatnonzero(booked.reverses[rows] > 0)
    target = _posting_ids(number[loan[back]], booked.reverses[rows][back])
    n = booked.instalment_n[rows]
    return pa.table({
        "loan_id": pa.DictionaryArray.from_arrays(pa.array(loan.astype(np.int32)), ids),
        "posting_id": _posting_ids(number[loan], booked.serial[rows]),
        "value_on": dates(booked.value_on[rows]),
        "kind": palette(booked.kind[rows], _POSTING_KINDS),
        "amount_minor": pa.array(booked.amount[rows]),
        "booked_at": pa.array(booked.second[rows] * 10**6).cast(pa.timestamp("us", tz="UTC")),
        "component": palette(booked.component[rows], _COMPONENTS),
        "reverses": scattered(target, back, len(rows)),
        "instalment_n": pa.array(n.astype(np.int32), mask=n < 0),
        "note": palette(booked.note[rows], NOTES),
    })  # fmt: skip


def _posting_ids(number: Ints, serial: Ints) -> pa.Array:
    rows = len(number)
    return strings(constant("SYN", rows), digits(number, 10), constant("-", rows), digits(serial, 4))
