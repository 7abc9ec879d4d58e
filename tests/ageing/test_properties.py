"""What must always hold, whatever the product: money is conserved, order of files does not matter, the past stays."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ageing.books import random_loan, random_product
from ageing.witnesses import by_kernel, by_rules
from mora.ageing.rules import age
from mora.core.dates import add_months, whole_months
from mora.core.money import Rounding, round_fraction
from mora.core.rates import SCALE
from mora.loans.terms import (
    Component,
    DaysRule,
    EarlyMoney,
    Instalment,
    LatenessTerms,
    Loan,
    PenaltyTerms,
    Posting,
    PostingKind,
    Product,
)

FIRST = date(2024, 1, 1)
MONEY_IN = (PostingKind.PAYMENT, PostingKind.RECOVERY)


@st.composite
def any_loan(draw: st.DrawFn) -> Loan:
    """A random loan of the book of random loans, by its seed."""
    rng = random.Random(draw(st.integers(0, 2**32)))
    return random_loan(rng, 0, random_product(rng))


days = st.integers(40, 200).map(lambda number: FIRST + timedelta(days=number))


def booked(loan: Loan) -> Loan:
    """The loan with a booking time for every posting."""
    return replace(
        loan,
        postings=tuple(
            p if p.booked_at else replace(p, booked_at=datetime.combine(p.value_on, time(8, at), UTC))
            for at, p in enumerate(loan.postings)
        ),
    )


@given(any_loan(), days)
@settings(max_examples=60, deadline=None)
def test_what_was_received_is_paid_or_held_or_refunded_or_income(loan: Loan, as_of: date) -> None:
    life = age(loan, as_of).life
    account = life.account
    money_in = sum(p.amount for p in life.postings if p.kind in (*MONEY_IN, PostingKind.RE_AMORTISE))
    paid = sum(sum(item.paid.values()) for item in account.items)
    assert money_in == paid + account.credit + account.refunded + account.income


@given(any_loan(), days)
@settings(max_examples=60, deadline=None)
def test_no_balance_is_negative_and_every_item_adds_up(loan: Loan, as_of: date) -> None:
    seen = by_rules(loan, as_of)
    assert all(value >= 0 for name, value in seen.columns.items() if name.endswith("_minor") and value is not None)
    for item in seen.items:
        for component in (c.name.lower() for c in Component):
            due, paid, waived, written_off, outstanding = (
                item[f"{name}_{component}_minor"] for name in ("due", "paid", "waived", "written_off", "outstanding")
            )
            assert min(due, paid, waived, written_off, outstanding) >= 0
            assert outstanding == due - paid - waived - written_off
            early, late = (item[f"{name}_{component}_minor"] for name in ("paid_in_advance", "paid_late"))
            assert early + late <= paid


@given(any_loan(), days)
@settings(max_examples=40, deadline=None)
def test_arrears_are_the_sum_of_their_parts(loan: Loan, as_of: date) -> None:
    seen = by_rules(loan, as_of).columns
    parts = ("overdue_principal", "overdue_interest", "overdue_fee", "penalty", "compound")
    assert seen["arrears_minor"] == sum(seen[f"{part}_minor"] for part in parts)
    assert seen["worst_days_past_due"] >= seen["days_past_due"]
    assert seen["delinquent_days"] <= seen["days_past_due"]


@given(any_loan(), days, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_files_does_not_matter_where_postings_are_booked(
    loan: Loan, as_of: date, rng: random.Random
) -> None:
    loan = booked(loan)
    schedule, postings = list(loan.schedule), list(loan.postings)
    rng.shuffle(schedule)
    rng.shuffle(postings)
    mixed = replace(loan, schedule=tuple(schedule), postings=tuple(postings))
    assert by_rules(mixed, as_of) == by_rules(loan, as_of)
    assert by_kernel([mixed], as_of) == by_kernel([loan], as_of)


@given(any_loan(), st.integers(1, 60))
@settings(max_examples=60, deadline=None)
def test_time_alone_never_makes_a_loan_less_late(loan: Loan, later: int) -> None:
    happenings = [p.value_on for p in loan.postings]
    happenings += [row.effective_on for row in loan.schedule if row.effective_on and row.version > 1]
    day = max([loan.started_on, *happenings])
    now, then = age(loan, day), age(loan, day + timedelta(days=later))
    assume(now.position.credit_minor == 0)  # held credit pays what falls due, which may be all that is late
    assert then.position.days_past_due >= now.position.days_past_due
    assert then.position.penalty_minor >= now.position.penalty_minor
    assert then.position.worst_days_past_due >= now.position.worst_days_past_due


@given(any_loan(), days, st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_a_past_day_is_replayed_as_it_was_seen(loan: Loan, as_of: date, later: int) -> None:
    """What is booked after an evening does not change what that evening's knowledge shows."""
    loan = booked(loan)
    evening = datetime.combine(as_of, time(23, 59), UTC)
    then = replace(loan, postings=tuple(p for p in loan.postings if p.booked_at and p.booked_at <= evening))
    new = Posting("late", as_of, PostingKind.PAYMENT, 12345, evening + timedelta(days=later))
    now = replace(loan, postings=(*loan.postings, new))
    assert by_rules(now, as_of, evening) == by_rules(then, as_of)
    assert by_kernel([now], as_of, evening) == by_kernel([then], as_of)


@given(any_loan(), days)
@settings(max_examples=30, deadline=None)
def test_replaying_twice_gives_the_same(loan: Loan, as_of: date) -> None:
    assert by_rules(loan, as_of) == by_rules(loan, as_of)


amounts = st.one_of(st.integers(0, 10**15), st.integers(10**15 - 1000, 10**15), st.integers(0, 100))


def single(principal: int, interest: int, terms: PenaltyTerms, rate_e12: int) -> Loan:
    """One instalment due on FIRST."""
    schedule = (Instalment(1, FIRST, principal, interest),)
    return Loan("L", "P", Product(penalty=terms), "CNY", principal, rate_e12, FIRST, FIRST, schedule)


@given(
    amounts, amounts, st.integers(1, 1000), st.integers(1, 10 * SCALE), st.sampled_from(Rounding),
    st.sampled_from([360, 365, 366]),
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_charges_on_amounts_near_the_largest_are_exact(
    principal: int, interest: int, later: int, rate_e12: int, rounding: Rounding, basis: int
) -> None:
    """A hundred and twenty-eight bits are enough for amount x days x rate; the sum is worked in fractions here."""
    terms = PenaltyTerms(uplift="1", basis=basis, rounding=rounding, compound=True)
    [seen] = by_kernel([single(principal, interest, terms, rate_e12)], FIRST + timedelta(days=later))
    day = Fraction(rate_e12, SCALE * basis)
    assert seen.columns["penalty_minor"] == round_fraction(principal * later * day, rounding)
    assert seen.columns["compound_minor"] == round_fraction(interest * later * day, rounding)


@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=12), st.integers(1, 10**15))
@settings(max_examples=150, deadline=None)
def test_a_re_amortisation_shares_exactly_at_any_size(principals: list[int], money: int) -> None:
    assume(sum(principals) > 0)
    schedule = tuple(Instalment(n, add_months(FIRST, n), each, each // 7) for n, each in enumerate(principals, 1))
    posting = Posting("a", FIRST, PostingKind.RE_AMORTISE, money)
    loan = Loan("L", "P", Product(), "CNY", sum(principals), 0, FIRST, schedule[-1].due_on, schedule, (posting,))
    [seen] = by_kernel([loan], FIRST)
    used, total = min(money, sum(principals)), sum(principals)
    parts = [item["paid_principal_minor"] for item in seen.items]
    assert sum(parts) == used
    assert seen.columns["credit_minor"] == money - used
    assert all(abs(part - Fraction(used * each, total)) <= 1 for part, each in zip(parts, principals, strict=True))
    assert seen == by_rules(loan, FIRST)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 800), st.sampled_from([DaysRule.MBA, DaysRule.OTS]))
@settings(max_examples=200, deadline=None)
def test_missed_months_are_the_whole_months_of_the_calendar(due_on: date, later: int, rule: DaysRule) -> None:
    """The kernel counts months from day numbers; core.dates counts them on the calendar."""
    as_of = due_on + timedelta(days=later)
    loan = replace(single(100, 0, PenaltyTerms(), 0), schedule=(Instalment(1, due_on, 100, 0),), started_on=due_on,
                   product=Product(lateness=LatenessTerms(rule=rule)))  # fmt: skip
    [seen] = by_kernel([loan], as_of)
    end = as_of + timedelta(days=1) if rule is DaysRule.MBA else as_of
    assert seen.columns["days_past_due"] == (30 * whole_months(due_on, end) if later else 0)


@given(st.integers(1, 10**15), st.integers(0, 40), st.sampled_from(EarlyMoney))
@settings(max_examples=100, deadline=None)
def test_a_payment_of_any_size_on_any_day_is_conserved(money: int, day: int, early: EarlyMoney) -> None:
    schedule = tuple(Instalment(n, FIRST + timedelta(days=7 * n), 10**14, 10**12, 10**9) for n in range(1, 5))
    posting = Posting("p", FIRST + timedelta(days=day), PostingKind.PAYMENT, money)
    loan = Loan("L", "P", Product(early=early), "CNY", 4 * 10**14, SCALE // 10, FIRST, FIRST, schedule, (posting,))
    [seen] = by_kernel([loan], FIRST + timedelta(days=40))
    paid = sum(item[f"paid_{component.name.lower()}_minor"] for item in seen.items for component in Component)
    assert paid + seen.columns["credit_minor"] == money
