"""Log-in: people are made by an administrator, nobody signs up; a password somebody else knows is changed first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import password_changed
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from mora.casework import asking, staff
from mora.store.models import User

OPEN = ("account_change_password", "account_logout", "language")
"""Pages that stay open to whoever must choose an own password."""


class NoSignUp(DefaultAccountAdapter):
    """Closed to sign-up; the first password is not taken a second time."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Never."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        """On to the work."""
        return reverse("home")

    def clean_password(self, password: str, user: Any = None) -> str:
        """As the settings say, and not the one that was given."""
        if user is not None and user.must_change_password and user.check_password(password):
            raise ValidationError(_("This is the password you were given. Choose one only you know."))
        return super().clean_password(password, user)


class FirstPasswordMiddleware:
    """Whoever still has the password of an administrator's making is sent to choose an own one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Every page but those it takes to do so."""
        user = request.user
        if user.is_authenticated and user.must_change_password and request.path not in map(reverse, OPEN):
            return redirect("account_change_password")
        return self.get_response(request)


@receiver(password_changed)
def chosen(user: User, **_more: Any) -> None:
    """An own password was chosen; it is recorded, and every page is open."""
    staff.own_password_chosen(user, asking.local_now())
