"""The synthetic book: the same seed the same bytes, sums that tie, every kind of posting, and nobody who exists."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from mora.ageing.rules import age
from mora.core.dates import day_number
from mora.core.errors import Refused
from mora.core.money import exponent
from mora.feeds.columns import KINDS
from mora.feeds.columns import TABLES as FORMAT
from mora.feeds.synthetic import Form, Order, write_book
from mora.feeds.synthetic.block import LOANS_PER_BLOCK, make_block
from mora.feeds.synthetic.catalogue import SHAPES, Character
from mora.feeds.synthetic.files import PLACES
from mora.feeds.synthetic.write import TABLES, write_part
from mora.loans.products import parse_products
from mora.loans.terms import (
    Component,
    EarlyMoney,
    FeeStyle,
    Instalment,
    Loan,
    Posting,
    PostingKind,
    Product,
    RescheduleStyle,
)

AS_OF = date(2026, 11, 20)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2,000 loans as Parquet with five days after the as-of date."""
    out = tmp_path_factory.mktemp("synth") / "book"
    write_book(Order(2000, seed=11, days=5, form=Form.PARQUET), out)
    return out


def table(book: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(book / f"{name}*.parquet")


def digest(directory: Path) -> dict[str, str]:
    return {
        str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("form", list(Form))
def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path: Path, form: Form) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        write_book(Order(300, seed=seed, days=2, form=form), tmp_path / name)
    a, b, c = (digest(tmp_path / name) for name in "abc")
    assert a == b
    same = {file for file in a if a[file] == c[file]}
    assert {Path(file).name for file in same} == {"SYNTHETIC.txt", "products.yaml"}


def test_a_block_is_the_same_whichever_is_made_first() -> None:
    alone = make_block(5, 7, 200, day_number(AS_OF), 1)
    make_block(5, 6, 200, day_number(AS_OF), 1)
    again = make_block(5, 7, 200, day_number(AS_OF), 1)
    other = make_block(5, 6, 200, day_number(AS_OF), 1)
    for name, rows in alone.tables.items():
        assert rows.equals(again.tables[name])
        assert not rows.equals(other.tables[name])


def test_parts_written_in_any_order_give_the_same_files(tmp_path: Path) -> None:
    order = Order(2 * LOANS_PER_BLOCK, form=Form.PARQUET)
    small = [range(1), range(1, 2)]
    for name, parts in (("there", small), ("back", small[::-1])):
        (tmp_path / name).mkdir()
        for blocks in parts:
            assert sum(loans for loans, _ in write_part(order, tmp_path / name, f"-{blocks.start:04d}", blocks)) > 0
    assert digest(tmp_path / "there") == digest(tmp_path / "back")


def test_asking_for_later_days_changes_nothing_in_the_book_itself(tmp_path: Path) -> None:
    write_book(Order(300, form=Form.CSV), tmp_path / "none")
    write_book(Order(300, days=9, form=Form.CSV), tmp_path / "nine")
    for name in TABLES:
        assert (tmp_path / "none" / f"{name}.csv").read_bytes() == (tmp_path / "nine" / f"{name}.csv").read_bytes()


def test_csv_and_parquet_say_the_same(tmp_path: Path) -> None:
    write_book(Order(300, form=Form.CSV), tmp_path / "csv")
    write_book(Order(300, form=Form.PARQUET), tmp_path / "parquet")
    for name in TABLES:
        lines = pl.read_csv(tmp_path / "csv" / f"{name}.csv", infer_schema=False)
        typed = table(tmp_path / "parquet", name)
        assert lines.height == typed.height
        for column in typed.columns:
            if column.endswith(("_minor", "_e12")):
                places = PLACES if column.endswith("_minor") else 12
                text = lines[column.removesuffix("_minor").removesuffix("_e12")]
                read = text.cast(pl.Decimal(30, places)).to_physical().cast(pl.Int64)
                assert read.to_list() == typed[column].to_list(), column


def test_columns_are_those_of_the_book_format(book: Path, tmp_path: Path) -> None:
    write_book(Order(100, form=Form.CSV), tmp_path / "csv")
    for name in TABLES:
        known = FORMAT[name]
        typed = set(table(book, name).columns)
        assert typed <= {column.typed_name for column in known.columns}
        assert {column.typed_name for column in known.columns if column.required} <= typed
        header = set((tmp_path / "csv" / f"{name}.csv").read_text("utf-8").split("\n", 1)[0].split(","))
        assert set(known.required) <= header <= {column.name for column in known.columns}
        for column in known.columns:
            if column.choices and column.typed_name in typed:
                assert set(table(book, name)[column.typed_name].drop_nulls()) <= set(column.choices)


def test_the_products_file_reads_without_a_finding_and_says_what_borrowers_pay_by(book: Path) -> None:
    products, findings = parse_products((book / "products.yaml").read_text("utf-8"))
    assert findings == []
    assert set(products) == {shape.product for shape in SHAPES}
    for shape in SHAPES:
        product = products[shape.product]
        penalty = product.penalty
        assert product.jurisdiction == {"CN": "cn", "US": "us", "GB": "uk"}[shape.country]
        assert (penalty.basis, penalty.grace_days, penalty.compound) == (shape.basis, shape.grace_days, shape.compound)
        assert (penalty.base, penalty.unit, penalty.grace_style) == ("principal", "item", "after")
        assert shape.penalty_rate_ppm is not None or Decimal(penalty.uplift) * 100 == shape.uplift_percent
        assert (product.early is EarlyMoney.HOLD) == shape.holds_credit
        assert (product.reschedule is RescheduleStyle.EVERYTHING) == shape.replaces_everything
        assert (product.fee is FeeStyle.ON_INSTALMENT) == shape.fee_names_instalment
        assert (product.switch is not None) == (product.kind == "card")


def test_every_currency_has_the_decimals_the_csv_writes() -> None:
    assert {exponent(shape.currency) for shape in SHAPES} == {PLACES}


def test_principal_of_the_first_version_sums_to_the_loan(book: Path) -> None:
    first = table(book, "schedule").filter(pl.col("version") == 1)
    sums = first.group_by("loan_id").agg(pl.col("principal_minor").sum().alias("scheduled"), pl.col("due_on").max())
    both = table(book, "loans").join(sums, on="loan_id", how="full", coalesce=True)
    assert both["scheduled"].to_list() == both["principal_minor"].to_list()
    assert first.select(pl.min_horizontal("principal_minor", "interest_minor", "fee_minor").min()).item() >= 0


def test_a_second_version_holds_the_principal_the_first_still_had(book: Path) -> None:
    everything = {shape.product for shape in SHAPES if shape.replaces_everything}
    rows = table(book, "schedule").join(table(book, "loans"), on="loan_id")
    second = rows.filter(pl.col("version") == 2)
    assert second["loan_id"].n_unique() > 10
    new = second.group_by("loan_id").agg(
        pl.col("principal_minor").sum().alias("new"), pl.col("effective_on").first(), pl.col("product").first(),
        pl.col("due_on").max().alias("last"), pl.col("matures_on").first(), pl.col("restructured_on").first(),
    )  # fmt: skip
    old = rows.filter(pl.col("version") == 1).select("loan_id", "due_on", "principal_minor")
    left = (
        old.join(new, on="loan_id")
        .filter(pl.col("due_on") >= pl.col("effective_on"))
        .group_by("loan_id")
        .agg(pl.col("principal_minor").sum().alias("left"))
    )
    tied = new.join(left, on="loan_id")
    assert tied.height == new.height
    for row in tied.iter_rows(named=True):
        # Where the new schedule replaces everything it also holds the missed instalments' principal.
        assert row["new"] >= row["left"] if row["product"] in everything else row["new"] == row["left"]
        assert row["last"] == row["matures_on"]
        assert row["restructured_on"] == row["effective_on"] <= AS_OF


def test_every_row_names_a_loan_and_a_party_that_exist(book: Path) -> None:
    loans = set(table(book, "loans")["loan_id"])
    parties = set(table(book, "parties")["party_id"])
    assert len(loans) == 2000
    for name in ("schedule", "postings", "roles"):
        assert set(table(book, name)["loan_id"]) <= loans
    for name in ("loans", "roles", "contact_points"):
        assert set(table(book, name)["party_id"]) <= parties
    for day in book.glob("day-*"):
        assert set(table(day, "postings")["loan_id"]) <= loans
    borrowers = table(book, "roles").filter(pl.col("role") == "borrower").select("loan_id", "party_id").sort("loan_id")
    assert borrowers.equals(table(book, "loans").select("loan_id", "party_id").sort("loan_id"))


def test_every_kind_of_posting_occurs(book: Path) -> None:
    assert set(table(book, "postings")["kind"]) == set(KINDS)


def test_postings_are_numbered_once_and_dated_within_the_loan(book: Path) -> None:
    days = [table(day, "postings") for day in sorted(book.glob("day-*"))]
    every = pl.concat([table(book, "postings"), *days]).join(table(book, "loans"), on="loan_id")
    assert every["posting_id"].n_unique() == every.height
    assert (every["value_on"] >= every["started_on"]).all()
    assert every["booked_at"].null_count() == 0
    assert (every["booked_at"].dt.date() >= every["value_on"]).all()
    late = every.filter(pl.col("booked_at").dt.date() > pl.col("value_on"))
    assert 0.01 < late.height / every.height < 0.1, "back-dated postings are there, and are few"


def test_a_reversal_names_an_earlier_posting_of_its_loan_and_none_is_reversed_twice(book: Path) -> None:
    days = [table(day, "postings") for day in book.glob("day-*")]
    every = pl.concat([table(book, "postings"), *days])
    reversals = every.filter(pl.col("kind") == "reversal")
    assert reversals.height > 50
    assert every.filter(pl.col("kind") != "reversal")["reverses"].null_count() == every.height - reversals.height
    pairs = reversals.join(every, left_on=["loan_id", "reverses"], right_on=["loan_id", "posting_id"], suffix="_target")
    assert pairs.height == reversals.height
    assert pairs["reverses"].n_unique() == pairs.height
    assert (pairs["value_on_target"] < pairs["value_on"]).all()
    assert (pairs["booked_at_target"] < pairs["booked_at"]).all()
    assert set(pairs["kind_target"]) == {"payment", "fee"}
    assert (pairs["amount_minor_target"] == pairs["amount_minor"]).all()


def test_each_later_day_holds_what_was_booked_that_day(book: Path) -> None:
    assert table(book, "postings")["booked_at"].dt.date().max() == AS_OF
    days = sorted(book.glob("day-*"))
    assert [day.name for day in days] == [f"day-2026-11-{d}" for d in range(21, 26)]
    for day in days:
        rows = table(day, "postings")
        assert rows.height > 10
        assert {f"day-{booked}" for booked in rows["booked_at"].dt.date()} == {day.name}
        assert json.loads((day / "synthetic.json").read_text("utf-8"))["synthetic"] is True


def test_late_payers_pay_what_mora_charges_to_the_cent(book: Path) -> None:
    """Who is not late leaves no penalty behind, and nothing given up or refunded is more than there was."""
    products, _ = parse_products((book / "products.yaml").read_text("utf-8"))
    hard = ["waiver", "penalty_adjustment", "re_amortise", "reschedule", "interest_pause", "refund", "reversal"]
    which = table(book, "postings").filter(pl.col("kind").is_in(hard))
    chosen = pl.concat([which.filter(pl.col("kind") == kind)["loan_id"].unique().sort().head(6) for kind in hard])
    wanted = table(book, "loans").filter(pl.col("loan_id").is_in(chosen.to_list()))
    schedule = table(book, "schedule").partition_by("loan_id", as_dict=True)
    postings = table(book, "postings").partition_by("loan_id", as_dict=True)
    late = 0
    for row in wanted.iter_rows(named=True):
        key = (row["loan_id"],)
        aged = age(_loan(row, products[row["product"]], schedule[key], postings[key]), AS_OF)
        late += aged.position.days_past_due > 0
        assert aged.life.excess == [], key
        if aged.position.days_past_due == 0:
            assert aged.position.penalty_minor + aged.position.compound_minor == 0, key
    assert wanted.height > 25
    assert 0 < late < 0.6 * wanted.height


def _loan(row: dict[str, Any], product: Product, schedule: pl.DataFrame, postings: pl.DataFrame) -> Loan:
    return Loan(
        row["loan_id"], row["party_id"], product, row["currency"], row["principal_minor"], row["annual_rate_e12"],
        row["started_on"], row["matures_on"],
        tuple(
            Instalment(i["n"], i["due_on"], i["principal_minor"], i["interest_minor"], i["fee_minor"], i["version"],
                       i["effective_on"])
            for i in schedule.iter_rows(named=True)
        ),
        tuple(
            Posting(p["posting_id"], p["value_on"], PostingKind[p["kind"].upper()], p["amount_minor"], p["booked_at"],
                    Component[p["component"].upper()] if p["component"] else None, p["reverses"], p["instalment_n"])
            for p in postings.iter_rows(named=True)
        ),
        penalty_rate_e12=row["penalty_rate_e12"], written_off_on=row["written_off_on"],
        restructured_on=row["restructured_on"],
    )  # fmt: skip


def test_between_six_and_ten_in_a_hundred_are_late(book: Path) -> None:
    """A plain sum, not Mora's rules: what fell due before the as-of date against money that came and stayed."""
    schedule = table(book, "schedule")
    changed = schedule.filter(pl.col("version") == 2).group_by("loan_id").agg(pl.col("effective_on").first())
    live = schedule.drop("effective_on").join(changed, on="loan_id", how="left").filter(
        (pl.col("version") == 2) | pl.col("effective_on").is_null() | (pl.col("due_on") < pl.col("effective_on"))
    )  # fmt: skip
    due = live.filter(pl.col("due_on") < AS_OF).group_by("loan_id").agg(
        (pl.col("principal_minor") + pl.col("interest_minor") + pl.col("fee_minor")).sum().alias("due")
    )  # fmt: skip
    postings = table(book, "postings")
    gone = postings.filter(pl.col("kind") == "reversal")["reverses"]
    sign = {"payment": 1, "recovery": 1, "re_amortise": 1, "refund": -1}
    came = (
        postings.filter(pl.col("kind").is_in(list(sign)) & ~pl.col("posting_id").is_in(gone.to_list()))
        .group_by("loan_id")
        .agg((pl.col("amount_minor") * pl.col("kind").replace_strict(sign, return_dtype=pl.Int64)).sum().alias("came"))
    )
    replaced = [shape.product for shape in SHAPES if shape.replaces_everything]
    restructured = table(book, "loans").filter(
        pl.col("restructured_on").is_not_null() & pl.col("product").is_in(replaced)
    )["loan_id"]  # fmt: skip
    both = due.join(came, on="loan_id", how="left").filter(~pl.col("loan_id").is_in(restructured.to_list()))
    share = both.filter(pl.col("due") > pl.col("came").fill_null(0)).height / 2000
    assert 0.06 <= share <= 0.10, share


def test_shape_of_the_book(book: Path) -> None:
    assert 33 < table(book, "schedule").height / 2000 < 40
    assert 16.5 < table(book, "postings").height / 2000 < 20.5
    loans = table(book, "loans")
    assert set(loans["product"]) == {shape.product for shape in SHAPES}
    assert set(loans["currency"]) == {"CNY", "USD", "GBP"}
    assert sum(shape.weight for shape in SHAPES) == 1000
    assert all(len(shape.mix) == len(Character) for shape in SHAPES)
    business = loans.filter(pl.col("product") == "cn_micro_business")
    assert business["party_id"].n_unique() < 0.7 * business.height, "companies have several loans each"
    assert loans.filter(pl.col("written_off_on").is_not_null()).height > 5


def test_names_are_marked_as_invented(book: Path) -> None:
    for row in table(book, "parties").iter_rows(named=True):
        assert row["party_id"].startswith("SYN")
        assert "测试" in row["name"] or "Testperson" in row["name"]
        assert row["employer"] is None or row["employer"].startswith(("测试", "Testco"))
    assert all(loan.startswith("SYN") for loan in table(book, "loans")["loan_id"])


def test_identity_numbers_are_wrong_on_purpose(book: Path) -> None:
    seen = set()
    for row in table(book, "parties").iter_rows(named=True):
        number, kind = row["id_number"], row["id_kind"]
        seen.add(kind)
        if kind == "cn_identity_card":
            assert len(number) == 18
            assert number.startswith("000000")
            assert number[6:14] == row["born_on"].strftime("%Y%m%d")
            # GB 11643: weights 2^(17-i) mod 11; the check character makes the sum 1 mod 11, X standing for ten.
            total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(number[:17]))
            assert (total + (10 if number[17] == "X" else int(number[17]))) % 11 != 1
        elif kind == "cn_credit_code":
            assert number.startswith("00000000")
            assert row["kind"] == "company"
            assert row["born_on"] is None
            # GB 32100: weights 3^i mod 31 over an alphabet of 31; the check character makes the sum 0 mod 31.
            alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
            assert sum(alphabet.index(c) * 3**place for place, c in enumerate(number[:17])) % 31 != (
                -alphabet.index(number[17]) % 31
            )
        elif kind == "us_ssn":
            assert number.startswith("000-00-")
            assert len(number) == 11
        else:
            assert kind == "uk_nino"
            assert number.startswith("QQ")
            assert number.endswith("Z")
    assert len(seen) == 4


def test_contact_points_reach_nobody(book: Path) -> None:
    for row in table(book, "contact_points").iter_rows(named=True):
        value = row["value"]
        if row["channel"] == "email":
            assert value.endswith(("@example.com", "@example.cn.invalid"))
        elif value.startswith("+86"):
            assert value.startswith("+8610000")
            assert len(value) == 14
        elif value.startswith("+1"):
            assert value[5:10] == "55501"
            assert len(value) == 12
        else:
            assert value.startswith("+447700900")
            assert len(value) == 13


def test_the_book_says_everywhere_that_it_is_synthetic(book: Path) -> None:
    for directory in (book, *book.glob("day-*")):
        notice = (directory / "SYNTHETIC.txt").read_text("utf-8")
        assert "合成数据" in notice
        assert "SYNTHETIC" in notice
    label = json.loads((book / "synthetic.json").read_text("utf-8"))
    assert (label["synthetic"], label["seed"], label["loans"], label["as_of"]) == (True, 11, 2000, "2026-11-20")
    assert label["rows"]["postings"] == table(book, "postings").height


def test_it_refuses_what_it_cannot_do_and_leaves_other_peoples_files_alone(tmp_path: Path) -> None:
    for order, words in (
        (Order(99), "100 to 10,000,000"), (Order(10_000_001), "100 to"), (Order(100, seed=-1), "seed"),
        (Order(100, days=401), "0 to 400"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=words):
            write_book(order, tmp_path / "out")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(Refused, match="not an empty directory"):
        write_book(Order(100), tmp_path / "mine")
    (tmp_path / "new.partial").mkdir()
    (tmp_path / "new.partial" / "letter.txt").write_text("dear")
    with pytest.raises(Refused, match="was not made by mora synth"):
        write_book(Order(100), tmp_path / "new")
    assert (tmp_path / "mine" / "letter.txt").read_text() == "dear"


def test_what_a_killed_run_left_is_cleared_away(tmp_path: Path) -> None:
    left = tmp_path / "book.partial"
    left.mkdir()
    (left / "SYNTHETIC.txt").write_text("x")
    (left / "loans.csv").write_text("half a li")
    write_book(Order(100), tmp_path / "book")
    assert not left.exists()
    assert (tmp_path / "book" / "synthetic.json").exists()
