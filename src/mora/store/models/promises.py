"""Promises to pay, and how they were kept."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mora.store.models.cases import Case
from mora.store.models.people import User


class Promise(models.Model):
    """So much by that day; tolerance and grace are the policy's at the time it was taken."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        KEPT = "kept", _("Kept")
        PARTLY = "partly", _("Partly kept")
        BROKEN = "broken", _("Broken")
        SUPERSEDED = "superseded", _("Superseded")
        LAPSED = "lapsed", _("No longer ours to judge")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="promises")
    loan_id = models.CharField(max_length=120, blank=True)
    """Empty: any loan of the case in its currency."""
    loans = models.JSONField(default=dict, blank=True)
    """Loans of the case in its currency when it was made, each with its book: their money counts wherever they go."""
    left = models.JSONField(default=dict, blank=True)
    """Those that have left the case since, each with the reason: paid_off, sold, current, unknown."""
    key = models.CharField(max_length=64, null=True, blank=True, unique=True)
    """Of the form it came with, so that a form sent twice counts once."""
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    due_on = models.DateField(db_index=True)
    grace_days = models.PositiveSmallIntegerField()
    tolerance_minor = models.BigIntegerField()
    made_at = models.DateTimeField()
    made_on_paid_minor = models.BigIntegerField(default=0)
    """What the case's loans had been paid in all when the promise was made; later money counts towards it."""
    taken_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT)
    how = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    received_minor = models.BigIntegerField(default=0)
    settled_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="promise_positive")]
        indexes = [models.Index(fields=["state", "due_on"], name="promises_due")]
