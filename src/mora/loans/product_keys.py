"""Which keys may a product file hold, what does each set, and what may stand behind it?

Plain tables: the reader, the writer and the test of docs/reference/products.md all go by them.
"""

from __future__ import annotations

from dataclasses import dataclass

from mora.core.calendar import CALENDARS, Adjustment
from mora.core.dates import DayCount
from mora.core.money import Rounding
from mora.loans.product_values import Choice, Day, Factor, Flag, Kind, Money, OneOf, Order, Rate, Share, Whole
from mora.loans.schedule_terms import AccrueTo, FirstPeriod, Frequency, InterestBy, Method, Payment, Residue
from mora.loans.terms import (
    DaysRule,
    Direction,
    EarlyMoney,
    FeeStyle,
    GraceStyle,
    PauseBoundary,
    PayoffStyle,
    PenaltyBase,
    PenaltyUnit,
    RescheduleStyle,
    ReversalStyle,
    SwitchMeasured,
    WriteOffStyle,
)

MOST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a product file."""

    name: str
    attr: str
    """The field of the term it sets."""
    kind: Kind


PRODUCT_KEYS: tuple[Key, ...] = (
    Key("jurisdiction", "jurisdiction", OneOf(("cn", "us", "uk", "eu"))),
    Key("kind", "kind", OneOf(("loan", "card", "mortgage"))),
    Key("early_money", "early", Choice(EarlyMoney)),
    Key("write_off", "write_off", Choice(WriteOffStyle)),
    Key("write_off_order", "write_off_order", Order()),
    Key("recovery_is_income", "recovery_is_income", Flag()),
    Key("reschedule", "reschedule", Choice(RescheduleStyle)),
    Key("fee", "fee", Choice(FeeStyle)),
    Key("waiver_excess_refused", "waiver_excess_refused", Flag()),
    Key("reversal", "reversal", Choice(ReversalStyle)),
    Key("payoff", "payoff", Choice(PayoffStyle)),
    Key("next_due_after_as_of", "next_due_after_as_of", Flag()),
    Key("last_paid_sums_day", "last_paid_sums_day", Flag()),
)

PENALTY_KEYS: tuple[Key, ...] = (
    Key("uplift", "uplift", Factor()),
    Key("base", "base", Choice(PenaltyBase)),
    Key("basis", "basis", OneOf((360, 365, 366))),
    Key("rounding", "rounding", Choice(Rounding)),
    Key("unit", "unit", Choice(PenaltyUnit)),
    Key("grace_days", "grace_days", Whole(0, MOST_DAYS)),
    Key("grace_style", "grace_style", Choice(GraceStyle)),
    Key("compound", "compound", Flag()),
    Key("rate_cap", "rate_cap_e12", Rate()),
    Key("cap_percent", "cap_percent", Whole(0, 100_000, or_none=True)),
    Key("pause_boundary", "pause_boundary", Choice(PauseBoundary)),
)

LATENESS_KEYS: tuple[Key, ...] = (
    Key("rule", "rule", Choice(DaysRule)),
    Key("residue_counts", "residue_counts", Flag()),
    Key("tolerance", "tolerance_minor", Money()),
    Key("grace_days", "grace_days", Whole(0, MOST_DAYS)),
    Key("grace_is_threshold", "grace_is_threshold", Flag()),
    Key("count_fee_items", "count_fee_items", Flag()),
    Key("count_ever_missed", "count_ever_missed", Flag()),
)
"""Beside ``materiality``, which is a mapping of MATERIALITY_KEYS or null."""

MATERIALITY_KEYS: tuple[Key, ...] = (
    Key("absolute", "absolute_minor", Money()),
    Key("relative", "relative_ppm", Share()),
)

SWITCH_KEYS: tuple[Key, ...] = (
    Key("beyond_days", "beyond_days", Whole(0, MOST_DAYS)),
    Key("measured", "measured", Choice(SwitchMeasured)),
    Key("from", "start", Day()),
    Key("until", "end", Day()),
)
"""Beside ``order`` and ``direction``, or ``steps``."""

ORDER_KEYS: tuple[Key, ...] = (Key("order", "order", Order()), Key("direction", "direction", Choice(Direction)))

SCHEDULE_KEYS: tuple[Key, ...] = (
    Key("method", "method", Choice(Method)),
    Key("frequency", "frequency", Choice(Frequency)),
    Key("interest", "interest", Choice(InterestBy)),
    Key("day_count", "day_count", Choice(DayCount)),
    Key("rounding", "rounding", Choice(Rounding)),
    Key("payment", "payment", Choice(Payment)),
    Key("payment_rounding", "payment_rounding", Choice(Rounding)),
    Key("residue", "residue", Choice(Residue)),
    Key("first_period", "first_period", Choice(FirstPeriod)),
    Key("interest_only_periods", "interest_only_periods", Whole(0, 1200)),
    Key("amortise_over", "amortise_over", Whole(1, 1200, or_none=True)),
    Key("end_of_month", "end_of_month", Flag()),
    Key("adjustment", "adjustment", Choice(Adjustment)),
    Key("accrue_to", "accrue_to", Choice(AccrueTo)),
)

CALENDAR_KEY = Key("calendar", "calendar", OneOf(tuple(CALENDARS)))

SECTIONS = ("extends", "waterfall", "switch", "penalty", "lateness", "schedule", "calendar")
"""Keys of a product that are read by hand or hold keys of their own."""
