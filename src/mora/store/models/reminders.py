"""Reminders before a promise's day: proposals that go through the gate when their time comes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mora.store.models.contact import Attempt
from mora.store.models.parties import ContactPoint
from mora.store.models.promises import Promise


class Reminder(models.Model):
    """One proposal; what the gate said of it last is kept with it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("proposed")
        CLEARED = "cleared", _("may be sent")
        SENT = "sent", _("sent")
        REFUSED = "refused", _("refused by the gate")
        DROPPED = "dropped", _("no longer needed")

    promise = models.OneToOneField(Promise, on_delete=models.CASCADE, related_name="reminder")
    due_at = models.DateTimeField()
    """When the gate is asked; moved on when it says not yet."""
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    channel = models.CharField(max_length=20, blank=True)
    point = models.ForeignKey(ContactPoint, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    text = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    verdict = models.TextField(blank=True)
    """The gate's record when it was asked last."""
    attempt = models.ForeignKey(Attempt, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="reminders_due")]
