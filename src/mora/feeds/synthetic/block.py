"""One block of a synthetic book: 25,000 loans, made from (seed, block) alone.

1. Every loan draws product, term, rate, principal and start.
2. Loans of one product and term form a group: their schedule is a matrix, and so is how they pay.
3. The groups' schedules and postings go back into loan order.
4. Parties are made for the loans.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mora.feeds.synthetic.activity import post
from mora.feeds.synthetic.behaviour import NEVER, conduct
from mora.feeds.synthetic.catalogue import SHAPES, Character, Shape
from mora.feeds.synthetic.charges import charges
from mora.feeds.synthetic.draws import Draws
from mora.feeds.synthetic.endings import SecondVersion, restructure, write_off
from mora.feeds.synthetic.ledger import NOTES, Booked, Ledger
from mora.feeds.synthetic.people import people
from mora.feeds.synthetic.plans import MILLION, Schedule, monthly_due, plan
from mora.feeds.synthetic.text import NO_DAY, constant, dates, digits, numbered, palette, scattered, strings
from mora.loans.terms import Component, PostingKind

Ints = NDArray[np.int64]
LOANS_PER_BLOCK = 25_000
HISTORY_DAYS = 1095
"""Loans start up to three years before the as-of date."""
YOUNGEST_DAYS = 25
DAY_SECONDS = 86_400
STATUSES: list[str | None] = ["active", "settled", "restructured", "disputed", "written_off"]


@dataclass(slots=True)
class Block:
    """The tables of a block. Amounts in minor units, columns named as in the book format's Parquet form."""

    tables: dict[str, pa.Table]
    """loans, schedule, postings (booked by the as-of date), parties, roles, contact_points."""
    daily: list[pa.Table]
    """Postings booked on each day after the as-of date."""


@dataclass(slots=True)
class _Group:
    loan: Ints
    plan: Schedule
    second: SecondVersion


def make_block(seed: int, block: int, loans: int, as_of: int, days: int) -> Block:
    """Make block number ``block`` with ``loans`` loans (all but the last block have LOANS_PER_BLOCK).

    :param as_of: day number of the last day the base book knows.
    :param days: how many days after it get tables of their own.
    """
    draws = Draws(seed, block)
    number = block * LOANS_PER_BLOCK + np.arange(loans) + 1
    product = draws.choice("product", tuple(shape.weight for shape in SHAPES), loans)
    ages = draws.between("start", YOUNGEST_DAYS, HISTORY_DAYS, 2, loans)
    # Three loans in ten are the older of two: the book has passed its years of fastest growth.
    start = as_of - np.where(draws.below("start/older", 10, loans) < 3, ages.max(axis=0), ages[0])
    day_of_month = draws.between("day_of_month", 1, 31, loans)
    term, rate, principal = _terms(product, draws)

    ledger = Ledger(seed, as_of + days + 1)
    first_note = np.array([8 if shape.product == "cn_mortgage" else 0 for shape in SHAPES])[product]
    ledger.add(PostingKind.DISBURSEMENT, np.arange(loans), start, principal, hour=0, note=first_note)
    record = {
        "matures_on": np.zeros(loans, dtype=np.int64), "first_due_on": np.zeros(loans, dtype=np.int64),
        "written_off_on": np.full(loans, NEVER), "restructured_on": np.full(loans, NEVER),
        "status": np.zeros(loans, dtype=np.int64),
    }  # fmt: skip
    groups = []
    for code, shape in enumerate(SHAPES):
        for months, _ in shape.terms:
            rows = np.flatnonzero((product == code) & (term == months))
            if len(rows):
                groups.append(
                    _group(shape, rows, months, start[rows], day_of_month[rows], principal[rows], rate[rows],
                           draws, ledger, as_of, record)
                )  # fmt: skip
    loan_ids = numbered("SYN", number, 10)
    folk = people(block, product, loan_ids, record["matures_on"], draws)
    booked = ledger.booked()
    base = booked.second < (as_of + 1) * DAY_SECONDS
    tables = {
        "loans": _loans(loan_ids, folk.borrower, product, principal, rate, start, record, draws),
        "schedule": _schedule(loan_ids, groups),
        "postings": _postings(number, loan_ids, booked, np.flatnonzero(base)),
        "parties": folk.parties, "roles": folk.roles, "contact_points": folk.contact_points,
    }  # fmt: skip
    day = booked.second // DAY_SECONDS
    daily = [_postings(number, loan_ids, booked, np.flatnonzero(day == as_of + 1 + d)) for d in range(days)]
    return Block(tables, daily)


def _terms(product: Ints, draws: Draws) -> tuple[Ints, Ints, Ints]:
    """Months, yearly rate in ppm and principal of each loan; small principals are more common than large."""
    loans = len(product)
    term, rate, principal = (np.zeros(loans, dtype=np.int64) for _ in range(3))
    for code, shape in enumerate(SHAPES):
        rows = np.flatnonzero(product == code)
        months = np.array([months for months, _ in shape.terms])
        term[rows] = months[draws.choice(f"term/{code}", tuple(weight for _, weight in shape.terms), len(rows))]
        rate[rows] = np.array(shape.rates_ppm)[draws.below(f"rate/{code}", len(shape.rates_ppm), len(rows))]
        low, high, step = shape.principal
        steps = draws.below(f"principal/{code}", (high - low) // step + 1, 3, len(rows)).min(axis=0)
        principal[rows] = low + steps * step
    return term, rate, principal


class _Named(Draws):
    """A group's own drawings: the names carry product and term."""

    def __init__(self, draws: Draws, prefix: str) -> None:
        self._draws, self._prefix = draws, prefix

    def below(self, name: str, bound: int, *shape: int) -> Ints:
        return self._draws.below(f"{self._prefix}/{name}", bound, *shape)


def _group(
    shape: Shape, rows: Ints, months: int, start: Ints, day_of_month: Ints, principal: Ints, rate: Ints,
    block_draws: Draws, ledger: Ledger, as_of: int, record: dict[str, Ints],
) -> _Group:  # fmt: skip
    draws = _Named(block_draws, f"{shape.product}/{months}")
    schedule = plan(shape, principal, rate, monthly_due(start, day_of_month, months))
    done = conduct(shape, schedule, draws, as_of)
    costs = charges(shape, schedule, done, rate, draws)
    post(shape, rows, schedule, done, costs, draws, ledger)
    second = restructure(shape, rows, schedule, done, costs, rate, day_of_month, draws, ledger)
    written_off = write_off(shape, rows, schedule, done, draws, ledger, as_of)

    record["first_due_on"][rows] = schedule.due[:, 0]
    record["matures_on"][rows] = schedule.due[:, -1]
    record["matures_on"][rows[second.row]] = second.schedule.due[np.arange(len(second.row)), second.count - 1]
    record["written_off_on"][rows] = written_off
    record["restructured_on"][rows] = done.restructured_on
    status = (done.paid_on.max(axis=1) <= as_of).astype(np.int64)
    status[done.restructured_on != NEVER] = 2
    disputed = (done.character == Character.DISPUTED) & (done.pause.begin <= as_of) & (as_of < done.pause.end)
    status[disputed] = 3
    status[written_off != NEVER] = 4
    record["status"][rows] = status
    return _Group(rows, schedule, second)


def _loans(
    loan_ids: pa.Array, borrower: pa.Array, product: Ints, principal: Ints, rate: Ints, start: Ints,
    record: dict[str, Ints], draws: Draws,
) -> pa.Table:  # fmt: skip
    loans = len(product)
    own = np.array([-1 if shape.penalty_rate_ppm is None else shape.penalty_rate_ppm for shape in SHAPES])[product]
    kinds: list[str | None] = [None, "residential_property", "vehicle"]
    collateral = np.array([kinds.index(shape.collateral) for shape in SHAPES])[product]
    cover = principal // 1000 * draws.between("collateral", 1100, 2200, loans)
    branches: list[str | None] = [f"SYN-BR{n:02d}" for n in range(1, 41)]
    officers: list[str | None] = [f"SYN-OF{n:03d}" for n in range(1, 201)]
    return pa.table({
        "loan_id": loan_ids,
        "party_id": borrower,
        "product": palette(product, [shape.product for shape in SHAPES]),
        "currency": palette(product, [shape.currency for shape in SHAPES]),
        "principal_minor": pa.array(principal),
        "annual_rate_e12": pa.array(rate * MILLION),
        "penalty_rate_e12": pa.array(own * MILLION, mask=own < 0),
        "started_on": dates(start),
        "matures_on": dates(record["matures_on"]),
        "first_due_on": dates(record["first_due_on"]),
        "status": palette(record["status"], STATUSES),
        "written_off_on": _if_ever(record["written_off_on"]),
        "restructured_on": _if_ever(record["restructured_on"]),
        "collateral_kind": palette(collateral, kinds),
        "collateral_value_minor": pa.array(cover, mask=collateral == 0),
        "branch": palette(draws.below("branch", 40, loans), branches),
        "officer": palette(draws.below("officer", 200, loans), officers),
        "channel": palette(draws.choice("channel", (60, 30, 10), loans), ["app", "branch", "partner"]),
    })  # fmt: skip


def _if_ever(days: Ints) -> pa.Array:
    return dates(np.where(days == NEVER, NO_DAY, days))


def _schedule(loan_ids: pa.Array, groups: list[_Group]) -> pa.Table:
    """All versions of all loans, in order of loan, version and instalment."""
    loans = len(loan_ids)
    firsts, seconds = np.zeros(loans, dtype=np.int64), np.zeros(loans, dtype=np.int64)
    for group in groups:
        firsts[group.loan] = group.plan.due.shape[1]
        seconds[group.loan[group.second.row]] = group.second.count
    counts = firsts + seconds
    begin = np.cumsum(counts) - counts
    size = int(counts.sum())
    names = ("n", "due", "principal", "interest", "fee", "version", "effective")
    out = {name: np.zeros(size, dtype=np.int64) for name in names}
    out["version"][:] = 1
    out["effective"][:] = NO_DAY
    for group in groups:
        plan, second = group.plan, group.second
        months = plan.due.shape[1]
        at = begin[group.loan][:, None] + np.arange(months)
        for name, values in (("due", plan.due), ("principal", plan.principal), ("interest", plan.interest),
                             ("fee", plan.fee), ("n", np.broadcast_to(np.arange(1, months + 1), at.shape))):  # fmt: skip
            out[name][at] = values
        width = second.schedule.due.shape[1]
        column = np.arange(width)[None, :]
        real = column < second.count[:, None]
        at = (begin[group.loan[second.row]][:, None] + months + column)[real]
        for name, values in (("due", second.schedule.due), ("principal", second.schedule.principal),
                             ("interest", second.schedule.interest), ("n", second.first_n[:, None] + column)):  # fmt: skip
            out[name][at] = values[real]
        out["version"][at] = 2
        out["effective"][at] = np.broadcast_to(second.effective_on[:, None], real.shape)[real]
    rows = pa.array(np.repeat(np.arange(loans, dtype=np.int32), counts))
    return pa.table({
        "loan_id": pa.DictionaryArray.from_arrays(rows, loan_ids),
        "n": pa.array(out["n"].astype(np.int32)),
        "due_on": dates(out["due"]),
        "principal_minor": pa.array(out["principal"]),
        "interest_minor": pa.array(out["interest"]),
        "fee_minor": pa.array(out["fee"]),
        "version": pa.array(out["version"].astype(np.int32)),
        "effective_on": dates(out["effective"]),
    })  # fmt: skip


def _postings(number: Ints, loan_ids: pa.Array, booked: Booked, rows: Ints) -> pa.Table:
    loan = booked.loan[rows]
    back = np.flatnonzero(booked.reverses[rows] > 0)
    target = _posting_ids(number[loan[back]], booked.reverses[rows][back])
    n = booked.instalment_n[rows]
    return pa.table({
        "loan_id": pa.DictionaryArray.from_arrays(pa.array(loan.astype(np.int32)), loan_ids),
        "posting_id": _posting_ids(number[loan], booked.serial[rows]),
        "value_on": dates(booked.value_on[rows]),
        "kind": palette(booked.kind[rows], [None, *(kind.name.lower() for kind in PostingKind)]),
        "amount_minor": pa.array(booked.amount[rows]),
        "booked_at": pa.array(booked.second[rows] * 10**6).cast(pa.timestamp("us", tz="UTC")),
        "component": palette(booked.component[rows], [None, *(part.name.lower() for part in Component)]),
        "reverses": scattered(target, back, len(rows)),
        "instalment_n": pa.array(n.astype(np.int32), mask=n < 0),
        "note": palette(booked.note[rows], NOTES),
    })  # fmt: skip


def _posting_ids(number: Ints, serial: Ints) -> pa.Array:
    rows = len(number)
    return strings(constant("SYN", rows), digits(number, 10), constant("-", rows), digits(serial, 4))
