"""The words of how bad a loan is: classes, schemes, reasons, and what is known beside its position.

The model in the reader's head: every rule that has something to say names a class and a
reason; the most severe class wins, and among equals the rule written first. A rule that is
not verified says the same into the warnings and decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from mora.core.errors import Refused
from mora.core.findings import Finding
from mora.core.words import Words
from mora.loans.terms import Product


class RiskClass(IntEnum):
    """The five classes 五级分类, from good to bad; numbers are the column codes and compare by severity."""

    NORMAL = 0
    """正常: pays as agreed."""
    SPECIAL_MENTION = 1
    """关注: something is late or could become so; still performing."""
    SUBSTANDARD = 2
    """次级: non-performing from here on."""
    DOUBTFUL = 3
    """可疑: a large loss is expected whatever is realised."""
    LOSS = 4
    """损失: nothing, or next to nothing, is expected to come back."""

    @property
    def word(self) -> str:
        """The English code used in columns and packs: ``special_mention``."""
        return self.name.lower()

    @property
    def is_npl(self) -> bool:
        """Whether the class is non-performing 不良 (the last three)."""
        return self >= RiskClass.SUBSTANDARD


CLASS_WORDS: Mapping[RiskClass, Words] = {
    RiskClass.NORMAL: Words("正常", "normal"),
    RiskClass.SPECIAL_MENTION: Words("关注", "special mention"),
    RiskClass.SUBSTANDARD: Words("次级", "substandard"),
    RiskClass.DOUBTFUL: Words("可疑", "doubtful"),
    RiskClass.LOSS: Words("损失", "loss"),
}


def class_of(word: str) -> RiskClass:
    """The class a pack or column names.

    :raises ValueError: not one of the five words.
    """
    try:
        return RiskClass[word.upper()]
    except KeyError:
        raise ValueError(f"{word!r} is not a risk class; one of {[each.word for each in RiskClass]}") from None


class Scheme(IntEnum):
    """Whose rules class a product. Numbers are row numbers of the frames' tables."""

    CN_LOAN = 0
    """China, everything but credit cards: the 2023 Measures."""
    CN_CARD = 1
    """China, credit cards: the 2023 Measures and the 2011 card rule, the more severe of both."""
    US_CLOSED_END = 2
    """United States retail with a fixed term: FFIEC, loss at 120 days."""
    US_OPEN_END = 3
    """United States revolving retail (cards): FFIEC, loss at 180 days."""
    US_REAL_ESTATE = 4
    """United States, secured by real estate: substandard by days; how much is loss depends on the property's value."""
    EU = 5
    """European Union, no materiality terms on the product: every day past due counts towards default."""
    EU_MATERIAL = 6
    """European Union with materiality thresholds: the material day counter decides default."""
    UK = 7
    """United Kingdom: no classes in the packs; the IFRS 9 backstops give the words."""


def scheme_of(product: Product) -> Scheme:
    """Which scheme a product's jurisdiction and kind lead to.

    :raises Refused: a jurisdiction or kind without a scheme.
    """
    place, kind = product.jurisdiction, product.kind
    if kind not in ("loan", "card", "mortgage"):
        raise Refused(f"product {product.name!r} has kind {kind!r}; classification knows loan, card and mortgage")
    if place == "cn":
        return Scheme.CN_CARD if kind == "card" else Scheme.CN_LOAN
    if place == "us":
        return {"card": Scheme.US_OPEN_END, "mortgage": Scheme.US_REAL_ESTATE}.get(kind, Scheme.US_CLOSED_END)
    if place == "eu":
        return Scheme.EU if product.lateness.materiality is None else Scheme.EU_MATERIAL
    if place == "uk":
        return Scheme.UK
    raise Refused(f"product {product.name!r} has jurisdiction {place!r}; classification knows cn, us, eu and uk")


PERSON = "person"
"""``party_kind`` of a natural person (retail). Any other kind, or none, is taken as non-retail."""


NO_CITATION = Words("", "")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: which rule said so and with which numbers."""

    rule_id: str
    """Rule id of the law packs, or ``book`` for what the lender's own book states."""
    short: str
    """Stable English text without the loan's own figures; what follows the id in ``risk_class_reason``."""
    words: Words
    """The sentence a person reads, with the loan's own figures."""
    figures: Mapping[str, str] = field(default_factory=dict)
    """Figures compared, by name, as text."""
    citation: Words = NO_CITATION
    """Instrument and article; empty where the lender's own book is the source."""

    @property
    def text(self) -> str:
        """The ``risk_class_reason`` column: ``cn.class2023.dpd: days past due >= 91``."""
        return f"{self.rule_id}: {self.short}"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a loan beside terms, position and standing. All optional; nothing is assumed.

    The same names are read from the loans table by the frames.
    """

    party_kind: str | None = None
    credit_impaired: bool = False
    """Objective evidence of impairment is recorded."""
    significant_increase: bool = False
    """A significant increase in credit risk was found by other means than days."""
    technical_delay: bool = False
    """The lateness has an operational or technical cause, recorded."""
    npl_before_change: bool = False
    """Restructured: the loan was non-performing when its terms were changed."""
    restructured_again: bool = False
    """Restructured once more during observation."""
    sicr_rebuttal: str = ""
    """Recorded reason for rebutting the 30-day presumption; empty: not rebutted."""
    default_rebuttal: str = ""
    """Recorded reason for rebutting the 90-day presumption."""
    npe_exited_on: date | None = None
    """Forborne: recorded day of leaving the non-performing category."""
    second_due_after_clean_on: date | None = None
    """Due date of the second repayment after all arrears were paid."""
    first_due_on: date | None = None
    ecl_minor: int | None = None
    """Expected loss of the loan by the lender's model, minor units."""


@dataclass(frozen=True, slots=True)
class Debtor:
    """A debtor's claims, for contagion. Amounts in minor units of one currency."""

    exposure_minor: int
    """Outstanding principal of all the debtor's claims at this lender."""
    npl_minor: int
    """The part of it whose own class is non-performing."""
    all_banks_minor: int | None = None
    """Bank debt of the debtor everywhere, from outside; None: unknown."""
    all_banks_over90_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """The clock of a restructured loan. Half open: observed on ``[start_on, ends_on)``."""

    start_on: date | None
    """First repayment date after the change, or the last missed one since; None: no repayment follows."""
    ends_on: date | None
    """First day the loan may leave observation; None: not foreseeable with the repayments left."""
    is_over: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """How bad one loan is, and why."""

    risk_class: RiskClass
    reason: Reason
    considered: tuple[tuple[RiskClass, Reason], ...]
    """Every deciding rule that spoke, in order."""
    ecl_stage: int
    stage_reason: Reason
    provision_minor: int | None
    """None: no rate applies and no expected loss is given, so it is not known."""
    provision_reason: Reason
    bureau_status: str
    observation: Observation | None
    warnings: tuple[Finding, ...]
    """What unverified rules would say, and what is unknown."""
