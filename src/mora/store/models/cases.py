"""Cases: one open case a party, with all its loans, where it stands, whose it is, and what was noted."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from mora.store.models.parties import Party
from mora.store.models.people import Team, User


class Level(models.TextChoices):
    """Warning levels; days, owners and clocks are in casework/policy/levels.yaml."""

    L1 = "L1", _("Automatic reminder")
    L2 = "L2", _("Account manager")
    L3 = "L3", _("Risk review")
    L3X = "L3X", _("Intensive contact")
    L4 = "L4", _("Preparation for court")


@dataclass(frozen=True, slots=True)
class Sum:
    """What a case comes to in one currency."""

    currency: str
    arrears_minor: int
    outstanding_minor: int


class Case(models.Model):
    """The work on one party's arrears, from the day it is late until it is cured or closed."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=30, unique=True)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="cases")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    level = models.CharField(max_length=4, choices=Level.choices)
    level_since = models.DateField()
    level_due_on = models.DateField(null=True, blank=True)
    """The level's own clock: by when its owner must have acted."""
    escalated_to = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="escalated")
    escalated_on = models.DateField(null=True, blank=True)
    """When the clock was found to have run out; whom it was escalated to sees the case in the own queue."""
    court_ready_on = models.DateField(null=True, blank=True)
    """When every item of the level's checklist was done."""
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="cases")
    currency = models.CharField(max_length=3)
    """The leading currency, of the two figures below; see casework/currencies.py."""
    arrears_minor = models.BigIntegerField()
    outstanding_minor = models.BigIntegerField()
    further = models.JSONField(default=dict, blank=True)
    """Each further currency with its own ``arrears_minor`` and ``outstanding_minor``."""
    worth_minor = models.BigIntegerField(default=-1)
    """Arrears of all currencies at the house's rates, to put cases in order; -1 without a rate. Never shown as owed."""
    days_past_due = models.IntegerField()
    risk_class = models.CharField(max_length=20, blank=True)
    as_of = models.DateField()
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    closed_why = models.CharField(max_length=40, blank=True)
    priority = models.BigIntegerField(default=0)
    """Order in the queue before what depends on the hour; see casework/priority.py."""
    not_before = models.DateTimeField(null=True, blank=True)
    """Snoozed, called back or out of reach until then."""
    call_back_at = models.DateTimeField(null=True, blank=True)
    call_back_for = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="call_backs")
    """Who promised to call back then; others are given the case only half an hour later."""
    needs_leader_on = models.DateField(null=True, blank=True)
    """Left with the words that the leader is needed; until the leader does something about it."""
    pinned = models.BooleanField(default=False)
    taken_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="taken")
    taken_until = models.DateTimeField(null=True, blank=True)
    """Whoever pulled it keeps it until then; nobody else is given it."""
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party"], condition=models.Q(state="open"), name="one_open_case"),
        ]
        indexes = [
            models.Index(fields=["team", "state", "-pinned", "-priority", "id"], name="queue"),
            # The best open case of whatever teams, found from the top instead of by sorting all of them.
            models.Index(fields=["state", "-pinned", "-priority", "id"], name="open_cases_best_first"),
            # Of those that are somebody's: one that is nobody's is not looked for by its owner.
            models.Index(fields=["owner", "state"], condition=models.Q(owner__isnull=False), name="own_cases"),
            models.Index(fields=["taken_by"], condition=models.Q(taken_by__isnull=False), name="cases_in_hands"),
            models.Index(
                fields=["escalated_to"], condition=models.Q(escalated_to__isnull=False), name="cases_escalated"
            ),
            models.Index(
                fields=["team", "state"], condition=models.Q(needs_leader_on__isnull=False), name="cases_for_leader"
            ),
            models.Index(
                fields=["team", "state"], condition=models.Q(court_ready_on__isnull=False), name="cases_for_court"
            ),
            # A team's cases in each order of its list, and everything its counts ask about.
            models.Index(fields=["team", "state", "-days_past_due", "id"], name="team_by_days"),
            models.Index(
                fields=["team", "state", "-worth_minor", "currency", "-arrears_minor", "id"], name="team_by_amount"
            ),
            models.Index(
                fields=[
                    "team",
                    "state",
                    "not_before",
                    "level_due_on",
                    "owner",
                    "taken_until",
                    "taken_by",
                    "call_back_at",
                    "call_back_for",
                    "escalated_to",
                ],
                name="team_counts",
            ),
            models.Index(
                fields=["call_back_for", "call_back_at"],
                condition=models.Q(call_back_at__isnull=False),
                name="call_backs",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def sums(self) -> list[Sum]:
        """What is owed in each currency, the leading one first."""
        return [
            Sum(self.currency, self.arrears_minor, self.outstanding_minor),
            *(Sum(currency, **figures) for currency, figures in self.further.items()),
        ]


class CaseLoan(models.Model):
    """A loan of the case with the figures of the day (or of the minute, after a payment)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="loans")
    loan_id = models.CharField(max_length=120, db_index=True)
    product = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, blank=True)
    """What the product is, as the book describes it: loan, card, mortgage."""
    place = models.CharField(max_length=20, blank=True)
    """The product's jurisdiction, as the book describes it; empty where the book does not describe the product."""
    currency = models.CharField(max_length=3, blank=True)
    """Of every amount below; the case's own where nothing else is said."""
    role = models.CharField(max_length=20, default="borrower")
    days_past_due = models.IntegerField()
    overdue_principal_minor = models.BigIntegerField()
    overdue_interest_minor = models.BigIntegerField()
    overdue_fee_minor = models.BigIntegerField()
    penalty_minor = models.BigIntegerField()
    compound_minor = models.BigIntegerField()
    arrears_minor = models.BigIntegerField()
    outstanding_principal_minor = models.BigIntegerField()
    next_due_on = models.DateField(null=True, blank=True)
    next_due_minor = models.BigIntegerField(null=True, blank=True)
    risk_class = models.CharField(max_length=20, blank=True)
    branch = models.CharField(max_length=60, blank=True)
    as_of = models.DateField()
    book = models.CharField(max_length=120, blank=True)
    """Name of the book it comes from; empty in work of one book that was begun before books were told apart."""
    day = models.DateField(null=True, blank=True)
    """The day of the book the figures were last taken from; a payment since then moves ``as_of`` alone."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "loan_id"], name="one_loan_a_case")]
        # What the filters offer, from one value to the next.
        indexes = [
            models.Index(fields=["product"], name="loan_products"),
            models.Index(fields=["branch"], name="loan_branches"),
            models.Index(fields=["currency"], name="loan_currencies"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Kept with a currency always."""
        self.currency = self.currency or self.case.currency
        super().save(*args, **kwargs)


class Note(models.Model):
    """What somebody wrote; kept as it was written, a correction is another note."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField()
    text = models.TextField(max_length=4000)
    withdrawn_at = models.DateTimeField(null=True, blank=True)


class DayRun(models.Model):
    """A day whose proposals were taken into work; running it again changes nothing."""

    book = models.CharField(max_length=400)
    as_of = models.DateField()
    generation = models.BigIntegerField()
    finished_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "as_of", "generation"], name="one_run_a_day")]
