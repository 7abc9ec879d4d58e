"""The work of one import, from headers to files on disk; nothing here is seen until the commit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from mora.engine.book import parties_in_loans
from mora.engine.book.base import InPlace, SplitAnew, bounds
from mora.engine.book.columns import COUNTS
from mora.engine.book.faultlog import FaultLog, Tally
from mora.engine.book.fold import Circumstances, fold_partition
from mora.engine.book.manifest import LOAN_TABLES, ROW_GROUP_LOANS, SINGLE_TABLES, Book
from mora.engine.book.partition import Buckets, cuts_of, partitions_for, partitions_of
from mora.engine.book.people import write_people
from mora.engine.book.product_terms import ProductTerms
from mora.engine.book.stage import Stage
from mora.engine.book.write import sync, write_loans
from mora.engine.door.table import Door, staged_schema
from mora.feeds import RawBook
from mora.feeds.columns import TABLES
from mora.feeds.faults import Told, refused

Mark = tuple[str, dict[str, str]]
"""The import's fingerprint, and sha256 of each file by its place."""


class Work:
    """State of an import as it goes."""

    def __init__(
        self, raw: RawBook, book: Book, folder: Path, mark: Mark,
        progress: Callable[[str, int, int | None], None], hook: Callable[[str], None],
    ) -> None:  # fmt: skip
        self.raw, self.book, self.folder, self.mark, self.progress, self.hook = raw, book, folder, mark, progress, hook
        self.generation = book.generation + 1
        self.log = FaultLog()
        self.tallies = {table: Tally() for table in TABLES if any(r.table == table for r in raw.tables)}
        self.terms = ProductTerms(raw, book)
        self.doors = [Door(table, number) for number, table in enumerate(raw.tables)]
        if not book.generation and "loans" not in self.tallies:
            raise refused("BOOK.NO_LOANS")
        self.warnings: list[Told] = [*raw.findings, *(told for door in self.doors for told in door.findings)]
        own_facts = (fact for door in self.doors for fact in door.facts)
        self.facts = tuple(dict.fromkeys([*book.facts, *own_facts]))
        self.partitions = 0
        self.files: dict[str, Any] = {}
        self.groups: dict[int, list[int]] = {}
        self.split_anew: SplitAnew | None = None
        self.stages: dict[str, Stage] = {}
        self.touched: dict[int, list[pl.Series]] = {}
        """By partition: loan ids that were touched; an id may stand there several times."""
        self.unresolved: list[pl.DataFrame] = []

    def run(self) -> None:
        """Steps 4 to 6 of an import."""
        self._stage_loans()
        self._cut()
        for table in TABLES:
            if table != "loans":
                self._stage(table)
        self.hook("staged")
        if self.split_anew:
            self.split_anew.split_rows(self.buckets)
        tallies = {table: self.tallies.get(table, Tally()) for table in LOAN_TABLES}
        around = Circumstances(self.facts, self._given(), self.terms.names, [r.file for r in self.raw.tables],
                               len(self.book.imports) + 1, self.log, tallies)  # fmt: skip
        for table in LOAN_TABLES:
            held = self.book.files.get(table) if self.split_anew is None else None
            self.files[table] = list(held) if held else [None] * self.partitions
        fresh = self._fold_all(around)
        parties_changed = self._people(around)
        self.hook("people")
        self._finish_loans(fresh, parties_changed)
        by_terms = self.terms.touched()
        where = self.by_hash(by_terms)
        for part in np.unique(where).tolist():
            self.touched.setdefault(part, []).append(by_terms.filter(pl.Series(where == part)))

    def changes(self) -> bool:
        """Whether the book will be other than it is."""
        return self.files != self.book.files or self.terms.text != self.book.products

    # --- staging

    def _stage_loans(self) -> None:
        """Loans decide how many partitions there are, so they are counted before they are split."""
        schema = staged_schema("loans", self.facts)
        one = Stage(self.folder, "loans-all", schema, 1, "loan_id", lambda ids: np.zeros(len(ids), dtype=np.int64))
        self._read("loans", one)
        in_book = self.book.counts.get("loans", 0)
        self.partitions = partitions_for(max(in_book, one.rows), self.book.partitions)
        self.by_hash = partial(partitions_of, partitions=self.partitions)
        if self.book.partitions not in (0, self.partitions):
            self.split_anew = SplitAnew(self.book, self.folder, self.partitions)
        if self.partitions == 1:
            self.stages["loans"] = one
            return
        stage = self.stages["loans"] = Stage(self.folder, "loans", schema, self.partitions, "loan_id", self.by_hash)
        for batch in one.batches(0):
            stage.add(batch)
        stage.close()
        one.drop(0)

    def _cut(self) -> None:
        """Cut each partition into runs of loans, the book's and the new ones together."""
        cuts = []
        for part in range(self.partitions):
            ids = [batch["loan_id"] for batch in self.stages["loans"].batches(part)]
            if self.split_anew:
                ids += [batch["loan_id"] for batch in self.split_anew.loans.batches(part)]
            elif self.book.generation:
                ids.append(pl.read_parquet(self.book.loans_file(part), columns=["loan_id"])["loan_id"])
            cuts.append(cuts_of(pl.concat([pl.Series("loan_id", [], dtype=pl.String), *ids]), ROW_GROUP_LOANS))
        self.buckets = Buckets(cuts)

    def _stage(self, table: str) -> None:
        if table in LOAN_TABLES:
            stage = Stage(self.folder, table, staged_schema(table), len(self.buckets), "loan_id", self.buckets.of)
        else:
            key = "loan_id" if table == "roles" else "party_id"
            stage = Stage(self.folder, table, staged_schema(table), self.partitions, key, self.by_hash)
        self.stages[table] = stage
        self._read(table, stage)

    def _read(self, table: str, stage: Stage) -> None:
        for door in self.doors:
            if door.raw.table != table:
                continue
            for batch in door.raw.batches():
                checked = door.check(batch)
                stage.add(checked.staged)
                self.log.from_door(door.number, checked.faults)
                self.progress(table, len(batch), door.raw.rows)
            if door.high_rates:
                self.warnings.append(
                    Told("BOOK.RATE_HIGH", file=door.raw.file, column="annual_rate", value=str(door.high_rates))
                )
        stage.close()

    def _given(self) -> dict[str, dict[str, list[int]]]:
        """Which files may set which optional column: those that have it and did not come before.

        An old file brought again may fill gaps, but does not turn back facts that a later one set.
        """
        came = {sha for done in self.book.imports for sha in done["files"].values()}
        new = [door for door in self.doors if self.mark[1].get(door.raw.file, "") not in came]
        out: dict[str, dict[str, list[int]]] = {}
        for table, spec in TABLES.items():
            names = [c.name for c in spec.columns if c.name not in spec.key]
            names += self.facts if table == "loans" else ()
            out[table] = {
                name: [d.number for d in new if d.raw.table == table and (name in d.columns or name in d.facts)]
                for name in names
            }
        return out

    # --- partitions

    def _fold_all(self, around: Circumstances) -> bool:
        """Fold every partition that got rows; loans wait in the work folder. Whether there are new loans."""
        fresh = False
        always = self.split_anew is not None or not self.book.generation
        new_facts = self.facts != self.book.facts
        self.ids = Stage(self.folder, "ids", {"loan_id": pl.String()}, self.partitions, "loan_id", self.by_hash)
        for part in range(self.partitions):
            self.progress("partitions", 1, self.partitions)
            if not (self._got(part) or always or new_facts):
                if self.stages["roles"].rows:
                    self.ids.add(pl.read_parquet(self.book.loans_file(part), columns=["loan_id"]))
                continue
            names = {t: f"data/{t}-p{part:03d}-g{self.generation}.parquet" for t in LOAN_TABLES}
            (self.book.path / "data").mkdir(parents=True, exist_ok=True)
            mine = self.buckets.of_partition(part)
            base = self.split_anew.partition(part, mine) if self.split_anew else InPlace(self.book, part)
            folded = fold_partition(
                base, self.stages["loans"].read(part), partial(self._take, mine),
                bounds(self.buckets.cuts[part]), around, {t: self.book.path / name for t, name in names.items()},
                brought=self._brought(part), always=always,
            )  # fmt: skip
            self.stages["loans"].drop(part)
            self.ids.add(folded.loans.select("loan_id"))
            self.unresolved.append(folded.unresolved)
            self.touched.setdefault(part, []).append(folded.touched)
            for table in folded.written:
                self.files[table][part] = names[table]
            if len(folded.touched) or always or new_facts:
                self.folder.mkdir(parents=True, exist_ok=True)  # no table may have brought a row
                folded.loans.write_ipc(self._waiting(part), compression="lz4")
                if folded.written:
                    self.groups[part] = folded.groups
                fresh |= folded.fresh
            self.hook(f"folded {part}")
        self.ids.close()
        return fresh

    def _got(self, part: int) -> bool:
        return self.stages["loans"].has(part) or bool(self._brought(part))

    def _brought(self, part: int) -> frozenset[str]:
        """Which of schedule and postings brought rows for the partition."""
        buckets = self.buckets.of_partition(part)
        return frozenset(t for t in ("schedule", "postings") if any(self.stages[t].has(b) for b in buckets))

    def _take(self, buckets: range, table: str, number: int) -> pl.DataFrame:
        """A bucket's staged rows, and their disk freed."""
        bucket = buckets[number]
        rows = self.stages[table].read(bucket)
        self.stages[table].drop(bucket)
        return rows

    def _groups(self, part: int) -> list[int]:
        """Loans in each row group of the partition: as folded now, or as the book has them."""
        if part not in self.groups:
            held = pq.read_metadata(self.book.loans_file(part))
            self.groups[part] = [held.row_group(g).num_rows for g in range(held.num_row_groups)]
        return self.groups[part]

    def _waiting(self, part: int) -> Path:
        return self.folder / f"loans-done-p{part:03d}.arrow"

    def _loans(self, part: int, columns: list[str] | None = None) -> pl.DataFrame:
        """The partition's loans as they stand in this import."""
        if self._waiting(part).exists():
            return pl.read_ipc(self._waiting(part), columns=columns)
        return pl.read_parquet(self.book.loans_file(part), columns=columns)

    def _people(self, around: Circumstances) -> bool:
        """Merge the three people tables; whether parties changed."""
        changed = False
        for table in SINGLE_TABLES:
            self.files[table] = self.book.files.get(table)
            base = self.split_anew.people.get(table) if self.split_anew else None
            if not self.stages[table].rows and base is None:
                continue
            name = f"data/{table}-g{self.generation}.parquet"
            ids = self.ids if table == "roles" else None
            tally = self.tallies.get(table, Tally())
            target = self.book.path / name
            if write_people(table, self.stages[table], base, self.book, target, around.given[table], ids,
                            around.places, self.log, tally):  # fmt: skip
                sync(target)
                self.files[table] = name
                changed |= table == "parties"
        return changed

    def _finish_loans(self, fresh: bool, parties_changed: bool) -> None:
        """Write the loans of every partition that changed, once the debtors of the whole book are known."""
        settle = fresh or parties_changed or self.split_anew is not None
        parts = range(self.partitions)
        parties = self.book.path / str(self.files["parties"]) if self.files["parties"] else None
        linked = (
            parties_in_loans.linked_parties(self._loans(p, ["party_id"])["party_id"] for p in parts) if settle else None
        )
        for part in parts:
            waiting = self._waiting(part).exists()
            if not (settle or waiting):
                continue
            before = self._loans(part)
            loans = before
            if waiting or parties_changed:
                loans = parties_in_loans.with_parties(loans, parties)
            if linked is not None:
                loans = parties_in_loans.with_links(loans, linked)
            if not waiting and loans.equals(before):
                continue
            if not waiting or self.book.generation:
                self.touched.setdefault(part, []).append(_differing(before, loans))
            order = [c for c in loans.columns if c not in COUNTS]
            name = f"data/loans-p{part:03d}-g{self.generation}.parquet"
            write_loans(self.book.path / name, loans.select(*order, *COUNTS), self._groups(part))
            self.files["loans"][part] = name
            self.hook(f"loans {part}")


def _differing(before: pl.DataFrame, after: pl.DataFrame) -> pl.Series:
    """Ids of loans whose party's kind or region, or links, became others."""
    columns = ("party_kind", "region", "flags")
    differs = pl.any_horizontal(~pl.col(c).eq_missing(after[c].alias("_" + c)) for c in columns)
    return before.select("loan_id", differs.alias("differs")).filter("differs")["loan_id"]
