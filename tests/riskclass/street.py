"""The people of these tests, and one loan said in two ways: as records for the rules, as columns for the frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import yaml

from mora.ageing.terms import Position, Standing, bucket
from mora.law import load
from mora.loans.terms import LatenessTerms, Loan, Materiality, Product
from mora.riskclass.debtors import Contagion, apply_contagion, contagious
from mora.riskclass.frames import Classified, classify_chunk
from mora.riskclass.numbers import Numbers, read_numbers
from mora.riskclass.rows import ProductSchemes
from mora.riskclass.rules import decide
from mora.riskclass.tables import Tables, make_tables
from mora.riskclass.terms import Debtor, Decision, Facts

CASES = Path(__file__).parent / "cases"
DAY = date(2026, 4, 11)
NO_STANDING = Standing(0, 0, 0, False, None, None, None, None, None)


def cases(name: str) -> list[Any]:
    """The worked cases of one file."""
    return yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def law_on(day: date) -> Numbers:
    """The packs as they are, read for a day."""
    return read_numbers(load(), on=day)


def all_confirmed(numbers: Numbers) -> Numbers:
    """The same numbers as if a lender had confirmed every rule, the technical grace switched on too."""
    rulings = {
        rule_id: replace(ruling, decides=True, unverified=frozenset()) for rule_id, ruling in numbers.rulings.items()
    }
    grace = rulings["cn.class2023.techgrace"]
    rulings["cn.class2023.techgrace"] = replace(grace, params={**grace.params, "enabled": True})
    return replace(numbers, rulings=rulings)


@dataclass(frozen=True, slots=True)
class Told:
    """One loan as a case tells it."""

    days: int = 0
    product: Product = field(default_factory=Product)
    as_of: date = DAY
    principal: int = 100_000
    payoff: int = 100_000
    standing: Standing = NO_STANDING
    facts: Facts = field(default_factory=Facts)
    debtor: Debtor | None = None
    party_id: str = "P1"
    dates: dict[str, date | None] = field(default_factory=dict)
    """started_on, written_off_on, sold_on, restructured_on."""
    flags: int = 8

    def loan(self) -> Loan:
        """The record of terms."""
        return Loan(
            "L1", self.party_id, self.product, "CNY", self.principal, 0,
            self.dates.get("started_on") or date(2020, 1, 1), date(2030, 1, 1), (),
            written_off_on=self.dates.get("written_off_on"), sold_on=self.dates.get("sold_on"),
            restructured_on=self.dates.get("restructured_on"),
        )  # fmt: skip

    def position(self) -> Position:
        """The record of where it stands."""
        late_since = self.as_of - timedelta(days=self.days) if self.days else None
        return Position(
            "L1", self.as_of, "CNY", self.days, self.days, late_since, 0, 0, 0, 0, 0, 0, 0, self.principal, self.payoff,
            0, None, None, None, None, self.days, bucket(self.days),
        )  # fmt: skip


def by_rules(told: Told, numbers: Numbers) -> Decision:
    """The first witness."""
    return decide(told.loan(), told.position(), told.standing, numbers, facts=told.facts, debtor=told.debtor)


def columns_of(rows: Sequence[Told]) -> tuple[pa.Table, dict[str, pa.Array], dict[str, pa.Array], dict[str, Product]]:
    """Loans, positions, standing and products of a chunk."""
    products = {str(hash(told.product)): told.product for told in rows}
    loans = [told.loan() for told in rows]
    table = {
        "product": pa.array([str(hash(told.product)) for told in rows]).dictionary_encode(),
        "party_id": pa.array([told.party_id for told in rows]),
        "currency": pa.array(["CNY"] * len(rows)).dictionary_encode(),
        "flags": pa.array([told.flags for told in rows], pa.uint32()),
        "party_kind": pa.array([told.facts.party_kind for told in rows], pa.string()).dictionary_encode(),
    }
    for name in ("started_on", "written_off_on", "sold_on", "restructured_on"):
        table[name] = pa.array([getattr(loan, name) for loan in loans], pa.date32())
    for name, kind in (
        ("credit_impaired", pa.bool_()), ("significant_increase", pa.bool_()), ("technical_delay", pa.bool_()),
        ("npl_before_change", pa.bool_()), ("restructured_again", pa.bool_()), ("sicr_rebuttal", pa.string()),
        ("default_rebuttal", pa.string()), ("npe_exited_on", pa.date32()), ("second_due_after_clean_on", pa.date32()),
        ("first_due_on", pa.date32()), ("ecl_minor", pa.int64()),
    ):  # fmt: skip
        table[name] = pa.array([getattr(told.facts, name) for told in rows], kind)
    positions = {
        "days_past_due": pa.array([told.days for told in rows], pa.int32()),
        "outstanding_principal_minor": pa.array([told.principal for told in rows], pa.int64()),
        "payoff_minor": pa.array([told.payoff for told in rows], pa.int64()),
    }
    standing = {"material_days": pa.array([told.standing.material_days for told in rows], pa.int32())}
    for name in ("last_late_on", "last_npl_on", "observation_start_on", "observation_second_on"):
        standing[name] = pa.array([getattr(told.standing, name) for told in rows], pa.date32())
    return pa.table(table), positions, standing, products


def by_frames(rows: Sequence[Told], numbers: Numbers) -> list[dict[str, Any]]:
    """The second witness, for rows of one day; contagion from the debtors the rows name."""
    loans, positions, standing, products = columns_of(rows)
    schemes = ProductSchemes.of(products)
    tables = make_tables(numbers, schemes.schemes)
    chunk = classify_chunk(rows[0].as_of, loans, positions, standing, products=schemes, tables=tables)
    chunk = apply_contagion(loans, chunk, told_contagion(rows, numbers), tables)
    return rows_of(chunk, tables)


def rows_of(chunk: Classified, tables: Tables) -> list[dict[str, Any]]:
    """The written columns as records."""
    return pa.table(chunk.columns(tables)).to_pylist()


def told_contagion(rows: Sequence[Told], numbers: Numbers) -> Contagion:
    """What the debtors' figures told with the rows lead to."""
    debtors = {told.party_id: told.debtor for told in rows if told.debtor is not None}
    totals = pl.DataFrame(
        [(party, "CNY", each.exposure_minor, each.npl_minor) for party, each in debtors.items()],
        schema={"party_id": pl.String, "currency": pl.String, "exposure_minor": pl.Int128, "npl_minor": pl.Int128},
        orient="row",
    )
    outside = pl.DataFrame(
        [
            (party, each.all_banks_over90_minor, each.all_banks_minor)
            for party, each in debtors.items()
            if each.all_banks_minor is not None
        ],
        schema={"party_id": pl.String, "over90_minor": pl.Int64, "bank_debt_minor": pl.Int64},
        orient="row",
    )
    return contagious(totals, numbers, outside)


def written(decision: Decision) -> dict[str, Any]:
    """A decision as the five written columns."""
    return {
        "risk_class": decision.risk_class.word,
        "risk_class_reason": decision.reason.text,
        "ecl_stage": decision.ecl_stage,
        "provision_minor": decision.provision_minor,
        "bureau_status": decision.bureau_status,
    }


def told_by(case: dict[str, Any]) -> Told:
    """A case of a YAML file as a loan."""
    given = dict(case.get("loan", {}))
    terms = dict(given.pop("product", {}))
    if "materiality" in terms:
        absolute, ppm = terms.pop("materiality")
        terms["lateness"] = LatenessTerms(materiality=Materiality(absolute, ppm))
    as_of = given.pop("as_of", DAY)
    due_on = given.pop("oldest_unpaid_due_on", None)
    days = (as_of - due_on).days if due_on is not None else given.pop("days", 0)
    principal = given.pop("principal", 100_000)
    return Told(
        days,
        Product(**terms),
        as_of,
        principal,
        given.pop("payoff", principal),
        replace(NO_STANDING, **given.pop("standing", {})),
        Facts(**given.pop("facts", {})),
        Debtor(**given.pop("debtor")) if "debtor" in given else None,
        dates=given,
    )
