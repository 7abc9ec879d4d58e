"""What the hot partition holds after a run, and where it is written down."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import date

import numpy as np
import polars as pl
import pyarrow as pa

from mora.engine.book.manifest import Book
from mora.engine.book.manifest import replace as replace_file
from mora.engine.hot.calendar import Days

FOLDER = "hot"


@dataclass(slots=True)
class Hot:
    """The state after the run of ``as_of``."""

    as_of: str
    until: str
    """First day it cannot serve: due dates from then on are not held."""
    generation: int
    """Of the book it was made from."""
    held: list[str] = field(default_factory=list)
    """Files read every day."""
    due: dict[str, str] = field(default_factory=dict)
    """Coming due date -> file of the loans that rest until then."""


@dataclass(slots=True)
class Kept:
    """A state with its arrays."""

    hot: Hot
    next_on: dict[str, Days]
    """For each held file, the next day of each of its loans, in the file's order."""
    superseded: pl.Series
    """Loans of the due files whose rows have since been taken over elsewhere."""

    def take_in(self, come: list[str], touched: list[str], moved: pa.Array, as_of: date) -> None:
        """From now on hold the due files that have come and the files of touched loans.

        :param moved: the touched loans.
        """
        hot, today = self.hot, as_of.isoformat()
        due = {day: name for day, name in hot.due.items() if day > today}
        self.hot = replace(hot, held=[*hot.held, *come, *touched], due=due)
        self.superseded = pl.concat([self.superseded, pl.Series("loan_id", moved, pl.String)]).unique(
            maintain_order=True
        )


def load(book: Book, as_of: str) -> Kept | None:
    """The state after the run of ``as_of``; None when none was kept."""
    path = book.path / FOLDER / f"{as_of}.json"
    days, ids = path.with_suffix(".days.parquet"), path.with_suffix(".superseded.parquet")
    if not (path.is_file() and days.is_file() and ids.is_file()):
        return None
    hot = Hot(**json.loads(path.read_text(encoding="utf-8")))
    table = pl.read_parquet(days)
    next_on = {name: np.zeros(0, np.int32) for name in hot.held}
    next_on |= {
        str(name[0]): part["next_on"].to_numpy().copy() for name, part in table.group_by(["file"], maintain_order=True)
    }
    return Kept(hot, next_on, pl.read_parquet(ids)["loan_id"])


def save(book: Book, kept: Kept) -> None:
    """Write a state; the list comes last, so a state that can be read is whole."""
    folder = book.path / FOLDER
    folder.mkdir(exist_ok=True)
    path = folder / f"{kept.hot.as_of}.json"
    empty = pl.DataFrame(schema={"file": pl.String, "next_on": pl.Int32})
    parts = [
        pl.DataFrame({"next_on": days}).select(file=pl.lit(name), next_on="next_on")
        for name, days in kept.next_on.items()
    ]
    pl.concat([empty, *parts]).write_parquet(path.with_suffix(".days.parquet"), compression="zstd", compression_level=1)
    kept.superseded.rename("loan_id").to_frame().write_parquet(path.with_suffix(".superseded.parquet"))
    replace_file(path, json.dumps(asdict(kept.hot), indent=1))


def forget(book: Book, as_of: str) -> None:
    """Take away the states of ``as_of`` and later days: the files they name are about to be written over."""
    for path in (book.path / FOLDER).glob("*.json"):
        if path.stem >= as_of:
            path.unlink()


def sweep(book: Book, states: list[str]) -> None:
    """Remove what none of these states names."""
    folder = book.path / FOLDER
    if not folder.is_dir():
        return
    named: set[str] = set(states)
    oldest = book.generation
    for as_of in states:
        kept = load(book, as_of)
        if kept is not None:
            named |= {*kept.hot.held, *kept.hot.due.values()}
            oldest = min(oldest, kept.hot.generation)
    named |= {f"touched-g{each}" for each in range(oldest + 1, book.generation + 1)}
    for path in folder.iterdir():
        if path.name.split(".")[0] not in named:
            path.unlink()
