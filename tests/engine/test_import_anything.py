"""Whatever the bytes, an import ends in a report that accounts for every row, or in a refusal."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest

from engine.street import street, write_csv
from mora.core.errors import Refused
from mora.engine.book import check_alignment, import_book, open_book

CELLS = ["", " ", "0", "-1", "1e9", "NaN", "null", "９９", "\x00", "\t", '"', '""', "L-00001", "2026-13-01",
         "99999999999999999999",
         "=1+1",
         "T-00000-1", "reversal", "payment", "true", "é", "𠮷", "1,5", "|", "a|b", "{value}", "%s", "2"]  # fmt: skip


@pytest.mark.parametrize("seed", range(30))
def test_cells_replaced_at_random_are_kept_or_set_aside_with_a_reason(seed: int) -> None:
    rng = random.Random(seed)
    tables = street(12, 4, seed)
    for header, rows in tables.values():
        for _ in range(rng.randrange(6)):
            rows[rng.randrange(len(rows))][rng.randrange(len(header))] = rng.choice(CELLS)
    with tempfile.TemporaryDirectory() as folder:
        source, book = write_csv(Path(folder) / "in", tables), Path(folder) / "book"
        try:
            report = import_book(source, book)
        except Refused:
            assert not (book / "book.json").exists()
            return
        for told in report.tables.values():
            rows_in = told["rows"]
            assert rows_in["in"] == rows_in["kept"] + rows_in["unchanged"] + rows_in["set_aside"]
        assert report.set_aside == sum(report.codes.values())
        assert check_alignment(open_book(book)) == []


@pytest.mark.parametrize("seed", range(30))
def test_bytes_replaced_at_random_never_break_the_import(seed: int) -> None:
    rng = random.Random(1000 + seed)
    with tempfile.TemporaryDirectory() as folder:
        source, book = write_csv(Path(folder) / "in", street(6, 3, seed)), Path(folder) / "book"
        for path in source.iterdir():
            raw = bytearray(path.read_bytes())
            for _ in range(rng.randrange(4)):
                at = rng.randrange(len(raw))
                raw[at : at + rng.randrange(3)] = rng.choice(
                    [b'"', b"\n", b"\r", b",", b"\x00", b"\xff", b"\xe4\xb8", b"", b'"\n"']
                )
            path.write_bytes(bytes(raw))
        try:
            report = import_book(source, book)
        except Refused:
            return
        assert report.set_aside == sum(report.codes.values())
        assert check_alignment(open_book(book)) == []
