"""Whom we deal with: parties, their contact points, and what they are to a loan."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from mora.store.fields import SealedField


class Party(models.Model):
    """A person or company of the book. Name and document are sealed; the index finds them."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        COMPANY = "company", _("Company")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party_id = models.CharField(max_length=120, unique=True)
    """As the book calls it."""
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PERSON)
    name = SealedField(blank=True, null=True)
    name_mask = models.CharField(max_length=120, blank=True)
    """What screens show: 林*明."""
    pinyin = models.CharField(max_length=240, blank=True, db_index=True)
    """Initials of the name in pinyin, for search: lxm. Full pinyin would give the name away."""
    name_index = models.CharField(max_length=32, blank=True, db_index=True)
    id_number = SealedField(blank=True, null=True)
    id_number_mask = models.CharField(max_length=40, blank=True)
    id_number_index = models.CharField(max_length=32, blank=True, db_index=True)
    region = models.CharField(max_length=20, blank=True)
    zones = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=8, blank=True)
    born_on = models.DateField(null=True, blank=True)
    identified_on = models.DateField(null=True, blank=True)
    vulnerable = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name_mask or self.party_id


class PartyRole(models.Model):
    """What a party is to a loan."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="roles")
    loan_id = models.CharField(max_length=120, db_index=True)
    role = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "loan_id", "role"], name="one_role")]


class ContactPoint(models.Model):
    """A number, address or account, with where it came from and how good it is."""

    class Quality(models.TextChoices):
        GOOD = "good", _("Reached before")
        UNKNOWN = "unknown", _("Untried")
        DOUBTFUL = "doubtful", _("Doubtful")
        DEAD = "dead", _("Dead")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="points")
    channel = models.CharField(max_length=20)
    kind = models.CharField(max_length=20, default="mobile")
    value = SealedField()
    value_mask = models.CharField(max_length=120)
    value_index = models.CharField(max_length=32, db_index=True)
    source = models.CharField(max_length=120, blank=True)
    quality = models.CharField(max_length=10, choices=Quality.choices, default=Quality.UNKNOWN)
    preferred = models.BooleanField(default=False)
    verified_on = models.DateField(null=True, blank=True)
    consent = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "channel", "value_index"], name="one_point"),
        ]

    def __str__(self) -> str:
        return self.value_mask
