"""Partial sums of a day: frames are added one after another, in bounded memory, and merge exactly.

Sums inside a frame are 128-bit and sums of sums are Python integers, so no book is large enough to
wrap a total.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import polars as pl

from mora.ageing.terms import BUCKETS
from mora.core.errors import BadInput
from mora.insight.columns import DRILLS, read_columns
from mora.insight.terms import NEW, NON_PERFORMING, Figures, LargeArrears, Standing

Groups = dict[tuple[str, str | None], Figures]
"""Figures by (currency, key)."""

_CELL = ("principal_before", "principal", "arrears_before", "arrears")
_LATE = pl.col("bucket") != BUCKETS[0]
_NON_PERFORMING = pl.col("risk_class").is_in(sorted(NON_PERFORMING)).fill_null(value=False)
_ON_BOOK = pl.col("standing") == Standing.ON_BOOK.value


def _wide(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Int128)


def _sums() -> list[pl.Expr]:
    """The figures, in the order of the fields of :class:`Figures`."""
    principal = _wide("outstanding_principal_minor")
    return [
        pl.len().alias("loans"),
        _LATE.sum().alias("late_loans"),
        _NON_PERFORMING.sum().alias("non_performing_loans"),
        _wide("arrears_minor").sum(),
        principal.sum().alias("principal_minor"),
        principal.filter(_LATE).sum().alias("late_principal_minor"),
        principal.filter(_NON_PERFORMING).sum().alias("non_performing_principal_minor"),
        _wide("provision_minor").sum(),
        pl.col("provision_minor").is_not_null().sum().alias("provided_loans"),
    ]


def _standing(as_of: date) -> pl.Expr:
    """A sold claim is sold whatever was written off before; a written-off one is not settled until nothing is owed."""
    owed = (pl.col("outstanding_principal_minor") > 0) | (pl.col("arrears_minor") > 0) | (pl.col("payoff_minor") > 0)
    return (
        pl.when(pl.col("sold_on") <= as_of)
        .then(pl.lit(Standing.SOLD.value))
        .when(~owed)
        .then(pl.lit(Standing.SETTLED.value))
        .when(pl.col("written_off_on") <= as_of)
        .then(pl.lit(Standing.WRITTEN_OFF.value))
        .otherwise(pl.lit(Standing.ON_BOOK.value))
    )


def read_day(frame: pl.DataFrame | pl.LazyFrame, as_of: date) -> pl.DataFrame:
    """A positions frame ready to be counted.

    :raises BadInput: a column is missing, a bucket is unknown, a loan comes twice, or rows are of another day.
    """
    where = f"positions of {as_of.isoformat()}"
    day = read_columns(frame.lazy(), where=where).with_columns(standing=_standing(as_of)).collect(engine="streaming")
    strange = day.get_column("bucket").unique().drop_nulls().to_list()
    strange = sorted(set(strange) - set(BUCKETS))
    if strange or day.get_column("bucket").null_count():
        raise BadInput(f"{where} has buckets {strange or ['(none)']}; accepted are {', '.join(BUCKETS)}")
    if day.get_column("loan_id").n_unique() != day.height:
        twice = day.filter(pl.col("loan_id").is_duplicated()).get_column("loan_id").min()
        raise BadInput(f"{where} has loan {twice!r} more than once; one row a loan is accepted")
    other = day.get_column("as_of").drop_nulls().unique().sort().to_list()
    if [found for found in other if found != as_of]:
        raise BadInput(f"{where} has rows of {other[0]} to {other[-1]}; only {as_of} is accepted")
    return day


class Tally:
    """Adds frames of one day (and of the day before) and remembers only sums.

    Each :meth:`add` takes a part of today's book and the same loans' part of the day before: parts
    may be anything that keeps a loan's two rows together, such as partitions by loan-id hash.
    """

    def __init__(self, as_of: date, previous_as_of: date | None, *, top: int = 20) -> None:
        self.as_of = as_of
        self.previous_as_of = previous_as_of
        self.top = top
        self.by: dict[str, Groups] = defaultdict(dict)
        self.total_before: Groups = {}
        self.cells: dict[tuple[str, str, str], tuple[int, ...]] = {}
        self.largest: dict[str, list[LargeArrears]] = defaultdict(list)
        self.present: set[str] = set()
        """Drill columns that came with any frame."""

    def add(self, today: pl.DataFrame | pl.LazyFrame, before: pl.DataFrame | pl.LazyFrame | None = None) -> None:
        """Count one part of the book.

        :raises BadInput: see :func:`read_day`.
        :raises ValueError: ``before`` is given though there is no previous day.
        """
        if before is not None and self.previous_as_of is None:
            raise ValueError("positions of a previous day need previous_as_of")
        self.present |= set(DRILLS) & set(today.lazy().collect_schema().names())
        day = read_day(today, self.as_of)
        on_book = day.filter(_ON_BOOK)
        for key in ("bucket", "risk_class", "ecl_stage", *DRILLS):
            if key not in DRILLS or key in self.present:
                _merge(self.by[key], _grouped(on_book, key))
        _merge(self.by["standing"], _grouped(day, "standing"))
        self._add_largest(on_book)
        if before is not None and self.previous_as_of is not None:
            previous = read_day(before, self.previous_as_of)
            _merge(self.total_before, _grouped(previous.filter(_ON_BOOK), "standing"))
            self._add_cells(day, previous)

    def _add_largest(self, on_book: pl.DataFrame) -> None:
        leading = (
            on_book.filter(pl.col("arrears_minor") > 0)
            .sort("arrears_minor", "loan_id", descending=[True, False])
            .group_by("currency", maintain_order=True)
            .head(self.top)
        )
        for row in leading.iter_rows(named=True):
            self.largest[row["currency"]].append(
                LargeArrears(
                    loan_id=row["loan_id"],
                    product=row["product"],
                    branch=row["branch"],
                    days_past_due=row["days_past_due"],
                    bucket=row["bucket"],
                    risk_class=row["risk_class"],
                    oldest_unpaid_due_on=row["oldest_unpaid_due_on"],
                    arrears_minor=row["arrears_minor"],
                    principal_minor=row["outstanding_principal_minor"],
                )
            )
        for currency, loans in self.largest.items():
            self.largest[currency] = sorted(loans, key=lambda loan: (-loan.arrears_minor, loan.loan_id))[: self.top]

    def _add_cells(self, day: pl.DataFrame, previous: pl.DataFrame) -> None:
        # A loan whose currency was corrected overnight leaves one currency and is new in the other:
        # its two amounts cannot be subtracted, so currency is part of the join key.
        columns = ["loan_id", "currency", "bucket", "standing", "outstanding_principal_minor", "arrears_minor"]
        both = (
            previous.filter(_ON_BOOK)
            .select(columns)
            .join(day.select(columns), on=["loan_id", "currency"], how="full", coalesce=True, suffix="_today")
        )
        here_before, here_now = pl.col("bucket").is_not_null(), pl.col("standing_today") == Standing.ON_BOOK.value
        here_now = here_now.fill_null(value=False)
        amounts = {"principal": "outstanding_principal_minor", "arrears": "arrears_minor"}
        cells = (
            both.filter(here_before | here_now)
            .with_columns(
                origin=pl.when(here_before).then("bucket").otherwise(pl.lit(NEW)),
                target=pl.when(here_now)
                .then("bucket_today")
                .otherwise(pl.col("standing_today").fill_null(Standing.ABSENT.value)),
            )
            .group_by("currency", "origin", "target")
            .agg(
                pl.len().alias("loans"),
                *(_wide(column).filter(here_before).sum().alias(f"{n}_before") for n, column in amounts.items()),
                *(_wide(f"{column}_today").filter(here_now).sum().alias(n) for n, column in amounts.items()),
            )
        )
        for row in cells.iter_rows(named=True):
            key = (row["currency"], row["origin"], row["target"])
            had = self.cells.get(key, (0,) * (1 + len(_CELL)))
            add = (row["loans"], *(row[name] for name in _CELL))
            self.cells[key] = tuple(int(a) + int(b) for a, b in zip(had, add, strict=True))


def _grouped(frame: pl.DataFrame, key: str) -> Iterable[tuple[str, str | None, Figures]]:
    sums = frame.lazy().group_by("currency", pl.col(key).cast(pl.String)).agg(_sums()).collect()
    for currency, name, *figures in sums.iter_rows():
        yield currency, name, Figures(*(int(figure) for figure in figures))


def _merge(into: Groups, parts: Iterable[tuple[str, str | None, Figures]]) -> None:
    for currency, key, figures in parts:
        into[currency, key] = into.get((currency, key), Figures()) + figures
