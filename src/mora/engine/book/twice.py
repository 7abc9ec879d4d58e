"""The same key twice in one import: word for word the same is one row; otherwise there is no telling, and none is kept.

Which of several equal rows is kept does not show in the book, so the order of files and rows does not matter.
"""

from __future__ import annotations

import polars as pl

from mora.engine.book.faultlog import FaultLog


def settle_twice(
    rows: pl.DataFrame, key: list[str], content: list[str], column: str, bad: pl.Series | None, places: list[str],
    log: FaultLog,
) -> pl.DataFrame:  # fmt: skip
    """Rows whose key is theirs alone, and one of each set of equal ones; the rest are set aside.

    :param column: the column faults point at.
    :param bad: keys (of a one-column key) that also came in a row that cannot be read.
    """
    twice = rows.select(*key).is_duplicated()
    if bad is not None and len(bad):
        twice |= rows[key[0]].is_in(bad.implode())
    if not twice.any():
        return rows
    again = rows.filter(twice)
    names = pl.col("_file").replace_strict(dict(enumerate(places)), return_dtype=pl.String)
    place = pl.format("{}:{}", names, pl.col("_row"))
    again = again.sort("_file", "_row").with_columns(
        (pl.struct(content).n_unique().over(key) == 1).alias("_same"),
        (pl.int_range(pl.len()).over(key) == 0).alias("_first"),
        place.str.join(", ").over(key).str.slice(0, 120).alias("_places"),
        place.first().over(key).alias("_kept"),
    )
    if bad is not None and len(bad):
        again = again.with_columns(pl.col("_same") & ~pl.col(key[0]).is_in(bad.implode()))
    log.add(again.filter(pl.col("_same") & ~pl.col("_first")), "BOOK.DUPLICATE", column, pl.col("_kept"))
    log.add(again.filter(~pl.col("_same")), "BOOK.DUPLICATE_DIFFERS", column, pl.col("_places"))
    kept = again.filter(pl.col("_same") & pl.col("_first")).select(rows.columns)
    return pl.concat([rows.filter(~twice), kept])
