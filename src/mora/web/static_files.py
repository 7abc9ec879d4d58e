"""Which files pages load: the packages bring hundreds, which would be hashed and packed three ways at every start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.staticfiles.finders import AppDirectoriesFinder

LOADED = (
    "bootstrap/css/bootstrap.min.css",
    "bootstrap/css/bootstrap.min.css.map",  # the style sheet names it, and naming a file that is not there is refused
    "django_htmx/htmx-2.min.js",
)
OWN = "mora/"


class LoadedFilesFinder(AppDirectoriesFinder):
    """Collects what templates name, and everything of Mora's own."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        """Path and storage of each file to collect."""
        for path, storage in super().list(ignore_patterns):
            name = path.replace("\\", "/")
            if name in LOADED or name.startswith(OWN):
                yield path, storage
