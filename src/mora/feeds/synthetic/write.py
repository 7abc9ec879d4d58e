"""Write a whole synthetic book: parts in any order, on as many processes as wanted, the same bytes each time.

The book is made beside its place (``DIR.partial``) and moved there when complete, so a killed
run leaves nothing that looks like a book.
"""

from __future__ import annotations

import json
import multiprocessing
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

from mora.core.dates import day_number, from_day_number
from mora.core.errors import Refused
from mora.feeds.synthetic.block import LOANS_PER_BLOCK, Block, make_block
from mora.feeds.synthetic.files import Form, TableFile

FEWEST, MOST = 100, 10_000_000
BLOCKS_PER_PART = 8
"""A part file holds up to eight blocks, 100,000 loans."""
CSV_UP_TO = 20_000
MOST_DAYS = 400
DEFAULT_AS_OF = date(2026, 11, 20)
TABLES = ("loans", "schedule", "postings", "parties", "roles", "contact_points")
LABEL = "synthetic.json"

NOTICE = """\
合成数据 SYNTHETIC DATA

本目录中的贷款、人员、公司、证件号码与联系方式全部由 mora synth 按种子随机生成，均为虚构，
不对应任何真实的人、机构或账户；号码与地址有意设为不可分配、不可送达。请勿据此联系任何人。

Every loan, person, company, identity number and contact point in this directory was made up by
mora synth from a seed. None belongs to a real person, organisation or account; numbers and
addresses are chosen so that nobody can have them. Do not try to contact anybody with them.
"""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for."""

    loans: int
    seed: int = 1
    as_of: date = DEFAULT_AS_OF
    days: int = 0
    """Days after ``as_of`` that get a directory of their own."""
    form: Form | None = None
    """None: CSV up to CSV_UP_TO loans, Parquet above."""

    def check(self) -> None:
        """:raises Refused: when the order cannot be filled."""
        if not FEWEST <= self.loans <= MOST:
            raise Refused(
                f"a synthetic book has {FEWEST:,} to {MOST:,} loans, not {self.loans:,}",
                zh=f"合成账簿的贷款笔数应为 {FEWEST:,} 至 {MOST:,}，而不是 {self.loans:,}",
            )
        if not 0 <= self.seed < 2**64:
            raise Refused(
                f"seed {self.seed} is not between 0 and 2**64 - 1", zh=f"随机种子 {self.seed} 不在 0 至 2**64 - 1 之间"
            )
        if not 0 <= self.days <= MOST_DAYS:
            raise Refused(
                f"days after the as-of date: 0 to {MOST_DAYS}, not {self.days}",
                zh=f"其后天数应为 0 至 {MOST_DAYS}，而不是 {self.days}",
            )
        if not date(1990, 1, 1) <= self.as_of <= date(2150, 1, 1):
            raise Refused(
                f"as-of date {self.as_of} is not between 1990-01-01 and 2150-01-01",
                zh=f"截止日 {self.as_of} 不在 1990-01-01 至 2150-01-01 之间",
            )

    @property
    def written_as(self) -> Form:
        """The form chosen."""
        return self.form or (Form.CSV if self.loans <= CSV_UP_TO else Form.PARQUET)

    @property
    def blocks(self) -> int:
        """How many blocks the book has."""
        return -(-self.loans // LOANS_PER_BLOCK)

    def block(self, number: int) -> Block:
        """Make one block."""
        loans = min(LOANS_PER_BLOCK, self.loans - number * LOANS_PER_BLOCK)
        return make_block(self.seed, number, loans, day_number(self.as_of), self.days)

    def dates_after(self) -> list[date]:
        """The days that get a directory."""
        return [from_day_number(day_number(self.as_of) + 1 + d) for d in range(self.days)]


def write_book(
    order: Order, out: Path, *, jobs: int = 1, progress: Callable[[int], None] | None = None
) -> dict[str, int]:
    """Write the book and return its row counts by table (``daily`` for the postings of later days).

    :param out: directory; must not exist or be empty.
    :param jobs: processes (Parquet only; CSV files are written in one go).
    :param progress: called with the number of loans just finished.
    :raises Refused: bad order, or ``out`` is in use.
    """
    order.check()
    out = out.absolute()
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Refused(
            f"{out} is not an empty directory; choose another --out or remove it first",
            zh=f"{out} 不是空目录；请换一个 --out，或先移走它",
        )
    staging = out.with_name(out.name + ".partial")
    if staging.exists():
        _remove_leftover(staging)
    staging.mkdir(parents=True)
    for directory in [staging, *(staging / _day_name(day) for day in order.dates_after())]:
        directory.mkdir(exist_ok=True)
        (directory / "SYNTHETIC.txt").write_text(NOTICE, encoding="utf-8")
    (staging / "products.yaml").write_bytes(files(__package__).joinpath("products.yaml").read_bytes())

    rows: Counter[str] = Counter()
    for loans, counts in _write_parts(order, staging, jobs):
        rows.update(counts)
        if progress is not None:
            progress(loans)
    for day in order.dates_after():
        _label(staging / _day_name(day), order, {"day": day.isoformat()})
    _label(staging, order, {"rows": {name: rows[name] for name in (*TABLES, "daily")}})
    if out.exists():
        out.rmdir()
    staging.rename(out)
    return dict(rows)


def _remove_leftover(staging: Path) -> None:
    """Remove what a killed run left; refuse anything that is not plainly that."""
    if not (staging / "SYNTHETIC.txt").exists() and any(staging.iterdir()):
        raise Refused(
            f"{staging} is in the way and was not made by mora synth; move it first",
            zh=f"{staging} 已存在，且不是 mora synth 所建；请先移走它",
        )
    shutil.rmtree(staging)


def _write_parts(order: Order, directory: Path, jobs: int) -> Iterator[tuple[int, dict[str, int]]]:
    """Loans done and rows written, piece by piece."""
    one_file = order.written_as is Form.CSV or order.blocks <= BLOCKS_PER_PART
    size = order.blocks if one_file else BLOCKS_PER_PART
    parts = [
        (order, directory, "" if one_file else f"-{at // size + 1:04d}", range(at, min(at + size, order.blocks)))
        for at in range(0, order.blocks, size)
    ]
    if jobs <= 1 or len(parts) == 1:
        for part in parts:
            yield from write_part(*part)
        return
    # A fresh interpreter for each process: forking one that already runs threads can hang.
    with multiprocessing.get_context("spawn").Pool(min(jobs, len(parts))) as pool:
        for done in pool.imap_unordered(_write_part, parts):
            yield from done


def _write_part(part: tuple[Order, Path, str, range]) -> list[tuple[int, dict[str, int]]]:
    return list(write_part(*part))


def write_part(order: Order, directory: Path, part: str, blocks: range) -> Iterator[tuple[int, dict[str, int]]]:
    """Write the files of some blocks; yields (loans, rows by table) after each block."""
    form = order.written_as
    with ExitStack() as stack:
        tables = {name: stack.enter_context(TableFile(directory, name, part, form)) for name in TABLES}
        daily = [
            stack.enter_context(TableFile(directory / _day_name(day), "postings", part, form))
            for day in order.dates_after()
        ]
        for number in blocks:
            block = order.block(number)
            for name, rows in block.tables.items():
                tables[name].write(rows)
            for file, rows in zip(daily, block.daily, strict=True):
                file.write(rows)
            counts = {name: rows.num_rows for name, rows in block.tables.items()}
            yield counts["loans"], counts | {"daily": sum(rows.num_rows for rows in block.daily)}


def _day_name(day: date) -> str:
    return f"day-{day.isoformat()}"


def _label(directory: Path, order: Order, more: dict[str, object]) -> None:
    """What an import copies into the book, so that nobody takes it for real later."""
    label = {
        "synthetic": True, "made_by": "mora synth", "seed": order.seed, "loans": order.loans,
        "as_of": order.as_of.isoformat(), "days": order.days, **more,
    }  # fmt: skip
    (directory / LABEL).write_text(json.dumps(label, indent=2) + "\n", encoding="utf-8")
