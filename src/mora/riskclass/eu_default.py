"""European Union: default, materiality, forbearance and its two clocks, minimum coverage.

Sources: CRR art. 178 and Regulation (EU) 2018/171 (default, materiality), CRR arts 47a-47c and EBA
Q&A 2014_1018, 2013_618, 2015_1842 (forbearance, coverage), EBA/GL/2016/07 (distressed restructuring).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from mora.core.dates import add_months, whole_months
from mora.core.money import round_fraction
from mora.riskclass.numbers import Ruling, exact


def is_material(arrears_minor: int, exposure_minor: int, retail: bool, rule: Ruling, unit: int = 100) -> bool:
    """Both thresholds exceeded: more than EUR 100 (retail) or 500, and more than 1 % of the exposure (eu.materiality).

    :param arrears_minor: amounts past due, in euro cents; ``unit`` minor units make one euro.
    """
    absolute = rule.whole("abs_retail" if retail else "abs_other") * unit
    relative = rule.ratio("rel")
    return arrears_minor > absolute and arrears_minor * relative.denominator > exposure_minor * relative.numerator


def is_default(material_days: int, rule: Ruling) -> bool:
    """More than 90 consecutive days past due on a material obligation (CRR art. 178(1)(b))."""
    return material_days > rule.whole("dpd_gt")


class ForborneState(StrEnum):
    """Where a forborne loan stands."""

    CURE = "cure"
    """Non-performing; the year before it may leave has not passed, or something is past due."""
    PROBATION = "probation"
    """Performing, still watched for two years."""
    RELAPSED = "relapsed"
    """Fell back into non-performing during probation."""
    OVER = "over"
    """Probation is served."""


@dataclass(frozen=True, slots=True)
class Forborne:
    """A forborne loan's clocks on a day. Half open: to be cured before ``exit_on``, in probation before ``ends_on``."""

    state: ForborneState
    exit_on: date | None
    """When it left, or may first leave, non-performing; None: always performed, or not while something is past due."""
    ends_on: date | None
    """First day after probation; None while it has not begun."""
    rule_id: str

    @property
    def is_npe(self) -> bool:
        """Whether it counts as a non-performing exposure by this rule."""
        return self.state in (ForborneState.CURE, ForborneState.RELAPSED)


def forborne(
    granted_on: date,
    as_of: date,
    cure: Ruling,
    relapse: Ruling,
    *,
    was_npe: bool,
    days_past_due: int,
    clean_on: date | None = None,
    exited_on: date | None = None,
    measure_on: date | None = None,
) -> Forborne:
    """The forbearance clocks (eu.forborne.cure, eu.forborne.relapse) on ``as_of``.

    :param was_npe: the loan was non-performing when the measure was granted (or became so by it).
    :param clean_on: first day since when nothing is past due; None: no lateness is known since the grant.
    :param exited_on: recorded day of leaving non-performing. Without it, the loan leaves on the first day both
        the year has passed and nothing is past due; lateness after that day then reads as never having left,
        which is the stricter reading.
    :param measure_on: a further forbearance measure during probation.
    """
    months = cure.whole("probation_months")
    if not was_npe:
        ends_on = add_months(granted_on, months)
        state = ForborneState.PROBATION if as_of < ends_on else ForborneState.OVER
        return Forborne(state, None, ends_on, cure.rule_id)
    earliest = add_months(granted_on, cure.whole("cure_months"))
    exit_on = exited_on
    if exit_on is None:
        exit_on = earliest if clean_on is None else max(earliest, clean_on)
        if days_past_due > 0:
            return Forborne(ForborneState.CURE, None, None, cure.rule_id)
    ends_on = add_months(exit_on, months)
    if as_of < exit_on:
        return Forborne(ForborneState.CURE, exit_on, ends_on, cure.rule_id)
    if as_of >= ends_on:
        return Forborne(ForborneState.OVER, exit_on, ends_on, cure.rule_id)
    again = measure_on is not None and exit_on <= measure_on <= as_of
    if again or days_past_due > relapse.whole("dpd_gt"):
        return Forborne(ForborneState.RELAPSED, exit_on, None, relapse.rule_id)
    return Forborne(ForborneState.PROBATION, exit_on, ends_on, cure.rule_id)


def present_value(flows: Sequence[tuple[int, int]], rate_per_period: Fraction) -> Fraction:
    """Value today of ``(periods ahead, amount in minor units)`` at the original effective rate per period, exactly."""
    return sum((Fraction(amount) / (1 + rate_per_period) ** ahead for ahead, amount in flows), Fraction(0))


def npv_loss(book_minor: int, new_value: Fraction) -> Fraction:
    """The share of the book lost by new terms: (book at the original rate - new present value) / book."""
    if book_minor <= 0:
        raise ValueError("book_minor must be positive")
    return (book_minor - new_value) / book_minor


def is_distressed(book_minor: int, new_value: Fraction, rule: Ruling) -> bool:
    """Whether a restructuring costs more than 1 % and so is default (eu.dod.npv)."""
    return npv_loss(book_minor, new_value) > rule.ratio("npv_loss_gt")


@dataclass(frozen=True, slots=True)
class CalendarCoverage:
    """Minimum coverage by age of non-performance (CRR art. 47c)."""

    year: int
    """Which year since non-performance is running, from 1."""
    factor: Fraction
    amount_minor: int
    decides: bool
    """False while the factors are not verified: show, do not require."""


def calendar_coverage(
    exposure_minor: int, security: str, rule: Ruling, *, originated_on: date, npe_on: date, as_of: date
) -> CalendarCoverage:
    """What must be covered of a non-performing exposure (eu.crr47c.calendar).

    :param security: ``unsecured``, ``immovable`` or ``other_secured``; a parameter of the rule.
    """
    year = whole_months(npe_on, as_of) // 12 + 1
    decides = rule.decides_by(security)
    if originated_on < date.fromisoformat(str(rule.params["origin_from"])):
        return CalendarCoverage(year, Fraction(0), 0, decides)
    steps = {int(key.strip("y+")): exact(value) for key, value in rule.params[security].items()}
    reached = [start for start in steps if start <= year]
    factor = steps[max(reached)] if reached else Fraction(0)
    return CalendarCoverage(year, factor, round_fraction(exposure_minor * factor), decides)
