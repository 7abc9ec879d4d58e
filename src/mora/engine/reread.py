"""Days that were reported, read again with what the book knows now: which loans differ, and by which posting.

A back-dated posting changes days already reported. When a day is run, two reports may be out of date: an earlier run of
the same day, and the run of the day before it. Only loans that imports touched since then can read differently, so only
these are read again:

 1. Which loans: those the imports kept aside for the day; where they were too many for that, only the loans with
    postings that came since with a value date on or before the day. More than a quarter of the book is not read again;
    the report then says how many loans that leaves out.
 2. How they read now: an earlier run of the same day against the one just made; the day before is aged afresh.
 3. Of those that differ, the postings that came since, out of the book.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mora.ageing.columns import FLAG_LINKED
from mora.engine import snapshots
from mora.engine.age import Outcome, View, Waiting, age_one, cores, in_order
from mora.engine.book.manifest import Book
from mora.engine.book.partition import partitions_of
from mora.engine.hot.state import FOLDER as HOT
from mora.engine.hot.touched import LARGE_SHARE, touched_ids, touched_since
from mora.engine.scan import REPORTED_BY, Chunk, Files, Unit, partitions, read_unit, units_of
from mora.engine.snapshots import Reread, Run
from mora.engine.trio import files_named
from mora.insight import DIFFERENCES, differences
from mora.insight.history import FIGURES
from mora.loans.terms import PostingKind

_IMPORT_BITS = 32
"""``seq`` of a posting holds the number of its import above so many bits (``engine.book.columns``)."""


@dataclass(frozen=True, slots=True)
class Touched:
    """Loans whose rows changed after a generation of the book."""

    loans: pl.DataFrame
    """loan_id, started_on (null where a posting shows that the loan had begun)."""
    names: list[str] | None
    """Where their rows lie aside; None: only in the book."""


def reread_same(book: Book, was: Run, new: Path, terms: str) -> Reread:
    """An earlier run of a day, still in the log, against the file just made for that day."""
    as_of = date.fromisoformat(was.as_of)
    touched, too_many = _touched(book, was.generation, as_of)
    ids = touched.loans["loan_id"]
    before = _figures(snapshots.positions(book, as_of, loans=ids))
    after = _figures(pl.scan_parquet(new).filter(pl.col("loan_id").is_in(ids.implode())))
    found = [_changed(before, after, _unborn(touched, as_of))]
    return _keep(book, was, as_of.isoformat(), found, too_many, terms)


def reread_before(book: Book, was: Run, view: View, terms: str, run_on: date) -> Reread:
    """The run of an earlier day against that day as the book knows it now.

    :param view: of that earlier day.
    :param run_on: the day that is being run.
    """
    touched, too_many = _touched(book, was.generation, view.as_of)
    before = _figures(snapshots.positions(book, view.as_of, loans=touched.loans["loan_id"]))
    unborn = _unborn(touched, view.as_of)
    found = []
    for outcome in _aged(book, touched, view):
        if outcome.ready.num_rows:
            frame = pl.from_arrow(outcome.ready)
            assert isinstance(frame, pl.DataFrame)
            after = _figures(frame.lazy())
            mine = before.join(after.select("loan_id"), on="loan_id", how="semi")
            found.append(_changed(mine, after, unborn))
    return _keep(book, was, run_on.isoformat(), found, too_many, terms)


def read_changes(book: Book, reread: Reread) -> pl.DataFrame:
    """Every difference a reread found."""
    return pl.read_parquet(snapshots.folder(book) / reread.file)


def _touched(book: Book, generation: int, as_of: date) -> tuple[Touched, int]:
    """Loans to look at, and how many were left out because they are too many."""
    names = touched_since(book, generation)
    schema = {"loan_id": pl.String, "started_on": pl.Date}
    if names is not None:
        heads = [
            pl.read_parquet(files_named(book.path / HOT, name).loans, columns=["loan_id", "started_on"])
            for name in names
        ]
        return Touched(pl.concat([pl.DataFrame(schema=schema), *heads]).unique("loan_id", keep="first"), names), 0
    ids = _late(book, generation, as_of).select("loan_id").unique().collect(engine="streaming")["loan_id"]
    if len(ids) * LARGE_SHARE > book.counts.get("loans", 0):
        return Touched(pl.DataFrame(schema=schema), None), len(ids)
    together = _with_debtors(book, ids) if len(ids) else ids
    return Touched(pl.DataFrame({"loan_id": together}).with_columns(started_on=pl.lit(None, pl.Date)), None), 0


def _late(
    book: Book, generation: int, as_of: date, places: Iterable[tuple[str, int, int]] | None = None
) -> pl.LazyFrame:
    """Postings imported after a generation that bear on ``as_of``.

    :param places: (postings file, offset, rows) to look in; everywhere when not given.
    """
    first = sum(each["generation"] <= generation for each in book.imports) + 1
    if places is None:
        frames = [pl.scan_parquet(files.postings) for files in partitions(book)]
    else:
        frames = [pl.scan_parquet(path).slice(offset, rows) for path, offset, rows in places]
    if not frames:
        return pl.LazyFrame(schema={"loan_id": pl.String, "seq": pl.Int64})
    came_since = pl.col("seq") >= first << _IMPORT_BITS
    # A product may let a reversal undo its target in every view, also of days before it.
    bears = (pl.col("value_on") <= as_of) | (pl.col("kind") == PostingKind.REVERSAL.value)
    return pl.concat(
        [frame.filter(came_since & bears).with_columns(pl.col("loan_id").cast(pl.String)) for frame in frames]
    )


def _unborn(touched: Touched, as_of: date) -> pl.Series:
    """Loans that begin after the day: that the earlier reading did not have them is no difference."""
    return touched.loans.filter(pl.col("started_on") > as_of)["loan_id"]


def _figures(positions: pl.LazyFrame) -> pl.DataFrame:
    held = positions.collect_schema().names()
    text = pl.col(pl.Categorical, pl.Enum).cast(pl.String)
    return positions.select("loan_id", *(name for name in FIGURES if name in held)).with_columns(text).collect()


Rows = tuple[pl.DataFrame, pl.DataFrame]
"""The same loans as they were and as they are read now."""


def _changed(was: pl.DataFrame, now: pl.DataFrame, unborn: pl.Series) -> Rows:
    """Only the loans that differ."""
    now = now.filter(~pl.col("loan_id").is_in(unborn.implode()) | pl.col("loan_id").is_in(was["loan_id"].implode()))
    ids = differences(was.lazy(), now.lazy()).select("loan_id").unique().collect()
    return was.join(ids, on="loan_id", how="semi"), now.join(ids, on="loan_id", how="semi")


def _keep(book: Book, was: Run, run_on: str, found: list[Rows], too_many: int, terms: str) -> Reread:
    """Write the differences with their reasons beside the snapshots."""
    changes = pl.DataFrame(schema=DIFFERENCES)
    if found:
        before, after = (pl.concat(each) for each in zip(*found, strict=True))
        ids = pl.concat([before["loan_id"], after["loan_id"]]).unique()
        late = _late(book, was.generation, date.fromisoformat(was.as_of), _places(book, ids))
        late = late.filter(pl.col("loan_id").is_in(ids.implode())).with_columns(imported_at=_imported_at(book))
        changes = differences(before.lazy(), after.lazy(), late_postings=late if len(ids) else None).collect()
    name = f"{run_on}.g{book.generation}.reread-{was.as_of}.g{was.generation}.parquet"
    changes.write_parquet(snapshots.folder(book) / name, compression="zstd")
    return Reread(was.as_of, was.generation, name, too_many, was.terms != terms)


def _imported_at(book: Book) -> pl.Expr:
    """When a posting's import took place, as the import noted it."""
    number = pl.col("seq") // (1 << _IMPORT_BITS)
    told = {place: each.get("at") for place, each in enumerate(book.imports, 1)}
    return number.replace_strict(told, default=None, return_dtype=pl.String)


def _places(book: Book, ids: pl.Series) -> Iterator[tuple[str, int, int]]:
    """Row groups of postings that may hold these loans: rows are sorted by loan, so statistics tell."""
    where = partitions_of(ids, book.partitions) if len(ids) else np.zeros(0, np.int64)
    files = [_files(book, number) for number in range(book.partitions)]
    for number in np.unique(where).tolist():
        mine = ids.filter(pl.Series(where == number)).sort()
        each = files[number]
        if each is None:
            continue
        meta = pq.read_metadata(each.loans)
        column = meta.schema.names.index("loan_id")
        for unit in units_of([each]):
            held = meta.row_group(unit.row_group).column(column).statistics
            if held is not None and held.has_min_max:
                low = int(mine.search_sorted(held.min, side="left"))
                high = int(mine.search_sorted(held.max, side="right"))
                if low == high:
                    continue
            yield each.postings, *unit.postings


def _files(book: Book, number: int) -> Files | None:
    paths = [book.file(table, number) for table in ("loans", "schedule", "postings")]
    return Files(*(str(path) for path in paths)) if all(paths) else None


def _aged(book: Book, touched: Touched, view: View) -> Iterator[Outcome]:
    """The touched loans on the view's day, as the book knows them now."""
    waiting = Waiting()
    for outcome in in_order(lambda chunk: age_one(chunk, view), _chunks(book, touched), cores()):
        waiting.add(outcome)
        yield outcome
    yield from waiting.settle(view)


def _chunks(book: Book, touched: Touched) -> Iterator[Chunk]:
    if touched.names is not None:
        yield from _kept_aside(book, touched.names)
        return
    ids = touched.loans["loan_id"]
    if not len(ids):
        return
    wanted = pa.array(ids.to_list(), pa.string())
    for unit in units_of(partitions(book)):
        chunk = _only(unit, wanted)
        if chunk.loans.num_rows:
            yield chunk


def _kept_aside(book: Book, names: list[str]) -> Iterator[Chunk]:
    """The rows of touched loans out of the files imports kept, each loan as the newest import left it."""
    newer = pa.array([], pa.string())
    for name in names:
        files = files_named(book.path / HOT, name)
        for unit in units_of([files]):
            chunk = read_unit(unit, keep=True, more=REPORTED_BY)
            fresh = np.ones(unit.loans, np.bool_)
            if len(newer):
                fresh = ~pc.is_in(chunk.loans["loan_id"], value_set=newer).to_numpy()
            if fresh.any():
                yield chunk.take(fresh)
        newer = pa.concat_arrays([newer, touched_ids(book, name)])


def _only(unit: Unit, wanted: pa.Array) -> Chunk:
    chunk = read_unit(unit, keep=True, more=REPORTED_BY)
    return chunk.take(pc.is_in(chunk.loans["loan_id"].cast(pa.string()), value_set=wanted).to_numpy())


def _with_debtors(book: Book, ids: pl.Series) -> pl.Series:
    """With a linked loan come the linked loans of its debtor: contagion looks at them together."""
    loans = book.scan("loans").select("loan_id", "party_id", linked=pl.col("flags") & FLAG_LINKED != 0)
    linked = loans.filter("linked")
    parties = linked.filter(pl.col("loan_id").is_in(ids.implode())).select("party_id").unique()
    siblings = linked.join(parties, on="party_id", how="semi").select("loan_id")
    return pl.concat([pl.LazyFrame({"loan_id": ids}), siblings]).unique().collect()["loan_id"]
