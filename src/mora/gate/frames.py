"""The same verdicts for a whole day's candidate contacts: frames in, one verdict a row out.

    >>> from mora.gate.frames import Frames, Items, ask_all
    >>> items = Items.of("prudent")
    >>> verdicts = ask_all(Frames(candidates, claims, history), items)       # doctest: +SKIP
    >>> rules_of(verdicts["refused"], items)                                 # doctest: +SKIP

The frames are described in :mod:`mora.gate.columns`. The history is that of the lender and all that act for it; a
candidate is judged by what happened to its party (and its debtor) up to its own instant. A reason in words for one row
is asked of :meth:`mora.gate.verdict.Gate.ask`; here a rule is a bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from mora.core.errors import BadInput
from mora.gate import columns, kernels
from mora.gate.clock import EPOCH, ZoneSets
from mora.gate.items import Items, kinds_of
from mora.gate.kernels import NEVER, NO_AMOUNT, NO_DAY, NOBODY, Arrays, Fact
from mora.gate.zones import check_places, check_zones
from mora.law.duties.cn.guarantee import last_guarantee_day
from mora.law.library import Law

__all__ = ["Frames", "Items", "ask_all", "rules_of"]

Array = npt.NDArray[Any]
_PIECE = 1 << 18
"""Candidates a thread takes at a time."""
_YEARS_BEFORE, _YEARS_AFTER = 4, 3
"""Clock changes are known this far around the instants asked about; further away the nearest offset stands."""


@dataclass(frozen=True, slots=True)
class Frames:
    """What is asked, and what is known. Frames that are left out hold nothing."""

    candidates: pl.DataFrame
    claims: pl.DataFrame
    history: pl.DataFrame | None = None
    holds: pl.DataFrame | None = None
    permissions: pl.DataFrame | None = None


def ask_all(frames: Frames, items: Items, *, counters: bool = False, threads: int = 2) -> pl.DataFrame:
    """May each contact be made?

    :param items: the rules, from :meth:`Items.of`.
    :param counters: whether the counts the rules looked at are told too.
    :returns: a frame of :data:`mora.gate.columns.VERDICTS`, one row a candidate, in their order.
    :raises BadInput: a column is missing or of another type, a place, zone or kind of debt is not known, rows of claims
        do not add up, a hold or permission names neither a party nor claims, or an id is below zero.
    """
    candidates = _checked("candidates", frames.candidates, columns.CANDIDATES, columns.CANDIDATES_MORE)
    rows = candidates.height
    claims = _checked("claims", frames.claims, columns.CLAIMS, columns.CLAIMS_MORE)
    history = None
    if frames.history is not None:
        history = _checked("history", frames.history, columns.HISTORY, columns.HISTORY_MORE)
    parties = 1 + max(
        (_most(frame[name]) for frame, name in _party_columns(candidates, history) if name in frame.columns), default=0
    )
    known: Arrays = _history_arrays(history, parties)
    laid = _laid(frames.holds, "holds", columns.HOLDS, columns.HOLDS_MORE, candidates, claims)
    known |= _hold_arrays(laid, parties)
    laid = _laid(frames.permissions, "permissions", columns.PERMISSIONS, columns.PERMISSIONS_MORE, candidates, claims)
    known |= _permission_arrays(laid, parties, items)
    out: Arrays = {
        "outcome": np.empty(rows, np.uint8),
        **{name: np.empty(rows, np.uint64) for name in ("refused", "warned")},
        **{name: np.zeros(rows, np.uint64) for name in ("excused", "noted")},
        "earliest": np.empty(rows, np.int64),
        "counters": np.empty((len(columns.COUNTERS), rows), np.int32) if counters else None,
    }
    work = _Work(items, candidates, claims, known, out)
    pieces = _pieces(candidates, claims)
    if len(pieces) < 2 or threads < 2:
        for piece in pieces:
            work.answer(piece)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work.answer, pieces))
    return _verdicts(out)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some candidates and their claims."""

    first: int
    last: int
    claim: int
    claims: int


def _pieces(candidates: pl.DataFrame, claims: pl.DataFrame) -> list[_Piece]:
    rows = candidates.height
    ends = [min(first + _PIECE, rows) for first in range(0, rows, _PIECE)]
    if "n_claims" in candidates.columns:
        counts = candidates["n_claims"].to_numpy()
        if rows and int(counts.min()) < 1:
            raise BadInput("candidates.n_claims holds a number below one; a contact is about at least one claim.")
        sizes = [int(counts[max(0, end - 1) // _PIECE * _PIECE : end].sum()) for end in ends]
    else:
        sizes = [end - first for first, end in zip([0, *ends], ends, strict=False)]
    if sum(sizes) != claims.height:
        raise BadInput(f"{rows} candidates do not match {claims.height} rows of claims.")
    pieces, first, claim = [], 0, 0
    for end, size in zip(ends, sizes, strict=True):
        pieces.append(_Piece(first, end, claim, size))
        first, claim = end, claim + size
    return pieces


@dataclass(frozen=True, slots=True)
class _Work:
    """Everything a piece is answered with. Facts are made ready piece by piece, which keeps them in the cache."""

    items: Items
    candidates: pl.DataFrame
    claims: pl.DataFrame
    known: Arrays
    out: Arrays

    def answer(self, piece: _Piece) -> None:
        """Fill in the verdicts of one piece."""
        size = piece.last - piece.first
        candidates = self.candidates.slice(piece.first, size)
        placed, told = _place_arrays(candidates, self.items)
        rules, more = _rule_arrays(self.items)
        asked = _candidate_arrays(candidates, self.items)
        asked |= _claim_arrays(candidates, self.claims.slice(piece.claim, piece.claims))
        told |= more | {"rows": self.candidates.height}
        planes = self.out["counters"]
        own: Arrays = {
            name: array[piece.first : piece.last]
            for name, array in self.out.items()
            if array is not None and name != "counters"
        }
        table = kernels.table_of(asked | placed | rules | self.known | own, told)
        if planes is not None:
            table.counters = planes.ctypes.data + piece.first * planes.itemsize
        kernels.answer(table, 0, size)


def rules_of(masks: pl.Series, items: Items) -> list[tuple[str, ...]]:
    """The ids behind the masks of a column such as ``refused``, row by row."""
    known: dict[int, tuple[str, ...]] = {}
    for mask in masks.unique():
        named = (id_ for bit, id_ in enumerate(items.ids) if mask >> bit & 1)
        known[mask] = tuple(dict.fromkeys(named))
    return [known[mask] for mask in masks]


def _verdicts(out: Arrays) -> pl.DataFrame:
    earliest = pl.Series("earliest_at", out["earliest"])
    made = {
        "outcome": pl.Series(out["outcome"]).cat.to(columns.VERDICTS["outcome"]),
        "earliest_at": earliest.set(earliest == NO_AMOUNT, None).cast(columns.INSTANT),
        **{name: pl.Series(out[name]) for name in ("refused", "warned", "excused", "noted")},
    }
    counted = out["counters"]
    if counted is not None:
        for name, plane in zip(columns.COUNTERS, counted, strict=True):
            count = pl.Series(name, plane)
            made[name] = count.set(count < 0, None)
    return pl.DataFrame(made)


# The door: names and types.


def _checked(what: str, frame: pl.DataFrame, needed: columns.Types, more: columns.Types) -> pl.DataFrame:
    for name, kind in needed.items():
        if name not in frame.columns:
            raise BadInput(f"{what} lacks the column {name} ({kind}).")
        if frame[name].null_count():
            raise BadInput(f"{what}.{name} holds nulls; every row needs it.")
    for name, kind in (*needed.items(), *more.items()):
        if name in frame.columns and not _fits(frame.schema[name], kind):
            raise BadInput(f"{what}.{name} is {frame.schema[name]}; it needs {kind}.")
    unknown = [name for name in frame.columns if name not in needed and name not in more]
    if unknown:
        raise BadInput(f"{what} has a column the gate does not read: {', '.join(unknown)}.")
    return frame.rechunk()


def _fits(given: pl.DataType, wanted: pl.DataType) -> bool:
    if wanted == columns.TEXT:
        return isinstance(given, (pl.String, pl.Enum))
    return given == wanted


def _party_columns(candidates: pl.DataFrame, history: pl.DataFrame | None) -> list[tuple[pl.DataFrame, str]]:
    return [(candidates, "party"), (candidates, "debtor"), *([(history, "party")] if history is not None else [])]


def _most(ids: pl.Series) -> int:
    least, most = ids.min(), ids.max()
    if isinstance(least, int) and least < 0:
        raise BadInput(f"{ids.name} {least} is below zero; ids are whole numbers from zero on.")
    return most if isinstance(most, int) else 0


def _codes(frame: pl.DataFrame, name: str, default: int = 0) -> npt.NDArray[np.uint8]:
    """An enum column as its places in the list; where it is left out or null, the default."""
    if name not in frame.columns:
        return np.full(frame.height, default, np.uint8)
    made: npt.NDArray[np.uint8] = _filled(frame[name].to_physical(), default)
    return made


def _numbered(frame: pl.DataFrame, name: str) -> npt.NDArray[np.uint8]:
    """An enum column as its places in the list from one on; zero where it is null."""
    made: npt.NDArray[np.uint8] = _filled(frame[name].to_physical() + 1, 0)
    return made


def _filled(column: pl.Series, default: int) -> Array:
    return (column.fill_null(default) if column.null_count() else column).to_numpy()


def _ids(frame: pl.DataFrame, name: str) -> Array | None:
    return _filled(frame[name], NOBODY) if name in frame.columns else None


def _days(frame: pl.DataFrame, name: str) -> Array | None:
    return _filled(frame[name].to_physical(), NO_DAY) if name in frame.columns else None


def _amounts(frame: pl.DataFrame, name: str) -> Array | None:
    if name not in frame.columns:
        return None
    if frame[name].min() == NO_AMOUNT:
        raise BadInput(f"{name} holds {NO_AMOUNT}, which stands for unknown here; leave it null.")
    return _filled(frame[name], NO_AMOUNT)


def _instants(frame: pl.DataFrame, name: str, default: int = NEVER) -> Array:
    if name not in frame.columns:
        return np.full(frame.height, default, np.int64)
    return _filled(frame[name].to_physical(), default)


def _last(at: pl.Series) -> int:
    """The latest instant, in microseconds since 1970; 0 when there is none."""
    latest = at.to_physical().max()
    return latest if isinstance(latest, int) else 0


def _lists(frame: pl.DataFrame, name: str) -> tuple[Array, Array]:
    """Offsets and members of a column of lists; a null is an empty list."""
    if name not in frame.columns:
        return np.zeros(frame.height + 1, np.int64), np.empty(0, np.int32)
    column = frame[name].fill_null([]) if frame[name].null_count() else frame[name]
    kind = frame.schema[name]
    if isinstance(kind, pl.List) and isinstance(kind.inner, pl.Enum):
        column = column.list.eval(pl.element().to_physical())
    lent = column.rechunk().to_arrow()
    if lent.flatten().null_count:
        raise BadInput(f"{name} holds a list with a null in it.")
    return lent.offsets.to_numpy(), lent.values.to_numpy()


def _masks(frame: pl.DataFrame, name: str) -> Array:
    """A column of lists of words as bits; none when it is left out."""
    start, members = _lists(frame, name)
    masks = np.zeros(frame.height, np.uint16)
    owner = np.repeat(np.arange(frame.height), np.diff(start))
    np.bitwise_or.at(masks, owner, np.left_shift(np.uint16(1), members.astype(np.uint16)))
    return masks


def _each(series: pl.Series) -> tuple[list[str | None], Array]:
    """The distinct words of a column with their numbers by row; null is the last of them."""
    if isinstance(series.dtype, pl.Enum):
        words: list[str | None] = list(series.dtype.categories)
        numbers = series.to_physical()
        if len(words) > np.iinfo(np.uint8).max and numbers.dtype == pl.UInt8:
            numbers = numbers.cast(pl.Int32)
    else:
        words = list(series.unique().drop_nulls())
        numbers = series.replace_strict(words, list(range(len(words))), default=None, return_dtype=pl.Int32)
    return [*words, None], _filled(numbers, len(words))


# Candidates and their claims.

_FACTS: Mapping[str, tuple[tuple[Fact, bool | None], ...]] = {
    "identified": ((Fact.IDENTIFIED, True),),
    "volunteers": ((Fact.VOLUNTEERS, True),),
    "estate_renounced": ((Fact.RENOUNCED, True),),
    "debtor_points_invalid": ((Fact.POINTS_INVALID, True),),
    "debtor_deceased": ((Fact.DECEASED, True),),
    "debtor_incapacitated": ((Fact.INCAPACITATED, True),),
    "agency_listed": ((Fact.LISTED_KNOWN, None), (Fact.LISTED, True)),
    "agency_unlawful_record": ((Fact.UNLAWFUL, True),),
    "shows_identity": ((Fact.SHOWS, True),),
    "records": ((Fact.RECORDS, True),),
    "appointment_agreed": ((Fact.APPOINTED, True),),
    "entry_agreed": ((Fact.ENTRY_REFUSED, False),),
    "discloses": ((Fact.DISCLOSES_KNOWN, None), (Fact.DISCLOSES, True)),
    "required_disclosure": ((Fact.REQUIRED, True),),
    "electronic_consent": ((Fact.CONSENTED, True),),
    "mentions_suit": ((Fact.SUIT, True),),
}
"""The bit that is set when a column holds this answer; None: when it holds any."""


_Told = Mapping[str, tuple[tuple[int, bool | None], ...]]


def _bits(frame: pl.DataFrame, told: _Told, kind: type[np.unsignedinteger[Any]] = np.uint32) -> Array | None:
    """Facts of yes or no as bits."""
    if not any(name in frame.columns for name in told):
        return None
    always, facts = 0, np.zeros(frame.height, kind)
    for name, sets in told.items():
        if name not in frame.columns:
            continue
        column = frame[name]
        for bit, answer in sets:
            if answer is None and not column.null_count():
                always |= 1 << bit
                continue
            holds = column.is_not_null() if answer is None else column if answer else ~column
            holds = holds.fill_null(value=False) if holds.null_count() else holds
            shifted = holds.cast(pl.UInt8).to_numpy().astype(kind)
            shifted <<= kind(bit)
            facts |= shifted
    facts |= kind(always)
    return facts


def _candidate_arrays(frame: pl.DataFrame, items: Items) -> Arrays:
    arrays: Arrays = {
        "at": _instants(frame, "at"),
        "party": frame["party"].to_numpy(),
        "actor": frame["actor"].to_numpy(),
        "channel": _codes(frame, "channel"),
        "purpose": _codes(frame, "purpose"),
        "lender": _codes(frame, "lender_kind"),
        "actor_kind": _codes(frame, "actor_kind"),
        "mode": _codes(frame, "mode"),
        "role": _codes(frame, "role"),
        "debtor": _ids(frame, "debtor"),
        "point": _ids(frame, "point"),
        "point_kind": _codes(frame, "point_kind", kernels.NO_POINT) if "point_kind" in frame.columns else None,
        "facts": _bits(frame, _FACTS),
        "trained_on": _days(frame, "trained_on"),
        "born_on": _days(frame, "born_on"),
        "used_on": _days(frame, "used_by_party_on"),
        "checked_on": _days(frame, "checked_on"),
        "notice_on": _days(frame, "notice_sent_on"),
        "guarantee_last": _guarantees(frame, items.law),
        "guarantee_claimed_on": _days(frame, "guarantee_claimed_on"),
        "contract_until": _days(frame, "agency_contract_until"),
        "visitors": frame["visitors"].fill_null(0).to_numpy() if "visitors" in frame.columns else None,
        "guarantee_limit": _amounts(frame, "guarantee_limit_minor"),
        "estate_value": _amounts(frame, "estate_value_minor"),
        "basis": None,
        "contains": None,
    }
    if "joint_basis" in frame.columns:
        arrays["basis"] = _numbered(frame, "joint_basis")
    if "contains" in frame.columns:
        words, numbers = _each(frame["contains"])
        arrays["contains"] = np.array([items.fields(word) for word in words], np.int64)[numbers]
    return arrays


_OWED_BITS = {name: ((bit, None), (bit + 16, True)) for bit, name in enumerate(columns.OWED)}


def _guarantees(frame: pl.DataFrame, law: Law) -> Array | None:
    """The last day of each guarantee, which the law is asked once for every pair of days."""
    names = {"guarantee_debt_due_on": "due", "guarantee_period_until": "until"}
    told = frame.select(pl.col(name).alias(short) for name, short in names.items() if name in frame.columns)
    if all(told[name].null_count() == told.height for name in told.columns):
        return None
    pairs = told.unique()
    days: list[date | None] = []
    for row in pairs.iter_rows(named=True):
        agreed = row.get("until")
        last = last_guarantee_day(law, row.get("due"), None if agreed is None else agreed - timedelta(days=1))
        days.append(None if last is None else last.day)
    known = pairs.with_columns(pl.Series("last", days, pl.Date()))
    lasts = told.join(known, on=told.columns, how="left", nulls_equal=True, maintain_order="left")["last"]
    return _filled(lasts.to_physical(), NO_DAY)


def _claim_arrays(candidates: pl.DataFrame, frame: pl.DataFrame) -> Arrays:
    start = None
    if "n_claims" in candidates.columns:
        start = np.zeros(candidates.height + 1, np.int64)
        np.cumsum(candidates["n_claims"].to_numpy(), out=start[1:])
    words, numbers = _each(frame["products"])
    kinds = np.array([kinds_of(word or "") for word in words], np.uint32)[numbers]
    claim = frame["claim"].to_numpy()
    debt = claim
    if "account" in frame.columns and "student_loan" in frame.columns:
        whole = pl.when(pl.col("student_loan").fill_null(value=False) & pl.col("account").is_not_null())
        debt = frame.select(debt=whole.then("account").otherwise("claim")).to_series().to_numpy()
    placed_start, placed = _lists(frame, "placed_with")
    return {
        "claim_start": start, "claim": claim, "debt": debt, "kinds": kinds, "amount": _amounts(frame, "amount_minor"),
        "barred_from": _days(frame, "barred_from"), "outsourcing_on": _days(frame, "outsourcing_told_on"),
        "notified_on": _days(frame, "assignment_notified_on"),
        "in_form_on": _days(frame, "assignment_notice_in_form_on"), "validation_on": _days(frame, "validation_sent_on"),
        "owed": _bits(frame, _OWED_BITS),
        "placed_start": placed_start if "placed_with" in frame.columns else None, "placed": placed,
    }  # fmt: skip


# What happened, what rests, what is permitted.


def _history_arrays(frame: pl.DataFrame | None, parties: int) -> Arrays:
    if frame is None:
        frame = pl.DataFrame(schema=dict(columns.HISTORY))
    party, at = frame["party"].to_numpy(), _instants(frame, "at")
    start, order = kernels.by_party(party, at, parties)
    flags = {
        "inbound": ((0, True),),
        "with_consent": ((1, True),),
        "at_work": ((2, True),),
    }
    marked = _bits(frame, flags, np.uint8)
    claim_start, claim = _lists(frame, "claims")
    return {
        "h_start": start, "h_at": at, "h_order": order, "h_actor": frame["actor"].to_numpy(),
        "h_point": _ids(frame, "point"), "h_channel": _codes(frame, "channel"), "h_result": _codes(frame, "result"),
        "h_flags": marked,
        "h_claim_start": claim_start if "claims" in frame.columns else None, "h_claim": claim,
    }  # fmt: skip


def _laid(
    frame: pl.DataFrame | None,
    what: str,
    needed: columns.Types,
    more: columns.Types,
    candidates: pl.DataFrame,
    claims: pl.DataFrame,
) -> pl.DataFrame | None:
    """Holds or permissions with a party each, by party: those that name only claims are laid on everybody asked."""
    if frame is None or not frame.height:
        return None
    frame = _checked(what, frame, needed, more)
    if "party" not in frame.columns:
        frame = frame.with_columns(party=pl.lit(None, columns.ID))
    general = frame.filter(pl.col("party").is_null())
    if general.height:
        if "claims" not in frame.columns or (general["claims"].list.len().fill_null(0) == 0).any():
            raise BadInput(f"{what}: a row names neither a party nor claims; say whom or what it is about.")
        asked = candidates.select("party") if "n_claims" not in candidates.columns else candidates.select(
            pl.col("party").repeat_by("n_claims").explode()
        )  # fmt: skip
        about = asked.with_columns(claim=claims["claim"]).unique()
        numbered = general.drop("party").with_row_index("row")
        pairs = numbered.select("row", claim="claims").explode("claim").join(about, on="claim")
        general = pairs.select("row", "party").unique().join(numbered, on="row").drop("row").select(frame.columns)
        frame = pl.concat([frame.filter(pl.col("party").is_not_null()), general])
    return frame.sort("party").rechunk()


def _starts(frame: pl.DataFrame, parties: int) -> Array:
    start, order = kernels.by_party(frame["party"].to_numpy(), np.zeros(frame.height, np.int64), parties)
    assert order is None
    return start


def _hold_arrays(frame: pl.DataFrame | None, parties: int) -> Arrays:
    if frame is None:
        return {}
    claim_start, claim = _lists(frame, "claims")
    point_start, point = _lists(frame, "points")
    written = frame["written"].fill_null(value=True).to_numpy() if "written" in frame.columns else None
    return {
        "d_start": _starts(frame, parties), "d_since": _instants(frame, "since"), "d_until": _instants(frame, "until"),
        "d_from": _clocks(frame, "hours_from"), "d_to": _clocks(frame, "hours_to"), "d_kind": _codes(frame, "kind"),
        "d_written": np.ones(frame.height, np.uint8) if written is None else written.astype(np.uint8),
        "d_channels": _masks(frame, "channels"), "d_claim_start": claim_start, "d_claim": claim,
        "d_point_start": point_start, "d_point": point,
    }  # fmt: skip


def _clocks(frame: pl.DataFrame, name: str) -> Array:
    """A time of day in microseconds; -1 when none is given."""
    if name not in frame.columns:
        return np.full(frame.height, -1, np.int64)
    made: Array = (frame[name].to_physical() // 1000).fill_null(-1).to_numpy()
    return made


def _permission_arrays(frame: pl.DataFrame | None, parties: int, items: Items) -> Arrays:
    if frame is None:
        return {}
    claim_start, claim = _lists(frame, "claims")
    point_start, point = _lists(frame, "points")
    words, numbers = _each(frame["rule"])
    return {
        "p_start": _starts(frame, parties), "p_since": _instants(frame, "since"), "p_until": _instants(frame, "until"),
        "p_rule": np.array([items.idents(word or "") for word in words], np.int32)[numbers],
        "p_kind": _codes(frame, "kind"), "p_channels": _masks(frame, "channels"),
        "p_claim_start": claim_start, "p_claim": claim, "p_point_start": point_start, "p_point": point,
    }  # fmt: skip


# Places, zones and rules.


def _place_arrays(frame: pl.DataFrame, items: Items) -> tuple[Arrays, dict[str, int]]:
    """Every pair of places and zones once, the sets of zones they mean, and the clock."""
    places, first = _each(frame["places"])
    zones: list[str | None] = [None]
    pair = first
    if "zones" in frame.columns:
        zones, second = _each(frame["zones"])
        pair = pair.astype(np.int64) * len(zones) + second
    met, where = _distinct(pair, len(places) * len(zones))
    sets = ZoneSets()
    rows, hours = [], []
    for number in met.tolist():
        named = tuple((places[number // len(zones)] or "").split())
        zoned = tuple((zones[number % len(zones)] or "").split())
        if not named:
            raise BadInput("candidates.places holds an empty text; say cn, us, us-ma, uk or eu-de.")
        check_places(named)
        check_zones(zoned)
        row, sets_of_hours = items.place(named, zoned, sets)
        rows.append(row)
        hours.append(sets_of_hours)
    if len(rows) >= 1 << 20:
        raise BadInput(f"{len(rows)} pairs of places and zones are too many for one call.")
    at = frame["at"]
    least, most = at.min(), at.max()
    now = least if least is not None else EPOCH
    last = most if most is not None else EPOCH
    told = {
        "zones": sets.zones, "sets": len(sets), "windows": len(items.encoder.windows),
        "limit": _last(at) + (timedelta(days=400) // timedelta(microseconds=1)),
    }  # fmt: skip
    arrays: Arrays = {
        "where": where,
        "where_table": np.array(rows, np.int64).reshape(-1, kernels.WHERE),
        "hours_set": np.array(hours, np.int32).reshape(-1, items.slots),
        **sets.arrays(now.year - _YEARS_BEFORE, last.year + _YEARS_AFTER),  # type: ignore[union-attr]
    }
    return arrays, told


def _distinct(pair: Array, room: int) -> tuple[Array, Array]:
    """The pairs that occur, and the number of each row's pair among them."""
    if len(pair) and pair.min() == pair.max():
        return pair[:1], np.zeros(len(pair), np.int32)
    if room > 1 << 22:
        met, where = np.unique(pair, return_inverse=True)
        return met, where.astype(np.int32)
    met = np.flatnonzero(np.bincount(pair, minlength=1))
    numbers = np.zeros(room, np.int32)
    numbers[met] = np.arange(len(met), dtype=np.int32)
    return met, numbers[pair]


def _rule_arrays(items: Items) -> tuple[Arrays, dict[str, int]]:
    arrays: Arrays = {
        "rule": items.rules, "version": items.versions, "item": items.items, "lost_after": items.lost_after,
        "left_out": items.left_out,
    }  # fmt: skip
    return arrays, {
        "rules": items.slots, "lost_afters": len(items.lost_after),
        "left_outs": len(items.left_out),
    }  # fmt: skip
