"""Money that came during the day, before the book's own import brings it."""

from __future__ import annotations

from django.db import models


class Payment(models.Model):
    """One payment told by the lender's system as it happened; the book's posting of the same id takes its place."""

    posting_id = models.CharField(max_length=120, unique=True)
    loan_id = models.CharField(max_length=120, db_index=True)
    value_on = models.DateField()
    booked_at = models.DateTimeField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="payment_positive")]
