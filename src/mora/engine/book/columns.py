"""Names and types of the book's own files, as plain data (the contract between import, ageing and reports)."""

from __future__ import annotations

import polars as pl

UTC_MOMENT = pl.Datetime("us", "UTC")

LOANS: dict[str, pl.DataType] = {
    "loan_id": pl.String(), "party_id": pl.String(), "product": pl.String(), "currency": pl.String(),
    "principal_minor": pl.Int64(), "annual_rate_e12": pl.Int64(), "penalty_rate_e12": pl.Int64(),
    "started_on": pl.Date(), "matures_on": pl.Date(), "written_off_on": pl.Date(), "sold_on": pl.Date(),
    "restructured_on": pl.Date(), "first_due_on": pl.Date(), "collateral_kind": pl.String(), "branch": pl.String(),
    "officer": pl.String(), "channel": pl.String(), "status": pl.String(), "collateral_value_minor": pl.Int64(),
    "party_kind": pl.String(), "region": pl.String(),
}  # fmt: skip
"""Then the facts, as text; then COUNTS."""

COUNTS: dict[str, pl.DataType] = {"n_schedule": pl.Int32(), "n_postings": pl.Int32(), "flags": pl.UInt32()}

SCHEDULE: dict[str, pl.DataType] = {
    "version": pl.Int32(), "effective_on": pl.Date(), "n": pl.Int32(), "due_on": pl.Date(),
    "principal_minor": pl.Int64(), "interest_minor": pl.Int64(), "fee_minor": pl.Int64(),
}  # fmt: skip
"""After loan_id. Sorted within a loan by (version, due_on, n)."""

POSTINGS: dict[str, pl.DataType] = {
    "posting_id": pl.String(), "value_on": pl.Date(), "kind": pl.UInt8(), "amount_minor": pl.Int64(),
    "booked_at": UTC_MOMENT, "component": pl.UInt8(), "instalment_n": pl.Int32(), "reverses": pl.String(),
    "reverses_ix": pl.Int32(), "reversed_by_ix": pl.Int32(), "note": pl.String(), "seq": pl.Int64(),
}  # fmt: skip
"""After loan_id. Sorted within a loan by (value_on, booked_at or midnight UTC, posting_id if booked_at given, seq).
``component`` 0 and ``instalment_n`` -1 stand for none; ``reverses_ix`` and ``reversed_by_ix`` are places within the
loan's postings, -1 for none. ``seq`` holds the import's number and the order of arrival within the loan."""

FLAG_VERSIONS, FLAG_SPECIAL, FLAG_REVERSAL, FLAG_LINKED = 1, 2, 4, 8
"""Bits of loans.flags: several schedule versions; postings beyond disbursement and payment; a reversal; a debtor not
known to be a person with more than one loan."""

FROM_PARTIES = ("party_kind", "region")
"""Columns of loans that come from parties."""

STORED = {"principal": "principal_minor", "annual_rate": "annual_rate_e12", "penalty_rate": "penalty_rate_e12",
          "collateral_value": "collateral_value_minor", "interest": "interest_minor", "fee": "fee_minor",
          "amount": "amount_minor"}  # fmt: skip
"""Format's name -> the book's."""
