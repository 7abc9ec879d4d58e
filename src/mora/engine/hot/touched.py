"""Loans an import touched, kept with their rows as they then stand, so that the day need not look for them.

``keep_touched`` follows an import: the import has just written those partitions, and looking
for a few loans all over a book costs a pass over it, which the day should not pay.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mora.ageing.columns import FLAG_LINKED
from mora.engine.book.manifest import Book
from mora.engine.hot.state import FOLDER
from mora.engine.scan import REPORTED_BY, partitions, read_unit, units_of
from mora.engine.trio import TrioWriter, files_named

LARGE_SHARE = 4
"""When an import touched more than a quarter of the book, the next day reads it whole anyway."""


def name_of(generation: int) -> str:
    """The files' name for a generation of the book."""
    return f"touched-g{generation}"


def keep_touched(book: Book) -> bool:
    """Keep the rows of the loans the latest import touched; False when the next day had better run whole."""
    ids = _with_siblings(book, book.touched_ids())
    if len(ids) * LARGE_SHARE > book.counts.get("loans", 0):
        return False
    folder = book.path / FOLDER
    writer = TrioWriter(folder, f".{name_of(book.generation)}")
    wanted = pa.array(ids.to_list(), pa.string())
    for unit in units_of(partitions(book)) if len(ids) else ():
        chunk = read_unit(unit, keep=True, more=REPORTED_BY)
        writer.add(chunk.take(pc.is_in(chunk.loans["loan_id"], value_set=wanted).to_numpy()))
    if not writer.close():
        folder.mkdir(exist_ok=True)
        Path(_empty(folder, book.generation)).touch()
        return True
    made, kept = files_named(folder, writer.name), files_named(folder, name_of(book.generation))
    # The loans come last: where they stand under the right name, the other two do.
    for was, now in ((made.schedule, kept.schedule), (made.postings, kept.postings), (made.loans, kept.loans)):
        Path(was).replace(now)
    return True


def touched_since(book: Book, generation: int) -> list[str] | None:
    """Names of the kept files of every import after a generation, the newest first; None when one is missing."""
    generations = range(book.generation, generation, -1)
    # Where the latest import was not followed by keep_touched (it came by another road, or was killed), do it now.
    if generations and not _is_kept(book, book.generation) and not keep_touched(book):
        return None
    if not all(_is_kept(book, each) for each in generations):
        return None
    folder = book.path / FOLDER
    return [name_of(each) for each in generations if Path(files_named(folder, name_of(each)).loans).exists()]


def _empty(folder: Path, generation: int) -> str:
    return str(folder / f"{name_of(generation)}.none")


def _is_kept(book: Book, generation: int) -> bool:
    folder = book.path / FOLDER
    return Path(files_named(folder, name_of(generation)).loans).exists() or Path(_empty(folder, generation)).exists()


def touched_ids(book: Book, name: str) -> pa.Array:
    """The loans in the file of that name."""
    path = files_named(book.path / FOLDER, name).loans
    return pq.read_table(path, columns=["loan_id"])["loan_id"].combine_chunks().cast(pa.string())


def _with_siblings(book: Book, ids: pl.Series) -> pl.Series:
    """With a linked loan come the linked loans of its debtor: contagion looks at them together."""
    loans = book.scan("loans").select("loan_id", "party_id", linked=pl.col("flags") & FLAG_LINKED != 0)
    linked = loans.filter("linked")
    parties = linked.filter(pl.col("loan_id").is_in(ids.implode())).select("party_id").unique()
    siblings = linked.join(parties, on="party_id", how="semi").select("loan_id")
    return pl.concat([pl.LazyFrame({"loan_id": ids}), siblings]).unique().collect()["loan_id"]
