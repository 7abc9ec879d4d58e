"""``mora age --instalments``: one row an instalment, under the number and version the schedule gives it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from typer.testing import CliRunner

from mora.cli.main import app
from mora.engine.book import import_book

from .street import street, write_csv


def test_instalments_keep_their_numbers_also_where_no_loan_is_out_of_the_ordinary(tmp_path: Path) -> None:
    tables = street(loans=12, instalments=5)
    tables["postings"] = (tables["postings"][0], [row for row in tables["postings"][1] if row[3] == "payment"])
    import_book(write_csv(tmp_path / "given", tables), tmp_path / "book")
    out, items = tmp_path / "positions", tmp_path / "instalments"
    asked = ["age", "--book", str(tmp_path / "book"), "--as-of", "2026-01-31"]
    done = CliRunner().invoke(app, [*asked, "--out", str(out), "--instalments", str(items)])
    assert done.exit_code == 0, done.output
    told = (
        pl.read_parquet(items).sort("loan_id", "n").select("loan_id", "n", "version", pl.col("due_on").cast(pl.String))
    )
    given = sorted((loan, int(n), 1, due) for loan, n, due, *_ in tables["schedule"][1])
    assert told.rows() == given
