"""Names and types of the columns classification reads and writes, as plain data."""

from __future__ import annotations

import pyarrow as pa

LOANS_READ = ("product", "party_id", "currency", "started_on", "written_off_on", "sold_on", "restructured_on")
"""Needed of the loans table."""

LOANS_READ_IF_PRESENT = {
    "flags": "u32; bit 3 narrows contagion to debtors with several loans",
    "party_kind": "text; person is retail, anything else or nothing is not",
    "first_due_on": "date",
    "credit_impaired": "flag",
    "significant_increase": "flag",
    "technical_delay": "flag",
    "npl_before_change": "flag",
    "restructured_again": "flag",
    "sicr_rebuttal": "text: the recorded reason",
    "default_rebuttal": "text: the recorded reason",
    "npe_exited_on": "date",
    "second_due_after_clean_on": "date",
    "ecl_minor": "int64",
}
"""Facts of the same names as :class:`mora.riskclass.terms.Facts`. A flag is boolean, or text as in FLAG_WORDS."""

FLAG_WORDS = {
    "true": True,
    "1": True,
    "yes": True,
    "是": True,
    "false": False,
    "0": False,
    "no": False,
    "否": False,
    "": False,
}

POSITIONS_READ = ("days_past_due", "outstanding_principal_minor", "payoff_minor")
STANDING_READ = ("material_days", "last_late_on", "last_npl_on", "observation_start_on", "observation_second_on")

WRITTEN = pa.schema([
    ("risk_class", pa.dictionary(pa.int8(), pa.string())), ("risk_class_reason", pa.dictionary(pa.int8(), pa.string())),
    ("ecl_stage", pa.int8()), ("provision_minor", pa.int64()), ("bureau_status", pa.dictionary(pa.int8(), pa.string())),
])  # fmt: skip
"""The last five columns of positions."""

TOTALS = ("party_id", "currency", "exposure_minor", "npl_minor")
"""One row a debtor and currency; what contagion needs of a chunk."""
