"""The app that holds templates, static files and pages."""

from importlib import import_module

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages."""

    name = "mora.web"
    label = "web"

    def ready(self) -> None:
        """Listen for passwords that are changed."""
        import_module("mora.web.accounts")
