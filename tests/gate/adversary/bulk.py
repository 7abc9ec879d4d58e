"""Asks the bulk gate: each round's candidates as frames, the history growing in one frame beside them.

Not :func:`mora.gate.flatten.flatten`, which gives every request people of its own and carries its history along: here a
debtor keeps the same numbers through all rounds, as in a lender's book. What is known of people, points, agencies and
claims is laid out once and gathered by row for each round; holds and permissions are laid out once for all rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, chain
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from mora.gate import columns
from mora.gate.frames import Frames, Items, ask_all, rules_of
from mora.gate.terms import Attempt, Claim, Hold, Permission, Request

from .record import Answer
from .world import Case

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
FIRST_DAY = date(1970, 1, 1)
Row = Sequence[Any]

CANDIDATES = {**columns.CANDIDATES, **columns.CANDIDATES_MORE}
CLAIMS = {**columns.CLAIMS, **columns.CLAIMS_MORE}
HISTORY = {**columns.HISTORY, **columns.HISTORY_MORE}
HOLDS = {**columns.HOLDS, **columns.HOLDS_MORE}
PERMISSIONS = {**columns.PERMISSIONS, **columns.PERMISSIONS_MORE}


def instant(at: datetime | None) -> int | None:
    """Microseconds, as frames hold instants."""
    return None if at is None else (at - EPOCH) // MICROSECOND


def frame(rows: Iterable[Row], types: columns.Types) -> pl.DataFrame:
    """Rows as a frame, column by column; instants come as microseconds."""
    found = list(zip(*rows, strict=True)) or [()] * len(types)
    return pl.DataFrame([column(name, values, kind) for values, (name, kind) in zip(found, types.items(), strict=True)])


def column(name: str, values: Sequence[Any], kind: pl.DataType) -> pl.Series:
    """One column; lists by their offsets, which is many times quicker than list by list."""
    if isinstance(kind, pl.Datetime):
        return pl.Series(name, values, dtype=pl.Int64()).cast(kind)
    if isinstance(kind, pl.List):
        offsets = np.fromiter(accumulate(map(len, values), initial=0), np.int32)
        members = column(name, list(chain.from_iterable(values)), kind.inner)
        if isinstance(kind.inner, pl.Enum):
            return pl.Series(name, values, dtype=kind)
        found = pl.Series(name, pa.ListArray.from_arrays(pa.array(offsets), members.to_arrow()))
        return found.cast(kind)
    if isinstance(kind, pl.Enum):
        codes = {word: code for code, word in enumerate(kind.categories)}
        return pl.Series(name, [None if v is None else codes[v] for v in values], dtype=pl.UInt8()).cat.to(kind)
    return pl.Series(name, values, dtype=kind)


class Known:
    """A frame of things that many candidates share, each laid out when it is first met; row 0 is: nothing known."""

    def __init__(self, types: columns.Types, names: Sequence[str], lay: Callable[[Any, int], Row]) -> None:
        self.types = {name: types[name] for name in names}
        self.lay = lay
        nothing = [[] if isinstance(kind, pl.List) else None for kind in self.types.values()]
        self.frame = frame([nothing], self.types)
        self.fresh: list[Row] = []
        self.rows: dict[int, int] = {}
        self.met: list[Any] = []
        """Kept, so that no other thing gets the identity of one of these."""

    def row(self, thing: Any, place: int) -> int:
        """The row of a thing of this case."""
        if thing is None:
            return 0
        found = self.rows.get(id(thing))
        if found is None:
            found = self.rows[id(thing)] = len(self.rows) + 1
            self.met.append(thing)
            self.fresh.append(self.lay(thing, place))
        return found

    def gather(self, rows: list[int]) -> pl.DataFrame:
        """The things of these rows."""
        if self.fresh:
            self.frame = pl.concat([self.frame, frame(self.fresh, self.types)])
            self.fresh = []
        return self.frame[rows]


def fields(*names: str) -> Callable[[Any, int], Row]:
    """A layout of these fields as they are."""
    return lambda thing, _: [getattr(thing, name) for name in names]


class Numbers(dict[str, int]):
    """A number for each id of a case, in the order in which they are met, above those of other cases."""

    def __init__(self, before: int) -> None:
        super().__init__()
        self.before = before

    def __missing__(self, id_: str) -> int:
        self[id_] = number = self.before + len(self)
        return number


class Book:
    """The numbers of everybody and everything in a world, and what was made so far as one frame."""

    def __init__(self, world: list[Case]) -> None:
        room = 64  # ids a case may need; it has at most four people, each with eight points
        self.people = [Numbers(room * place) for place in range(len(world))]
        self.points = [Numbers(room * place) for place in range(len(world))]
        self.claims = [Numbers(room * place) for place in range(len(world))]
        self.collectors = Numbers(0)
        self.at = {id(case): place for place, case in enumerate(world)}
        self.told = [0] * len(world)
        self.history = frame((), HISTORY)
        self.holds = frame((self.hold(case, each) for case in world for each in case.holds), HOLDS)
        granted = ((case, each) for case in world for each in case.permissions)
        self.permissions = frame((self.permission(case, each) for case, each in granted), PERMISSIONS)
        names = list(CANDIDATES)
        of = {name: number for number, name in enumerate(names)}
        part = {
            "actor": ["actor_kind", "actor", "mode", "trained_on"],
            "party": ["party", "role", "zones", "born_on", "identified", "joint_basis", "volunteers"],
            "guarantee": names[of["guarantee_period_until"] : of["guarantee_limit_minor"] + 1],
            "estate": names[of["estate_value_minor"] : of["estate_renounced"] + 1],
            "debtor": names[of["debtor"] : of["debtor_incapacitated"] + 1],
            "point": names[of["point"] : of["notice_sent_on"] + 1],
            "agency": names[of["agency_listed"] : of["agency_unlawful_record"] + 1],
            "visit": names[of["visitors"] : of["entry_agreed"] + 1],
            "message": names[of["discloses"] : of["mentions_suit"] + 1],
        }
        lays: dict[str, Callable[[Any, int], Row]] = {
            "actor": lambda a, _: (a.kind, self.collectors[a.id], a.mode, a.trained_on),
            "party": lambda p, place: (
                self.people[place][p.id],
                p.role,
                " ".join(p.zones) or None,
                p.born_on,
                p.identified,
                p.joint_basis,
                p.volunteers,
            ),
            "guarantee": fields("period_until", "debt_due_on", "claimed_on", "limit_minor"),
            "estate": fields("value_minor", "renounced"),
            "debtor": lambda d, place: (
                self.people[place][d.id],
                d.points_invalid,
                d.deceased,
                d.incapacitated,
            ),
            "point": lambda p, place: (
                self.points[place][p.id],
                p.kind,
                p.used_by_party_on,
                p.checked_on,
                p.notice_sent_on,
            ),
            "agency": fields("listed", "contract_until", "unlawful_record"),
            "visit": fields("visitors", "shows_identity", "records", "appointment_agreed", "entry_agreed"),
            "message": lambda m, _: (
                m.discloses,
                None if m.contains is None else " ".join(m.contains),
                m.required_disclosure,
                m.electronic_consent,
                m.mentions_suit,
            ),
        }
        self.known = {name: Known(CANDIDATES, part[name], lays[name]) for name in part}
        self.known_claims = Known(CLAIMS, list(CLAIMS), self.claim)
        apart = set(chain.from_iterable(part.values()))
        self.own = {name: kind for name, kind in CANDIDATES.items() if name not in apart}
        """Columns that are each candidate's own."""

    def learn(self, cases: Iterable[Case]) -> None:
        """Add what was made since the last round."""
        rows = []
        for case in cases:
            place = self.at[id(case)]
            rows += [self.attempt(place, each) for each in case.attempts[self.told[place] :]]
            self.told[place] = len(case.attempts)
        self.history = pl.concat([self.history, frame(rows, HISTORY)])

    def attempt(self, place: int, made: Attempt) -> Row:
        """A row of the history."""
        claims = self.claims[place]
        return (
            instant(made.at),
            self.people[place][made.party],
            self.collectors[made.actor],
            made.channel,
            made.result,
            None if made.point is None else self.points[place][made.point],
            [claims[each] for each in made.claims],
            made.inbound,
            made.with_consent,
            made.at_work,
        )

    def span(self, case: Case, each: Hold | Permission) -> Row:
        """From when until when, whom and what; naming nobody and no claim is to name all claims of the debtor."""
        place = self.at[id(case)]
        about = each.claims
        if each.party is None and not about:
            about = tuple(claim.id for claim in case.claims)
        return (
            instant(each.since),
            instant(each.until),
            None if each.party is None else self.people[place][each.party],
            [self.claims[place][claim] for claim in about],
            list(each.channels),
            [self.points[place][point] for point in each.points],
        )

    def hold(self, case: Case, each: Hold) -> Row:
        """A row of the holds."""
        hours = (None, None) if each.hours is None else tuple(time.fromisoformat(clock) for clock in each.hours)
        return (each.kind, *self.span(case, each), *hours, each.written)

    def permission(self, case: Case, each: Permission) -> Row:
        """A row of the permissions."""
        return (each.rule, each.kind, *self.span(case, each))

    def claim(self, claim: Claim, place: int) -> Row:
        """A row of the claims."""
        return (
            self.claims[place][claim.id],
            " ".join(claim.products),
            claim.amount_minor,
            None if claim.account is None else self.claims[place][claim.account],
            claim.student_loan,
            [self.collectors[each] for each in claim.placed_with],
            claim.barred_from,
            claim.assignment_notified_on,
            claim.assignment_notice_in_form_on,
            claim.outsourcing_told_on,
            claim.validation_sent_on,
            *(None if claim.owed is None else getattr(claim.owed, name) for name in columns.OWED),
        )

    def frames(self, asked: Sequence[tuple[Case, Request]]) -> Frames:
        """This round's candidates, with all that is known."""
        self.learn(case for case, _ in asked)
        places = [self.at[id(case)] for case, _ in asked]
        requests = [request for _, request in asked]
        own = [
            (
                instant(each.at),
                " ".join(each.places),
                each.lender.kind,
                each.channel,
                each.purpose,
                len(each.claims),
            )
            for each in requests
        ]
        parts = [frame(own, self.own)]
        for name, known in self.known.items():
            if name in ("guarantee", "estate"):
                things = [getattr(each.party, name) for each in requests]
            else:
                things = [getattr(each, name) for each in requests]
            parts.append(known.gather(list(map(known.row, things, places))))
        of = self.known_claims.row
        rows = [of(claim, place) for each, place in zip(requests, places, strict=True) for claim in each.claims]
        candidates = pl.concat(parts, how="horizontal").select(list(CANDIDATES))
        return Frames(candidates, self.known_claims.gather(rows), self.history, self.holds, self.permissions)


def bulk_asker(house: str | None) -> Callable[[list[Case]], Callable[[Sequence[tuple[Case, Request]]], list[Answer]]]:
    """An asker for a world through the bulk gate."""
    items = Items.of(house)

    def about(world: list[Case]) -> Callable[[Sequence[tuple[Case, Request]]], list[Answer]]:
        book = Book(world)

        def ask(asked: Sequence[tuple[Case, Request]]) -> list[Answer]:
            verdicts = ask_all(book.frames(asked), items, threads=1)
            outcomes = verdicts["outcome"].cast(pl.String).to_list()
            refused, warned = (rules_of(verdicts[mask], items) for mask in ("refused", "warned"))
            return list(zip(outcomes, refused, warned, strict=True))

        return ask

    return about
