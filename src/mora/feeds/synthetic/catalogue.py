"""Which products a synthetic book holds, and how its borrowers take them.

These are the generator's own figures. The terms that Mora reads stand in ``products.yaml``
beside this file; a test holds the two together, because a borrower who pays late here pays
the penalty interest that Mora will charge there, to the cent.

Rates are millionths (ppm) a year, money is minor units. All of it is invented; the shares
are meant to look like a healthy retail book, not like any lender's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Character(IntEnum):
    """How a borrower pays. The number is the row in a mix and in the table of habits."""

    PROMPT = 0
    """On the due date or up to three days before; forgets now and then for a day or three."""
    EARLY = 1
    """Three to ten days before."""
    SELF_CURER = 2
    """Every fourth or fifth time one to ten days late, then pays by himself."""
    PART_PAYER = 3
    """Sometimes a part on the due date and the rest five to twenty days later."""
    ROLLER = 4
    """From some month on always twenty to forty days behind."""
    CATCH_UP = 5
    """Misses two to four instalments, then pays all at once."""
    DEFAULTER = 6
    """Stops paying; perhaps a few token payments; perhaps written off; perhaps recoveries."""
    RESTRUCTURED = 7
    """Misses two or three instalments, then gets a new schedule; one in four stops again."""
    HARDSHIP = 8
    """Misses up to three instalments under a pause of interest and of day counting, then pays all at once."""
    DISPUTED = 9
    """Questions one instalment: day counting pauses, then it is paid."""


class Plan(IntEnum):
    """How principal comes back."""

    ANNUITY = 0
    """Equal instalments 等额本息."""
    EQUAL_PRINCIPAL_FEE = 1
    """Equal principal, no interest, an instalment fee each month: card instalment plans 信用卡分期."""
    INTEREST_ONLY = 2
    """Interest each month, principal at the end 先息后本."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A product as the generator sees it."""

    product: str
    currency: str
    country: str
    weight: int
    """Share of the book in thousandths."""
    terms: tuple[tuple[int, int], ...]
    """(months, weight)."""
    rates_ppm: tuple[int, ...]
    principal: tuple[int, int, int]
    """Lowest, highest and step, in minor units."""
    mix: tuple[int, ...]
    """Weight of each Character."""
    plan: Plan = Plan.ANNUITY
    fee_rate_ppm: int = 0
    """Monthly fee on the original principal (EQUAL_PRINCIPAL_FEE)."""
    uplift_percent: int = 150
    """Penalty rate as a percentage of the contract rate, when the loan has no penalty rate of its own."""
    penalty_rate_ppm: int | None = None
    """The loan's own penalty rate."""
    basis: int = 360
    grace_days: int = 0
    """Days free of penalty interest."""
    compound: bool = False
    late_fee: int = 0
    late_fee_after: int = 0
    """Days after the due date at which the fee is charged."""
    fee_names_instalment: bool = False
    holds_credit: bool = False
    """Early money waits as credit: double payments are noticed and refunded."""
    re_amortises: bool = False
    """Borrowers may pay a part of the principal back early."""
    replaces_everything: bool = False
    """A new schedule cancels what was open (and its penalty is waived) instead of following it."""
    write_off_after: int = 400
    """Days past due from which a written-off loan is written off."""
    collateral: str | None = None
    company: bool = False
    bought_in: bool = False
    """The lender took over what was left of it; the principal is the balance bought."""


#       prompt early self part roll catch default restr hard dispute
LOW = (796, 70, 75, 8, 11, 14, 30, 7, 6, 3)
MID = (681, 60, 120, 22, 24, 20, 82, 18, 8, 5)
HIGH = (628, 40, 150, 30, 30, 22, 102, 20, 10, 6)

SHAPES: tuple[Shape, ...] = (
    Shape("cn_consumer", "CNY", "CN", 400, ((12, 10), (24, 30), (36, 60)),
          (72000, 96000, 108000, 132000, 156000, 180000), (300_000, 20_000_000, 100_000), MID,
          grace_days=3, re_amortises=True),
    Shape("cn_card_instalment", "CNY", "CN", 180, ((12, 40), (24, 60)),
          (0,), (60_000, 5_000_000, 12_000), HIGH, plan=Plan.EQUAL_PRINCIPAL_FEE, fee_rate_ppm=6000,
          penalty_rate_ppm=182_500, basis=365, late_fee=2_000, late_fee_after=4, fee_names_instalment=True,
          write_off_after=181),
    Shape("cn_mortgage", "CNY", "CN", 130, ((60, 50), (84, 30), (120, 20)),
          (31000, 33500, 36000, 39500, 42000, 49000), (10_000_000, 300_000_000, 1_000_000), LOW,
          holds_credit=True, re_amortises=True, write_off_after=720, collateral="residential_property",
          bought_in=True),
    Shape("cn_micro_business", "CNY", "CN", 90, ((12, 30), (24, 40), (36, 30)),
          (43500, 52000, 60000, 72000), (10_000_000, 300_000_000, 5_000_000), MID, plan=Plan.INTEREST_ONLY,
          compound=True, replaces_everything=True, write_off_after=540, company=True),
    Shape("cn_auto", "CNY", "CN", 100, ((36, 60), (48, 15), (60, 25)),
          (39000, 48000, 58800, 69600), (3_000_000, 40_000_000, 100_000), LOW, re_amortises=True,
          collateral="vehicle"),
    Shape("us_instalment", "USD", "US", 60, ((24, 20), (36, 50), (60, 30)),
          (79900, 99900, 129900, 169900, 219900), (100_000, 3_500_000, 10_000), MID,
          penalty_rate_ppm=0, late_fee=2_900, late_fee_after=15, write_off_after=121),
    Shape("uk_loan", "GBP", "GB", 40, ((24, 25), (36, 50), (48, 25)),
          (59000, 69000, 89000, 129000, 199000), (100_000, 2_500_000, 10_000), MID,
          uplift_percent=100, basis=365, late_fee=1_200, late_fee_after=7, holds_credit=True,
          replaces_everything=True, write_off_after=181),
)  # fmt: skip
"""The palette. Weights sum to 1000."""
