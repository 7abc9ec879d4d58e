"""Risk reviews with a second opinion, and what must be ready before a case goes to court."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mora.store.models.cases import Case
from mora.store.models.people import User


class Review(models.Model):
    """One review: a first opinion, a second by somebody else, and an outcome."""

    class View(models.TextChoices):
        KEEP = "keep", _("Go on as now")
        PLAN = "plan", _("Agree a plan")
        WATCH = "watch", _("Put on the watch list")
        REST = "rest", _("Let contact rest and verify")
        COURT = "court", _("Prepare for court early")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reviews")
    level = models.CharField(max_length=4)
    first_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    first_at = models.DateTimeField()
    first_view = models.CharField(max_length=8, choices=View.choices)
    first_words = models.CharField(max_length=1000)
    second_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    second_at = models.DateTimeField(null=True, blank=True)
    second_view = models.CharField(max_length=8, choices=View.choices, blank=True)
    second_words = models.CharField(max_length=1000, blank=True)
    outcome = models.CharField(max_length=8, choices=View.choices, blank=True)
    outcome_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """Who decided where the two differed; empty where they agreed."""
    outcome_words = models.CharField(max_length=1000, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(second_by__isnull=True) | ~models.Q(second_by=models.F("first_by")),
                name="review_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome_by__isnull=True)
                | (~models.Q(outcome_by=models.F("first_by")) & ~models.Q(outcome_by=models.F("second_by"))),
                name="review_third_person",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(closed_at__isnull=True), name="one_open_review"
            ),
        ]


class CheckDone(models.Model):
    """An item of a level's checklist that is done; taking it back removes the row, the audit chain keeps both."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="checks")
    item = models.CharField(max_length=40)
    words = models.CharField(max_length=200, blank=True)
    """Where the paper lies, or why it is not needed."""
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "item"], name="checked_once")]
