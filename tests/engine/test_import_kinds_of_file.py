"""The same book as CSV, Excel and Parquet, in any encoding, is the same book."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from engine.street import live_bytes, street, write_csv, write_parquet
from mora.core.errors import BadInput
from mora.engine.book import check_alignment, import_book, open_book


def _write_excel(path: Path, tables: dict) -> None:  # type: ignore[type-arg]
    with xlsxwriter.Workbook(path) as workbook:
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for name, (header, rows) in tables.items():
            sheet = workbook.add_worksheet(name)
            sheet.write_row(0, 0, header)
            for r, row in enumerate(rows, 1):
                for c, (column, cell) in enumerate(zip(header, row, strict=True)):
                    if column.endswith("_on"):
                        from datetime import datetime

                        sheet.write_datetime(r, c, datetime.fromisoformat(cell), day)
                    elif column in ("principal", "interest", "amount", "annual_rate", "n"):
                        sheet.write_number(r, c, float(cell))
                    elif cell:
                        sheet.write_string(r, c, cell)


def test_csv_excel_and_parquet_give_the_same_bytes(tmp_path: Path) -> None:
    tables = street()
    write_csv(tmp_path / "csv", tables)
    write_parquet(tmp_path / "parquet", tables)
    (tmp_path / "excel").mkdir()
    _write_excel(tmp_path / "excel/whole.xlsx", tables)
    books = []
    for kind in ("csv", "parquet", "excel"):
        report = import_book(tmp_path / kind, tmp_path / f"book-{kind}")
        assert report.exit_code == 0, report.examples
        assert check_alignment(open_book(tmp_path / f"book-{kind}")) == []
        books.append(live_bytes(tmp_path / f"book-{kind}"))
    assert books[0] == books[1] == books[2]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_encoding_and_line_end_gives_the_same_bytes(tmp_path: Path, encoding: str, end: str) -> None:
    tables = street(8)
    tables["loans"] = ([*tables["loans"][0], "branch"], [[*row, "上海滨江支行"] for row in tables["loans"][1]])
    import_book(write_csv(tmp_path / "plain", tables), tmp_path / "one")
    report = import_book(write_csv(tmp_path / "other", tables, encoding, end), tmp_path / "two")
    assert report.exit_code == 0
    assert live_bytes(tmp_path / "one") == live_bytes(tmp_path / "two")
    assert open_book(tmp_path / "two").scan("loans").collect()["branch"].unique().to_list() == ["上海滨江支行"]


def test_utf_8_with_a_broken_character_is_not_taken_for_gb18030(tmp_path: Path) -> None:
    tables = street(3)
    tables["loans"] = ([*tables["loans"][0], "branch"], [[*row, "上海滨江支行营业厅"] for row in tables["loans"][1]])
    path = write_csv(tmp_path / "in", tables) / "loans.csv"
    path.write_bytes(path.read_bytes()[:-3] + b"\xff\xff\n")
    with pytest.raises(BadInput, match=r"BOOK\.ENCODING.*line 4"):
        import_book(tmp_path / "in", tmp_path / "book")


def test_line_numbers_are_an_editors_also_after_quoted_line_breaks_and_blank_lines(tmp_path: Path) -> None:
    header, rows = street(4)["loans"]
    rows[3][5] = "x"
    lines = [",".join(header) + ",note"]
    lines += [
        ",".join(rows[0]) + ',"two\nlines, ""quoted"""',
        "",
        ",".join(rows[1]) + ",",
        ",".join(rows[2]) + ",",
        ",".join(rows[3]) + ",",
    ]
    folder = write_csv(tmp_path / "in", street(4))
    (folder / "loans.csv").write_text("\n".join(lines) + "\n")
    report = import_book(folder, tmp_path / "book")
    assert [(told.row, told.code) for told in report.examples if told.file == "loans.csv"] == [(7, "BOOK.RATE")]
    assert lines[0:1]
    assert (folder / "loans.csv").read_text().split("\n")[6].startswith("L-00003")
    kept = open_book(tmp_path / "book").scan("loans").collect()
    assert kept["note"].to_list() == ['two\nlines, "quoted"', None, None]


def test_rows_of_the_wrong_shape_are_set_aside_with_everything_they_held(tmp_path: Path) -> None:
    tables = street(5)
    folder = write_csv(tmp_path / "in", tables)
    path = folder / "postings.csv"
    text = path.read_text().split("\n")
    text[2] = text[2] + ",surplus,more"
    text[3] = "L-00000"
    path.write_text("\n".join(text))
    report = import_book(folder, tmp_path / "book")
    assert report.quarantine is not None
    aside = pl.read_parquet(report.quarantine / "postings.csv.parquet").filter(pl.col("code") == "BOOK.FIELDS")
    assert aside["row"].to_list() == [3, 4]
    assert aside["given_reverses"].to_list()[0].endswith("surplus,more")
    assert (report.quarantine / "postings.csv.csv").read_text(encoding="utf-8-sig").count("BOOK.FIELDS") == 2


def test_unknown_columns_of_loans_are_kept_as_facts(tmp_path: Path) -> None:
    tables = street(3)
    tables["loans"] = ([*tables["loans"][0], "宠物"], [[*row, "猫"] for row in tables["loans"][1]])
    import_book(write_csv(tmp_path / "in", tables), tmp_path / "book")
    book = open_book(tmp_path / "book")
    assert book.facts == ("宠物",)
    assert book.scan("loans").collect()["宠物"].to_list() == ["猫"] * 3


def test_year_first_dates_are_read_whatever_stands_between(tmp_path: Path) -> None:
    tables = street(3)
    rows = tables["loans"][1]
    plain = [row[6] for row in rows]
    rows[1][6] = "/".join(str(int(p)) for p in plain[1].split("-"))
    rows[2][6] = plain[2].replace("-", "")
    report = import_book(write_csv(tmp_path / "in", tables), tmp_path / "book")
    assert report.exit_code == 0
    assert [str(d) for d in open_book(tmp_path / "book").scan("loans").collect()["started_on"]] == plain
