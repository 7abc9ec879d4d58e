"""The app that holds templates, static files and pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages."""

    name = "mora.web"
    label = "web"
