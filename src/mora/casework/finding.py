"""Which cases? Search, filters and order over the cases a right reaches, read only.

Personal data is found through its blind index: a whole telephone or document number, a whole name, or the initials of
its pinyin. What was typed is not kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q, QuerySet

from mora.casework.currencies import house_currency
from mora.casework.policy_files import levels
from mora.casework.queue import waiting
from mora.casework.rights import cases_for, reach
from mora.store.models import Attempt, Case, CaseLoan, ContactPoint, Party, PartyRole, Promise, Reminder, User
from mora.store.sealing import blind

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
    cases = cases_for(user, "see_case", at.date())
    if wanted.text.strip():
        # Whoever searches wants the case wherever it stands.
        cases = cases.filter(_named(wanted.text.strip()))
    if wanted.show == "waiting":
        cases = cases.filter(pk__in=_waiting(user, at).values("pk"))
    elif wanted.show == "resting":
        cases = cases.filter(state=Case.State.OPEN, not_before__gt=at)
    elif wanted.show == "closed":
        cases = cases.filter(state=Case.State.CLOSED)
    elif wanted.show != "all" and not wanted.text.strip():
        cases = cases.filter(state=Case.State.OPEN)
    return _filtered(_stage(cases, user, wanted), wanted, at)


def _waiting(user: User, at: datetime) -> QuerySet[Case]:
    if reach(user, "take_next"):
        return waiting(user, at).order_by()
    free = Q(not_before__isnull=True) | Q(not_before__lte=at)
    return cases_for(user, "see_case", at.date()).filter(free, state=Case.State.OPEN)


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


def _named(text: str) -> Q:
    """Case number, loan, party id, telephone, document, name, or initials."""
    fits = Q(number__iexact=text) | Q(party__party_id=text)
    fits |= Q(pk__in=CaseLoan.objects.filter(loan_id__iexact=text).values("case"))
    fits |= Q(party__in=PartyRole.objects.filter(loan_id__iexact=text).values("party"))
    if len(text) >= 6:
        fits |= Q(number__icontains=text)
    digits = re.sub(r"[\s\-()+]", "", text)
    if re.fullmatch(r"\d{6,20}", digits):
        channels = ContactPoint.objects.order_by().values_list("channel", flat=True).distinct()
        numbers = (digits, f"86{digits}", digits.removeprefix("86"))
        indexes = [blind(number, channel) for channel in channels for number in numbers]
        fits |= Q(party__in=ContactPoint.objects.filter(value_index__in=indexes).values("party"))
    if "@" in text:
        fits |= Q(party__in=ContactPoint.objects.filter(value_index=blind(text, "email")).values("party"))
    if re.fullmatch(r"[0-9A-Za-z\-]{6,24}", text):
        fits |= Q(party__in=Party.objects.filter(id_number_index=blind(text, "id_number")))
    if re.fullmatch(r"[A-Za-z]{2,8}", text):
        fits |= Q(party__pinyin=text.lower())
    else:
        fits |= Q(party__in=Party.objects.filter(name_index=blind(text, "name")))
    return fits


def offered(user: User, on: date) -> tuple[list[str], list[str], list[str]]:
    """Products, branches and currencies among the open cases a person may see, for the filters."""
    loans = CaseLoan.objects.filter(
        case__in=cases_for(user, "see_case", on).filter(state=Case.State.OPEN).values("pk")
    ).order_by()
    products = sorted(loans.values_list("product", flat=True).distinct())
    branches = sorted(each for each in loans.values_list("branch", flat=True).distinct() if each)
    currencies = sorted(loans.values_list("currency", flat=True).distinct())
    return products, branches, currencies
