"""Contagion over a whole book: totals of each debtor, which debtors are contagious, and their loans' classes.

A chunk holds some of a debtor's loans, so this is done in two sweeps; the totals are small because
only debtors with several loans, not known to be persons, take part.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from mora.ageing.columns import FLAG_LINKED
from mora.riskclass import tables as t
from mora.riskclass.frames import Classified, with_slots
from mora.riskclass.numbers import Numbers
from mora.riskclass.rows import is_person
from mora.riskclass.tables import Tables
from mora.riskclass.terms import Debtor, RiskClass


@dataclass(frozen=True, slots=True)
class Contagion:
    """The debtors whose performing loans all become non-performing."""

    own_bank: pl.Series
    """By cn.class2023.cross10."""
    all_banks: pl.Series
    """By cn.class2023.cross20; only debtors for whom outside figures were given."""


NO_CONTAGION = Contagion(pl.Series("party_id", [], pl.String), pl.Series("party_id", [], pl.String))


def party_totals(loans: pa.Table, chunk: Classified, tables: Tables) -> pl.DataFrame:
    """Exposure and non-performing exposure of each debtor of a chunk, by currency.

    :returns: party_id, currency, exposure_minor, npl_minor (Int128); one row a debtor and currency. Chinese
        non-retail claims not sold; by each loan's own class. Outstanding principal in minor units.
    """
    taking = chunk.is_chinese & ~chunk.is_sold & ~is_person(loans)
    if "flags" in loans.column_names:
        taking &= (loans["flags"].to_numpy() & FLAG_LINKED) != 0
    at = np.flatnonzero(taking)
    exposure = chunk.principal[at]
    npl = np.where(chunk.classes(tables)[at] >= RiskClass.SUBSTANDARD, exposure, 0)
    frame = pl.DataFrame({
        "party_id": _texts(loans["party_id"], at),
        "currency": _texts(loans["currency"], at),
        "exposure_minor": exposure,
        "npl_minor": npl,
    })  # fmt: skip
    return add_totals([frame])


def add_totals(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The totals of several chunks as one; sums in 128 bits."""
    whole = pl.concat([part.with_columns(pl.col("exposure_minor", "npl_minor").cast(pl.Int128)) for part in parts])
    return (
        whole.group_by("party_id", "currency")
        .agg(pl.col("exposure_minor", "npl_minor").sum())
        .sort("party_id", "currency")
    )


def contagious(totals: pl.DataFrame, numbers: Numbers, outside: pl.DataFrame | None = None) -> Contagion:
    """Which debtors are contagious, from the totals of the whole book.

    A debtor with claims in several currencies is tested in each: the share over all of them cannot exceed the
    largest share in one, so none is missed for want of an exchange rate.

    :param outside: party_id, over90_minor, bank_debt_minor of all banks, where known.
    """
    ten, twenty = numbers.deciding("cn.class2023.cross10"), numbers.deciding("cn.class2023.cross20")
    own = all_ = NO_CONTAGION.own_bank
    if ten is not None:
        share = ten.ratio("own_bank_npl_share_gt")
        over = pl.col("npl_minor") * share.denominator > pl.col("exposure_minor") * share.numerator
        own = totals.filter(over)["party_id"].unique().sort()
    if twenty is not None and outside is not None:
        share = twenty.ratio("all_bank_over90_share_gt")
        late, debt = (pl.col(name).cast(pl.Int128) for name in ("over90_minor", "bank_debt_minor"))
        all_ = outside.filter(late * share.denominator > debt * share.numerator)["party_id"].unique().sort()
    return Contagion(own, all_)


def apply_contagion(loans: pa.Table, chunk: Classified, contagion: Contagion, tables: Tables) -> Classified:
    """The chunk's classes with contagion laid over them; the same chunk when it concerns no one.

    Sold loans are no claims any more and keep their class.
    """
    if not len(contagion.own_bank) and not len(contagion.all_banks):
        return chunk
    lifted = tables.classes[chunk.slots] < RiskClass.SUBSTANDARD
    at = np.flatnonzero(lifted & chunk.is_chinese & ~chunk.is_sold & ~is_person(loans))
    parties = _texts(loans["party_id"], at)
    slots = chunk.slots.copy()
    # The all-banks reason first, so that where both hold the own-bank one is written over it.
    for found, slot in ((contagion.all_banks, t.CROSS20), (contagion.own_bank, t.CROSS10)):
        if len(found) and slot in tables.special:
            slots[at[parties.is_in(found.implode()).to_numpy()]] = tables.special[slot]
    return with_slots(chunk, slots, loans, tables)


def debtor_of(totals: pl.DataFrame, party_id: str) -> Debtor | None:
    """A debtor's totals as ``rules.decide`` takes them; of several currencies the one with the largest share."""
    found = totals.filter(pl.col("party_id") == party_id).select("exposure_minor", "npl_minor")
    debtors = [Debtor(int(exposure), int(npl)) for exposure, npl in found.iter_rows()]
    return max(debtors, key=lambda each: Fraction(each.npl_minor, max(1, each.exposure_minor)), default=None)


def _texts(column: pa.ChunkedArray, at: npt.NDArray[np.int64]) -> pl.Series:
    return pl.Series(pl.from_arrow(column.take(pa.array(at)))).cast(pl.String)
