"""What is owed in each currency? Money of two currencies is never added up; house rates only put cases in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache

from mora.casework.policy_files import read
from mora.core.errors import BadInput
from mora.core.money import Rounding, exponent, round_ratio
from mora.store.models import Case, CaseLoan
from mora.store.models.cases import Sum

NO_RATE = -1
"""Kept in place of a worth that cannot be told."""


@dataclass(frozen=True, slots=True)
class HouseRates:
    """Rates of the house from a day on: units of its own currency for one unit of another."""

    since: date
    named: str
    rates: Mapping[str, Decimal]


@cache
def house_currency() -> str:
    """The currency the house thinks in.

    :raises BadInput: it is not three capital letters.
    """
    told = str((read("rates.yaml") or {}).get("house", "CNY"))
    _known(told)
    return told


@cache
def all_rates() -> tuple[HouseRates, ...]:
    """The tables of house rates, oldest first.

    :raises BadInput: a table without its day or name, a currency that is none, a rate that is not above nothing, or a
        number written without quotes, which YAML would make inexact.
    """
    found = []
    for each in (read("rates.yaml") or {}).get("rates") or ():
        held = dict(each)
        since, named = held.pop("from", None), held.pop("named", None)
        if not isinstance(since, date) or not isinstance(named, str) or not named.strip():
            raise BadInput("rates.yaml: each table says from (a day) and named (what the rates are)")
        rates = {currency: _rate(currency, value) for currency, value in held.items()}
        found.append(HouseRates(since, named, rates | {house_currency(): Decimal(1)}))
    days = [each.since for each in found]
    if days != sorted(set(days)):
        raise BadInput(f"rates.yaml: the days must rise, they are {', '.join(map(str, days))}")
    return tuple(found)


def _known(currency: object) -> None:
    try:
        exponent(str(currency))
    except ValueError as problem:
        raise BadInput(f"rates.yaml: {problem}") from None


def _rate(currency: str, value: object) -> Decimal:
    _known(currency)
    if not isinstance(value, str | int):
        raise BadInput(f'rates.yaml: {currency}: write the rate in quotes, as "7.10", so that it stays exact')
    try:
        rate = Decimal(value)
    except InvalidOperation:
        rate = Decimal(0)
    if not (rate.is_finite() and rate > 0):
        raise BadInput(f"rates.yaml: {currency}: {value!r} is not a rate above nothing, such as 7.10")
    return rate


def rates_on(day: date) -> HouseRates | None:
    """The table in force on a day; None before the first."""
    return next((each for each in reversed(all_rates()) if each.since <= day), None)


def worth(sums: Iterable[Sum], day: date) -> int | None:
    """Arrears of all currencies in minor units of the house's own, for order alone; None where a rate is missing.

    Half a unit goes away from zero.
    """
    table = rates_on(day)
    total = 0
    for each in sums:
        if table is None or each.currency not in table.rates:
            return None
        scaled = each.arrears_minor * table.rates[each.currency].scaleb(
            exponent(house_currency()) - exponent(each.currency)
        )
        total += round_ratio(*scaled.as_integer_ratio(), Rounding.HALF_UP)
    return total


def sums_of(loans: Sequence[CaseLoan]) -> list[Sum]:
    """What the loans come to in each currency, the leading one first.

    The leading currency is that of the loan most days late among those with arrears; of equals the house's own, then
    the first by the alphabet.
    """
    kept: dict[str, list[CaseLoan]] = {}
    for loan in loans:
        kept.setdefault(loan.currency, []).append(loan)

    def place(currency: str) -> tuple[bool, int, bool, str]:
        owed = [loan for loan in kept[currency] if loan.arrears_minor > 0]
        latest = max((loan.days_past_due for loan in owed), default=0)
        return not owed, -latest, currency != house_currency(), currency

    return [
        Sum(
            currency,
            sum(loan.arrears_minor for loan in kept[currency]),
            sum(loan.outstanding_principal_minor for loan in kept[currency]),
        )
        for currency in sorted(kept, key=place)
    ]


def set_sums(case: Case, loans: Sequence[CaseLoan], day: date) -> None:
    """Set the case's figures from its loans', each currency by itself; the caller saves it."""
    sums = sums_of(loans)
    if sums:
        case.currency, case.arrears_minor, case.outstanding_minor = (
            sums[0].currency, sums[0].arrears_minor, sums[0].outstanding_minor,
        )  # fmt: skip
    else:
        case.arrears_minor = case.outstanding_minor = 0
    case.further = {
        each.currency: {"arrears_minor": each.arrears_minor, "outstanding_minor": each.outstanding_minor}
        for each in sums[1:]
    }
    found = worth(sums, day)
    case.worth_minor = NO_RATE if found is None else found


def weight(case: Case) -> int:
    """The one figure a case is ranked by: its worth at house rates, else the largest of its amounts by itself."""
    if case.worth_minor != NO_RATE:
        return case.worth_minor
    return max(each.arrears_minor for each in case.sums)
