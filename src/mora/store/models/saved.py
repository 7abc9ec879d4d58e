"""Lists people keep for their own use."""

from __future__ import annotations

from django.db import models

from mora.store.models.people import User


class SavedList(models.Model):
    """A name for what the queue page was asked."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_lists")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=800)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="one_list_a_name")]
