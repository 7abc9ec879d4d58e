"""The same truth over a whole book: Arrow tables of a chunk in, columns of positions out.

A chunk is the rows of some loans in the book's own layout: ``schedule`` and ``postings`` hold
exactly the rows of ``loans``, in the same order, counted by ``n_schedule`` and ``n_postings``.
Dates are day numbers inside; nothing is copied that Arrow can lend.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mora.ageing import columns, kernels
from mora.ageing.kernels import NO_DAY
from mora.ageing.terms import BUCKETS
from mora.core.dates import day_number
from mora.core.rates import SCALE
from mora.loans.columns import encode
from mora.loans.terms import Product

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ProductTable:
    """A book's products, encoded once for every chunk."""

    names: tuple[str, ...]
    terms: Longs
    uplift_hundredths: Longs
    rate_cap_e12: Longs
    basis: Longs

    @classmethod
    def of(cls, products: Mapping[str, Product]) -> ProductTable:
        """Encode products under the names loans use."""
        terms = list(products.values())
        return cls(
            tuple(products),
            encode(terms),
            np.array([int(Fraction(each.penalty.uplift) * 100) for each in terms], np.int64),
            np.array([_or(each.penalty.rate_cap_e12, 2**62) for each in terms], np.int64),
            np.array([each.penalty.basis for each in terms], np.int64),
        )


def _or(value: int | None, default: int) -> int:
    return default if value is None else value


@dataclass(frozen=True, slots=True)
class Columns:
    """The outcome for the loans of a chunk, as the kernel's two blocks."""

    ints: Ints
    amounts: Longs
    item_meta: Longs | None = None
    item_block: Longs | None = None
    """One row an item, in order of loans; None unless instalments were asked for."""

    def between(self, begin: int, end: int) -> Columns:
        """The outcome of the loans in these places, nothing copied; their items are left out."""
        return Columns(self.ints[:, begin:end], self.amounts[:, begin:end])

    def copied(self) -> Columns:
        """The same, keeping no larger block alive."""
        return Columns(self.ints.copy(), self.amounts.copy())


def age_chunk(
    loans: pa.Table,
    schedule: pa.Table,
    postings: pa.Table,
    products: ProductTable,
    as_of: date,
    *,
    known_at: datetime | None = None,
    instalments: bool = False,
    places: Longs | None = None,
) -> Columns:
    """Age the loans of a chunk to the evening of ``as_of``.

    :param loans, schedule, postings: tables with at least the columns named in :mod:`mora.ageing.columns`;
        the versioned and special columns may be left out where no loan's flags ask for them.
    :param places: where each loan's outcome goes among the others, each place once; None: as the loans stand.
    :raises ValueError: when row counts do not add up, which means the layout is broken.
    """
    s_start, p_start = _offsets(loans["n_schedule"]), _offsets(loans["n_postings"])
    if s_start[-1] != schedule.num_rows or p_start[-1] != postings.num_rows:
        raise ValueError(f"chunk of {loans.num_rows} loans does not match its schedule or postings rows")
    booked = None
    if known_at is not None:
        booked = _booked(postings)
    count = loans.num_rows
    item_rows = schedule.num_rows + postings.num_rows
    ints = np.empty((kernels.INTS, count), np.int32)
    amounts = np.empty((kernels.AMOUNTS, count), np.int64)
    meta = np.empty((item_rows, kernels.ITEM_META), np.int64) if instalments else None
    block = np.empty((item_rows, kernels.ITEM_BLOCK), np.int64) if instalments else None
    written = kernels.age_loans(
        _loan_block(loans, products, places),
        s_start,
        p_start,
        due=_days(schedule, "due_on"),
        number=_given(schedule, "n"),
        version=_given(schedule, "version"),
        effective=_days(schedule, "effective_on") if "effective_on" in schedule.column_names else None,
        principal=_longs(schedule["principal_minor"]),
        interest=_longs(schedule["interest_minor"]),
        fee=_longs(schedule["fee_minor"]),
        value=_days(postings, "value_on"),
        kind=postings["kind"].to_numpy(),
        amount=_longs(postings["amount_minor"]),
        component=_given(postings, "component"),
        named=_given(postings, "instalment_n"),
        reversed_by=_given(postings, "reversed_by_ix"),
        booked=booked,
        terms=products.terms,
        as_of=day_number(as_of),
        known_at=-1 if known_at is None else _microseconds(known_at),
        capacity=int(max(1, (np.diff(s_start) + np.diff(p_start)).max(initial=0))),
        ints=ints,
        amounts=amounts,
        meta=meta,
        block=block,
    )
    return Columns(ints, amounts, None if meta is None else meta[:written], None if block is None else block[:written])


def _loan_block(loans: pa.Table, products: ProductTable, places: Longs | None) -> Longs:
    block = np.empty((loans.num_rows, kernels.LOAN_FIELDS), np.int64)
    product = _product_index(loans["product"], products.names)
    block[:, kernels.PRODUCT] = product
    block[:, kernels.PRINCIPAL] = _longs(loans["principal_minor"])
    annual = _longs(loans["annual_rate_e12"])
    # Contract rates have at most ten decimals, so the uplift (two decimals) leaves no remainder.
    rate = annual * products.uplift_hundredths[product] // 100
    own = loans["penalty_rate_e12"].combine_chunks()
    if own.null_count < len(own):
        given = own.is_valid().to_numpy(zero_copy_only=False)
        rate = np.where(given, own.fill_null(0).to_numpy(), rate)
    rate = np.minimum(rate, products.rate_cap_e12[product])
    block[:, kernels.RATE], block[:, kernels.OWN_RATE] = rate, annual
    block[:, kernels.PER] = block[:, kernels.OWN_PER] = products.basis[product] * SCALE
    block[:, kernels.STARTED_ON] = _days(loans, "started_on")
    block[:, kernels.WRITTEN_ON] = _days(loans, "written_off_on")
    block[:, kernels.CHANGED_ON] = _days(loans, "restructured_on")
    block[:, kernels.FLAGS] = loans["flags"].to_numpy()
    block[:, kernels.PLACE] = np.arange(loans.num_rows) if places is None else places
    return block


def _product_index(column: pa.ChunkedArray, names: Sequence[str]) -> Longs:
    encoded = column.combine_chunks()
    if not isinstance(encoded, pa.DictionaryArray):
        encoded = encoded.dictionary_encode()
    place = {name: index for index, name in enumerate(names)}
    lookup: Longs = np.array([place[name] for name in encoded.dictionary.to_pylist()], np.int64)
    result: Longs = lookup[encoded.indices.to_numpy()]
    return result


def _offsets(counts: pa.ChunkedArray) -> Longs:
    offsets = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts.to_numpy(), out=offsets[1:])
    return offsets


def _longs(column: pa.ChunkedArray) -> Longs:
    result: Longs = column.to_numpy() if column.null_count == 0 else column.fill_null(0).to_numpy()
    return result


def _days(table: pa.Table, name: str) -> Ints:
    column = table[name].cast(pa.int32())
    if column.null_count:
        column = column.fill_null(NO_DAY)
    result: Ints = column.to_numpy()
    return result


def _given(table: pa.Table, name: str) -> npt.NDArray[Any] | None:
    """A column that is only read where some loan needs it."""
    return table[name].to_numpy() if name in table.column_names else None


def _booked(postings: pa.Table) -> Longs:
    """When each posting became known: its booking instant, or the start of its value date where none is given."""
    midnight = _days(postings, "value_on").astype(np.int64) * 86_400_000_000
    column = postings["booked_at"].combine_chunks()
    given = column.is_valid().to_numpy(zero_copy_only=False)
    instants = column.cast(pa.int64()).fill_null(0).to_numpy()
    return np.where(given, instants, midnight)


def _microseconds(instant: datetime) -> int:
    if instant.tzinfo is None:
        raise ValueError("known_at needs a time zone, such as 2026-11-22T18:00:00+08:00")
    epoch = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
    since = instant - epoch
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


_BUCKETS = pa.array(BUCKETS)


def _date_column(values: Ints) -> pa.Array:
    """Day numbers as they lie, NO_DAY as nothing."""
    known = np.packbits(values != NO_DAY, bitorder="little")
    return pa.Array.from_buffers(pa.date32(), len(values), [pa.py_buffer(known), pa.py_buffer(values)])


def position_columns(loans: pa.Table, as_of: date, aged: Columns) -> dict[str, pa.Array]:
    """The columns of ``positions`` up to ``bucket`` for a chunk; classification adds the rest."""
    ints, amounts = aged.ints, aged.amounts
    count = loans.num_rows
    next_on, last_on = ints[kernels.NEXT_ON], ints[kernels.LAST_ON]
    return {
        "loan_id": loans["loan_id"].combine_chunks(),
        "as_of": pa.array(np.full(count, day_number(as_of), np.int32)).cast(pa.date32()),
        "currency": loans["currency"].combine_chunks(),
        "days_past_due": pa.array(ints[kernels.DAYS]),
        "delinquent_days": pa.array(ints[kernels.DELINQUENT]),
        "oldest_unpaid_due_on": _date_column(ints[kernels.OLDEST_ON]),
        "missed_count": pa.array(ints[kernels.MISSED]),
        "overdue_principal_minor": pa.array(amounts[kernels.OVERDUE_P]),
        "overdue_interest_minor": pa.array(amounts[kernels.OVERDUE_I]),
        "overdue_fee_minor": pa.array(amounts[kernels.OVERDUE_F]),
        "penalty_minor": pa.array(amounts[kernels.PENALTY_AT]),
        "compound_minor": pa.array(amounts[kernels.COMPOUND_AT]),
        "arrears_minor": pa.array(amounts[kernels.ARREARS]),
        "outstanding_principal_minor": pa.array(amounts[kernels.OUTSTANDING]),
        "payoff_minor": pa.array(amounts[kernels.PAYOFF_AT]),
        "credit_minor": pa.array(amounts[kernels.CREDIT_AT]),
        "next_due_on": _date_column(next_on),
        "next_due_minor": pa.array(amounts[kernels.NEXT_MINOR], mask=next_on == NO_DAY),
        "last_paid_on": _date_column(last_on),
        "last_paid_minor": pa.array(amounts[kernels.LAST_MINOR], mask=last_on == NO_DAY),
        "worst_days_past_due": pa.array(ints[kernels.WORST]),
        "bucket": pa.DictionaryArray.from_arrays(pa.array(ints[kernels.BUCKET].astype(np.int8)), _BUCKETS),
    }


def standing_columns(aged: Columns) -> dict[str, pa.Array]:
    """The columns of :data:`mora.ageing.columns.STANDING` for a chunk."""
    ints = aged.ints
    return {
        "material_days": pa.array(ints[kernels.MATERIAL_DAYS]),
        "missed_consecutive": pa.array(ints[kernels.CONSECUTIVE]),
        "missed_ever": pa.array(ints[kernels.MISSED_EVER]),
        "first_payment_default": pa.array(ints[kernels.FIRST_DEFAULT] != 0),
        "last_late_on": _date_column(ints[kernels.LAST_LATE_ON]),
        "last_npl_on": _date_column(ints[kernels.LAST_NPL_ON]),
        "last_missed_due_on": _date_column(ints[kernels.LAST_MISSED_ON]),
        "observation_start_on": _date_column(ints[kernels.OBSERVED_ON]),
        "observation_second_on": _date_column(ints[kernels.OBSERVED_SECOND_ON]),
    }


def instalment_columns(loans: pa.Table, as_of: date, aged: Columns) -> pa.Table:
    """The instalments of a chunk, one row an item (:data:`mora.ageing.columns.INSTALMENTS`)."""
    meta, block = aged.item_meta, aged.item_block
    if meta is None or block is None:
        raise ValueError("the chunk was aged without instalments=True")
    out: dict[str, pa.Array] = {
        "loan_id": loans["loan_id"].combine_chunks().take(pa.array(meta[:, 0])),
        "as_of": pa.array(np.full(len(meta), day_number(as_of), np.int32)).cast(pa.date32()),
        "n": pa.array(meta[:, 1].astype(np.int32)),
        "version": pa.array(meta[:, 2].astype(np.int32)),
        "is_fee": pa.array(meta[:, 3] != 0),
        "due_on": pa.array(meta[:, 4].astype(np.int32)).cast(pa.date32()),
    }
    names = columns.INSTALMENTS.names[6:]
    out.update({name: pa.array(np.ascontiguousarray(block[:, at])) for at, name in enumerate(names)})
    return pa.table(out)
