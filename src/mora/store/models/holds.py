"""Why contact rests, complaints with their clocks, why the party is late, and the lists people stand on."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mora.store.models.cases import Case
from mora.store.models.parties import Party
from mora.store.models.people import User


class Hold(models.Model):
    """Contact rests; kinds are the gate's."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="holds")
    kind = models.CharField(max_length=30)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    channels = models.JSONField(default=list, blank=True)
    points = models.JSONField(default=list, blank=True)
    claims = models.JSONField(default=list, blank=True)
    written = models.BooleanField(default=True)
    reason = models.CharField(max_length=400)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")


class Complaint(models.Model):
    """A complaint, a dispute about the debt, or an objection to credit data, with the clock the law gives it."""

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", _("Complaint")
        DISPUTE = "dispute", _("Dispute")
        CREDIT = "credit", _("Credit-data objection")

    class Upheld(models.TextChoices):
        YES = "yes", _("Upheld")
        PARTLY = "partly", _("Upheld in part")
        NO = "no", _("Not upheld")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="complaints")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    received_on = models.DateField()
    about = models.CharField(max_length=400)
    forwarded = models.BooleanField(default=False)
    """Sent on by the central bank."""
    about_collection = models.BooleanField(default=False)
    answer_by = models.DateField(null=True, blank=True, db_index=True)
    answer_rule = models.CharField(max_length=60, blank=True)
    """The rule its day comes from; empty for the lender's own policy."""
    hold = models.ForeignKey(Hold, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    """The rest from contact it began; its answer ends it."""
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    upheld = models.CharField(max_length=8, choices=Upheld.choices, blank=True)
    answer = models.CharField(max_length=400, blank=True)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")


class Cause(models.Model):
    """Why the party is late, and whether it can and will pay; the newest counts."""

    class Why(models.TextChoices):
        INCOME_FALL = "income_fall", _("Income fell")
        JOB_LOSS = "job_loss", _("Lost work")
        ILLNESS = "illness", _("Illness")
        FAMILY = "family", _("Family event")
        BUSINESS = "business", _("Business failing")
        OVERINDEBTED = "overindebted", _("Too many debts")
        DISPUTE = "dispute", _("Disputes the debt")
        FORGOT = "forgot", _("Forgot")
        TECHNICAL = "technical", _("Payment went wrong")
        UNWILLING = "unwilling", _("Unwilling")
        LOST = "lost", _("Cannot be found")
        OTHER = "other", _("Other")

    class Degree(models.TextChoices):
        YES = "yes", _("Yes")
        PARTLY = "partly", _("Partly")
        NO = "no", _("No")
        UNKNOWN = "unknown", _("Unknown")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="causes")
    why = models.CharField(max_length=20, choices=Why.choices)
    able = models.CharField(max_length=8, choices=Degree.choices, default=Degree.UNKNOWN)
    willing = models.CharField(max_length=8, choices=Degree.choices, default=Degree.UNKNOWN)
    said = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class ListEntry(models.Model):
    """White list, black list, watch list: with a reason and an end, on days ``[since, until)``.

    What an entry does is the lender's policy (casework/policy/lists.yaml). ``by`` asked for it, somebody else agreed.
    """

    class Name(models.TextChoices):
        WHITE = "white", _("White list")
        BLACK = "black", _("Black list")
        WATCH = "watch", _("Watch list")

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="lists")
    name = models.CharField(max_length=8, choices=Name.choices)
    dealings = models.JSONField(default=list, blank=True)
    """Black list: which dealings are closed, as the policy calls them."""
    reason = models.CharField(max_length=400)
    since = models.DateField()
    until = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_why = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gt=models.F("since")), name="list_entry_ends_later"),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("by")),
                name="list_entry_two_people",
            ),
        ]
        indexes = [models.Index(fields=["name", "until", "id"], name="list_by_end")]
