"""Random loans and their tables, for holding the kernel to the plain rules."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pyarrow as pa

from mora.ageing.columns import FLAG_REVERSAL, FLAG_SPECIAL, FLAG_VERSIONS
from mora.core.dates import add_months
from mora.core.money import Rounding
from mora.core.rates import SCALE
from mora.loans.replay import effective_order
from mora.loans.terms import (
    REVERSIBLE,
    STANDARD_ORDER,
    Component,
    DaysRule,
    DueState,
    EarlyMoney,
    FeeStyle,
    GraceStyle,
    Instalment,
    LatenessTerms,
    Loan,
    Materiality,
    PauseBoundary,
    PayoffStyle,
    PenaltyBase,
    PenaltyTerms,
    PenaltyUnit,
    Posting,
    PostingKind,
    Product,
    RescheduleStyle,
    ReversalStyle,
    Step,
    Switch,
    SwitchMeasured,
    WriteOffStyle,
    by_component,
    by_instalment,
)


def random_steps(rng: random.Random) -> tuple[Step, ...]:
    order = list(STANDARD_ORDER)
    rng.shuffle(order)
    if rng.random() < 0.4:
        return by_instalment(tuple(order))
    if rng.random() < 0.5:
        return by_component(tuple(order))
    pairs = [(state, component) for state in DueState for component in Component]
    rng.shuffle(pairs)
    steps: list[Step] = []
    for state, component in pairs:
        if steps and steps[-1].state is state:
            steps[-1] = Step(state, (*steps[-1].components, component))
        else:
            steps.append(Step(state, (component,)))
    return tuple(steps)


def random_product(rng: random.Random) -> Product:
    """A product with every term drawn; half of them plain."""
    plain = rng.random() < 0.4
    odd = 0.0 if plain else 0.25
    penalty = PenaltyTerms(
        uplift=rng.choice(["1.3", "1.5", "1", "0"]),
        base=rng.choice(list(PenaltyBase)),
        basis=rng.choice([360, 365]),
        rounding=rng.choice(list(Rounding)),
        unit=rng.choice(list(PenaltyUnit)) if rng.random() < odd * 2 else PenaltyUnit.ITEM,
        grace_days=rng.choice([0, 0, 1, 3, 10]),
        grace_style=rng.choice(list(GraceStyle)),
        compound=rng.random() < 0.5,
        rate_cap_e12=24 * SCALE // 100 if rng.random() < odd else None,
        cap_percent=rng.choice([1, 3, 10]) if rng.random() < odd else None,
        pause_boundary=rng.choice(list(PauseBoundary)),
    )
    lateness = LatenessTerms(
        rule=rng.choice(list(DaysRule)),
        residue_counts=rng.random() < odd,
        tolerance_minor=rng.choice([0, 50, 2000]) if rng.random() < odd else 0,
        materiality=Materiality(rng.choice([0, 500, 10000]), rng.choice([0, 10000, 50000]))
        if rng.random() < odd * 2
        else None,
        grace_days=rng.choice([0, 0, 3, 15]),
        grace_is_threshold=rng.random() < 0.5,
        count_fee_items=rng.random() < 0.5,
        count_ever_missed=rng.random() < odd,
    )
    switch = None
    if rng.random() < 0.4:
        start = date(1950, 1, 1) if rng.random() < 0.7 else date(2024, 9, 1)
        switch = Switch(rng.choice([0, 30, 90]), random_steps(rng), rng.choice(list(SwitchMeasured)), start)
    return Product(
        name="p",
        steps=by_instalment(STANDARD_ORDER) if plain else random_steps(rng),
        early=rng.choice(list(EarlyMoney)),
        switch=switch,
        penalty=penalty,
        lateness=lateness,
        write_off=rng.choice(list(WriteOffStyle)),
        write_off_order=tuple(rng.sample(STANDARD_ORDER, 5)),
        recovery_is_income=rng.random() < 0.5,
        reschedule=rng.choice(list(RescheduleStyle)),
        fee=rng.choice(list(FeeStyle)),
        waiver_excess_refused=rng.random() < 0.5,
        reversal=rng.choice(list(ReversalStyle)),
        payoff=rng.choice(list(PayoffStyle)),
        next_due_after_as_of=rng.random() < 0.5,
        last_paid_sums_day=rng.random() < 0.5,
    )


KINDS = [kind for kind in PostingKind if kind is not PostingKind.REVERSAL]


def random_loan(rng: random.Random, number: int, product: Product) -> Loan:
    """A loan of a few instalments with postings of every kind, back-dated and reversed ones included."""
    start = date(2024, 1, 1) + timedelta(days=rng.randrange(200))
    count = rng.choice([1, 1, 2, 3, 5, 8])
    weekly = rng.random() < 0.5
    amount = rng.choice([1000, 33333, 1_000_000, 7 * 10**11])

    def due(n: int) -> date:
        return start + timedelta(days=7 * n) if weekly else add_months(start, n)

    def instalment(n: int, version: int, effective: date | None) -> Instalment:
        fee = rng.randrange(500) if rng.random() < 0.1 else 0
        return Instalment(n, due(n), rng.randrange(amount), rng.randrange(amount // 10 + 1), fee, version, effective)

    schedule = [instalment(n, 1, start if rng.random() < 0.1 else None) for n in range(1, count + 1)]
    versions = rng.choice([0, 0, 0, 1, 2])
    for version in range(2, 2 + versions):
        effective = start + timedelta(days=rng.randrange(10 + 40 * count))
        numbers = [n for n in range(1, count + 4) if due(n) >= effective or rng.random() < 0.05]
        schedule += [instalment(n, version, effective) for n in numbers]
    if rng.random() < 0.4:
        postings = prompt_postings(rng, [row for row in schedule if row.version == 1])
        if rng.random() < 0.5:
            schedule = [row for row in schedule if row.version == 1]
    else:
        postings = random_postings(rng, start, count, weekly, amount)
    return Loan(
        loan_id=f"L{number:06d}",
        party_id=f"P{number}",
        product=product,
        currency="CNY",
        principal=max(1, sum(row.principal for row in schedule if row.version == 1)),
        annual_rate_e12=rng.choice([0, 42 * SCALE // 1000, 18 * SCALE // 100, 1234567891 * 100]),
        started_on=start,
        matures_on=due(count),
        schedule=tuple(schedule),
        postings=tuple(postings),
        penalty_rate_e12=SCALE // 10 if rng.random() < 0.2 else None,
        written_off_on=start + timedelta(days=rng.randrange(150)) if rng.random() < 0.1 else None,
        restructured_on=start + timedelta(days=rng.randrange(100)) if rng.random() < 0.3 else None,
    )


def prompt_postings(rng: random.Random, schedule: Sequence[Instalment]) -> list[Posting]:
    """Payments of exactly what is due, on the day or before, until the borrower slips, if ever."""
    postings = [Posting("out", schedule[0].due_on - timedelta(days=30), PostingKind.DISBURSEMENT, 1)]
    for row in schedule[: rng.randrange(len(schedule) + 1)]:
        day = row.due_on - timedelta(days=rng.choice([0, 0, 0, 1, 3, 40]))
        owed = row.principal + row.interest + row.fee
        if rng.random() < 0.15:
            day, owed = row.due_on + timedelta(days=rng.randrange(20)), owed + rng.choice([-1, 0, 1, 500])
        postings.append(Posting(f"p{row.n}", day, PostingKind.PAYMENT, max(1, owed)))
    return postings


def random_postings(rng: random.Random, start: date, count: int, weekly: bool, amount: int) -> list[Posting]:
    span = count * (7 if weekly else 30) + 60
    postings: list[Posting] = []
    for number in range(rng.choice([0, 1, 2, 4, 8])):
        kind = PostingKind.PAYMENT if rng.random() < 0.5 else rng.choice(KINDS)
        day = start + timedelta(days=rng.randrange(span))
        money = rng.choice([rng.randrange(1, amount * 2), rng.randrange(1, 300), amount])
        if kind is PostingKind.PENALTY_ADJUSTMENT and rng.random() < 0.4:
            money = -money
        if kind in (PostingKind.RE_AMORTISE, PostingKind.WRITE_OFF) and rng.random() < 0.4:
            money = 0
        booked = None
        if rng.random() < 0.6:
            booked = datetime.combine(day, time(rng.randrange(24)), UTC) + timedelta(days=rng.choice([0, 0, 0, 5, 40]))
        postings.append(
            Posting(
                f"t{number}",
                day,
                kind,
                money,
                booked,
                rng.choice(list(Component)) if kind is PostingKind.WAIVER else None,
                None,
                rng.randrange(1, count + 2) if rng.random() < 0.3 else None,
            )
        )
    for target in [p for p in postings if p.kind in REVERSIBLE and rng.random() < 0.15]:
        day = target.value_on + timedelta(days=rng.randrange(40))
        booked = max(target.booked_at, datetime.combine(day, time(12), UTC)) if target.booked_at else None
        postings.append(
            Posting(f"r{target.posting_id}", day, PostingKind.REVERSAL, target.amount, booked, None, target.posting_id)
        )
    rng.shuffle(postings)
    return postings


def tables(loans: Sequence[Loan]) -> tuple[pa.Table, pa.Table, pa.Table, dict[str, Product]]:
    """The loans as the book lays them out; every loan's product under its own name."""
    products = {f"p{i}": loan.product for i, loan in enumerate(loans)}
    heads: list[dict[str, object]] = []
    rows: list[dict[str, object]] = []
    entries: list[dict[str, object]] = []
    for i, loan in enumerate(loans):
        schedule = sorted(loan.schedule, key=lambda row: (row.version, row.due_on, row.n))
        ordered = [p for _, p in sorted(enumerate(loan.postings), key=lambda e: effective_order(e[1], e[0]))]
        place = {posting.posting_id: at for at, posting in enumerate(ordered)}
        undone = {place[p.reverses]: place[p.posting_id] for p in ordered if p.reverses is not None}
        plain = {PostingKind.PAYMENT, PostingKind.DISBURSEMENT}
        flags = FLAG_VERSIONS * (len({row.version for row in schedule}) > 1)
        flags |= FLAG_SPECIAL * any(p.kind not in plain for p in ordered) | FLAG_REVERSAL * bool(undone)
        heads.append({
            "loan_id": loan.loan_id, "product": f"p{i}", "currency": loan.currency,
            "principal_minor": loan.principal, "annual_rate_e12": loan.annual_rate_e12,
            "penalty_rate_e12": loan.penalty_rate_e12, "started_on": loan.started_on,
            "written_off_on": loan.written_off_on, "restructured_on": loan.restructured_on,
            "n_schedule": len(schedule), "n_postings": len(ordered), "flags": flags,
        })  # fmt: skip
        rows += [
            {"due_on": r.due_on, "n": r.n, "version": r.version, "effective_on": r.effective_on,
             "principal_minor": r.principal, "interest_minor": r.interest, "fee_minor": r.fee} for r in schedule
        ]  # fmt: skip
        entries += [
            {"value_on": p.value_on, "kind": int(p.kind), "amount_minor": p.amount, "component": int(p.component or 0),
             "instalment_n": -1 if p.instalment_n is None else p.instalment_n, "reversed_by_ix": undone.get(at, -1),
             "booked_at": p.booked_at} for at, p in enumerate(ordered)
        ]  # fmt: skip
    return (
        pa.Table.from_pylist(heads, LOAN_SCHEMA),
        pa.Table.from_pylist(rows, SCHEDULE_SCHEMA),
        pa.Table.from_pylist(entries, POSTING_SCHEMA),
        products,
    )


LOAN_SCHEMA = pa.schema([
    ("loan_id", pa.string()), ("product", pa.string()), ("currency", pa.string()), ("principal_minor", pa.int64()),
    ("annual_rate_e12", pa.int64()), ("penalty_rate_e12", pa.int64()), ("started_on", pa.date32()),
    ("written_off_on", pa.date32()), ("restructured_on", pa.date32()), ("n_schedule", pa.int32()),
    ("n_postings", pa.int32()), ("flags", pa.uint32()),
])  # fmt: skip
SCHEDULE_SCHEMA = pa.schema([
    ("due_on", pa.date32()), ("n", pa.int32()), ("version", pa.int32()), ("effective_on", pa.date32()),
    ("principal_minor", pa.int64()), ("interest_minor", pa.int64()), ("fee_minor", pa.int64()),
])  # fmt: skip
POSTING_SCHEMA = pa.schema([
    ("value_on", pa.date32()), ("kind", pa.uint8()), ("amount_minor", pa.int64()), ("component", pa.uint8()),
    ("instalment_n", pa.int32()), ("reversed_by_ix", pa.int32()), ("booked_at", pa.timestamp("us", "UTC")),
])  # fmt: skip


def renamed(loan: Loan, loan_id: str) -> Loan:
    """The same loan under another id."""
    return replace(loan, loan_id=loan_id)
