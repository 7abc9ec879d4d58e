"""A chunk's Arrow columns as arrays, read when a rule asks; what is absent stays absent, never zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mora.loans.terms import Product
from mora.riskclass.columns import FLAG_WORDS
from mora.riskclass.terms import PERSON, Scheme, scheme_of

Longs = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]
Column: TypeAlias = "pa.Array | pa.ChunkedArray"

MISSING = int(np.iinfo(np.int32).min)
"""A date that is not given, as a day number."""


@dataclass(frozen=True, slots=True)
class ProductSchemes:
    """A book's products and the scheme each leads to."""

    names: tuple[str, ...]
    schemes: tuple[Scheme, ...]

    @classmethod
    def of(cls, products: Mapping[str, Product]) -> ProductSchemes:
        """The schemes of products under the names loans use.

        :raises Refused: a jurisdiction or kind without a scheme.
        """
        return cls(tuple(products), tuple(scheme_of(each) for each in products.values()))


class Rows:
    """Days, schemes and, on demand, whatever else a rule needs of the chunk."""

    def __init__(
        self,
        today: int,
        loans: pa.Table,
        positions: Mapping[str, Column],
        standing: Mapping[str, Column],
        scheme: Bytes,
    ) -> None:
        self.today, self.loans, self.positions, self.standing, self.scheme = today, loans, positions, standing, scheme
        self.days: Ints = flat(positions["days_past_due"]).to_numpy()
        self.is_chinese: Flags = scheme <= Scheme.CN_CARD

    def longs(self, name: str) -> Longs:
        result: Longs = flat(self.positions[name]).to_numpy()
        return result

    def day_of(self, name: str) -> Ints | None:
        """Day numbers of a date column, MISSING where null; None when there are no dates at all."""
        if name in self.standing:
            column = flat(self.standing[name])
        elif name in self.loans.column_names:
            column = flat(self.loans[name])
        else:
            return None
        if column.null_count == len(column):
            return None
        result: Ints = column.cast(pa.int32()).fill_null(MISSING).to_numpy()
        return result

    def has_happened(self, name: str) -> Flags:
        days = self.day_of(name)
        return np.zeros(len(self.days), np.bool_) if days is None else (days != MISSING) & (days <= self.today)

    def flag(self, name: str) -> Flags | None:
        """A fact of yes or no; None when nobody has it."""
        if name not in self.loans.column_names:
            return None
        column = flat(self.loans[name])
        if pa.types.is_boolean(column.type):
            result: Flags = column.fill_null(False).to_numpy(zero_copy_only=False)
            return result
        words = column if isinstance(column, pa.DictionaryArray) else column.cast(pa.string()).dictionary_encode()
        known = words.dictionary.to_pylist()
        for word in known:
            if str(word).strip().lower() not in FLAG_WORDS:
                raise ValueError(
                    f"loans.{name}: {word!r} is not yes or no; accepted: {', '.join(filter(None, FLAG_WORDS))}"
                )
        values = np.array([FLAG_WORDS[str(word).strip().lower()] for word in known] + [False], np.bool_)
        marked: Flags = values[words.indices.fill_null(len(known)).to_numpy()]
        return marked

    def has_text(self, name: str) -> Flags | None:
        """Where a recorded reason is given; None when nobody has one."""
        if name not in self.loans.column_names:
            return None
        column = flat(self.loans[name])
        if column.null_count == len(column):
            return None
        text = column.cast(pa.string()).fill_null("")
        result: Flags = pc.not_equal(text, "").to_numpy(zero_copy_only=False)
        return result


def given_losses(loans: pa.Table) -> tuple[Longs, Flags] | None:
    """Expected losses given and where; None when there are none."""
    if "ecl_minor" not in loans.column_names:
        return None
    column = flat(loans["ecl_minor"]).cast(pa.int64())
    return column.fill_null(0).to_numpy(), column.is_valid().to_numpy(zero_copy_only=False)


def flat(column: Column) -> pa.Array:
    """The column in one piece."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def schemes(column: pa.ChunkedArray, products: ProductSchemes) -> Bytes:
    """The scheme of each loan, from its product's name.

    :raises KeyError: a product that is not among ``products``.
    """
    encoded = flat(column)
    if not isinstance(encoded, pa.DictionaryArray):
        encoded = encoded.dictionary_encode()
    known = dict(zip(products.names, products.schemes, strict=True))
    lookup = np.array([known[name] for name in encoded.dictionary.to_pylist()], np.int8)
    result: Bytes = lookup[encoded.indices.to_numpy()]
    return result


def is_person(loans: pa.Table) -> Flags:
    """Where the debtor is known to be a natural person."""
    if "party_kind" not in loans.column_names:
        return np.zeros(loans.num_rows, np.bool_)
    column = flat(loans["party_kind"])
    words = column if isinstance(column, pa.DictionaryArray) else column.cast(pa.string()).dictionary_encode()
    values = np.array([word == PERSON for word in words.dictionary.to_pylist()] + [False], np.bool_)
    result: Flags = values[words.indices.fill_null(len(words.dictionary)).to_numpy()]
    return result
