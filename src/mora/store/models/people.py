"""Who works here: people, their role, branches and teams, and who stands in for whom."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person does; rights hang on it (casework/policy/rights.yaml)."""

    COLLECTOR = "collector", _("Collector")
    ACCOUNT_MANAGER = "account_manager", _("Account manager")
    RISK_REVIEWER = "risk_reviewer", _("Risk reviewer")
    LEGAL_OFFICER = "legal_officer", _("Legal officer")
    TEAM_LEADER = "team_leader", _("Team leader")
    MANAGER = "manager", _("Manager")
    AUDITOR = "auditor", _("Auditor")
    AGENCY = "agency", _("Agency user")
    ADMINISTRATOR = "administrator", _("Administrator")


class Branch(models.Model):
    """A branch of the lender, as the book names it."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People who share a queue; an agency is a team outside the house."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    branch = models.ForeignKey(Branch, null=True, blank=True, on_delete=models.PROTECT)
    agency = models.BooleanField(default=False)
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    """Whose cases come to this team: those of the levels that are this role's (casework/policy/levels.yaml)."""

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """Somebody who logs in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.COLLECTOR)
    display_name = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=2, choices=[("zh", "中文"), ("en", "English")], default="zh")
    skills = models.JSONField(default=list, blank=True)
    capacity = models.PositiveIntegerField(default=120)
    """Most open cases this person should hold."""
    trained_on = models.DateField(null=True, blank=True)
    first_steps_put_away = models.BooleanField(default=False)
    """Whether this person has put away the first page's steps."""
    must_change_password = models.BooleanField(default=False)
    """The password was given by an administrator: nothing else is open until the person has chosen an own one."""
    sessions_ended = models.PositiveIntegerField(default=0)
    """How often all log-ins of this person were ended at once; a log-in from before no longer counts."""

    def __str__(self) -> str:
        return self.display_name or self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a log-in is bound to: the password and, once log-ins were ended, how often."""
        bound = f"{self.password}{self.sessions_ended or ''}"
        return str(salted_hmac(f"{__name__}.log-in", bound, secret=secret, algorithm="sha256").hexdigest())


class Membership(models.Model):
    """A person in a team."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    leads = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "team"], name="one_membership")]


class Absence(models.Model):
    """A person is away, on days ``[since, until)``; the deputy sees and works his or her cases."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    deputy = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="covers")
    since = models.DateField()
    until = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gt=models.F("since")), name="absence_ends_later")
        ]
