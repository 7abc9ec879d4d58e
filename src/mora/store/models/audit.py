"""The audit chain: every command and every reveal, each bound to the one before it."""

from __future__ import annotations

from django.db import models


class Event(models.Model):
    """One act. Rows are only ever added; triggers refuse changes (migration 0002)."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    """User name, or ``mora`` for the system itself."""
    action = models.CharField(max_length=60, db_index=True)
    subject = models.CharField(max_length=120, db_index=True)
    reason = models.CharField(max_length=400, blank=True)
    data = models.JSONField(default=dict)
    """What changed, before and after; personal data only masked."""
    before = models.CharField(max_length=64)
    """Hash of the event before; sixty-four zeros for the first."""
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["seq"]
