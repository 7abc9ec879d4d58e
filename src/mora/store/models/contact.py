"""Every contact and attempt, as the gate counts them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mora.store.models.cases import Case
from mora.store.models.parties import ContactPoint, Party
from mora.store.models.people import User


class Attempt(models.Model):
    """One contact or attempt; results are the gate's closed list."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attempts")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="attempts")
    point = models.ForeignKey(ContactPoint, null=True, blank=True, on_delete=models.PROTECT)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT)
    actor = models.CharField(max_length=120)
    """The organisation whose counters it goes into: the lender, or an agency."""
    at = models.DateTimeField(db_index=True)
    channel = models.CharField(max_length=20)
    result = models.CharField(max_length=24)
    inbound = models.BooleanField(default=False)
    claims = models.JSONField(default=list)
    said = models.TextField(blank=True, max_length=4000)
    recording = models.CharField(max_length=200, blank=True)
    verdict = models.TextField(blank=True)
    """The gate's record at the moment it was asked."""
    key = models.CharField(max_length=64, unique=True)
    """Given by the page; the same result sent twice is recorded once."""

    class Meta:
        indexes = [
            models.Index(fields=["party", "-at"], name="history"),
            models.Index(fields=["by", "at"], name="done_by"),
        ]
        verbose_name = _("Attempt")
