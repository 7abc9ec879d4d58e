"""Files on a case. The row says what a file is; its bytes lie sealed outside any web root."""

from __future__ import annotations

import uuid

from django.db import models

from mora.store.fields import SealedField
from mora.store.models.cases import Case
from mora.store.models.people import User


class Attachment(models.Model):
    """One file, as it came: never changed, never replaced."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    kind = models.CharField(max_length=20)
    """As casework/policy/attachments.yaml calls it."""
    about = models.CharField(max_length=200)
    name = SealedField()
    """The file's own name; it often holds a person's."""
    type = models.CharField(max_length=8)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    """Of the bytes as they came; compared whenever the file is opened."""
    stored = models.CharField(max_length=120)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    key = models.CharField(max_length=64, unique=True)
    """Given by the page; the same form sent twice keeps one file."""
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    """Struck from the list; its bytes stay where they lie, as evidence."""
    withdrawn_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_why = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(size__gt=0), name="attachment_not_empty")]
        indexes = [models.Index(fields=["case", "-at"], name="files_of_a_case")]
