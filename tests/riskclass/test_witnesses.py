"""Rules and frames are written apart; on random loans they must say the same, reason and cent included."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from mora.loans.terms import LatenessTerms, Materiality, Product
from mora.riskclass.terms import Debtor, Facts
from riskclass.street import NO_STANDING, Told, all_confirmed, by_frames, by_rules, law_on, written

PRODUCTS = [
    Product(jurisdiction=place, kind=kind, lateness=LatenessTerms(materiality=material))
    for place in ("cn", "us", "eu", "uk")
    for kind in ("loan", "card", "mortgage")
    for material in (None, Materiality(10_000, 10_000))
]
EDGES = [0, 1, 7, 8, 29, 30, 31, 60, 61, 89, 90, 91, 119, 120, 121, 150, 151, 179, 180, 181, 270, 271, 360, 361, 5000]


def some_loan(dice: random.Random, as_of: date, n: int) -> Told:
    """Any loan at all: edges and ordinary days, every fact now and then."""

    def near() -> date:
        return as_of + timedelta(days=dice.choice([-1, 0, 1, dice.randint(-1200, 30)]))

    def seldom(value: object, otherwise: object = None) -> object:
        return value if dice.random() < 0.2 else otherwise

    days = dice.choice(EDGES) if dice.random() < 0.7 else dice.randint(0, 600)
    principal = dice.choice([0, 1, 2, 3, 1002, 10**15, dice.randint(1, 10**9)])
    late = as_of if days else seldom(near())
    second = near()
    facts = Facts(
        party_kind=dice.choice([None, "person", "company"]),
        credit_impaired=bool(seldom(True, False)),
        significant_increase=bool(seldom(True, False)),
        technical_delay=bool(seldom(True, False)),
        npl_before_change=bool(dice.randint(0, 1)),
        restructured_again=bool(seldom(True, False)),
        sicr_rebuttal=str(seldom("recorded", "")),
        default_rebuttal=str(seldom("recorded", "")),
        npe_exited_on=seldom(near()),
        second_due_after_clean_on=seldom(near()),
        first_due_on=seldom(near()),
        ecl_minor=seldom(dice.choice([0, principal // 2, principal * 9 // 10, principal * 9 // 10 + 1, principal])),
    )
    exposure = dice.choice([0, 10, 1000, 10**15])
    debtor = Debtor(
        exposure, dice.choice([0, exposure // 10, exposure // 10 + 1, exposure]), seldom(1000), dice.choice([200, 201])
    )
    return Told(
        days,
        dice.choice(PRODUCTS),
        as_of,
        principal,
        dice.choice([0, principal, principal + 7]),
        replace(
            NO_STANDING,
            material_days=dice.choice([0, 90, 91, days]),
            last_late_on=late,
            last_npl_on=seldom(near()) if late else None,
            observation_start_on=seldom(near()) if dice.random() < 0.5 else second - timedelta(days=60),
            observation_second_on=dice.choice([None, second]),
        ),
        facts,
        dice.choice([None, debtor]),
        f"P{n}",
        {
            "started_on": as_of - timedelta(days=dice.choice([-1, 0, 400])),
            "written_off_on": seldom(near()),
            "sold_on": seldom(near()),
            "restructured_on": near() if dice.random() < 0.5 else None,
        },
    )


@pytest.mark.parametrize("confirmed", [False, True], ids=["law as verified", "every rule confirmed"])
@pytest.mark.parametrize("as_of", [date(2026, 4, 11), date(2024, 2, 29), date(2026, 8, 31), date(2019, 1, 1)])
def test_rules_and_frames_agree_on_any_loan(as_of, confirmed):
    dice = random.Random(as_of.toordinal())
    rows = [some_loan(dice, as_of, n) for n in range(2000)]
    numbers = all_confirmed(law_on(as_of)) if confirmed and as_of.year > 2023 else law_on(as_of)
    framed = by_frames(rows, numbers)
    for told, row in zip(rows, framed, strict=True):
        assert written(by_rules(told, numbers)) == row, told
    assert len({row["risk_class_reason"] for row in framed}) > (20 if confirmed and as_of.year > 2023 else 12)
