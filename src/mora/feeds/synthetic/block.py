"""One block of a synthetic book: 12,500 loans, made from (seed, block) alone.

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
from mora.feeds.synthetic.behaviour import NEVER, Conduct, conduct
from mora.feeds.synthetic.catalogue import SHAPES, Character, Shape
from mora.feeds.synthetic.charges import charges
from mora.feeds.synthetic.draws import Draws
from mora.feeds.synthetic.endings import restructure, write_off
from mora.feeds.synthetic.group import Group
from mora.feeds.synthetic.ledger import BOUGHT_IN, DAY_SECONDS, Ledger
from mora.feeds.synthetic.people import people
from mora.feeds.synthetic.plans import monthly_due, plan
from mora.feeds.synthetic.tables import STATUSES, Loans, Plans, loans_table, postings_table, schedule_table
from mora.feeds.synthetic.text import numbered
from mora.loans.terms import PostingKind

Ints = NDArray[np.int64]
LOANS_PER_BLOCK = 12_500
HISTORY_DAYS = 1095
"""Loans start up to three years before the as-of date."""
YOUNGEST_DAYS = 25


@dataclass(slots=True)
class Block:
    """The tables of a block. Amounts in minor units, columns named as in the book format's typed form."""

    tables: dict[str, pa.Table]
    """loans, schedule, postings (booked by the as-of date), parties, roles, contact_points."""
    daily: list[pa.Table]
    """Postings booked on each day after the as-of date."""


def make_block(seed: int, block: int, loans: int, as_of: int, days: int) -> Block:
    """Make block number ``block`` with ``loans`` loans (all but the last block have LOANS_PER_BLOCK).

    :param as_of: day number of the last day the base book knows.
    :param days: how many days after it get tables of their own.
    """
    draws = Draws(seed, block)
    number = block * LOANS_PER_BLOCK + np.arange(loans) + 1
    book = _drawn(draws, loans, as_of)
    ledger = Ledger(seed, as_of + days + 1)
    bought = np.array([BOUGHT_IN if shape.bought_in else 0 for shape in SHAPES])[book.product]
    ledger.add(PostingKind.DISBURSEMENT, np.arange(loans), book.start, book.principal, hour=0, note=bought)
    plans = []
    for code, shape in enumerate(SHAPES):
        for months, _ in shape.terms:
            rows = np.flatnonzero((book.product == code) & (book.months == months))
            if len(rows):
                plans.append(_live(shape, book, rows, chance=draws, ledger=ledger, as_of=as_of))

    ids = numbered("SYN", number, 10)
    folk = people(block, book.product, ids, book.matures_on, draws)
    booked = ledger.booked()
    day = booked.second // DAY_SECONDS
    tables = {
        "loans": loans_table(ids, folk.borrower, book, draws),
        "schedule": schedule_table(ids, plans),
        "postings": postings_table(number, ids, booked, np.flatnonzero(day <= as_of)),
        "parties": folk.parties, "roles": folk.roles, "contact_points": folk.contact_points,
    }  # fmt: skip
    later = range(as_of + 1, as_of + 1 + days)
    return Block(tables, [postings_table(number, ids, booked, np.flatnonzero(day == d)) for d in later])


def _drawn(draws: Draws, loans: int, as_of: int) -> Loans:
    """Product, months, yearly rate, principal and dates of each loan; small principals are more common than large."""
    product = draws.choice("product", tuple(shape.weight for shape in SHAPES), loans)
    ages = draws.between("start", YOUNGEST_DAYS, HISTORY_DAYS, 2, loans)
    # Three loans in ten are the older of two: the book has passed its years of fastest growth.
    start = as_of - np.where(draws.below("start/older", 10, loans) < 3, ages.max(axis=0), ages[0])
    months, rate, principal, nothing = (np.zeros(loans, dtype=np.int64) for _ in range(4))
    for code, shape in enumerate(SHAPES):
        rows = np.flatnonzero(product == code)
        terms = np.array([term for term, _ in shape.terms])
        months[rows] = terms[draws.choice(f"term/{code}", tuple(weight for _, weight in shape.terms), len(rows))]
        rate[rows] = np.array(shape.rates_ppm)[draws.below(f"rate/{code}", len(shape.rates_ppm), len(rows))]
        low, high, step = shape.principal
        steps = draws.below(f"principal/{code}", (high - low) // step + 1, 3, len(rows)).min(axis=0)
        principal[rows] = low + steps * step
    return Loans(
        product, months, rate, principal, start, draws.between("day_of_month", 1, 31, loans),
        first_due_on=nothing.copy(), matures_on=nothing.copy(), written_off_on=nothing + NEVER,
        restructured_on=nothing + NEVER, status=nothing.copy(),
    )  # fmt: skip


def _live(shape: Shape, book: Loans, rows: Ints, *, chance: Draws, ledger: Ledger, as_of: int) -> Plans:
    """Let a group of loans live; notes in ``book`` what became of them."""
    months = int(book.months[rows[0]])
    draws = chance.under(f"{shape.product}/{months}")
    day_of_month, rate = book.day_of_month[rows], book.rate_ppm[rows]
    schedule = plan(shape, book.principal[rows], rate, monthly_due(book.start[rows], day_of_month, months))
    done = conduct(shape, schedule, draws, as_of)
    costs = charges(shape, schedule, done, rate, draws)
    group = Group(shape, rows, rate, day_of_month, schedule, done, costs, draws, ledger)
    post(group)
    second = restructure(group)
    written_off = write_off(group, as_of)

    book.first_due_on[rows] = schedule.due[:, 0]
    book.matures_on[rows] = schedule.due[:, -1]
    book.matures_on[rows[second.row]] = second.schedule.due[np.arange(len(second.row)), second.count - 1]
    book.written_off_on[rows] = written_off
    book.restructured_on[rows] = done.restructured_on
    book.status[rows] = _status(done, written_off, as_of)
    return Plans(rows, schedule, second)


def _status(done: Conduct, written_off: Ints, as_of: int) -> Ints:
    """What the lender's own system would say; a fact for strategy, never used for lateness."""
    status = np.full(len(written_off), STATUSES.index("active"))
    status[done.paid_on.max(axis=1) <= as_of] = STATUSES.index("settled")
    status[done.restructured_on != NEVER] = STATUSES.index("restructured")
    questioned = (done.pause.begin <= as_of) & (as_of < done.pause.end)
    status[(done.character == Character.DISPUTED) & questioned] = STATUSES.index("disputed")
    status[written_off != NEVER] = STATUSES.index("written_off")
    return status
