"""Spark as a third witness: every worked case, and ten thousand random loans, held to the
rules and the kernel.

Each view of some loans is one unit of work, aged by what Spark's workers run (:class:`mora.engine.spark.Ageing`). All
views go through Spark in one job, since a job costs more than the loans.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from ageing.books import tables
from ageing.casebook import Case, casebook
from ageing.test_cases import shown
from ageing.test_conformance import CHUNKS, chunk_of
from ageing.witnesses import Seen, by_kernel, told_by
from mora.ageing.frames import ProductTable
from mora.ageing.rules import age
from mora.engine.age import Outcome, View
from mora.engine.classify import Classifier
from mora.engine.outcomes import fetch
from mora.engine.scan import Chunk, units_of
from mora.engine.spark import Ageing
from mora.engine.trio import TrioWriter, files_named
from mora.loans.terms import Component, Direction, Loan, PostingKind, by_component, by_instalment

from .on_spark import on_spark

pytestmark = on_spark


@dataclass(frozen=True, slots=True)
class Asked:
    """Some loans with different ids, and a view of them."""

    loans: Sequence[Loan]
    as_of: date
    known_at: datetime | None


def by_spark(session: Any, asked: Sequence[Asked], folder: Path) -> list[dict[str, Seen]]:
    """What Spark's workers say of every view: by loan id. One Spark job.

    Each view is taken twice: with instalments, and without, where the kernel takes a shorter way for prompt payers.
    """
    works = []
    for number, each in enumerate(asked):
        heads, rows, entries, products = tables(each.loans)
        count = heads.num_rows
        heads = heads.append_column("sold_on", pa.nulls(count, pa.date32()))
        for name in ("party_id", "party_kind", "branch", "region", "officer"):
            heads = heads.append_column(name, pa.nulls(count, pa.string()))
        own = folder / str(number)
        writer = TrioWriter(own, "loans")
        writer.add(Chunk(heads, rows, entries))
        writer.close()
        view = View(each.as_of, ProductTable.of(products), Classifier.of(products, each.as_of), each.known_at)
        units = tuple(units_of([files_named(own, "loans")]))
        for way in (replace(view, instalments=True), view):
            (own / str(way.instalments)).mkdir()
            works.append(Ageing(units, way, own / str(way.instalments), snapshot=True))

    def together(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Defined here, since workers cannot import tests: what is nested travels by value."""
        for batch in batches:
            for number in batch.column("id").to_pylist():
                list(works[number]([pa.record_batch({"id": pa.array([0], pa.int64())})]))
            yield pa.record_batch({"id": batch.column("id")})

    tasks = 2 * session.sparkContext.defaultParallelism
    done = session.range(0, len(works), 1, tasks).mapInArrow(together, "id long").count()
    assert done == len(works)
    found = []
    for whole, short in zip(works[::2], works[1::2], strict=True):
        outcome, shorter = fetch(whole.folder, 0), fetch(short.folder, 0)
        assert outcome.ready.equals(shorter.ready)
        found.append(seen(outcome))
    return found


def seen(outcome: Outcome) -> dict[str, Seen]:
    assert outcome.waiting.num_rows == 0
    assert outcome.items is not None
    told = {row["loan_id"]: Seen(row, []) for row in outcome.ready.to_pylist()}
    for row in outcome.items.to_pylist():
        del row["as_of"]
        told[row["loan_id"]].items.append(row)
    return told


def assert_same(by_rules: Seen, there: Seen, what: object) -> None:
    """Every column the rules fill, and every instalment."""
    assert {name: there.columns[name] for name in by_rules.columns} == by_rules.columns, what
    assert there.items == by_rules.items, what


def test_every_worked_case_comes_out_as_worked_by_hand(session: Any, tmp_path: Path) -> None:
    cases = casebook()
    days: dict[tuple[date, datetime | None], list[tuple[Case, Any]]] = {}
    for case in cases.values():
        for view in case.views:
            days.setdefault((view.as_of, view.known_at), []).append((case, view))
    views = list(days.items())
    asked = [Asked([case.loan for case, _ in of_day], *day) for day, of_day in views]
    held = by_spark(session, asked, tmp_path)
    looked_at = 0
    for (day, of_day), told in zip(views, held, strict=True):
        for case, view in of_day:
            there = told[case.loan.loan_id]
            assert shown(there, view) == (view.columns, view.items), (case.case_id, day)
            assert_same(told_by(age(case.loan, view.as_of, known_at=view.known_at)), there, (case.case_id, day))
            looked_at += 1
    assert looked_at == sum(len(case.views) for case in cases.values()) >= 194


def test_ten_thousand_random_loans_come_out_as_the_rules_say(session: Any, tmp_path: Path) -> None:
    """The loans of ``ageing/test_conformance.py``, where the kernel is held to the rules on every one of them: Spark is
    held to the kernel on all, and to the rules themselves on every tenth."""
    asked = [Asked(*chunk_of(number)) for number in range(CHUNKS)]
    loans = [loan for each in asked for loan in each.loans]
    assert len(loans) == 10_000
    assert {posting.kind for loan in loans for posting in loan.postings} == set(PostingKind)
    ways = {(direction_of(loan), loan.product.penalty.compound) for loan in loans}
    assert ways >= {(direction, compound) for direction in Direction for compound in (True, False)}
    for number, (each, told) in enumerate(zip(asked, by_spark(session, asked, tmp_path), strict=True)):
        assert len(told) == len(each.loans)
        for loan, kernel in zip(each.loans, by_kernel(each.loans, each.as_of, each.known_at), strict=True):
            assert_same(kernel, told[loan.loan_id], loan)
            if number % 20 in (1, 10):  # a short one with the knowledge of some moment, a long one with all
                assert_same(told_by(age(loan, each.as_of, known_at=each.known_at)), told[loan.loan_id], loan)


def direction_of(loan: Loan) -> Direction | None:
    """The plain direction of a loan's waterfall; None where steps are mixed."""
    steps = loan.product.steps
    if steps == by_instalment(steps[0].components):
        return Direction.INSTALMENT
    orders = tuple(step.components[0] for step in steps[: len(Component)])
    return Direction.COMPONENT if steps == by_component(orders) else None
