"""Explaining a loan runs on the plain rules and must say what the kernel wrote."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from mora.ageing.columns import POSITIONS
from mora.cli.main import app
from mora.core.errors import UnknownLoan
from mora.engine.book import open_book
from mora.engine.explain import explain

from .conftest import START


def aged(book: Path, tmp_path: Path, *more: str) -> pl.DataFrame:
    out = tmp_path / "positions.parquet"
    done = CliRunner().invoke(app, ["age", "--book", str(book), "--as-of", str(START), "--out", str(out), *more])
    assert done.exit_code == 0, done.output
    return pl.read_parquet(out)


Explained = dict[str, dict[str, Any]]
"""Explanations under their loans."""


@pytest.fixture(scope="module")
def frame(imported_book: Path, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """Positions of every loan."""
    return aged(imported_book, tmp_path_factory.mktemp("aged"))


@pytest.fixture(scope="module")
def explained(imported_book: Path, frame: pl.DataFrame) -> Explained:
    """A late loan of each product and class, and some that are not, explained."""
    interesting = frame.group_by("risk_class", "bucket", "currency").agg(pl.col("loan_id").min())
    book = open_book(imported_book)
    return {loan_id: explain(book, loan_id, START) for loan_id in sorted(interesting["loan_id"].to_list())}


def test_positions_have_exactly_the_columns_of_the_format(frame: pl.DataFrame):
    assert frame.columns == POSITIONS.names


def test_the_explanation_agrees_with_the_kernel_on_every_column(frame: pl.DataFrame, explained: Explained):
    rows = {row["loan_id"]: row for row in frame.to_dicts()}
    assert len(explained) >= 20
    for loan_id, told in explained.items():
        assert {name: told["position"][name] for name in rows[loan_id]} == rows[loan_id]


def test_every_posting_is_told_and_its_money_adds_up(explained: Explained):
    for loan_id, told in explained.items():
        went: dict[str, int] = {}
        for line in told["life"]:
            if line["what"] in ("paid", "held"):
                went[line.get("posting_id", "")] = went.get(line.get("posting_id", ""), 0) + line["amount_minor"]
        for line in told["life"]:
            if line["what"] == "posting" and line["en"].split()[0] in ("payment", "recovery"):
                assert went[line["posting_id"]] == line["amount_minor"], (loan_id, line)
        held = sum(line["amount_minor"] for line in told["life"] if line["what"] == "held")
        assert held == told["position"]["credit_minor"]


def test_the_penalty_told_day_by_day_is_the_penalty_charged(imported_book: Path, frame: pl.DataFrame):
    charged_some = frame.filter(pl.col("penalty_minor") > 0, pl.col("currency") == "CNY")
    for loan_id in charged_some["loan_id"].sort()[:10]:
        told = explain(open_book(imported_book), loan_id, START)
        by_item: dict[str, Fraction] = {}
        for line in told["penalty"]:
            if line["component"] == "penalty":
                by_item[line["item"]] = by_item.get(line["item"], Fraction(0)) + Fraction(line["exact_minor"])
        by_hand = sum(
            max(0, line["amount_minor"]) for line in told["life"] if line["en"].startswith("penalty adjusted")
        )
        charged = sum(item["amounts_minor"].get("penalty", {}).get("due", 0) for item in told["items"])
        assert charged - by_hand == sum(int(exact + Fraction(1, 2)) for exact in by_item.values())


def test_the_command_prints_both_languages_and_json(imported_book: Path):
    words = ["explain", "SYN0000000044", "--book", str(imported_book), "--as-of", str(START)]
    chinese = CliRunner().invoke(app, words)
    english = CliRunner().invoke(app, [*words, "--lang", "en"])
    plain = CliRunner().invoke(app, [*words, "--json"])
    assert "逾期天数" in chinese.output
    assert "days past due" in english.output
    assert json.loads(plain.output)["loan"]["loan_id"] == "SYN0000000044"


def test_a_chinese_explanation_is_chinese_throughout(imported_book: Path, frame: pl.DataFrame, explained: Explained):
    names = {"SYNTHETIC", *frame["currency"].cast(pl.String).unique()}
    products = set(open_book(imported_book).scan("loans").select("product").unique().collect()["product"])
    for loan_id in explained:
        done = CliRunner().invoke(app, ["explain", loan_id, "--book", str(imported_book), "--as-of", str(START)])
        assert done.exit_code == 0, done.output
        text = done.output.replace("(65 FR 36903)", "").replace("（65 FR 36903）", "")
        words = re.findall(r"[A-Za-z][A-Za-z0-9_.-]{2,}", text)
        strange = {word for word in words if "." not in word and not word.startswith("SYN")} - names - products
        assert strange == set(), (loan_id, strange)


def test_what_is_due_and_open_adds_up_to_the_arrears(explained: Explained):
    for loan_id, told in explained.items():
        late = [each for each in told["open"] if each["due_on"] < START]
        due_today = [each for each in told["open"] if each["due_on"] == START]
        assert sum(each["total_minor"] for each in late) == told["position"]["arrears_minor"], loan_id
        assert all(each["total_minor"] > 0 for each in due_today)
        grown = {each["component"]: each for each in told["penalty_sums"]}
        for name in ("penalty", "compound"):
            left = grown[name]["outstanding_minor"] if name in grown else 0
            assert left == told["position"][f"{name}_minor"], loan_id
            if name in grown:
                sums = grown[name]
                gone = sums["paid_minor"] + sums["waived_minor"] + sums["written_off_minor"]
                assert sums["due_minor"] == gone + left


def test_an_unknown_loan_is_refused_with_2(imported_book: Path):
    with pytest.raises(UnknownLoan, match="NOPE"):
        explain(open_book(imported_book), "NOPE", START)
    done = CliRunner().invoke(app, ["explain", "NOPE", "--book", str(imported_book), "--as-of", str(START)])
    assert done.exit_code == 2


def test_known_at_leaves_out_what_was_booked_later(imported_book: Path):
    told = explain(open_book(imported_book), "SYN0000000044", START, known_at=datetime(2025, 1, 1, tzinfo=UTC))
    assert told["not_seen"]
    assert all(line["day"] <= date(2025, 1, 1) for line in told["life"])


def test_instalments_add_up_to_the_positions(imported_book: Path, tmp_path: Path):
    items = tmp_path / "items.parquet"
    positions = aged(imported_book, tmp_path, "--instalments", str(items))
    sums = pl.read_parquet(items).group_by("loan_id").agg(pl.col("outstanding_principal_minor").sum())
    both = positions.select("loan_id", "outstanding_principal_minor").join(sums, on="loan_id", suffix="_of_items")
    assert both.height == 2000
    assert both["outstanding_principal_minor"].equals(both["outstanding_principal_minor_of_items"])
