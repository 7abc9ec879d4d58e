"""From the day to work: the snapshot's late loans become cases, one a party, and cases follow the figures.

 1. late loans of the day, with their party, in one query over the snapshot
 2. parties of new cases, with names and contact points, from the book
 3. each open case gets the figures of the day; level, team and clock follow; what people did stays
 4. a loan that is late no more leaves its case, and it is said why: paid off, sold, or current again
 5. a case whose party is no longer late is closed as cured (or sold), and its open promises are judged
 6. the run is recorded: the same day taken in twice changes nothing

Each party is its own transaction and counts in it, so a killed run goes on where it stopped. A day that was run again
after another import is taken in again: then only cases whose figures differ change. Several books may feed one
installation: a case holds a party's loans of all of them, and a book's day touches that book's loans alone. A book is
known by the name of its folder, so that it may move.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import polars as pl
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from mora.casework.currencies import NO_RATE, set_sums
from mora.casework.lists import keeps_level
from mora.casework.masks import initials, name_mask, point_mask, tail_mask
from mora.casework.policy_files import LevelRule, level_at, levels
from mora.casework.priority import priority
from mora.casework.promises import loans_left, mark_left
from mora.engine import snapshots
from mora.engine.book.manifest import Book
from mora.loans.products import parse_products
from mora.loans.terms import Product
from mora.store import audit
from mora.store.models import Branch, Case, CaseLoan, ContactPoint, DayRun, Event, Party, PartyRole, Payment, Team
from mora.store.sealing import blind

FIGURES = (
    "days_past_due", "overdue_principal_minor", "overdue_interest_minor", "overdue_fee_minor", "penalty_minor",
    "compound_minor", "arrears_minor", "outstanding_principal_minor", "next_due_on", "next_due_minor",
)  # fmt: skip
"""What a case's loan takes from a position, under the same names."""


_CONSENT = {"given": True, "yes": True, "true": True, "withdrawn": False, "refused": False, "no": False, "false": False}
"""What books write about consent; anything else is unknown."""

_KIND = {"email": "email", "im": "im", "letter": "address", "address": "address", "visit": "address", "phone": "home"}
"""What kind of point a channel's value is, where the book says no more; numbers are taken as mobile ones."""


Progress = Callable[[int, int], None]
"""Told how much is done, and of how much."""


def silent(done: int, of: int) -> None:
    """Nobody watches."""


@dataclass
class Taken:
    """What taking a day in did."""

    opened: int = 0
    updated: int = 0
    closed: int = 0
    escalated: int = 0
    eased: int = 0
    kept: int = 0
    """Would have moved up, and a list keeps them where they are."""


@dataclass
class _Taking:
    """A day of a book on its way into work."""

    book: str
    as_of: date
    at: datetime
    run: DayRun
    again: bool
    """The day was taken in before, from an earlier generation of the book."""
    taken: Taken
    products: dict[str, Product]
    """What the book says of its products; one it does not describe is not in it."""
    whys: dict[str, str]
    """Why loans are late no more."""

    def counted(self) -> None:
        """Keep the counts, in the transaction of what was counted."""
        DayRun.objects.filter(pk=self.run.pk).update(counts=self.taken.__dict__)

    def has(self, case: Case, mine: list[CaseLoan], rows: list[dict[str, Any]]) -> bool:
        """Whether the case's loans of this book show the day already, or a later one."""
        upto = _taken_upto(case, mine)
        if upto != self.as_of or not self.again:
            return upto >= self.as_of
        return _paid_meanwhile(mine, self.as_of) or not _differ(mine, rows)


def take_in(book: Book, as_of: date, *, at: datetime, progress: Progress = silent) -> Taken:
    """Take the snapshot of a day into work; ``at`` is the moment written into the audit chain.

    :raises Refused: the day was not run on this book.
    """
    before = taken_before(book, as_of)
    if before is not None:
        return before
    name = book.path.resolve().name
    runs = DayRun.objects.filter(book=name, as_of=as_of)
    run, _ = runs.get_or_create(generation=_generation(book, as_of), defaults={"book": name, "as_of": as_of})
    late = _late(book, as_of)
    taking = _Taking(
        name, as_of, at, run, runs.exclude(pk=run.pk).exists(), Taken(**run.counts), _described(book),
        _whys(book, as_of, late),
    )  # fmt: skip
    people = _people(book, late["party_id"].unique())
    for number, (party_id, rows) in enumerate(_by_party(late), 1):
        _follow(party_id, rows, people, taking)
        progress(number, len(people))
    for case in _open_of(name).select_related("party").iterator():
        if case.party.party_id not in people:
            _cured(case, taking)
    DayRun.objects.filter(pk=run.pk).update(finished_at=at)
    return taking.taken


def taken_before(book: Book, as_of: date) -> Taken | None:
    """What taking this day in did, when it was done to its end; else None.

    :raises Refused: the day was not run on this book.
    """
    done = DayRun.objects.filter(
        book=book.path.resolve().name, as_of=as_of, generation=_generation(book, as_of), finished_at__isnull=False
    ).first()
    return Taken(**done.counts) if done is not None else None


def _described(book: Book) -> dict[str, Product]:
    """Terms of the products the book describes; those it only names are left out, since defaults are nobody's word."""
    return parse_products(book.products, "products.yaml")[0] if book.products else {}


def _whys(book: Book, as_of: date, late: pl.DataFrame) -> dict[str, str]:
    """Why loans of open cases are late no more: ``sold``, ``paid_off``, ``current``; not those the day has not."""
    name, still = book.path.resolve().name, set(late["loan_id"].to_list())
    held = CaseLoan.objects.filter(case__state=Case.State.OPEN, book__in=("", name)).values_list("loan_id", flat=True)
    gone = pl.Series(sorted(set(held) - still), dtype=pl.String)
    if gone.is_empty():
        return {}
    mine = pl.col("loan_id").is_in(gone.implode())
    settled = (pl.col("payoff_minor") == 0) & (pl.col("arrears_minor") == 0)
    found = snapshots.positions(book, as_of).filter(mine).select("loan_id", settled.alias("settled")).collect()
    sold = _sold(book, as_of)
    taken = set() if sold is None else set(sold.filter(mine).collect()["loan_id"].to_list())
    why = {loan_id: "paid_off" if paid else "current" for loan_id, paid in found.iter_rows()}
    return why | dict.fromkeys(taken, "sold")


def _generation(book: Book, as_of: date) -> int:
    return snapshots.chain(book, as_of)[-1].generation


def _late(book: Book, as_of: date) -> pl.DataFrame:
    """Late loans of the day with their party; what was sold by then is somebody else's to collect."""
    frame = snapshots.positions(book, as_of).filter(pl.col("days_past_due") > 0, pl.col("arrears_minor") > 0)
    wanted = ["loan_id", "party_id", "product", "currency", "branch", "risk_class", *FIGURES]
    sold = _sold(book, as_of)
    if sold is not None:
        frame = frame.join(sold, on="loan_id", how="anti")
    return frame.select(wanted).sort("party_id", "loan_id").collect()


def _sold(book: Book, as_of: date) -> pl.LazyFrame | None:
    """Loans sold by a day; None where the book does not say."""
    loans = book.scan("loans")
    if "sold_on" not in loans.collect_schema().names():
        return None
    return loans.filter(pl.col("sold_on") <= as_of).select("loan_id")


def _by_party(late: pl.DataFrame) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for (party_id,), rows in late.group_by(["party_id"], maintain_order=True):
        yield str(party_id), rows.to_dicts()


def _people(book: Book, ids: pl.Series) -> dict[str, dict[str, Any]]:
    """Names and contact points of these parties, where the book has them."""
    found: dict[str, dict[str, Any]] = {str(id_): {} for id_ in ids.to_list()}
    if book.file("parties"):
        for row in book.scan("parties").filter(pl.col("party_id").is_in(ids.implode())).collect().to_dicts():
            found[row["party_id"]] |= row
    if book.file("contact_points"):
        points = book.scan("contact_points").filter(pl.col("party_id").is_in(ids.implode())).collect()
        for row in points.to_dicts():
            found[row["party_id"]].setdefault("points", []).append(row)
    return found


def _open_of(book: str) -> QuerySet[Case]:
    """Open cases with loans of a book."""
    loans = CaseLoan.objects.filter(case=OuterRef("pk"), book__in=("", book))
    return Case.objects.filter(Exists(loans), state=Case.State.OPEN)


def _follow(party_id: str, rows: list[dict[str, Any]], people: dict[str, dict[str, Any]], taking: _Taking) -> None:
    as_of, at, taken = taking.as_of, taking.at, taking.taken
    with transaction.atomic():
        party = Party.objects.filter(party_id=party_id).first() or _party(party_id, people.get(party_id, {}))
        case = Case.objects.select_for_update().filter(party=party, state=Case.State.OPEN).first()
        mine, others = _split(case, taking.book)
        worst = max(*(row["days_past_due"] for row in rows), *(loan.days_past_due for loan in others), 0)
        rule = level_at(worst)
        assert rule is not None, "a late loan has a level"
        if case is None:
            case = _open(party, rows, rule, as_of)
            taken.opened += 1
            audit.append("mora", "case.open", case.number, at=at, level=rule.level, days_past_due=worst)
        elif taking.has(case, mine, rows):
            return
        else:
            _move(case, rule, as_of, at, taken)
            taken.updated += 1
        _figures(taking, case, rows, mine)
        taking.counted()


def _differ(mine: list[CaseLoan], rows: list[dict[str, Any]]) -> bool:
    """Whether the day's figures are other than those the case shows."""
    names = ("loan_id", "product", "currency", *FIGURES)
    shown = {tuple(getattr(loan, name) for name in names) for loan in mine}
    return shown != {tuple(row[name] for name in names) for row in rows}


def _paid_meanwhile(mine: list[CaseLoan], day: date) -> bool:
    """Whether money was told that day which the book may not have yet: then the case knows more than the snapshot."""
    return Payment.objects.filter(loan_id__in=[loan.loan_id for loan in mine], value_on=day).exists()


def _split(case: Case | None, book: str) -> tuple[list[CaseLoan], list[CaseLoan]]:
    """The case's loans of this book, and those of others."""
    loans = list(case.loans.all()) if case is not None else []
    mine = [loan for loan in loans if loan.book in ("", book)]
    return mine, [loan for loan in loans if loan not in mine]


def _taken_upto(case: Case, mine: list[CaseLoan]) -> date:
    """The last day of a book that its loans of the case were taken from; before all days when there are none."""
    return max((loan.day or case.as_of for loan in mine), default=date.min)


def _party(party_id: str, told: dict[str, Any]) -> Party:
    name, number = told.get("name") or "", told.get("id_number") or ""
    party = Party(
        party_id=party_id, kind=told.get("kind") or Party.Kind.PERSON, region=told.get("region") or "",
        language=told.get("language") or "", born_on=told.get("born_on"),
        zones=[told["time_zone"]] if told.get("time_zone") else [],
        name=name, name_mask=name_mask(name) or party_id, pinyin=initials(name) if name else "",
        name_index=blind(name, "name") if name else "",
        id_number=number, id_number_mask=tail_mask(number),
        id_number_index=blind(number, "id_number") if number else "",
    )  # fmt: skip
    party.save(force_insert=True)
    for point in told.get("points", ()):
        value = point["value"]
        ContactPoint.objects.get_or_create(
            party=party, channel=point["channel"], value_index=blind(value, point["channel"]),
            defaults={
                "value": value, "value_mask": point_mask(value),
                "kind": _KIND.get(point["channel"], "mobile"), "source": point.get("source") or "book",
                "preferred": bool(point.get("preferred")), "verified_on": point.get("verified_on"),
                "consent": _CONSENT.get(str(point.get("consent")).lower()),
            },
        )  # fmt: skip
    return party


def _open(party: Party, rows: list[dict[str, Any]], rule: LevelRule, as_of: date) -> Case:
    case = Case(
        party=party, number=_number(party, as_of), level=rule.level, level_since=as_of,
        level_due_on=as_of + timedelta(days=rule.clock_days), currency=rows[0]["currency"], arrears_minor=0,
        outstanding_minor=0, days_past_due=0, as_of=as_of, opened_on=as_of, team=_team(rule, rows[0]["branch"] or ""),
    )  # fmt: skip
    case.save(force_insert=True)
    return case


def _number(party: Party, as_of: date) -> str:
    """The day and the end of the party's id; a further sign where that number was given before."""
    plain = f"C{as_of:%y%m%d}-{party.party_id[-12:]}"
    given = set(Case.objects.filter(number__startswith=plain).values_list("number", flat=True))
    return next(each for n in count(1) if (each := plain if n == 1 else f"{plain}-{n}") not in given)


def _team(rule: LevelRule, branch: str) -> Team | None:
    """The team of the level's role in the branch, else the role's team for every branch."""
    # A team says which role's cases it takes and in which branch; teams from before said both in their code.
    here, everywhere = f"{rule.role}-{branch}".lower().replace("_", "-")[:60], rule.role.replace("_", "-")
    asked = Q(role=rule.role, agency=False) | Q(code__in=(here, everywhere))
    teams = list(Team.objects.filter(asked).select_related("branch").order_by("code"))

    def fits(team: Team) -> int:
        if team.role == rule.role and team.branch is not None:
            return 3 if branch and team.branch.code.lower() == branch.lower() else 0
        if team.code == here and branch:
            return 2
        return 1 if team.branch is None and (team.role == rule.role or team.code == everywhere) else 0

    best = max(teams, key=fits, default=None)
    return best if best is not None and fits(best) else None


def _move(case: Case, rule: LevelRule, as_of: date, at: datetime, taken: Taken) -> None:
    """Escalate or ease; the clock starts anew only when the level changes."""
    if case.level == rule.level:
        return
    harder = level_at(10**6) == rule or _rank(rule.level) > _rank(case.level)
    if harder and keeps_level(case.party, as_of):
        taken.kept += 1
        if not Event.objects.filter(subject=case.number, action="case.kept", data__after=rule.level).exists():
            audit.append("mora", "case.kept", case.number, at=at, before=case.level, after=rule.level)
        return
    taken.escalated += harder
    taken.eased += not harder
    audit.append(
        "mora", "case.escalate" if harder else "case.ease", case.number, at=at, before=case.level, after=rule.level
    )
    case.level, case.level_since = rule.level, as_of
    case.level_due_on = as_of + timedelta(days=rule.clock_days)
    case.escalated_to, case.escalated_on = None, None
    if rule.met_by != "checklist":
        case.court_ready_on = None
    case.team = _team(rule, case.loans.values_list("branch", flat=True).first() or "") or case.team


def _rank(level: str) -> int:
    return [each.level for each in levels()].index(level)


def _figures(taking: _Taking, case: Case, rows: list[dict[str, Any]], mine: list[CaseLoan]) -> None:
    as_of, held = taking.as_of, {loan.loan_id: loan for loan in mine}
    for row in rows:
        product = taking.products.get(row["product"])
        told = {name: row[name] for name in FIGURES} | {
            "product": row["product"], "branch": row["branch"] or "", "risk_class": row["risk_class"] or "",
            "currency": row["currency"], "kind": product.kind if product is not None else "",
            "place": product.jurisdiction if product is not None else "",
            "as_of": as_of, "day": as_of, "book": taking.book,
        }  # fmt: skip
        CaseLoan.objects.update_or_create(case=case, loan_id=row["loan_id"], defaults=told)
        held.pop(row["loan_id"], None)
        PartyRole.objects.get_or_create(party=case.party, loan_id=row["loan_id"], role="borrower")
        if row["branch"]:
            Branch.objects.get_or_create(code=row["branch"], defaults={"name": row["branch"]})
    _leave(taking, case, list(held.values()))
    case.as_of = max(case.as_of, as_of)
    total_up(case, as_of)


def _leave(taking: _Taking, case: Case, gone: list[CaseLoan]) -> None:
    """Loans that are late no more leave the case, and it is said why."""
    if gone:
        loans_left(case, {loan.loan_id: taking.whys.get(loan.loan_id, "unknown") for loan in gone}, taking.at)
        for loan in gone:
            loan.delete()


def total_up(case: Case, day: date) -> None:
    """Set the case's own figures from its loans', and save it."""
    loans = list(case.loans.all())
    set_sums(case, loans, day)
    worst = max(loans, key=lambda loan: loan.days_past_due, default=None)
    case.days_past_due = worst.days_past_due if worst is not None else 0
    case.risk_class = worst.risk_class if worst is not None else ""
    case.priority = priority(case, day)
    case.version += 1
    case.save()


def close_if_cured(case: Case, day: date, at: datetime, why: str = "cured") -> bool:
    """Close a case in which nothing is owed any more; in the caller's transaction."""
    if any(each.arrears_minor > 0 for each in case.sums):
        return False
    case.state, case.closed_on, case.closed_why = Case.State.CLOSED, day, why
    case.taken_by, case.taken_until = None, None
    case.version += 1
    case.save()
    audit.append("mora", "case.close", case.number, at=at, why=why)
    return True


def _cured(case: Case, taking: _Taking) -> None:
    """Nothing of this book is late any more; the case ends with it, unless it holds late loans of another."""
    as_of = taking.as_of
    with transaction.atomic():
        held = Case.objects.select_for_update().get(pk=case.pk)
        mine, others = _split(held, taking.book)
        if held.state != Case.State.OPEN or taking.has(held, mine, []):
            return
        if others:
            _leave(taking, held, mine)
            total_up(held, as_of)
            return
        whys = {loan.loan_id: taking.whys.get(loan.loan_id, "unknown") for loan in mine}
        mark_left(held, whys)
        sold = set(whys.values()) == {"sold"}
        held.arrears_minor, held.days_past_due, held.as_of, held.further, held.worth_minor = 0, 0, as_of, {}, NO_RATE
        taking.taken.closed += close_if_cured(held, as_of, taking.at, "sold" if sold else "cured")
        taking.counted()
