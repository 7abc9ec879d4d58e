"""What loans hold of their parties: the debtor's kind and region, and whether the debtor has other loans.

FLAG_LINKED is set where the debtor has more than one loan in the book and is not known to be a person. It needs the
whole book, so it is settled after all partitions; only those whose answer changed are written.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mora.engine.book.columns import FLAG_LINKED


def linked_parties(ids: Iterable[pl.Series]) -> NDArray[np.uint64]:
    """Hashes of the party ids that come more than once, sorted. 8 bytes a loan.

    Two ids with one hash would only make a loan look linked that is not, and whoever follows the link finds nobody.
    The hash is never stored.
    """
    hashes = np.concatenate([np.zeros(0, dtype=np.uint64), *(_hashes(series) for series in ids)])
    hashes.sort()
    return np.unique(hashes[1:][hashes[1:] == hashes[:-1]])


def with_parties(loans: pl.DataFrame, parties: Path | None) -> pl.DataFrame:
    """The loans with ``party_kind`` and ``region`` as the parties file has them; null for parties it has not."""
    if parties is None:
        return loans
    wanted = loans.lazy().select("party_id").unique()
    found = (
        pl.scan_parquet(parties)
        .select("party_id", pl.col("kind").alias("party_kind"), "region")
        .join(wanted, on="party_id", how="semi")
        .collect(engine="streaming")
    )
    columns = loans.columns
    return (
        loans.drop("party_kind", "region").join(found, on="party_id", how="left", maintain_order="left").select(columns)
    )


def with_links(loans: pl.DataFrame, linked: NDArray[np.uint64]) -> pl.DataFrame:
    """The loans with FLAG_LINKED as it should be."""
    hashes = _hashes(loans["party_id"])
    at = np.searchsorted(linked, hashes)
    many = np.zeros(len(loans), dtype=bool)
    if len(linked):
        many = linked[np.minimum(at, len(linked) - 1)] == hashes
    is_linked = pl.Series(many) & loans["party_kind"].ne_missing(pl.Series(["person"]))
    rest = pl.col("flags") & (0xFFFFFFFF ^ FLAG_LINKED)
    return loans.with_columns((rest + is_linked.cast(pl.UInt32) * FLAG_LINKED).cast(pl.UInt32).alias("flags"))


def _hashes(ids: pl.Series) -> NDArray[np.uint64]:
    return ids.hash(0).to_numpy()
