"""Addresses: the workbench, log-in, and nothing that lets strangers in."""

from django.urls import include, path
from django.views.defaults import page_not_found

_NOT_OFFERED = ("signup/", "email/", "confirm-email/", "password/reset/", "password/set/", "login/code/confirm/")
"""What the log-in library brings and a workbench for staff does not offer: an administrator makes people."""

urlpatterns = [
    *(path(f"accounts/{each}", page_not_found, {"exception": Exception("not offered")}) for each in _NOT_OFFERED),
    path("accounts/", include("allauth.urls")),
    path("", include("mora.web.workbench.urls")),
]
handler403 = "mora.web.refused.forbidden"
handler404 = "mora.web.refused.not_found"
