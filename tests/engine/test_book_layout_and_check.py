"""The files' contract is checked, and so is whether the book ties."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
from typer import Typer
from typer.testing import CliRunner

from engine.street import street, write_csv
from mora.cli.book import book_app, import_
from mora.engine.book import check_alignment, import_book, open_book, partition, work
from mora.engine.book.check import Standing, check_book
from mora.engine.book.partition import fnv1a, partition_of, partitions_of

app = Typer()
app.command("import")(import_)
app.add_typer(book_app, name="book")


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(partition, "LOANS_PER_PARTITION", 25)
    monkeypatch.setattr(work, "ROW_GROUP_LOANS", 6)
    import_book(write_csv(tmp_path / "in", street(60)), tmp_path / "book")
    return tmp_path / "book"


def test_row_groups_of_the_three_tables_hold_the_same_loans(book: Path) -> None:
    opened = open_book(book)
    assert opened.partitions == 3
    assert check_alignment(opened) == []
    for part in range(3):
        files = [pq.ParquetFile(opened.file(table, part)) for table in ("loans", "schedule", "postings")]
        assert len({file.num_row_groups for file in files}) == 1
        assert files[0].num_row_groups > 1
        for group in range(files[0].num_row_groups):
            loans, schedule, _ = (file.read_row_group(group) for file in files)
            assert schedule["loan_id"].unique().to_pylist() == loans["loan_id"].to_pylist()


@pytest.mark.parametrize(
    ("table", "bend", "said"),
    [
        ("loans", lambda f: f.reverse(), "order of loan_id"),
        ("loans", lambda f: f.with_columns(pl.col("n_schedule") + 1), "n_schedule"),
        ("loans", lambda f: f.with_columns(pl.col("flags") | 4), "flag 4"),
        ("schedule", lambda f: f.sort("loan_id", "n", descending=[False, True]), "schedule is not in order"),
        ("postings", lambda f: f.sort("loan_id", "value_on", descending=[False, True]), "postings are not in order"),
        ("postings", lambda f: f.with_columns(pl.lit(-1, pl.Int32).alias("reversed_by_ix")), "does not lead to"),
    ],
)
def test_a_bent_file_is_noticed(book: Path, table: str, bend, said: str) -> None:  # type: ignore[no-untyped-def]
    opened = open_book(book)
    for part in range(opened.partitions):
        path = opened.file(table, part)
        assert path is not None
        with pq.ParquetFile(path) as file:
            groups = [pl.DataFrame(pl.from_arrow(file.read_row_group(g))) for g in range(file.num_row_groups)]
        bent = [bend(group) for group in groups]
        with pq.ParquetWriter(path, bent[0].to_arrow().schema) as writer:
            for group in bent:
                writer.write_table(group.to_arrow(), row_group_size=1 << 20)
    assert any(said in fault for fault in check_alignment(opened)), check_alignment(opened)


def test_partitions_mean_the_same_for_ever() -> None:
    assert hex(fnv1a("a")) == "0xaf63dc4c8601ec8c"
    assert hex(fnv1a("foobar")) == "0x85944171f73967e8"
    ids = ["", "L-1", "贷款-7", "x" * 64, "L-00042"]
    assert partitions_of(pl.Series(ids), 7).tolist() == [partition_of(i, 7) for i in ids]
    assert partitions_of(pl.Series(["zz", *ids]).slice(1), 7).tolist() == [partition_of(i, 7) for i in ids]
    assert [partition_of(i, 40) for i in ids[1:]] == [8, 19, 22, 12]


def test_a_good_book_ties(book: Path) -> None:
    assert not [line for line in check_book(open_book(book)) if line.standing is Standing.WRONG]


def test_a_book_whose_schedule_was_tampered_with_does_not_tie(book: Path) -> None:
    path = open_book(book).file("schedule", 0)
    assert path is not None
    with pq.ParquetFile(path) as file:
        groups = [pl.DataFrame(pl.from_arrow(file.read_row_group(g))) for g in range(file.num_row_groups)]
    groups[0] = groups[0].with_columns(
        pl.when(pl.int_range(pl.len()) == 0)
        .then(pl.col("principal_minor") - 1)
        .otherwise("principal_minor")
        .alias("principal_minor")
    )
    with pq.ParquetWriter(path, groups[0].to_arrow().schema) as writer:
        for group in groups:
            writer.write_table(group.to_arrow(), row_group_size=1 << 20)
    wrong = [line for line in check_book(open_book(book)) if line.standing is Standing.WRONG]
    assert [line.question.en for line in wrong] == ["schedule principal equals loan principal"]
    assert "1 do not" in wrong[0].answer.en
    assert CliRunner().invoke(app, ["book", "check", "--book", str(book)]).exit_code == 1


def test_the_commands_exit_with_0_1_and_2(tmp_path: Path) -> None:
    runner = CliRunner()
    good = write_csv(tmp_path / "good", street(5))
    tables = street(5)
    tables["postings"][1][0][4] = "x"
    bad = write_csv(tmp_path / "bad", tables)
    done = runner.invoke(app, ["import", str(good), "--book", str(tmp_path / "a"), "--lang", "en"])
    assert done.exit_code == 0
    assert "kept" in done.output
    aside = runner.invoke(app, ["import", str(bad), "--book", str(tmp_path / "b"), "--lang", "zh"])
    assert aside.exit_code == 1
    assert "BOOK.AMOUNT" in aside.output
    assert "搁置" in aside.output
    (bad / "loans.csv").write_bytes(b"")
    refused = runner.invoke(app, ["import", str(bad), "--book", str(tmp_path / "c"), "--lang", "en"])
    assert refused.exit_code == 2
    assert "BOOK.EMPTY_FILE" in refused.output
    assert runner.invoke(app, ["book", "check", "--book", str(tmp_path / "a")]).exit_code == 0
    assert runner.invoke(app, ["book", "check", "--book", str(tmp_path / "nowhere")]).exit_code == 2
    shutil.rmtree(tmp_path / "a")
