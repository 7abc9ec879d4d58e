"""The words of a day's summary. Everything is counted per currency; currencies are never added together.

The model in the reader's head: a :class:`Figures` is what one group of loans adds up to. A ladder,
a class table and a drill table are the same figures cut by another column, so each sums to the
same total, and a test holds them to it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from mora.core.words import Language
from mora.riskclass.provision import Requirement
from mora.riskclass.terms import RiskClass

NON_PERFORMING = frozenset(grade.word for grade in RiskClass if grade.is_npl)
"""Risk classes that count as non-performing 不良, as the column names them."""


class Standing(StrEnum):
    """Where a loan is in the lender's books."""

    ON_BOOK = "on_book"
    """Something is owed and the claim is on the balance sheet. Only these are in ladder, classes and ratios."""
    SETTLED = "settled"
    """Nothing is owed 结清."""
    WRITTEN_OFF = "written_off"
    """Off the balance sheet; the claim lives on (账销案存)."""
    SOLD = "sold"
    """Somebody else's claim now 债权转让."""
    ABSENT = "absent"
    """The book no longer has the loan. Only seen as the end of a movement."""


NEW = "new"
"""Origin, in the roll matrix, of a loan that was not on the book the day before."""


class MovementKind(StrEnum):
    """What happened to a loan between two days. Each loan has exactly one."""

    FELL_LATE = "fell_late"
    """Not late before, late now."""
    NEW_LATE = "new_late"
    """Came on the book already late."""
    WORSENED = "worsened"
    """Late before, in a later bucket now 向后迁徙."""
    STAYED = "stayed"
    """Late, same bucket."""
    EASED = "eased"
    """Late before, in an earlier bucket now but still late 回退."""
    CURED = "cured"
    """Late before, not late now 回正."""
    LEFT_LATE = "left_late"
    """Late before, off the book now: settled, written off, sold or absent."""
    LEFT = "left"
    """Not late before, off the book now."""
    NEW_CURRENT = "new_current"
    """Came on the book, not late."""
    CURRENT = "current"
    """Not late on either day."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a group of loans in one currency adds up to. Counts, and amounts in minor units."""

    loans: int = 0
    late_loans: int = 0
    """One day past due or more."""
    non_performing_loans: int = 0
    arrears_minor: int = 0
    principal_minor: int = 0
    """Outstanding principal, due or not."""
    late_principal_minor: int = 0
    """Outstanding principal of late loans, whole, not only what is overdue."""
    non_performing_principal_minor: int = 0
    provision_minor: int = 0
    """Of the loans whose provision is known."""
    provided_loans: int = 0
    """How many those are."""

    def __add__(self, other: Figures) -> Figures:
        """The two groups together; they must be of one currency and have no loan in common."""
        return Figures(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def late_ratio(self) -> Fraction | None:
        """Principal of late loans / principal 逾期贷款率; None when there is no principal."""
        return ratio(self.late_principal_minor, self.principal_minor)

    @property
    def npl_ratio(self) -> Fraction | None:
        """Principal of non-performing loans / principal 不良贷款率."""
        return ratio(self.non_performing_principal_minor, self.principal_minor)

    @property
    def coverage_ratio(self) -> Fraction | None:
        """Provision / principal of non-performing loans 拨备覆盖率 (cn.prov2011); None without such loans."""
        held = self.known_provision_minor
        return None if held is None else ratio(held, self.non_performing_principal_minor)

    @property
    def provision_ratio(self) -> Fraction | None:
        """Provision / principal 贷款拨备率 (cn.prov2011)."""
        held = self.known_provision_minor
        return None if held is None else ratio(held, self.principal_minor)

    @property
    def known_provision_minor(self) -> int | None:
        """The group's provision; None when it is not known for every loan, as where the packs hold no rates."""
        return self.provision_minor if self.provided_loans == self.loans else None


def ratio(part: int, whole: int) -> Fraction | None:
    """Exact share, or None when the whole is zero: no share is not a share of zero."""
    return Fraction(part, whole) if whole else None


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: a group's name and its figures. ``key`` None is 'not given'."""

    key: str | None
    figures: Figures


@dataclass(frozen=True, slots=True)
class RollCell:
    """Loans that went from one place to another overnight.

    ``origin`` is a bucket or ``new``; ``target`` is a bucket or the value of a :class:`Standing` off the book.
    """

    origin: str
    target: str
    loans: int
    principal_before_minor: int
    principal_minor: int
    arrears_before_minor: int
    arrears_minor: int
    """Zero for loans that left, whatever claim lives on: the book has it no more."""


@dataclass(frozen=True, slots=True)
class Movement:
    """All loans to which one kind of thing happened. The changes of all kinds sum to the change of the book."""

    kind: MovementKind
    loans: int
    principal_before_minor: int
    principal_minor: int
    arrears_before_minor: int
    arrears_minor: int

    @property
    def arrears_change_minor(self) -> int:
        """Arrears today less arrears the day before."""
        return self.arrears_minor - self.arrears_before_minor


@dataclass(frozen=True, slots=True)
class LargeArrears:
    """A loan among those with the largest arrears."""

    loan_id: str
    product: str | None
    branch: str | None
    days_past_due: int
    bucket: str
    risk_class: str | None
    oldest_unpaid_due_on: date | None
    arrears_minor: int
    principal_minor: int


@dataclass(frozen=True, slots=True)
class CurrencySummary:
    """Everything of one currency."""

    currency: str
    total: Figures
    """Loans on the book."""
    total_before: Figures | None
    """The same of the previous day; None on a first day."""
    ladder: tuple[Line, ...]
    """All eight buckets in order, empty ones too."""
    classes: tuple[Line, ...]
    """By risk class, best first; only those that occur."""
    stages: tuple[Line, ...]
    """By ECL stage; only those that occur."""
    off_book: tuple[Line, ...]
    """Settled, written off, sold: by :class:`Standing`, only those that occur."""
    roll: tuple[RollCell, ...]
    """Only cells with loans; empty on a first day."""
    movements: tuple[Movement, ...]
    """Only kinds that occurred, in the order of :class:`MovementKind`; empty on a first day."""
    largest: tuple[LargeArrears, ...]
    """Largest first; equal ones by loan id."""
    drills: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    """By column name: rows by late principal, largest first. A column the frame did not have is absent."""
    requirement: Requirement | None = None
    """What the law asks of provisions; None where it asks nothing or the figures are not known."""

    @property
    def is_classified(self) -> bool:
        """Whether any loan has a risk class; if none has, ratios of class and provision are unknown, not zero."""
        return any(line.key is not None for line in self.classes)


@dataclass(frozen=True, slots=True)
class SetAside:
    """Rows an import could not use, for one reason in one file."""

    code: str
    rows: int
    file: str = ""
    example: str = ""
    """The message of the first such row."""
    example_zh: str = ""
    """The same in Chinese."""

    def example_in(self, language: Language) -> str:
        """The first row's message in that language."""
        return self.example_zh if language is Language.ZH and self.example_zh else self.example


@dataclass(frozen=True, slots=True)
class LatePosting:
    """A posting that an earlier reading of a day could not have seen."""

    posting_id: str
    kind: str
    """Name of a :class:`mora.loans.terms.PostingKind`, lower case."""
    value_on: date
    amount_minor: int
    booked_at: datetime | None = None
    """When the lender's ledger took it, where that is known."""
    imported_at: str | None = None
    """When it came into the book, as the import noted it."""
    reverses: str | None = None
    """The posting it undoes."""


@dataclass(frozen=True, slots=True)
class HistoryChange:
    """One figure of a past day that reads differently now."""

    loan_id: str
    column: str
    was: str | None
    now: str | None
    reason: str
    """A :class:`mora.insight.history.ChangeReason`."""
    because: tuple[LatePosting, ...] = ()
    """The postings that did it, where they did; by value date."""
    currency: str | None = None
    """Of an amount; ``was`` and ``now`` are then minor units."""


@dataclass(frozen=True, slots=True)
class HistoryChanges:
    """How a past day reads now, against how it was reported."""

    as_of: date
    loans: int
    """Loans that differ."""
    by_reason: dict[str, int] = field(default_factory=dict)
    """Loans by reason."""
    by_column: dict[str, int] = field(default_factory=dict)
    """Loans by column that differs."""
    examples: tuple[HistoryChange, ...] = ()
    """The telling differences of the loans whose arrears changed most."""
    example_loans: int = 0
    """How many loans the examples speak of."""
    not_compared: int = 0
    """Loans with late postings that were too many to read again."""
    terms_changed: bool = False
    """Products, law or software changed between the readings: loans no import touched may differ too, and were not
    looked at."""
    file: str = ""
    """Where every difference is listed."""


@dataclass(frozen=True, slots=True)
class DaySummary:
    """What a day's book says: the one thing pages and terminals render."""

    as_of: date
    previous_as_of: date | None
    synthetic: bool
    currencies: tuple[CurrencySummary, ...]
    """Most loans first."""
    set_aside: tuple[SetAside, ...] = ()
    history: tuple[HistoryChanges, ...] = ()
    """Past days that read differently now, latest first."""

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON: dates as ISO text, amounts as integers beside their ``currency``, ratios of the book
        left out (they are exact quotients of the figures), those of law as ``3/2``."""
        return {name: _plain(value) for name, value in asdict(self).items()}


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, date):  # moments too
        return value.isoformat()
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return value.value if isinstance(value, StrEnum) else value
