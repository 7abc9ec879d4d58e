"""What insight reads of a positions frame, and the check at its door."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

import polars as pl

from mora.core.errors import BadInput
from mora.core.findings import Finding

NEEDED: Mapping[str, pl.DataType] = {
    "loan_id": pl.String(),
    "currency": pl.String(),
    "days_past_due": pl.Int64(),
    "bucket": pl.String(),
    "arrears_minor": pl.Int64(),
    "outstanding_principal_minor": pl.Int64(),
    "payoff_minor": pl.Int64(),
}
"""Without these there is no summary."""

OPTIONAL: Mapping[str, pl.DataType] = {
    "as_of": pl.Date(),
    "risk_class": pl.String(),
    "ecl_stage": pl.Int64(),
    "provision_minor": pl.Int64(),
    "product": pl.String(),
    "branch": pl.String(),
    "region": pl.String(),
    "party_kind": pl.String(),
    "officer": pl.String(),
    "oldest_unpaid_due_on": pl.Date(),
    "written_off_on": pl.Date(),
    "sold_on": pl.Date(),
}
"""Absent ones are read as unknown (null), never as zero."""

DRILLS = ("product", "branch", "region", "party_kind", "officer")
"""Columns a summary can be broken down by."""


def read_columns(frame: pl.LazyFrame, *, where: str) -> pl.LazyFrame:
    """Exactly the columns above, in one type each; absent optional ones as nulls.

    :param where: what the frame is, for the message ("positions of 2026-03-31").
    :raises BadInput: a needed column is missing; the nearest name present is suggested.
    """
    present = frame.collect_schema()
    findings = []
    for name in NEEDED:
        if name not in present:
            near = get_close_matches(name, present.names(), n=1)
            findings.append(
                Finding(
                    code="INSIGHT.COLUMN",
                    message="a column the summary needs is missing",
                    file=where,
                    column=name,
                    expected=f"{name}, as `mora age` writes it" + (f"; {near[0]!r} looks like it" if near else ""),
                )
            )
    if findings:
        missing = ", ".join(finding.column for finding in findings)
        raise BadInput(f"{where} cannot be summarised: no column {missing}", tuple(findings))
    return frame.select(
        *(pl.col(name).cast(kind) for name, kind in NEEDED.items()),
        *(
            (pl.col(name) if name in present else pl.lit(None)).cast(kind).alias(name)
            for name, kind in OPTIONAL.items()
        ),
    )
