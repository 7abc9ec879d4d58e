"""Files people brought in, and days they had run: who, when, and what came of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from mora.store.models.people import User


class Upload(models.Model):
    """Files given in the browser to be imported into the book. The files themselves are not kept."""

    class State(models.TextChoices):
        BEGUN = "begun", _("Broken off")
        TAKEN = "taken", _("Taken in")
        UNCHANGED = "unchanged", _("Nothing new")
        REFUSED = "refused", _("Refused")

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    files = models.JSONField(default=list)
    """Of each file: name, bytes, sha256."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.BEGUN)
    """Begun until its end is known: what a server that was killed leaves."""
    import_id = models.CharField(max_length=40, blank=True, db_index=True)
    """The import's id in the book."""
    tables = models.JSONField(default=dict)
    """Rows and amounts by table and fate, as the import reported them."""
    codes = models.JSONField(default=dict)
    """Code to rows set aside for it."""
    told = models.JSONField(default=list)
    """Warnings and refusals about whole files: code, file, column, value, detail; or zh and en."""


class DayJob(models.Model):
    """One run of the day with everything after it: asked for by a person, or by the clock."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    as_of = models.DateField()
    asked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """Nobody: the clock."""
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    step = models.CharField(max_length=20, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True, blank=True)
    """Of the step, where it is known."""
    why = models.JSONField(default=dict)
    """Why it was refused or failed, zh and en."""
    counts = models.JSONField(default=dict)
    """What it did: cases opened, updated, closed, escalated, eased; promises judged."""
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["as_of"], condition=models.Q(state__in=("waiting", "running")), name="one_active_run_of_a_day"
            ),
        ]
        indexes = [models.Index(fields=["state"], name="day_jobs_active")]

    @property
    def active(self) -> bool:
        """Whether it is still to be done or being done."""
        return self.state in (self.State.WAITING, self.State.RUNNING)
