"""Which cases? Search, filters and order over the cases a right reaches, read only.

Personal data is found through its blind index: a whole telephone or document number, a whole name, or the initials of
its pinyin. What was typed is not kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from mora.casework.currencies import house_currency
from mora.casework.policy_files import levels
from mora.casework.queue import MOST_PARTS, could_be_given, tops
from mora.casework.rights import cases_for, cases_q, hands_of, parts_of, reach, teams_reached
from mora.store.models import Attempt, Case, CaseLoan, ContactPoint, Party, PartyRole, Promise, Reminder, User
from mora.store.sealing import blind

DUE = Coalesce(F("level_due_on"), Value(date(9999, 12, 31)))
"""By when to act; cases without a day come last."""
SHOWS = ("waiting", "open", "resting", "closed", "all")
"""Waiting: could be worked on now. Resting: open, but put aside until later."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is to hold; empty fields ask nothing."""

    text: str = ""
    show: str = ""
    levels: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    least_minor: int | None = None
    most_minor: int | None = None
    currency: str = ""
    """Cases with money in it; the two bounds are read in it, or in the house's own where it is left out."""
    clock: str = ""
    """``over``: the level's own clock has run out."""
    escalated: str = ""
    """``me``: the clock ran out and it was escalated to this person; ``any``: to anybody."""
    asked: str = ""
    """``leader``: left with the words that the leader is needed."""
    court: str = ""
    """``ready``: every item of the checklist is done; ``open``: the level has one, and it is not."""
    promise: str = ""
    """``today``: an open promise falls due today or did before; ``broken``: one was broken;
    ``remind``: a reminder may be sent."""
    team: str = ""
    owner: str = ""
    """User name; ``nobody`` for cases without one."""
    touched_by: str = ""
    """User name of somebody who recorded a contact today."""


def find(user: User, wanted: Wanted, at: datetime) -> QuerySet[Case]:
    """The cases a person may see that fit, without an order."""
    return _fitting(cases_for(user, "see_case", at.date()), user, wanted, at)


def first(user: User, wanted: Wanted, at: datetime, order: Sequence[str], most: int, beyond: Q) -> QuerySet[Case]:
    """The first so many of :func:`find` in an order, beyond a key of it, from the top of each team's own order."""
    parts = parts_of(user, "see_case", at.date())
    if parts is None or len(parts) > MOST_PARTS or wanted.text.strip():
        return find(user, wanted, at).annotate(due=DUE).filter(beyond)
    cases = _fitting(Case.objects.annotate(due=DUE), user, wanted, at).filter(beyond)
    return Case.objects.filter(tops(cases, parts, order, most))


def count(user: User, wanted: Wanted, at: datetime) -> int:
    """How many :func:`find` finds: own cases, and those of the teams that are not, each counted in its index."""
    if reach(user, "see_case") != "team" or wanted.text.strip():
        return find(user, wanted, at).count()
    cases, mine = _fitting(Case.objects.all(), user, wanted, at), hands_of(user, at.date())
    owned = cases.filter(owner__in=mine).count()
    others = Q(owner__isnull=True) | ~Q(owner__in=mine)
    return owned + cases.filter(others, team__in=teams_reached(user, at.date())).count()


def _fitting(cases: QuerySet[Case], user: User, wanted: Wanted, at: datetime) -> QuerySet[Case]:
    if wanted.text.strip():
        # Whoever searches wants the case wherever it stands.
        cases = cases.filter(pk__in=_named(wanted.text.strip()))
    if wanted.show == "waiting":
        cases = cases.filter(_waiting(user, at))
    elif wanted.show == "resting":
        cases = cases.filter(state=Case.State.OPEN, not_before__gt=at)
    elif wanted.show == "closed":
        cases = cases.filter(state=Case.State.CLOSED)
    elif wanted.show != "all" and not wanted.text.strip():
        cases = cases.filter(state=Case.State.OPEN)
    return _filtered(_stage(cases, user, wanted), wanted, at)


def _waiting(user: User, at: datetime) -> Q:
    if not reach(user, "take_next"):
        return (Q(not_before__isnull=True) | Q(not_before__lte=at)) & Q(state=Case.State.OPEN)
    given = could_be_given(user, at)
    same = reach(user, "take_next") == reach(user, "see_case")
    return given if same else given & cases_q(user, "take_next", at.date())


def _stage(cases: QuerySet[Case], user: User, wanted: Wanted) -> QuerySet[Case]:
    if wanted.escalated == "me":
        cases = cases.filter(escalated_to=user)
    elif wanted.escalated == "any":
        cases = cases.filter(escalated_on__isnull=False)
    if wanted.asked == "leader":
        cases = cases.filter(needs_leader_on__isnull=False)
    if wanted.court == "ready":
        cases = cases.filter(court_ready_on__isnull=False)
    elif wanted.court == "open":
        listed = [each.level for each in levels() if each.checklist]
        cases = cases.filter(court_ready_on__isnull=True, level__in=listed)
    return cases


def _filtered(cases: QuerySet[Case], wanted: Wanted, at: datetime) -> QuerySet[Case]:
    today = at.date()
    if wanted.levels:
        cases = cases.filter(level__in=wanted.levels)
    if wanted.products:
        cases = cases.filter(pk__in=CaseLoan.objects.filter(product__in=wanted.products).values("case"))
    if wanted.branches:
        cases = cases.filter(pk__in=CaseLoan.objects.filter(branch__in=wanted.branches).values("case"))
    if wanted.currency or wanted.least_minor is not None or wanted.most_minor is not None:
        cases = cases.filter(_amounts(wanted))
    if wanted.clock == "over":
        cases = cases.filter(level_due_on__lt=today)
    if wanted.promise == "today":
        due = Promise.objects.filter(state=Promise.State.OPEN, due_on__lte=today)
        cases = cases.filter(pk__in=due.values("case"))
    elif wanted.promise == "remind":
        cleared = Reminder.objects.filter(state=Reminder.State.CLEARED)
        cases = cases.filter(pk__in=cleared.values("promise__case"))
    elif wanted.promise == "broken":
        cases = cases.filter(pk__in=Promise.objects.filter(state=Promise.State.BROKEN).values("case"))
    if wanted.team:
        cases = cases.filter(team__isnull=True) if wanted.team == "none" else cases.filter(team__code=wanted.team)
    if wanted.owner:
        cases = (
            cases.filter(owner__isnull=True) if wanted.owner == "nobody" else cases.filter(owner__username=wanted.owner)
        )
    if wanted.touched_by:
        tried = Attempt.objects.filter(by__username=wanted.touched_by, at__gte=_midnight(at))
        cases = cases.filter(pk__in=tried.values("case"))
    return cases


def _amounts(wanted: Wanted) -> Q:
    """Within the bounds in their currency, whatever is owed in others."""
    currency = wanted.currency or house_currency()
    leading, further = Q(currency=currency), Q(further__has_key=currency)
    for bound, minor in (("gte", wanted.least_minor), ("lte", wanted.most_minor)):
        if minor is not None:
            leading &= Q(**{f"arrears_minor__{bound}": minor})
            further &= Q(**{f"further__{currency}__arrears_minor__{bound}": minor})
    return leading | further


def _midnight(at: datetime) -> datetime:
    return datetime.combine(at.date(), time.min, tzinfo=at.tzinfo)


def _named(text: str) -> QuerySet[Any]:
    """Cases by number, loan, party id, telephone, document, name, or initials: each looked up by its own index."""
    as_written = {text, text.upper(), text.lower()}
    parties: list[QuerySet[Any]] = [
        Party.objects.filter(party_id=text).values("pk"),
        PartyRole.objects.filter(loan_id__in=as_written).values("party"),
    ]
    digits = re.sub(r"[\s\-()+]", "", text)
    if re.fullmatch(r"\d{6,20}", digits):
        numbers = (digits, f"86{digits}", digits.removeprefix("86"))
        indexes = [blind(number, channel) for channel in _channels() for number in numbers]
        parties.append(ContactPoint.objects.filter(value_index__in=indexes).values("party"))
    if "@" in text:
        parties.append(ContactPoint.objects.filter(value_index=blind(text, "email")).values("party"))
    if re.fullmatch(r"[0-9A-Za-z\-]{6,24}", text):
        parties.append(Party.objects.filter(id_number_index=blind(text, "id_number")).values("pk"))
    if re.fullmatch(r"[A-Za-z]{2,8}", text):
        parties.append(Party.objects.filter(pinyin=text.lower()).values("pk"))
    else:
        parties.append(Party.objects.filter(name_index=blind(text, "name")).values("pk"))
    found: list[QuerySet[Any]] = [Case.objects.filter(party__in=each).order_by().values("pk") for each in parties]
    found.append(CaseLoan.objects.filter(loan_id__in=as_written).order_by().values("case"))
    if len(text) >= 6:
        found.append(Case.objects.filter(number__icontains=text).order_by().values("pk"))
    return Case.objects.filter(number__in=as_written).order_by().values("pk").union(*found)


def _channels() -> list[str]:
    return _distinct("store_contactpoint", "channel")


def offered(user: User, on: date) -> tuple[list[str], list[str], list[str]]:
    """Products, branches and currencies for the filters: the house's, for whoever works for it; else the person's."""
    names = ("product", "branch", "currency")
    if reach(user, "see_case") in ("team", "all"):
        return tuple([each for each in _distinct("store_caseloan", name) if each] for name in names)  # type: ignore[return-value]
    loans = CaseLoan.objects.filter(cases_q(user, "see_case", on, through="case__"), case__state=Case.State.OPEN)
    return tuple(  # type: ignore[return-value]
        sorted(each for each in loans.order_by().values_list(name, flat=True).distinct() if each) for name in names
    )


def _distinct(table: str, column: str) -> list[str]:
    """Every value of an indexed column, from one to the next larger instead of over all rows; names are our own."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"with recursive next(value) as (select min({column}) from {table} union all "  # noqa: S608
            f"select (select min({column}) from {table} where {column} > next.value) from next "
            "where next.value is not null) select value from next where value is not null"
        )
        return [value for (value,) in cursor.fetchall()]
