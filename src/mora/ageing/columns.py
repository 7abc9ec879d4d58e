"""Names and types of the frames ageing reads and writes, as plain data."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from mora.loans.terms import Component

LOANS_READ = (
    "loan_id", "product", "currency", "principal_minor", "annual_rate_e12", "penalty_rate_e12", "started_on",
    "written_off_on", "restructured_on", "n_schedule", "n_postings", "flags",
)  # fmt: skip
SCHEDULE_READ = ("due_on", "principal_minor", "interest_minor", "fee_minor")
SCHEDULE_READ_VERSIONED = ("n", "version", "effective_on")
"""Read only where a loan of the chunk has more than one version, or postings that name an instalment."""
POSTINGS_READ = ("value_on", "kind", "amount_minor")
POSTINGS_READ_SPECIAL = ("component", "instalment_n", "reversed_by_ix")
"""Read only where a loan of the chunk has postings other than disbursements and payments."""

FLAG_VERSIONS, FLAG_SPECIAL, FLAG_REVERSAL, FLAG_LINKED = 1, 2, 4, 8
"""Bits of ``loans.flags``: several schedule versions; postings beyond disbursement and payment; a reversal; a debtor
not known to be a person with more than one loan."""

_MAY_BE_EMPTY = frozenset({
    "oldest_unpaid_due_on", "next_due_on", "next_due_minor", "last_paid_on", "last_paid_minor", "risk_class",
    "risk_class_reason", "ecl_stage", "provision_minor", "bureau_status", "last_late_on", "last_npl_on",
    "last_missed_due_on", "observation_start_on", "observation_second_on",
})  # fmt: skip


def _schema(columns: Sequence[tuple[str, pa.DataType]]) -> pa.Schema:
    """Columns that always hold a value say so: they are written and read faster."""
    return pa.schema([pa.field(name, kind, nullable=name in _MAY_BE_EMPTY) for name, kind in columns])


_INTS = [("days_past_due", pa.int32()), ("delinquent_days", pa.int32()), ("oldest_unpaid_due_on", pa.date32())]

POSITIONS = _schema([
    ("loan_id", pa.string()), ("as_of", pa.date32()), ("currency", pa.string()), *_INTS, ("missed_count", pa.int32()),
    ("overdue_principal_minor", pa.int64()), ("overdue_interest_minor", pa.int64()),
    ("overdue_fee_minor", pa.int64()), ("penalty_minor", pa.int64()), ("compound_minor", pa.int64()),
    ("arrears_minor", pa.int64()), ("outstanding_principal_minor", pa.int64()), ("payoff_minor", pa.int64()),
    ("credit_minor", pa.int64()), ("next_due_on", pa.date32()), ("next_due_minor", pa.int64()),
    ("last_paid_on", pa.date32()), ("last_paid_minor", pa.int64()), ("worst_days_past_due", pa.int32()),
    ("bucket", pa.string()), ("risk_class", pa.string()), ("risk_class_reason", pa.string()),
    ("ecl_stage", pa.int8()), ("provision_minor", pa.int64()), ("bureau_status", pa.string()),
])  # fmt: skip
"""One row a loan (design section 10). Strings of few values are written dictionary-encoded."""

STANDING = _schema([
    ("material_days", pa.int32()), ("missed_consecutive", pa.int32()), ("missed_ever", pa.int32()),
    ("first_payment_default", pa.bool_()), ("last_late_on", pa.date32()), ("last_npl_on", pa.date32()),
    ("last_missed_due_on", pa.date32()), ("observation_start_on", pa.date32()),
    ("observation_second_on", pa.date32()),
])  # fmt: skip
"""What else the replay knows; columns of the book's snapshots."""

ITEM_AMOUNTS = ("due", "paid", "paid_in_advance", "paid_late", "waived", "written_off", "outstanding")

INSTALMENTS = _schema([
    ("loan_id", pa.string()), ("as_of", pa.date32()), ("n", pa.int32()), ("version", pa.int32()),
    ("is_fee", pa.bool_()), ("due_on", pa.date32()),
    *((f"{amount}_{component.name.lower()}_minor", pa.int64()) for component in Component for amount in ITEM_AMOUNTS),
])  # fmt: skip
"""One row an instalment or fee, by component."""
