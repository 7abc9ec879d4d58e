"""A book grows by imports: the same again changes nothing, what is fixed stays, what is new is added."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest

from engine.street import live_bytes, state, street, write_csv
from mora.engine.book import check_alignment, import_book, open_book, partition, work


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Partitions of ten loans and row groups of four, so that a street fills several."""
    monkeypatch.setattr(partition, "LOANS_PER_PARTITION", 10)
    monkeypatch.setattr(work, "ROW_GROUP_LOANS", 4)


def test_the_same_directory_twice_changes_nothing(tmp_path: Path) -> None:
    folder = write_csv(tmp_path / "in", street())
    assert import_book(folder, tmp_path / "book").changed
    before = state(tmp_path / "book")
    again = import_book(folder, tmp_path / "book")
    assert not again.changed
    assert again.exit_code == 0
    assert again.tables["postings"]["rows"]["kept"] == 0
    assert state(tmp_path / "book") == before


def test_the_same_rows_in_other_files_change_no_table(tmp_path: Path, small: None) -> None:
    import_book(write_csv(tmp_path / "in", street()), tmp_path / "book")
    before = live_bytes(tmp_path / "book")
    report = import_book(write_csv(tmp_path / "crlf", street(), end="\r\n"), tmp_path / "book")
    assert {t: told["rows"]["kept"] for t, told in report.tables.items()} == {"loans": 0, "schedule": 0, "postings": 0}
    assert {t: told["rows"]["set_aside"] for t, told in report.tables.items()} == {
        "loans": 0,
        "schedule": 0,
        "postings": 0,
    }
    assert not report.changed
    assert report.touched == 0
    assert live_bytes(tmp_path / "book") == before


def test_a_directory_with_rows_set_aside_gives_the_same_answer_twice(tmp_path: Path) -> None:
    tables = street()
    tables["postings"][1][3][4] = "x"
    folder = write_csv(tmp_path / "in", tables)
    first = import_book(folder, tmp_path / "book")
    before = state(tmp_path / "book")
    again = import_book(folder, tmp_path / "book")
    assert (first.exit_code, again.exit_code) == (1, 1)
    assert again.codes == first.codes
    assert not again.changed
    assert again.quarantine == first.quarantine
    assert state(tmp_path / "book") == before


def test_the_order_of_rows_and_files_does_not_matter(tmp_path: Path, small: None) -> None:
    tables = street(60)
    import_book(write_csv(tmp_path / "in", tables), tmp_path / "one")
    mixed = {name: (header, random.Random(3).sample(rows, len(rows))) for name, (header, rows) in tables.items()}
    folder = write_csv(tmp_path / "mixed", mixed)
    header, rows = mixed["postings"]
    (folder / "postings.csv").unlink()
    for k, part in enumerate((rows[:30], rows[30:50], rows[50:])):
        text = "\n".join(",".join(row) for row in (header, *part)) + "\n"
        (folder / f"postings-{'zab'[k]}.csv").write_text(text)
    report = import_book(folder, tmp_path / "two")
    assert report.exit_code == 0
    assert live_bytes(tmp_path / "one") == live_bytes(tmp_path / "two")
    assert check_alignment(open_book(tmp_path / "two")) == []


def test_a_book_built_in_steps_holds_what_one_built_at_once_holds(tmp_path: Path, small: None) -> None:
    tables = street(90)
    import_book(write_csv(tmp_path / "all", tables), tmp_path / "once")
    for step, (low, high) in enumerate([(0, 12), (12, 40), (40, 90)]):
        ids = {f"L-{k:05d}" for k in range(low, high)}
        some = {name: (header, [row for row in rows if row[0] in ids]) for name, (header, rows) in tables.items()}
        report = import_book(write_csv(tmp_path / f"step-{step}", some), tmp_path / "steps")
        assert report.exit_code == 0
        # An older loan is touched too when its debtor has another loan now.
        assert ids <= set(open_book(tmp_path / "steps").touched_ids())
        assert check_alignment(open_book(tmp_path / "steps")) == []
    one, other = open_book(tmp_path / "once"), open_book(tmp_path / "steps")
    assert other.partitions > 1
    for table, key in (("loans", ["loan_id"]), ("schedule", ["loan_id", "n"]), ("postings", ["loan_id", "posting_id"])):
        a, b = (book.scan(table).drop("seq", strict=False).sort(key).collect() for book in (one, other))
        assert a.equals(b), table


def test_later_postings_touch_their_loan_alone_and_rewrite_its_partition_alone(tmp_path: Path, small: None) -> None:
    import_book(write_csv(tmp_path / "in", street(60)), tmp_path / "book")
    before = open_book(tmp_path / "book")
    header = ["loan_id", "posting_id", "value_on", "kind", "amount"]
    rows = [["L-00007", "X-1", "2026-06-01", "payment", "1.00"]]
    report = import_book(write_csv(tmp_path / "later", {"postings": (header, rows)}), tmp_path / "book")
    after = open_book(tmp_path / "book")
    assert report.touched == 1
    assert after.touched_ids().to_list() == ["L-00007"]
    changed = [k for k in range(after.partitions) if after.files["postings"][k] != before.files["postings"][k]]
    assert changed == [partition.partition_of("L-00007", after.partitions)]
    assert after.files["schedule"] == before.files["schedule"]
    assert check_alignment(after) == []
    mine = after.scan("postings").filter(pl.col("loan_id") == "L-00007").collect()
    assert "X-1" in mine["posting_id"].to_list()


def test_a_posting_is_immutable(tmp_path: Path) -> None:
    tables = street(5)
    import_book(write_csv(tmp_path / "in", tables), tmp_path / "book")
    before = live_bytes(tmp_path / "book")
    tables["postings"][1][0][4] = "0.01"
    report = import_book(write_csv(tmp_path / "changed", tables), tmp_path / "book")
    assert report.codes == {"BOOK.CONFLICT": 1}
    assert report.exit_code == 1
    assert live_bytes(tmp_path / "book") == before


def test_facts_of_a_loan_change_and_its_terms_do_not(tmp_path: Path) -> None:
    tables = street(4)
    tables["loans"] = ([*tables["loans"][0], "status", "mood"], [[*row, "ok", "fair"] for row in tables["loans"][1]])
    import_book(write_csv(tmp_path / "in", tables), tmp_path / "book")
    tables["loans"][1][1][8:] = ["late", "grim"]
    tables["loans"][1][2][5] = "0.09"
    report = import_book(write_csv(tmp_path / "later", {"loans": tables["loans"]}), tmp_path / "book")
    assert report.codes == {"BOOK.CONFLICT": 1}
    after = open_book(tmp_path / "book")
    assert after.touched_ids().to_list() == ["L-00001"]
    loans = after.scan("loans").collect()
    assert loans["status"].to_list() == ["ok", "late", "ok", "ok"]
    assert loans["mood"].to_list() == ["fair", "grim", "fair", "fair"]
    assert loans["annual_rate_e12"].n_unique() == 1


def test_a_column_a_later_file_does_not_give_keeps_its_values(tmp_path: Path) -> None:
    tables = street(3)
    with_branch = ([*tables["loans"][0], "branch"], [[*row, "Quay"] for row in tables["loans"][1]])
    import_book(write_csv(tmp_path / "in", tables | {"loans": with_branch}), tmp_path / "book")
    header, rows = tables["loans"]
    report = import_book(
        write_csv(tmp_path / "later", {"loans": ([*header, "officer"], [[*row, "O-1"] for row in rows])}),
        tmp_path / "book",
    )
    assert report.touched == 3
    loans = open_book(tmp_path / "book").scan("loans").collect()
    assert loans["branch"].to_list() == ["Quay"] * 3
    assert loans["officer"].to_list() == ["O-1"] * 3


def test_an_old_directory_brought_again_does_not_turn_back_later_facts(tmp_path: Path) -> None:
    tables = street(3)
    header, rows = tables["loans"]
    bad = [[*row, "early"] for row in rows]
    tables["postings"][1][0][4] = "x"
    first = write_csv(tmp_path / "first", tables | {"loans": ([*header, "status"], bad)})
    import_book(first, tmp_path / "book")
    import_book(
        write_csv(tmp_path / "second", {"loans": ([*header, "status"], [[*row, "late"] for row in rows])}),
        tmp_path / "book",
    )
    report = import_book(first, tmp_path / "book")
    assert not report.changed
    assert report.exit_code == 1
    assert open_book(tmp_path / "book").scan("loans").collect()["status"].to_list() == ["late"] * 3


def test_a_later_schedule_version_is_added_and_a_wrong_one_leaves_the_loan_as_it_was(tmp_path: Path) -> None:
    import_book(write_csv(tmp_path / "in", street(4)), tmp_path / "book")
    header = ["loan_id", "n", "due_on", "principal", "interest", "version", "effective_on"]
    good = [["L-00001", "7", "2027-01-01", "10.00", "0.00", "2", "2026-12-01"]]
    bad = [["L-00002", "7", "2027-01-01", "0.00", "0.00", "2", "2026-12-01"]]
    report = import_book(write_csv(tmp_path / "later", {"schedule": (header, good + bad)}), tmp_path / "book")
    assert report.codes == {"BOOK.SCHEDULE_ZERO": 1}
    book = open_book(tmp_path / "book")
    assert book.touched_ids().to_list() == ["L-00001"]
    flags = dict(book.scan("loans").select("loan_id", "flags").collect().iter_rows())
    assert flags["L-00001"] & 1
    assert not flags["L-00002"] & 1
    assert check_alignment(book) == []


def test_a_mended_loan_comes_in_with_the_same_schedule_and_postings_files(tmp_path: Path) -> None:
    tables = street(6)
    rate, tables["loans"][1][2][5] = tables["loans"][1][2][5], "18"
    folder = write_csv(tmp_path / "in", tables)
    assert import_book(folder, tmp_path / "book").tables["loans"]["rows"]["kept"] == 5
    tables["loans"][1][2][5] = rate
    write_csv(folder, {"loans": tables["loans"]})
    report = import_book(folder, tmp_path / "book")
    assert report.exit_code == 0
    assert report.tables["loans"]["rows"]["kept"] == 1
    import_book(write_csv(tmp_path / "clean", street(6)), tmp_path / "other")
    a, b = (open_book(tmp_path / name).scan("schedule").collect() for name in ("book", "other"))
    assert a.equals(b)


def test_parties_give_loans_their_kind_and_tell_linked_debtors(tmp_path: Path, small: None) -> None:
    tables = street(30)
    for k, party in enumerate(["P-A", "P-A", "P-B", "P-B", "P-C"]):
        tables["loans"][1][k][1] = party
    people = (["party_id", "kind", "region"], [["P-A", "company", "CN-SH"], ["P-B", "person", "CN-BJ"]])
    import_book(write_csv(tmp_path / "in", tables | {"parties": people}), tmp_path / "book")
    loans = open_book(tmp_path / "book").scan("loans").sort("loan_id").head(5).collect()
    assert loans["party_kind"].to_list() == ["company", "company", "person", "person", None]
    assert [bool(f & 8) for f in loans["flags"]] == [True, True, False, False, False]
    later = (["party_id", "kind", "region"], [["P-B", "company", "CN-BJ"]])
    report = import_book(write_csv(tmp_path / "later", {"parties": later}), tmp_path / "book")
    book = open_book(tmp_path / "book")
    assert sorted(book.touched_ids()) == ["L-00002", "L-00003"]
    assert report.touched == 2
    flags = dict(book.scan("loans").select("loan_id", "flags").collect().iter_rows())
    assert flags["L-00002"] & 8
    assert flags["L-00003"] & 8
    assert not flags["L-00004"] & 8
    assert check_alignment(book) == []


def test_loans_that_only_change_facts_leave_schedule_and_postings_alone(tmp_path: Path, small: None) -> None:
    tables = street(60)
    tables["loans"][1][7][5] = "18"  # leaves a hole in a row group
    import_book(write_csv(tmp_path / "in", tables), tmp_path / "book")
    header, rows = tables["loans"]
    more = ([*header, "mood"], [[*row, "fair" if row[0] < "L-00010" else ""] for row in rows if row[0] != "L-00007"])
    assert import_book(write_csv(tmp_path / "facts", {"loans": more}), tmp_path / "book").touched == 9
    book = open_book(tmp_path / "book")
    assert check_alignment(book) == []
    before = open_book(tmp_path / "book")
    more[1][0][8] = "grim"
    assert import_book(write_csv(tmp_path / "later", {"loans": more}), tmp_path / "book").touched == 1
    after = open_book(tmp_path / "book")
    assert check_alignment(after) == []
    assert (after.files["schedule"], after.files["postings"]) == (before.files["schedule"], before.files["postings"])
    flags = [
        b.scan("loans").sort("loan_id").select("flags", "n_postings", "n_schedule").collect() for b in (before, after)
    ]
    assert flags[0].equals(flags[1])


def test_changed_product_terms_touch_the_loans_that_use_them(tmp_path: Path) -> None:
    folder = write_csv(tmp_path / "in", street(3))
    (folder / "products.yaml").write_text("consumer:\n  jurisdiction: cn\nother:\n  jurisdiction: cn\n")
    import_book(folder, tmp_path / "book")
    assert (tmp_path / "book/products.yaml").read_text() == (folder / "products.yaml").read_text()
    (folder / "products.yaml").write_text("consumer:\n  jurisdiction: cn\nother:\n  jurisdiction: us\n")
    assert import_book(folder, tmp_path / "book").touched == 0
    (folder / "products.yaml").write_text("consumer:\n  jurisdiction: us\nother:\n  jurisdiction: us\n")
    assert import_book(folder, tmp_path / "book").touched == 3
