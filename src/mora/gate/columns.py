"""Names and types of the frames the bulk gate reads and writes, as plain data.

Ids are whole numbers from zero on that the caller gives to its parties, collectors, contact points and claims; account
numbers share the numbers of claims, because attempts may be recorded under either. Words are Polars enums in the order
of :mod:`mora.gate.terms`. A null is a fact nobody gave. Of columns left out (``*_MORE``) nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import polars as pl

from mora.gate.terms import (
    ActorKind,
    Channel,
    HoldKind,
    JointBasis,
    LenderKind,
    Mode,
    Outcome,
    PermissionKind,
    PointKind,
    Purpose,
    Result,
    Role,
)


def enum_of(words: type[StrEnum]) -> pl.Enum:
    """The column type of one of the gate's closed lists."""
    return pl.Enum([each.value for each in words])


Types = Mapping[str, pl.DataType]

INSTANT = pl.Datetime("us", "UTC")
ID = pl.Int32()
IDS = pl.List(pl.Int32())
TEXT = pl.String()
"""May also come as an enum of the frame's own, which is quicker."""

CANDIDATES: Types = {
    "at": INSTANT, "places": TEXT, "lender_kind": enum_of(LenderKind), "actor_kind": enum_of(ActorKind), "actor": ID,
    "channel": enum_of(Channel), "party": ID, "role": enum_of(Role),
}  # fmt: skip
"""One row a contact that is asked for; ``places`` as words with a space between: ``us us-ma``."""

CANDIDATES_MORE: Types = {
    "purpose": enum_of(Purpose), "mode": enum_of(Mode), "zones": TEXT, "trained_on": pl.Date(), "born_on": pl.Date(),
    "identified": pl.Boolean(), "joint_basis": enum_of(JointBasis), "volunteers": pl.Boolean(),
    "guarantee_period_until": pl.Date(), "guarantee_debt_due_on": pl.Date(), "guarantee_claimed_on": pl.Date(),
    "guarantee_limit_minor": pl.Int64(), "estate_value_minor": pl.Int64(), "estate_renounced": pl.Boolean(),
    "debtor": ID, "debtor_points_invalid": pl.Boolean(), "debtor_deceased": pl.Boolean(),
    "debtor_incapacitated": pl.Boolean(), "point": ID, "point_kind": enum_of(PointKind),
    "used_by_party_on": pl.Date(), "checked_on": pl.Date(), "notice_sent_on": pl.Date(),
    "agency_listed": pl.Boolean(), "agency_contract_until": pl.Date(), "agency_unlawful_record": pl.Boolean(),
    "visitors": pl.Int32(), "shows_identity": pl.Boolean(), "records": pl.Boolean(),
    "appointment_agreed": pl.Boolean(), "entry_agreed": pl.Boolean(), "discloses": pl.Boolean(), "contains": TEXT,
    "required_disclosure": pl.Boolean(), "electronic_consent": pl.Boolean(), "mentions_suit": pl.Boolean(),
    "n_claims": pl.Int32(),
}  # fmt: skip
"""``purpose`` left out: collect; ``mode`` left out: person; ``n_claims`` left out: one claim each. ``contains``: the
mandatory fields a text holds, as words with a space between; null when nobody checked."""

CLAIMS: Types = {"claim": ID, "products": TEXT}
"""The claims of the candidates, in the order of the candidates; ``products`` as words with a space between."""

OWED = (
    "identity_matched", "balance_reconciled", "payment_in_transit", "dispute_open", "complaint_open", "time_barred",
    "guarantor_in_scope", "owned_by_lender", "insolvency_known", "death_known",
)  # fmt: skip
"""The ten questions about a claim, in the order of the kernel's bits."""

CLAIMS_MORE: Types = {
    "amount_minor": pl.Int64(), "account": ID, "student_loan": pl.Boolean(), "placed_with": IDS,
    "barred_from": pl.Date(), "assignment_notified_on": pl.Date(), "assignment_notice_in_form_on": pl.Date(),
    "outsourcing_told_on": pl.Date(), "validation_sent_on": pl.Date(), **dict.fromkeys(OWED, pl.Boolean()),
}  # fmt: skip

HISTORY: Types = {
    "at": INSTANT, "party": ID, "actor": ID, "channel": enum_of(Channel), "result": enum_of(Result),
}  # fmt: skip
"""What happened, one row an attempt. Quickest in the order of party and instant, but any order will do; attempts at one
instant count as happening in the order of their rows."""

HISTORY_MORE: Types = {
    "point": ID, "claims": IDS, "inbound": pl.Boolean(), "with_consent": pl.Boolean(), "at_work": pl.Boolean(),
}  # fmt: skip

_SPAN: Types = {"since": INSTANT}
_SPAN_MORE: Types = {
    "until": INSTANT, "party": ID, "claims": IDS, "channels": pl.List(enum_of(Channel)), "points": IDS,
}  # fmt: skip

HOLDS: Types = {"kind": enum_of(HoldKind), **_SPAN}
HOLDS_MORE: Types = {**_SPAN_MORE, "hours_from": pl.Time(), "hours_to": pl.Time(), "written": pl.Boolean()}
"""A hold names a party, or claims (then it is about everybody contacted about them). ``written`` left out: true."""

PERMISSIONS: Types = {"rule": TEXT, "kind": enum_of(PermissionKind), **_SPAN}
PERMISSIONS_MORE: Types = _SPAN_MORE
"""A permission names a party, or claims."""

COUNTERS = (
    "effective_calls", "connected_notices", "unanswered_attempts", "calls", "conversation", "massachusetts",
    "contacts", "failed_in_a_row", "location_contacts",
)  # fmt: skip
"""Counts over the history as the rules see them at the instant asked; null where no rule looked. Of several claims or
zones the largest. ``conversation`` is 1 while a conversation forbids further calls."""

VERDICTS: Types = {
    "outcome": enum_of(Outcome), "earliest_at": INSTANT, "refused": pl.UInt64(), "warned": pl.UInt64(),
    "excused": pl.UInt64(), "noted": pl.UInt64(),
}  # fmt: skip
"""One row a candidate. The masks have a bit for each rule of :attr:`mora.gate.items.Items.ids`; ``earliest_at`` as in
:class:`mora.gate.terms.Verdict`. With counters asked for, the columns of :data:`COUNTERS` follow."""
