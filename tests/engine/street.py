"""A small street of borrowers as import directories, for tests to bend."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import polars as pl

LOANS = ["loan_id", "party_id", "product", "currency", "principal", "annual_rate", "started_on", "matures_on"]
SCHEDULE = ["loan_id", "n", "due_on", "principal", "interest"]
POSTINGS = ["loan_id", "posting_id", "value_on", "kind", "amount", "booked_at", "reverses"]

Rows = list[list[str]]


def street(loans: int = 40, instalments: int = 6, seed: int = 7) -> dict[str, tuple[list[str], Rows]]:
    """Tables of a book: payments on most instalments, every seventh loan with a payment reversed, some in yen."""
    rng = random.Random(seed)
    tables: dict[str, tuple[list[str], Rows]] = {
        "loans": (LOANS, []),
        "schedule": (SCHEDULE, []),
        "postings": (POSTINGS, []),
    }
    for k in range(loans):
        loan, yen = f"L-{k:05d}", k % 9 == 4
        part = rng.randrange(100, 9999)
        start = date(2025, 1, 1) + timedelta(days=rng.randrange(300))
        shown = str if yen else (lambda minor: f"{minor // 100}.{minor % 100:02d}")
        last = start + timedelta(days=30 * instalments)
        tables["loans"][1].append([loan, f"P-{k // 2 if k % 10 == 1 else k:05d}", "consumer", "JPY" if yen else "CNY",
                                   shown(part * instalments), "0.072", str(start), str(last)])  # fmt: skip
        for n in range(1, instalments + 1):
            due = start + timedelta(days=30 * n)
            tables["schedule"][1].append([loan, str(n), str(due), shown(part), shown(part // 50)])
            if rng.random() < 0.6:
                booked = f"{due}T{rng.randrange(24):02d}:15:00Z"
                tables["postings"][1].append([loan, f"T-{k:05d}-{n}", str(due), "payment", shown(part), booked, ""])
                if k % 7 == 0 and n == 2:
                    back = due + timedelta(days=3)
                    tables["postings"][1].append(
                        [
                            loan,
                            f"R-{k:05d}-{n}",
                            str(back),
                            "reversal",
                            shown(part),
                            f"{back}T09:00:00Z",
                            f"T-{k:05d}-{n}",
                        ]
                    )
    return tables


def write_csv(
    folder: Path, tables: dict[str, tuple[list[str], Rows]], encoding: str = "utf-8", end: str = "\n"
) -> Path:
    """The tables as CSV files in a new directory."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (header, rows) in tables.items():
        lines = [",".join(f'"{cell}"' if set(cell) & set(',"\n') else cell for cell in row) for row in (header, *rows)]
        (folder / f"{name}.csv").write_bytes((end.join(lines) + end).encode(encoding))
    return folder


def write_parquet(folder: Path, tables: dict[str, tuple[list[str], Rows]]) -> Path:
    """The same tables typed, amounts in minor units."""
    folder.mkdir(parents=True, exist_ok=True)
    yen = {row[0] for row in tables["loans"][1] if row[3] == "JPY"} if "loans" in tables else set()
    for name, (header, rows) in tables.items():
        columns: dict[str, pl.Series] = {}
        for at, column in enumerate(header):
            cells = [row[at] or None for row in rows]
            if column in ("principal", "interest", "fee", "amount"):
                minor = [
                    None if c is None else int(c) if row[0] in yen else int(c.replace(".", ""))
                    for c, row in zip(cells, rows, strict=True)
                ]
                columns[column + "_minor"] = pl.Series(minor, dtype=pl.Int64)
            elif column.endswith("_on"):
                columns[column] = pl.Series(cells, dtype=pl.String).str.to_date("%Y-%m-%d")
            elif column == "booked_at":
                columns[column] = (
                    pl.Series(cells, dtype=pl.String)
                    .str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us")
                    .dt.replace_time_zone("UTC")
                )
            elif column in ("n", "version"):
                columns[column] = pl.Series(cells, dtype=pl.String).cast(pl.Int32)
            else:
                columns[column] = pl.Series(cells, dtype=pl.String)
        pl.DataFrame(columns).write_parquet(folder / f"{name}.parquet")
    return folder


def live_bytes(book: Path) -> dict[str, bytes]:
    """The contents of every live loan table of a book, by table and partition."""
    from mora.engine.book import open_book

    opened = open_book(book)
    return {
        f"{table}-{part}": (book / name).read_bytes()
        for table in ("loans", "schedule", "postings") for part, name in enumerate(opened.files[table])
    }  # fmt: skip


def state(book: Path) -> tuple[str, dict[str, bytes]]:
    """Everything a reader of the book sees: manifest and live files."""
    from mora.engine.book import open_book

    opened = open_book(book)
    return (book / "book.json").read_text(), {name: (book / name).read_bytes() for name in sorted(opened.live())}
