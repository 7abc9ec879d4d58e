"""A debtor's loans lie in different chunks; the totals bring them together, exactly."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace

import polars as pl
import pytest

from mora.loans.terms import Product
from mora.riskclass.debtors import NO_CONTAGION, add_totals, apply_contagion, contagious, debtor_of, party_totals
from mora.riskclass.frames import classify_chunk
from mora.riskclass.rows import ProductSchemes
from mora.riskclass.rules import own_class
from mora.riskclass.tables import make_tables
from mora.riskclass.terms import Debtor, Facts
from riskclass.street import DAY, Told, by_rules, columns_of, law_on, rows_of, written

LAW = law_on(DAY)


def sweep(chunks):
    """Both sweeps over a book in chunks: the written rows, and the totals."""
    read = [columns_of(chunk) for chunk in chunks]
    products = {name: each for *_, known in read for name, each in known.items()}
    schemes = ProductSchemes.of(products)
    tables = make_tables(LAW, schemes.schemes)
    own = [classify_chunk(DAY, *columns[:3], products=schemes, tables=tables) for columns in read]
    totals = add_totals([party_totals(columns[0], chunk, tables) for columns, chunk in zip(read, own, strict=True)])
    found = contagious(totals, LAW)
    after = [apply_contagion(columns[0], chunk, found, tables) for columns, chunk in zip(read, own, strict=True)]
    return [row for chunk in after for row in rows_of(chunk, tables)], totals


def test_a_book_in_chunks_is_classed_as_each_loan_is_with_its_debtor_known():
    dice = random.Random(7)
    book = [
        Told(
            dice.choice([0, 0, 0, 1, 45, 91, 300]),
            Product(kind=dice.choice(["loan", "card"]), jurisdiction=dice.choice(["cn", "cn", "us"])),
            principal=dice.choice([0, 10, 90, 1000, 9000]),
            facts=Facts(party_kind=dice.choice(["person", "company", None])),
            party_id=f"P{dice.randint(0, 120)}",
            dates={"sold_on": DAY} if dice.random() < 0.1 else {},
        )
        for _ in range(600)
    ]
    kinds = {}
    book = [
        replace(told, facts=Facts(party_kind=kinds.setdefault(told.party_id, told.facts.party_kind))) for told in book
    ]
    exposure, npl = defaultdict(int), defaultdict(int)
    for told in book:
        if told.product.jurisdiction == "cn" and "sold_on" not in told.dates and told.facts.party_kind != "person":
            exposure[told.party_id] += told.principal
            is_npl = own_class(told.loan(), told.position(), told.standing, LAW, facts=told.facts).is_npl
            npl[told.party_id] += told.principal * is_npl
    rows, totals = sweep([book[:250], book[250:400], book[400:]])
    for told, row in zip(book, rows, strict=True):
        known = replace(told, debtor=Debtor(exposure[told.party_id], npl[told.party_id]))
        assert written(by_rules(known, LAW)) == row
    assert sum("cross10" in row["risk_class_reason"] for row in rows) > 20
    party = max(npl, key=lambda each: npl[each])
    assert debtor_of(totals, party) == Debtor(exposure[party], npl[party])


def test_a_debtor_with_one_loan_takes_no_part_in_the_totals():
    _, totals = sweep([[Told(91, party_id="P1", flags=0), Told(0, party_id="P2", flags=8)]])
    assert totals["party_id"].to_list() == ["P2"]


def test_sums_beyond_64_bits_stay_exact():
    huge = 9 * 10**18
    part = pl.DataFrame({"party_id": ["P1"], "currency": ["CNY"], "exposure_minor": [huge], "npl_minor": [huge // 10]})
    at_ten = add_totals([part] * 20)
    assert at_ten["exposure_minor"].to_list() == [20 * huge]
    assert contagious(at_ten, LAW).own_bank.to_list() == []
    over = part.with_columns(npl_minor=pl.col("npl_minor") + 1)
    assert contagious(add_totals([part] * 19 + [over]), LAW).own_bank.to_list() == ["P1"]


def test_claims_in_two_currencies_are_tested_each():
    parties, currencies = ["P1", "P1"], ["CNY", "USD"]
    part = {"party_id": parties, "currency": currencies, "exposure_minor": [1000, 10], "npl_minor": [0, 5]}
    totals = add_totals([pl.DataFrame(part)])
    assert contagious(totals, LAW).own_bank.to_list() == ["P1"]


@pytest.mark.parametrize(("share", "found"), [(200, []), (201, ["P1"])])
def test_outside_figures_of_all_banks(share, found):
    outside = pl.DataFrame({"party_id": ["P1"], "over90_minor": [share], "bank_debt_minor": [1000]})
    totals = pl.DataFrame(schema={"party_id": pl.String, "exposure_minor": pl.Int128, "npl_minor": pl.Int128})
    assert contagious(totals, LAW, outside).all_banks.to_list() == found


def test_no_contagion_changes_nothing():
    loans, positions, standing, products = columns_of([Told(0), Told(91)])
    schemes = ProductSchemes.of(products)
    tables = make_tables(LAW, schemes.schemes)
    chunk = classify_chunk(DAY, loans, positions, standing, products=schemes, tables=tables)
    assert apply_contagion(loans, chunk, NO_CONTAGION, tables) is chunk
