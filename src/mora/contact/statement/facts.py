"""What a statement says. Amounts in minor units; unknown is None and is printed as unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mora.core.errors import BadInput
from mora.core.words import Language

COMPONENTS = ("principal", "interest", "fee", "penalty", "compound")
"""In the order they are printed."""


@dataclass(frozen=True, slots=True)
class Component:
    """One component of one loan, of everything that has fallen due by the day of the statement."""

    due: int = 0
    """Ever asked for."""
    paid: int = 0
    relieved: int = 0
    """Waived, written off or taken away by a new schedule."""
    overdue: int = 0
    """Still to be paid: due - paid - relieved."""


@dataclass(frozen=True, slots=True)
class Line:
    """The components of one loan, or of several in one currency."""

    principal: Component = Component()
    interest: Component = Component()
    fee: Component = Component()
    penalty: Component = Component()
    compound: Component = Component()

    def parts(self) -> tuple[Component, ...]:
        """In the order of :data:`COMPONENTS`."""
        return (self.principal, self.interest, self.fee, self.penalty, self.compound)

    @property
    def total(self) -> Component:
        """The sum of the five."""
        parts = self.parts()
        return Component(
            sum(each.due for each in parts), sum(each.paid for each in parts),
            sum(each.relieved for each in parts), sum(each.overdue for each in parts),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loan:
    """One loan of a statement."""

    name: str
    """The product, as the customer knows it."""
    account_end: str
    currency: str
    line: Line
    days_past_due: int
    oldest_due_on: date | None = None
    """None when nothing is overdue."""
    further_day: int | None = None
    """What one further day adds in late and compound interest; None when it was not worked out."""
    outstanding_principal: int | None = None
    payoff: int | None = None
    """What settles the loan on the day of the statement."""
    next_due_on: date | None = None
    next_due: int | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes. The letterhead."""

    name: str
    address: tuple[str, ...] = ()
    telephone: str = ""
    web: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """Everything on a statement and repayment guide.

    :raises BadInput: a loan's figures do not add up, or there is no loan.
    """

    sender: Sender
    name: str
    """Whom it is addressed to."""
    address: tuple[str, ...]
    reference: str
    as_of: date
    issued_on: date
    language: Language
    place: str
    """Where the person lives: decides which independent advice is named."""
    loans: tuple[Loan, ...]
    how_to_pay: tuple[str, ...]
    """Each a way, in the language of the statement."""
    ask: str
    """Whom to ask, with a telephone number."""
    complain: str
    """Where to complain to the lender."""
    hardship: str = ""
    """How to ask for help; the number to ask where empty."""

    def __post_init__(self) -> None:
        if not self.loans:
            raise BadInput("A statement needs a loan.", zh="对账单至少须有一笔贷款。")
        for loan in self.loans:
            for name, part in zip(COMPONENTS, loan.line.parts(), strict=True):
                if part.due - part.paid - part.relieved != part.overdue or part.overdue < 0:
                    raise BadInput(
                        f"Loan ending {loan.account_end}: {name} due {part.due} less paid {part.paid} less relieved "
                        f"{part.relieved} is not overdue {part.overdue} (minor units).",
                        zh=f"尾号{loan.account_end}的贷款：应还减已还减减免不等于逾期（{name}）。",
                    )

    @property
    def currencies(self) -> tuple[str, ...]:
        """In the order in which the loans name them. They are never added up."""
        return tuple(dict.fromkeys(loan.currency for loan in self.loans))


def line_of(told: Mapping[str, Any], name: str, account_end: str, tomorrow: Mapping[str, Any] | None = None) -> Loan:
    """A loan of a statement from what ``mora.engine.explain`` tells of it.

    :param told: as of the day of the statement.
    :param tomorrow: the position as of the next day with the same postings, from which the cost of a further day
        follows; None leaves it unknown.
    :raises BadInput: what was told does not add up to its own position.
    """
    position = told["position"]
    as_of = position["as_of"]
    sums = {component: [0, 0, 0, 0] for component in COMPONENTS}
    for item in told["items"]:
        if item["due_on"] > as_of:
            continue
        for component, amounts in item["amounts_minor"].items():
            held = sums[component]
            held[0] += amounts["due"]
            held[1] += amounts["paid"]
            held[3] += amounts["outstanding"]
    for held in sums.values():
        held[2] = held[0] - held[1] - held[3]
    line = Line(**{component: Component(*held) for component, held in sums.items()})
    if line.total.overdue != position["arrears_minor"]:
        raise BadInput(
            f"The items of the loan ending {account_end} leave {line.total.overdue} open, its position says "
            f"{position['arrears_minor']} (minor units)."
        )
    further = None
    if tomorrow is not None:
        grown = ("penalty_minor", "compound_minor")
        further = sum(tomorrow[key] - position[key] for key in grown)
    return Loan(
        name, account_end, position["currency"], line, position["days_past_due"], position["oldest_unpaid_due_on"],
        further, position["outstanding_principal_minor"], position["payoff_minor"], position["next_due_on"],
        position["next_due_minor"],
    )  # fmt: skip


def add(lines: tuple[Line, ...]) -> Line:
    """The lines of several loans in one currency as one."""

    def whole(name: str) -> Component:
        parts = [getattr(line, name) for line in lines]
        return Component(
            sum(each.due for each in parts), sum(each.paid for each in parts),
            sum(each.relieved for each in parts), sum(each.overdue for each in parts),
        )  # fmt: skip

    return Line(*(whole(name) for name in COMPONENTS))
