"""One file's table through the door: batches in, staged rows and faults out.

Every row comes out, marked ``_bad`` when it has a fault: later steps must know which loan a bad row belonged to.
Staged columns carry plain names (``principal``); amounts are int64, in thousandths of the major unit where ``_milli``
is true (text: the currency is not known yet) and in minor units where it is false.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

import polars as pl

from mora.engine.door import accept
from mora.engine.door.diagnose import reason
from mora.engine.door.rows import rules_for
from mora.feeds import ROW, SHAPE, RawTable
from mora.feeds.columns import RESERVED, TABLES, Column, Kind
from mora.feeds.faults import RefusedBook, Told, refused

FAULTS_SCHEMA = {"row": pl.Int64, "place": pl.Int16, "code": pl.String, "column": pl.String, "value": pl.String,
                 "detail": pl.String}  # fmt: skip
"""One row a fault. ``place`` orders the faults of one row: the leftmost column's is told first."""

SYSTEM = {"_file": pl.UInt16(), "_row": pl.Int64(), "_bad": pl.Boolean(), "_milli": pl.Boolean()}
_SHOWN = 200
"""Characters of a value that a fault repeats."""


@dataclass(slots=True)
class Checked:
    """A batch that went through."""

    staged: pl.DataFrame
    faults: pl.DataFrame


def staged_schema(table: str, facts: tuple[str, ...] = ()) -> dict[str, pl.DataType]:
    """Columns of staged rows: the format's, the facts', and where each row came from."""
    spec = TABLES[table]
    return {c.name: accept.dtype(table, c) for c in spec.columns} | dict.fromkeys(facts, pl.String()) | SYSTEM


class Door:
    """What is known of one file once its header was read.

    :raises BadInput: the header cannot be used: a required column is missing, one appears twice, amounts are mixed.
    """

    def __init__(self, raw: RawTable, file_number: int) -> None:
        self.raw, self.spec, self.number = raw, TABLES[raw.table], file_number
        self.findings: list[Told] = []
        self.columns: dict[str, str] = {}
        """Format's name -> name in the file."""
        self.facts: tuple[str, ...] = ()
        self._read_header()
        amounts = [c.name for c in self.spec.columns if c.kind is Kind.AMOUNT and c.name in self.columns]
        typed = [name for name in amounts if self.columns[name].endswith("_minor")]
        if typed and len(typed) < len(amounts):
            self._refuse("BOOK.MIXED_TYPES", detail=", ".join(self.columns[name] for name in amounts))
        self.milli = not typed
        self.high_rates = 0

    def check(self, batch: pl.DataFrame) -> Checked:
        """Read a batch: every row staged, every fault told."""
        given = [c for c in self.spec.columns if c.name in self.columns]
        self._refuse_types(batch, given)
        raw = batch.select(
            pl.col(ROW).cast(pl.Int64).alias("_row"),
            *(self._as_given(batch.schema[self.columns[c.name]], c).alias(c.name) for c in given),
            *(
                accept.tidy(fact) if batch.schema[fact] == pl.String else pl.col(fact).cast(pl.String)
                for fact in self.facts
            ),
        )
        values = raw.select(
            accept.read_text(self.raw.table, c) if raw.schema[c.name] == pl.String else accept.read_typed(c)
            for c in given
        )
        faults = _Faults(raw)
        columns = []
        for place, column in enumerate(given):
            columns.append(self._settle(place, column, raw[column.name], values[column.name], faults))
        read = pl.DataFrame(columns)
        if SHAPE in batch.columns:
            faults.shape(batch[SHAPE])
        for rule in rules_for(self.raw.table, frozenset(self.columns)):
            faults.rule(rule, read)
        if self.raw.table == "loans":
            self.high_rates += int((read["annual_rate"] >= 10**12).sum())
        told = faults.frame()
        bad = raw["_row"].is_in(told["row"].unique().implode()) if len(told) else pl.repeat(False, len(raw), eager=True)
        defaults = (
            [pl.lit(1, pl.Int32).alias("version")] if self.raw.table == "schedule" and "version" not in read else []
        )
        staged = read.with_columns(
            *defaults,
            *(raw[fact] for fact in self.facts),
            raw["_row"],
            pl.lit(self.number, pl.UInt16).alias("_file"),
            bad.alias("_bad"),
            pl.lit(self.milli).alias("_milli"),
        )
        if self.raw.table == "schedule":
            staged = staged.with_columns(pl.col("version").fill_null(1))
        return Checked(staged, told)

    def _settle(self, place: int, column: Column, raw: pl.Series, value: pl.Series, faults: _Faults) -> pl.Series:
        """The final column: second look at what was not read, faults for what still is not."""
        if value.dtype == pl.Decimal:
            value = accept.whole(value)
        unread = value.is_null()
        if not unread.any():
            return value.alias(column.name)
        given = raw.is_not_null()
        if column.required and not given.all():
            faults.cells(place, column.name, ~given, "BOOK.MISSING_VALUE")
        lost = unread & given
        if not lost.any():
            return value.alias(column.name)
        where = lost.arg_true()
        texts = raw.gather(where)
        if raw.dtype == pl.String and (again := accept.second_look(column, texts)) is not None:
            value = value.scatter(where, again) if len(again) else value
            where = where.filter(again.is_null())
            texts = raw.gather(where)
        faults.reasons(place, column, where, texts)
        return value.alias(column.name)

    def _as_given(self, dtype: pl.DataType, column: Column) -> pl.Expr:
        """The column as text to read, or as it is when its type already says what it is."""
        name = self.columns[column.name]
        if dtype == pl.String:
            return accept.tidy(name)
        if dtype in (pl.Categorical, pl.Enum):
            return pl.col(name).cast(pl.String)
        if column.kind in (Kind.ID, Kind.TEXT, Kind.CHOICE, Kind.CURRENCY) or isinstance(dtype, pl.Decimal):
            return pl.col(name).cast(pl.String)
        return pl.col(name)

    def _refuse_types(self, batch: pl.DataFrame, given: list[Column]) -> None:
        for column in given:
            name = self.columns[column.name]
            dtype = batch.schema[name]
            if column.kind in (Kind.AMOUNT, Kind.RATE) and dtype.is_float():
                self._refuse("BOOK.FLOAT", column=name, detail=str(dtype))
            if not _fits(column.kind, dtype, suffixed=name != column.name):
                self._refuse("BOOK.TYPE", column=name, detail=str(dtype))

    def _read_header(self) -> None:
        names = self.raw.columns
        for name in names:
            if names.count(name) > 1:
                self._refuse("BOOK.DUPLICATE_COLUMN", column=name)
        for column in self.spec.columns:
            for name in dict.fromkeys((column.typed_name, column.name)):
                if name in names:
                    if column.name in self.columns:
                        self._refuse("BOOK.DUPLICATE_COLUMN", column=column.name)
                    self.columns[column.name] = name
        extra = [name for name in names if name not in self.columns.values()]
        missing = [name for name in self.spec.required if name not in self.columns]
        if missing:
            faults = []
            for name in missing:
                close = _nearest(name, extra)
                hint = f"；是否写成了 {close}？|; is it the column {close}?" if close else ""
                faults.append(Told("BOOK.MISSING_COLUMN", file=self.raw.file, row=1, column=name, detail=hint))
            raise RefusedBook(*faults)
        absent = [c.name for c in self.spec.columns if not c.required and c.name not in self.columns]
        kept = []
        for name in extra:
            close = _nearest(name, absent)
            hint = f"；是否应为 {close}？|; should it be {close}?" if close else ""
            if name in RESERVED or name.startswith("_") or not name:
                code = "BOOK.RESERVED_COLUMN"
            elif self.raw.table == "loans":
                kept.append(name)
                code = "BOOK.FACT_COLUMN"
            else:
                code = "BOOK.EXTRA_COLUMN"
            if code != "BOOK.FACT_COLUMN" or hint:
                self.findings.append(Told(code, file=self.raw.file, row=1, column=name, detail=hint))
        self.facts = tuple(kept)

    def _refuse(self, code: str, *, column: str = "", detail: str = "") -> None:
        raise refused(code, file=self.raw.file, column=column, detail=detail)


def _fits(kind: Kind, dtype: pl.DataType, *, suffixed: bool) -> bool:
    """Whether a column of that type can hold that kind; ``suffixed``: its name ends in ``_minor`` or ``_e12``."""
    if dtype == pl.Null:
        return True
    if dtype in (pl.String, pl.Categorical, pl.Enum):
        return not suffixed
    match kind:
        case Kind.AMOUNT | Kind.RATE:
            return dtype.is_integer() if suffixed else isinstance(dtype, pl.Decimal)
        case Kind.DATE:
            return dtype == pl.Date
        case Kind.INSTANT:
            return isinstance(dtype, pl.Datetime) and dtype.time_zone is not None
        case Kind.NUMBER:
            return dtype.is_integer()
        case _:
            return dtype.is_integer() or dtype == pl.Boolean


def _nearest(name: str, others: list[str]) -> str:
    plain = {_plain(other): other for other in others}
    close = get_close_matches(_plain(name), plain, n=1, cutoff=0.7)
    return plain[close[0]] if close else ""


def _plain(name: str) -> str:
    return name.lower().replace(" ", "").replace("_", "").removesuffix("minor").removesuffix("e12")


class _Faults:
    """Faults of one batch as they are found."""

    def __init__(self, raw: pl.DataFrame) -> None:
        self.raw, self.found = raw, [pl.DataFrame(schema=FAULTS_SCHEMA)]

    def shape(self, why: pl.Series) -> None:
        where = why.is_not_null()
        if where.any():
            rows, details = self.raw["_row"].filter(where), why.filter(where)
            self._add(-1, rows, "BOOK.FIELDS", "", pl.repeat("", len(rows), eager=True), details)

    def cells(self, place: int, column: str, where: pl.Series, code: str) -> None:
        rows = self.raw["_row"].filter(where)
        blank = pl.repeat("", len(rows), eager=True)
        self._add(place, rows, code, column, blank, blank)

    def reasons(self, place: int, column: Column, where: pl.Series, texts: pl.Series) -> None:
        """Ask the plain words about each cell; each different text once."""
        if not len(where):
            return
        if texts.dtype == pl.String:
            known = {text: reason(column, text) for text in texts.unique().to_list()}
        else:
            known = {value: _out_of_range(column.kind) for value in texts.unique().to_list()}
        told = [known[text] or ("BOOK.DATE", "") for text in texts.to_list()]
        self.found.append(pl.DataFrame({
            "row": self.raw["_row"].gather(where),
            "place": pl.repeat(place, len(where), dtype=pl.Int16, eager=True),
            "code": [code for code, _ in told],
            "column": pl.repeat(column.name, len(where), eager=True),
            "value": texts.cast(pl.String).str.slice(0, _SHOWN),
            "detail": [detail for _, detail in told],
        }))  # fmt: skip

    def rule(self, rule: object, read: pl.DataFrame) -> None:
        """One cross-column rule; see :mod:`mora.engine.door.rows`."""
        broken = read.select(rule.broken.fill_null(False).alias("broken"))["broken"]  # type: ignore[attr-defined]
        if not broken.any():
            return
        told = self.raw.filter(broken)
        values = told[rule.column].cast(pl.String).fill_null("").str.slice(0, _SHOWN)  # type: ignore[attr-defined]
        details = read.filter(broken).select(rule.detail.cast(pl.String).fill_null("").alias("detail"))["detail"]  # type: ignore[attr-defined]
        if len(details) != len(told):
            details = pl.repeat(details[0], len(told), eager=True)
        self._add(50, told["_row"], rule.code, rule.column, values, details)  # type: ignore[attr-defined]

    def _add(self, place: int, rows: pl.Series, code: str, column: str, values: pl.Series, details: pl.Series) -> None:
        self.found.append(pl.DataFrame({"row": rows, "value": values, "detail": details}).with_columns(
            pl.lit(place, pl.Int16).alias("place"), pl.lit(code).alias("code"), pl.lit(column).alias("column"),
        ).select(*FAULTS_SCHEMA))  # fmt: skip

    def frame(self) -> pl.DataFrame:
        return pl.concat(self.found)


def _out_of_range(kind: Kind) -> tuple[str, str]:
    code = {Kind.DATE: "BOOK.DATE_RANGE", Kind.INSTANT: "BOOK.INSTANT", Kind.NUMBER: "BOOK.NUMBER",
            Kind.RATE: "BOOK.RATE_PERCENT"}.get(kind, "BOOK.AMOUNT_HUGE")  # fmt: skip
    return code, ""
