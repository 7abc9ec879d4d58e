"""The app that holds templates, static files and pages."""

from pathlib import Path

from django.apps import AppConfig
from django.conf import settings

from mora.web.words import compile_words


class WebConfig(AppConfig):
    """Pages."""

    name = "mora.web"
    label = "web"

    def ready(self) -> None:
        """Compile the words before the first of them is asked for."""
        compile_words(Path(settings.LOCALE_PATHS[0]))
