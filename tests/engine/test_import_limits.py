"""Large amounts, large files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from time import process_time

import numpy as np
import polars as pl

from engine.street import street, write_csv
from mora.core.money import MAX_MINOR
from mora.engine.book import check_alignment, import_book, open_book
from mora.engine.book.check import Standing, check_book


def _typed(folder: Path, principal: list[int]) -> Path:
    folder.mkdir()
    ids = [f"L{k}" for k in range(len(principal))]
    n, day = len(ids), date(2026, 1, 1)
    pl.DataFrame({
        "loan_id": ids, "party_id": ids, "product": ["c"] * n, "currency": ["CNY"] * n, "principal_minor": principal,
        "annual_rate": ["0.05"] * n, "started_on": [day] * n, "matures_on": [day] * n,
    }).write_parquet(folder / "loans.parquet")  # fmt: skip
    pl.DataFrame({
        "loan_id": ids, "n": [1] * n, "due_on": [day] * n, "principal_minor": principal, "interest_minor": [0] * n,
    }).write_parquet(folder / "schedule.parquet")  # fmt: skip
    return folder


def test_amounts_up_to_the_largest_are_kept_and_those_beyond_up_to_int64_set_aside(tmp_path: Path) -> None:
    principal = [MAX_MINOR - 1, MAX_MINOR, MAX_MINOR + 1, 2**63 - 1, -(2**63)]
    report = import_book(_typed(tmp_path / "in", principal), tmp_path / "book")
    assert open_book(tmp_path / "book").scan("loans").collect()["loan_id"].to_list() == ["L0", "L1"]
    assert report.codes["BOOK.AMOUNT_HUGE"] == 2
    assert report.codes["BOOK.AMOUNT_NEGATIVE"] == 2


def test_sums_beyond_int64_are_told_exactly(tmp_path: Path) -> None:
    principal = [MAX_MINOR] * 20_000
    report = import_book(_typed(tmp_path / "in", principal), tmp_path / "book")
    assert report.tables["loans"]["amounts"]["kept"]["CNY"] == 20_000 * MAX_MINOR > 2**63
    lines = check_book(open_book(tmp_path / "book"))
    assert not [line for line in lines if line.standing is Standing.WRONG]
    assert any(line.answer.en == "200,000,000,000,000,000.00" for line in lines)


def test_text_at_the_int64_limit_never_wraps_around(tmp_path: Path) -> None:
    tables = street(5)
    texts = ["92233720368547758.07", "92233720368547758.08", "9" * 30, "18446744073709551617", "9000000000000000"]
    for row, text in zip(tables["loans"][1], texts, strict=True):
        row[4] = text
    report = import_book(write_csv(tmp_path / "in", tables), tmp_path / "book")
    assert report.codes["BOOK.AMOUNT_HUGE"] == 5
    assert report.tables["loans"]["rows"]["kept"] == 0


def test_a_million_rows_with_one_bad_row_lose_that_row_alone(tmp_path: Path) -> None:
    folder, rows = tmp_path / "in", 1_000_000
    folder.mkdir()
    loans = rows // 50
    ids = pl.Series([f"L{k:07d}" for k in range(loans)])
    pl.DataFrame({
        "loan_id": ids, "party_id": ids, "product": ["c"] * loans, "currency": ["CNY"] * loans,
        "principal": ["10.00"] * loans, "annual_rate": ["0.05"] * loans, "started_on": ["2020-01-01"] * loans,
        "matures_on": ["2026-01-01"] * loans,
    }).write_csv(folder / "loans.csv")  # fmt: skip
    pl.DataFrame({"loan_id": ids, "n": [1] * loans, "due_on": ["2026-01-01"] * loans, "principal": ["10.00"] * loans,
                  "interest": ["1.00"] * loans}).write_csv(folder / "schedule.csv")  # fmt: skip
    pl.DataFrame({
        "loan_id": pl.Series(np.repeat(ids.to_numpy(), 50), dtype=pl.String),
        "posting_id": [f"T{k}" for k in range(rows)], "value_on": ["2025-05-05"] * rows, "kind": ["payment"] * rows,
        "amount": ["0.10" if k != 654_321 else "0.1O" for k in range(rows)],
    }).write_csv(folder / "postings.csv")  # fmt: skip
    began = process_time()
    report = import_book(folder, tmp_path / "book")
    seconds = process_time() - began
    assert report.codes == {"BOOK.AMOUNT": 1}
    assert [(t.row, t.value) for t in report.examples] == [(654_323, "0.1O")]
    assert report.tables["postings"]["rows"] == {"in": rows, "kept": rows - 1, "unchanged": 0, "set_aside": 1}
    assert check_alignment(open_book(tmp_path / "book")) == []
    assert seconds < 60, f"{seconds:.0f} s of processor time"
