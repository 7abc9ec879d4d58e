"""The words of a schedule's generation: how principal comes back, when, and what is rounded.

Each enum's first member is the default. docs/algorithms/schedules.md has the formulas and worked tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from mora.core.calendar import Adjustment, Calendar
from mora.core.dates import DayCount
from mora.core.money import Rounding


class Method(StrEnum):
    """How principal comes back."""

    ANNUITY = "annuity"
    """Equal instalments of principal and interest 等额本息."""
    EQUAL_PRINCIPAL = "equal_principal"
    """Equal principal, interest on what is left 等额本金."""
    INTEREST_ONLY = "interest_only"
    """Interest each period, principal with the last 先息后本."""
    BULLET = "bullet"
    """One instalment at the end with principal and all interest 到期一次还本付息."""
    BALLOON = "balloon"
    """Annuity over a longer time or down to a stated amount; the last instalment takes the rest 气球贷."""
    CUSTOM = "custom"
    """Principal amounts and due dates as given; interest is computed."""


class Frequency(StrEnum):
    """How far apart instalments are."""

    MONTHLY = "monthly"
    WEEKLY = "weekly"
    """Every 7 days; 52 periods a year when interest goes by period."""
    BIWEEKLY = "biweekly"
    """Every 14 days; 26 periods a year when interest goes by period."""
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"

    @property
    def months(self) -> int:
        """Calendar months in a period; 0 for weeks."""
        return {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}.get(self.value, 0)

    @property
    def days(self) -> int:
        """Days in a period of weeks; 0 for months."""
        return {"weekly": 7, "biweekly": 14}.get(self.value, 0)

    @property
    def per_year(self) -> int:
        """Periods in a year of interest."""
        return 12 // self.months if self.months else 364 // self.days


class InterestBy(StrEnum):
    """What part of a year a period is."""

    PERIOD = "period"
    """Every full period the same: the yearly rate over the periods of a year (月利率 = 年利率 / 12)."""
    DAYS = "days"
    """By the day count, from due date to due date."""


class FirstPeriod(StrEnum):
    """Interest of a first period that is not a full one; with InterestBy.PERIOD only."""

    DAYS = "days"
    """By the day count; the principal part stays that of the regular plan."""
    FULL = "full"
    """As a full period."""


class Payment(StrEnum):
    """How an annuity's payment becomes whole minor units."""

    FORMULA = "formula"
    """The exact payment, rounded by ``payment_rounding``."""
    CLOSEST = "closest"
    """The whole payment that leaves the last instalment nearest to the others."""


class Residue(StrEnum):
    """Where the minor units go that rounding leaves over."""

    LAST = "last"
    """The last instalment takes them."""
    SPREAD = "spread"
    """Principal is cut from the exact plan by rounding each balance, so that no part is off by more than one unit."""


class AccrueTo(StrEnum):
    """Which dates interest by days runs between."""

    UNADJUSTED = "unadjusted"
    ADJUSTED = "adjusted"


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What a product says about its schedules; the same for all its loans."""

    method: Method = Method.ANNUITY
    frequency: Frequency = Frequency.MONTHLY
    interest: InterestBy = InterestBy.PERIOD
    day_count: DayCount = DayCount.ACT_360
    """For InterestBy.DAYS and for odd first periods."""
    rounding: Rounding = Rounding.HALF_UP
    """Of each instalment's interest."""
    payment: Payment = Payment.FORMULA
    payment_rounding: Rounding = Rounding.HALF_UP
    """Of an annuity's payment and of an equal principal part; UP is 'up to the cent'."""
    residue: Residue = Residue.LAST
    first_period: FirstPeriod = FirstPeriod.DAYS
    interest_only_periods: int = 0
    """Leading periods without principal (annuity, equal principal, balloon)."""
    amortise_over: int | None = None
    """BALLOON: periods the annuity is computed over, counted after the interest-only ones."""
    end_of_month: bool = False
    """A first due date on a month's last day keeps every due date on the last day."""
    adjustment: Adjustment = Adjustment.NONE
    accrue_to: AccrueTo = AccrueTo.UNADJUSTED


@dataclass(frozen=True, slots=True)
class ScheduleTerms:
    """One loan's facts beside its product's plan."""

    principal: int
    """Minor units, above zero."""
    annual_rate_e12: int
    started_on: date
    count: int = 0
    """Number of periods; not used by CUSTOM."""
    first_due_on: date | None = None
    """None: one period after ``started_on``."""
    due_day: int | None = None
    """Day of the month of later instalments when the first falls on a short month (31 with a first due date of
    28 February); None: the first due date's own day."""
    balloon_minor: int | None = None
    """BALLOON: principal left for the last instalment's end, when ``amortise_over`` does not say it."""
    custom: tuple[tuple[date, int], ...] = ()
    """CUSTOM: (due date, principal), dates rising, principal summing to the loan's."""
    plan: PlanTerms = field(default_factory=PlanTerms)
    calendar: Calendar | None = None
    """Needed when ``plan.adjustment`` is not NONE."""
    version: int = 1
    effective_on: date | None = None
