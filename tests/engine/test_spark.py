"""Spark against the local runner: the same file, row for row; and what happens when something is missing or fails."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from polars.testing import assert_frame_equal
from typer.testing import CliRunner

from ageing.books import random_loan, random_product, tables
from mora.ageing.columns import FLAG_LINKED
from mora.ageing.frames import ProductTable
from mora.cli.main import app
from mora.core.errors import MoraError, Refused
from mora.engine import age, snapshots, spark
from mora.engine.age import SNAPSHOT, View
from mora.engine.book import import_book, open_book
from mora.engine.classify import Classifier
from mora.engine.outcomes import fetch, is_left, leave
from mora.engine.scan import Chunk, Unit, partitions, products_of, read_unit, units_of
from mora.engine.spark_session import check_installed
from mora.engine.summary import summary_of
from mora.engine.trio import TrioWriter, files_named
from mora.feeds.synthetic import Order, write_book

from .on_spark import on_spark

AS_OF = date(2026, 11, 20)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2,000 made-up loans, imported."""
    folder = tmp_path_factory.mktemp("spark")
    write_book(Order(2000, seed=11), folder / "given")
    import_book(folder / "given", folder / "book")
    return folder / "book"


def asked(path: Path, *, instalments: bool = False) -> tuple[list[Unit], View]:
    """The book's units, and the view of it on the day."""
    held = open_book(path)
    products = products_of(held)
    view = View(AS_OF, ProductTable.of(products), Classifier.of(products, AS_OF), instalments=instalments)
    return units_of(partitions(held)), view


def same_files(one: Path, other: Path) -> pl.DataFrame:
    """Assert that two files have the same columns, types and rows, in the same order."""
    assert pq.read_schema(one).equals(pq.read_schema(other))
    frame = pl.read_parquet(one)
    assert_frame_equal(frame, pl.read_parquet(other))
    return frame


def conformance_units(folder: Path, loans: int, seed: int) -> tuple[list[Unit], View]:
    """Random loans of every term and posting in two units, with debtors who have loans in both."""
    rng = random.Random(seed)
    heads, rows, entries, products = tables([random_loan(rng, number, random_product(rng)) for number in range(loans)])
    debtors = [f"P{number % (loans // 3)}" for number in range(loans)]
    linked = [flag | FLAG_LINKED for flag in heads["flags"].to_pylist()]
    heads = heads.append_column("party_id", pa.array(debtors)).append_column("sold_on", pa.nulls(loans, pa.date32()))
    for name in ("party_kind", "branch", "region", "officer"):
        heads = heads.append_column(name, pa.nulls(loans, pa.string()))
    heads = heads.set_column(heads.column_names.index("flags"), "flags", pa.array(linked, pa.uint32()))
    chunk = Chunk(heads, rows, entries)
    for name, keep in (("a", np.arange(loans) < loans // 2), ("b", np.arange(loans) >= loans // 2)):
        writer = TrioWriter(folder, name)
        writer.add(chunk.take(keep))
        writer.close()
    view = View(date(2024, 10, 15), ProductTable.of(products), Classifier.of(products, date(2024, 10, 15)))
    return units_of([files_named(folder, "a"), files_named(folder, "b")]), view


class TestOnSpark:
    pytestmark = on_spark

    def test_positions_and_instalments_are_the_local_runners(self, book: Path, session: Any, tmp_path: Path) -> None:
        units, view = asked(book, instalments=True)
        done: list[int] = []
        local = age.write_positions(units, view, tmp_path / "local", instalments=tmp_path / "local items")
        loans = spark.write_positions(
            units, view, tmp_path / "spark", instalments=tmp_path / "spark items", progress=done.append, session=session
        )
        assert loans == local == sum(done) == 2000
        assert same_files(tmp_path / "local", tmp_path / "spark")["loan_id"].n_unique() == 2000
        assert same_files(tmp_path / "local items", tmp_path / "spark items").height > 2000
        assert sorted(path.name for path in tmp_path.iterdir()) == ["local", "local items", "spark", "spark items"]

    @pytest.mark.parametrize("known_at", [None, datetime(2024, 8, 1, tzinfo=UTC)])
    def test_loans_of_every_kind_come_out_the_same(
        self, session: Any, tmp_path: Path, known_at: datetime | None
    ) -> None:
        units, view = conformance_units(tmp_path, 600, seed=5)
        view = replace(view, known_at=known_at, instalments=True)
        age.write_positions(units, view, tmp_path / "local", instalments=tmp_path / "local items")
        spark.write_positions(units, view, tmp_path / "spark", instalments=tmp_path / "spark items", session=session)
        positions = same_files(tmp_path / "local", tmp_path / "spark")
        same_files(tmp_path / "local items", tmp_path / "spark items")
        assert positions["days_past_due"].n_unique() > 50

    def test_the_day_on_spark_leaves_the_local_day_s_snapshot(self, book: Path, session: Any, tmp_path: Path) -> None:
        for name in ("local", "spark"):
            shutil.copytree(book, tmp_path / name)
        for name, more in (("local", ["--whole"]), ("spark", ["--engine", "spark", "--master", "local[2]"])):
            asked_for = ["day", "--book", str(tmp_path / name), "--as-of", str(AS_OF), "--quiet", *more]
            done = CliRunner().invoke(app, asked_for)
            assert done.exit_code == 0, done.output
        [local], [there] = (snapshots.runs(open_book(tmp_path / name)) for name in ("local", "spark"))
        assert (there.kind, there.loans, there.file, there.terms) == (local.kind, 2000, local.file, local.terms)
        held = [snapshots.folder(open_book(tmp_path / name)) / local.file for name in ("local", "spark")]
        assert same_files(*held).columns == SNAPSHOT.names
        said = [summary_of(open_book(tmp_path / name), AS_OF) for name in ("local", "spark")]
        assert said[0] == said[1]

    def test_debtors_with_loans_in_several_units_are_judged_by_all_of_them(self, session: Any, tmp_path: Path) -> None:
        units, view = conformance_units(tmp_path, 300, seed=6)
        spark.write_positions(units, view, tmp_path / "spark", session=session)
        reasons = pl.read_parquet(tmp_path / "spark", columns=["risk_class_reason"])["risk_class_reason"]
        assert reasons.cast(pl.String).str.contains("contagion").any()
        alone = [view.classifier.alone(made.waiting_loans, made.waiting) for made in waiting(units, view)]
        assert not any("contagion" in str(each) for table in alone for each in table["risk_class_reason"].to_pylist())

    def test_an_empty_book_gives_an_empty_file(self, book: Path, session: Any, tmp_path: Path) -> None:
        _, view = asked(book)
        assert spark.write_positions([], view, tmp_path / "spark", session=session) == 0
        assert pl.read_parquet(tmp_path / "spark").is_empty()

    def test_a_session_that_was_active_is_used_and_left_running(self, book: Path, session: Any, tmp_path: Path) -> None:
        from pyspark.sql import SparkSession

        units, view = asked(book)
        spark.write_positions(units, view, tmp_path / "spark", master="spark://nobody.invalid:1")
        assert SparkSession.getActiveSession() is session

    def test_a_unit_that_cannot_be_read_leaves_what_was_there(self, book: Path, session: Any, tmp_path: Path) -> None:
        units, view = asked(book)
        (tmp_path / "out").write_text("yesterday")
        lost = replace(units[0], files=replace(units[0].files, loans=str(tmp_path / "nowhere.parquet")))
        with pytest.raises(MoraError, match=r"ageing on Spark failed: FileNotFoundError: .*nowhere\.parquet"):
            spark.write_positions(
                [*units, lost], view, tmp_path / "out", instalments=tmp_path / "items", session=session
            )
        assert (tmp_path / "out").read_text() == "yesterday"
        assert [path.name for path in tmp_path.iterdir()] == ["out"]

    def test_what_workers_hand_over_can_lie_elsewhere(self, book: Path, session: Any, tmp_path: Path) -> None:
        units, view = asked(book)
        seen: list[list[str]] = []

        def look(loans: int) -> None:
            seen.append([path.suffix for path in (tmp_path / "shared").iterdir()])

        spark.write_positions(units, view, tmp_path / "out", shared=tmp_path / "shared", progress=look, session=session)
        assert seen == [[".spark"]]
        assert list((tmp_path / "shared").iterdir()) == []

    def test_giving_up_in_the_middle_leaves_nothing(self, book: Path, session: Any, tmp_path: Path) -> None:
        from pyspark.sql import SparkSession

        units, view = asked(book)

        def stop(loans: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            spark.write_positions(units * 12, view, tmp_path / "out", progress=stop, session=session)
        assert list(tmp_path.iterdir()) == []
        assert SparkSession.getActiveSession() is session

    def test_it_starts_and_stops_spark_by_itself_and_says_nothing(self, book: Path, tmp_path: Path) -> None:
        program = (
            "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]); "
            "from engine.test_spark import asked, spark; from pyspark.sql import SparkSession; "
            "units, view = asked(Path(sys.argv[2])); "
            "n = spark.write_positions(units, view, Path('out'), master='local[1]'); "
            "assert SparkSession.getActiveSession() is None; print(n)"
        )
        run = subprocess.run(
            [sys.executable, "-c", program, str(Path(__file__).parent.parent), str(book)],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (run.stdout, run.stderr) == ("2000\n", "")
        assert [path.name for path in tmp_path.iterdir()] == ["out"]


def waiting(units: list[Unit], view: View) -> list[age.Outcome]:
    return [age.age_one(read_unit(unit), view) for unit in units]


def test_outcomes_can_be_left_and_fetched_whole(book: Path, tmp_path: Path) -> None:
    units, view = asked(book, instalments=True)
    made = age.age_one(read_unit(units[0]), view)
    leave(made, tmp_path, 7)
    leave(made, tmp_path, 7)  # the same unit aged again elsewhere
    assert [path.name for path in tmp_path.iterdir()] == ["7"]
    got = fetch(tmp_path, 7)
    assert not is_left(tmp_path, 7)
    assert got.loans == made.loans
    assert made.items is not None
    assert got.items is not None
    for one, other in ((made.ready.select(got.ready.column_names), got.ready), (made.items, got.items)):
        assert_frame_equal(pl.from_arrow(one), pl.from_arrow(other))  # type: ignore[arg-type]
    assert made.waiting.num_rows > 0
    assert_frame_equal(pl.from_arrow(made.waiting), pl.from_arrow(got.waiting))  # type: ignore[arg-type]
    assert got.waiting_loans.equals(made.waiting_loans)


def test_a_worker_of_another_version_or_without_the_shared_folder_refuses(book: Path, tmp_path: Path) -> None:
    units, view = asked(book)
    batch = [pa.record_batch({"id": [0]})]
    with pytest.raises(Refused, match="install the same on both"):
        list(spark.Ageing(tuple(units), view, tmp_path, version="0")(batch))
    with pytest.raises(Refused, match="need a folder they share"):
        list(spark.Ageing(tuple(units), view, tmp_path / "nowhere")(batch))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not find_spec("pyspark"), reason="not on this machine: pyspark (extra [spark])")
@pytest.mark.filterwarnings("ignore:distutils Version classes are deprecated")
def test_without_java_it_says_what_to_install(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    units, view = asked(book)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "no-java"))
    with pytest.raises(Refused, match="apt-get install openjdk-17-jre-headless"):
        spark.write_positions(units, view, tmp_path / "new" / "out")
    assert list(tmp_path.iterdir()) == []


def test_without_pyspark_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql.pandas", None)
    with pytest.raises(Refused, match=r"pip install 'mora\[spark\]'"):
        check_installed()
